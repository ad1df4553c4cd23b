"""Execution match: is the value that the agent computed the right one? Never a comparison of programs or
strings of prose.

A scalar is right if the answer's value is that scalar, or if the answer is one row that has it in some
column ("which airline …?" may well be answered by name and delay). A table is right if each gold column is
some column of the answer, row by row; more columns and other names are fine, missing or additional rows are
not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import pandas as pd

__all__ = ["matches"]

# What a person calls the same figure: answers are often rounded to two decimals in SQL.
RELATIVE, ABSOLUTE = 1e-3, 5e-3


def matches(value: object, gold: object, *, ordered: bool = False) -> bool:
    """Whether `value` answers what `gold` asks; see the module's docstring."""
    if gold is None:
        return value is None  # the answer is not in the data, and nothing else is right
    if isinstance(gold, pd.DataFrame):
        return isinstance(value, pd.DataFrame) and _same_table(value, gold, ordered=ordered)
    if isinstance(value, pd.DataFrame):
        return len(value) == 1 and any(_same(cell, gold) for cell in value.iloc[0].tolist())
    return _same(value, gold)


def _same_table(value: pd.DataFrame, gold: pd.DataFrame, *, ordered: bool) -> bool:
    if len(value) != len(gold):
        return False
    wanted = [gold.iloc[:, i].tolist() for i in range(gold.shape[1])]
    offered = [value.iloc[:, i].tolist() for i in range(value.shape[1])]
    columns = _assign(wanted, offered)
    if columns is None:
        return False
    rows_gold, rows_value = list(zip(*wanted, strict=True)), list(zip(*columns, strict=True))
    if not ordered:
        rows_gold, rows_value = sorted(rows_gold, key=_key), sorted(rows_value, key=_key)
    return all(_same_row(a, b) for a, b in zip(rows_value, rows_gold, strict=True))


def _assign(wanted: Sequence[list[Any]], offered: Sequence[list[Any]]) -> list[list[Any]] | None:
    # Each gold column takes the first unused column with the same multiset of values.
    left, out = list(offered), []
    for column in wanted:
        found = next((i for i, c in enumerate(left) if _same_values(c, column)), None)
        if found is None:
            return None
        out.append(left.pop(found))
    return out


def _same_values(a: list[Any], b: list[Any]) -> bool:
    return _same_row(sorted(a, key=_cell_key), sorted(b, key=_cell_key))


def _same_row(a: Sequence[Any], b: Sequence[Any]) -> bool:
    return len(a) == len(b) and all(_same(x, y) for x, y in zip(a, b, strict=True))


def _same(a: object, b: object) -> bool:
    if _missing(a) or _missing(b):
        return _missing(a) and _missing(b)
    if isinstance(a, Real) and isinstance(b, Real):
        return math.isclose(float(a), float(b), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    if isinstance(a, Real) != isinstance(b, Real):
        return False
    return str(a) == str(b)


def _missing(value: object) -> bool:
    return value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _key(row: Sequence[Any]) -> list[tuple[int, Any]]:
    return [_cell_key(cell) for cell in row]


def _cell_key(cell: object) -> tuple[int, Any]:
    if _missing(cell):
        return (2, "")
    # Rounded, so that 21.92 and 21.9207 sort alike next to other cells.
    return (0, round(float(cell), 1)) if isinstance(cell, Real) else (1, str(cell))
