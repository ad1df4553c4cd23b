"""Dates where the question asks in which year: `GROUP BY date` and `SELECT date` for "in which year".

Told once, with the query about the years of the date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import has_days
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["which_year"]

_ASKED = re.compile(r"\b(?:which|what) (?:calendar )?year\b(?! and\b|,)|哪一?年", re.IGNORECASE)
# A date is asked for as well, or parts of one.
_DATES = re.compile(r"\b(?:dates?|days?|months?|quarters?|weeks?|when)\b|日|月", re.IGNORECASE)
_YEAR = {"sqlite": "CAST(STRFTIME('%Y', {0}) AS INTEGER)"}


def which_year(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question, which speaks once."""
    if _ASKED.search(question) is None or _DATES.search(question) is not None:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        query = editable(code)
        column = _shown_date(query[0], tables) if query is not None else None
        if query is None or column is None:
            return None
        _replace(*query, column)
        message = f"The question asks for a year, and {column.name} is a date."
        return QueryError("no_year", message, f"Write: {written(*query)}")

    return check


def _shown_date(tree: exp.Expr, tables: Sequence[Table]) -> exp.Column | None:
    """The one date that the query shows as it is."""
    from sqlglot import exp

    if not isinstance(tree, exp.Select) or tree.find(exp.Subquery, exp.CTE, exp.Window):
        return None
    names = {node.name.casefold() for node in tree.find_all(exp.Table)}
    read = [table for table in tables if table.name.casefold() in names]
    shown = (item.unalias() for item in tree.expressions)
    dates = [item for item in shown if isinstance(item, exp.Column) and _is_date(item.name, read)]
    return dates[0] if len(dates) == 1 else None


def _is_date(name: str, read: Sequence[Table]) -> bool:
    columns = (table.column(name) for table in read)
    return any(column is not None and has_days(column) for column in columns)


def _replace(tree: exp.Expr, dialect: str, column: exp.Column) -> None:
    """Put its year for the date into what is shown and grouped; an order by the date itself stays."""
    from sqlglot import exp, parse_one

    way = _YEAR.get(dialect, "EXTRACT(YEAR FROM {0})")
    year = parse_one(way.format(column.sql(dialect=dialect)), read=dialect)
    old = column.copy()
    for item in tree.expressions:
        if item.unalias() == old:
            item.replace(exp.alias_(year.copy(), "year"))
    group = tree.args.get("group")
    for key in group.expressions if group is not None else ():
        if key == old:
            key.replace(year.copy())
