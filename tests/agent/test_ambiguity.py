"""Questions with two readings are asked back; those with one are not."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

from qwen_magics.agent import Request, answer
from qwen_magics.agent.ambiguity import ambiguity
from qwen_magics.agent.references import find_references
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import Column, Table

Make = Callable[..., Any]


def table(name: str, /, **columns: str) -> Table:
    return Table(name, tuple(Column(column, dtype) for column, dtype in columns.items()), 10)


TICKETS = table("tickets", id="BIGINT", created_at="TIMESTAMP", closed_at="TIMESTAMP", status="VARCHAR")
FLIGHTS = table(
    "flights",
    dep_time="DOUBLE",
    sched_dep_time="BIGINT",
    dep_delay="DOUBLE",
    arr_delay="DOUBLE",
    month="BIGINT",
)
PRODUCTS = table(
    "products", id="BIGINT", name="VARCHAR", list_price="DOUBLE", unit_price="DOUBLE", cost="DOUBLE"
)
CUSTOMERS = table("customers", id="BIGINT", name="VARCHAR", city="VARCHAR")
ORDERS = table("orders", id="BIGINT", order_date="DATE", ship_date="DATE", total="DOUBLE")

AMBIGUOUS = [
    ("How many tickets are there per month?", (TICKETS,), ("created_at", "closed_at")),
    ("How many tickets came in 2024?", (TICKETS,), ("created_at", "closed_at")),
    ("每月有多少工单?", (TICKETS,), ("created_at", "closed_at")),
    ("What is the average delay in flights?", (FLIGHTS,), ("dep_delay", "arr_delay")),
    ("What is the highest price in products?", (PRODUCTS,), ("list_price", "unit_price")),
    (
        "Which name is the longest of all customers and products?",
        (CUSTOMERS, PRODUCTS),
        (),
    ),
    ("Customers and products: sorted by name, please", (CUSTOMERS, PRODUCTS), ()),
    ("What is the earliest date?", (ORDERS,), ("order_date", "ship_date")),
]
CLEAR = [
    ("How many tickets were created per month?", (TICKETS,)),
    ("How many tickets per month, by closed_at?", (TICKETS,)),
    ("How many tickets are open?", (TICKETS,)),
    ("What is the average departure delay in flights?", (FLIGHTS,)),
    ("How many flights have no departure time?", (FLIGHTS,)),
    ("Which flights have a larger arrival delay than departure delay?", (FLIGHTS,)),
    ("In which month was the average arrival delay the highest?", (FLIGHTS,)),
    ("What is the highest unit price in products?", (PRODUCTS,)),
    ("What is the difference of list price and unit price?", (PRODUCTS,)),
    ("How many orders were shipped per month?", (ORDERS,)),
    ("How many orders per month?", (ORDERS,)),
    ("What are the names of the customers who bought products?", (CUSTOMERS, PRODUCTS)),
    ("Which product name do most customers buy?", (CUSTOMERS, PRODUCTS)),
    ("Which city has the most customers?", (CUSTOMERS, ORDERS)),
]


@pytest.mark.parametrize(("question", "tables", "columns"), AMBIGUOUS)
def test_two_readings(question: str, tables: tuple[Table, ...], columns: tuple[str, ...]) -> None:
    found = ambiguity(question, tables)
    assert found is not None
    assert found.columns == (columns or ("customers.name", "products.name"))


@pytest.mark.parametrize(("question", "tables"), CLEAR)
def test_one_reading(question: str, tables: tuple[Table, ...]) -> None:
    assert ambiguity(question, tables) is None


def test_each_reading_is_clear() -> None:
    for question, tables, _ in AMBIGUOUS:
        found = ambiguity(question, tables)
        assert found is not None
        for reading in found.readings(question, {}):
            assert ambiguity(reading, tables) is None, reading


@pytest.mark.parametrize("name", ["quickstart", "further", "programs", "programs_unseen", "unanswerable"])
def test_no_false_alarm_on_the_evaluation_sets(name: str, quickstart_tables: dict[str, Table]) -> None:
    for question in import_module(f"evals.questions.{name}").QUESTIONS:
        tables = [quickstart_tables[frame] for frame in find_references(question.text)]
        found = ambiguity(question.text.replace("@", ""), tables)
        assert found is None, f"{question.text}: {found}"


@pytest.fixture(scope="module")
def quickstart_tables(quickstart_frames: dict[str, pd.DataFrame]) -> dict[str, Table]:
    with FrameDatabase(quickstart_frames) as database:
        return {table.name: table for table in database.tables}


def test_the_answer_is_a_question_with_its_readings(scripted: Make) -> None:
    days = pd.to_datetime(["2024-01-01", "2024-02-01"])
    tickets = pd.DataFrame({"id": [1, 2], "created_at": days, "closed_at": days})
    session = scripted("SELECT count(created_at) FROM tickets")
    asked = answer(Request("How many tickets per month?", {"tickets": tickets}), lambda event: None, session)
    assert asked.status == "ambiguous" and asked.value is None and session.model().sent == []
    assert asked.readings == (
        "How many @tickets per month (created_at)?",
        "How many @tickets per month (closed_at)?",
    )
    assert asked.trace is not None
    record = asked.trace.to_dict()
    assert record["answer"]["status"] == "ambiguous"
    assert list(record["answer"]["readings"]) == list(asked.readings)
    assert [span["name"] for span in record["spans"]] == ["answer", "is it ambiguous?"]
    again = answer(Request(asked.readings[0].replace("@", ""), {"tickets": tickets}), lambda e: None, session)
    assert (again.status, again.value) == ("answered", 2)
