"""Replays against the real database; the model is scripted, and real in tests/magics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent.asking import answer
from qwen_magics.agent.replaying import replay_run
from qwen_magics.agent.request import Request
from qwen_magics.errors import AgentError, TraceError
from qwen_magics.trace import Recorder, Trace

COUNT = "SELECT count(*) AS n FROM orders WHERE status = 'open'"
MEANS = "SELECT status, avg(total) AS mean FROM orders GROUP BY status"


def asked(scripted: Callable[..., Any], orders: pd.DataFrame, *replies: str) -> tuple[Any, Trace]:
    session = scripted(*replies)
    trace = answer(Request("How many?", {"orders": orders}), lambda _: None, session).trace
    assert trace is not None
    return session, trace


def outcomes(trace: Trace, namespace: dict[str, Any], **options: Any) -> list[str]:
    return [step.outcome for step in replay_run(trace, namespace, **options).steps]


def test_on_the_same_data_the_result_is_the_same(scripted: Callable[..., Any], orders: pd.DataFrame) -> None:
    _, trace = asked(scripted, orders, MEANS)
    found = replay_run(trace, {"orders": orders.copy()})
    assert found.same and not found.drift


def test_data_drift_is_named(scripted: Callable[..., Any], orders: pd.DataFrame) -> None:
    _, trace = asked(scripted, orders, COUNT)
    later = pd.concat([orders, orders.iloc[[1]]], ignore_index=True)
    found = replay_run(trace, {"orders": later})
    assert [step.outcome for step in found.steps] == ["changed"]
    assert [(c.what, c.before[:17], c.after[:17]) for c in found.drift] == [
        ("orders", "4 rows × 4 column", "5 rows × 4 column")
    ]
    assert (found.steps[0].changes[0].before, found.steps[0].changes[0].after) == ("n\n1", "n\n2")


def test_a_renamed_column_fails_with_its_hint(scripted: Callable[..., Any], orders: pd.DataFrame) -> None:
    _, trace = asked(scripted, orders, COUNT)
    found = replay_run(trace, {"orders": orders.rename(columns={"status": "state"})})
    assert found.steps[0].outcome == "failed"
    assert "unknown_column" in found.steps[0].reason


def test_a_variable_that_is_gone(scripted: Callable[..., Any], orders: pd.DataFrame) -> None:
    _, trace = asked(scripted, orders, COUNT)
    found = replay_run(trace, {})
    assert found.steps[0].reason == "There is no variable orders here: run the cells that make it."
    assert found.drift[0].after == "not there"


def test_the_model_again_with_the_same_seed(scripted: Callable[..., Any], orders: pd.DataFrame) -> None:
    session, trace = asked(scripted, orders, COUNT, COUNT, MEANS)
    assert replay_run(trace, {"orders": orders}, model=True, within=session).tokens == ()
    found = replay_run(trace, {"orders": orders}, model=True, within=session)
    assert found.tokens is not None
    assert [change.what for change in found.tokens] == ["completion 1"]
    assert found.steps[0].outcome == "same" and not found.same


def test_a_run_without_a_kept_seed_is_said_not_to_be_repeatable(
    scripted: Callable[..., Any], orders: pd.DataFrame
) -> None:
    session, trace = asked(scripted, orders, COUNT, COUNT)
    hot = Trace.from_dict(trace.to_dict() | {"parameters": {**trace.parameters, "temperature": 0.7}})
    found = replay_run(hot, {"orders": orders}, model=True, within=session)
    assert "random seed" in found.remarks[0]


def test_a_run_that_failed_can_be_asked_again(scripted: Callable[..., Any], orders: pd.DataFrame) -> None:
    session = scripted(*["SELECT 1 FROM nothing"] * 12)
    with pytest.raises(AgentError) as failed:
        answer(Request("How many?", {"orders": orders}), lambda _: None, session)
    assert failed.value.trace is not None
    found = replay_run(failed.value.trace, {"orders": orders}, model=True, within=session)
    assert found.tokens == () and found.steps == ()


def run_with(tool: str, **data: Any) -> Trace:
    recorder = Recorder("q", versions={})
    with recorder.span("tool", tool, tool=tool, **data):
        pass
    return recorder.finish("ok")


def stock(sku: str) -> int:
    """Units of an article in stock."""
    return len(sku)


def failing(sku: str) -> int:
    """Units of an article in stock."""
    raise OSError("no disk")


def test_functions_of_the_notebook_are_called_again() -> None:
    then = {"arguments": {"sku": "A-7"}, "effect": "read"}
    assert outcomes(run_with("stock", **then, user_view=3), {"stock": stock}) == ["same"]
    assert outcomes(run_with("stock", **then, user_view="3"), {"stock": stock}) == ["same"]
    assert outcomes(run_with("stock", **then, user_view=4), {"stock": stock}) == ["changed"]
    found = replay_run(run_with("stock", **then, user_view=3), {"stock": failing})
    assert found.steps[0].reason == "It failed now: OSError: no disk"


def test_what_writes_or_left_the_machine_is_not_run() -> None:
    called = []

    def send(sku: str) -> int:
        """Send it."""
        called.append(sku)
        return 1

    arguments = {"sku": "A-7"}
    assert outcomes(run_with("send", arguments=arguments, effect="write"), {"send": send}) == ["not run"]
    http = [{"method": "GET", "url": "http://shop", "status": 200}]
    assert outcomes(run_with("send", arguments=arguments, http=http), {"send": send}) == ["not run"]
    assert outcomes(run_with("sql", sql="SELECT 1", dialect="postgres"), {}) == ["not run"]
    assert outcomes(run_with("other"), {}) == ["not run"]
    assert called == []


def test_further_tools_are_run_by_whom_the_caller_names(orders: pd.DataFrame) -> None:
    def cannot(span: Any) -> Any:
        raise TraceError("not today")

    found = replay_run(run_with("python", code="x = 1"), {}, runners={"python": cannot})
    assert found.steps[0].reason == "not today"
