"""The tutorials: saved executed, and the same when they are executed again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from tests.tryton_server import LOGIN, running

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ERP = ROOT / "notebooks" / "02-erp.ipynb"
TRACE = "application/vnd.qwen-magics.trace.v1+json"


def answers(notebook: Any) -> dict[str, Any]:
    """Question → the first line of its answer."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if TRACE in data:
                found[data[TRACE]["question"]] = data["text/plain"].splitlines()[0]
    return found


def outputs(notebook: Any) -> list[str]:
    """The text of every output that is neither a trace nor about this machine."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or cell.source.startswith("%qwen"):
            continue
        for output in cell.outputs:
            data = output.get("data", {})
            if TRACE not in data:
                texts.append(output.get("text") or data.get("text/plain") or output.get("ename"))
    return texts


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_is_saved_executed(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert str(Path.home()) not in path.read_text(encoding="utf-8")


def test_the_quickstart_is_right() -> None:
    found = answers(nbformat.read(ROOT / "notebooks" / "01-quickstart.ipynb", as_version=4))
    assert found == {
        "How many flights are in flights?": "336,776",
        "Which airline (full name) in flights and airlines had the largest average arrival delay?": (
            "Frontier Airlines Inc."
        ),
        "How many penguins of each species are in penguins?": "3 rows with 2 columns: species, penguins.",
    }


def test_the_erp_story_is_right() -> None:
    found = answers(nbformat.read(ERP, as_version=4))
    assert found["how many orders are late?"] == "5"
    assert found["How many units of each product are missing?"].startswith("3 rows")
    # The same order twice: denied where nobody could answer, then allowed by a rule.
    assert found["Order 38 units of OAK-1"].startswith("Done: create_purchase. purchase: 1")
    text = ERP.read_text(encoding="utf-8")
    assert "erp.create_purchase was not run: nobody can answer here" in text
    assert text.count("model.purchase.purchase.create") > 2


@contextmanager
def prepared(notebook: Any, company: Path | None) -> Iterator[dict[str, str]]:
    """What a notebook needs around it, as variables of its environment."""
    if company is None:
        yield {}
        return
    with running(company) as server:
        for cell in notebook.cells:
            # Another port: the notebook's own may be taken on this machine.
            cell.source = cell.source.replace("127.0.0.1:8075", f"127.0.0.1:{server.port}")
        yield {"TRYTON_LOGIN": LOGIN}


@pytest.mark.model
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_gives_the_same_again(
    path: Path, coder_05b: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    company = None
    if path == ERP:
        filled = request.getfixturevalue("tryton_company")
        company = Path(shutil.copytree(filled, tmp_path / "company"))
    saved = nbformat.read(path, as_version=4)
    again = nbformat.from_dict(saved)
    manager = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=str(tmp_path / "kernel"))
    client = NotebookClient(again, km=manager, timeout=300)
    with prepared(again, company) as variables:
        client.execute(cwd=str(ROOT), env={**os.environ, "PYTHONPATH": str(ROOT), **variables})
    assert answers(again) == answers(saved)
    assert outputs(again) == outputs(saved)
