"""A result that finds nothing is confirmed by another program, or gives way to what two others find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qwen_magics.agent import Answer, Limits, Request, answer
from qwen_magics.agent.nothing import finds_nothing
from qwen_magics.chat.messages import Completion

Make = Callable[..., Any]
LARGE = "SELECT count(*) FROM orders WHERE order_id > 15"


def run(session: Any, question: str, orders: pd.DataFrame, **more: Any) -> Answer:
    request = Request(question, {"orders": orders}, route="sql", **more)
    return answer(request, lambda event: None, session)


@pytest.mark.parametrize(
    ("frame", "nothing"),
    [
        (pd.DataFrame({"a": []}), True),
        (pd.DataFrame({"a": [0]}), True),
        (pd.DataFrame({"a": [0.0], "b": [0]}), True),
        (pd.DataFrame({"a": [np.nan]}), True),
        (pd.DataFrame({"a": ["x"], "b": [None]}), True),
        (pd.DataFrame({"a": [pd.NA]}), True),
        (pd.DataFrame({"a": [pd.NaT]}), True),
        (pd.DataFrame({"a": [0], "b": ["x"]}), False),
        (pd.DataFrame({"a": [False]}), False),
        (pd.DataFrame({"a": [0, 0]}), False),
        (pd.DataFrame({"a": ["0"]}), False),
        (pd.DataFrame({"a": [3]}), False),
        (pd.DataFrame(), False),
        (pd.DataFrame({"a": [np.array([1, 2])]}), False),
        (pd.DataFrame({"a": [{"x": 1}], "b": [[]]}), False),
    ],
)
def test_what_says_nothing(frame: pd.DataFrame, nothing: bool) -> None:
    assert finds_nothing(frame) is nothing


@pytest.mark.parametrize(
    "shown",
    [
        "list(order_id)",
        "[]",
        "list(NULL)",
        "{'a': 1, 'b': [1, 2]}",
        "MAP([1], [[2]])",
        "list(order_id), 0",
        "CAST('x' AS BLOB)",
        "INTERVAL 3 DAY",
    ],
)
@pytest.mark.parametrize("question", ["how many orders are there?", "which statuses are there?"])
def test_lists_and_maps_as_results(scripted: Make, orders: pd.DataFrame, shown: str, question: str) -> None:
    group = "" if "list(" in shown else " LIMIT 1"
    sql = f"SELECT {shown} FROM orders{group}"
    session = scripted(*[sql] * 9)
    assert run(session, question, orders).code.casefold().startswith("select")


def test_another_program_confirms_it(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(LARGE, "SELECT count(total) FROM orders WHERE order_id > 15")
    result = run(session, "how many orders are above 15?", orders)
    assert (result.value, result.code) == (0, LARGE)
    # The second one is asked for afresh, without the first in sight.
    assert [message.role for message in session.model().sent[1].messages] == ["system", "user"]
    assert session.model().sent[1].params.temperature > 0


def test_the_same_program_confirms_nothing_and_the_first_stands(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(*[LARGE] * 9)
    result = run(session, "how many orders are above 15?", orders)
    assert (result.value, result.code) == (0, LARGE)
    assert len(session.model().sent) == 4


def test_what_two_others_find_is_the_answer(scripted: Make, orders: pd.DataFrame) -> None:
    found = "SELECT count(*) FROM orders WHERE total > 15"
    session = scripted(LARGE, found, "SELECT count(total) FROM orders WHERE total > 15")
    assert run(session, "how many orders are above 15?", orders).value == 2


def test_what_one_other_finds_is_not(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(LARGE, "SELECT count(*) FROM orders WHERE total > 15", LARGE, LARGE)
    assert run(session, "how many orders are above 15?", orders).value == 0


def test_a_single_step_is_enough(scripted: Make, orders: pd.DataFrame) -> None:
    session = scripted(LARGE)
    assert run(session, "how many orders are above 15?", orders, limits=Limits(steps=1)).value == 0


def test_a_program_without_an_end_is_not_shown_to_the_model(
    scripted: Make, orders: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = "SELECT count(*) FROM orders WHERE status = 'open' AND status = 'open' AND status = 'op"
    session = scripted(loop, *["SELECT count(*) AS n FROM orders"] * 2)
    model = session.model()
    complete = model.complete

    def ended(*arguments: Any, **options: Any) -> Completion:
        done: Completion = complete(*arguments, **options)
        return replace(done, finish_reason="repetition") if done.text == loop else done

    monkeypatch.setattr(model, "complete", ended)
    result = run(session, "how many orders?", orders)
    assert result.value == 4 and result.trace is not None
    failed = next(span for span in result.trace.spans if span.status == "error")
    assert failed.error is not None and failed.error["type"] == "unending"
    asked = model.sent[1].messages
    assert loop not in asked[-1].content and len(asked) == 2
    assert "says the same over and over" in asked[-1].content
    assert model.sent[0].params.repeats == 4
