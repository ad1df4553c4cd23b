"""Rows against rows some way back, periods against the ones before, extremes of two years: which examples are
shown, and what they say of real rows.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import duckdb
import pytest

from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.tools.schema import Column, Table, describe

_HARBOUR = Table(
    "harbour",
    (Column("month", "DATE"), Column("tonnage", "DOUBLE"), Column("ships", "DOUBLE")),
    120,
)
_TEXT_DAYS = Table(
    "harbour",
    (Column("month", "VARCHAR", samples=("'2006-01-01'", "'2006-02-01'")), *_HARBOUR.columns[1:]),
    120,
)
_CALLS = Table(
    "calls",
    (
        Column("call_id", "BIGINT", unique=True),
        Column("called", "DATE"),
        Column("line", "VARCHAR", categories=("'a'", "'b'")),
        Column("minutes", "DOUBLE"),
    ),
    500,
)


def _shown(question: str, table: Table, dialect: str = "DuckDB") -> str:
    text = nearest_sql(question, describe([table]), dialect, table)
    return text.rpartition("```sql\n")[2].partition("\n```")[0]


@pytest.mark.parametrize(
    ("question", "lag"),
    [
        ("In how many months was the tonnage below its level of twelve months earlier?", "12"),
        ("How many months had less tonnage than 12 months before?", "12"),
        ("How often was the tonnage lower than a year before, counting months?", "12"),
        ("In how many months did the tonnage fall short of that of the same month of the year before?", "12"),
        ("Number of months with a tonnage lower than in the same month of the previous year", "12"),
        ("In how many months was the tonnage under that of six months before?", "6"),
        ("How many months had less tonnage than three rows before?", "3"),
        ("In how many quarters was the tonnage below that of the same quarter of the year before?", "4"),
        ("How many quarters had a lower tonnage than a year earlier?", "4"),
        ("On how many days was the tonnage lower than a week before?", "7"),
    ],
)
def test_less_than_some_rows_before(question: str, lag: str) -> None:
    assert _shown(question, _HARBOUR) == (
        f"SELECT COUNT(*) FROM (SELECT tonnage, LAG(tonnage, {lag}) OVER (ORDER BY month) AS previous "
        "FROM harbour) AS s WHERE tonnage < previous"
    )


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("In how many months was the tonnage above that of 12 months earlier?", "WHERE tonnage > previous"),
        (
            "In which month did the tonnage rise most over twelve months earlier?",
            "ORDER BY change IS NULL, change DESC",
        ),
        (
            "In which month had the tonnage dropped most against a year before?",
            "ORDER BY change IS NULL, change LIMIT",
        ),
        (
            "By how much did the tonnage of each month change against twelve months earlier?",
            "LAG(tonnage, 12)",
        ),
        (
            "Percentage change of the tonnage of each month over a year earlier",
            "100.0 * (tonnage / LAG(tonnage, 12)",
        ),
    ],
)
def test_other_comparisons_with_rows_before(question: str, part: str) -> None:
    assert part in _shown(question, _HARBOUR)


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("What was the average tonnage of the three months before July 2020?", _HARBOUR),
        ("In how many months was the tonnage lower than in the month before?", _HARBOUR),
        ("How many calls were made 3 days before the end of the month?", _CALLS),
        ("In how many months was the tonnage above 20?", _HARBOUR),
    ],
)
def test_other_kinds_have_no_rows_back(question: str, table: Table) -> None:
    assert ", 12) OVER" not in _shown(question, table)
    assert ", 3) OVER" not in _shown(question, table)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Mean tonnage per calendar year. Which year's rose the most over that of the year before?",
            (
                "SELECT YEAR(month) AS year FROM harbour GROUP BY YEAR(month)",
                "AVG(tonnage) - LAG(AVG(tonnage)) OVER (ORDER BY YEAR(month)) DESC LIMIT 1",
            ),
        ),
        (
            "In which year did the average tonnage increase most compared with the previous year?",
            ("LAG(AVG(tonnage))", "DESC LIMIT 1"),
        ),
        (
            "Average tonnage by year: what year saw the largest drop from the year before?",
            ("LAG(AVG(tonnage))", "OVER (ORDER BY YEAR(month)) LIMIT 1"),
        ),
        (
            "Add up the tonnage of each year. Which year's total grew the most over the year before?",
            ("YEAR(month) AS year", "LAG(SUM(tonnage))"),
        ),
    ],
)
def test_figures_of_years_and_then_their_changes(question: str, parts: tuple[str, ...]) -> None:
    assert all(part in _shown(question, _HARBOUR) for part in parts)


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("In which month did the number of calls fall the most against the month before?", "LAG(COUNT(*))"),
        ("Which quarter's total minutes rose the most over the previous quarter?", "LAG(SUM(minutes))"),
        (
            "Count the calls of each month; which month saw the biggest increase over the one before?",
            "LAG(COUNT(*))",
        ),
    ],
)
def test_counts_and_totals_of_other_periods(question: str, part: str) -> None:
    shown = _shown(question, _CALLS)
    assert part in shown
    assert "LAG(" in shown


def test_changes_of_periods_are_right_on_real_rows() -> None:
    question = "Which year's mean of minutes fell the most against the year before?"
    rows = "INSERT INTO calls VALUES (1, '2019-01-02', 'a', 5), (2, '2020-03-01', 'a', 9),"
    rows += " (3, '2020-05-01', 'a', 7), (4, '2021-01-01', 'b', 7.5), (5, '2022-01-01', 'b', 2)"
    with duckdb.connect() as one, closing(sqlite3.connect(":memory:")) as other:
        for database, dialect in ((one, "DuckDB"), (one, "PostgreSQL"), (other, "SQLite")):
            database.execute("DROP TABLE IF EXISTS calls")
            database.execute("CREATE TABLE calls (call_id INT, called DATE, line VARCHAR, minutes DOUBLE)")
            database.execute(rows)
            found = database.execute(_shown(question, _CALLS, dialect)).fetchall()
            assert [str(year) for (year,) in found] == ["2022"]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "From the best month of 2008 to the worst one of 2010, how many percent of tonnage were lost?",
            ("MAX(CASE WHEN YEAR(month) = 2008", "MIN(CASE WHEN YEAR(month) = 2010", "100.0"),
        ),
        (
            "By what percentage did the tonnage change from the lowest of 2015 to the highest of 2017?",
            ("MIN(CASE WHEN YEAR(month) = 2015", "MAX(CASE WHEN YEAR(month) = 2017", "100.0"),
        ),
        (
            "How much less was the minimum tonnage in 2019 than the maximum tonnage in 2018?",
            ("MIN(CASE WHEN YEAR(month) = 2019", "MAX(CASE WHEN YEAR(month) = 2018"),
        ),
        (
            "By how much did the peak tonnage rise between the peak of 2011 and the peak of 2014?",
            ("MAX(CASE WHEN YEAR(month) = 2011", "MAX(CASE WHEN YEAR(month) = 2014"),
        ),
    ],
)
def test_extremes_of_two_years(question: str, parts: tuple[str, ...]) -> None:
    assert all(part in _shown(question, _HARBOUR) for part in parts)


def test_the_loss_from_the_best_to_the_worst_is_a_share_of_the_best() -> None:
    question = "From the best month of 2020 to the worst of 2021, how many percent of tonnage were lost?"
    rows = [("2020-01-01", 90), ("2020-02-01", 80), ("2021-01-01", 60), ("2021-02-01", 45), ("2022-01-01", 9)]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE harbour (month DATE, tonnage REAL, ships REAL)")
        connection.executemany("INSERT INTO harbour VALUES (?, ?, 1)", rows)
        assert connection.execute(_shown(question, _HARBOUR, "SQLite")).fetchall() == [(50,)]


def test_days_may_be_texts() -> None:
    for question in (
        "In how many months was the tonnage below that of twelve months earlier?",
        "From the best month of 2020 to the worst of 2021, how many percent of tonnage were lost?",
        "Mean tonnage of each year: which year's fell the most over the year before?",
    ):
        assert _shown(question, _TEXT_DAYS) == _shown(question, _HARBOUR) != ""
    # Other examples of dates may take what texts do not have.
    assert "INTERVAL" not in _shown("the total tonnage of the last 30 days", _TEXT_DAYS)
