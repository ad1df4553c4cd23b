"""Tables as values, and as the DDL that a model reads. Knows no database and no DataFrame."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["Column", "Join", "Table", "closest", "describe", "has_days", "is_year"]

_NUMERIC = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|REAL|DOUBLE|DECIMAL|NUMERIC", re.IGNORECASE)
_YEAR = re.compile(r"(1[5-9]|20)\d\d(\.0+)?")
_DAY = re.compile(r"'\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2}(\.\d+)?)?)?'")
_STATISTICS = re.compile(
    r"\b(correlat\w*|covarian\w*|deviation\w*|deciles?|median\w*|percentiles?|quantiles?|quartiles?|regress\w*"
    r"|scatter\w*|slope\w*|variance\w*|variation)\b|korrel|abweichung|varianz|相关|标准差|方差|中位|分位|回归",
    re.IGNORECASE,
)
# Line length from which a list of categories stops helping and starts crowding out other columns.
MAX_CATEGORIES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Column:
    """One column as SQL sees it.

    Attributes:
        name: unquoted; differs from the frame's label if that could not be a column name (see `note`).
        dtype: SQL type, such as `BIGINT`, `VARCHAR`, `TIMESTAMP`.
        nulls: how many rows have no value.
        samples: two or three values, as SQL literals, shortened.
        categories: all values in order, as SQL literals, if they are few and short; else None.
        unique: no value occurs twice (nulls aside), so a join on it multiplies no rows.
        note: what was changed on the way in, for the model and the user to read.
    """

    name: str
    dtype: str
    nulls: int = 0
    samples: tuple[str, ...] = ()
    categories: tuple[str, ...] | None = None
    unique: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """`table.column = other.other_column`, whose values are contained, and unique on the right.

    Attributes:
        more: further pairs of columns that must be equal too: a key of several columns.
    """

    table: str
    column: str
    other: str
    other_column: str
    more: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.spelled(DUCKDB)

    def spelled(self, dialect: Dialect) -> str:
        """The condition as the dialect writes it."""
        name, (left, right) = dialect.quote_name, map(dialect.quote_name, (self.table, self.other))
        pairs = ((self.column, self.other_column), *self.more)
        return " AND ".join(f"{left}.{name(one)} = {right}.{name(two)}" for one, two in pairs)


@dataclass(frozen=True, slots=True)
class Table:
    """One table in reach of a query.

    Attributes:
        joins: where its columns lead.
        notes: what differs from the user's frame, or what the database says about the table.
        schema: what stands before the name in FROM; empty in the database's default schema.
        estimated: `rows` is the database's own guess; 0 then means that it has none.
    """

    name: str
    columns: tuple[Column, ...]
    rows: int
    joins: tuple[Join, ...] = ()
    notes: tuple[str, ...] = ()
    schema: str = ""
    estimated: bool = False

    def column(self, name: str) -> Column | None:
        """The column of that name, letter case ignored as in SQL."""
        wanted = name.casefold()
        return next((column for column in self.columns if column.name.casefold() == wanted), None)


def is_year(column: Column) -> bool:
    """Whether the column has years as numbers, as far as its samples tell."""
    years = bool(column.samples) and all(map(_YEAR.fullmatch, column.samples))
    return years and _NUMERIC.match(column.dtype) is not None


def has_days(column: Column) -> bool:
    """Whether the column has dates, as such or as text like 2024-05-31."""
    if column.dtype.startswith(("DATE", "TIMESTAMP")):
        return True
    return column.dtype == "VARCHAR" and bool(column.samples) and all(map(_DAY.fullmatch, column.samples))


def describe(
    tables: Sequence[Table], *, question: str = "", max_columns: int | None = None, dialect: Dialect = DUCKDB
) -> str:
    """CREATE TABLE statements with comments: what a model that writes SQL has read most of.

    Args:
        tables: in the order in which they are to appear.
        question: decides which columns stay when `max_columns` cuts.
        max_columns: most columns per table; None keeps all. What is cut is counted in a comment.
        dialect: how names are quoted, and what its notes tell the model.
    """
    known = {table.name for table in tables}
    parts = [_table_text(table, _kept(table, question, max_columns), dialect) for table in tables]
    joins = [join for table in tables for join in table.joins if join.other in known]
    parts.extend(f"-- join: {join.spelled(dialect)}" for join in joins)
    parts.extend(f"-- {note}" for note in dialect.notes)
    if dialect.statistics and _STATISTICS.search(question):
        parts.append(f"-- {dialect.statistics}")
    return "\n".join(parts)


def closest(name: str, candidates: Iterable[str], *, count: int = 1, cutoff: float = 0.6) -> list[str]:
    """The candidates most like `name`, best first; a shared word counts nearly as much as letters."""
    wanted = _words(name)
    scored: list[tuple[float, str]] = []
    for candidate in candidates:
        words = _words(candidate)
        letters = difflib.SequenceMatcher(None, name.casefold(), candidate.casefold()).ratio()
        shared = len(wanted & words) / min(len(wanted), len(words)) if wanted and words else 0.0
        scored.append((max(letters, 0.65 * shared + 0.25 * letters), candidate))
    scored.sort(key=lambda pair: -pair[0])
    return [candidate for score, candidate in scored[:count] if score >= cutoff]


def _words(name: str) -> set[str]:
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    return {
        word.rstrip("s") for word in re.findall(r"\w+?(?=_|\b)", split.casefold().replace("_", " ")) if word
    }


def _kept(table: Table, question: str, max_columns: int | None) -> tuple[Column, ...]:
    if max_columns is None or len(table.columns) <= max_columns:
        return table.columns
    joined = {name for join in table.joins for name in (join.column, *(pair[0] for pair in join.more))}
    asked = _words(question)

    def weight(column: Column) -> tuple[bool, int]:
        values = {word for value in column.categories or () for word in _words(value)}
        return column.name in joined, 2 * len(asked & _words(column.name)) + len(asked & values)

    # sorted is stable: among columns that the question does not name, the first ones stay.
    best = sorted(table.columns, key=weight, reverse=True)[:max_columns]
    return tuple(column for column in table.columns if column in best)


def _table_text(table: Table, columns: Sequence[Column], dialect: Dialect) -> str:
    quote_name = dialect.quote_name
    owner = f"{quote_name(table.schema)}." if table.schema else ""
    about = "; ".join((*_rows_text(table), *table.notes))
    lines = [f"CREATE TABLE {owner}{quote_name(table.name)} ({' -- ' if about else ''}{about}"]
    for position, column in enumerate(columns):
        comma = "," if position < len(columns) - 1 else ""
        comment = _comment(column, table.rows)
        lines.append(f"  {quote_name(column.name)} {column.dtype}{comma}{' -- ' if comment else ''}{comment}")
    left_out = len(table.columns) - len(columns)
    if left_out:
        lines.append(f"  -- {left_out} more column{'' if left_out == 1 else 's'} not shown")
    return "\n".join((*lines, ");"))


def _rows_text(table: Table) -> tuple[str, ...]:
    if table.estimated and not table.rows:
        return ()  # nobody knows
    rows = f"{table.rows:,} row{'' if table.rows == 1 else 's'}"
    return (f"about {rows}" if table.estimated else rows,)


def _comment(column: Column, rows: int) -> str:
    parts = []
    if column.categories is not None and len(column.categories) <= MAX_CATEGORIES_SHOWN:
        values = ", ".join(column.categories)
        parts.append(values if len(column.categories) < 4 else f"{values} ({len(column.categories)} values)")
    elif column.samples:
        parts.append(", ".join((*column.samples, "…")))
    if column.nulls:
        parts.append("all NULL" if column.nulls == rows else f"{column.nulls:,} NULL")
    if column.note:
        parts.append(column.note)
    return "; ".join(parts)
