"""Questions that go on from earlier ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent import Answer, Request, Session, answer
from qwen_magics.errors import ConfigError

Make = Callable[..., Any]


def run(session: Session, question: str, frames: dict[str, Any] | None = None, **more: Any) -> Answer:
    return answer(Request(question, frames or {}, **more), lambda event: None, session)


def test_a_later_question_has_the_tables_and_the_result(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(
        "SELECT status, sum(total) AS s FROM orders GROUP BY status ORDER BY s",
        "SELECT max(s) FROM previous",
        "SELECT count(*) FROM orders",
    )
    run(session, "total per status", {"orders": orders})
    assert run(session, "which is largest?", continued=True).value == 45.0
    assert run(session, "how many orders?", continued=True).value == 4


def test_the_prompt_goes_on_where_it_ended_and_sends_no_rows(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT customer, total FROM orders", "SELECT count(*) FROM previous")
    run(session, "customers and totals", {"orders": orders})
    run(session, "how many are these?", continued=True)
    first, second = (sent.messages for sent in session.model().sent)
    assert second[:2] == first
    assert [message.role for message in second] == ["system", "user", "assistant", "user"]
    assert second[2].content == "```sql\nSELECT customer, total FROM orders\n```"
    assert second[3].content.startswith("CREATE TABLE previous ( -- 4 rows")
    assert second[3].content.endswith("Question: how many are these?")


def test_a_result_keeps_the_name_it_was_given(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(
        "SELECT customer, sum(total) AS s FROM orders GROUP BY customer",
        "SELECT status, count(*) AS n FROM orders GROUP BY status",
        "SELECT count(*) FROM spent",
    )
    run(session, "total per customer", {"orders": orders}, out="spent")
    run(session, "and per status?", continued=True)
    assert run(session, "how many rows has spent?", continued=True).value == 3
    last = session.model().sent[-1].messages[-1].content
    assert "CREATE TABLE spent" in last and "CREATE TABLE previous" in last


def test_pandas_goes_on_from_sql(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(
        "SELECT order_id, total FROM orders", 'result = previous["order_id"].corr(previous["total"])'
    )
    run(session, "ids and totals", {"orders": orders})
    result = run(session, "how do they correlate?", continued=True)
    assert result.value == pytest.approx(orders["order_id"].corr(orders["total"]))
    assert session.model().sent[1].messages[2].content.startswith("```sql\n")


def test_a_question_without_the_flag_begins_anew(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(*["SELECT count(*) FROM orders"] * 3)
    run(session, "how many?", {"orders": orders})
    run(session, "how many now?", {"orders": orders})
    assert len(session.model().sent[1].messages) == 2
    run(session, "and now?", continued=True)
    assert [m.content for m in session.model().sent[2].messages if "how many?" in m.content] == []


def test_words_go_on_as_well(scripted: Make) -> None:
    session = scripted("Use GROUP BY.", "Yes.")
    run(session, "how do I group?")
    run(session, "is that all?", continued=True)
    assert [m.content for m in session.model().sent[1].messages[1:]] == [
        "how do I group?",
        "Use GROUP BY.",
        "is that all?",
    ]


def test_only_the_last_turns_are_sent(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(*["SELECT count(*) FROM orders"] * 6)
    run(session, "question 0", {"orders": orders})
    for number in range(1, 6):
        run(session, f"question {number}", continued=True)
    assert len(session.model().sent[-1].messages) == 2 + 2 * 3


def test_nothing_to_continue(scripted: Make) -> None:
    with pytest.raises(ConfigError, match="Ask a question first"):
        run(scripted(), "and then?", continued=True)


def test_a_variable_of_the_question_wins_over_a_result(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT customer FROM orders", "SELECT count(*) FROM previous")
    run(session, "customers", {"orders": orders})
    mine = pd.DataFrame({"x": [1, 2]})
    assert run(session, "rows of previous?", {"previous": mine}, continued=True).value == 2
