"""Which questions see the examples of things by how their rows compare, and what these say of real rows."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest

from qwen_magics.agent.examples.sql.quotas import SQL_QUOTAS
from qwen_magics.agent.examples.sql.recipes import firm_sql, nearest_sql
from qwen_magics.agent.links.joined import joined
from qwen_magics.agent.words.counted import counts_rows
from qwen_magics.tools.schema import Column, Join, Table, describe

MILLS = Table("mills", (Column("mill_id", "BIGINT", unique=True), Column("name", "VARCHAR")), 3)
BATCHES = Table(
    "batches",
    (
        Column("batch_id", "BIGINT", unique=True),
        Column("mill_id", "BIGINT"),
        Column("ordered", "DATE"),
        Column("promised", "DATE"),
        Column("delivered", "DATE", nulls=1),
        Column("tons", "DOUBLE"),
        Column("grain", "VARCHAR", categories=("'oat'", "'rye'")),
    ),
    7,
    joins=(Join("batches", "mill_id", "mills", "mill_id"),),
)
TABLES = (BATCHES, MILLS)
MADE = (
    "CREATE TABLE mills (mill_id INT, name TEXT)",
    "INSERT INTO mills VALUES (1, 'Old'), (2, 'New'), (3, 'Top')",
    "CREATE TABLE batches (batch_id INT, mill_id INT, ordered DATE, promised DATE, delivered DATE, "
    "tons REAL, grain TEXT)",
    "INSERT INTO batches VALUES (1,1,'2021-01-01','2021-01-09','2021-01-10',5,'rye'),"
    "(2,1,'2022-02-01','2022-02-09','2022-02-11',11,'rye'),(3,1,'2022-03-01','2022-03-09',NULL,0,'oat'),"
    "(4,2,'2021-01-01','2021-01-09','2021-01-05',8,'oat'),(5,2,'2022-01-01','2022-01-09','2022-01-10',16,'rye'),"
    "(6,3,'2022-01-01','2022-01-09','2022-01-05',3,'oat')",
)


def rows(question: str) -> list[tuple[object, ...]]:
    """What the query of the kind gives, in both systems the same."""
    about = joined(question, BATCHES, TABLES)
    cursor, lite = duckdb.connect(), sqlite3.connect(":memory:")
    for statement in MADE:
        cursor.execute(statement)
        lite.execute(statement)
    found = cursor.execute(firm_sql(question, describe(TABLES), "DuckDB", about)).fetchall()
    same = lite.execute(firm_sql(question, describe(TABLES), "SQLite", about)).fetchall()
    lite.close()
    assert same == found
    return found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How many mills have made more batches than the average mill?", [(1,)]),
        ("Which mills have more batches than the average?", [(1,)]),
        ("How many mills have a number of batches below the mean?", [(1,)]),
        ("Which mills delivered more than half of all their batches late?", [(1,)]),
        ("How many mills delivered at least half of their batches after the promised date?", [(2,)]),
        ("How many mills delivered over 60% of their batches behind schedule?", [(1,)]),
        ("How many mills have less than half of their batches in rye?", [(1,)]),
        ("How many mills more than doubled their tons from 2021 to 2022?", [(1,)]),
        ("How many mills doubled their tons in 2022 compared with 2021?", [(2,)]),
    ],
)
def test_what_it_gives(question: str, found: list[tuple[object, ...]]) -> None:
    assert rows(question) == found


@pytest.mark.parametrize(
    ("question", "end"),
    [
        (
            "Of the batches that have been delivered, which percentage came late?",
            "NOT NULL",
        ),
        ("Among all delivered batches, what share was late for each grain?", "NOT NULL GROUP BY grain"),
        ("Considering only the delivered batches, which percentage were late, grain by grain?", "BY grain"),
    ],
)
def test_shares_of_what_is_done(question: str, end: str) -> None:
    shown = nearest_sql(question, describe([BATCHES]), "DuckDB", BATCHES).rstrip("\n`")
    assert "CASE WHEN delivered > promised" in shown
    assert shown.endswith(end)


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of the batches were delivered late?",
        "Which batches have more tons than the average?",
        "How many mills have a larger share than the average?",
        "How many batches were delivered late in 2021?",
        "By how many tons did rye grow from 2021 to 2022?",
        "How many batches are more than half of the tons?",
    ],
)
def test_other_questions_see_none(question: str) -> None:
    asked = {line for line in nearest_sql(question, describe([BATCHES]), "DuckDB").splitlines()}
    assert not asked & {f"Question: {recipe.question}" for recipe in SQL_QUOTAS}


def test_more_than_the_average_of_a_column_counts_no_rows() -> None:
    schema = describe([BATCHES])
    assert counts_rows("mills with more batches than the average", schema)
    assert counts_rows("mills with more workers in 2021 than in 2020", schema)
    assert not counts_rows("mills with more tons than the average", schema)


@pytest.mark.parametrize(
    ("question", "function"),
    [
        ("What is the median value of a load in each port? The value is the sum of its lines.", "MEDIAN"),
        ("Average value of a bill per table, where a bill's value is the total of its items", "AVG"),
        ("What is the largest value of a load, its lines added up?", "MAX"),
    ],
)
def test_values_that_are_sums_of_lines_take_two_levels(question: str, function: str) -> None:
    shown = nearest_sql(question, describe(TABLES), "DuckDB")
    assert f"{function}(total)" in shown


def test_a_plain_average_takes_one_level() -> None:
    shown = nearest_sql("What is the average price of a loaf in each town?", describe(TABLES), "DuckDB")
    assert "(total)" not in shown
