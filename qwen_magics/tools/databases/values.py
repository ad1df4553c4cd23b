"""Sample values, categories and row counts of the tables that a question is about: few queries, each timed.

Never more than the first rows are read for samples, and all different values of a column only where the table
is small or those rows hold few of them. A query that takes too long leaves its part out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import MAX_CATEGORIES_SHOWN, Column, Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.names import MAX_VALUE_LENGTH, printable, quote_text

__all__ = ["first_rows", "source", "with_values"]

Query = Callable[[str], list[tuple[Any, ...]]]

_SAMPLED = 200
_MOST_SCANNED = 2_000_000
_MOST_CATEGORY_TEXT = 500
_MOST_CATEGORY_COLUMNS = 12


def with_values(table: Table, query: Query, dialect: Dialect) -> Table:
    """The table with what its rows say.

    Args:
        query: runs SQL of ours; a QueryError or a driver's error leaves the part out.
    """
    rows = _sample(table, query, dialect)
    if rows is None:
        return table
    complete = len(rows) < _SAMPLED
    count, estimated = (len(rows), False) if complete else _count(table, query, dialect)
    columns = [
        _with_samples(column, [row[i] for row in rows], complete) for i, column in enumerate(table.columns)
    ]
    scanned = replace(table, columns=tuple(columns), rows=count, estimated=estimated)
    if not complete and count <= _MOST_SCANNED:
        scanned = _with_categories(scanned, rows, query, dialect)
    return scanned


def source(table: Table, dialect: Dialect) -> str:
    """The table's name for FROM."""
    owner = f"{dialect.quoted(table.schema)}." if table.schema else ""
    return f"{owner}{dialect.quoted(table.name)}"


def first_rows(select: str, count: int, dialect: Dialect) -> str:
    """`select` (without the word SELECT) cut to so many rows, as the dialect says it."""
    if "top" in dialect.features:
        return f"SELECT TOP {count} {select}"
    if "fetch" in dialect.features:
        return f"SELECT {select} FETCH FIRST {count} ROWS ONLY"
    return f"SELECT {select} LIMIT {count}"


def _sample(table: Table, query: Query, dialect: Dialect) -> list[tuple[Any, ...]] | None:
    shown = ", ".join(dialect.quoted(column.name) for column in table.columns)
    with suppress(QueryError):
        return query(first_rows(f"{shown} FROM {source(table, dialect)}", _SAMPLED, dialect))
    return None


def _count(table: Table, query: Query, dialect: Dialect) -> tuple[int, bool]:
    """Rows, and whether that is a guess; the system's own guess is taken for a large table."""
    if table.rows > _MOST_SCANNED or (table.rows and not table.estimated):
        return table.rows, table.estimated
    with suppress(QueryError):
        return int(query(f"SELECT COUNT(*) FROM {source(table, dialect)}")[0][0]), False
    return table.rows, True


def _with_samples(column: Column, values: Sequence[Any], complete: bool) -> Column:
    present = [value for value in values if value is not None]
    different = list(dict.fromkeys(_text(value) for value in present))
    samples = (
        tuple(_literal(text, isinstance(present[0], str)) for text in _spread(different)) if present else ()
    )
    categories = column.categories
    if complete and categories is None and present and _is_category(column, present):
        categories = _categories(different)
    nulls = len(values) - len(present) if complete else 0
    return replace(column, samples=samples, categories=categories, nulls=nulls)


def _is_category(column: Column, values: Sequence[Any]) -> bool:
    """Text with fewer values than rows: a column of names is no category, however few rows there are."""
    texts = [value for value in values if isinstance(value, str)]
    few = len(set(texts)) <= max(8, len(texts) // 2)
    return len(texts) == len(values) and not column.unique and few


def _with_categories(table: Table, rows: Sequence[Sequence[Any]], query: Query, dialect: Dialect) -> Table:
    columns = list(table.columns)
    wanted = [
        position
        for position, column in enumerate(columns)
        if column.categories is None and _may_be_few(column, [row[position] for row in rows])
    ]
    for position in wanted[:_MOST_CATEGORY_COLUMNS]:
        name = dialect.quoted(columns[position].name)
        sql = f"DISTINCT {name} FROM {source(table, dialect)}"
        if "top" in dialect.features:
            sql = f"SELECT DISTINCT TOP {MAX_CATEGORIES_SHOWN + 2} {sql.removeprefix('DISTINCT ')}"
        else:
            sql = first_rows(sql, MAX_CATEGORIES_SHOWN + 2, dialect)
        with suppress(QueryError):
            found = [row[0] for row in query(sql) if row[0] is not None]
            columns[position] = replace(columns[position], categories=_categories(found))
    return replace(table, columns=tuple(columns))


def _may_be_few(column: Column, values: Sequence[Any]) -> bool:
    texts = [value for value in values if value is not None]
    return bool(
        texts
        and not column.unique
        and all(isinstance(value, str) for value in texts)
        and len(set(texts)) <= min(MAX_CATEGORIES_SHOWN, len(texts) // 2)
    )


def _categories(values: Sequence[str]) -> tuple[str, ...] | None:
    """All of them as literals, if they are few, short and harmless."""
    fit = (
        0 < len(values) <= MAX_CATEGORIES_SHOWN
        and sum(map(len, values)) <= _MOST_CATEGORY_TEXT
        and all(printable(value) == value for value in values)
    )
    return tuple(quote_text(value) for value in sorted(values)) if fit else None


def _spread(values: list[str]) -> list[str]:
    """Two values, a third from further down if they are short."""
    few = values[:2]
    if len(values) > 2 and sum(map(len, few)) < MAX_VALUE_LENGTH:
        few.append(values[len(values) // 2] if len(values) > 4 else values[2])
    return few


def _text(value: Any) -> str:
    if isinstance(value, (bytes, memoryview, bytearray)):
        return "(bytes)"
    if isinstance(value, float):
        return f"{value:.6g}" if value != int(value) else f"{value:.1f}"
    return str(value)[: 4 * MAX_VALUE_LENGTH]


def _literal(text: str, is_text: bool) -> str:
    number = text.lstrip("-").replace(".", "", 1).isdigit() and not is_text
    return printable(text) if number or text in {"True", "False", "(bytes)"} else quote_text(printable(text))
