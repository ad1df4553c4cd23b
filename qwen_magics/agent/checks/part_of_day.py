"""Days counted or grouped by the day of the month alone, where a table has year, month and day as numbers:
`GROUP BY day` makes 31 groups of a year.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.examples.whole_days import OF_MONTH, WHOLE_DAY
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["part_of_day"]

_DAYS = re.compile(r"\b(?:days?|dates?|daily)\b", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:week-?days?|days? of (?:the )?week|first day|last day)\b", re.IGNORECASE)


def part_of_day(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    parted = [table for table in tables if all(table.column(part) is not None for part in WHOLE_DAY)]
    if not parted or not _DAYS.search(question) or OF_MONTH.search(question) or _OTHER.search(question):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _by_whole_days(code, dialect)
        if not whole:
            return None
        message = "day is the day of the month alone: a day is year, month and day together."
        return QueryError("part_of_day", message, f"Write: {whole}")

    return check


def _by_whole_days(code: str, dialect: Dialect) -> str:
    """The query by all three; empty where it is in order, or has a month somewhere."""
    from sqlglot import exp

    found = editable(code)
    if found is None:
        return ""
    tree, reader = found
    columns = list(tree.find_all(exp.Column))
    if any(column.name.casefold() in ("month", "year") for column in columns):
        return ""
    days = [column for column in columns if column.name.casefold() == "day"]
    if not days:
        return ""
    changed = [_put(day, dialect, reader) for day in days]
    return written(tree, reader) if all(changed) else ""


def _put(day: exp.Expr, dialect: Dialect, reader: str) -> bool:
    """Put all three for the day, if it is grouped by, shown of a group or counted; whether it was."""
    from sqlglot import exp, parse_one

    if isinstance(day.parent, exp.Distinct) and isinstance(day.parent.parent, exp.Count):
        if len(day.parent.expressions) > 1:
            return False
        names = [f"{_owner(day)}{part}" for part in WHOLE_DAY]
        one = "{0} * 10000 + {1} * 100 + {2}" if dialect.title == "SQLite" else "MAKE_DATE({0}, {1}, {2})"
        day.replace(parse_one(one.format(*names), dialect=reader))
        return True
    holder = day.parent
    select = holder if isinstance(holder, exp.Select) else holder.parent if holder is not None else None
    if not isinstance(select, exp.Select) or select.args.get("group") is None:
        return False
    if not any(key.name.casefold() == "day" for key in select.args["group"].expressions):
        return False
    if isinstance(holder, exp.Ordered) or not isinstance(holder, (exp.Select, exp.Group)):
        return False
    parts = [exp.column(part, table=day.args.get("table")) for part in WHOLE_DAY]
    keys = [item for key in holder.expressions for item in (parts if key is day else [key])]
    holder.set("expressions", keys)
    return True


def _owner(day: exp.Expr) -> str:
    table = day.args.get("table")
    return f"{table.sql()}." if table is not None else ""
