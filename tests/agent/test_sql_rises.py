"""Runs of rises, multiples of what is usual, and the first time that a thing passed a limit."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest

from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import Column, Table, describe

HARBOUR = Table("harbour", (Column("day", "DATE"), Column("tide", "DOUBLE")), 8)
TIDES = [3, 4, 5, 4, 5, 6, 7, 2]
RIVERS = Table(
    "rivers",
    (
        Column("river", "VARCHAR", categories=("'Elbe'", "'Oder'", "'Rhine'")),
        Column("length", "DOUBLE"),
        Column("flow", "DOUBLE"),
        Column("year", "BIGINT", samples=("1990",)),
    ),
    30,
)
ROWS = [("Elbe", 5, 40, 1990), ("Elbe", 90, 60, 1991), ("Elbe", 9, 70, 1992), ("Oder", 20, 99, 1989)]


def shown(question: str, table: Table) -> str:
    """The example that stands next to the question."""
    text = nearest_sql(question, describe([table]), "DuckDB", table)
    return text.rpartition("```sql\n")[2].partition("\n```")[0]


def ran(query: str) -> list[object]:
    """Its one value in DuckDB and in SQLite."""
    found = []
    for connection in (duckdb.connect(), sqlite3.connect(":memory:")):
        connection.execute("CREATE TABLE harbour (day DATE, tide DOUBLE)")
        days = [(f"2020-01-0{n}", tide) for n, tide in enumerate(TIDES, 1)]
        connection.executemany("INSERT INTO harbour VALUES (?, ?)", days)
        connection.execute("CREATE TABLE rivers (river TEXT, length DOUBLE, flow DOUBLE, year INTEGER)")
        connection.executemany("INSERT INTO rivers VALUES (?, ?, ?, ?)", ROWS)
        found += [row[0] for row in connection.execute(query).fetchall()]
        connection.close()
    return found


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("What's the longest run of days on which the tide was higher than on the day before?", 3),
        ("For how many days in a row at most did the tide rise?", 3),
        ("How long was the longest streak of days with a tide above the previous day's?", 3),
        ("The longest series of consecutive days with a rising tide: how many days?", 3),
        ("What is the greatest number of consecutive days on which the tide increased?", 3),
        ("Longest spell of days, each with a tide lower than the day before", 1),
        ("At most, how many days running did the tide fall?", 1),
        ("How many days did the longest losing streak of the tide last?", 1),
    ],
)
def test_runs_of_rises(question: str, days: int) -> None:
    assert ran(shown(question, HARBOUR)) == [days, days]


@pytest.mark.parametrize(
    "question",
    [
        "What is the longest run of days with a tide above 5?",
        "When did the longest run of rising tides begin?",
        "What was the largest rise of the tide from one day to the next?",
        "How many days was the tide higher than on the day before?",
    ],
)
def test_other_runs(question: str) -> None:
    assert "1 - num" not in nearest_sql(question, describe([HARBOUR]), "DuckDB", HARBOUR)


@pytest.mark.parametrize(
    ("question", "year"),
    [
        (
            "Take the river with the largest total length. What year did its flow first pass 50?",
            1991,
        ),
        ("For the river that has the highest length in all, when did its flow first exceed 50?", 1991),
        ("Which river has the greatest total length, and in which year was its flow last above 50?", 1992),
        (
            "Find the river with the most length overall: in what year was its flow last below 65?",
            1991,
        ),
        (
            "Pick the river with the highest length over all years. In which year did its flow first top 50?",
            1991,
        ),
    ],
)
def test_the_first_time_that_it_passed_a_limit(question: str, year: int) -> None:
    assert ran(shown(question, RIVERS)) == [year, year]


@pytest.mark.parametrize(
    ("question", "function"),
    [
        ("How many times as high as the average of all rivers is the Elbe's flow?", "AVG(flow) FROM rivers)"),
        ("How many times the median flow over all rivers is that of the Elbe?", "MEDIAN(flow) FROM rivers)"),
        ("The flow of the Elbe as a multiple of the mean of all rivers?", "AVG(flow) FROM rivers)"),
        ("What multiple of the overall median flow does the Elbe have?", "MEDIAN(flow) FROM rivers)"),
        ("By how many times the average of the other rivers is the flow of the Elbe larger?", "<> 'Elbe'"),
        ("Ratio of the flow of the Elbe to the average over all rivers", "AVG(flow) FROM rivers)"),
    ],
)
def test_one_value_as_a_multiple(question: str, function: str) -> None:
    query = shown(question, RIVERS)
    assert function in query and "river = 'Elbe'" in query


def test_windows_in_windows_are_told_to_go_inside() -> None:
    import pandas as pd

    nested = "SELECT SUM(LAG(tide) OVER (ORDER BY day)) OVER (ORDER BY day) FROM harbour"
    frame = pd.DataFrame({"day": [1, 2], "tide": TIDES[:2]})
    with FrameDatabase({"harbour": frame}) as database, pytest.raises(QueryError) as raised:
        database.check(nested)
    assert raised.value.kind == "window_place" and "inner SELECT" in raised.value.hint


def test_runs_of_quarters_go_by_the_year_first() -> None:
    columns = (
        Column("year", "BIGINT", samples=("1990",)),
        Column("quarter", "BIGINT"),
        Column("tide", "DOUBLE"),
    )
    query = shown(
        "For how many quarters in a row did the tide rise, at the longest?", Table("tides", columns, 9)
    )
    assert query.count("ORDER BY year, quarter)") == 2
    assert "SELECT year, quarter, CASE" in query
