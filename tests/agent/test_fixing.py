"""Failed cells repaired by a scripted model, tried on real copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent import Answer, FailedCell, Limits, Request, Session, fix
from qwen_magics.agent.replay.replaying import replay_run, resume_run
from qwen_magics.errors import AgentError, TraceError
from qwen_magics.tools.programs.cell import cell_link, is_edited
from qwen_magics.trace import to_script

Make = Callable[..., Any]
TYPO = FailedCell('orders["totl"].mean()', "KeyError", "'totl'", 'orders["totl"].mean()')


def repair(session: Session, failed: FailedCell, namespace: dict[str, Any], **more: Any) -> Answer:
    return fix(failed, namespace, Request("", **more), lambda event: None, session)


def test_a_wrong_column(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted('orders["total"].mean()', "The column was misspelled.")
    result = repair(session, TYPO, {"orders": orders, "other": 1}, link="cell-1")
    assert (result.kind, result.code) == ("python", 'orders["total"].mean()')
    assert result.text == "The column was misspelled. The repaired cell ran on copies without an error."
    assert result.cell.startswith("# %qwen ") and cell_link(result.cell) and not is_edited(result.cell)
    said = session.model().sent[0].messages[-1].content
    assert "CREATE TABLE orders" in said and "KeyError: 'totl' in the line: orders" in said
    assert "There is a column 'total'" in said


def test_what_is_no_repair_goes_back(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(
        'orders["totl"] . mean()',  # the same, spelled otherwise
        'orders["totals"].mean()',  # still no column
        'orders["total"].mean(',  # no Python
        'orders["total"].mean()',
        "The column was misspelled.",
    )
    result = repair(session, TYPO, {"orders": orders})
    assert result.code == 'orders["total"].mean()'
    assert result.trace is not None
    checks = [span for span in result.trace.spans if span.kind == "check"]
    kinds = [span.error["type"] if span.error else span.data["result"] for span in checks]
    assert kinds == ["unchanged", "unknown_column", "syntax", "ran on copies without an error"]


def test_a_repair_that_fails_again_is_refused(scripted: Make, orders: pd.DataFrame) -> None:
    failed = FailedCell('orders["customer"].mean()', "TypeError", "could not convert", "")
    session = scripted('orders["status"].mean()', 'orders["total"].mean()', "Text has no mean.")
    assert repair(session, failed, {"orders": orders}).code == 'orders["total"].mean()'
    said = session.model().sent[1].messages[-1].content
    assert "numeric" in said


def test_a_cell_beyond_the_guard_is_proposed_untried(scripted: Make, orders: pd.DataFrame) -> None:
    failed = FailedCell(
        "import math\nprint(math.sqr(2))", "AttributeError", "module 'math' has no attribute 'sqr'"
    )
    session = scripted("import math\nprint(math.sqrt(2))", "The function is called sqrt.")
    result = repair(session, failed, {"orders": orders})
    assert result.text == "The function is called sqrt."
    assert result.cell.endswith("print(math.sqrt(2))")


def test_magics_in_a_cell_are_no_syntax_error(scripted: Make) -> None:
    failed = FailedCell("%time print(x)", "NameError", "name 'x' is not defined", "print(x)")
    session = scripted("%time print(y)", "The variable is called y.")
    result = repair(session, failed, {"y": 1, "xs": 2})
    assert result.cell.endswith("%time print(y)")


def test_figures_of_an_explanation_are_those_of_the_cell(scripted: Make) -> None:
    failed = FailedCell("1 / 0", "ZeroDivisionError", "division by zero", "1 / 0")
    session = scripted("1 / 2", "Nothing can be divided by 0. It was")
    result = repair(session, failed, {})
    assert result.text == "Nothing can be divided by 0."
    grammar = session.model().sent[1].grammar
    assert (
        grammar is not None
        and '"0"' in grammar
        and '"1"' in grammar
        and "3" not in grammar.replace("[^0-9]", "")
    )


def test_no_repair_is_an_error_with_its_trace(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(*[TYPO.source] * 4)
    with pytest.raises(
        AgentError, match=r"No repair was found \(That is the cell as it was.*KeyError"
    ) as caught:
        repair(session, TYPO, {"orders": orders})
    assert caught.value.trace is not None
    assert [sent.params.temperature for sent in session.model().sent] == [0.0, 0.0, 0.5, 0.8]


def test_steps_are_bounded(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(*[TYPO.source] * 4)
    with pytest.raises(AgentError):
        repair(session, TYPO, {"orders": orders}, limits=Limits(steps=1))
    assert len(session.model().sent) == 1


def test_a_repair_is_among_the_runs_and_so_is_one_that_was_not_found(
    scripted: Make, orders: pd.DataFrame
) -> None:
    session = scripted('orders["total"].mean()', "The column was misspelled.", *["orders["] * 4)
    found = repair(session, TYPO, {"orders": orders})
    with pytest.raises(AgentError):
        repair(session, TYPO, {"orders": orders})
    assert [(number, run.status) for number, run in session.runs] == [(1, "ok"), (2, "error")]
    assert session.runs.find("1") is found.trace
    assert 'orders["total"].mean()' in to_script(session.runs.find("1"))


def test_a_repair_is_no_question_to_ask_again_or_to_go_on_from(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted('orders["total"].mean()', "The column was misspelled.")
    trace = repair(session, TYPO, {"orders": orders}).trace
    assert trace is not None
    assert "nothing to run again" in replay_run(trace, {"orders": orders}, within=session).headline
    with pytest.raises(TraceError, match="This run repaired a cell"):
        replay_run(trace, {"orders": orders}, model=True, within=session)
    with pytest.raises(TraceError, match="The run has no step that can be"):
        resume_run(trace, {"orders": orders}, 2, within=session)
