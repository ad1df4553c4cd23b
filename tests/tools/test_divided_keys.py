"""What is divided by a key, and counts of the same rows that are divided by one another."""

from __future__ import annotations

import pytest

from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.nonsense import divided_by_key, same_counts

LOANS = Table("loans", (Column("loan_id", "BIGINT"), Column("coupon_id", "BIGINT", nulls=3)), 9)
FINES = Table(
    "fines", (Column("loan_id", "BIGINT"),), 9, joins=(Join("fines", "loan_id", "loans", "loan_id"),)
)
COPIES = Table("copies", (Column("copy_id", "BIGINT"),), 9)
JOINED = "FROM loans JOIN copies ON loans.copy_id = copies.copy_id"


@pytest.mark.parametrize(
    ("query", "key", "whole"),
    [
        ("SELECT SUM(1.0 * amount / loan_id) FROM fines", "loan_id", "SELECT SUM(amount) FROM fines"),
        ("SELECT SUM(f.cost / f.loan_id) FROM fines AS f", "loan_id", "SELECT SUM(f.cost) FROM fines AS f"),
        ("SELECT SUM(amount) / COUNT(loan_id) FROM fines", "", ""),
        ("SELECT SUM(amount) / COUNT(DISTINCT loan_id) FROM fines", "", ""),
        ("SELECT price / weight FROM sales", "", ""),
    ],
)
def test_nothing_is_divided_by_a_key(query: str, key: str, whole: str) -> None:
    assert divided_by_key(query, [FINES]) == (key, whole)
    assert divided_by_key(query, [LOANS]) == ("", "")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"SELECT 1.0 * COUNT(loans.loan_id) / COUNT(copies.copy_id) {JOINED}", True),
        (f"SELECT COUNT(loans.loan_id) / COUNT(DISTINCT copies.copy_id) {JOINED}", False),
        ("SELECT 1.0 * COUNT(loan_id) / COUNT(copy_id) FROM copies LEFT JOIN loans USING (copy_id)", False),
        (f"SELECT 1.0 * COUNT(coupon_id) / COUNT(copies.copy_id) {JOINED}", False),
        ("SELECT 1.0 * COUNT(loan_id) / COUNT(copy_id) FROM loans", False),
    ],
)
def test_counts_of_the_same_rows(query: str, found: bool) -> None:
    said, whole = same_counts(query, (LOANS, COPIES))
    assert bool(said) is found
    assert ("COUNT(DISTINCT copies.copy_id)" in whole) is found
