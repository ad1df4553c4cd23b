"""A figure minus itself, which is 0 whatever the data are: `AVG(temp) - AVG(temp)`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.editable import editable
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["minus_itself"]

_HOUR = r"(\d{1,2})(?::00)?(?: ?o['\u2019]clock)?"
# "12 to 17 o'clock", "between 0 and 5 o'clock", "from 8:00 to 11:00".
_HOURS = re.compile(
    rf"\b(?:from |between )?{_HOUR} (?:to|through|until|and|till|[-\u2013]) {_HOUR}(?=\W|$)", re.IGNORECASE
)
_CLOCK = re.compile(r"o['\u2019]clock|\d:00|\bhours?\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:am|pm|a\.m|p\.m|exclusive|excluded|excluding|before|not)\b|\bfor example\b", re.IGNORECASE
)
_COLUMN = re.compile(r"(?:HOUR\(|EXTRACT\(HOUR FROM )([\w.\"]+)\)", re.IGNORECASE)


def minus_itself(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question."""
    hours = _HOURS.findall(question) if _CLOCK.search(question) and not _OPEN.search(question) else []

    def check(code: str) -> QueryError | None:
        part = _twice(code) if "-" in code else None
        if part is None:
            return None
        text = part.sql(dialect="duckdb")
        message = f"{text} minus itself is always 0."
        if whole := _of_hours(code, part, hours, tables):
            return QueryError("minus_itself", message, f"Write: {whole}")
        measured = re.fullmatch(r"(?i)(AVG|SUM|MEDIAN|MIN|MAX)\((\"?[\w.]+\"?)\)", text)
        one = (
            f"{measured[1]}(CASE WHEN … THEN {measured[2]} END)"
            if measured
            else "SUM(CASE WHEN … THEN 1 ELSE 0 END)"
        )
        hint = f"Take each part by its own condition, and take that out of WHERE: {one} - {one}."
        return QueryError("minus_itself", message, hint)

    return check


def _twice(code: str) -> exp.Expr | None:
    """The aggregate that a query takes away from itself."""
    from sqlglot import exp

    found = editable(code)
    tree = found[0] if found is not None else parsed(code, DUCKDB)
    for minus in tree.find_all(exp.Sub) if tree is not None else ():
        one, other = minus.this.unnest(), minus.expression.unnest()
        if one == other and isinstance(one, exp.AggFunc) and not minus.find_ancestor(exp.Where):
            return one
    return None


def _of_hours(code: str, part: exp.Expr, hours: Sequence[tuple[str, str]], tables: Sequence[Table]) -> str:
    """The query for two ranges of hours and one table, which has no other condition; else empty."""
    from sqlglot import exp

    sources = {name.casefold() for name in re.findall(r"(?i)\bFROM\s+\"?(\w+)", code)}
    read = [table for table in tables if {table.name.casefold()} == sources]
    ranges = [(int(low), int(high)) for low, high in hours if int(low) < int(high) < 24]
    column = _COLUMN.search(code)
    if len(read) != 1 or len(ranges) != 2 or len(hours) != 2 or column is None:
        return ""
    if not isinstance(part, (exp.Avg, exp.Sum, exp.Median)) or re.search(r"(?i)\b(JOIN|GROUP BY)\b", code):
        return ""
    name, value = type(part).__name__.upper(), part.this.sql(dialect="duckdb")
    parts = (
        f"{name}(CASE WHEN HOUR({column[1]}) BETWEEN {low} AND {high} THEN {value} END)"
        for low, high in ranges
    )
    return f"SELECT {' - '.join(parts)} FROM {read[0].name}"
