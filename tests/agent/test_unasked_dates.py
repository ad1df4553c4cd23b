"""Years and months from nowhere are sent back, in whatever words a dialect has for them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.agent.checks.unasked import unasked

BRIEF = "how many parcels came in April, whatever the year?"


@pytest.mark.parametrize(
    "condition",
    [
        "STRFTIME('%Y', came) = '2022'",
        "strftime(came, '%Y') = '2022'",
        "CAST(STRFTIME('%Y', came) AS INTEGER) = 2022",
        "YEAR(came) = 2022",
        "EXTRACT(YEAR FROM came) = 2022",
        "DATE_PART('year', came) IN (2022, 2023)",
        "TO_CHAR(came, 'YYYY') = '2022'",
        "DATE_FORMAT(`came`, '%Y') = '2022'",
        "DATEPART(year, came) = 2022",
        "SUBSTR(came, 1, 4) = '2022'",
        "LEFT(came, 4) = '2022'",
        "came >= '2022-04-01'",
        "came BETWEEN DATE '2022-04-01' AND DATE '2022-04-30'",
        "came LIKE '2022-04%'",
        "STRFTIME('%Y-%m', came) = '2022-04'",
        "DATE_TRUNC('month', came) = '2022-04-01'",
    ],
)
def test_a_year_from_nowhere(condition: str) -> None:
    error = unasked(BRIEF)(f"SELECT COUNT(*) FROM parcels WHERE {condition} AND weight = 1")
    assert error is not None and error.kind == "unasked" and "2022" in error.message


@pytest.mark.parametrize(
    "code",
    [
        "result = len(parcels[parcels['came'].dt.year == 2022])",
        'result = len(parcels[parcels["came"] >= "2022-04-01"])',
        'result = parcels[parcels.came < pd.Timestamp("2022-05-01")]',
        'result = parcels[parcels.came.str.startswith("2022")]',
    ],
)
def test_a_year_from_nowhere_in_a_program(code: str) -> None:
    error = unasked(BRIEF)(code)
    assert error is not None and "2022" in error.message


@pytest.mark.parametrize(
    "condition", ["MONTH(came) = 4", "STRFTIME('%m', came) = '04'", "SUBSTR(came, 6, 2) = '04'"]
)
def test_a_month_from_nowhere(condition: str) -> None:
    sql = f"SELECT COUNT(*) FROM parcels WHERE {condition}"
    assert unasked("how many parcels are heavy?")(sql) is not None
    assert unasked(BRIEF)(sql) is None
    for other in ("in the summer", "in the second quarter", "by Easter", "on 4/1"):
        assert unasked(f"how many parcels came {other}?")(sql) is None


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("how many parcels came in 2022?", "YEAR(came) = 2022"),
        ("how many parcels came in 2022?", "came >= '2022-01-01' AND came < '2023-01-01'"),
        ("how many parcels came from 2019 to 2023?", "YEAR(came) IN (2019, 2020, 2021, 2022, 2023)"),
        ("how many parcels came last year?", "YEAR(came) = 2022"),
        ("how many of the customers are older than 30?", "birthday < '1992-01-01'"),
        ("who was born in the nineties?", "birthday BETWEEN '1990-01-01' AND '1999-12-31'"),
        # The tables may be of one year alone.
        ("how many parcels came on 24 December?", "came = '2022-12-24'"),
        ("how many parcels came in April?", "STRFTIME('%Y-%m', came) = '2022-04'"),
        ("what is the population of France?", "year = 2007"),
        ("how many parcels are heavy?", "code = 'A-2022' AND weight > 0"),
        ("how many parcels of each year are heavy?", "came IS NOT NULL AND YEAR(came) = YEAR(left_on)"),
    ],
)
def test_what_is_said_in_some_way(question: str, condition: str) -> None:
    assert unasked(question)(f"SELECT COUNT(*) FROM parcels WHERE {condition}") is None


def test_years_that_are_laid_across_are_no_filter() -> None:
    sql = "SELECT SUM(CASE WHEN YEAR(came) = 2022 THEN 1 ELSE 0 END) AS y2022 FROM parcels"
    assert unasked("lay the years of the parcels across")(sql) is None


@given(code=st.text(max_size=80))
def test_any_text_is_taken(code: str) -> None:
    unasked(BRIEF)(f"SELECT {code} WHERE YEAR(came) = 2022")
    unasked(BRIEF)(code)


@pytest.mark.parametrize("since", ["'2014-12-31'", "'2014-01-01'"])
def test_years_back_from_a_day_are_said(since: str) -> None:
    question = "Which members had been in the club for ten years or more on 31 December 2024?"
    assert unasked(question)(f"SELECT name FROM members WHERE joined <= {since}") is None
    assert unasked("members on 31 December 2024")(f"SELECT 1 FROM m WHERE joined <= {since}") is not None
