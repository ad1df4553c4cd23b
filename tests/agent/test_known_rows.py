"""A share of the rows with a value is one of all rows."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.checks.known_rows import of_all_rows
from qwen_magics.agent.checks.shares import shares
from qwen_magics.errors import QueryError
from qwen_magics.tools.result import QueryResult

_CASE = "SUM(CASE WHEN phone IS NOT NULL THEN 1 ELSE 0 END)"


@pytest.mark.parametrize(
    "code",
    [
        f"SELECT 100.0 * {_CASE} / COUNT(phone) FROM guides",
        f"SELECT {_CASE} * 100.0 / COUNT(phone) AS share FROM guides",
        f"SELECT 100.0 * ({_CASE}) / CAST(COUNT(phone) AS DOUBLE) FROM guides",
        "SELECT 100.0 * COUNT(phone) / COUNT(phone) FROM guides",
        "SELECT 100.0 * COUNT(CASE WHEN phone IS NOT NULL THEN 1 END) / COUNT(phone) FROM guides",
    ],
)
def test_the_whole_are_all_rows(code: str) -> None:
    whole = of_all_rows(code)
    assert "COUNT(*)" in whole
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE guides AS SELECT * FROM (VALUES ('1'), ('2'), ('3'), (NULL)) AS t(phone)"
        )
        assert connection.execute(whole).fetchall() == [(75.0,)]


@pytest.mark.parametrize(
    "code",
    [
        f"SELECT 100.0 * {_CASE} / COUNT(*) FROM guides",
        f"SELECT 100.0 * {_CASE} / COUNT(id) FROM guides",
        "SELECT 100.0 * SUM(CASE WHEN fee > 5 THEN 1 ELSE 0 END) / COUNT(fee) FROM guides",
        "SELECT 100.0 * SUM(CASE WHEN fee IS NULL THEN 1 ELSE 0 END) / COUNT(fee) FROM guides",
        "result = guides.phone.notna().mean() / 1",
        "SELECT FROM",
    ],
)
def test_other_shares_are_left_alone(code: str) -> None:
    assert of_all_rows(code) == ""


def test_the_hint_says_the_query() -> None:
    code = f"SELECT 100.0 * {_CASE} / COUNT(phone) AS share FROM guides"
    result = QueryResult(pd.DataFrame({"share": [100.0]}), 1, False, 0.0, ("guides",))
    problems: list[QueryError] = []
    for check in shares("What percentage of the guides has a phone?", ()):
        problems += filter(None, [check(result, code)])
    assert [problem.kind for problem in problems] == ["whole_share"]
    assert "COUNT(*)" in problems[0].hint and "WHERE" not in problems[0].hint
