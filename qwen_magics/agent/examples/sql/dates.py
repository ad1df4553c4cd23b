"""Worked SQL examples about days of any year, the first day of each year on which something was so, the
quarters of a year, and shares within each year.
"""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.month_days import MONTH_DAY
from qwen_magics.agent.words.patterns.phrases import HIGH, LOW, PERCENT
from qwen_magics.agent.words.patterns.words import (
    ABOVE,
    BEFORE,
    COUNT,
    MEAN,
    MOVED,
    NEXT,
    SUM,
    SUPERLATIVE,
    YEAR,
)

__all__ = ["SQL_DATES"]

_STRETCH = r"\b(?:since|until|till|before|after|between|from|through|to|by|than|and|or) (?:the )?"
_ON_A_DAY = (
    rf"^(?!.*{YEAR})(?!.*{_STRETCH}{MONTH_DAY})(?!.*{MONTH_DAY}.*{MONTH_DAY})(?=.*{MONTH_DAY})"
    rf"(?!.*{PERCENT})(?!.*\b(?:which|when|last|latest|this|next|than|change\w*|differ\w*)\b)"
)
_EACH_YEAR = r"(?:\b(?:each|every|per|by) year\b|\byears? by year\b|\byearly\b)"


def _of_any_year() -> Iterator[SqlRecipe]:
    """A month and a day are no date: a small model takes one of some year."""
    figures = (
        (
            rf"(?=.*\b(?:how many|number of)\b)(?!.*(?:{MEAN}|{_EACH_YEAR}))",
            "how many sales were there",
            "COUNT(*)",
        ),
        (rf"(?=.*{MEAN})(?!.*{_EACH_YEAR})", "what was the average price", "AVG(price)"),
        (rf"(?=.*{SUM})(?!.*{_EACH_YEAR})", "what was the total price", "SUM(price)"),
        (rf"(?=.*{LOW})(?!.*{HIGH})(?!.*{_EACH_YEAR})", "what was the lowest price", "MIN(price)"),
        (rf"(?=.*{HIGH})(?!.*{LOW})(?!.*{_EACH_YEAR})", "what was the highest price", "MAX(price)"),
    )
    for said, told, figure in figures:
        yield SqlRecipe(
            f"{_ON_A_DAY}{said}",
            f"{told} on a 25 December of any year?",
            f"SELECT {figure} FROM sales WHERE month = 12 AND day = 25",
            calendar=True,
        )
        yield SqlRecipe(
            f"{_ON_A_DAY}{said}",
            f"{told} on a 25 December of any year?",
            f"SELECT {figure} FROM sales WHERE MONTH(sold_at) = 12 AND DAY(sold_at) = 25",
            f"SELECT {figure} FROM sales WHERE STRFTIME('%m-%d', sold_at) = '12-25'",
            dates=True,
        )


def _first_of_each_year() -> Iterator[SqlRecipe]:
    """Of each year one date, and no row for every day."""
    asked = (
        r"^(?!.*\b(?:how many|averages?|mean|total|sum|differ\w*|between|number of|days after)\b)"
        r"(?!.*\b(?:on|at|by|since|from|until|before|after) (?:the|its) (?:very )?"
        r"(?:first|last|earliest|latest)\b)"
        r"(?=\W*(?:when|on (?:which|what)|what (?:was|is|were)|which|(?:for|in) (?:each|every)|the|give|list"
        r"|show|find|name)\b)"
        rf"(?=.*{_EACH_YEAR})(?=.*\b(?:with|when|where|which|that|above|below|over|under|had|was|were)\b)"
    )
    for words, word, function in (("first|earliest", "first", "MIN"), ("last|latest", "last", "MAX")):
        yield SqlRecipe(
            rf"{asked}(?=.*\b(?:{words}) (?:day|date)\b)",
            f"when was the {word} day of each year with a price above 10?",
            f"SELECT YEAR(sold_at) AS year, {function}(sold_at) AS {word} FROM sales WHERE price > 10 "
            "GROUP BY YEAR(sold_at)",
            f"SELECT STRFTIME('%Y', sold_at) AS year, {function}(sold_at) AS {word} FROM sales "
            "WHERE price > 10 GROUP BY STRFTIME('%Y', sold_at)",
            dates=True,
            by_date=True,
        )


