"""Shares whose own condition is in WHERE: what comes back, and which queries are left alone."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.own_share import own_share

_SHARE = "100.0 * SUM(CASE WHEN wait > 20 THEN 1 ELSE 0 END) / COUNT(*)"


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        (
            f"SELECT ward, {_SHARE} AS p FROM stays WHERE NOT wait IS NULL AND wait > 20 GROUP BY ward "
            "HAVING COUNT(*) >= 50",
            f"SELECT ward, {_SHARE} AS p FROM stays WHERE NOT wait IS NULL GROUP BY ward "
            "HAVING COUNT(*) >= 50",
        ),
        (
            "SELECT 100.0 * COUNT(CASE WHEN wait > 20 THEN 1 END) / COUNT(*) FROM stays WHERE wait > 20",
            "SELECT 100.0 * COUNT(CASE WHEN wait > 20 THEN 1 END) / COUNT(*) FROM stays",
        ),
        (f"SELECT {_SHARE} FROM stays WHERE wait > 20", f"SELECT {_SHARE} FROM stays"),
        (
            "SELECT AVG(CASE WHEN ward = 'B' AND wait > 20 THEN 1.0 ELSE 0 END) FROM stays "
            "WHERE wait > 20 AND ward = 'B' AND year = 2020",
            "SELECT AVG(CASE WHEN ward = 'B' AND wait > 20 THEN 1.0 ELSE 0 END) FROM stays WHERE year = 2020",
        ),
    ],
)
def test_the_condition_leaves_where(query: str, meant: str) -> None:
    """The whole query is told, all the rest as it was."""
    problem = own_share(query)
    assert problem is not None
    assert problem.kind == "whole_share"
    assert problem.hint == f"Write: {meant}"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT {_SHARE} FROM stays WHERE NOT wait IS NULL",
        f"SELECT {_SHARE} FROM stays",
        "SELECT AVG(CASE WHEN ward = 'B' AND wait > 20 THEN 1.0 ELSE 0 END) FROM stays WHERE ward = 'B'",
        "SELECT SUM(CASE WHEN wait > 20 THEN 1 ELSE 0 END) FROM stays WHERE wait > 20",
        "SELECT SUM(CASE WHEN wait > 20 THEN cost ELSE 0 END) / COUNT(*) FROM stays WHERE wait > 20",
        f"SELECT {_SHARE} FROM stays WHERE wait > 20 OR ward = 'B'",
        "result = 1",
    ],
)
def test_left_alone(query: str) -> None:
    """What may be less than all rows, or is no share."""
    assert own_share(query) is None
