"""Which questions see the examples of two stages and of several rows, and what these say of real rows."""

from __future__ import annotations

import duckdb
import pytest

from qwen_magics.agent.examples.sql.paths import SQL_PATHS
from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.agent.examples.sql.stages import SQL_STAGES
from qwen_magics.tools.schema import Column, Table, describe

TRAMS = Table(
    "trams",
    (
        Column("line", "VARCHAR", categories=("'North'", "'South'")),
        Column("stop", "VARCHAR"),
        Column("delay", "DOUBLE"),
        Column("left_at", "DATE"),
        Column("came_at", "DATE"),
        Column("depot_id", "BIGINT"),
    ),
    90,
)
PLANTS = Table(
    "plants",
    (
        Column("year", "BIGINT", samples=("1990", "1991")),
        Column("fuel", "VARCHAR", categories=("'coal'", "'wind'")),
        Column("output", "DOUBLE"),
    ),
    90,
)
NUMBERS = Table("jobs", (Column("month", "DATE"), Column("trade", "DOUBLE")), 90)


def shown(question: str, table: Table, dialect: str = "DuckDB") -> str:
    """The example that stands next to the question."""
    text = nearest_sql(question, describe([table]), dialect, table)
    return text.rpartition("```sql\n")[2].partition("\n```")[0]


@pytest.mark.parametrize(
    ("question", "table", "found"),
    [
        ("Of the five stops with the most trams, which has the worst average delay?", TRAMS, "LIMIT 5"),
        (
            "Considering just the 20 busiest stops, at which one is the share of late trams highest?",
            TRAMS,
            "1.0",
        ),
        ("Which of the ten stops with the most trams has the longest mean delay?", TRAMS, "AVG(delay)"),
        ("Restrict yourself to the ten most common stops. Where is the delay greatest?", TRAMS, "AVG(delay)"),
        ("Find the stop with the most trams. How many days were its trams away?", TRAMS, "DATE_DIFF"),
        ("In the year of the highest output of wind, what share of all output was wind?", PLANTS, "'wind'"),
        ("In how many years did coal make up more than half of the output of that year?", PLANTS, "HAVING"),
        ("How did trade change from one June to the next, from 2001 to 2009?", NUMBERS, "QUALIFY"),
        ("How did trade develop from March to March?", NUMBERS, "QUALIFY"),
        ("What is the most frequent family name at a stop?", TRAMS, "SPLIT_PART"),
        ("Interquartile range of the days from left_at to came_at", TRAMS, "QUANTILE_CONT"),
        ("For each year the number of trams and the running total", TRAMS, "SUM(COUNT(*))"),
        ("How many depots sent two trams, the second back already but the first not?", TRAMS, "AS a JOIN"),
    ],
)
def test_the_question_sees_the_example(question: str, table: Table, found: str) -> None:
    query = shown(question, table)
    assert found in query


@pytest.mark.parametrize(
    "question",
    [
        "Which ten stops have the most trams?",
        "How many trams have the last name Olsen?",
        "What was the delay from March to May?",
        "How many trams left on the day with the longest delay?",
        "What is the first and the second stop of each line?",
    ],
)
def test_others_do_not(question: str) -> None:
    text = nearest_sql(question, describe([TRAMS]), "DuckDB", TRAMS)
    for recipe in (*SQL_STAGES, *SQL_PATHS):
        assert recipe.text("DuckDB", "trams").partition("```sql\n")[2] not in text


def test_a_later_row_of_the_same_thing_and_numbers_of_two_tables() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE shops AS FROM (VALUES (1, 'Rome'), (2, 'Rome'), (3, 'Oslo')) AS t(id, city);"
            "CREATE TABLE sales AS SELECT * FROM (VALUES (1, '2020-01-01', NULL), (1, '2020-01-02', 'yes'), "
            "(2, '2020-01-01', 'yes'), (2, '2020-01-05', NULL)) AS t(shop_id, sold_at, paid_at)"
        )
        later, ratio = (connection.execute(recipe.query).fetchall() for recipe in SQL_PATHS)
    assert later == [(1,)]
    assert sorted(ratio) == [("Oslo", 0.0), ("Rome", 2.0)]
