"""The magics in a real kernel, saved as a notebook."""

from __future__ import annotations

from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

SETUP = """
%load_ext qwen_magics
from qwen_magics import agent
from qwen_magics.errors import AgentError

def scripted(request, listener):
    for word in ("Reading", "Writing"):
        listener(agent.Event("status", word))
    listener(agent.Event("text", "SELECT 1"))
    if "fail" in request.question:
        raise AgentError("No query worked.")
    return agent.Answer(text="It is 1.", value=1, kind="number")

agent.answer = scripted
"""


def executed(cells: list[str]) -> tuple[Any, CellExecutionError | None]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    try:
        NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    except CellExecutionError as error:
        return notebook, error
    return notebook, None


@pytest.fixture(scope="module")
def run() -> tuple[Any, CellExecutionError | None]:
    return executed(
        [SETUP, "%%qwen -o top\nhow many?", "assert top == 1", "%qwen how many?", "%qwen fail?", "after = 1"]
    )


def test_saved_notebook_holds_the_final_output_only(run: tuple[Any, Any]) -> None:
    for cell in (run[0].cells[1], run[0].cells[3]):
        assert [output.output_type for output in cell.outputs] == ["display_data"]
        assert cell.outputs[0]["data"] == {"text/plain": "It is 1."}


def test_an_error_stops_run_all_without_a_traceback(run: tuple[Any, CellExecutionError | None]) -> None:
    notebook, error = run
    assert error is not None
    shown = [output.get("text", "") for output in notebook.cells[4].outputs if output.output_type == "stream"]
    assert shown == ["UsageError: No query worked.\n"]
    assert not [output for output in notebook.cells[4].outputs if output.get("traceback")]
    assert notebook.cells[5].execution_count is None
