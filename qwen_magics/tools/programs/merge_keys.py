"""A merge by a column that one side does not have: which table has it, and what leads there.

Only tables as they were handed over are looked at, so what is said about them is certain.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from qwen_magics.tools.schema import Table

__all__ = ["key_hint"]


def key_hint(key: str, columns: Collection[str], tables: Sequence[Table]) -> str:
    """What to merge with first, so that `key` is there; empty where no table has both keys.

    Args:
        key: what the merge is by.
        columns: of the side that lacks it.
    """
    for table in tables:
        if table.column(key) is None or {column.name for column in table.columns} == set(columns):
            continue
        link = _link(table, columns, tables)
        if link:
            return f'{table.name} has {key!r} and {link!r}: merge with it on="{link}" first.'
    return ""


def _link(table: Table, columns: Collection[str], tables: Sequence[Table]) -> str:
    """The one column by which `table` is merged with a side of these columns; empty where that is open."""
    shared = [column.name for column in table.columns if column.name in columns]
    known = {join.column for owner in tables for join in owner.joins if join.column == join.other_column}
    # A year or a name that both have by chance is no key: no row is told apart by it.
    keys = [name for name in shared if name in known] or [name for name in shared if _is_key(name, tables)]
    return keys[0] if len(keys) == 1 else shared[0] if len(shared) == 1 else ""


def _is_key(name: str, tables: Sequence[Table]) -> bool:
    found = [column for table in tables if (column := table.column(name)) is not None]
    return any(column.unique for column in found)
