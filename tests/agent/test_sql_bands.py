"""Which questions see the examples of bands with given limits, and what these give of real rows."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest

from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.tools.schema import Column, Table, describe

RIVERS = Table(
    "rivers",
    (
        Column("river", "VARCHAR", categories=("'Elbe'", "'Oder'", "'Rhine'")),
        Column("length", "DOUBLE"),
        Column("flow", "DOUBLE"),
    ),
    30,
)
ROWS = [("Elbe", 9, 2), ("Oder", 10, 4), ("Rhine", 15, 6), ("Main", 14, 10), ("Isar", None, 3)]
STRICT = {"below 10": (1, 2.0), "10 to under 15": (2, 7.0), "15 and more": (1, 6.0)}


def shown(question: str, table: Table = RIVERS) -> str:
    """The example that stands next to the question."""
    text = nearest_sql(question, describe([table]), "DuckDB", table)
    return text.rpartition("```sql\n")[2].partition("\n```")[0]


@pytest.mark.parametrize(
    "question",
    [
        "Group the rivers by length (below 10, 10 to under 15, 15 and more): number and mean flow of each",
        "Split the rivers by length: under 10, 10 to below 15, 15 or more. How many, and the average flow?",
        "Rivers by length band (less than 10, from 10 to less than 15, at least 15): count, mean flow",
        "Put rivers into classes of length: < 10, 10 to < 15, >= 15, with number and average flow of each",
    ],
)
def test_number_and_mean_of_each_band(question: str) -> None:
    query = shown(question)
    for connection in (duckdb.connect(), sqlite3.connect(":memory:")):
        connection.execute("CREATE TABLE rivers (river TEXT, length DOUBLE, flow DOUBLE)")
        connection.executemany("INSERT INTO rivers VALUES (?, ?, ?)", ROWS)
        found = {band: (n, mean) for band, n, mean in connection.execute(query).fetchall()}
        connection.close()
        assert found == STRICT


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("How many rivers are under 10, 10 to under 15, or 15 and more in length?", "COUNT(*) AS n FROM"),
        ("Number of rivers up to 10, over 10 to 15 and over 15 in length", "length <= 10"),
        ("Split the rivers into those up to 10 and those over 10 in length: how many are in each?", "> 10"),
        ("Mean flow by length of rivers: under 10, 10-15, above 15", "AVG(flow) AS mean"),
        ("Average flow of rivers shorter than 10, 10 to 15, and longer than 15 in length", "WHEN length <"),
        ("Sort the rivers into 15 and more, 10 to under 15 and below 10 by length. How many?", "CASE"),
    ],
)
def test_other_ways_of_saying_it(question: str, part: str) -> None:
    query = shown(question)
    assert part in query and "CASE WHEN length" in query


@pytest.mark.parametrize(
    "question",
    [
        "How many rivers have a length below 10 and a flow above 5?",
        "Rivers with a length of more than 10 and less than 20",
        "Average flow between 1990 and 2000",
        "How many rivers are over 100, and what is their mean flow?",
        "Number of rivers by length in steps of 10",
    ],
)
def test_others_do_not_see_them(question: str) -> None:
    assert "CASE WHEN" not in nearest_sql(question, describe([RIVERS]), "DuckDB", RIVERS)
