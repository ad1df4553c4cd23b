"""What says nothing, whatever the data."""

from __future__ import annotations

import pytest

from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.nonsense import divided_by_itself, summed_key

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


MEMBERS = Table("members", (Column("memberId", "BIGINT", unique=True), Column("age", "BIGINT")), 9)
LOANS = Table(
    "loans",
    (Column("member", "BIGINT"), Column("bid", "BIGINT", unique=True), Column("days", "BIGINT")),
    9,
    joins=(Join("loans", "member", "members", "memberId"),),
)


@pytest.mark.parametrize(
    ("sql", "key"),
    [
        ("SELECT AVG(memberId) FROM members", "memberId"),
        ("SELECT days, SUM(l.MEMBER) FROM loans AS l GROUP BY days", "MEMBER"),
        ("SELECT AVG(age), COUNT(memberId), MAX(memberId) FROM members", ""),
        ("SELECT AVG(bid) FROM loans", ""),  # what somebody bids
        ("SELECT AVG(n) FROM (SELECT COUNT(*) AS n FROM loans GROUP BY member) AS s", ""),
        ("result = loans['member'].mean()", ""),
    ],
)
def test_keys_that_are_added_up(sql: str, key: str) -> None:
    assert summed_key(sql, (MEMBERS, LOANS)) == key
