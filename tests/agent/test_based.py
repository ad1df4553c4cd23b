"""A share of what is done already is no share of all rows."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.based import based
from qwen_magics.tools.schema import Column, Table

BILLS = Table(
    "bills",
    (
        Column("bill_id", "BIGINT", unique=True),
        Column("due", "DATE"),
        Column("paid_on", "DATE", nulls=4),
        Column("city", "VARCHAR"),
    ),
    20,
)
LATE = "100.0 * SUM(CASE WHEN paid_on > due THEN 1 ELSE 0 END) / COUNT(*)"
ALL = f"SELECT city, {LATE} FROM bills GROUP BY city"


@pytest.mark.parametrize(
    "question",
    [
        "Of the bills that have been paid, what percentage came after the due date, by city?",
        "Among all paid bills, which share was late in each city?",
        "What percentage of the bills that were paid is late, per city?",
        "Considering the bills which are already paid: what fraction was late per city?",
        "By city, the share of late ones, only of paid bills",
    ],
)
def test_a_share_of_all_rows_comes_back(question: str) -> None:
    told = based(question, [BILLS])(ALL)
    assert told is not None
    assert "paid_on IS NOT NULL" in told.hint


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("What percentage of bills were paid late, per city?", ALL),
        ("What share of the bills that were paid late is above 10?", ALL),
        ("What percentage of all bills is late per city?", ALL),
        (
            "Of the bills that have been paid, which share was late?",
            f"SELECT {LATE} FROM bills WHERE paid_on IS NOT NULL",
        ),
        (
            "Of the bills that have been paid, which share was late?",
            f"SELECT {LATE} FROM bills WHERE paid_on > '1900-01-01'",
        ),
        (
            "Of the bills that have been paid, which share was late?",
            "SELECT 100.0 * SUM(CASE WHEN paid_on > due THEN 1 ELSE 0 END) / COUNT(paid_on) FROM bills",
        ),
        (
            "Of the bills that have been paid, which share was late?",
            "SELECT AVG(CASE WHEN paid_on IS NULL THEN NULL WHEN paid_on > due THEN 1.0 ELSE 0 END) "
            "FROM bills",
        ),
        ("Of the bills that have been paid, how many were late?", ALL),
        ("Of the bills that have been paid, which share is from Rome?", "SELECT COUNT(*) FROM bills"),
    ],
)
def test_other_shares_stay(question: str, code: str) -> None:
    assert based(question, [BILLS])(code) is None
