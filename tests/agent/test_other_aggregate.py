"""A column's name that says another aggregate than it is comes back, written out."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.other_aggregate import as_meant, other_aggregate

MEDIAN = "Median and standard deviation of the price of each shop"


@pytest.mark.parametrize(
    ("question", "code", "hint"),
    [
        (
            MEDIAN,
            "SELECT shop, AVG(price) AS median, STDDEV(price) AS deviation FROM t GROUP BY shop",
            "SELECT shop, MEDIAN(price) AS median, STDDEV(price) AS deviation FROM t GROUP BY shop",
        ),
        (
            "the average price",
            "SELECT SUM(price) AS average_price FROM t",
            "SELECT AVG(price) AS average_price FROM t",
        ),
        (
            MEDIAN,
            "SELECT shop, AVG(price) FROM t GROUP BY shop",
            "SELECT shop, MEDIAN(price) FROM t GROUP BY shop",
        ),
        (
            "median price per shop, a column for each kind",
            "SELECT shop, AVG(CASE WHEN kind = 'a' THEN price END) AS a FROM t GROUP BY shop",
            "SELECT shop, MEDIAN(CASE WHEN kind = 'a' THEN price END) AS a FROM t GROUP BY shop",
        ),
        ("the total of the prices", "SELECT MAX(price) AS total FROM t", "SELECT SUM(price) AS total FROM t"),
    ],
)
def test_the_name_says_what_was_meant(question: str, code: str, hint: str) -> None:
    problem = other_aggregate(question)(code)
    assert problem is not None
    assert problem.hint == f"Write: {hint}"


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (MEDIAN, "SELECT shop, MEDIAN(price) AS median FROM t GROUP BY shop"),
        ("median and average price", "SELECT AVG(price) FROM t"),
        ("the highest median_price", "SELECT AVG(median_price) AS m FROM t"),
        ("the running median", "SELECT AVG(price) OVER (ORDER BY day) FROM t"),
        # The number of sales adds up; the mean of totals is a mean.
        ("the average number of sales", "SELECT AVG(n) AS mean_total FROM t"),
        ("the average price", "SELECT SUM(price) / COUNT(*) AS average FROM t"),
        ("the average price", "SELECT AVG(total) FROM (SELECT SUM(price) AS total FROM t GROUP BY shop)"),
        # Of the middle rows.
        ("the median price", "SELECT AVG(CASE WHEN r = 2 THEN price END) AS median FROM t"),
        ("the median price", "SELECT AVG(price) AS median FROM (SELECT price FROM t ORDER BY 1 LIMIT 2)"),
        ("the prices", "SELECT AVG(price) AS median FROM t"),
        ("the median price", "result = t['price'].mean()"),
    ],
)
def test_what_says_the_same_or_nothing_stays(question: str, code: str) -> None:
    assert other_aggregate(question)(code) is None


def test_other_hints_do_not_carry_it_on() -> None:
    """They are written from the query as it was meant."""
    meant = as_meant("Median price of the shops")
    assert meant("SELECT AVG(price) AS median FROM t") == "SELECT MEDIAN(price) AS median FROM t"
    assert meant("SELECT MAX(price) FROM t") == "SELECT MAX(price) FROM t"
