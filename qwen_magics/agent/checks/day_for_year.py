"""One day where the question says a year: `date = '1855-04-01'` for "in 1855".

A small model copies a date from the sample values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.checks.unasked_dates import TIME_OF_YEAR
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["day_for_year"]

_IN_YEAR = re.compile(
    r"\b(?:in|of|during|for|throughout|over|within) (?:the )?(?:(?:whole|full|entire|calendar) )?(?:year )?"
    r"((?:1[5-9]|20)\d\d)\b(?![-/.\u2013]\d)",
    re.IGNORECASE,
)
_DAY = re.compile(r"((?:1[5-9]|20)\d\d)-\d\d-\d\d(?:[ T][\d:.]+)?")
_OTHER = re.compile(
    r"\b(?:days?|dates?|latest|earliest|newest|oldest|recent|as of|until|since|by)\b", re.IGNORECASE
)


def day_for_year(question: str, dialect: Dialect = DUCKDB) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    years = _IN_YEAR.findall(question)
    rest = _IN_YEAR.sub("", question)
    if len(set(years)) != 1 or re.search(r"\b(?:1[5-9]|20)\d\d\b", rest) is not None:
        return silent
    if _OTHER.search(rest) or TIME_OF_YEAR.search(rest):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _with_year(code, years[0], dialect) if _DAY.search(code) else ""
        if not whole:
            return None
        message = f"The question says {years[0]}, and the query takes one day of it."
        return QueryError("day_for_year", message, f"Write: {whole}")

    return check


def _with_year(code: str, year: str, dialect: Dialect) -> str:
    """The query with the whole year for each day that a column is equal to; empty where there is none."""
    from sqlglot import exp, parse_one

    found = editable(code)
    if found is None:
        return ""
    tree, reader = found
    days = [
        node for node in tree.find_all(exp.EQ) if isinstance(node.this, exp.Column) and _day(node) == year
    ]
    if not days or len({node.sql() for node in days}) > 1:
        return ""
    for node in days:
        column = node.this.sql(dialect=reader)
        text = (
            f"STRFTIME('%Y', {column}) = '{year}'"
            if dialect.title == "SQLite"
            else f"YEAR({column}) = {year}"
        )
        node.replace(parse_one(text, dialect=reader))
    return written(tree, reader)


def _day(node: exp.Expr) -> str | None:
    """The year of the day that a column is compared with."""
    from sqlglot import exp

    value = node.expression
    while isinstance(value, (exp.Cast, exp.Paren)):
        value = value.this
    found = _DAY.fullmatch(value.name) if isinstance(value, exp.Literal) and value.is_string else None
    return found[1] if found is not None else None
