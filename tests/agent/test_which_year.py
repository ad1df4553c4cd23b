"""A date where a year is asked for comes back with the year of it."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.which_year import which_year
from qwen_magics.tools.schema import Column, Table

PRICES = Table("prices", (Column("day", "DATE"), Column("price", "DOUBLE"), Column("since", "INTEGER")), 9)
BEST = "SELECT day FROM prices GROUP BY day ORDER BY AVG(price) DESC LIMIT 1"


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (
            BEST,
            "SELECT EXTRACT(YEAR FROM day) AS year FROM prices GROUP BY EXTRACT(YEAR FROM day) "
            "ORDER BY AVG(price) DESC LIMIT 1",
        ),
        (
            "SELECT day FROM prices ORDER BY price DESC LIMIT 1",
            "SELECT EXTRACT(YEAR FROM day) AS year FROM prices ORDER BY price DESC LIMIT 1",
        ),
    ],
)
def test_the_year_is_asked_for(code: str, hint: str) -> None:
    check = which_year("In which year was the average price the highest?", [PRICES])
    problem = check(code)
    assert problem is not None
    assert problem.hint == f"Write: {hint}"
    assert check(code) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("On which day was the price the highest?", BEST),
        ("In which year and month was the price the highest?", BEST),
        ("In which year, and on what date, was it the highest?", BEST),
        ("In which year was it the highest?", "SELECT EXTRACT(YEAR FROM day) FROM prices"),
        ("In which year was it the highest?", "SELECT since FROM prices ORDER BY price LIMIT 1"),
        ("In which year was it the highest?", "SELECT MAX(day) FROM prices"),
        ("In which year was it the highest?", "result = prices['day'].max()"),
    ],
)
def test_other_questions_and_queries_stay(question: str, code: str) -> None:
    assert which_year(question, [PRICES])(code) is None
