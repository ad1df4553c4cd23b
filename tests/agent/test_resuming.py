"""Runs that go on from a step of another, over real data; the model is scripted, and real in tests/magics."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.asking import answer
from qwen_magics.agent.calling.approvals import Approval, Decision
from qwen_magics.agent.replay.replaying import replay_run, resume_run
from qwen_magics.agent.request import Format, Request
from qwen_magics.errors import AgentError, ConfigError, DeniedError, TraceError
from qwen_magics.tools import tool
from qwen_magics.tools.databases import connect
from qwen_magics.tools.databases.connections import forget
from qwen_magics.tools.registry import tool_of
from qwen_magics.trace import Trace
from qwen_magics.trace.outline import steps

QUESTION = "How many orders are open?"
OPEN = "SELECT count(*) AS n FROM orders WHERE status = 'open'"
PAID = "SELECT count(*) AS n FROM orders WHERE status = 'paid'"
WRONG = "SELECT count(*) AS n FROM orders WHERE state = 'paid'"

Make = Callable[..., Any]


def asked(session: Any, orders: pd.DataFrame, format: Format = "auto") -> Trace:
    trace = answer(Request(QUESTION, {"orders": orders}, format=format), lambda _: None, session).trace
    assert trace is not None
    return trace


def number(trace: Trace, name: str, status: str = "ok") -> int:
    """The last step of that name."""
    found = [s.number for s in steps(trace) if s.span.name == name and s.span.status == status]
    assert found and found[-1] is not None
    return found[-1]


def kinds(result: Answer) -> list[str]:
    assert result.trace is not None
    return [span.kind for span in result.trace.spans[1:]]


def test_an_edited_program_that_works_is_the_answer_without_a_model(
    scripted: Make, orders: pd.DataFrame
) -> None:
    session = scripted(OPEN)
    trace = asked(session, orders)
    step = number(trace, "sql")
    result = resume_run(trace, {"orders": orders}, step, PAID, within=session)
    assert (result.value, result.code) == (3, PAID)
    assert kinds(result) == ["check", "check", "tool"]  # its origin, bound, run
    assert len(session.model().sent) == 1  # for the first run
    new = result.trace
    assert new is not None and new.question == QUESTION and new.trace_id != trace.trace_id
    assert [s.span.name for s in steps(new) if s.evidence] == ["sql"]
    assert (new.parameters["resumed_run"], new.parameters["resumed_step"]) == (trace.trace_id, step)
    assert new.spans[1].data["result"] == f"run {trace.trace_id[:8]}, step {step}, with other code"
    # It is a run like any other: in the history, and what a later question goes on from.
    assert [kept.trace_id for _, kept in session.runs] == [trace.trace_id, new.trace_id]
    assert session.turns[-1].answered == f"```sql\n{PAID}\n```"


def test_the_model_repairs_what_is_wrong_with_the_program(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(OPEN, PAID)
    trace = asked(session, orders)
    result = resume_run(trace, {"orders": orders}, number(trace, "sql"), WRONG, within=session)
    assert result.value == 3
    assert kinds(result) == ["check", "check", "retry", "llm", "check", "tool"]
    # It is told so as if it had written it.
    assert [m.role for m in session.model().sent[-1].messages] == ["system", "user", "assistant", "user"]
    assert WRONG in session.model().sent[-1].messages[2].content
    assert "Did you mean status?" in session.model().sent[-1].messages[3].content


def test_the_same_program_on_the_data_of_now(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(OPEN)
    trace = asked(session, orders)
    later = pd.concat([orders, orders.iloc[[1]]], ignore_index=True)
    result = resume_run(trace, {"orders": later}, number(trace, "sql"), within=session)
    assert result.value == 2 and result.trace is not None
    assert result.trace.spans[1].data["result"].endswith(", orders changed since then")
    assert result.trace.parameters["resumed_with"] == "as recorded"


def test_what_failed_before_the_step_is_not_run_again(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(WRONG, OPEN, WRONG, PAID, PAID)  # once sampling, two have to agree
    trace = asked(session, orders)
    broken = "SELECT count(*) AS n FROM orders WHERE statsu = 'paid'"
    result = resume_run(trace, {"orders": orders}, number(trace, "sql"), broken, within=session)
    assert result.value == 3
    checks = [s for s in result.trace.spans if s.name == "bind query"]  # type: ignore[union-attr]
    assert [span.data["sql"] for span in checks] == [broken, PAID]


def test_from_a_step_that_failed(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(*[WRONG] * 12)
    with pytest.raises(AgentError) as failed:
        asked(session, orders)
    assert failed.value.trace is not None
    step = number(failed.value.trace, "bind query", "error")
    result = resume_run(failed.value.trace, {"orders": orders}, step, PAID, within=session)
    assert result.value == 3


def test_a_pandas_program(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("result = len(orders)", "result = orders['total'].max()")
    trace = asked(session, orders, "python")
    step = number(trace, "pandas")
    edited = "result = orders['total'].sum()"
    cell = resume_run(trace, {"orders": orders}, step, edited, link="a cell", within=session)
    assert cell.kind == "python" and cell.code == edited and "# %qwen " in cell.cell
    repaired = resume_run(trace, {"orders": orders}, step, "result = orders['totl'].sum()", within=session)
    assert repaired.code == "result = orders['total'].max()"


def test_confined_like_a_model_s(scripted: Make, orders: pd.DataFrame) -> None:
    hostile = "SELECT * FROM read_csv('/etc/passwd')"
    session = scripted(OPEN, OPEN)
    trace = asked(session, orders)
    result = resume_run(trace, {"orders": orders}, number(trace, "sql"), hostile, within=session)
    assert result.value == 1 and "retry" in kinds(result)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "shop.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT)")
        connection.executemany("INSERT INTO orders (status) VALUES (?)", [("paid",), ("open",), ("paid",)])
    connect("shop", str(path))
    yield path
    forget()


def test_on_a_connection(scripted: Make, shop: Path) -> None:
    session = scripted(OPEN, PAID)
    trace = answer(Request(QUESTION, database="shop"), lambda _: None, session).trace
    assert trace is not None
    result = resume_run(trace, {}, number(trace, "sql"), WRONG, within=session)
    assert result.value == 2 and result.trace is not None
    assert result.trace.parameters["database"] == "shop"


MADE: list[str] = []


@tool
def list_prices(kind: str) -> list[dict[str, Any]]:
    """Articles of a kind with their prices.

    Args:
        kind: tools or toys.
    """
    MADE.append(kind)
    rows = {"tools": [("A-7", 2.5), ("B-1", 4.0)], "toys": [("C-3", 9.0), ("C-4", 1.0)]}[kind]
    return [{"sku": sku, "price": price} for sku, price in rows]


def called(kind: str) -> str:
    return f'list_prices(kind="{kind}")'


MOST = "SELECT max(price) AS most FROM prices"
LEAST = "SELECT min(price) AS least FROM prices"


@pytest.fixture
def priced(scripted: Make) -> tuple[Any, Trace]:
    MADE.clear()
    session = scripted(called("tools"), "sql", MOST)
    request = Request("What is the highest price of tools, and of toys?", tools=(tool_of(list_prices),))
    trace = answer(request, lambda _: None, session).trace
    assert trace is not None
    return session, trace


def test_a_query_over_what_calls_returned(priced: tuple[Any, Trace]) -> None:
    session, trace = priced
    result = resume_run(trace, {"prices": list_prices}, number(trace, "sql"), LEAST, within=session)
    assert result.value == 2.5 and MADE == ["tools", "tools"]
    assert kinds(result) == ["check", "tool", "check", "tool"]


def test_a_call_with_other_arguments_and_the_model_goes_on(priced: tuple[Any, Trace]) -> None:
    session, trace = priced
    session.model().replies += ["sql", MOST]
    step = number(trace, "list_prices")
    result = resume_run(trace, {"prices": list_prices}, step, '{"kind": "toys"}', within=session)
    assert result.value == 9.0 and MADE == ["tools", "toys"]
    assert result.trace is not None and "with other arguments" in result.trace.spans[1].data["result"]


@pytest.mark.parametrize(
    ("body", "message"), [("kind=toys", "cannot be read as JSON"), ("[1]", "must be a JSON object")]
)
def test_arguments_that_are_none(priced: tuple[Any, Trace], body: str, message: str) -> None:
    session, trace = priced
    with pytest.raises(ConfigError, match=message):
        resume_run(trace, {"prices": list_prices}, number(trace, "list_prices"), body, within=session)


def test_a_change_needs_approval_again(scripted: Make) -> None:
    ran: list[str] = []

    @tool(effect="write")
    def add_order(customer: str) -> str:
        """Add an order for a customer."""
        ran.append(customer)
        return "added"

    session = scripted('add_order(customer="Ada")')
    request = Request(
        "Add an order for Ada",
        tools=(tool_of(add_order),),
        approver=lambda _: Decision(True, "user"),
    )
    trace = answer(request, lambda _: None, session).trace
    assert trace is not None and ran == ["Ada"]
    seen: list[Approval] = []

    def refuse(approval: Approval) -> Decision:
        seen.append(approval)
        return Decision(False, "user", "not twice")

    with pytest.raises(DeniedError):
        resume_run(trace, {"f": add_order}, number(trace, "add_order"), approver=refuse, within=session)
    assert len(seen) == 1 and ran == ["Ada"]


def test_what_cannot_be_gone_on_from(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(OPEN)
    trace = asked(session, orders)
    with pytest.raises(TraceError, match=r"Step 99 of this run is .* Steps that can be: 2, 3\."):
        resume_run(trace, {"orders": orders}, 99, within=session)
    with pytest.raises(TraceError, match="There is no variable orders here"):
        resume_run(trace, {}, number(trace, "sql"), within=session)
    result = resume_run(trace, {"orders": orders}, number(trace, "sql"), within=session)
    assert result.trace is not None
    with pytest.raises(TraceError, match="replay that one with --model"):
        replay_run(result.trace, {"orders": orders}, model=True, within=session)
    # But its tool steps can be, and a run can go on from it in turn.
    assert replay_run(result.trace, {"orders": orders}, within=session).same
    again = resume_run(result.trace, {"orders": orders}, number(result.trace, "sql"), PAID, within=session)
    assert again.value == 3


def test_a_tool_that_is_gone(priced: tuple[Any, Trace]) -> None:
    session, trace = priced
    with pytest.raises(TraceError, match="There is no tool list_prices here"):
        resume_run(trace, {}, number(trace, "list_prices"), within=session)
