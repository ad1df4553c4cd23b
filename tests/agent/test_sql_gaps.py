"""Which questions see the examples of rows of the same thing that follow one another, and what these say."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest

from qwen_magics.agent.checks.structure import structure
from qwen_magics.agent.examples.sql.gaps import SQL_GAPS
from qwen_magics.agent.examples.sql.recipes import firm_sql, nearest_sql
from qwen_magics.agent.links.joined import joined
from qwen_magics.tools.schema import Column, Join, Table, describe

HORSES = Table("horses", (Column("horse_id", "BIGINT", unique=True), Column("name", "VARCHAR")), 3)
RIDES = Table(
    "rides",
    (
        Column("ride_id", "BIGINT", unique=True),
        Column("horse_id", "BIGINT"),
        Column("started", "DATE"),
        Column("stable", "VARCHAR", categories=("'North'", "'South'")),
    ),
    7,
    joins=(Join("rides", "horse_id", "horses", "horse_id"),),
)
TABLES = (RIDES, HORSES)
MADE = (
    "CREATE TABLE rides (ride_id INT, horse_id INT, started DATE, stable TEXT)",
    "INSERT INTO rides VALUES (1,1,'2024-01-01','North'),(2,1,'2024-01-05','South'),"
    "(3,1,'2024-02-10','North'),(4,2,'2024-01-02','North'),(5,2,'2024-01-22','North'),(6,3,'2024-01-03','South'),"
    "(7,2,'2024-01-25','South')",
)


def firm(question: str, dialect: str = "DuckDB") -> str:
    """The query of the kind, over the rides and what they belong to."""
    about = joined(question, RIDES, TABLES)
    return firm_sql(question, describe(TABLES), dialect, about)


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("How many rides took place within 10 days of the same horse's previous ride?", 2),
        ("Count the rides no more than 4 days after the last ride of the same horse.", 2),
        ("How many rides came less than 4 days after the horse's previous ride?", 1),
        ("How many rides were taken more than 5 days after that horse's preceding ride?", 2),
        ("How many rides were followed by another ride of the same horse within 4 days?", 2),
        ("How many horses were out again within 30 days of their last ride?", 2),
        ("How many horses had their second ride 7 days or less after their first one?", 1),
        ("In how many cases did a horse's second ride come at least 20 days after its first?", 1),
        ("On average, how many days lie between a horse's first and second ride?", 12),
        ("From one ride of a horse to the next ride of that horse, how many days pass on average?", 15.75),
        ("What is the longest time in days between two consecutive rides of the same horse?", 36),
        ("What's the median gap in days between successive rides by the same horse?", 12),
        ("How many days does a horse wait on average from one ride to its next?", 15.75),
    ],
)
def test_one_number(question: str, value: float) -> None:
    cursor = duckdb.connect()
    for statement in MADE:
        cursor.execute(statement)
    [(found,)] = cursor.execute(firm(question)).fetchall()
    assert found == value
    if "MEDIAN" not in firm(question, "SQLite"):
        lite = sqlite3.connect(":memory:")
        for statement in MADE:
            lite.execute(statement)
        assert lite.execute(firm(question, "SQLite")).fetchall() == [(value,)]
        lite.close()


def test_one_for_each() -> None:
    cursor = duckdb.connect()
    for statement in MADE:
        cursor.execute(statement)
    each = firm("For each horse, the longest number of days between consecutive rides")
    assert dict(cursor.execute(each).fetchall()) == {1: 36, 2: 20, 3: None}
    most = firm("Which horse had the longest break between two consecutive rides?")
    assert cursor.execute(most).fetchall() == [(1,)]


@pytest.mark.parametrize(
    "question",
    [
        "What was the longest time in days between one storm and the next?",
        "How many days passed on average between consecutive floods?",
        "How many parcels arrived more than 3 days after the promised date?",
        "How many rides were there in the last 7 days?",
        "How many rides started within 5 days of the horse's birth?",
        "What share of the rides came within 7 days of the same horse's previous ride?",
        "Which horses rode again within 7 days of their previous ride?",
        "How many horses came second in their first race?",
    ],
)
def test_other_questions_see_none(question: str) -> None:
    own = {recipe.question for recipe in SQL_GAPS}
    text = nearest_sql(question, describe(TABLES), "DuckDB", RIDES)
    assert not any(line.removeprefix("Question: ") in own for line in text.splitlines())
    assert "PARTITION BY horse_id ORDER BY started) AS previous" not in text


SAME = "How many rides took place within 10 days of the same horse's previous ride?"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "SELECT COUNT(*) FROM (SELECT started, LAG(started) OVER (ORDER BY started) AS p FROM rides) "
            "AS s WHERE started - p <= 10",
            "PARTITION BY",
        ),
        ("SELECT COUNT(*) FROM rides WHERE started - ride_id <= 10", "LAG"),
        (
            "SELECT COUNT(*) FROM (SELECT started, LAG(started) OVER w AS p FROM rides "
            "WINDOW w AS (PARTITION BY horse_id ORDER BY started)) AS s WHERE started - p <= 10",
            "",
        ),
        (
            "SELECT COUNT(*) FROM rides AS a WHERE EXISTS (SELECT 1 FROM rides AS b "
            "WHERE b.horse_id = a.horse_id AND b.started < a.started AND a.started - b.started <= 10)",
            "",
        ),
        (
            "SELECT COUNT(DISTINCT a.ride_id) FROM rides AS a JOIN rides AS b ON a.horse_id = b.horse_id "
            "AND b.started < a.started AND a.started - b.started <= 10",
            "",
        ),
    ],
)
def test_the_row_before_of_the_same(code: str, told: str) -> None:
    found = structure(firm(SAME))(code)
    assert (told in found.message) if found is not None else not told
    assert bool(found) == bool(told)
