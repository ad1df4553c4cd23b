"""The one with the most of something, and how many of something else it has."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest

from qwen_magics.agent.checks.structure import structure
from qwen_magics.agent.examples.whole.chosen import chosen
from qwen_magics.agent.examples.worked import worked_query
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import SQLITE

COACHES = Table("coaches", (Column("coach_id", "BIGINT", unique=True), Column("name", "VARCHAR")), 2)
LESSONS = Table(
    "lessons",
    (Column("lesson_id", "BIGINT", unique=True), Column("coach_id", "BIGINT"), Column("hours", "DOUBLE")),
    5,
    joins=(Join("lessons", "coach_id", "coaches", "coach_id"),),
)
TIPS = Table(
    "tips",
    (
        Column("tip_id", "BIGINT", unique=True),
        Column("lesson_id", "BIGINT"),
        Column("amount", "DOUBLE"),
        Column("cash", "BIGINT", samples=("0", "1")),
    ),
    4,
    joins=(Join("tips", "lesson_id", "lessons", "lesson_id"),),
)
TABLES = (COACHES, LESSONS, TIPS)
MADE = (
    "CREATE TABLE lessons (lesson_id INT, coach_id INT, hours REAL)",
    "INSERT INTO lessons VALUES (1, 1, 1), (2, 1, 2), (3, 1, 1), (4, 2, 9), (5, 2, 9)",
    "CREATE TABLE tips (tip_id INT, lesson_id INT, amount REAL, cash INT)",
    "INSERT INTO tips VALUES (1, 1, 50, 0), (2, 1, 60, 1), (3, 4, 10, 1), (4, 4, 10, 1), (5, 5, 10, 0)",
)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Find the coach who got the highest total of tips, cash or not. How many lessons did he give?", 3),
        ("How many lessons did the coach with the largest total amount of tips give?", 3),
        ("Take the coach with the most tips: how many lessons has she given?", 2),
        ("Which coach has received the fewest tips, and how many lessons did they give?", 3),
        ("What is the number of tips of the coach who gave the most lessons?", 2),
        ("Pick the coach whose lessons add up to the most hours in total; how many tips did they get?", 3),
        ("Look at the coach with the smallest average tips amount. How many lessons are hers?", 2),
    ],
)
def test_the_one_and_then_its_rows(question: str, number: int) -> None:
    found = chosen(question, TABLES)
    assert found is not None
    cursor = duckdb.connect()
    lite = sqlite3.connect(":memory:")
    for statement in MADE:
        cursor.execute(statement)
        lite.execute(statement)
    assert cursor.execute(found.query).fetchall() == [(number,)]
    other = chosen(question, TABLES, SQLITE)
    assert other is not None
    assert lite.execute(other.query).fetchall() == [(number,)]
    lite.close()
    assert found.query in worked_query(question, TABLES)


@pytest.mark.parametrize(
    "question",
    [
        "How many lessons did the coach with the most lessons give?",
        "How many lessons and how many tips has the coach with the most tips?",
        "How many lessons did each coach with the most tips give?",
        "How many lessons did the three coaches with the most tips give?",
        "Which coach has the most tips?",
        "Find the coach with the highest single tip. How many lessons did he give?",
        "How many lessons had a tip?",
    ],
)
def test_nothing_else(question: str) -> None:
    assert chosen(question, TABLES) is None


def test_rows_of_both_at_once_come_back() -> None:
    found = chosen("Find the coach with the most tips. How many lessons did she give?", TABLES)
    assert found is not None
    joined = (
        "SELECT COUNT(*) FROM lessons JOIN tips ON tips.lesson_id = lessons.lesson_id GROUP BY coach_id "
        "ORDER BY COUNT(tip_id) DESC LIMIT 1"
    )
    told = structure(found.query)(joined)
    assert told is not None
    assert found.query in told.hint
    assert structure(found.query)(found.query) is None
