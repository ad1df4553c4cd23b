"""Worked SQL examples of the kinds of shares that are no share of rows above a threshold.

A share of a column's sum by that of another, of an amount by a value, the group with the largest share among
those with enough rows, the factor between two years: shown an example of another kind, a small model copies
that. More particular ones are told whole (`examples.whole.column_shares`, `examples.whole.above_share`).
"""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.deadlines import DONE
from qwen_magics.agent.words.patterns.terms import BEST, COMPARED, EACH, SHARE
from qwen_magics.agent.words.patterns.words import BEFORE, COUNT, MEAN, MOVED, NEXT, TIMES, TWO_YEARS, YEAR

__all__ = ["SQL_PARTS"]

# Shares that are asked for: 20 percent are a figure.
_SHARE = rf"(?=.*(?<!\d )(?<!\d){SHARE})"
_AMOUNT = r"(?:money|amounts?|revenues?|turnover|value|units|income|spending|costs?|volume)"
_OF_AMOUNT = (
    rf"(?:{SHARE} (?:of|from) (?:all |the |our |whole |total |entire |overall |of )*"
    rf"(?:total\b|sum\b|(?:\w+ )?{_AMOUNT}\b)"
    rf"|^\W*(?:of|from) (?:all |the |our |whole |total |entire |overall |of )*{_AMOUNT}\b)"
)
_AT_LEAST = r"\b(?:more than|over|at least|above|no fewer than|not fewer than|a minimum of)"
_NO_ROWS = r"(?!minutes?|hours?|days?|percent|per|%|years?|months?|weeks?|seconds?|miles|km|kg|dollars|euros)"
_ENOUGH = rf"(?:{_AT_LEAST} [\d,]+|\b[\d,]+ or more) {_NO_ROWS}\w+"
_GROWN = (
    rf"(?!.*{COUNT})(?:(?=.*{MOVED}).*\b(?:factor|how many times|multiple|\w+fold)\b"
    r"|.*\bhow many times as (?:much|high|large|big|great|rich|long|heavy)\b)"
)
_NAMED = r"(?:of|in|for|was|is|did|were|to|from|by|does|has|had) (?-i:[A-Z][a-z]{2,})"
_RISEN = (
    r"(?=.*\b(?:rose|grew|gained|increased|climbed|went up|rises?|grows?) (?:by )?(?:more than|over|at least)"
    r" \d+(?:\.\d+)? ?(?:percent|per ?cent|%))"
)

_GROWTH = "SUM(CASE WHEN week = 2022 THEN price END) / SUM(CASE WHEN week = 2021 THEN price END)"


def _of_big_groups() -> Iterator[SqlRecipe]:
    """The number of rows that a group has to have is one thing, what its share is one of another."""
    asked = (
        rf"^(?!.*{MEAN})(?=.*{_ENOUGH})(?=.*{BEST} (?:\w+ )?(?:{SHARE}|rate|part) (?:of|its))"
        r"(?=.*\b(?:which|what|who|find|name)\b)"
    )
    two, hour = rf"(?:.*{COMPARED} [\d$€£]){{2}}", rf".*{COMPARED} (?:half )?an hour\b"
    for pattern, said, share in (
        (rf"(?={two})", "a price above 10", "price > 10"),
        (rf"(?!{two})(?={hour})", "a price above an hour", "price > 60"),
        (rf"(?!{two})(?!{hour})", "city Rome", "city = 'Rome'"),
    ):
        yield SqlRecipe(
            asked + pattern,
            f"among the shop_id with more than 2 sales, which has the largest share of sales with {said}?",
            "SELECT shop_id FROM sales GROUP BY shop_id HAVING COUNT(*) > 2 "
            f"ORDER BY AVG(CASE WHEN {share} THEN 1.0 ELSE 0 END) DESC LIMIT 1",
            counted=True,
        )


SQL_PARTS = (
    *_of_big_groups(),
    SqlRecipe(
        rf"^(?={_GROWN})(?=.*{TWO_YEARS})(?!.*\b(?:each|every|which|average|mean)\b)"
        rf"(?=.*\b{_NAMED}\b)(?!.*%)",
        "by what factor did the price of Rome grow from 2021 to 2022?",
        f"SELECT 1.0 * {_GROWTH} FROM sales WHERE city = 'Rome'",
        by_date=False,
        named=1,
    ),
    SqlRecipe(
        rf"^(?={_GROWN})(?=.*{TWO_YEARS})(?!.*\b(?:each|every|which|average|mean)\b)(?!.*%)",
        "by what factor did the total price grow from 2021 to 2022?",
        f"SELECT 1.0 * {_GROWTH} FROM sales",
        by_date=False,
        named=1,
    ),
    SqlRecipe(
        rf"^{_RISEN}(?=.*\bby how (?:much|many)\b|.*\bhow (?:much|many|did)\b)(?=.*\bon average\b|.*{MEAN})"
        rf"(?=.*{BEFORE}|.*{NEXT})",
        "in the week in which the price rose by more than 10 percent on the week before, by how much did "
        "weight change on average?",
        "SELECT AVG(difference) FROM (SELECT 100.0 * (price - LAG(price) OVER (ORDER BY week)) / "
        "LAG(price) OVER (ORDER BY week) AS growth, weight - LAG(weight) OVER (ORDER BY week) AS difference "
        "FROM sales) AS s WHERE growth > 10",
        numbers=2,
        named=2,
    ),
    SqlRecipe(
        rf"^{_SHARE}(?=.*\b{DONE}\b)(?=.*\bwithin (?:\d+|\w+) days? (?:of|from|after)\b)"
        r"(?!.*\b(?:each|every)\b)",
        "of the sales with a paid_at, what percentage has it within 14 days of sold_at?",
        "SELECT 100.0 * SUM(CASE WHEN DATE_DIFF('day', sold_at, paid_at) <= 14 THEN 1 ELSE 0 END) / COUNT(*) "
        "FROM sales WHERE paid_at IS NOT NULL",
        "SELECT 100.0 * SUM(CASE WHEN JULIANDAY(paid_at) - JULIANDAY(sold_at) <= 14 THEN 1 ELSE 0 END) / "
        "COUNT(*) FROM sales WHERE paid_at IS NOT NULL",
        dates=True,
    ),
    SqlRecipe(
        rf"^{_SHARE}(?!.*(?:{MEAN}|{MOVED}|{TIMES}|{YEAR}|{COMPARED} [\d$€£]))(?!.*{BEST})"
        rf"(?!.*(?:{EACH}|\bby (?:the )?\w+\W*$|\b(?:week|month|quarter|round|season|period|day) \d"
        rf"|\b(\w+) by \1\b)).*{_OF_AMOUNT}",
        "what percentage of the total price came from Rome?",
        "SELECT 100.0 * SUM(CASE WHEN city = 'Rome' THEN price ELSE 0 END) / SUM(price) FROM sales",
        numbers=1,
        values=1,
    ),
)
