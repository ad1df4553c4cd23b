"""Joins on a column that one side does not have."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.bridging import bridged

CUSTOMERS = pd.DataFrame({"customer_id": [1, 2, 3], "segment": ["hotel", "retail", "hotel"]})
ORDERS = pd.DataFrame({"order_id": [10, 11, 12, 13], "customer_id": [1, 1, 2, 3]})
PAYMENTS = pd.DataFrame({"payment_id": [1, 2, 3], "order_id": [10, 12, 12], "amount": [5.0, 7.0, 9.0]})


@pytest.fixture(scope="module")
def shop() -> Iterator[FrameDatabase]:
    with FrameDatabase({"customers": CUSTOMERS, "orders": ORDERS, "payments": PAYMENTS}) as database:
        yield database


SUM = "SELECT c.segment, SUM(p.amount) AS paid FROM customers AS c"
MEANT = (
    f"{SUM} JOIN orders ON orders.customer_id = c.customer_id "
    "JOIN payments AS p ON p.order_id = orders.order_id GROUP BY c.segment"
)


@pytest.mark.parametrize(
    "written",
    [
        f"{SUM} JOIN payments AS p ON c.customer_id = p.customer_id GROUP BY c.segment",
        f"{SUM} JOIN payments AS p ON c.customer_id = c.customer_id GROUP BY c.segment",
        f"{SUM} JOIN payments AS p USING (customer_id) GROUP BY c.segment",
        f"{SUM} INNER JOIN payments p ON p.customer = c.customer_id GROUP BY c.segment",
        # Keys of different things: orders and customers.
        f"{SUM} JOIN payments AS p ON p.order_id = c.customer_id GROUP BY c.segment",
    ],
)
def test_the_table_in_between_is_put_in(shop: FrameDatabase, written: str) -> None:
    meant = shop.check(written)
    assert meant.replace("INNER JOIN payments", "JOIN payments") == MEANT
    result = shop.run(meant).frame
    assert dict(zip(result["segment"], result["paid"], strict=True)) == {"hotel": 5.0, "retail": 16.0}


def test_columns_that_are_no_keys_may_be_compared(shop: FrameDatabase) -> None:
    written = "SELECT COUNT(*) FROM customers AS c JOIN payments AS p ON p.amount = c.customer_id"
    assert shop.check(written) == written


def test_a_table_that_was_read_before_is_the_bridge(shop: FrameDatabase) -> None:
    written = (
        f"{SUM} JOIN orders AS o ON o.customer_id = c.customer_id "
        "JOIN payments AS p ON p.customer_id = c.customer_id AND p.amount > 6 GROUP BY c.segment"
    )
    meant = shop.check(written)
    assert "JOIN payments AS p ON p.order_id = o.order_id AND p.amount > 6" in meant
    assert shop.run(meant).frame.values.tolist() == [["retail", 16.0]]


def test_a_left_join_keeps_who_has_nothing(shop: FrameDatabase) -> None:
    written = (
        "SELECT c.customer_id, COUNT(p.payment_id) FROM customers AS c "
        "LEFT JOIN payments AS p ON c.customer_id = p.customer_id GROUP BY c.customer_id ORDER BY 1"
    )
    meant = shop.check(written)
    assert "LEFT JOIN orders" in meant and "LEFT JOIN payments" in meant
    assert shop.run(meant).frame.values.tolist() == [[1, 1], [2, 2], [3, 0]]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM customers AS c FULL JOIN payments AS p ON c.customer_id = p.customer_id",
        "SELECT COUNT(*) FROM customers AS c JOIN orders AS o ON o.customer_id = c.customer_id",
        "SELECT COUNT(*) FROM orders AS a JOIN orders AS b ON a.customer_id = b.customer_id",
        "SELECT COUNT(*) FROM orders AS a JOIN orders AS b ON a.customer_id = a.customer_id",  # which one?
        "SELECT COUNT(*) FROM (SELECT 1 AS x) AS a JOIN payments AS p ON a.x = p.customer_id",
        "SELECT COUNT(*) FROM customers AS c JOIN payments AS p ON c.customer_id > p.customer_id",
        "SELECT COUNT(*) FROM customers AS c JOIN payments AS p ON TRUE",
        "SELECT 'a join b' FROM customers",
        "SELECT ( join ",
    ],
)
def test_all_else_stays_as_it_is(shop: FrameDatabase, sql: str) -> None:
    assert bridged(sql, shop.tables, shop.dialect) == sql


def test_tables_without_a_way_stay_an_error() -> None:
    frames = {"customers": CUSTOMERS, "notes": pd.DataFrame({"text": ["a"]})}
    with FrameDatabase(frames) as database, pytest.raises(QueryError):
        database.check("SELECT * FROM customers c JOIN notes n ON n.customer_id = c.customer_id")
