"""Null counts, sample values, categories and join paths of the registered tables, by a handful of queries.

Costs one scan per table for the counts, and one for the categories; about 0.3 s for a million rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qwen_magics.tools.schema import MAX_CATEGORIES_SHOWN, Column, Join, Table
from qwen_magics.tools.sql.names import MAX_VALUE_LENGTH, printable, quote_name, quote_text

__all__ = ["Query", "profile", "with_joins"]

Query = Callable[[str], list[tuple[Any, ...]]]

_HEAD_ROWS = 200
_MOST_CATEGORY_TEXT = 500
_MOST_JOIN_TESTS = 40
_MOST_JOIN_ROWS = 2_000_000
# Names that every table may have: equal names then say nothing about a relation.
_GENERIC_NAMES = frozenset(
    {"id", "index", "key", "name", "value", "year", "month", "day", "hour", "date", "time", "type"}
)


@dataclass(frozen=True)
class _Counts:
    present: int
    distinct: int


def profile(
    name: str,
    query: Query,
    notes: dict[str, str],
    table_notes: Sequence[str] = (),
    *,
    sample: str | None = None,
) -> Table:
    """The table as it is registered under `name`.

    Args:
        query: runs SQL on the connection.
        notes: by column name.
        sample: name of a view of some of its rows, for sample values; None takes the first rows.
    """
    described = [(row[0], _type_name(row[1])) for row in query(f"DESCRIBE {quote_name(name)}")]
    rows, counts = _counts(name, described, query)
    categories = _categories(name, described, counts, query)
    samples = _samples(sample or name, [column for column, _ in described], query)
    columns = tuple(
        Column(
            name=column,
            dtype=dtype,
            nulls=rows - counts[column].present,
            samples=samples[column],
            categories=categories.get(column),
            note=notes.get(column, ""),
        )
        for column, dtype in described
    )
    return Table(name, columns, rows, notes=tuple(table_notes))


def with_joins(tables: Sequence[Table], query: Query) -> tuple[Table, ...]:
    """The tables with `unique` and `joins` filled in; only what the values really support."""
    if len(tables) < 2:
        return tuple(tables)
    tables = [_with_unique(table, query) for table in tables]
    found: dict[str, list[Join]] = {table.name: [] for table in tables}
    used: set[tuple[str, str]] = set()
    for join, same_name in _candidates(tables)[:_MOST_JOIN_TESTS]:
        if (join.table, join.column) not in used and _contained(join, query) >= (0.5 if same_name else 0.9):
            found[join.table].append(join)
            used.add((join.table, join.column))
    return tuple(replace(table, joins=tuple(found[table.name])) for table in tables)


def _type_name(dtype: str) -> str:
    """Enums are shown as text: their values are in the comment, and a model compares them as text anyway."""
    return "VARCHAR" if dtype.startswith("ENUM") else dtype.strip('"').replace("NULL", "VARCHAR")


def _counts(name: str, described: Sequence[tuple[str, str]], query: Query) -> tuple[int, dict[str, _Counts]]:
    parts = ["count(*)"]
    for column, dtype in described:
        quoted = quote_name(column)
        parts.append(f"count({quoted})")
        parts.append(f"approx_count_distinct({quoted})" if _is_key_type(dtype) else "0")
    row = query(f"SELECT {', '.join(parts)} FROM {quote_name(name)}")[0]
    pairs = zip(row[1::2], row[2::2], strict=True)
    counts = {column: _Counts(*pair) for (column, _), pair in zip(described, pairs, strict=True)}
    return row[0], counts


def _is_key_type(dtype: str) -> bool:
    return dtype == "VARCHAR" or (
        "INT" in dtype.partition("(")[0] and "[" not in dtype and "INTERVAL" not in dtype
    )


def _categories(
    name: str, described: Sequence[tuple[str, str]], counts: dict[str, _Counts], query: Query
) -> dict[str, tuple[str, ...]]:
    """All values of text columns that have few and short ones, as literals."""
    few = [
        column
        for column, dtype in described
        # The sketch is off by a few per cent at most at this size; the exact limit is tested below.
        if dtype == "VARCHAR" and 0 < counts[column].distinct <= MAX_CATEGORIES_SHOWN + 5
    ]
    if not few:
        return {}
    lists = ", ".join(f"list(DISTINCT {quote_name(column)}::VARCHAR)" for column in few)
    row = query(f"SELECT {lists} FROM {quote_name(name)}")[0]
    found = {
        column: sorted(value for value in values if value is not None)
        for column, values in zip(few, row, strict=True)
    }
    return {
        column: tuple(quote_text(value) for value in values)
        for column, values in found.items()
        if len(values) <= MAX_CATEGORIES_SHOWN
        and sum(map(len, values)) <= _MOST_CATEGORY_TEXT
        and all(printable(value) == value for value in values)
    }


def _samples(name: str, columns: Sequence[str], query: Query) -> dict[str, tuple[str, ...]]:
    """Two or three different values of each column."""
    shown = ", ".join(f"{quote_name(column)}::VARCHAR" for column in columns)
    kinds = ", ".join(f"typeof({quote_name(column)})" for column in columns)
    rows = query(f"SELECT {shown}, {kinds} FROM {quote_name(name)} LIMIT {_HEAD_ROWS}")
    samples = {}
    for position, column in enumerate(columns):
        dtype = rows[0][len(columns) + position] if rows else ""
        values = list(dict.fromkeys(row[position] for row in rows if row[position] is not None))
        samples[column] = tuple(_literal(value, dtype) for value in _spread(values))
    return samples


def _spread(values: list[str]) -> list[str]:
    """Two values, a third from further down if they are short."""
    few = values[:2]
    if len(values) > 2 and sum(map(len, few)) < MAX_VALUE_LENGTH:
        few.append(values[len(values) // 2] if len(values) > 4 else values[2])
    return few


def _literal(value: str, dtype: str) -> str:
    number = (
        dtype in {"DOUBLE", "FLOAT", "BOOLEAN"}
        or ("INT" in dtype and "INTERVAL" not in dtype)
        or "DECIMAL" in dtype
    )
    if not number or "[" in dtype:
        return quote_text(printable(value))
    # 17 digits say nothing that 6 do not; a whole DOUBLE keeps its point, which tells it from an integer.
    return f"{float(value):.6g}" if len(value) > 10 and "." in value else printable(value)


def _with_unique(table: Table, query: Query) -> Table:
    keys = [column for column in table.columns if _is_key_type(column.dtype) and column.nulls == 0]
    if not keys or not 1 < table.rows <= _MOST_JOIN_ROWS:
        return table
    sketch = ", ".join(f"approx_count_distinct({quote_name(column.name)})" for column in keys)
    close = query(f"SELECT {sketch} FROM {quote_name(table.name)}")[0]
    keys = [column for column, count in zip(keys, close, strict=True) if count >= 0.8 * table.rows]
    if not keys:
        return table
    exact = ", ".join(f"count(DISTINCT {quote_name(column.name)})" for column in keys)
    counts = query(f"SELECT {exact} FROM {quote_name(table.name)}")[0]
    unique = {column.name for column, count in zip(keys, counts, strict=True) if count == table.rows}
    return replace(table, columns=tuple(replace(c, unique=c.name in unique) for c in table.columns))


def _candidates(tables: Sequence[Table]) -> list[tuple[Join, bool]]:
    """Pairs worth a look at the values, likeliest first: same name, then `customer_id` → `customers.id`, then
    any text.
    """
    ranked: list[tuple[int, Join, bool]] = []
    for table in tables:
        for other in tables:
            if other.name == table.name:
                continue
            for right in (column for column in other.columns if column.unique):
                for left in table.columns:
                    rank = _rank(left, other, right)
                    if rank is not None:
                        join = Join(table.name, left.name, other.name, right.name)
                        ranked.append((rank, join, rank < 2))
    ranked.sort(key=lambda item: item[0])
    return [(join, same) for _, join, same in ranked]


def _rank(left: Column, other: Table, right: Column) -> int | None:
    text = right.dtype == "VARCHAR"
    if (left.dtype == "VARCHAR") != text or not _is_key_type(left.dtype):
        return None
    left_name, right_name = left.name.casefold(), right.name.casefold()
    if left_name == right_name:
        return 0 if left_name not in _GENERIC_NAMES and not left.unique else (2 if text else None)
    singular = other.name.casefold().rstrip("s")
    if left_name in {
        f"{singular}_{right_name}",
        f"{singular}{right_name}",
        f"{other.name.casefold()}_{right_name}",
        singular,
    }:
        return 1
    return 3 if text and not left.unique else None


def _contained(join: Join, query: Query) -> float:
    """Share of the different left values that occur on the right."""
    left, right = quote_name(join.column), quote_name(join.other_column)
    found = query(
        f"SELECT count(*), count(r.v) FROM"
        f" (SELECT DISTINCT {left} AS v FROM {quote_name(join.table)} WHERE {left} IS NOT NULL)"
        f" l LEFT JOIN (SELECT {right} AS v FROM {quote_name(join.other)}) r ON l.v = r.v"
    )[0]
    # Two or three equal values are a coincidence as often as a key.
    return found[1] / found[0] if found[0] >= 2 else 0.0
