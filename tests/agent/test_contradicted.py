"""Conditions that no row can meet together, in queries and in hints."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.contradicted import contradicted, is_sound
from qwen_magics.agent.checks.demands import demand
from qwen_magics.errors import QueryError
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Table


@pytest.mark.parametrize(
    "where",
    [
        "back = '2024-12-31' AND back IS NULL",
        "back IS NULL AND paid = 1 AND t.x = 2 AND back <= '2024-12-31'",
        "back IN ('a', 'b') AND back IS NULL",
        "x = 1 AND (back LIKE 'a%' AND back IS NULL)",
        "kind = 'a' AND kind = 'b'",
        "kind = 'a' AND kind <> 'a'",
        "n > 5 AND n < 5",
        "n >= 7 AND n < 3.5",
        "d > '2024-03-01' AND d <= '2024-01-31'",
        "kind IN ('a', 'b') AND kind NOT IN ('a', 'b', 'c')",
        "id IN (SELECT id FROM u) AND id NOT IN (SELECT id FROM u)",
        "id IN (SELECT id FROM u WHERE y > 2) AND id NOT IN (SELECT id FROM u)",
        "y = 1 OR (back IS NULL AND back > 3)",
    ],
)
def test_what_never_holds(where: str) -> None:
    error = contradicted(f"SELECT COUNT(*) FROM t WHERE {where}")
    assert error is not None and error.kind == "never_true"


@pytest.mark.parametrize(
    "where",
    [
        "back = '2024-12-31' OR back IS NULL",
        "begun <= '2024-12-31' AND (back IS NULL OR back > '2024-12-31')",
        "back IS NOT NULL AND back = '2024-12-31'",
        "a.kind = 'x' AND b.kind = 'y'",
        "LOWER(kind) = 'a' AND kind = 'A'",
        "kind = 'a' AND kind = 'A'",
        "n >= 5 AND n <= 5",
        "n > 3 AND n < 5",
        "d > '2024-03-01' AND d <= '2024-10'",
        "n = m AND n = k",
        "kind IN ('a', 'b') AND kind NOT IN ('b')",
        "id IN (SELECT id FROM u) AND id NOT IN (SELECT id FROM u WHERE y > 2)",
        "id IN (SELECT id FROM u WHERE y > 2) AND id NOT IN (SELECT id FROM u WHERE y < 2)",
        "id IN (SELECT id FROM u) AND id NOT IN (SELECT id FROM v)",
        "id IN (SELECT id FROM u JOIN v ON u.k = v.k) AND id NOT IN (SELECT id FROM u)"
        " AND id NOT IN (SELECT id FROM w)",
        "CASE WHEN n > 5 THEN 1 ELSE 2 END = 1 AND n < 5 OR n IS NULL",
    ],
)
def test_what_may_hold(where: str) -> None:
    assert contradicted(f"SELECT COUNT(*) FROM t WHERE {where}") is None


def test_a_program_is_no_query() -> None:
    assert contradicted('result = t[(t["x"] > 3) & (t["x"] < 2)]') is None


def test_a_hint_that_contradicts_itself() -> None:
    bad = "Write: SELECT COUNT(*) FROM t WHERE back = 1 AND back IS NULL"
    assert not is_sound(QueryError("k", "m", bad))
    assert is_sound(QueryError("k", "m", bad.replace("AND", "OR")))
    assert is_sound(QueryError("k", "m", "Use COUNT(*)."))


def test_such_a_hint_is_not_told() -> None:
    dates = tuple(Column(name, "DATE", nulls=9) for name in ("taken", "due", "returned"))
    table = Table("rentals", dates, 90)
    question = "How many rentals of 2022-12-31 had not been returned by the end of 31 days?"
    check = demand("auto", question, [table])
    result = QueryResult(pd.DataFrame({"n": [3]}), 1, False, 0.0, ("rentals",))
    assert check(result, "SELECT COUNT(*) FROM rentals WHERE due = '2022-12-31' AND returned IS NULL") is None
    error = check(result, "SELECT COUNT(*) FROM rentals WHERE returned > '2022-12-31' AND returned IS NULL")
    assert error is not None and error.kind == "never_true"
