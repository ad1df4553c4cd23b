"""Ranges over the end of a year, which AND makes empty."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.impossible import impossible


@pytest.mark.parametrize(
    "code",
    [
        'result = t[(t["date"].dt.month >= 12) & (t["date"].dt.month <= 2)].shape[0]',
        "SELECT 1 FROM t WHERE MONTH(date) >= 12 AND MONTH(date) <= 2",
        "SELECT 1 FROM t WHERE (hour > 22 AND hour < 6)",
        "SELECT 1 FROM t WHERE MONTH(date) BETWEEN 11 AND 2 AND x = 1",
    ],
)
def test_a_range_that_holds_nothing(code: str) -> None:
    error = impossible(code)
    assert error is not None and error.kind == "never_true" and "OR" in str(error)


@pytest.mark.parametrize(
    "code",
    [
        'result = t[(t["date"].dt.month >= 12) | (t["date"].dt.month <= 2)].shape[0]',
        "SELECT 1 FROM t WHERE a >= 12 AND b <= 2",
        "SELECT 1 FROM t WHERE a >= 2 AND a <= 12 AND c BETWEEN -5 AND 7.5",
        "SELECT 1 FROM t WHERE d BETWEEN '2024-12-01' AND '2025-02-28'",
    ],
)
def test_every_other_range(code: str) -> None:
    assert impossible(code) is None
