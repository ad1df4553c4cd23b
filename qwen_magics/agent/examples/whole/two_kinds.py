"""One figure of two kinds of rows, subtracted or divided: "how many times as high is the mean price of class
0 as that of class 1?", "how much lighter were those of 1980 than those of 1970?"

A small model filters by the one kind, and then has nothing of the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, limited, number_of, year_of
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["HIGHER", "LOWER", "Sides", "sides_of", "two_kinds"]

_FIGURES = (
    (r"\b(?:averag(?:e[sd]?|ing)|means?|avg)\b", "AVG", "average"),
    (r"\bmedians?\b", "MEDIAN", "median"),
    (r"\b(?:totals?|sums?)\b", "SUM", "total"),
)
LOWER = (
    r"(?:less|lower|lighter|shorter|smaller|younger|cheaper|colder|cooler|slower|poorer|weaker|drier|narrower"
    r"|thinner|newer|calmer|lesser)"
)
HIGHER = (
    r"(?:more|higher|heavier|longer|larger|greater|bigger|older|dearer|pricier|warmer|hotter|faster|richer"
    r"|stronger|wetter|taller|wider|thicker|deeper|costlier|better|worse)"
)
_RATIO = re.compile(
    r"\bhow many times\b|\btimes (?:as|that|those) \w+|\bratio of\b.* to\b|\bratio between\b"
    r"|\bdivided by\b|\b(?:what|which) (?:factor|multiple)\b",
    re.IGNORECASE,
)
_UNITS = (
    r"(?:years|months|weeks|days|hours|minutes|seconds|points|percentage points|degrees|dollars|euros|pounds"
    r"|cents|lbs|kg|kilos|kilograms?|grams?|tons?|cm|mm|km|met(?:er|re)s|centimet(?:er|re)s"
    r"|millimet(?:er|re)s|miles|feet|inches|lit(?:er|re)s|units)"
)
_APART = re.compile(
    rf"\bhow (?:much|far)\b[^.?!]*\b(?:{LOWER}|{HIGHER}|above|below|exceeds?)\b"
    # How many kilograms heavier, not how many that are heavier.
    rf"|\bhow many {_UNITS} (?:{LOWER}|{HIGHER}|above|below)\b"
    rf"|\b(?:difference|gap) (?:between|in|of)\b|\bby how (?:much|many)\b|\bminus\b",
    re.IGNORECASE,
)
# Groups, ranks and the like: what is asked for is not one figure of two kinds.
_MORE = re.compile(
    r"\b(?:each|every|which|who|when|correlat\w*|percent\w*|share|proportion|fraction|rank\w*|per"
    r"(?! (?:gallon|capita|hour|head|person|unit|hectare|game|square)\b)"
    r"|significan\w*|standard|running|absolute|consecutive|previous|squares?|increase\w*|grow\w*|grew|change\w*"
    # From one to the other, the second is what is subtracted from.
    r"|rise|rose|risen|gain\w*|climb\w*|fall|fell|drop\w*|decline\w*|decrease\w*|sink|sank|shrink|went|go"
    r"|los[et]|quarters?|q[1-4]|worth"
    r"|list|compare|\w{3,}est)\b|%",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"\b(?:above|below|(?:more|less|older|newer) than|older|newer|between|over)\b", re.IGNORECASE
)
_YEARS = re.compile(r"(?<![\w@.-])(?:1[5-9]|20)\d\d(?![\w-])")
# What tells kinds apart, as far as the samples say: 0 and 1, 4 and 8.
_WHOLE = re.compile(r"\d{1,2}(?:\.0)?")
_SMALL = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "eight": "8"}
_COUNT = rf"(\d+|{'|'.join(_SMALL)})"


@dataclass(frozen=True, slots=True)
class Sides:
    """The column by which the kinds differ, both conditions and values, and what is left of the question."""

    column: str
    conditions: tuple[str, str]
    values: tuple[str, str]
    rest: str


def two_kinds(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if the question is of this kind and names one number and two kinds of rows."""
    figures = [found for found in _FIGURES if re.search(found[0], question, re.IGNORECASE)]
    divided = _RATIO.search(question) is not None
    if len(figures) != 1 or _MORE.search(question) or not (divided or _APART.search(question)):
        return None
    sides = sides_of(question, table, dialect)
    if sides is None:
        return None
    lower = re.search(rf"\b(?:{LOWER}|below)\b", question, re.IGNORECASE) is not None
    number = number_of(sides.rest, table)
    where = limited(_COMPARING.sub(" ", sides.rest), table, dialect, {sides.column})
    if number is None or number.name == sides.column or where is None or (divided and lower):
        return None
    return _spelled(figures[0], number, sides, divided, lower, where, table, dialect)


