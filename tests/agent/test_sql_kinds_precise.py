"""The examples of a question are of its kind: what misled, and what is shown instead."""

from __future__ import annotations

import duckdb
import pytest

from qwen_magics.agent.examples.sql.recipes import firm_sql, nearest_sql
from qwen_magics.tools.schema import Column, Table

_SCHEMA = (
    "CREATE TABLE visits (id INTEGER, guide TEXT, hall TEXT, fee DOUBLE, begun DATE, paid_on DATE)\n"
    "CREATE TABLE guides (id INTEGER, name TEXT)"
)
_VISITS = Table(
    "visits",
    (
        Column("id", "INTEGER", unique=True),
        Column("guide", "VARCHAR"),
        Column("hall", "VARCHAR"),
        Column("fee", "DOUBLE"),
        Column("begun", "DATE"),
        Column("paid_on", "DATE"),
    ),
    rows=500,
)


@pytest.mark.parametrize(
    "question",
    [
        "What is the average surplus of the visits? Per visit, take fee minus cost, then the mean.",
        "How long do visits last? One row per year: the average number of days from begin to end.",
        "By how much did the number of visits rise or fall against the year before, hall by hall?",
        "How many visits does each hall have? The most popular hall first.",
        "Rank the guides by their fee",
        "How many guides began more than half of their visits after the agreed time?",
        "Number of visits in each year since the start of 2015",
    ],
)
def test_no_firm_example_of_another_kind(question: str) -> None:
    assert firm_sql(question, _SCHEMA, "DuckDB", _VISITS) == ""


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("How many days of each kind are there?", "number of days between"),
        ("How many seats do the halls have on average, by floor?", "has a"),
        ("By how many percent did the mean fee of each hall change?", "on average?"),
        ("How often did a guide lead who is not the guide that was booked?", "have no"),
        ("Take the difference between fee and cost. On how many days was it highest?", "unknown ones aside"),
        ("What share of the guides can be reached by phone, or not?", "does each"),
    ],
)
def test_nor_any_other(question: str, other: str) -> None:
    assert other not in nearest_sql(question, _SCHEMA, "DuckDB", _VISITS)


@pytest.mark.parametrize(
    "question",
    [
        "For each year, how many visits had begun by the end of that year?",
        "How did the number of visits build up over the years?",
        "The number of visits that had taken place up to the end of each year",
        "Per year: the cumulative number of visits",
        "How many guides had we trained by the close of each calendar year?",
    ],
)
def test_what_had_come_until_each_year(question: str) -> None:
    firm = firm_sql(question, _SCHEMA, "SQLite", _VISITS)
    assert "SUM(COUNT(*)) OVER (ORDER BY STRFTIME('%Y', begun))" in firm


@pytest.mark.parametrize(
    "question",
    [
        "For each month of 2023, how did the number of visits go up or down against the month before?",
        "Monthly change in the number of visits in 2023, each month against the previous month",
        "How many more or fewer visits than in the preceding month were there, month by month in 2023?",
        "Month-over-month difference in the number of visits for 2023",
    ],
)
def test_the_first_month_of_a_year_is_compared_as_well(question: str) -> None:
    firm = firm_sql(question, _SCHEMA, "DuckDB", _VISITS)
    assert "LAG(COUNT(*))" in firm and firm.endswith("QUALIFY YEAR(begun) = 2023")
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE visits AS SELECT * FROM (VALUES (DATE '2022-12-03'), (DATE '2022-12-09'), "
            "(DATE '2023-01-05'), (DATE '2023-02-01'), (DATE '2023-02-02')) AS t(begun)"
        )
        assert connection.execute(f"{firm} ORDER BY 1").fetchall() == [(1, -1), (2, 1)]


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("What percentage of the guides have a phone number on file?", "100.0 * COUNT("),
        ("For what share of the visits is the hall recorded?", "100.0 * COUNT("),
        ("What percentage of visitors gave us their address?", "100.0 * COUNT("),
        ("What percentage of the visits has no guide on record?", "IS NULL THEN 1"),
        ("Which fraction of visits lacks a hall?", "IS NULL THEN 1"),
        ("For each hall, what percentage of the visits were cancelled?", "> 10 THEN 1"),
    ],
)
def test_shares_of_rows(question: str, query: str) -> None:
    assert query in nearest_sql(question, _SCHEMA, "DuckDB", _VISITS)
