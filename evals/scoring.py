"""Execution match: is the value that the agent computed the right one? Never a comparison of programs or
strings of prose.

A scalar is right if the answer's value is that scalar, or if the answer is one row that has it in some
column ("which airline …?" may well be answered by name and delay). A table is right if each gold column is
some column of the answer, row by row; more columns and other names are fine, missing or additional rows are
not.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from numbers import Real
from typing import Any

import pandas as pd

from evals.question import Changed, Frames, Readings

__all__ = ["is_right", "matches"]

# What a person calls the same figure: answers are often rounded to two decimals in SQL.
RELATIVE, ABSOLUTE = 1e-3, 5e-3
# Below it whole numbers are equal or not.
_COUNTS = 1_000_000
_YEAR = re.compile(r"(1[5-9]|20)[0-9]{2}")


def is_right(
    value: object, gold: object, declined: bool, state: Frames | None, *, ordered: bool = False
) -> bool:
    """Whether an answer is right, by the kind of the gold result.

    Args:
        declined: the answer says that the data has none, or asks back.
        state: the source's tables after the answer, where a change may have been asked for.
    """
    if isinstance(gold, Changed):
        return state is not None and _same_state(state, gold.tables)
    if isinstance(gold, Readings):
        if declined:
            return gold.ambiguous
        return any(matches(value, reading, ordered=ordered) for reading in gold.values)
    if gold is None:
        return declined
    return not declined and matches(value, gold, ordered=ordered)


def _same_state(state: Frames, wanted: Mapping[str, pd.DataFrame]) -> bool:
    return state.keys() == wanted.keys() and all(
        # The id of a new record is the server's to choose.
        _same_records(state[name], wanted[name])
        for name in wanted
    )


def _same_records(state: pd.DataFrame, wanted: pd.DataFrame) -> bool:
    known = set(wanted["id"].dropna())
    new = ~state["id"].isin(known)
    state = state.assign(id=state["id"].where(~new))
    return set(state.columns) == set(wanted.columns) and _same_table(
        state[list(wanted.columns)], wanted, ordered=False
    )


def matches(value: object, gold: object, *, ordered: bool = False) -> bool:
    """Whether `value` answers what `gold` asks; see the module's docstring."""
    if gold is None:
        return value is None  # the answer is not in the data, and nothing else is right
    if isinstance(gold, pd.DataFrame) and gold.shape == (1, 1) and not isinstance(value, pd.DataFrame):
        gold = gold.iat[0, 0]  # a list of one is told as that one
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
        # Texts and counts tell rows apart exactly; what may be rounded comes last.
        order = sorted(range(len(wanted)), key=lambda i: any(_is_fraction(cell) for cell in wanted[i]))
        rows_gold, rows_value = _sorted_rows(rows_gold, order), _sorted_rows(rows_value, order)
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
    a, b = _plain(a), _plain(b)
    if isinstance(a, Real) and isinstance(b, Real):
        if _is_count(a) and _is_count(b):
            return bool(a == b)  # one year more is another year, and within a thousandth of it
        return math.isclose(float(a), float(b), rel_tol=RELATIVE, abs_tol=_tolerance(float(b)))
    if isinstance(a, Real) != isinstance(b, Real):
        return False
    return str(a) == str(b)


def _is_count(value: Real) -> bool:
    return float(value).is_integer() and abs(float(value)) < _COUNTS


def _tolerance(gold: float) -> float:
    # A correlation of 0.003 is not one of 0.
    return min(ABSOLUTE, abs(gold) / 10) if gold else ABSOLUTE


def _plain(value: object) -> object:
    """A decimal or a year in text as a number, a date without a time as its ISO text, in which SQLite has
    them anyway.
    """
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, str):
        # SQLite has the year of a date as text.
        return int(value) if _YEAR.fullmatch(value) else value.removesuffix(" 00:00:00")
    return value


def _missing(value: object) -> bool:
    # Whole numbers with a gap come as Int64 from the agent, and as floats from DuckDB's own frames.
    return any(value is none for none in (None, pd.NaT, pd.NA)) or (
        isinstance(value, float) and math.isnan(value)
    )


def _sorted_rows(rows: Sequence[Sequence[Any]], order: Sequence[int]) -> list[Sequence[Any]]:
    return sorted(rows, key=lambda row: [_cell_key(row[i]) for i in order])


def _is_fraction(cell: object) -> bool:
    return isinstance(cell, Real) and not _missing(cell) and not float(cell).is_integer()


def _cell_key(cell: object) -> tuple[int, Any]:
    if _missing(cell):
        return (2, "")
    cell = _plain(cell)
    return (0, float(cell)) if isinstance(cell, Real) else (1, str(cell))
