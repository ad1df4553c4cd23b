"""Years and months that a program filters by and no word of the question asks for.

A worked example about May 2021 makes a small model look for December of 2021 too. A year as a column of its
own (`year = 2007`) is left alone: it is often the only one, or the last, that a table has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.tools.sql.dialects import DUCKDB, MYSQL
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["TIME_OF_YEAR", "unasked_dates"]

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
# What stands for a year that only the data or the calendar knows.
_RELATIVE = re.compile(
    r"\b(ago|age|aged|born|centur(y|ies)|covid|crisis|current(ly)?|date|decades?|earliest|last|latest|millennium"
    r"|modern|newest|next|now(adays)?|old(er|est)?|pandemic|past|previous|recent(ly)?|this|today|war|yesterday"
    r"|young(er|est)?|(twen|thir|for|fif|six|seven|eigh|nine)ties)\b|'\d\d\b",
    re.IGNORECASE,
)
_MONTHS = (
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?"
    r"|dec(ember)?"
)
_MONTH = re.compile(rf"\b({_MONTHS})\b", re.IGNORECASE)
TIME_OF_YEAR = re.compile(
    rf"\b({_MONTHS}|spring|summer|autumn|fall|winter|seasons?|quarters?|half|halves|start|beginning|early|mid"
    r"|middle|late|end|christmas|xmas|easter|halloween|thanksgiving|holidays?|new year\w*)\b",
    re.IGNORECASE,
)
# "Ten years or longer" on a day in 2024 goes back to 2014.
_SPAN = re.compile(rf"\b(\d{{1,2}}|{'|'.join(w for w in NUMBERS if w.isascii())})[ -]years?\b", re.IGNORECASE)
_ANY_YEAR = re.compile(r"\b(all|any|every|each|whatever|of the) (the )?years?\b", re.IGNORECASE)
_DAY = re.compile(r"(?P<year>1[5-9]\d\d|20\d\d)(?P<rest>-\d\d(-\d\d([ T][\d:.]+)?)?)?-?%?")
_PART = {
    "year": r"\byear\s*\(|'%Y'|'YYYY'|\b(?:extract|date_?part|date_?trunc)\(\s*'?year\b"
    r"|(?:,\s*1,|\bleft\(.*,)\s*4\)",
    "month": r"\bmonth\s*\(|'%m'|'MM'|\b(?:extract|date_?part)\(\s*'?month\b|,\s*6,\s*2\)",
}
_ATTRIBUTE = re.compile(r"[\w.\[\]\"']*\.dt\.(?P<part>year|month)\s*(?:[<>]=?|==)\s*(?P<number>\d+)")
_TEXT = re.compile(
    r"(?:[<>]=?|==|\bstartswith\()\s*(?:(?:pd\.)?(?:Timestamp|to_datetime)\(\s*)?(['\"])(?P<text>[^'\"]+)\1"
)
_SQL = re.compile(r"\W*(SELECT|WITH)\b", re.IGNORECASE)


def unasked_dates(question: str) -> Callable[[str], Iterator[str]]:
    """Finds the conditions of a program on a year or a month that the question does not name."""
    years = [int(year) for year in _YEAR.findall(question)]
    spans = [int(NUMBERS.get(number.casefold(), number)) for number in _SPAN.findall(question)]
    years += [year + way * span for year in years for span in spans for way in (-1, 1)]
    any_year = not years and _RELATIVE.search(question) is not None
    any_month = bool(TIME_OF_YEAR.search(question) or re.search(r"\d", question)) or any_year
    dated = _MONTH.search(question) is not None and not _ANY_YEAR.search(question)

    def is_said(part: str, value: str) -> bool:
        if part == "month":
            return any_month or not value.isdigit()
        found = _DAY.fullmatch(value)
        if found is None or any_year or (found["rest"] and dated and not years):
            return True
        return any(year - 1 <= int(found["year"]) <= year + 1 for year in _all(years))

    def conditions(code: str) -> Iterator[str]:
        for condition, part, values in _dated(code):
            if not all(is_said(part, value) for value in values):
                yield condition

    return conditions


def _all(years: list[int]) -> range | list[int]:
    """The years from the first to the last."""
    return range(min(years), max(years) + 1) if years else []


def _dated(code: str) -> Iterator[tuple[str, str, list[str]]]:
    """Conditions on dates: as they are written, of which part, and what it is compared with."""
    if _SQL.match(code):
        yield from _of_sql(code)
        return
    for found in _ATTRIBUTE.finditer(code):
        yield found[0], found["part"], [found["number"]]
    for found in _TEXT.finditer(code):
        yield found[0], "year", [found["text"]]


def _of_sql(code: str) -> Iterator[tuple[str, str, list[str]]]:
    from sqlglot import exp

    readers = (DUCKDB, MYSQL, replace(DUCKDB, name="tsql"))
    tree = next(filter(None, (parsed(code, reader) for reader in readers)), None)
    kinds = (exp.EQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between, exp.In, exp.Like)
    for node in tree.find_all(*kinds) if tree is not None else ():
        # What CASE tells apart is laid across, not left out.
        if node.find_ancestor(exp.Case):
            continue
        compared = [node.this, *node.expressions, *map(node.args.get, ("expression", "low", "high"))]
        literals = [one for one in (_literal(side) for side in compared) if one is not None]
        other = next((side for side in compared if side is not None and _literal(side) is None), None)
        if other is None or not literals:
            continue
        text = other.sql(dialect="duckdb")
        parts = [part for part, form in _PART.items() if re.search(form, text, re.IGNORECASE)]
        texts = [literal.name for literal in literals if parts or literal.is_string]
        if texts:
            yield node.sql(dialect="duckdb"), parts[0] if parts else "year", texts


def _literal(node: exp.Expr | None) -> exp.Expr | None:
    """The constant that a side of a comparison is, whatever type it is cast to."""
    from sqlglot import exp

    while isinstance(node, (exp.Cast, exp.Date, exp.TsOrDsToDate, exp.Paren)):
        node = node.this
    return node if isinstance(node, exp.Literal) else None
