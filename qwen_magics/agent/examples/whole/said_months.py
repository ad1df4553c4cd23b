"""Months that a question names, and the condition for one: of months as numbers, or of the only dates."""

from __future__ import annotations

import re

from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["MONTHS", "month_column", "month_of", "months_in"]

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_SAID = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b")


def months_in(text: str) -> list[int]:
    """Their numbers, from 1 to 12; only as they are spelled: what may be is no month."""
    return [MONTHS.index(name) + 1 for name in dict.fromkeys(_SAID.findall(text))]


def month_column(table: Table) -> Column | None:
    """The months as whole numbers, or the only dates."""
    months = [c for c in table.columns if words_of(c.name) == ["month"]]
    if months:
        whole = months[0].dtype.startswith(("BIGINT", "INT", "SMALLINT", "TINYINT"))
        return months[0] if len(months) == 1 and whole else None
    dates = [c for c in table.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
    return dates[0] if len(dates) == 1 else None


def month_of(table: Table, number: int, dialect: Dialect) -> str:
    """The condition for that month; empty where no column tells it."""
    column = month_column(table)
    if column is None:
        return ""
    name = dialect.quote_name(column.name)
    if words_of(column.name) == ["month"]:
        return f"{name} = {number}"
    if dialect.title == "SQLite":
        return f"STRFTIME('%m', {name}) = '{number:02d}'"
    return f"EXTRACT(MONTH FROM {name}) = {number}"
