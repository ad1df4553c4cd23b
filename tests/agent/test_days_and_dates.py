"""Days of any year, whole days of three columns, days of the week, spans, and what is done by a date."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.any_year import any_year
from qwen_magics.agent.checks.grouped_alone import grouped_alone
from qwen_magics.agent.checks.other_weekday import other_weekday
from qwen_magics.agent.checks.part_of_day import part_of_day
from qwen_magics.agent.checks.shapes import shapes
from qwen_magics.agent.checks.until_day import until_day
from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.agent.examples.whole.days_late import days_late
from qwen_magics.agent.examples.whole.done_by import done_by
from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.agent.links.linking import value_hints
from qwen_magics.agent.words.month_days import month_day_said
from qwen_magics.agent.words.weekday_said import with_weekdays
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table, describe
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE, Dialect

PLACES = ("'Ulm'", "'Bern'", "'Graz'")
TRIPS = Table(
    "trips",
    (
        *(Column(part, "INTEGER") for part in ("year", "month", "day")),
        Column("place", "VARCHAR", categories=PLACES),
        Column("bus", "VARCHAR"),
    ),
    900,
)
LOANS = Table(
    "loans",
    (Column("loaned", "DATE"), Column("due", "DATE"), Column("returned", "DATE", nulls=4)),
    90,
)
WEATHER = Table(
    "weather",
    (
        Column("date", "DATE"),
        Column("rain", "DOUBLE"),
        Column("wind", "DOUBLE"),
        Column("sky", "VARCHAR", categories=("'clear'", "'cloudy'")),
    ),
    900,
)


def _shown(question: str, table: Table, dialect: Dialect = DUCKDB) -> str:
    schema = describe([table], question=question, dialect=dialect)
    return nearest_sql(question, schema, dialect.title, table)


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "How many trips are there per day on average?",
            "SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM trips GROUP BY year, month, day) AS counts",
        ),
        (
            "On how many different days were there trips?",
            "SELECT COUNT(DISTINCT MAKE_DATE(year, month, day)) FROM trips",
        ),
        (
            "How many trips are there on Thursdays?",
            "SELECT COUNT(*) FROM trips WHERE DAYNAME(MAKE_DATE(year, month, day)) = 'Thursday'",
        ),
        ("How many trips were there on May 1?", "SELECT COUNT(*) FROM trips WHERE month = 5 AND day = 1"),
    ],
)
def test_a_day_is_all_three(question: str, query: str) -> None:
    assert query in _shown(question, TRIPS)


def test_a_day_of_the_month_stays() -> None:
    assert "DISTINCT day)" in _shown("How many different day of the month are there in trips?", TRIPS)


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "What was the highest wind on a 1 January in weather?",
            "SELECT MAX(wind) FROM weather WHERE MONTH(date) = 1 AND DAY(date) = 1",
        ),
        (
            "When was the last date of each year with a rain above 20?",
            "SELECT YEAR(date) AS year, MAX(date) AS last FROM weather WHERE rain > 20 GROUP BY YEAR(date)",
        ),
        (
            "What is the average wind in each quarter of 2015?",
            "SELECT QUARTER(date) AS quarter, AVG(wind) FROM weather WHERE YEAR(date) = 2015 "
            "GROUP BY QUARTER(date)",
        ),
        (
            "What percentage of the days of each year were cloudy?",
            "SELECT YEAR(date) AS year, 100.0 * SUM(CASE WHEN sky = 'cloudy' THEN 1 ELSE 0 END) / COUNT(*) "
            "AS percentage FROM weather GROUP BY YEAR(date)",
        ),
    ],
)
def test_days_of_any_year_and_of_each(question: str, query: str) -> None:
    assert query in _shown(question, WEATHER)


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of the cloudy days fell in each year?",
        "What was the wind on the first day of each year?",
        "What was the highest wind on January 1, 2014?",
        "What was the highest wind from June 1 to August 31?",
    ],
)
def test_other_questions_about_days(question: str) -> None:
    shown = _shown(question, WEATHER)
    assert not any(part in shown for part in ("of any year", "MIN(date)", "CASE WHEN sky = 'cloudy'"))


def test_days_of_the_week_of_the_question() -> None:
    lite = "… STRFTIME('%w', day) = '0'"
    assert with_weekdays("on Sundays?", lite, "on a Friday?")[1] == "… STRFTIME('%w', day) = '5'"
    assert with_weekdays("on Sundays?", lite, "on Friday or Monday?")[1] == lite


def test_a_month_and_a_day_without_a_year() -> None:
    assert month_day_said("lowest on a December 25?") == (12, 25)
    assert month_day_said("sales on the 3rd of May") == (5, 3)
    for other in (
        "on December 25, 2013",
        "since May 3",
        "from May 3 to May 9",
        "last year on May 3",
        "in May",
    ):
        assert month_day_said(other) is None


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (
            "SELECT wind FROM w WHERE date = '2021-12-25'",
            "SELECT wind FROM w WHERE EXTRACT(MONTH FROM date) = 12 AND EXTRACT(DAY FROM date) = 25",
        ),
        (
            "SELECT MIN(wind) FROM w WHERE YEAR(date) = 2021 AND MONTH(date) = 12 AND DAY(date) = 25",
            "SELECT MIN(wind) FROM w WHERE MONTH(date) = 12 AND DAY(date) = 25",
        ),
    ],
)
def test_one_year_is_not_any(code: str, hint: str) -> None:
    problem = any_year("What was the lowest wind on a December 25?")(code)
    assert problem is not None
    assert problem.hint == f"Write: {hint}"
    assert any_year("What was the lowest wind on December 25, 2021?")(code) is None


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (
            "SELECT day, COUNT(*) FROM trips GROUP BY day",
            "SELECT year, month, day, COUNT(*) FROM trips GROUP BY year, month, day",
        ),
        (
            "SELECT COUNT(DISTINCT day) FROM trips WHERE bus = 'A'",
            "SELECT COUNT(DISTINCT MAKE_DATE(year, month, day)) FROM trips WHERE bus = 'A'",
        ),
        ("SELECT day, COUNT(*) FROM trips WHERE month = 6 GROUP BY day", None),
        ("SELECT COUNT(*) FROM trips WHERE day = 1", None),
    ],
)
def test_part_of_a_day(code: str, hint: str | None) -> None:
    problem = part_of_day("How many trips were there on each day?", [TRIPS])(code)
    assert (problem and problem.hint) == (hint and f"Write: {hint}")
    assert part_of_day("How many trips on each day of the month?", [TRIPS])(code) is None
    assert part_of_day("How many trips on each day?", [LOANS])(code) is None


def test_another_day_of_the_week() -> None:
    code = "SELECT COUNT(*) FROM trips WHERE DAYNAME(MAKE_DATE(year, month, day)) = 'Sunday'"
    problem = other_weekday("How many trips were on a Saturday?")(code)
    assert problem is not None
    assert problem.hint.endswith("= 'Saturday'")
    number = other_weekday("How many were on a Saturday?")("SELECT 1 WHERE STRFTIME('%w', day) = '0'")
    assert number is not None
    assert number.hint == "Write: SELECT 1 WHERE STRFTIME('%w', day) = '6'"
    assert other_weekday("How many on a Saturday?")("SELECT 1 WHERE STRFTIME('%w', day) = '6'") is None
    for question in (
        "How many trips were on a Sunday?",
        "More on Saturdays than on Sundays?",
        "per weekday?",
    ):
        assert other_weekday(question)(code) is None


@pytest.mark.parametrize(
    ("question", "sign"),
    [
        ("How many were returned by December 31, 2022?", "<="),
        ("How many were returned before 31 December 2022?", "<"),
        ("How many were returned since 2022-12-31?", ">="),
        ("How many were returned on December 31, 2022?", ""),
        ("How many were out on December 31, 2022?", ""),
    ],
)
def test_until_a_day(question: str, sign: str) -> None:
    problem = until_day(question)("SELECT COUNT(*) FROM loans WHERE returned = '2022-12-31'")
    hint = f"Write: SELECT COUNT(*) FROM loans WHERE returned {sign} '2022-12-31'" if sign else None
    assert (problem and problem.hint) == hint


def test_one_group_of_all() -> None:
    code = "SELECT place, COUNT(*) FROM trips WHERE place = 'Ulm' GROUP BY place"
    question = "Do more of the trips leave from Ulm? Give their number per place."
    problem = grouped_alone(question)(code)
    assert problem is not None
    assert problem.hint == "Write: SELECT place, COUNT(*) FROM trips GROUP BY place"
    assert grouped_alone("How many trips leave Ulm per bus?")(code) is None
    assert value_hints(question, [TRIPS, LOANS]) == ""
    assert "place = 'Ulm'" in value_hints("How many trips leave Ulm per bus?", [TRIPS, LOANS])


@pytest.mark.parametrize(
    "question",
    [
        "How many days after the first loaned is the last one in loans?",
        "How many days before the latest loaned did the earliest one of loans come?",
        "How many days was the last loaned of the loans after the first?",
        "How many days from the earliest to the latest loaned of loans?",
    ],
)
def test_spans_said_from_one_end(question: str) -> None:
    found = spelled_out(question, [LOANS])
    assert found is not None
    assert found.query == "SELECT DATE_DIFF('day', MIN(loaned), MAX(loaned)) AS days FROM loans"


def test_spans_of_two_columns_are_others() -> None:
    assert spelled_out("How many days after the first loaned is the last returned of loans?", [LOANS]) is None


def test_begun_in_a_year_and_done_by_a_day() -> None:
    found = done_by("How many of the loans made in 2022 were returned by December 31, 2022?", [LOANS], SQLITE)
    assert found is not None
    assert found.query == (
        "SELECT COUNT(*) FROM loans WHERE STRFTIME('%Y', loaned) = '2022' AND returned <= '2022-12-31'"
    )
    for other in (
        "How many of the loans made in 2022 were late by December 31, 2022?",
        "How many of the loans made in 2022 by adults were returned by December 31, 2022?",
        "How many loans were returned by December 31, 2022?",
    ):
        assert done_by(other, [LOANS], SQLITE) is None


def test_how_late_on_average() -> None:
    late = "By how many days on average were the loans late that were returned after they were due?"
    found = days_late(late, [LOANS])
    assert found is not None
    assert found.query == "SELECT AVG(DATE_DIFF('day', due, returned)) FROM loans WHERE returned > due"
    # Of all of them, or of those that were late?
    assert days_late("How many days late are loans on average?", [LOANS]) is None


def test_what_joins_is_counted_by_groups() -> None:
    years = QueryResult(pd.DataFrame({"year": [2020, 2021], "n": [3, 4]}), 2, False, 0.0, ())

    def problems(question: str) -> list[str]:
        found = (check(years, "SELECT 1") for check in shapes(question, [], False, lambda code: None))
        return [error.kind for error in found if error is not None]

    assert problems("How many members joined in each year?") == []
    assert problems("How many matches were there per season?") == []
    assert problems("How many had fog? Match them by each day.") == ["not_a_number"]
