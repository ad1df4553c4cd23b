"""What a table laid out crosswise is made of: which column goes down, which across, and what is in the cells.

Over a connected database there is no pandas to pivot with, so each value across is a CASE of its own. A small
model that is shown them over tables which are not there copies half of it; so they are read from the question
and from the tables that are there. Where the question leaves any of it open, there is no `Crosswise`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from qwen_magics.agent.examples.layouts.cross_extras import (
    is_percent,
    share_base,
    speaks_of_shares,
    wants_totals,
    wants_zeros,
    years_said,
)
from qwen_magics.agent.examples.layouts.laid_limits import Limit, limits_said
from qwen_magics.agent.examples.layouts.sides import Side, phrase_years, sides_of
from qwen_magics.agent.examples.phrased import numbers_in
from qwen_magics.agent.links.key_ways import KeyWay, ways_along
from qwen_magics.agent.words.cross_words import is_tabulated, laid_out, members_named
from qwen_magics.agent.words.naming import UNITS, alike, words_of
from qwen_magics.agent.words.without import empty_columns
from qwen_magics.tools.schema import Column, Table, is_year

__all__ = ["Crosswise", "across_phrases", "crosswise"]

_EACH = r"(?:(?:each|every|all|any|of|the|its|our|a|single|different) )*"
_AFTER = r"((?:[\w-]+ ?){1,6})"
# "A row for each genre", "one line per kind of pet".
_ROW_FOR = re.compile(rf"\b(?:rows?|lines?) (?:for|per|by|of|with) {_EACH}{_AFTER}", re.IGNORECASE)
_COLUMN_FOR = re.compile(rf"\bcolumns? (?:for|per|by|of) {_EACH}{_AFTER}", re.IGNORECASE)
# "Genres down", "the towns as rows", of which the nearest words before it are meant.
_ROW_END = re.compile(
    r" (?:as|in|for|on|into) (?:the )?(?:rows|lines)\b| down\b(?: the (?:side|left|page))?", re.IGNORECASE
)
_COLUMN_END = re.compile(
    r" (?:side by side )?(?:as|in|for|into) (?:the )?(?:column\w*)\b(?: headings?| headers?)?| across\b"
    r"(?! (?:the|all|every) (?!top|page))(?: the (?:top|page))?| side by side\b| along the top\b"
    r"| (?:next to|beside|alongside) (?:each other|one another)\b",
    re.IGNORECASE,
)
# What the words before such an end begin behind.
_BOUND = re.compile(
    r"[,;:.()–—?!]|\b(?:and|with|by|rows|columns|down|across|then|per|having|show\w*|hold\w*|contain\w*"
    r"|giv(?:es?|ing)|carry\w*|filled|stating|telling)\b",
    re.I,
)
_ARTICLES = re.compile(r"\b(?:each|every|all|the|our) ", re.IGNORECASE)
# "Variety and site", "shop, year and month".
_WORD = r"(?!(?:and|with|a|an|one|by|as|down|across|then|per|having|in|of|for|from|column\w*|row\w*)\b)[\w-]+"
_THING = rf"(?:(?:each|every|the) )?{_WORD}(?: {_WORD})?"
_LISTED = re.compile(rf"{_THING}(?:, {_THING})*,? and {_THING}", re.IGNORECASE)
# "The flights per carrier and month … over one column for each origin": without a word of rows.
_PER = re.compile(
    rf"(?<!column )(?<!columns )(?<!row )(?<!rows )\b(?:per|by|(?:for|of|in|at|on) (?:each|every)) "
    rf"((?:(?:each|every|the|per) )*{_WORD}(?: (?!into\b|over\b|onto\b|using\b|to\b|on\b|at\b){_WORD})?"
    rf"(?:(?:, | and )(?:(?:each|every|the|per|by) )*{_WORD})*)",
    re.IGNORECASE,
)
_LISTED_BEFORE = re.compile(
    rf"(?:^|[;:,(–—] ?|\b(?:with|by|per|then|columns|across|put|have|having|show|of) )"
    rf"(?:the )?({_THING}(?:, {_THING})*,? and {_THING})$",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"\b(?:numbers?|counts?|how many)(?: of)? {_EACH}{_AFTER}", re.IGNORECASE)
_MEAN = re.compile(rf"\b(?:average|mean|avg)s?(?: of)? {_EACH}{_AFTER}", re.IGNORECASE)
_MEDIAN = re.compile(rf"\bmedians?(?: of)? {_EACH}{_AFTER}", re.IGNORECASE)
_HIGHEST = re.compile(rf"\b(?:highest|largest|greatest|max(?:imum)?)(?: of)? {_EACH}{_AFTER}", re.IGNORECASE)
_LOWEST = re.compile(rf"\b(?:lowest|smallest|min(?:imum)?)(?: of)? {_EACH}{_AFTER}", re.IGNORECASE)
_TOTAL = re.compile(rf"\b(?:totals?|sums?|summed(?: up)?|altogether)(?: of)? {_EACH}{_AFTER}", re.IGNORECASE)
_COUNTS = re.compile(
    r"\b(?:numbers?|counts?|counted|how many|how often|frequenc\w+|tall(?:y|ies))\b", re.IGNORECASE
)
_COUNTED_IN = re.compile(
    rf"\b(?:numbers?|counts?|how many)(?: of)? {_EACH}([a-z]+) (?:in|of|from) @?(\w+)", re.IGNORECASE
)
# "Order counts by …".
_COUNTS_OF = re.compile(r"\b((?:[a-z]+ )?[a-z]+) (?:counts?|numbers|tall(?:y|ies))\b", re.IGNORECASE)
_MOST, _MOST_ROWS = 16, 3
_NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|REAL|DOUBLE|DECIMAL|NUMERIC", re.IGNORECASE)
_FUNCTIONS = (
    (_MEAN, "AVG"),
    (_MEDIAN, "MEDIAN"),
    (_TOTAL, "SUM"),
    (_HIGHEST, "MAX"),
    (_LOWEST, "MIN"),
)


@dataclass(frozen=True, slots=True)
class Crosswise:
    """A row for each value of one column, a column for each of another, and a number in each cell.

    Attributes:
        fact: the table whose rows are counted or added up.
        function: `COUNT`, `SUM`, `AVG`, `MEDIAN`, `MAX` or `MIN`.
        measured: of `fact`; None where rows are counted.
        ways: along keys from `fact` to the tables of the sides.
        share: what the cells are shares of, `index`, `columns` or `all`; empty where they are numbers.
        percent: the shares are out of a hundred.
        totals: `column`, `row` or `both`, where totals are added.
        more: what tells rows apart beside `row`: "a row for each variety and site".
        zeros: empty cells are to be 0.
        limits: values that the rows are to have; see `laid_limits`.
        dated, compared, years: the years that the question limits itself to; see `cross_extras.years_said`.
    """

    fact: Table
    row: Side
    across: Side
    function: str
    measured: Column | None
    ways: tuple[KeyWay, ...]
    share: str = ""
    percent: bool = False
    totals: str = ""
    more: tuple[Side, ...] = ()
    zeros: bool = False
    dated: Column | None = None
    compared: str = ""
    years: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()


def crosswise(question: str, tables: Sequence[Table]) -> Crosswise | None:
    """What the question wants laid out over these tables; None unless all of it can be told."""
    asked, years = phrase_years(laid_out(" ".join(question.split())))
    cell = _cell(asked, tables) or _one_number(asked, tables)
    if cell is None and len(tables) == 1 and is_tabulated(question):
        cell = tables[0], "COUNT", None
    said = members_named(asked, tables)
    rows, columns = list(_rows(said)), list(across_phrases(said))
    if cell is None or not columns:
        return None
    fact, function, measured = cell
    ways = ways_along(fact, tables, words_of(question))
    reached = [table for table in tables if table is fact or table.name in ways]
    across = next(filter(None, (sides_of(p, reached, fact, asked, years) for p in columns)), None)
    downs = next(filter(None, (_downs(p, reached, fact, asked, years) for p in rows)), [])
    if across is not None and not downs:
        downs = _told_by(said, across, lambda phrase: _downs(phrase, reached, fact, asked, years))
    if across is None or not downs:
        return None
    # A program finds them itself: of numbers such as years the schema does not list them.
    unlisted = len(tables) == 1 and not across.values and not across.column.categories
    if not unlisted and not 1 < len(across.values) <= _MOST:
        return None
    row, *more = downs
    sides = [(side.column.name, side.table.name, side.unit) for side in (across, *downs)]
    if len(set(sides)) < len(sides) or len(downs) > _MOST_ROWS:
        return None
    if measured is not None and any(measured is side.column for side in (across, *downs)):
        if not _COUNTS.search(asked) and not is_tabulated(question):
            return None
        function, measured = "COUNT", None  # "with the total for each number of cylinders"
    needed = dict.fromkeys(side.table.name for side in (*downs, across) if side.table is not fact)
    found = [ways[name] for name in needed]
    if any(way is None for way in found):
        return None  # two ways are as short as each other
    whole = Crosswise(fact, row, across, function, measured, tuple(filter(None, found)), more=tuple(more))
    return _with_extras(whole, " ".join(question.split()))


def _with_extras(found: Crosswise, question: str) -> Crosswise | None:
    names = [column.name for column in found.fact.columns]
    share, percent, adds_up = "", False, found.function in ("COUNT", "SUM")
    if adds_up and speaks_of_shares(question, names):
        share, percent = share_base(question, found.row, found.across), is_percent(question)
        if not share or found.more:
            return None  # of what is open
    dated, compared, years = years_said(question, found.fact)
    totals = wants_totals(question, found.row, found.across) if adds_up and not share else ""
    sides = [side.column for side in (found.row, *found.more, found.across)]
    limits = limits_said(question, found.fact, sides)
    extras = {"share": share, "percent": percent, "totals": totals, "zeros": wants_zeros(question)}
    found = replace(found, limits=limits)
    return replace(found, dated=dated, compared=compared, years=years, **extras)  # type: ignore[arg-type]


def _downs(
    phrase: str, tables: Sequence[Table], fact: Table, question: str, years: Sequence[str]
) -> list[Side]:
    """What the phrase names one after the other, "variety and site"; of a list, all or nothing."""
    parts = [part for part in re.split(r",? and |, ", phrase) if part]
    found = [sides_of(part, tables, fact, question, years) for part in parts]
    if None in found:
        found = [sides_of(phrase, tables, fact, question, years)] if len(parts) == 1 else []
    return [side for side in found if side is not None]


def _told_by(asked: str, across: Side, downs: Callable[[str], list[Side]]) -> list[Side]:
    """What stands behind "per" or "for each" and does not go across, where no word says what goes down."""
    if _ROW_FOR.search(asked) or _ROW_END.search(asked):
        return []
    found: list[list[Side]] = []
    for phrase in _PER.findall(asked):
        words = _ARTICLES.sub("", re.sub(r"(?i)\b(?:per|by) ", "", phrase))
        sides = downs(words) or downs(words.rpartition(" ")[0])
        sides = [side for side in sides if (side.column, side.unit) != (across.column, across.unit)]
        if sides and sides not in found:
            found.append(sides)
    return found[0] if len(found) == 1 else []


def _rows(asked: str) -> Iterator[str]:
    for row in _ROW_FOR.finditer(asked):
        phrase = row[1]
        # "A row for each variety and site", but not "… and a column for each year".
        longer = _LISTED.match(phrase)
        if longer is not None and not _COLUMN_END.match(asked, row.start(1) + longer.end()):
            yield re.sub(_ARTICLES, "", longer[0])
        yield _bounded(phrase)
    for ends in _ROW_END.finditer(asked):
        listed = _LISTED_BEFORE.search(asked[: ends.start()])
        if listed is not None:
            yield re.sub(_ARTICLES, "", listed[1])
    yield from _before(asked, _ROW_END)


def across_phrases(asked: str) -> Iterator[str]:
    """What the question wants across, in its words."""
    yield from map(_bounded, _COLUMN_FOR.findall(asked))
    for phrase in _before(asked, _COLUMN_END):
        # "The catch of 1990 and 1991 next to each other": the years are told apart.
        yield from re.findall(r"(?i) (?:of|in|for|from) (years)$", phrase)
        yield phrase


def _bounded(phrase: str) -> str:
    return _BOUND.split(phrase)[0].strip()


def _before(asked: str, end: re.Pattern[str]) -> Iterator[str]:
    for found in end.finditer(asked):
        # A closing bracket is skipped with what is in it: "branch names (whose copy it was) as rows".
        text = re.sub(r"\([^()]*\)\s*$", "", asked[: found.start()]).rstrip(" ,")
        start = max((bound.end() for bound in _BOUND.finditer(text)), default=0)
        yield text[start:].strip()


def _cell(asked: str, tables: Sequence[Table]) -> tuple[Table, str, Column | None] | None:
    """The table, the function and the column of the cells."""
    for pattern, function in _FUNCTIONS:
        for phrase in pattern.findall(asked):
            if (owned := _measured(phrase, tables)) is not None:
                return owned[0], function, owned[1]
    if _MEAN.search(asked) or _MEDIAN.search(asked):
        return None
    counted = [table for phrase in _COUNTED.findall(asked) for table in _named(phrase, tables)]
    if not counted and not _COUNTED.search(asked):
        words = [part for phrase in _COUNTS_OF.findall(asked) for part in (phrase, phrase.split()[-1])]
        counted = [table for phrase in words for table in _named(phrase, tables)]
    if not counted and len(tables) == 1 and _counts_rows(asked, tables[0]):
        counted = list(tables)
    if not counted and not _TOTAL.search(asked) and not _COUNTED.search(asked):
        # "Loans by branch and year": what is counted comes first.
        counted = _named(" ".join(re.findall(r"[\w-]+", asked)[:1]), tables)
    return (counted[0], "COUNT", None) if counted else None


def _counts_rows(asked: str, table: Table) -> bool:
    """Whether the rows of the table are counted, whatever they are called: "count the people in @riots"; or
    shares are asked for, and of no number.
    """
    columns = {tuple(words_of(column.name)) for column in table.columns}
    for noun, name in _COUNTED_IN.findall(asked):
        if name.casefold() == table.name.casefold():
            return tuple(words_of(noun)) not in columns
    said = _TOTAL.sub(" ", asked)
    is_share = speaks_of_shares(asked, [column.name for column in table.columns])
    return is_share and not _MEAN.search(said) and not numbers_in(said, table)


def _one_number(asked: str, tables: Sequence[Table]) -> tuple[Table, str, Column | None] | None:
    """The one number that is named, where nothing says to count or to add up: its mean."""
    if len(tables) != 1 or any(p.search(asked) for p in (_MEAN, _MEDIAN, _TOTAL, _COUNTED, _COUNTS)):
        return None
    empty, rows = empty_columns(asked, tables), words_of(tables[0].name)
    # A flight is a row of flights, also where a column has that name.
    named = [c for c in numbers_in(asked, tables[0]) if c not in empty and words_of(c.name) != rows]
    return (tables[0], "AVG", named[0]) if len(named) == 1 else None


def _named(phrase: str, tables: Sequence[Table]) -> list[Table]:
    """The tables that the phrase begins with: `orders` of "orders with one row", or of "open orders" where a
    column has `open`.
    """
    said, found = words_of(phrase), []
    for table in tables:
        own, start = words_of(table.name), 0
        if said[: len(own)] != own:
            values = {tuple(words_of(value)) for column in table.columns for value in column.categories or ()}
            start = next((size for size in (1, 2) if tuple(said[:size]) in values), 0)
        if own and said[start : start + len(own)] == own:
            found.append(table)
    return found


def _measured(phrase: str, tables: Sequence[Table]) -> tuple[Table, Column] | None:
    """The one column of numbers that has most of its name in the phrase."""
    said = words_of(_bounded(phrase))
    found: dict[int, list[tuple[Table, Column]]] = {}
    for table in tables:
        keys = {join.column for join in table.joins}
        for column in table.columns:
            own = [part for part in words_of(column.name) if part not in UNITS] or words_of(column.name)
            if is_year(column):
                continue  # "tons for years 1990 to 1999"
            if own and _NUMERIC.match(column.dtype) and column.name not in keys and _is_in(own, said):
                found.setdefault(sum(part in said for part in own), []).append((table, column))
    best = found[max(found)] if found else []
    return best[0] if len(best) == 1 else None


def _is_in(own: Sequence[str], said: Sequence[str]) -> bool:
    return all(any(alike(part, word) for word in said) for part in own)
