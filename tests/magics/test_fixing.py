"""`%qwen fix` and `--format python` in a shell: what failed, and what appears below."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics import agent
from qwen_magics.tools.charts.chart import MIME, Chart
from qwen_magics.tools.charts.choice import ChartChoice
from qwen_magics.widgets.live import cell_id


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch) -> list[agent.FailedCell]:
    seen: list[agent.FailedCell] = []

    def fix(
        failed: agent.FailedCell, namespace: Any, request: Any, listener: Any, within: Any
    ) -> agent.Answer:
        assert "orders" in namespace
        seen.append(failed)
        return agent.Answer("Repaired.", "x = 1", "python", code="x = 1", cell="# %qwen …\nx = 1")

    monkeypatch.setattr(agent, "fix", fix)
    return seen


@pytest.fixture
def below(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """The cells that were put below."""
    cells: list[tuple[str, bool]] = []
    monkeypatch.setattr(shell, "set_next_input", lambda text, replace=False: cells.append((text, replace)))
    shell.user_ns["orders"] = pd.DataFrame({"total": [1.0]})
    return cells


def failed_error(shell: InteractiveShell, cell: str) -> BaseException | None:
    result = shell.run_cell(cell)
    return result.error_in_exec or result.error_before_exec


def test_the_last_failed_cell_is_repaired_into_a_new_one(
    shell: InteractiveShell, fixed: list[agent.FailedCell], below: list[tuple[str, bool]]
) -> None:
    failed_error(shell, "y = 1\norders['totl'].sum()")
    assert shell.run_cell("%qwen fix").success
    assert below == [("# %qwen …\nx = 1", False)]
    (failed,) = fixed
    assert (failed.error, failed.message) == ("KeyError", "'totl'")
    assert failed.source == "y = 1\norders['totl'].sum()" and failed.line == "orders['totl'].sum()"


@pytest.mark.parametrize(
    ("cell", "error", "line"),
    [
        ("x = (1", "SyntaxError", "x = (1"),
        ("def f():\n    return ordrs\nf()", "NameError", "return ordrs"),
        ("import json\njson.loads('{')", "JSONDecodeError", "json.loads('{')"),
    ],
)
def test_what_is_known_about_a_failure(
    shell: InteractiveShell,
    fixed: list[agent.FailedCell],
    below: list[tuple[str, bool]],
    cell: str,
    error: str,
    line: str,
) -> None:
    failed_error(shell, cell)
    assert shell.run_cell("%qwen fix").success
    assert (fixed[0].error, fixed[0].line) == (error, line)


def test_nothing_failed(shell: InteractiveShell, below: list[tuple[str, bool]]) -> None:
    assert isinstance(failed_error(shell, "%qwen fix"), UsageError)
    failed_error(shell, "%qwen --nonsense x")  # its message already says what to do
    assert "No cell has failed" in str(failed_error(shell, "%qwen fix"))


def test_a_cell_that_works_again_is_forgotten(shell: InteractiveShell, below: list[tuple[str, bool]]) -> None:
    cell = "print(later)"
    failed_error(shell, cell)
    shell.user_ns["later"] = 1
    assert shell.run_cell(cell).success
    assert "No cell has failed" in str(failed_error(shell, "%qwen fix"))


def test_unloading_stops_the_listening(shell: InteractiveShell) -> None:
    before = len(shell.events.callbacks["post_run_cell"])
    shell.run_line_magic("unload_ext", "qwen_magics")
    assert len(shell.events.callbacks["post_run_cell"]) == before - 1
    assert not [one for one in shell.events.callbacks["pre_run_cell"] if "CellsBelow" in one.__qualname__]


def test_a_program_goes_into_the_next_cell(
    shell: InteractiveShell, scripted: Any, below: list[tuple[str, bool]]
) -> None:
    scripted.outcomes = [agent.Answer("In the next cell.", "x", "python", code="x", cell="# %qwen a\nx")]
    assert shell.run_cell("%qwen --format python sum of @orders").success
    assert scripted.last.format == "python"
    assert below == [("# %qwen a\nx", False)]


def test_a_chart_is_an_output_of_its_own(
    shell: InteractiveShell, scripted: Any, published: list[dict[str, Any]]
) -> None:
    spec = {"mark": "bar", "data": {"values": [{"c0": 1}]}, "encoding": {"x": {"field": "c0"}}}
    chart = Chart(ChartChoice("bar", "total"), spec)
    scripted.outcomes = [agent.Answer("Bar chart.", 1, "chart", chart=chart)]
    assert shell.run_cell("%qwen plot x").success
    assert published[-1]["data"][MIME] == spec
    assert published[-1]["data"]["image/png"].startswith("iVBOR")


def test_the_cell_that_asks_is_named_by_the_front_end(shell: InteractiveShell, scripted: Any) -> None:
    assert cell_id(shell) == ""

    class Kernel:
        def get_parent(self, channel: str) -> dict[str, Any]:
            return {"metadata": {"cellId": "8f3a"}}

    shell.kernel = Kernel()
    assert cell_id(shell) == "8f3a"
    shell.run_cell("%qwen how many?")
    assert scripted.last.link == "8f3a"
    del shell.kernel


def test_the_same_program_is_not_put_there_twice(
    shell: InteractiveShell, scripted: Any, below: list[tuple[str, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qwen_magics.widgets.below.cell_id", lambda shell: "8f3a")
    programs = ["# %qwen a\nx", "# %qwen a\nx", "# %qwen a\ny"]
    scripted.outcomes = [agent.Answer("?", "x", "python", code="x", cell=cell) for cell in programs]
    for _ in programs:
        assert shell.run_cell("%qwen --format python sum of @orders").success
    assert [cell for cell, _ in below] == [programs[0], programs[2]]


def test_the_same_program_is_put_there_again_when_a_cell_was_deleted(
    shell: InteractiveShell, scripted: Any, below: list[tuple[str, bool]]
) -> None:
    metadata: dict[str, Any] = {"cellId": "8f3a"}

    class Kernel:
        def get_parent(self, channel: str) -> dict[str, Any]:
            return {"metadata": metadata}

    shell.kernel = Kernel()
    scripted.outcomes = [agent.Answer("?", "x", "python", code="x", cell="# %qwen a\nx") for _ in range(3)]
    for _ in range(2):
        shell.run_cell("%qwen --format python sum of @orders")
    assert len(below) == 1
    metadata["deletedCells"] = ["77aa"]
    shell.run_cell("1 + 1")  # the front end says it once, with whatever runs next
    metadata["deletedCells"] = []
    shell.run_cell("%qwen --format python sum of @orders")
    assert len(below) == 2
    del shell.kernel
