"""The agent with a scripted model and a real database."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent import Answer, Event, Limits, Request, Session, answer
from qwen_magics.chat.messages import Completion
from qwen_magics.engine.generation import SamplingParams, Usage
from qwen_magics.errors import AgentError, Cancelled, ConfigError, ContextOverflowError, UnsupportedDataError

Make = Callable[..., Any]


def run(session: Session, question: str, frames: dict[str, Any], **more: Any) -> Answer:
    return answer(Request(question, frames, **more), lambda event: None, session)


def test_one_number(scripted: Make, orders: pd.DataFrame) -> None:
    result = run(scripted("SELECT count(*) FROM orders"), "how many orders?", {"orders": orders})
    assert (result.value, result.kind, result.text) == (4, "number", "4")
    assert result.code == "SELECT count(*) FROM orders"


def test_a_table_keeps_every_row(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT status, count(*) AS n FROM orders GROUP BY status ORDER BY n")
    result = run(session, "orders per status", {"orders": orders})
    assert result.kind == "table"
    assert result.value.to_dict("list") == {"status": ["open", "paid"], "n": [1, 3]}


def test_the_model_gets_schema_then_question_and_an_opened_fence(
    scripted: Make, orders: pd.DataFrame
) -> None:
    session = scripted("SELECT count(*) FROM orders")
    run(session, "how many orders?", {"orders": orders})
    sent = session.model().sent[0]
    assert sent.messages[-1].content.startswith("CREATE TABLE orders")
    assert sent.messages[-1].content.endswith("Question: how many orders?")
    assert sent.prefix == "```sql\n"
    assert sent.grammar is not None and "start:" in sent.grammar


def test_a_failed_query_goes_back_with_a_hint(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT sum(totl) FROM orders", "SELECT sum(total) FROM orders")
    result = run(session, "sum of totals", {"orders": orders})
    assert result.value == 65.5
    repair = session.model().sent[1].messages
    assert repair[-2].content == "```sql\nSELECT sum(totl) FROM orders\n```"
    assert "total" in repair[-1].content and "\n" in repair[-1].content


def test_a_failed_query_is_in_the_trace_beside_its_repair(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT sum(totl) FROM orders", "SELECT sum(total) FROM orders")
    trace = run(session, "sum of totals", {"orders": orders}).trace
    assert trace is not None and trace.status == "ok"
    kinds = [(span.kind, span.status, span.attempt) for span in trace.spans if span.kind != "agent"]
    assert kinds == [
        ("llm", "ok", 1),
        ("check", "error", 1),
        ("retry", "ok", 1),
        ("llm", "ok", 2),
        ("check", "ok", 2),
        ("tool", "ok", 2),
    ]


def test_a_query_that_was_put_right_says_so_in_the_trace(scripted: Make, orders: pd.DataFrame) -> None:
    shops = pd.DataFrame({"shop_id": [1, 2], "city": ["Ulm", "Bonn"]})
    wrong = "SELECT o.city FROM orders o JOIN shops s ON s.shop_id = o.order_id WHERE o.order_id = 1"
    result = run(scripted(wrong), "city of the shop of order 1", {"orders": orders, "shops": shops})
    assert result.trace is not None
    check, tool = (next(s for s in result.trace.spans if s.kind == kind) for kind in ("check", "tool"))
    assert (check.data["sql"], check.data["result"]) == (wrong, "put right")
    assert tool.data["sql"] == result.code == wrong.replace("o.city", "s.city")


def test_the_same_query_again_is_not_run_but_sampled_hotter(scripted: Make, orders: pd.DataFrame) -> None:
    wrong = "SELECT sum(totl) FROM orders"
    session = scripted(wrong, wrong, "SELECT sum(total) FROM orders", "SELECT sum(o.total) FROM orders AS o")
    result = run(session, "sum of totals", {"orders": orders}, params=SamplingParams(seed=7))
    temperatures = [sent.params.temperature for sent in session.model().sent]
    assert temperatures == [0.0, 0.0, 0.4, 0.7]
    assert result.trace is not None
    assert sum(span.kind == "check" for span in result.trace.spans) == 3


def test_steps_are_bounded_and_the_error_says_the_last_problem(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(*[f"SELECT nothing_{i} FROM orders" for i in range(9)])
    with pytest.raises(AgentError, match=r"within 3 steps.*nothing_2.*%qwen use") as caught:
        run(session, "?", {"orders": orders}, limits=Limits(steps=3))
    assert len(session.model().sent) == 3
    assert caught.value.trace is not None and caught.value.trace.status == "error"


def test_one_number_is_demanded(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT status, total FROM orders", "SELECT max(total) FROM orders")
    result = run(session, "largest total", {"orders": orders}, format="number")
    assert result.value == 30.0
    assert "one number is asked for" in session.model().sent[1].messages[-1].content


def test_sql_is_checked_but_not_run(scripted: Make, orders: pd.DataFrame) -> None:
    result = run(scripted("SELECT count(*) FROM orders"), "how many?", {"orders": orders}, format="sql")
    assert (result.kind, result.value) == ("sql", "SELECT count(*) FROM orders")
    assert result.trace is not None and all(span.kind != "tool" for span in result.trace.spans)


def test_a_dry_run_asks_no_model(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted()
    result = run(session, "how many?", {"orders": orders}, dry_run=True)
    assert "CREATE TABLE orders" in result.text and "tokens would be sent" in result.text
    assert session.model().sent == []


def test_without_data_the_answer_is_words_without_figures(scripted: Make) -> None:
    session = scripted("Use GROUP BY ALL.")
    result = run(session, "what groups by everything?", {})
    assert (result.kind, result.value, result.code) == ("text", "Use GROUP BY ALL.", "")
    grammar = session.model().sent[0].grammar
    assert grammar is not None and grammar.startswith("start: WORDS\nWORDS: /[^0-9]+/ & ~")


def test_a_stop_keeps_what_was_written(scripted: Make, orders: pd.DataFrame) -> None:
    stop = Cancelled("Stopped while the model was writing.")
    stop.completion = Completion("SELECT cou", "…", "cancelled", Usage(output_tokens=2))
    with pytest.raises(Cancelled) as caught:
        run(scripted(stop), "how many?", {"orders": orders})
    trace = caught.value.trace
    assert trace is not None and trace.status == "cancelled"
    written = [span for span in trace.spans if span.kind == "llm"]
    assert written[0].status == "cancelled" and written[0].data["completion"] == "SELECT cou"


def test_a_stop_outside_the_model_is_a_stop_too(scripted: Make, orders: pd.DataFrame) -> None:
    with pytest.raises(Cancelled) as caught:
        run(scripted(KeyboardInterrupt()), "how many?", {"orders": orders})
    assert caught.value.trace is not None and caught.value.trace.status == "cancelled"


def test_an_overflow_is_refused_with_its_trace(scripted: Make, orders: pd.DataFrame) -> None:
    overflow = ContextOverflowError("too long", needed=5000, available=4096)
    with pytest.raises(ContextOverflowError) as caught:
        run(scripted(overflow), "how many?", {"orders": orders})
    assert caught.value.trace is not None


def test_no_trace_is_kept_on_request(scripted: Make, orders: pd.DataFrame) -> None:
    result = run(scripted("SELECT count(*) FROM orders"), "?", {"orders": orders}, trace=False)
    assert result.trace is None
    assert result._repr_mimebundle_() == {"text/plain": str(len(orders))}


def test_an_empty_question_shows_an_example(scripted: Make) -> None:
    with pytest.raises(ConfigError, match="%qwen how many"):
        run(scripted(), "  \n", {})


def test_what_is_no_table_is_refused_before_any_model_call(scripted: Make) -> None:
    session = scripted()
    with pytest.raises(UnsupportedDataError, match="limit"):
        run(session, "?", {"limit": 3})
    assert session.model().sent == []


def test_answers_are_remembered(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted("SELECT count(*) FROM orders")
    result = run(session, "how many?", {"orders": orders})
    assert list(session.history) == [result]


def test_news_come_while_it_runs(scripted: Make, orders: pd.DataFrame) -> None:
    events: list[Event] = []
    request = Request("how many?", {"orders": orders})
    answer(request, events.append, scripted("SELECT count(*) FROM orders"))
    lines = [event.text for event in events if event.kind == "status" and event.text]
    assert lines == ["Reading orders", "Writing a query", "Running the query"]
    assert "".join(e.text for e in events if e.kind == "text") == "SELECT count(*) FROM orders"
    assert any(event.trace is not None and event.trace.status == "running" for event in events)


def test_the_frame_is_not_changed(scripted: Make, orders: pd.DataFrame) -> None:
    before = orders.copy(deep=True)
    result = run(scripted("SELECT * FROM orders"), "all", {"orders": orders})
    result.value.loc[:, "total"] = 0.0
    pd.testing.assert_frame_equal(orders, before)


def test_a_wide_table_is_cut_to_the_columns_of_the_question(scripted: Make) -> None:
    wide = pd.DataFrame({f"measure_{i}": [float(i)] for i in range(500)})
    session = scripted("SELECT measure_321 FROM wide")
    session.model().context_length = 800
    result = run(session, "what is measure_321?", {"wide": wide}, limits=Limits(tokens=100))
    assert result.value == 321.0
    content = session.model().sent[0].messages[-1].content
    assert "measure_321" in content and "measure_200 " not in content
    assert len(content.split()) < 800


def test_a_stop_that_a_library_swallowed_ends_the_run_at_the_next_event(
    scripted: Make, orders: pd.DataFrame
) -> None:
    seen: list[str] = []

    def listener(event: Event) -> None:
        seen.append(event.text)
        if event.text.startswith("Reading"):
            with contextlib.suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)

    session = scripted("SELECT count(*) FROM orders")
    with pytest.raises(Cancelled):
        answer(Request("how many orders?", {"orders": orders}), listener, session)
    assert list(filter(None, seen)) == ["Reading orders"] and session.model().sent == []
