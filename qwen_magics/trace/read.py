"""Traces out of saved notebooks, without a kernel and without nbformat."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from qwen_magics.errors import TraceError
from qwen_magics.trace.spans import MIME, Trace

__all__ = ["load_notebook", "outputs_of", "read_traces"]


def read_traces(notebooks: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Trace]:
    """The traces of one or several notebooks, in the order of their cells, each run once.

    A trace that cannot be read is left out with a warning that names notebook and cell.

    Raises:
        TraceError: a file is missing or is no notebook.
    """
    single = isinstance(notebooks, (str, os.PathLike))
    paths = [Path(notebooks)] if single else [Path(path) for path in notebooks]  # type: ignore[arg-type,union-attr]
    found: dict[str, Trace] = {}
    for path in paths:
        for trace in _traces(path):
            # A live display and the final one show the same run: the finished trace counts.
            if trace.trace_id not in found or found[trace.trace_id].status == "running":
                found[trace.trace_id] = trace
    return list(found.values())


def _traces(path: Path) -> Iterator[Trace]:
    for number, output in outputs_of(load_notebook(path)):
        data = output.get("data")
        if not isinstance(data, dict) or MIME not in data:
            continue
        try:
            yield Trace.from_dict(data[MIME])
        except TraceError as exc:
            warnings.warn(f"{path}, cell {number}: {exc}", stacklevel=4)


def load_notebook(path: Path) -> dict[str, Any]:
    """The JSON of a notebook of format 4.

    Raises:
        TraceError: the file is missing or is no notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        msg = f"The notebook {path} cannot be read ({exc.strerror}). Give the path of an .ipynb file."
        raise TraceError(msg) from exc
    except ValueError as exc:  # neither UTF-8 nor JSON
        msg = f"{path} is no notebook ({exc}). Give the path of an .ipynb file."
        raise TraceError(msg) from exc
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        msg = f"{path} has no cells: it is no notebook of format 4. Save it with Jupyter to convert it."
        raise TraceError(msg)
    return notebook


def outputs_of(notebook: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every output of a notebook with the number of its cell, counted from 1."""
    for number, cell in enumerate(notebook["cells"], start=1):
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else []:
            if isinstance(output, dict):
                yield number, output
