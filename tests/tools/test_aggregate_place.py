"""Aggregates in WHERE: moved to HAVING, or compared with those of all rows, on real databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.databases import connect
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.aggregate_place import placed
from qwen_magics.tools.sql.dialects import DUCKDB

SALES = pd.DataFrame({"shop": ["a", "a", "b", "c", "c", "c"], "price": [1, 2, 30, 4, 5, 6]})
CASES = [
    ("SELECT COUNT(*) FROM sales WHERE price > AVG(price)", [(1,)]),
    ("SELECT shop FROM sales WHERE price > 2 * AVG(price) AND shop <> 'a'", [("b",)]),
    ("SELECT shop FROM sales WHERE COUNT(*) >= 2 GROUP BY shop ORDER BY shop", [("a",), ("c",)]),
    ("SELECT shop FROM sales WHERE price > 1 AND COUNT(*) >= 2 GROUP BY shop", [("c",)]),
    (
        "SELECT shop FROM sales WHERE COUNT(*) >= 2 GROUP BY shop HAVING MAX(price) > 2",
        [("c",)],
    ),
]


@pytest.mark.parametrize(("query", "rows"), CASES)
def test_over_frames(query: str, rows: list[tuple[object, ...]]) -> None:
    with FrameDatabase({"sales": SALES}) as database:
        found = database.run(database.check(query)).frame
    assert list(found.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize(("query", "rows"), CASES)
def test_over_sqlite(query: str, rows: list[tuple[object, ...]], tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        SALES.to_sql("sales", connection, index=False)
    connection.close()
    with connect("shop", str(tmp_path / "shop.db")).open() as database:
        database.focus("sales", lambda _: True)
        found = database.run(database.check(query)).frame
    assert list(found.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize(
    "query",
    [
        "SELECT a FROM t JOIN u ON t.k = u.k WHERE b > AVG(b)",  # of which rows?
        "SELECT a FROM t WHERE b > (SELECT AVG(b) FROM t)",
        "SELECT a FROM t HAVING COUNT(*) > 1",
        "SELECT a FROM t WHERE COUNT(*) > 1",
        "SELECT COUNT(*) FROM t WHERE AVG(b) > 1",
        "no query at all (",
    ],
)
def test_what_is_not_certain_stays(query: str) -> None:
    assert placed(query, DUCKDB) == query


def test_what_stays_is_told() -> None:
    query = "SELECT s.shop FROM sales s JOIN shops o ON s.shop = o.shop WHERE s.price > AVG(s.price)"
    with FrameDatabase({"sales": SALES, "shops": SALES}) as database, pytest.raises(QueryError) as refused:
        database.check(query)
    assert refused.value.kind == "aggregate_place"
