"""The date that is meant: of parts, of the return, by name; and the number beside a mean."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.day_of_parts import day_of_parts
from qwen_magics.agent.checks.done_not_due import done_not_due
from qwen_magics.agent.checks.two_figures import two_figures
from qwen_magics.agent.checks.weekday_names import weekday_names
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE

_TRIPS = Table(
    "trips",
    (
        *(Column(name, "BIGINT") for name in ("year", "month", "day")),
        Column("left_at", "VARCHAR", samples=("'2013-01-01T10:00:00Z'",)),
        Column("line", "VARCHAR", samples=("'red'",)),
    ),
    90,
)
_RENTALS = Table(
    "rentals", (*(Column(n, "DATE") for n in ("taken", "due", "returned")), Column("fee", "DOUBLE")), 90
)
_BY_TEXT = "SELECT CAST(left_at AS DATE) AS d FROM trips GROUP BY d ORDER BY COUNT(*) LIMIT 1"


def test_the_day_is_that_of_the_parts() -> None:
    found = day_of_parts("On which date were there the fewest trips?", [_TRIPS])(_BY_TEXT)
    assert found is not None
    assert "SELECT MAKE_DATE(year, month, day) AS d FROM trips GROUP BY d" in found.hint


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("On which date by left_at were there the fewest trips?", _BY_TEXT),
        ("In which hour of which day were there most trips?", _BY_TEXT),
        ("Which line has the most trips?", _BY_TEXT),
        ("Which UTC date had the most trips?", _BY_TEXT),
        ("On which date were there most trips?", "SELECT day FROM trips GROUP BY year, month, day LIMIT 1"),
    ],
)
def test_another_day_is_not_touched(question: str, code: str) -> None:
    assert day_of_parts(question, [_TRIPS])(code) is None


@pytest.mark.parametrize(
    ("question", "code", "right"),
    [
        (
            "How many rentals were returned within 7 days after they were taken?",
            "SELECT COUNT(*) FROM rentals WHERE JULIANDAY(due) - JULIANDAY(taken) <= 7",
            "SELECT COUNT(*) FROM rentals WHERE JULIANDAY(returned) - JULIANDAY(taken) <= 7",
        ),
        (
            "Of the rentals that came back, how many did so in at most 3 days?",
            "SELECT COUNT(*) FROM rentals WHERE returned IS NOT NULL AND due <= DATE(taken, '+3 days')",
            "SELECT COUNT(*) FROM rentals WHERE NOT returned IS NULL AND returned <= DATE(taken, '+3 days')",
        ),
        (
            "Of the rentals that were returned, what percentage came back within 7 days?",
            "SELECT 100.0 * SUM(CASE WHEN due - taken <= 7 THEN 1 ELSE 0 END) / COUNT(*) FROM rentals",
            "SELECT 100.0 * SUM(CASE WHEN returned - taken <= 7 THEN 1 ELSE 0 END) / COUNT(*) FROM rentals "
            "WHERE NOT returned IS NULL",
        ),
    ],
)
def test_the_return_is_meant(question: str, code: str, right: str) -> None:
    found = done_not_due(question, [_RENTALS])(code)
    assert found is not None and found.hint == f"Write: {right}"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (
            "How many rentals were returned more than 3 days late?",
            "SELECT COUNT(*) FROM rentals WHERE due < 3",
        ),
        ("How many days after the due date were they returned?", "SELECT AVG(due - taken) FROM rentals"),
        ("How many days may a rental last?", "SELECT MAX(due - taken) FROM rentals"),
        ("How many were returned on time, in days?", "SELECT COUNT(*) FROM rentals WHERE due > taken"),
        (
            "How many days until they came back?",
            "SELECT AVG(returned - taken) FROM rentals WHERE due > taken",
        ),
        ("Which were returned?", "SELECT due FROM rentals"),
    ],
)
def test_what_was_due_is_not_touched(question: str, code: str) -> None:
    assert done_not_due(question, [_RENTALS])(code) is None


def test_names_of_weekdays_in_sqlite() -> None:
    code = "SELECT STRFTIME('%w', taken) AS weekday, COUNT(*) AS n FROM rentals GROUP BY weekday"
    found = weekday_names("On which day of the week are most rentals? Give its English name.", SQLITE)(code)
    assert found is not None
    assert "CASE STRFTIME('%w', taken) WHEN '0' THEN 'Sunday'" in found.hint
    assert found.hint.endswith("END AS weekday, COUNT(*) AS n FROM rentals GROUP BY weekday")


def test_names_of_weekdays_are_told_twice() -> None:
    check = weekday_names("Which day of the week has most rentals, by name?", SQLITE)
    code = "SELECT STRFTIME('%w', taken) FROM rentals"
    assert [check(code) is not None for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("On which day of the week are most rentals?", "SELECT STRFTIME('%w', taken) FROM rentals"),
        ("Rentals by weekday, by name?", "SELECT COUNT(*) FROM rentals WHERE STRFTIME('%w', taken) = '0'"),
        ("Name of the weekday?", "SELECT CASE STRFTIME('%w', taken) WHEN '0' THEN 'Sunday' END FROM rentals"),
        ("Name of the month with most rentals?", "SELECT STRFTIME('%w', taken) FROM rentals"),
    ],
)
def test_numbers_of_weekdays_stay(question: str, code: str) -> None:
    assert weekday_names(question, SQLITE)(code) is None
    assert weekday_names("Which weekday, by name?", DUCKDB)("SELECT STRFTIME('%w', taken) FROM x") is None


@pytest.mark.parametrize(
    "question",
    [
        "Per line: how many trips are there, and how many riders do they have on average?",
        "For each line, how many are there and what is the average fee?",
        "By line, how many trips were there, and how long did they last on average?",
    ],
)
def test_the_number_stands_beside_the_mean(question: str) -> None:
    found = two_figures(question)("SELECT line, AVG(fee) FROM trips GROUP BY line")
    assert found is not None and "SELECT line, COUNT(*) AS number, AVG(fee)" in found.hint


@pytest.mark.parametrize(
    "question",
    [
        "How many riders do trips of red and blue lines have on average?",
        "How many trips and how many riders are there per day on average?",
        "How many riders do trips have on average, by line and year?",
    ],
)
def test_one_mean_is_enough(question: str) -> None:
    assert two_figures(question)("SELECT line, AVG(fee) FROM trips GROUP BY line") is None
