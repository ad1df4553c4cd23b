"""By what the rows of a series follow one another, if they are as far apart as a question's days, months,
quarters or years; and whether the table is one series.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.whole.each_group import is_finest
from qwen_magics.agent.examples.whole.named_rows import NamedRows, is_text
from qwen_magics.agent.examples.whole.row_times import row_times
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["is_key", "is_measured", "is_one_series", "series_order", "states_of"]

# The finest part of a time is what its rows are told apart by.
_PARTS = ("hour", "day", "week", "month", "quarter", "year")
_FIRST_DAYS = {"month": r"\d{4}-\d\d-01\b", "year": r"\d{4}-01-01\b"}
_FEWEST = 2


def series_order(table: Table, unit: str, dialect: Dialect) -> tuple[str, ...]:
    """The columns by which the rows are in time, if a row is a day, month, quarter or year as `unit` says;
    nothing where that is not certain.

    Args:
        unit: empty: whatever a row is.
    """
    dates = [column for column in table.columns if has_days(column)]
    if len(dates) > 1 or any(is_key(column, table) for column in table.columns):
        return ()
    if dates:
        fits = not unit or _goes_by(dates[0], unit)
        parts = [c for c in table.columns if c.name.casefold() in _PARTS and c is not dates[0]]
        return (dialect.quote_name(dates[0].name),) if fits and not parts else ()
    times = row_times("", table, dialect)
    if times is None or "hour" in times.parts:
        return ()
    own = [c for c in table.columns if c.name.casefold() in _PARTS]
    finest = next((part for part in _PARTS if part in times.parts), "")
    if (unit and finest != unit) or len(own) > len(times.parts) or not finest:
        return ()
    return tuple(dialect.quote_name(column.name) for column in times.parts.values())


def is_key(column: Column, table: Table) -> bool:
    """Whether it leads to other rows, or tells these apart: things with a time are no series."""
    joined = {join.column for join in table.joins}
    is_id = re.search(r"(?i)(?:^|_)(?:id|key|no|nr|code)$", column.name) is not None
    is_time = has_days(column) or is_year(column) or column.name.casefold() in _PARTS
    return not is_time and (column.name in joined or is_id or (column.unique and not is_measured(column)))


def is_measured(column: Column) -> bool:
    """Whether it has fractions, or may be a count of something."""
    return is_number(column)


def states_of(table: Table) -> list[Column]:
    """The columns that are no numbers and no times: states of the one thing, or the names of several."""
    return [c for c in table.columns if not is_number(c) and not has_days(c)]


def is_one_series(table: Table, rows: NamedRows, dialect: Dialect) -> bool:
    """Whether the rows, as they are limited, are those of one thing by time."""
    texts = states_of(table)
    if not texts:
        return not rows.conditions
    named = [c for c in texts if dialect.quote_name(c.name) in rows.conditions]
    if len(named) == len(texts):
        return all(is_text(c) for c in texts)
    # Of a country the continent need not be said.
    return len(named) == 1 and is_finest(named[0], table)


def _goes_by(date: Column, unit: str) -> bool:
    if words_of(date.name) == [unit]:
        return True
    texts = [sample.strip("'") for sample in date.samples]
    if len(texts) < _FEWEST:
        return False
    if unit == "day":
        return not all(re.match(_FIRST_DAYS["month"], text) for text in texts)
    return unit in _FIRST_DAYS and all(re.match(_FIRST_DAYS[unit], text) for text in texts)
