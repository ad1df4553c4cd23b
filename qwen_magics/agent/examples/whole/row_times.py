"""The time that a table's rows have, as SQL reads it: one column of dates, or year, month and day apart."""

from __future__ import annotations

from dataclasses import dataclass

from qwen_magics.agent.words.mentions import Asked
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["RowTimes", "row_times"]

_UNITS = ("year", "quarter", "month", "day", "hour")
_WITHIN = {"year": (), "quarter": ("year",), "month": ("year",), "day": ("year", "month")}
_MASKS = {"year": "%Y", "month": "%Y-%m"}


@dataclass(frozen=True, slots=True)
class RowTimes:
    """One table's time.

    Attributes:
        date: the one column of dates, if there is one.
        parts: unit → column, where the units are columns.
    """

    date: Column | None
    parts: dict[str, Column]
    dialect: Dialect

    def day(self) -> str:
        """An expression for the day; empty where the dialect is not known."""
        if self.date is not None:
            return self._of_date("day")
        if self.dialect.name != "duckdb" or not all(unit in self.parts for unit in ("year", "month", "day")):
            return ""
        parts = (self._int(self.parts[unit]) for unit in ("year", "month", "day"))
        return f"MAKE_DATE({', '.join(parts)})"

    def days_between(self, one: str, two: str) -> str:
        """The number of days from one day to another."""
        if self.dialect.name == "duckdb":
            return f"DATE_DIFF('day', {one}, {two})"
        return f"CAST(JULIANDAY({two}) - JULIANDAY({one}) AS INTEGER)"

    def unit(self, unit: str) -> tuple[str, ...]:
        """What tells the units apart, the longest first: year and month; nothing where not certain."""
        if self.date is not None:
            expression = self._of_date(unit)
            return (expression,) if expression else ()
        wanted = (*_WITHIN.get(unit, ()), unit)
        if unit not in _WITHIN or unit not in self.parts:
            return ()
        # A table of one year needs no column of it; one of quarters without years is none of times.
        if any(part not in self.parts for part in wanted):
            return ()
        return tuple(self.dialect.quote_name(self.parts[part].name) for part in wanted)

    def moment(self) -> tuple[str, ...]:
        """What the rows are in order by."""
        if self.date is not None:
            return (self.dialect.quote_name(self.date.name),)
        return tuple(self.dialect.quote_name(c.name) for c in self.parts.values())

    def _int(self, column: Column) -> str:
        name = self.dialect.quote_name(column.name)
        return name if column.dtype.endswith(("INT", "INTEGER", "BIGINT")) else f"CAST({name} AS INTEGER)"

    def _of_date(self, unit: str) -> str:
        if self.date is None:
            return ""
        name = self.dialect.quote_name(self.date.name)
        if self.dialect.name == "duckdb":
            day = name if self.date.dtype == "DATE" else f"CAST({name} AS DATE)"
            if unit == "day":
                return day
            if unit == "year":
                return f"YEAR({day})"
            return f"DATE_TRUNC('{unit}', {day})" if unit in _WITHIN else ""
        if self.dialect.title == "SQLite":
            return f"DATE({name})" if unit == "day" else _of_text(name, unit)
        return ""


def row_times(asked: str, table: Table, dialect: Dialect) -> RowTimes | None:
    """The time by which the question tells the rows; None where it could be one of several.

    Args:
        asked: what is said of it, to choose among several dates.
    """
    dates = [column for column in table.columns if has_days(column)]
    if dates:
        words = Asked(asked, table.columns, table.name)
        named = [column for column in dates if words.place(column) is not None]
        units = [c for c in table.columns if c.name.casefold() in ("month", "day") and c not in dates]
        found = named or dates
        if len(found) == 1 and (named or not units):
            return RowTimes(found[0], {}, dialect)
        if not units:
            return None
    named_units = {c.name.casefold(): c for c in table.columns if c.name.casefold() in _UNITS}
    years = [c for c in table.columns if is_year(c)]
    if "year" not in named_units and len(years) == 1:
        named_units["year"] = years[0]
    parts = {unit: named_units[unit] for unit in _UNITS if unit in named_units}
    return RowTimes(None, parts, dialect) if "year" in parts else None


def _of_text(name: str, unit: str) -> str:
    text = f"STRFTIME('{_MASKS[unit]}', {name})" if unit in _MASKS else ""
    return f"CAST({text} AS INTEGER)" if unit == "year" else text