def _spelled(
    figure: tuple[str, str, str],
    number: Column,
    sides: Sides,
    divided: bool,
    lower: bool,
    where: str,
    table: Table,
    dialect: Dialect,
) -> SpelledOut:
    _, function, word = figure
    cells = [
        f"{function}(CASE WHEN {c} THEN {dialect.quote_name(number.name)} END)" for c in sides.conditions
    ]
    values = list(sides.values)
    if lower:  # by how much it is less: what is above zero
        cells.reverse()
        values.reverse()
    sign, name = ("/", "ratio") if divided else ("-", "difference")
    first = f"1.0 * {cells[0]}" if divided and function == "SUM" else cells[0]
    query = f"SELECT {first} {sign} {cells[1]} AS {name} FROM {source_of(table, dialect)}{where}"
    told = f"{word} {number.name} of {sides.column} {values[0]} {'divided by' if divided else 'minus'} "
    needed = [re.escape(sign), rf"(?<!\w){re.escape(number.name)}(?!\w)", rf"\b{function}\s*\("]
    needed += [rf"(?<!\w){re.escape(value)}(?!\w)" for value in values]
    needed.append(rf"\b{function}\s*\(.*\b{function}\s*\(|\bGROUP BY\b")
    return SpelledOut(f"{told}that of {values[1]}", query, tuple(needed))


def sides_of(question: str, table: Table, dialect: Dialect) -> Sides | None:
    """The two kinds that the question names: values, marks or years; None where that is not certain."""
    found = [
        side for way in (_texts, _numbers, _years) if (side := way(question, table, dialect)) is not None
    ]
    return found[0] if len(found) == 1 else None


def _texts(question: str, table: Table, dialect: Dialect) -> Sides | None:
    """Two listed values of one column."""
    owned: dict[str, list[str]] = {}
    for value in linked_values(question, [table]):
        if len(value.owners) == 1 and value.literal.startswith("'"):
            owned.setdefault(value.owners[0][1].name, []).append(value.literal)
    pairs = [(name, values) for name, values in owned.items() if len(set(values)) > 1]
    if len(pairs) != 1 or len(pairs[0][1]) != 2:
        return None
    name, values = pairs[0]
    one, two = values
    rest = question
    for literal in values:
        rest = re.sub(rf"(?<!\w){re.escape(literal.strip(chr(39)))}(?!\w)", " ", rest, flags=re.IGNORECASE)
    column = dialect.quote_name(name)
    return Sides(name, (f"{column} = {one}", f"{column} = {two}"), (one[1:-1], two[1:-1]), rest)


def _numbers(question: str, table: Table, dialect: Dialect) -> Sides | None:
    """Two numbers beside the name of a column: "class 0 … class 1", "4-cylinder … 8-cylinder"."""
    found = []
    for column in table.columns:
        noun = words_of(column.name)
        if len(noun) != 1 or not is_number(column) or not all(map(_WHOLE.fullmatch, column.samples)):
            continue
        said = rf"{re.escape(noun[0])}(?:s|es)?"
        behind = rf"\b{said} (?:(?:=|is|of|number|no\.?) )?{_COUNT}\b"
        joint = r",? (?:and|than|as|to|or|with|vs\.?|versus|minus) (?:(?:that|those) of )?"
        second = rf"{joint}{_COUNT}\b(?! \w*{re.escape(noun[0])})"
        before = rf"\b{_COUNT}[- ]{said}\b"
        last = rf"\bthan (?:\w+ ){{0,3}}?(?:with|of|having) {_COUNT}(?!\w|\.\d)"
        for pattern in (behind, before, rf"{behind}{second}", rf"{before}.*?{last}"):
            places = list(re.finditer(pattern, question, re.IGNORECASE))
            values = [_SMALL.get(v.casefold(), v) for p in places for v in p.groups()]
            if len(values) == 2 and values[0] != values[1] and all(len(value) <= 2 for value in values):
                rest = re.sub(pattern, " ", question, flags=re.IGNORECASE)
                found.append((column, values, rest))
                break
    if len(found) != 1:
        return None
    column, values, rest = found[0]
    name = dialect.quote_name(column.name)
    one, two = values
    return Sides(column.name, (f"{name} = {one}", f"{name} = {two}"), (one, two), rest)


def _years(question: str, table: Table, dialect: Dialect) -> Sides | None:
    years: Sequence[str] = list(dict.fromkeys(_YEARS.findall(question)))
    if len(years) != 2:
        return None
    one, two = (year_of(table, year, dialect) for year in years)
    if one is None or two is None:
        return None
    return Sides(one[0], (one[1], two[1]), (years[0], years[1]), _YEARS.sub(" ", question))
