"""All rows where the best one is asked for come back with the one."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.one_of_them import one_of_them
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table

FIELDS = Table(
    "fields", (Column("variety", "VARCHAR"), Column("yield", "DOUBLE"), Column("acres", "DOUBLE")), 9
)
ROWS = QueryResult(pd.DataFrame({"variety": ["a", "b"]}), 2, False, 0.0, ())
CODE = "SELECT variety FROM fields WHERE acres > 2"


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("Of the large ones, which variety had the best yield?", "yield DESC"),
        ("Take the large ones: which variety had the lowest yield there?", "yield"),
        ("What variety has the most acres?", "acres DESC"),
    ],
)
def test_one_is_asked_for(question: str, order: str) -> None:
    check = one_of_them(question, [FIELDS])
    problem = check(ROWS, CODE)
    assert problem is not None
    assert problem.hint == f"Write: {CODE} ORDER BY {order} LIMIT 1"
    assert check(ROWS, CODE) is None


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Which varieties had the best yield?", CODE),
        ("Which variety had the best yield of each site?", CODE),
        ("Which three sites had the best yield?", CODE),
        ("Which variety had the best taste?", CODE),
        ("Which variety had the best yield?", f"{CODE} ORDER BY yield DESC"),
        ("Which variety had the best yield?", f"{CODE} AND yield = (SELECT MAX(yield) FROM fields)"),
        ("Which variety had the best yield?", "SELECT variety FROM fields GROUP BY variety"),
        ("Which variety had the best yield?", "result = fields['variety']"),
    ],
)
def test_others_stay(question: str, code: str) -> None:
    assert one_of_them(question, [FIELDS])(ROWS, code) is None
