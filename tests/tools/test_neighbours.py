"""Periods of rows that are compared with the one before: the first one's neighbour is before the period."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from qwen_magics.agent.checks.compared_outside import compared_outside
from qwen_magics.tools.databases import connect
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE
from qwen_magics.tools.sql.neighbours import with_neighbours

LAKES = pd.DataFrame(
    {
        "lake": ["Como"] * 4 + ["Garda"] * 4,
        "year": [2001, 2002, 2003, 2004] * 2,
        "level": [1, 3, 4, 9, 20, 10, 40, 41],
    }
)
STEP = "level - LAG(level) OVER (ORDER BY year) AS step"
OF_EACH = "level - LAG(level) OVER (PARTITION BY lake ORDER BY year) AS step"
CASES = [
    (
        f"SELECT year, {STEP} FROM t WHERE lake = 'Como' AND year >= 2003 ORDER BY year",
        [(2003, 1), (2004, 5)],
    ),
    (
        f"SELECT year, {STEP} FROM t WHERE lake = 'Garda' AND year BETWEEN 2002 AND 2003 ORDER BY year",
        [(2002, -10), (2003, 30)],
    ),
    (
        f"SELECT lake, year, {OF_EACH} FROM t WHERE year = 2003 ORDER BY lake",
        [("Como", 2003, 1), ("Garda", 2003, 30)],
    ),
    (f"SELECT year, {OF_EACH} FROM t WHERE lake IN ('Como') AND year > 2003", [(2004, 5)]),
]
# Another number of rows is counted over, or what is shown is no comparison with the one before.
AS_IT_WAS = (
    f"SELECT year, {STEP} FROM t WHERE level > 3 AND year > 2002",
    "SELECT year, SUM(level) OVER (ORDER BY year) AS s FROM t WHERE year > 2002",
    f"SELECT year, {STEP}, SUM(level) OVER (ORDER BY year) AS s FROM t WHERE year > 2002",
    "SELECT d, x - LAG(x) OVER (ORDER BY d) AS s FROM t WHERE MONTH(d) = 5",
    "SELECT d, x - LAG(x) OVER (ORDER BY d) AS s FROM t WHERE STRFTIME('%m', d) = '05'",
    f"SELECT year, {STEP} FROM t WHERE year IN (2001, 2003)",
    f"SELECT year, {STEP} FROM t WHERE year > 2002 LIMIT 1",
    "SELECT year, level FROM t WHERE year > 2002",
    "SELECT year, SUM(level) - LAG(SUM(level)) OVER (ORDER BY year) AS s FROM t WHERE year > 2 GROUP BY year",
)


@pytest.mark.parametrize(("query", "rows"), CASES)
def test_over_frames(query: str, rows: list[tuple[object, ...]]) -> None:
    with FrameDatabase({"t": LAKES}) as database:
        found = database.run(database.check(with_neighbours(query, DUCKDB))).frame
    assert list(found.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize(("query", "rows"), CASES)
def test_over_sqlite(query: str, rows: list[tuple[object, ...]], tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "lakes.db") as connection:
        LAKES.to_sql("t", connection, index=False)
    connection.close()
    with connect("lakes", str(tmp_path / "lakes.db")).open() as database:
        database.focus("t", lambda _: True)
        found = database.run(database.check(with_neighbours(query, SQLITE))).frame
    assert list(found.itertuples(index=False, name=None)) == rows


@pytest.mark.parametrize("query", AS_IT_WAS)
def test_as_it_was(query: str) -> None:
    assert with_neighbours(query, DUCKDB) == query == with_neighbours(query, SQLITE)


@pytest.mark.parametrize(
    "by", ["YEAR(d)", "EXTRACT(YEAR FROM d)", "DATE_TRUNC('year', d)", "STRFTIME(d, '%Y')"]
)
def test_a_year_goes_on_without_a_gap(by: str) -> None:
    query = f"SELECT d, x - LAG(x) OVER (ORDER BY d) AS s FROM t WHERE {by} = '2015'"
    assert "QUALIFY" in with_neighbours(query, DUCKDB)


@pytest.mark.parametrize(
    ("question", "moved"),
    [
        ("By how much did the level change in each year from 2003 on?", True),
        ("Year on year, how did the level move between 2002 and 2004?", True),
        ("Within 2002 to 2004 alone, how did the level move?", False),
        ("How did the level change from 2003 on, with nothing but null for the first year?", False),
    ],
)
def test_a_question_may_keep_to_the_period(question: str, moved: bool) -> None:
    query = f"SELECT year, {STEP} FROM t WHERE year >= 2003"
    assert (compared_outside(question, DUCKDB)(query) != query) is moved
