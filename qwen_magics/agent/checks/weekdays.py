"""Days of the week asked for, and days of the month taken: `GROUP BY day` where `day` goes from 1 to 31."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import has_days

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["weekdays"]

_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ASKED = re.compile(
    rf"\b(?:week-?days?|days? of (?:the )?week|weekends?|(?:{'|'.join(_NAMES)})s?)\b", re.IGNORECASE
)
# As DuckDB, SQLite, PostgreSQL, MySQL, SQL Server and pandas say it.
_TAKEN = re.compile(
    r"day_?name|day_?of_?week|week_?day|iso_?dow|iso_?calendar|\bdow\b|%[wau]|to_char|datename|datepart",
    re.IGNORECASE,
)
_PARTS = ("year", "month", "day")


def weekdays(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of programs for one question; tables that have the days of the week themselves are let pass."""
    if not _ASKED.search(question) or any(map(_has_them, tables)):
        return lambda code: None

    def check(code: str) -> QueryError | None:
        if _TAKEN.search(code):
            return None
        message = "The question asks for days of the week, and nothing here tells which one a day is."
        return QueryError("no_weekday", message, f"Take it from the date: {_way(tables)}.")

    return check


def _has_them(table: Table) -> bool:
    values = (v.strip("'").casefold() for c in table.columns for v in (*(c.categories or ()), *c.samples))
    return any(v in _NAMES or v in {name[:3] for name in _NAMES} for v in values) or any(
        _TAKEN.search(column.name) for column in table.columns
    )


def _way(tables: Sequence[Table]) -> str:
    date = next((c.name for table in tables for c in table.columns if has_days(c)), None)
    if date is None and any(all(table.column(part) for part in _PARTS) for table in tables):
        return "DAYNAME(MAKE_DATE(year, month, day)) in SQL, to_datetime of these three in pandas"
    return f"DAYNAME({date or 'date'}) or STRFTIME('%w', {date or 'date'})"
