"""Worked SQL examples of tables with a row for each thing and year, or for each part of a year: the thing
that fell most from one year to the next, the same quarter of the year before, the part of the largest in its
group.
"""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import (
    DIFFERENCE,
    EXTREME,
    FALLEN,
    LOW,
    MEAN,
    NUMBER_OF,
    ONE_TO_NEXT,
    PERCENT,
    RISEN,
    SO_MANY,
    UNIT,
    YEAR,
)

__all__ = ["SQL_PANELS"]

_ADDED_UP = rf"(?:\b(?:totals?|sums?|summed|combined|altogether|together|overall|number of)\b|{MEAN})"
_A_YEAR_BACK = (
    r"(?:\b(?:a|one|the) year (?:before|earlier|ago|back|prior|previously)\b|\byear[- ]earlier\b"
    r"|\b(?:previous|last|preceding|prior) year\b|\byear[- ](?:on|over)[- ]year\b|\byoy\b)"
)
_WHICH = (
    rf"\W*(?:in |for |of |by )?(?:which|what) (?!(?:\w+ )?{UNIT}s?\b)(?!(?:is|was|are|were|the|percent\w*)\b)"
    r"\w+(?:['’]s)? "
)
_LESS = rf"(?:{FALLEN}|\b(?:below|under|less|lower|fewer|smaller|weaker|worse)\b)"
_MOST = rf"(?:\bmost\b|{EXTREME})"
_BEFORE = "LAG(price) OVER (PARTITION BY product ORDER BY week)"


def _things_that_moved() -> Iterator[SqlRecipe]:
    """Of countries by year, the one with the largest fall; its own rows are compared."""
    for word, order, said in (("fall", "", FALLEN), ("rise", " DESC", RISEN)):
        for percent in (True, False):
            change = f"100.0 * (price - {_BEFORE}) / {_BEFORE}" if percent else f"price - {_BEFORE}"
            yield SqlRecipe(
                rf"^(?!.*{_ADDED_UP})(?!.*{NUMBER_OF})(?!.*\b{YEAR}\b.*\b{YEAR}\b)(?={_WHICH})"
                rf"(?{'=' if percent else '!'}.*{PERCENT})(?=.*{_MOST})"
                rf"(?=.*{ONE_TO_NEXT}|.*\bbetween (?:two|any two)\b).*{said}",
                f"which product's price did {word} the most{', in percent,' * percent} from one week to the "
                "next?",
                f"SELECT product FROM (SELECT product, {change} AS growth FROM sales) AS s "
                f"WHERE growth IS NOT NULL ORDER BY growth{order} LIMIT 1",
                series=False,
                firm=True,
            )


