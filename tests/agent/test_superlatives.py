"""Queries that answer another question than the one that was asked, and those that must be left alone."""

from __future__ import annotations

import pytest

from qwen_magics.agent.checks.superlatives import superlatives

_CHANGE = "SELECT month, jobs - LAG(jobs) OVER (ORDER BY month) AS change FROM work"


@pytest.mark.parametrize(
    ("question", "code", "hint"),
    [
        (
            "Rank the states by murder rate. Who comes fifth?",
            "SELECT state FROM crime ORDER BY murder DESC LIMIT 5 OFFSET 4",
            "LIMIT 1 OFFSET 4",
        ),
        (
            "the 3rd cheapest book",
            "SELECT title FROM books ORDER BY price LIMIT 3 OFFSET 2",
            "LIMIT 1 OFFSET 2",
        ),
        (
            "Which month saw jobs shrink the most?",
            f"{_CHANGE} ORDER BY change DESC LIMIT 1",
            "ORDER BY change LIMIT 1 instead",
        ),
        (
            "When was the steepest fall of the price?",
            "SELECT day FROM (SELECT day, price - LAG(price) OVER (ORDER BY day) AS step FROM stocks) AS s "
            "ORDER BY step DESC LIMIT 1",
            "ORDER BY step LIMIT 1 instead",
        ),
        (
            "Which segments have an average limit above 12,000 euros?",
            'SELECT segment, AVG("limit") FROM customers WHERE "limit" > 12000 GROUP BY segment',
            'HAVING AVG("limit") > 12000',
        ),
        (
            "Branches with a mean age of at least 2.5",
            "SELECT branch FROM t WHERE city = 'Ulm' AND age >= 2.5 GROUP BY branch ORDER BY AVG(age)",
            "HAVING AVG(age) >= 2.5",
        ),
    ],
)
def test_what_is_meant_is_told(question: str, code: str, hint: str) -> None:
    error = superlatives(question)(code)
    assert error is not None and hint in error.hint


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("Who comes fifth?", "SELECT state FROM crime ORDER BY murder DESC LIMIT 1 OFFSET 4"),
        ("The five after the fifth", "SELECT state FROM crime ORDER BY murder DESC LIMIT 5 OFFSET 5"),
        ("From the third to the fifth", "SELECT state FROM crime ORDER BY murder LIMIT 3 OFFSET 2"),
        ("Three states, two left out", "SELECT state FROM crime ORDER BY murder LIMIT 3 OFFSET 2"),
        ("Which month saw jobs shrink the most?", f"{_CHANGE} ORDER BY change LIMIT 1"),
        ("Which month saw jobs grow the most?", f"{_CHANGE} ORDER BY change DESC LIMIT 1"),
        (
            "Where did jobs drop the most?",
            "SELECT town, MAX(jobs) - MIN(jobs) AS lost FROM t GROUP BY town ORDER BY lost DESC LIMIT 1",
        ),
        (
            "Where did jobs drop the most?",
            "SELECT m, LAG(jobs) OVER (ORDER BY m) - jobs AS lost FROM t ORDER BY lost DESC LIMIT 1",
        ),
        ("Which month saw jobs shrink the most?", f"{_CHANGE} ORDER BY change DESC"),
        (
            "The average price of books over 300 pages, by genre",
            "SELECT genre, AVG(price) FROM books WHERE pages > 300 GROUP BY genre",
        ),
        (
            "Of the prices above 10, the average by genre",
            "SELECT genre, AVG(price) FROM books WHERE price > 10 GROUP BY genre",
        ),
        (
            "What is the average price of books over 10 euros, by genre?",
            "SELECT genre, AVG(price) FROM books WHERE price > 10 GROUP BY genre",
        ),
        ("Who comes fifth?", "result = crime.sort_values('murder')"),
        ("How many?", "SELECT COUNT(*) FROM crime"),
    ],
)
def test_a_right_query_is_left_alone(question: str, code: str) -> None:
    assert superlatives(question)(code) is None
