"""Two tables of the same columns, compared period by period: each is grouped, then they are joined.

A small model joins the rows and groups afterwards, so that every hour of one meets every hour of the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["Twins", "twins"]

_FUNCTIONS = {
    "AVG": r"\b(?:averages?|means?|averaged)\b",
    "MAX": r"\b(?:highest|maxim\w+|peaks?|warmest|largest|hottest)\b",
    "MIN": r"\b(?:lowest|minim\w+|coldest|smallest|coolest)\b",
    "SUM": r"\b(?:totals?|sums?|summed|altogether)\b",
    "MEDIAN": r"\bmedians?\b",
}
_WORDS = {"AVG": "average", "MAX": "highest", "MIN": "lowest", "SUM": "total", "MEDIAN": "median"}
_UNITS = ("hour", "day", "month", "quarter", "year")
_MORE = r"\b(?:exceed\w*|above|over|higher|more|greater|larger|warmer|hotter|surpass\w*|beat|topped)\b"
_LESS = r"\b(?:below|under|lower|less|fewer|smaller|colder|cooler)\b"
_HOW_MANY = re.compile(r"\b(?:how many|how often|number of|count)\b", re.IGNORECASE)
_BESIDE = re.compile(
    r"\b(?:next to|beside|alongside|side by side|each other|one another|both|compare\w*|against|versus|vs"
    r"|respectively|and)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Twins:
    """What is asked, in words, and the query of it."""

    told: str
    query: str


def twins(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Twins | None:
    """The query over the two; None where it is not certain which, by what, or what of them."""
    pair = _pair(question, tables)
    if pair is None or dialect.name != DUCKDB.name:
        return None
    first, second = pair
    date = _shared(first, second, lambda c: c.dtype.startswith(("DATE", "TIMESTAMP")), question)
    number = _shared(first, second, is_number, question)
    functions = [name for name, said in _FUNCTIONS.items() if re.search(said, question, re.IGNORECASE)]
    units = [unit for unit in _UNITS if re.search(rf"\b{unit}(?:s|['’]s)?\b", question, re.IGNORECASE)]
    if date is None or number is None or len(functions) != 1 or len(units) != 1:
        return None
    unit, function = units[0], functions[0]
    name = dialect.quote_name
    # A day is the whole date; of months and hours, those of all years are one.
    key = f"CAST({name(date)} AS DATE)" if unit == "day" else f"EXTRACT({unit.upper()} FROM {name(date)})"
    # Under names of the tables' own: behind an alias, a grammar has no others.
    when, what_of = name(date), name(number)
    inner = (
        f"(SELECT {key} AS {when}, {function}({what_of}) AS {what_of} FROM {name(table.name)} GROUP BY 1)"
        for table in pair
    )
    one, other = inner
    source = f"{one} AS a JOIN {other} AS b ON a.{when} = b.{when}"
    what = f"{_WORDS[function]} {number} of each {unit}"
    if _HOW_MANY.search(question):
        sign = _sign(question)
        said = f"on how many {unit}s was the {what} {'higher' if sign == '>' else 'lower'} in {first.name} "
        query = f"SELECT COUNT(*) FROM {source} WHERE a.{what_of} {sign} b.{what_of}"
        return Twins(f"{said}than in {second.name}?", query) if sign else None
    if not _BESIDE.search(question):
        return None
    shown = f"a.{when} AS {unit}, a.{what_of} AS {name(first.name)}, b.{what_of} AS {name(second.name)}"
    told = f"the {what}, in {first.name} and in {second.name}"
    return Twins(told, f"SELECT {shown} FROM {source} ORDER BY 1")


def _pair(question: str, tables: Sequence[Table]) -> tuple[Table, Table] | None:
    """The two tables that the question names, in its order; they are alike in all of their columns."""
    places = {t.name: at for t in tables if (at := _place(t.name, question)) >= 0}
    if len(places) != 2:
        return None
    first, second = sorted((t for t in tables if t.name in places), key=lambda t: places[t.name])
    alike = {c.name for c in first.columns} == {c.name for c in second.columns}
    return (first, second) if alike and not first.joins and not second.joins else None


def _place(name: str, question: str) -> int:
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", question, re.IGNORECASE)
    return found.start() if found else -1


def _shared(first: Table, second: Table, fits: Callable[[Column], bool], question: str) -> str | None:
    """The one column of the kind that both have; of several, the one that is named."""
    others = {column.name for column in second.columns if fits(column)}
    names = [column.name for column in first.columns if fits(column) and column.name in others]
    if len(names) > 1:
        said = set(words_of(question))
        names = [name for name in names if set(words_of(name)) <= said]
    return names[0] if len(names) == 1 else None


def _sign(question: str) -> str:
    more, less = (re.search(said, question, re.IGNORECASE) is not None for said in (_MORE, _LESS))
    return "" if more == less else ">" if more else "<"
