"""Figures minus themselves, minutes for hours, a day for a year, another date, days of the week."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.day_for_year import day_for_year
from qwen_magics.agent.checks.done_in_year import done_in_year
from qwen_magics.agent.checks.hours_as_minutes import hours_as_minutes
from qwen_magics.agent.checks.minus_itself import minus_itself
from qwen_magics.agent.checks.weekday_order import weekday_order
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import SQLITE

_AIR = Table("air", (Column("seen", "TIMESTAMP"), Column("no2", "DOUBLE")), 90)
_BUSES = Table(
    "buses",
    (
        *(Column(name, "BIGINT") for name in ("arr_delay", "delay_hours", "stops")),
        Column("line", "VARCHAR"),
    ),
    90,
)
_BILLS = Table(
    "bills",
    (*(Column(n, "DATE", nulls=3) for n in ("sent", "due", "paid_on")), Column("sum", "DOUBLE")),
    90,
)


def _result(*cells: float) -> QueryResult:
    return QueryResult(pd.DataFrame({"n": list(cells)}), len(cells), False, 0.0, ())


def test_a_figure_minus_itself_is_told_with_both_ranges() -> None:
    question = "How much higher is no2 in @air, as a mean of 7 to 9 o'clock, than that of 13 to 15 o'clock?"
    error = minus_itself(question, [_AIR])("SELECT AVG(no2) - AVG(no2) FROM air WHERE HOUR(seen) = 7")
    assert error is not None and error.hint == (
        "Write: SELECT AVG(CASE WHEN HOUR(seen) BETWEEN 7 AND 9 THEN no2 END) - "
        "AVG(CASE WHEN HOUR(seen) BETWEEN 13 AND 15 THEN no2 END) FROM air"
    )


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("SELECT MAX(no2) - MAX(no2) FROM air WHERE x = 1", "MAX(CASE WHEN … THEN no2 END)"),
        ("SELECT line, COUNT(*) - COUNT(*) FROM air GROUP BY line", "SUM(CASE WHEN … THEN 1"),
    ],
)
def test_a_figure_minus_itself_without_ranges(code: str, hint: str) -> None:
    error = minus_itself("Which is higher?", [_AIR])(code)
    assert error is not None and hint in error.hint


@pytest.mark.parametrize(
    "code",
    [
        "SELECT MAX(no2) - MIN(no2) FROM air",
        "SELECT AVG(CASE WHEN a = 1 THEN no2 END) - AVG(CASE WHEN a = 2 THEN no2 END) FROM air",
        "SELECT no2 - LAG(no2) OVER (ORDER BY seen) FROM air",
        "SELECT a.no2 - b.no2 FROM air AS a, air AS b",
        "result = air['no2'].mean() - air['no2'].mean()",
    ],
)
def test_other_differences(code: str) -> None:
    assert minus_itself("How much higher?", [_AIR])(code) is None


def _delays(code: str) -> QueryResult:
    return _result(800 if "arr_delay" in code else 20)


@pytest.mark.parametrize(
    ("question", "where", "meant"),
    [
        ("How many buses of @buses came more than two hours late?", "arr_delay > 2", "arr_delay > 120"),
        ("Buses with a delay of an hour or more", "arr_delay >= 1", "arr_delay >= 60"),
        ("Buses over 1.5 hours late", "arr_delay > 1.5", "arr_delay > 90"),
        ("Buses late by one and a half hours", "arr_delay > 1.5", "arr_delay > 90"),
    ],
)
def test_hours_of_a_column_of_minutes(question: str, where: str, meant: str) -> None:
    code = "SELECT COUNT(*) FROM buses WHERE "
    check = hours_as_minutes(question, [_BUSES], _delays)
    error = check(_result(3), code + where)
    assert error is not None and error.hint == f"Write: {code}{meant}"
    assert check(_result(3), code + where) is None


@pytest.mark.parametrize(
    ("question", "where"),
    [
        ("Buses more than two hours late", "arr_delay > 120"),
        ("Buses more than two hours late", "delay_hours > 2"),
        ("Buses of two hours with more than two stops", "stops > 2"),
        ("Buses more than two minutes late, of the hours since six", "arr_delay > 2"),
        ("Buses more than 2 late", "arr_delay > 2"),
    ],
)
def test_other_comparisons(question: str, where: str) -> None:
    code = f"SELECT COUNT(*) FROM buses WHERE {where}"
    assert hours_as_minutes(question, [_BUSES], _delays)(_result(3), code) is None


def test_small_delays_may_be_hours() -> None:
    code = "SELECT COUNT(*) FROM buses WHERE arr_delay > 2"
    assert (
        hours_as_minutes("More than two hours late?", [_BUSES], lambda _: _result(30))(_result(3), code)
        is None
    )


def test_one_day_for_a_year() -> None:
    code = "SELECT SUM(no2) FROM air WHERE seen = '1855-04-01 00:00:00' AND x = 1"
    error = day_for_year("What was the sum in 1855?")(code)
    assert (
        error is not None
        and error.hint == "Write: SELECT SUM(no2) FROM air WHERE YEAR(seen) = 1855 AND x = 1"
    )
    error = day_for_year("Sum for the whole year 1855", SQLITE)(code)
    assert error is not None and "STRFTIME('%Y', seen) = '1855'" in error.hint


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Sum in April 1855", "SELECT SUM(no2) FROM air WHERE seen = '1855-04-01'"),
        ("Sum on the first day of 1855", "SELECT SUM(no2) FROM air WHERE seen = '1855-01-01'"),
        ("Sum in 1855", "SELECT SUM(no2) FROM air WHERE seen >= '1855-01-01'"),
        ("From the end of 1854 to 1855, the sum", "SELECT SUM(no2) FROM air WHERE seen = '1855-01-01'"),
        ("Sum of 1855-04-01", "SELECT SUM(no2) FROM air WHERE seen = '1855-04-01'"),
        ("Sum at the latest date in 1855", "SELECT SUM(no2) FROM air WHERE seen = '1855-12-01'"),
    ],
)
def test_days_that_are_meant(question: str, code: str) -> None:
    assert day_for_year(question)(code) is None


@pytest.mark.parametrize(
    "question",
    ["Sum of the bills received in 2024", "Bills that were paid during May 2024: what is the sum?"],
)
def test_the_date_of_what_was_done(question: str) -> None:
    code = "SELECT SUM(sum), AVG(paid_on - due) FROM bills WHERE YEAR(due) = 2024"
    error = done_in_year(question, [_BILLS])(code)
    assert error is not None and error.hint == "Write: " + code.replace("YEAR(due)", "YEAR(paid_on)")


@pytest.mark.parametrize(
    ("question", "year_of"),
    [
        ("Sum of the bills due in 2024 that were paid", "due"),
        ("Sum of the bills paid in 2024", "paid_on"),
        ("Sum of the bills sent in 2024", "sent"),
        ("Sum of the bills due by 2024 and paid in 2024", "due"),
        ("Sum of the bills of 2024", "due"),
    ],
)
def test_the_date_that_is_meant(question: str, year_of: str) -> None:
    code = f"SELECT SUM(sum), AVG(paid_on - due) FROM bills WHERE YEAR({year_of}) = 2024"
    assert done_in_year(question, [_BILLS])(code) is None


_DAYS = "SELECT DAYNAME(seen) AS d, COUNT(*) FROM air"


@pytest.mark.parametrize(
    ("question", "code", "meant"),
    [
        (
            "Readings per weekday, Monday to Sunday",
            f"{_DAYS} GROUP BY DAYNAME(seen)",
            f"{_DAYS} GROUP BY DAYNAME(seen) ORDER BY MIN(ISODOW(seen))",
        ),
        (
            "Readings per day of the week, starting with Sunday",
            f"{_DAYS} GROUP BY DAYNAME(seen) ORDER BY DAYNAME(seen)",
            f"{_DAYS} GROUP BY DAYNAME(seen) ORDER BY MIN(DAYOFWEEK(seen))",
        ),
    ],
)
def test_days_of_the_week_in_order(question: str, code: str, meant: str) -> None:
    error = weekday_order(question)(code)
    assert error is not None and error.hint == f"Write: {meant}"


def test_all_days_are_no_condition() -> None:
    days = ", ".join(f"'{d}day'" for d in ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"))
    code = f"{_DAYS} WHERE no2 > 1 AND DAYNAME(seen) IN ({days}) GROUP BY DAYNAME(seen)"
    error = weekday_order("By weekday from Monday to Sunday")(code)
    assert error is not None and "WHERE no2 > 1 GROUP BY" in error.hint


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Readings on Mondays", f"{_DAYS} GROUP BY DAYNAME(seen)"),
        ("From Monday to Sunday, by line", "SELECT line, COUNT(*) FROM air GROUP BY line"),
        ("Monday to Sunday", f"{_DAYS} GROUP BY DAYNAME(seen) ORDER BY MIN(ISODOW(seen))"),
        ("Monday to Sunday", f"{_DAYS} GROUP BY DAYNAME(seen) ORDER BY COUNT(*) DESC"),
        ("Monday to Friday", f"{_DAYS} GROUP BY DAYNAME(seen)"),
    ],
)
def test_other_orders(question: str, code: str) -> None:
    assert weekday_order(question)(code) is None
