"""Usage: run_notebook.py NOTEBOOK FOLDER   executes a copy, prints its answers, and links to the result."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter


def question(source: str) -> str | None:
    """The question of a `%qwen` line or `%%qwen` cell; None for any other cell."""
    first, _, rest = source.strip().partition("\n")
    if first.startswith("%%qwen"):
        return rest.strip()
    return first.removeprefix("%qwen ") if first.startswith("%qwen ") else None


def answer(outputs: list[Any]) -> str:
    """The text view of the last output that has one; an error is a line on stderr."""
    texts = [out.get("data", {}).get("text/plain") or out.get("text", "") for out in outputs]
    return next((str(text).rstrip() for text in reversed(texts) if text), "(no answer)")


def _kernel(folder: str) -> AsyncKernelManager:
    """A kernel behind sockets in `folder`, where the system has such: no port is opened."""
    if sys.platform == "win32":
        return AsyncKernelManager(kernel_name="python3")
    # An absolute name: the kernel runs in another working directory than this script.
    return AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{folder}/kernel")


def main(source: Path, folder: Path) -> bool:
    """Execute `source` into `folder`, as a notebook and as a page; whether all of it ran."""
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(source, as_version=4)
    started = time.monotonic()
    print(f"Executing {source} …", flush=True)

    def show(cell: Any, cell_index: int, execute_reply: Any) -> None:
        asked = question(cell.source) if cell.cell_type == "code" else None
        if asked is not None:
            print(f"\nQ: {asked}\n{answer(cell.outputs)}", flush=True)

    failure = None
    with TemporaryDirectory() as sockets:
        client = NotebookClient(notebook, km=_kernel(sockets), timeout=600, on_cell_executed=show)
        try:
            client.execute(cwd=str(source.parent.resolve()))
        except CellExecutionError as error:  # a failed run is the one that people want to look at
            failure = f"A cell failed ({error.ename}: {error.evalue})."
    target = folder / source.name
    nbformat.write(notebook, target)
    page = target.with_suffix(".html")
    page.write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    print(
        f"\n{failure or 'Done'} after {time.monotonic() - started:.0f} s: {target}\n{page.resolve().as_uri()}"
    )
    return failure is None


if __name__ == "__main__":
    sys.exit(not main(Path(sys.argv[1]), Path(sys.argv[2])))
