"""A number before a year beside the same number from it on, for each of something: two columns of CASEs.

A small model filters by the one span and then averages twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["Halves", "halves"]

_YEAR = r"((?:1[5-9]|20)\d\d)"
_BEFORE = re.compile(
    rf"\b(?:before|prior to|up to but not including|until before) (?:the year )?{_YEAR}\b", re.I
)
_UP_TO = re.compile(
    rf"\b(?:up to|until|through|till|to the end of) (?:and including )?(?:the year )?{_YEAR}\b", re.I
)
_FROM = re.compile(
    rf"\b(?:from|since|as of|starting (?:in|with|from)|beginning (?:in|with)) (?:the year )?{_YEAR}\b", re.I
)
_AFTER = re.compile(rf"\b(?:after|later than) (?:the year )?{_YEAR}\b", re.I)
_AGGREGATES = (
    (r"\b(?:average|mean|avg)\w*\b", "AVG"),
    (r"\b(?:total|sum)\w*\b", "SUM"),
    (r"\b(?:highest|maximum|largest|peak)\b", "MAX"),
    (r"\b(?:lowest|minimum|smallest)\b", "MIN"),
)
_WORDS = {"AVG": "average", "SUM": "total", "MAX": "highest", "MIN": "lowest"}
_EACH = re.compile(r"\b(?:each|every|per|by)\b((?:\W+\w+){1,3})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Halves:
    """The query, and what it says in words."""

    told: str
    query: str


def halves(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Halves | None:
    """The query over the one table with a year, a number that is named and a group; None otherwise."""
    spans = _spans(question)
    functions = [name for pattern, name in _AGGREGATES if re.search(pattern, question, re.IGNORECASE)]
    each = words_of(" ".join(_EACH.findall(question)))
    if len(spans) != 2 or len(functions) != 1:
        return None
    for table in tables:
        year = _year(table, dialect)
        groups = [c for c in table.columns if (own := words_of(c.name)) and set(own) <= set(each)]
        groups = [c for c in groups if c.name.casefold() not in {"year", "month", "date"}]
        # "By farm, average tons": of what follows `by`, a text is the group.
        groups = [c for c in groups if not is_number(c)] or groups
        asked = set(words_of(question))
        values = [c for c in table.columns if is_number(c) and c not in groups and not is_year(c)]
        values = [c for c in values if (own := words_of(c.name)) and set(own) <= asked]
        if year and len(groups) == 1 and len(values) == 1:
            return _query(table, groups[0], values[0], functions[0], year, spans, dialect)
    return None


def _spans(question: str) -> list[tuple[str, str]]:
    """Condition and name of each span, where one ends where the other begins."""
    early = [(f"< {y}", f"before_{y}", int(y)) for y in _BEFORE.findall(question)]
    early += [(f"<= {y}", f"until_{y}", int(y) + 1) for y in _UP_TO.findall(question)]
    late = [(f">= {y}", f"from_{y}", int(y)) for y in _FROM.findall(question)]
    late += [(f"> {y}", f"after_{y}", int(y) + 1) for y in _AFTER.findall(question)]
    if len(early) != 1 or len(late) != 1 or early[0][2] > late[0][2]:
        return []
    return [(condition, name) for condition, name, _ in (early[0], late[0])]


def _year(table: Table, dialect: Dialect) -> str:
    whole = next((column for column in table.columns if is_year(column)), None)
    if whole is not None:
        return dialect.quote_name(whole.name)
    dates = [c for c in table.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
    return f"EXTRACT(YEAR FROM {dialect.quote_name(dates[0].name)})" if len(dates) == 1 else ""


def _query(
    table: Table,
    group: Column,
    value: Column,
    function: str,
    year: str,
    spans: Sequence[tuple[str, str]],
    dialect: Dialect,
) -> Halves:
    key, number = dialect.quote_name(group.name), dialect.quote_name(value.name)
    cells = (
        f"{function}(CASE WHEN {year} {condition} THEN {number} END) AS {name}" for condition, name in spans
    )
    owner = f"{dialect.quote_name(table.schema)}." if table.schema else ""
    query = f"SELECT {key}, {', '.join(cells)} FROM {owner}{dialect.quote_name(table.name)} GROUP BY {key}"
    names = " beside ".join(name.replace("_", " ") for _, name in spans)
    return Halves(f"{_WORDS[function]} {value.name} of each {group.name}, {names}", query)
