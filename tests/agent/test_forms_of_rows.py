"""Checks of what a query counts, repeats, leaves out and lays out; and spans of time as numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.counted_values import counted_values
from qwen_magics.agent.checks.demands import demand
from qwen_magics.agent.checks.month_as_quarter import month_as_quarter
from qwen_magics.agent.checks.or_not_at_all import or_not_at_all
from qwen_magics.agent.checks.row_for_each_kind import row_for_each_kind
from qwen_magics.agent.checks.shares import shares
from qwen_magics.agent.checks.text_forms import text_forms
from qwen_magics.agent.durations import in_units
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import SQLITE

_VISITS = pd.DataFrame({"city": ["Bern", "Bern", "Ulm", "Ulm"], "street": ["a 1", "b 2", "c", "d"], "fee": 1})


@pytest.mark.parametrize(
    ("question", "code", "hint"),
    [
        (
            "How many cities are there in visits with an e in their name?",
            "SELECT COUNT(*) FROM visits WHERE city LIKE '%e%'",
            "SELECT COUNT(DISTINCT city) FROM visits WHERE city LIKE '%e%'",
        ),
        ("How many visits were made in Bern?", "SELECT COUNT(*) FROM visits WHERE city = 'Bern'", ""),
        ("How many streets have a number?", "SELECT COUNT(*) FROM visits WHERE street LIKE '% %'", ""),
        ("How many cities are there?", "SELECT COUNT(DISTINCT city) FROM visits", ""),
        ("How many rows have a city?", "SELECT COUNT(*) FROM visits", ""),
    ],
)
def test_values_that_repeat_are_counted_once(question: str, code: str, hint: str) -> None:
    with FrameDatabase({"visits": _VISITS}) as database:
        found = counted_values(question, database.tables, database.run)(database.run(code), code)
    assert (found.hint if found is not None else "") == (f"Write: {hint}" if hint else "")


@pytest.mark.parametrize(
    ("question", "code", "found"),
    [
        ("How long is the name of each city in visits?", "SELECT city, LENGTH(city) FROM visits", True),
        ("What is the city of each visit?", "SELECT city FROM visits", False),
        ("How long is the name of each city?", "SELECT DISTINCT city, LENGTH(city) FROM visits", False),
    ],
)
def test_each_thing_is_listed_once(question: str, code: str, found: bool) -> None:
    with FrameDatabase({"visits": _VISITS}) as database:
        error = demand("auto", question, database.tables)(database.run(code), code)
    assert (error is not None and "SELECT DISTINCT city" in error.hint) is found


_LOANS = Table("loans", (Column("loaned", "DATE"), Column("returned", "DATE", nulls=3)), 100)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How many loans were returned after May 2, 2023 or not at all?", True),
        ("How many loans were returned after May 2, 2023 or have never come back?", True),
        ("How many loans were returned before May 2, 2023 or not at all?", False),
        ("How many loans were returned after May 2, 2023?", False),
    ],
)
def test_what_never_came_has_no_date(question: str, found: bool) -> None:
    error = or_not_at_all(question, [_LOANS])("SELECT COUNT(*) FROM loans WHERE returned > '2023-05-02'")
    assert (error is not None) is found
    if error is not None:
        assert error.hint.endswith("WHERE (returned > '2023-05-02' OR returned IS NULL)")


def test_rows_are_asked_for_and_columns_given() -> None:
    sums = [f"SUM(CASE WHEN a = '{value}' THEN b ELSE 0 END)" for value in "xy"]
    code = f"SELECT {sums[0]} AS x, {sums[1]} FROM t"
    found = row_for_each_kind("The sum of b of x and that of y, one row for each, please.")(code)
    assert found is not None
    assert found.hint == "Write: SELECT a, SUM(b) FROM t WHERE a IN ('x', 'y') GROUP BY a"
    assert row_for_each_kind("One row for each shop, please.")(code) is None
    apart = row_for_each_kind("Both in two rows.")("SELECT MIN(a) AS low, MAX(a) AS high FROM t")
    assert apart is not None
    assert apart.hint == (
        "Write: SELECT 'low' AS kind, MIN(a) AS value FROM t UNION ALL SELECT 'high' AS kind, "
        "MAX(a) AS value FROM t"
    )


def test_names_are_turned_round() -> None:
    people = Table("people", (Column("name", "VARCHAR"), Column("city", "VARCHAR")), 9)
    code = "SELECT name FROM people WHERE city = 'Ulm'"
    found = text_forms("Names of the people in Ulm, last name first", [people])(code)
    assert found is not None and r"REGEXP_REPLACE(name, '^(.*) (\S+)$', '\2, \1')" in found.hint
    assert text_forms("Names of the people, last name first", [people], SQLITE)(code) is not None
    assert text_forms("People sorted by last name first, then by city", [people])(code) is None
    apart = Table("people", (Column("name", "VARCHAR"), Column("last_name", "VARCHAR")), 9)
    assert text_forms("Names of the people in Ulm, last name first", [apart])(code) is None


def test_quarters_of_a_table_with_months() -> None:
    trips = Table("trips", (Column("month", "BIGINT"), Column("at", "VARCHAR")), 9)
    check = month_as_quarter([trips])
    found = check("SELECT QUARTER(CAST(at AS TIMESTAMP)) FROM trips")
    assert found is not None and found.hint == "Write the quarter as (month + 2) // 3."
    dated = Table("trips", (Column("month", "BIGINT"), Column("at", "TIMESTAMP")), 9)
    assert month_as_quarter([dated])("SELECT QUARTER(at) FROM trips") is None


def test_spans_are_numbers_of_the_unit_that_is_asked_for() -> None:
    spans = pd.DataFrame({"result": [pd.Timedelta(days=574)]})
    assert in_units(spans, "How many days passed?").iat[0, 0] == 574
    assert in_units(spans, "How many weeks passed?").iat[0, 0] == 82
    assert in_units(spans, "What was the longest gap?") is spans
    halves = pd.DataFrame({"a": ["x", "y"], "gap": [pd.Timedelta(hours=36), pd.NaT]})
    assert in_units(halves, "the average number of days for each a")["gap"].tolist()[0] == 1.5


def test_a_measure_stays_one_in_the_hint_about_a_ratio_of_itself() -> None:
    question = "How many times as large is the mean fee of Bern as that of Ulm?"
    found = [
        check(None, "SELECT AVG(fee) / AVG(fee) FROM visits WHERE city = 'Bern'")  # type: ignore[arg-type]
        for check in list(shares(question, []))[:1]
    ]
    assert found[0] is not None and "AVG(CASE WHEN … THEN fee END)" in found[0].hint
