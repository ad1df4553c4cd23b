"""What a question needs and the data lack: told by a query that is written without the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent import Answer, Request, answer
from qwen_magics.agent.conversation import Conversation, Turn
from qwen_magics.agent.doubts.drafted import needed, unled
from qwen_magics.chat.messages import Completion
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB

Make = Callable[..., Any]
CARS = Table(
    "cars",
    (
        Column("Name", "VARCHAR"),
        Column("Weight_in_lbs", "BIGINT"),
        Column("Horsepower", "BIGINT"),
        Column("Origin", "VARCHAR", categories=("'Europe'", "'Japan'")),
        Column("Year", "TIMESTAMP"),
    ),
    9,
)


@pytest.mark.parametrize(
    ("question", "sql", "found"),
    [
        (
            "Which of the @cars was the most expensive to buy?",
            "SELECT Name FROM cars ORDER BY Weight_in_lbs DESC LIMIT 1",
            ["Weight_in_lbs"],
        ),
        # By an adjective, an abbreviation or the name itself.
        ("Which of the cars is the heaviest?", "SELECT Name FROM cars ORDER BY Weight_in_lbs DESC", []),
        ("What is the average weight of the cars?", "SELECT AVG(Weight_in_lbs) FROM cars", []),
        ("How strong is the strongest of the cars?", "SELECT MAX(Horsepower) FROM cars", []),
        # Chosen by a value, and a date that stands for anything.
        ("How many of the cars come from Japan?", "SELECT COUNT(*) FROM cars WHERE Origin = 'Japan'", []),
        ("How many of them are there in each season?", "SELECT Year, COUNT(*) FROM cars GROUP BY Year", []),
        (
            "What share of the cars?",
            "SELECT AVG(CASE WHEN Origin = 'Japan' THEN 1 END) FROM cars",
            ["Origin"],
        ),
        # Words of another language lead to no English name.
        ("Welches ist der teuerste Wagen?", "SELECT Name FROM cars ORDER BY Weight_in_lbs", []),
        ("最贵的车是哪一辆?", "SELECT Name FROM cars ORDER BY Weight_in_lbs", []),
        ("Which of the cars?", "no query", []),
    ],
)
def test_columns_to_which_no_word_leads(question: str, sql: str, found: list[str]) -> None:
    assert unled(question, sql, [CARS], DUCKDB) == found


def test_a_join_is_no_measure() -> None:
    owners = Table("owners", (Column("car", "VARCHAR"), Column("plate", "VARCHAR")), 9)
    sql = "SELECT COUNT(*) FROM cars JOIN owners ON owners.plate = cars.Name"
    assert unled("How many of the cars have an owner?", sql, [CARS, owners], DUCKDB) == []


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["price"], ["price"]),
        (["purchase_price", "car_name"], ["purchase price"]),
        (["sunshine_hours"], ["sunshine"]),
        (["weight", "horse_power", "origin_country", "japan"], []),  # nearly a name, or a value
        (["coefficient_of_variation", "slope", "average", "n", "year"], []),  # computed of anything
        (["returned", "safest"], []),  # no things
    ],
)
def test_names_that_resemble_nothing(names: list[str], found: list[str]) -> None:
    assert needed(names, [CARS]) == found


@pytest.fixture
def asking(scripted: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """A scripted session that drafts, and whose model is certain of what it says about things."""

    def make(*replies: str) -> Any:
        session = scripted(*replies)
        model, complete = session.model(), session.model().complete
        model.drafts = True

        def certain(*arguments: Any, **options: Any) -> Completion:
            done: Completion = complete(*arguments, **options)
            return replace(done, mean_logprob=-0.01) if done.text in ("yes", "no") else done

        monkeypatch.setattr(model, "complete", certain)
        return session

    yield make


QUESTION = "Who has a warranty on one of the @orders?"
TAKEN = "SELECT customer FROM orders ORDER BY total DESC LIMIT 1"
NEEDED = "SELECT customer FROM sales WHERE warranty > 0"


def run(session: Any, orders: pd.DataFrame, **more: Any) -> Answer:
    request = Request(QUESTION, {"orders": orders}, route="sql", **more)
    return answer(request, lambda event: None, session)


def test_what_the_draft_needs_and_the_model_does_not_find_is_lacking(
    asking: Make, orders: pd.DataFrame
) -> None:
    session = asking(TAKEN, NEEDED, "no")
    result = run(session, orders)
    assert result.text.startswith(
        "This cannot be answered from the data: there is nothing about “warranty” in it."
    )
    assert (result.value, result.code) == (None, "") and result.trace is not None
    assert any(span.name == "draft without the tables" for span in result.trace.spans)
    _, draft, about = session.model().sent
    assert "orders has" not in draft.messages[-1].content and draft.grammar is None
    assert about.messages[-1].content.endswith("anything about: warranty?")


@pytest.mark.parametrize(
    "draft", ["SELECT customer FROM orders ORDER BY total", "SELECT customer FROM", "SELECT 1"]
)
def test_a_draft_that_needs_nothing_else_changes_nothing(
    asking: Make, orders: pd.DataFrame, draft: str
) -> None:
    session = asking(TAKEN, draft)
    assert run(session, orders).value == "Grace" and len(session.model().sent) == 2


def test_what_the_model_finds_in_the_data_is_there(asking: Make, orders: pd.DataFrame) -> None:
    session = asking(TAKEN, NEEDED, "yes")
    assert run(session, orders).value == "Grace"


def test_what_was_said_before_leads_to_a_column_too(asking: Make, orders: pd.DataFrame) -> None:
    session = asking(TAKEN)
    turns = (Turn("what is the total of each order?", "```sql\nSELECT total FROM orders\n```", {}),)
    assert run(session, orders, conversation=Conversation(turns)).value == "Grace"
