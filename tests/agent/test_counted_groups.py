"""Chosen groups are counted where the question asks how many."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.counted_groups import counted_groups
from qwen_magics.tools.result import QueryResult

ROWS = QueryResult(pd.DataFrame({"month": [1, 2], "n": [3, 4]}), 2, False, 0.0, ())
CODE = "SELECT month, COUNT(*) AS n FROM days GROUP BY month HAVING COUNT(*) > 2"


def test_they_are_counted() -> None:
    check = counted_groups("How many months had more than two days, by the column kind?")
    problem = check(ROWS, f"{CODE} ORDER BY month")
    assert problem is not None
    assert problem.hint == f"Write: SELECT COUNT(*) FROM ({CODE}) AS s"
    assert check(ROWS, CODE) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("How many days are there in each month with more than two?", CODE),
        ("How many days by month, where there are more than two?", CODE),
        ("Which months had more than two days?", CODE),
        ("How many days are there?", "SELECT month, COUNT(*) AS n FROM days GROUP BY month"),
        ("How many months had more than two days?", f"{CODE} LIMIT 3"),
    ],
)
def test_other_questions_stay(question: str, code: str) -> None:
    assert counted_groups(question)(ROWS, code) is None


def test_one_row_is_no_list() -> None:
    one = QueryResult(pd.DataFrame({"n": [3]}), 1, False, 0.0, ())
    assert counted_groups("How many months had more than two days?")(one, CODE) is None
