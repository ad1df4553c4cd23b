"""The time that is asked for holds for both sides of a comparison."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.narrowing import narrowed

GERMANY = "(SELECT gdp FROM c WHERE country = 'Germany' AND year = 2007)"


def test_a_year_that_only_the_inner_select_has() -> None:
    check, code = narrowed(), f"SELECT COUNT(*) FROM c WHERE gdp > {GERMANY}"
    error = check(code)
    assert error is not None and "year = 2007" in error.message
    assert check(code) is None


@pytest.mark.parametrize(
    "code",
    [
        f"SELECT COUNT(*) FROM c WHERE year = 2007 AND gdp > {GERMANY}",
        f"SELECT COUNT(*) FROM c WHERE year = 1952 AND gdp > {GERMANY}",
        f"SELECT COUNT(*) FROM d WHERE gdp > {GERMANY}",
        "SELECT COUNT(*) FROM c WHERE gdp > (SELECT AVG(gdp) FROM c WHERE continent = 'Asia')",
        "SELECT COUNT(*) FROM c WHERE country IN (SELECT country FROM c WHERE year = 2007)",
        "SELECT COUNT(*) FROM c JOIN d ON c.id = d.id WHERE gdp > (SELECT MAX(gdp) FROM c WHERE year = 1)",
        "result = c[c['year'] == 2007]",
        "SELECT SELECT (",
    ],
)
def test_everything_else(code: str) -> None:
    assert narrowed()(code) is None