def _same_part_of_the_year() -> Iterator[SqlRecipe]:
    """Of a table with a row for each quarter, or month, and its year beside it."""
    for unit in ("quarter", "month"):
        before = f"LAG(price) OVER (PARTITION BY {unit} ORDER BY year)"
        growth = f"100.0 * (price - {before}) / {before}"
        back = rf"(?!.*{_ADDED_UP})(?=.*\b{unit}s?\b)(?=.*(?:\bsame {unit}\b.*\byear\b|{_A_YEAR_BACK}))"
        for percent in (True, False):
            figure = growth if percent else f"price - {before}"
            asked = rf"^(?!.*{SO_MANY}){back}{'(?=' if percent else '(?!'}.*{PERCENT})"
            words = "growth in percent" if percent else "change"
            rows = f"(SELECT year, {unit}, {figure} AS growth FROM sales) AS s WHERE growth IS NOT NULL"
            for end, said, order in (("lowest", rf"(?:{LOW}|{FALLEN})", ""), ("highest", _MOST, " DESC")):
                strong = rf"(?=.*{_MOST})(?=.*{said})"
                yield _by_parts(
                    rf"{asked}{strong}(?=.*\b(?:which|when|in what|what {unit})\b)",
                    f"in which {unit} was the {words} of price against the same {unit} a year before {end}?",
                    f"SELECT year, {unit} FROM {rows} ORDER BY growth{order} LIMIT 1",
                    unit,
                )
                function = "MAX" if order else "MIN"
                yield _by_parts(
                    rf"{asked}{strong}(?!.*\b(?:which|when|each|every)\b)",
                    f"the {end} {words} of price against the same {unit} a year before",
                    f"SELECT {function}(growth) FROM {rows}",
                    unit,
                )
            yield _by_parts(
                rf"{asked}(?!.*{EXTREME})(?=.*\b(?:each|every|all|per)\b).*{DIFFERENCE}",
                f"the {words} of price of each {unit} against the same {unit} a year before",
                f"SELECT year, {unit}, {figure} AS growth FROM sales",
                unit,
            )
        times = rf"(?:\bhow often\b|\b(?:how many|number of|count(?: of)?(?: the)?) (?:{unit}s|times)\b)"
        for word, sign, said in (("below", "<", _LESS), ("above", ">", "")):
            yield _by_parts(
                rf"^(?=.*{times})(?!.*{PERCENT}){back}.*{said}",
                f"in how many {unit} was the price {word} that of the same {unit} a year before?",
                f"SELECT COUNT(*) FROM (SELECT price, {before} AS previous FROM sales) AS s "
                f"WHERE price {sign} previous",
                unit,
            )


def _by_parts(pattern: str, question: str, query: str, unit: str) -> SqlRecipe:
    return SqlRecipe(pattern, question, query, firm=True, having=("year", unit))


_ITS_LARGEST = (
    r"\b(?:its|their|the|one) (?:single |one |own )?(?:most (?!recent|of\b)\w+|largest|biggest|highest|top"
    r"|greatest|longest|richest|\w{3,}est) (?!of\b|share|percentage|part)(?:\w+)"
)
_OF_EACH = r"\b(?:each|every|per)\b(?! cent)"
# "The share of the largest in each", not the group whose share is the largest.
_PART_OF_LARGEST = (
    rf"^(?!.*\b(?:which|who|than|above|below|over|under|at least|at most|change\w*|rows?|with an?)\b)"
    rf"(?=.*(?:\bper ?cent\w*|%|\bshare\b|\bproportion\b|\bfraction\b))(?=.*{_OF_EACH})(?=.*{_ITS_LARGEST})"
    rf"(?!.*\b(?:two|three|four|five|six|ten|\d+) (?:largest|biggest|most|best|top)\b)"
)
_OFTEN = r"\b(?:most (?:frequent\w*|common|popular|used|visited|served|often)|busiest|commonest)\b"
_LARGEST = "SELECT shop_id, 100.0 * MAX(total) / SUM(total) AS percentage FROM (SELECT shop_id, product, "


def _part_of_the_largest() -> Iterator[SqlRecipe]:
    for year in (True, False):
        where, when = ("WHERE week = 5 ", " in week 5") if year else ("", "")
        for counted in (True, False):
            figure, what = ("COUNT(*)", "number of sales") if counted else ("SUM(price)", "total price")
            yield SqlRecipe(
                rf"{_PART_OF_LARGEST}{'(?=' if year else '(?!'}.*\b{YEAR}\b)(?!.*\b{YEAR}\b.*\b{YEAR}\b)"
                rf"{'(?=' if counted else '(?!'}.*(?:{_OFTEN}|{NUMBER_OF}))",
                f"what percentage of the {what} of each shop_id does its largest product have{when}?",
                f"{_LARGEST}{figure} AS total FROM sales {where}GROUP BY shop_id, product) AS totals "
                "GROUP BY shop_id",
                by_date=False if year else None,
                numbers=0 if counted else 1,
                # Where a thing has one row, MAX(price) / SUM(price) says the same.
                firm=counted,
            )


SQL_PANELS = (*_things_that_moved(), *_same_part_of_the_year(), *_part_of_the_largest())
