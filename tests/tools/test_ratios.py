"""Ratios that are 1 whatever the data."""

from __future__ import annotations

import pytest

from qwen_magics.tools.sql.ratios import divided_by_itself

WEB = "SUM(CASE WHEN channel = 'web' THEN 1 ELSE 0 END)"


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (f"SELECT {WEB} / {WEB} * 100 FROM orders", WEB),
        ("SELECT 100.0 * (SUM(price)) / SUM(price) FROM sales", "SUM(price)"),
        ("SELECT a FROM (SELECT price / price AS a FROM sales) AS s", "price"),
        (f"SELECT 100.0 * {WEB} / COUNT(*) FROM orders", ""),
        (
            "SELECT SUM(a) / SUM(b), 10 / 10, SUM(price) / SUM(SUM(price)) OVER () FROM sales GROUP BY shop",
            "",
        ),
        ("SELECT 1", ""),
        ("SELECT ( / ", ""),
    ],
)
def test_what_is_divided_by_itself(sql: str, expected: str) -> None:
    assert divided_by_itself(sql) == expected