def _quarters() -> Iterator[SqlRecipe]:
    asked = (
        rf"^(?!.*(?:{PERCENT}|{BEFORE}|{NEXT}|{MOVED}|{SUPERLATIVE}))(?=.*{YEAR})(?!.*{YEAR}.*{YEAR})"
        r"(?!.*\b(?:running|cumul\w+|so far|days?|months?|weeks?)\b)"
        r"(?=.*\b(?:each|every|per|by|the four|all four|four) (?:\w+ ){0,2}quarters?\b|.*\bquarterly\b)"
    )
    quarter = "(CAST(STRFTIME('%m', sold_at) AS INTEGER) + 2) / 3"
    for said, told, figure in (
        (rf"(?=.*{MEAN})", "the average price", "AVG(price)"),
        (rf"(?=.*{SUM})(?!.*{COUNT})", "the total price", "SUM(price)"),
        (rf"(?=.*{COUNT})", "how many sales were there", "COUNT(*)"),
    ):
        yield SqlRecipe(
            f"{asked}{said}",
            f"{told} in each quarter of 2021?",
            f"SELECT QUARTER(sold_at) AS quarter, {figure} FROM sales WHERE YEAR(sold_at) = 2021 "
            "GROUP BY QUARTER(sold_at)",
            f"SELECT {quarter} AS quarter, {figure} FROM sales WHERE STRFTIME('%Y', sold_at) = '2021' "
            f"GROUP BY {quarter}",
            dates=True,
        )


# "Of the days of each year": there the whole is the year. "Fell in each year": there it is all of them.
_OF_EACH = (
    r"^(?!.*\b(?:distribut\w+|breakdown|account\w*|makes? up|mean|average\w*)\b)"
    r"(?!.*\b(?:does|do|did) (?:each|every)\b)"
    rf"(?=.*{PERCENT})(?!.*\d ?(?:%|percent|per ?cent))(?!.*{SUPERLATIVE})(?!.*{ABOVE} [\d$€£])"
)
_VERB = r"(?:has|have|had|is|are|was|were|saw|shows?|showed|goes|go|went|comes?|came|lies?|belongs?)"
_WHERE = r"(?: (?:in|of|from|by) @?\w+)?"
_ROWS_OF_EACH = (
    r"(?:\bof (?:all |the |all the )*@?\w+ (?:of|in|for|on|at|from) (?:each|every) {unit}"
    rf"{_WHERE} (?:that )?{_VERB}\b"
    rf"|\bof (?:each|every) {{unit}}['’]s @?\w+{_WHERE} (?:that )?{_VERB}\b"
    r"|^\W*(?:for|in|of|at|on|from) (?:each|every) {unit},? [^,.;?]*\bof (?:all |the |its |their |all the )*"
    rf"@?\w+{_WHERE} {_VERB}\b)"
)


def _shares_within() -> Iterator[SqlRecipe]:
    share = "100.0 * SUM(CASE WHEN city = 'Rome' THEN 1 ELSE 0 END) / COUNT(*) AS percentage"
    yield SqlRecipe(
        rf"{_OF_EACH}.*{_ROWS_OF_EACH.format(unit='(?:calendar )?year')}",
        "what percentage of the sales of each year are in Rome?",
        f"SELECT YEAR(sold_at) AS year, {share} FROM sales GROUP BY YEAR(sold_at)",
        f"SELECT STRFTIME('%Y', sold_at) AS year, {share} FROM sales GROUP BY STRFTIME('%Y', sold_at)",
        dates=True,
        by_date=True,
        values=1,
    )
    yield SqlRecipe(
        rf"{_OF_EACH}.*{_ROWS_OF_EACH.format(unit='(?!year)[a-z]+')}",
        "what percentage of the sales of each shop_id are in Rome?",
        f"SELECT shop_id, {share} FROM sales GROUP BY shop_id",
        values=1,
    )


SQL_DATES = (*_of_any_year(), *_first_of_each_year(), *_quarters(), *_shares_within())
