"""A count within each of the things that are asked for becomes their number; other counts stay."""

from __future__ import annotations

import sqlite3

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.checks.demands import demand
from qwen_magics.agent.checks.group_counts import things_counted
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE

ROWERS = Table("rowers", (Column("rower_id", "BIGINT", unique=True), Column("club", "VARCHAR")), 3)
OUTINGS = Table(
    "outings",
    (Column("outing_id", "BIGINT", unique=True), Column("rower_id", "BIGINT"), Column("boat", "VARCHAR")),
    8,
    joins=(Join("outings", "rower_id", "rowers", "rower_id"),),
)
TABLES = (ROWERS, OUTINGS)
MADE = (
    "CREATE TABLE rowers (rower_id INT, club TEXT)",
    "INSERT INTO rowers VALUES (1, 'Isis'), (2, 'Cam'), (3, 'Cam')",
    "CREATE TABLE outings (outing_id INT, rower_id INT, boat TEXT)",
    "INSERT INTO outings VALUES (1,1,'Swift'),(2,1,'Heron'),(3,1,'Swift'),(4,2,'Swift'),(5,2,'Heron'),"
    "(6,3,'Swift'),(7,NULL,'Swift'),(8,NULL,'Heron')",
)
OWN = "SELECT COUNT(DISTINCT o.rower_id) FROM outings AS o GROUP BY o.rower_id HAVING COUNT(*) > 1"
ROWS = "SELECT COUNT(*) FROM outings GROUP BY rower_id HAVING COUNT(*) > 1"
KEYS = "SELECT rower_id FROM outings GROUP BY rower_id HAVING COUNT(DISTINCT boat) = 2"
BOATS = "SELECT COUNT(*) AS n FROM outings GROUP BY boat HAVING COUNT(*) > 4"


@pytest.mark.parametrize(
    ("question", "query", "number"),
    [
        ("Rowers with more than one outing, how many are there?", OWN, 2),
        ("How many rowers went out more than once?", ROWS, 2),
        ("What is the number of rowers who went out at least twice?", ROWS, 2),
        ("Count the rowers with several outings", ROWS, 2),
        ("How many of our rowers have used every boat we have?", KEYS, 2),
        ("In total, how many different rowers were out in both boats?", KEYS, 2),
        ("Number of boats with five outings or more", BOATS, 1),
    ],
)
def test_the_number_of_things(question: str, query: str, number: int) -> None:
    cursor = duckdb.connect()
    for statement in MADE:
        cursor.execute(statement)
    said = things_counted(question, TABLES, DUCKDB)(query)
    assert cursor.execute(said).fetchall() == [(number,)]
    lite = sqlite3.connect(":memory:")
    for statement in MADE:
        lite.execute(statement)
    assert lite.execute(things_counted(question, TABLES, SQLITE)(query)).fetchall() == [(number,)]
    lite.close()


def test_groups_by_more_than_the_key() -> None:
    query = (
        "SELECT COUNT(DISTINCT rower_id) FROM outings GROUP BY rower_id, boat "
        "HAVING COUNT(*) > 1 OR COUNT(*) = 1"
    )
    cursor = duckdb.connect()
    for statement in MADE:
        cursor.execute(statement)
    said = things_counted("How many rowers are there?", TABLES, DUCKDB)(query)
    assert cursor.execute(said).fetchall() == [(3,)]


@pytest.mark.parametrize(
    ("question", "query"),
    [
        # Rows are asked for, one number for each, two numbers, or a list.
        ("How many outings did the rowers with more than one make?", ROWS),
        ("How many outings has each rower with more than one?", ROWS),
        ("Which rowers went out in two boats, and what is the number of rowers?", KEYS),
        ("How many rowers and how many boats were out twice?", ROWS),
        ("List the rowers who used two boats", KEYS),
        ("How many rowers went out more than once?", f"{ROWS} ORDER BY 1 LIMIT 1"),
        ("How many rowers went out more than once?", f"SELECT COUNT(*) FROM ({KEYS}) AS s"),
        ("How many rowers are there?", "SELECT COUNT(*) FROM rowers"),
        (
            "How many rowers went out?",
            "SELECT rower_id, COUNT(*) FROM outings GROUP BY 1 HAVING COUNT(*) > 1",
        ),
    ],
)
def test_other_counts_stay(question: str, query: str) -> None:
    assert things_counted(question, TABLES, DUCKDB)(query) == query


def test_things_with_all_of_the_others_are_one_number() -> None:
    result = QueryResult(pd.DataFrame({"n": [2]}), 1, False, 0.0, ())
    whole = demand("auto", "Number of rowers who have been out in at least one boat of every club")
    assert whole(result, "SELECT COUNT(*) FROM outings") is None
    each = demand("auto", "Number of rowers of every club")
    assert each(result, "SELECT COUNT(*) FROM outings") is not None
