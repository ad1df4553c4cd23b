"""Replays against the real database; the model is scripted, and real in tests/magics."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent.asking import answer
from qwen_magics.agent.recording import record_of_output
from qwen_magics.agent.replay.replaying import replay_run
from qwen_magics.agent.request import Request
from qwen_magics.errors import AgentError
from qwen_magics.tools import tool
from qwen_magics.tools.databases import connect
from qwen_magics.tools.databases.connections import forget
from qwen_magics.tools.invoke import invoke
from qwen_magics.tools.registry import Effect, tool_of
from qwen_magics.trace import Recorder, Trace

COUNT = "SELECT count(*) AS n FROM orders WHERE status = 'open'"
MEANS = "SELECT status, avg(total) AS mean FROM orders GROUP BY status"


def asked(scripted: Callable[..., Any], orders: pd.DataFrame, *replies: str) -> tuple[Any, Trace]:
    session = scripted(*replies)
    trace = answer(
        Request("Count or average the orders that are open", {"orders": orders}), lambda _: None, session
    ).trace
    assert trace is not None
    return session, trace


def outcomes(trace: Trace, namespace: dict[str, Any], **options: Any) -> list[str]:
    return [step.outcome for step in replay_run(trace, namespace, **options).steps]


def test_on_the_same_data_the_result_is_the_same(scripted: Callable[..., Any], orders: pd.DataFrame) -> None:
    _, trace = asked(scripted, orders, MEANS)
    found = replay_run(trace, {"orders": orders.copy()})
    assert found.same and not found.drift


def test_a_step_with_an_edited_program(scripted: Callable[..., Any], orders: pd.DataFrame) -> None:
    _, trace = asked(scripted, orders, COUNT)
    step = replay_run(trace, {"orders": orders}).steps[0].step.number
    more = replay_run(trace, {"orders": orders}, start=step, program="SELECT 7 AS n FROM orders LIMIT 1")
    assert more.steps[0].outcome == "changed"
    assert more.steps[0].changes[0].after == "n\n7"
    # Confined like a recorded one: one SELECT over the tables, nothing else.
    for program in ("DROP TABLE orders", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM nothing"):
        assert replay_run(trace, {"orders": orders}, start=step, program=program).steps[0].outcome == "failed"


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
    other = COUNT.replace("AS n", "AS orders")
    session, trace = asked(scripted, orders, COUNT, COUNT, other)
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
    session = scripted(*["SELECT 1 FROM nothing"] * 14)
    with pytest.raises(AgentError) as failed:
        answer(
            Request("Count or average the orders that are open", {"orders": orders}), lambda _: None, session
        )
    assert failed.value.trace is not None
    found = replay_run(failed.value.trace, {"orders": orders}, model=True, within=session)
    assert found.tokens == () and found.steps == ()


@tool
def stock(sku: str) -> int:
    """Units of an article in stock."""
    return {"A-7": 3}[sku]


@tool
def prices() -> list[dict[str, Any]]:
    """All articles with their prices."""
    return [{"sku": "A-7", "price": 2.5}, {"sku": "B-1", "price": 4.0}]


def called(function: Callable[..., Any], **arguments: Any) -> Trace:
    """A run that called one function, as the loop records it."""
    found = tool_of(function)
    recorder = Recorder("q", versions={})
    with recorder.span(
        "tool", found.name, tool=found.full_name, arguments=arguments, effect=found.effect
    ) as span:
        span.set(**record_of_output(invoke(found, arguments)))
    return recorder.finish("ok")


def test_functions_of_the_notebook_are_called_again() -> None:
    trace = called(stock, sku="A-7")
    assert outcomes(trace, {"stock": stock}) == ["same"]

    @tool
    def fewer(sku: str) -> int:
        """Units of an article in stock."""
        return 2

    @tool
    def failing(sku: str) -> int:
        """Units of an article in stock."""
        raise OSError("no disk")

    assert outcomes(trace, {"stock": fewer}) == ["not run"]  # another tool under this variable
    named = {"stock": tool(name="stock")(fewer)}
    assert outcomes(trace, named) == ["changed"]
    found = replay_run(trace, {"stock": tool(name="stock")(failing)})
    assert found.steps[0].outcome == "failed"
    assert found.steps[0].reason == "failed: stock failed: OSError: no disk"
    assert replay_run(trace, {}).steps[0].reason.startswith("There is no tool stock here")


def test_a_query_over_what_a_call_returned() -> None:
    trace = called(prices)
    recorder = Recorder("q", versions={})
    data = trace.spans[0].data
    with recorder.span("tool", "prices", **data):
        pass
    sql = "SELECT max(price) AS most FROM prices"
    with recorder.span("tool", "sql", tool="sql", sql=sql, rows=1, columns=["most"]) as span:
        span.set(user_view={"columns": ["most"], "rows": [[4.0]], "total_rows": 1})
    assert outcomes(recorder.finish("ok"), {"prices": prices}) == ["same", "same"]


class Shop:
    """A registered source, as an API is one."""

    name = "shop"

    def __init__(self, effect: Effect = "read") -> None:
        self.calls: list[str] = []

        def list_orders(customer: str) -> list[dict[str, Any]]:
            """Orders of a customer."""
            self.calls.append(customer)
            return [{"id": 1}]

        self.tools = [replace(tool_of(list_orders), origin="shop", effect=effect)]

    def close(self) -> None:
        pass


def test_registered_tools_that_read_are_called_and_those_that_write_never(
    scripted: Callable[..., Any],
) -> None:
    session, reads, writes = scripted(), Shop(), Shop("write")
    recorder = Recorder("q", versions={})
    with recorder.span("tool", "list_orders", tool="shop.list_orders", arguments={"customer": "Ada"}) as span:
        span.set(**record_of_output(invoke(reads.tools[0], {"customer": "Ada"})))
    trace = recorder.finish("ok")
    session.toolbox.add(reads)
    assert outcomes(trace, {}, within=session) == ["same"]
    # A trace that says "read" of a tool that writes gets nowhere.
    session.toolbox.add(writes)
    assert outcomes(trace, {}, within=session) == ["not run"]
    assert writes.calls == [] and reads.calls == ["Ada", "Ada"]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL)")
        connection.executemany("INSERT INTO orders (total) VALUES (?)", [(10.0,), (20.5,), (30.0,)])
    connect("shop", str(path))
    yield path
    forget()


def test_a_query_on_a_connection(scripted: Callable[..., Any], shop: Path) -> None:
    session = scripted("SELECT count(*) AS n FROM orders")
    trace = answer(Request("How many orders?", database="shop"), lambda _: None, session).trace
    assert trace is not None
    assert outcomes(trace, {}) == ["same"]
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("INSERT INTO orders (total) VALUES (1.5)")
    found = replay_run(trace, {})
    assert [step.outcome for step in found.steps] == ["changed"]
    assert found.headline == "1 tool step: 1 changed; a database keeps no fingerprint of its data."
    forget()
    assert "There is no database 'shop'" in replay_run(trace, {}).steps[0].reason


def program(code: str, **data: Any) -> Trace:
    recorder = Recorder("q", data=[{"name": "orders", "rows": 4, "columns": 4}], versions={})
    with recorder.span("tool", "python", tool="python", code=code, language="python", **data):
        pass
    return recorder.finish("ok")


def test_a_pandas_program_runs_again_in_its_confinement(orders: pd.DataFrame) -> None:
    code = 'result = orders.groupby("status", as_index=False).agg(n=("total", "size"))'
    view = {"columns": ["status", "n"], "rows": [["open", 1], ["paid", 3]], "total_rows": 2}
    trace = program(code, rows=2, columns=["status", "n"], user_view=view)
    assert outcomes(trace, {"orders": orders}) == ["same"]
    assert outcomes(trace, {"orders": orders.iloc[:2]}) == ["changed"]


@pytest.mark.parametrize(
    "code", ["import os", "result = open('x')", "orders.to_csv('x')", "result = eval('1')"]
)
def test_a_hostile_program_of_a_trace_is_refused(orders: pd.DataFrame, code: str) -> None:
    found = replay_run(program(code), {"orders": orders})
    assert found.steps[0].outcome == "failed"


def test_a_trace_cannot_call_any_function_of_the_notebook() -> None:
    ran = []

    def wipe(target: str) -> str:
        """Wipe it."""
        ran.append(target)
        return "done"

    recorder = Recorder("q", versions={})
    with recorder.span("tool", "wipe", tool="wipe", arguments={"target": "all"}, effect="read"):
        pass
    assert outcomes(recorder.finish("ok"), {"wipe": wipe}) == ["not run"]
    assert ran == []


def test_asked_again_nothing_is_written(scripted: Callable[..., Any]) -> None:
    writes = Shop("write")
    call = '<tool_call>\n{"name": "list_orders", "arguments": {"customer": "Ada"}}\n</tool_call>'
    session = scripted(*[call] * 7)
    session.toolbox.add(writes)
    recorder = Recorder("Add an order for Ada", versions={})
    with recorder.span("tool", "list_orders", tool="shop.list_orders", arguments={}, effect="write"):
        pass
    replay_run(recorder.finish("ok"), {}, model=True, within=session)
    assert writes.calls == []
