"""Worked SQL examples of bands with limits that the question gives: "below 10, 10 to 15, 15 and more"."""

from __future__ import annotations

from collections.abc import Iterator

from qwen_magics.agent.examples.sql.recipe import SqlRecipe
from qwen_magics.agent.words.patterns.phrases import MEAN

__all__ = ["LIMITS", "SQL_BANDS"]

_N = r"[$€£]?-?\d[\d.,]*(?:(?: ?%| ?k\b| thousand\b| million\b))?"
# "10 years", "15 mm", before what goes on.
_UNIT = r"(?: (?!and\b|or\b|to\b|but\b|until\b|through\b)[a-z/]{1,12})?"
_LESS = (
    r"(?:below|under|less than|fewer than|lower than|smaller than|younger than|shorter than|cheaper than"
    r"|lighter than|up to|at most|no more than|not more than|until|before|<=?|≤)"
)
_MORE = (
    r"(?:above|over|more than|greater than|higher than|larger than|bigger than|older than|longer than"
    r"|heavier than|at least|no less than|from|beyond|>=?|≥)"
)
_FROM_ON = (
    r"(?:(?:and|or) (?:more|over|above|up|upwards?|older|higher|longer|heavier|later|larger|bigger|greater"
    r"|beyond|on)\b|upwards\b|plus\b|\+)"
)
_LOW = rf"(?:(?<!\w){_LESS} ?{_N}|{_N}{_UNIT} (?:and|or) (?:less|under|below|younger|lower|fewer|shorter)\b)"
_MID = (
    rf"(?:(?:from |between )?{_N}{_UNIT} ?(?:to|and|–|—|-|until|through|up to) ?"
    rf"(?:(?:just |but )?(?:{_LESS}) ?)?{_N})"
)
_TOP = rf"(?:{_N}{_UNIT} ?{_FROM_ON}|(?<!\w){_MORE} ?{_N})"
_NEXT = r"[^.;?!<>\d]{0,30}?(?:; ?)?"
_SPLIT = (
    r"\b(?:bands?|bins?|buckets?|brackets?|groups?|grouped|class(?:es)?|categor\w+|split|divid\w+|tiers?"
    r"|ranges?|intervals?|levels?|sort(?:ed)? into|put (?:\w+ )?into|compare)\b"
)
# Three bands, or two that are said to be bands.
LIMITS = (
    rf"(?:{_LOW}{_NEXT}{_MID}(?:{_NEXT}{_MID})*{_NEXT}{_TOP}"
    rf"|{_TOP}{_NEXT}{_MID}(?:{_NEXT}{_MID})*{_NEXT}{_LOW}"
    rf"|{_SPLIT}[^.;?!]{{0,40}}(?:{_LOW}{_NEXT}{_TOP}|{_TOP}{_NEXT}{_LOW}))"
)
# The first limit belongs to the band below it: "up to 10".
_INCLUSIVE = (
    rf"(?:(?<!\w)(?:up to|at most|no more than|not more than|until|<=|≤) ?{_N}"
    rf"|{_N}{_UNIT} (?:and|or) (?:less|under|below|younger|lower|fewer|shorter)\b)"
)
_MANY = rf"(?:{_LOW}|{_TOP}){_NEXT}{_MID}"
# What is averaged stands first: then it is named first, too.
_MEAN_FIRST = (
    rf"(?=.*{MEAN}[^.;?!]*?\b(?:by|for|in|of|per|across|over|within)\b.*{LIMITS})(?!.*{LIMITS}.*{MEAN})"
)
# Is the first limit in the first band? → what is said of two bands and of three.
_SAID = {
    False: ("below 5, 5 and more", "below 5, 5 to under 8, 8 and more"),
    True: ("up to 5, over 5", "up to 5, over 5 to 8, over 8"),
}


def _case(said: str) -> str:
    """`below 5, 5 and more` → CASE WHEN price < 5 THEN 'below 5' …"""
    bands, below = said.split(", "), "<=" if said.startswith("up") else "<"
    limits = (5, 8)[: len(bands) - 1]
    tests = [f"price {below} {limit}" for limit in limits]
    tests.append(f"price {'>' if below == '<=' else '>='} {limits[-1]}")
    cases = (f"WHEN {test} THEN '{band}'" for test, band in zip(tests, bands, strict=True))
    return f"CASE {' '.join(cases)} END"


def _bands() -> Iterator[SqlRecipe]:
    for inclusive, (two, three) in _SAID.items():
        first = rf"(?=.*{_INCLUSIVE})" if inclusive else rf"(?!.*{_INCLUSIVE})"
        yield from _of_bands(rf"^(?!.*{_MANY}){first}", two)
        yield from _of_bands(rf"^(?=.*{_MANY}){first}", three)


def _of_bands(pattern: str, said: str) -> Iterator[SqlRecipe]:
    case = _case(said)
    yield SqlRecipe(
        rf"{pattern}{_MEAN_FIRST}.*{LIMITS}",
        f"average price in each band of weight ({said})",
        f"SELECT {case.replace('price', 'weight')} AS band, AVG(price) AS mean FROM sales "
        "WHERE weight IS NOT NULL GROUP BY band",
        numbers=2,
    )
    yield SqlRecipe(
        rf"{pattern}(?!{_MEAN_FIRST})(?=.*{MEAN}).*{LIMITS}",
        f"group the sales by price ({said}): number of sales and average weight of each group",
        f"SELECT {case} AS band, COUNT(*) AS n, AVG(weight) AS mean FROM sales "
        "WHERE price IS NOT NULL GROUP BY band",
        numbers=2,
    )
    yield SqlRecipe(
        rf"{pattern}(?!.*{MEAN}).*{LIMITS}",
        f"how many sales have a price in each band ({said})?",
        f"SELECT {case} AS band, COUNT(*) AS n FROM sales WHERE price IS NOT NULL GROUP BY band",
    )


SQL_BANDS = (*_bands(),)
