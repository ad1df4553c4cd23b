"""Keys that a database declares, put into the tables; and those that the names alone suggest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from qwen_magics.tools.schema import Column, Join, Table

__all__ = ["with_key", "with_likely_joins"]


def with_key(columns: Iterable[Column], key: Sequence[str]) -> tuple[Column, ...]:
    """The columns with the primary key marked; a key of one column is unique."""
    note = "primary key" if len(key) == 1 else f"primary key ({', '.join(key)})"
    return tuple(
        replace(
            column, unique=column.unique or len(key) == 1, note="; ".join(filter(None, (note, column.note)))
        )
        if column.name in key
        else column
        for column in columns
    )


def with_likely_joins(tables: Sequence[Table]) -> tuple[Table, ...]:
    """Where no foreign key is declared: `customer_id` leads to the table `customers` with the key `id` or
    `customer_id`.
    """
    if any(table.joins for table in tables):
        return tuple(tables)
    targets: dict[str, list[tuple[Table, Column]]] = {}
    for table in tables:
        for column in table.columns:
            if column.unique:
                for name in _references(table, column):
                    targets.setdefault(name, []).append((table, column))
    return tuple(replace(table, joins=tuple(_likely(table, targets))) for table in tables)


def _references(table: Table, key: Column) -> set[str]:
    """What a column that leads to this key is called."""
    whole, name = table.name.casefold(), key.name.casefold()
    singular = whole[:-3] + "y" if whole.endswith("ies") else whole.removesuffix("s")
    names = {f"{noun}{mark}{name}" for noun in (whole, singular) for mark in ("_", "")}
    return names | ({name} if name not in {"id", "key", "code", "name", "number"} else set())


def _likely(table: Table, targets: dict[str, list[tuple[Table, Column]]]) -> Iterable[Join]:
    for column in table.columns:
        for other, key in targets.get(column.name.casefold(), ()):
            if other is not table and not column.unique and _kind(key.dtype) == _kind(column.dtype):
                yield Join(table.name, column.name, other.name, key.name)
                break


def _kind(dtype: str) -> str:
    return "number" if "INT" in dtype.upper() or "NUM" in dtype.upper() else "text"
