"""Values that a question speaks of, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from string import ascii_letters
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.agent import Request, answer
from qwen_magics.agent.links.linking import hints, labels, linked_values, value_hints, value_unused
from qwen_magics.tools.frames import FrameDatabase

CUSTOMERS = pd.DataFrame(
    {"customer_id": [1, 2, 3], "segment": ["hotel", "retail", "public"], "city": ["Ulm", "Kiel", "Ulm"]}
)
ORDERS = pd.DataFrame(
    {"order_id": [1, 2, 3, 4], "customer_id": [1, 1, 2, 3], "channel": ["web", "field sales", "web", "EDI"]}
)
SHIPMENTS = pd.DataFrame(
    {"shipment_id": [1, 2, 3, 4], "order_id": [1, 2, 2, 4], "warehouse_id": [7, 7, 8, 9]}
)
WAREHOUSES = pd.DataFrame({"warehouse_id": [7, 8, 9], "city": ["Ulm", "Hamburg", "Ulm"]})


@pytest.fixture(scope="module")
def shop() -> Iterator[FrameDatabase]:
    frames = {"customers": CUSTOMERS, "orders": ORDERS, "shipments": SHIPMENTS, "warehouses": WAREHOUSES}
    with FrameDatabase(frames) as database:
        yield database


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many orders came from hotels?", ["customers.segment = 'hotel'"]),
        ("orders by field sales and EDI", ["orders.channel = 'field sales'", "orders.channel = 'EDI'"]),
        # The table that the question names has it; else all that do.
        ("what left the Ulm warehouse?", ["warehouses.city = 'Ulm'"]),
        ("everything in Ulm", ["customers.city = 'Ulm' or warehouses.city = 'Ulm'"]),
        ("how many orders are there?", []),
        ("how many in Ulmen?", []),
    ],
)
def test_conditions_for_the_values(shop: FrameDatabase, question: str, expected: list[str]) -> None:
    lines = value_hints(question, shop.tables).splitlines()
    assert lines == [f"-- {condition}" for condition in expected]


def test_the_way_to_the_table_of_a_value_stands_before_the_question(shop: FrameDatabase) -> None:
    text = hints("how many shipments went to hotels?", shop.tables)
    assert "-- customers.segment = 'hotel'" in text
    assert "FROM shipments JOIN orders" in text and "JOIN customers" in text


def test_one_table_needs_no_hint() -> None:
    with FrameDatabase({"customers": CUSTOMERS}) as database:
        assert value_hints("how many hotels?", database.tables) == ""


@pytest.mark.parametrize(
    ("code", "left_out"),
    [
        ("SELECT COUNT(*) FROM orders", True),
        ("SELECT COUNT(*) FROM orders JOIN customers USING (customer_id) WHERE segment = 'hotel'", False),
        # By groups: the value is among them.
        ("SELECT segment, COUNT(*) FROM customers GROUP BY segment", False),
        ("SELECT COUNT(*) FROM orders WHERE note LIKE '%Hotel%'", False),
    ],
)
def test_a_value_that_a_program_leaves_out(shop: FrameDatabase, code: str, left_out: bool) -> None:
    values = linked_values("how many orders came from hotels?", shop.tables)
    error = value_unused(values, shop.tables, code)
    assert (error is not None) == left_out
    if error is not None:
        expected = (
            "Use customers.segment = 'hotel': JOIN customers ON orders.customer_id = customers.customer_id."
        )
        assert error.kind == "value_unused" and error.hint == expected


def test_a_value_that_every_row_has_is_nothing_to_insist_on() -> None:
    with FrameDatabase({"hotels": CUSTOMERS[CUSTOMERS["segment"] == "hotel"]}) as database:
        assert linked_values("how many hotel customers?", database.tables) == []


def test_a_value_of_two_columns_is_nothing_to_insist_on(shop: FrameDatabase) -> None:
    values = linked_values("everything in Ulm", shop.tables)
    assert value_unused(values, shop.tables, "SELECT COUNT(*) FROM shipments") is None


@given(st.text(alphabet=f"{ascii_letters} '-,", max_size=60))
def test_any_question_is_searched(shop: FrameDatabase, question: str) -> None:
    for linked in linked_values(question, shop.tables):
        assert linked.literal.strip("'").casefold()[:2] in question.casefold() and linked.owners


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("which customer has most orders?", True),
        ("the number of orders per customer", True),
        ("which customer_id has most orders?", False),
        ("ids of the customers with orders", False),
        ("how many orders are there?", False),  # orders have no names
    ],
)
def test_who_asks_for_a_thing_reads_its_name(question: str, named: bool) -> None:
    frames = {"customers": CUSTOMERS.assign(name=["Adler", "Birke", "Café"]), "orders": ORDERS}
    with FrameDatabase(frames) as database:
        sql = "SELECT customer_id, COUNT(*) FROM orders GROUP BY customer_id ORDER BY 2 DESC LIMIT 1"
        meant = labels(question, database.tables)(sql)
        assert ("customers.name" in meant) == named
        assert database.check(meant)


def test_the_name_is_in_the_answer_and_its_code(scripted: Callable[..., Any]) -> None:
    frames = {"customers": CUSTOMERS.assign(name=["Adler", "Birke", "Café"]), "orders": ORDERS}
    session = scripted(
        "SELECT customer_id, COUNT(*) AS n FROM orders GROUP BY customer_id ORDER BY n DESC LIMIT 1"
    )
    found = answer(Request("which customer has the most orders?", frames), lambda event: None, session)
    assert found.text == "customer_id: 1, name: Adler, n: 2"
    assert "LEFT JOIN customers" in found.code
    assert found.trace is not None
    check = next(span for span in found.trace.spans if span.name == "bind query")
    assert check.data["result"] == "names put beside keys"
