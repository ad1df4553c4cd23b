"""More than two hours late, and a column of minutes that is compared with 2.

Only of columns whose name says minutes, or that hold delays of departures and arrivals or the length of
films and flights: with values that nobody measures in hours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.naming import name_parts
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written
from qwen_magics.tools.sql.names import quote_name

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Column, Table

__all__ = ["hours_as_minutes"]

_NUMBERS = {word: value for word, value in NUMBERS.items() if word.isascii()}
_HOURS = re.compile(
    rf"\b(?P<n>\d+(?:\.\d+)?|{'|'.join(_NUMBERS)}|an?)(?P<half> and a half)? hours?\b", re.IGNORECASE
)
_UNITS = re.compile(r"\b(?:minutes?|mins?|seconds?|secs?|days?|ms|o['\u2019]clock)\b", re.IGNORECASE)
_MINUTES = frozenset(("minute", "min", "mins", "minutes"))
_OTHER_UNITS = frozenset(
    ("hour", "hours", "hr", "hrs", "h", "sec", "second", "seconds", "s", "ms", "day", "days")
)
_USUAL = frozenset(("delay", "runtime", "airtime", "lateness"))
_LEAST, _MOST = 60, 100_000
_PER_HOUR = 60


def hours_as_minutes(
    question: str, tables: Sequence[Table], run: Callable[[str], QueryResult] | None
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of queries for one question; it speaks once.

    Args:
        run: the rows of a query: how large the column's values are is looked up. None: nothing is said.
    """
    said = [_number(found) for found in _HOURS.finditer(question)] if not _UNITS.search(question) else []
    if run is None or not said:
        return silent

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        name, whole = _in_minutes(code, set(said), tables, run)
        if not whole:
            return None
        message = f"{name} is in minutes, and the question says hours."
        return QueryError("other_unit", message, f"Write: {whole}")

    return check


def _number(found: re.Match[str]) -> float:
    word = found["n"].casefold()
    number = 1.0 if word in ("a", "an") else float(NUMBERS.get(word, word))
    return number + (0.5 if found["half"] else 0.0)


def _in_minutes(
    code: str, said: set[float], tables: Sequence[Table], run: Callable[[str], QueryResult]
) -> tuple[str, str]:
    """The column, and the query that compares it with minutes; both empty where it does so, or is no such."""
    from sqlglot import exp

    found = editable(code)
    if found is None:
        return "", ""
    tree, reader = found
    read = {node.name.casefold() for node in tree.find_all(exp.Table)}
    owned = {
        column.name.casefold(): (table, column)
        for table in tables
        if table.name.casefold() in read
        for column in table.columns
        if _may_be_minutes(column)
    }
    name = ""
    for node in list(tree.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE)):
        column, value = node.this, node.expression
        if not isinstance(column, exp.Column) or not isinstance(value, exp.Literal) or value.is_string:
            continue
        own = owned.get(column.name.casefold())
        if own is None or float(value.name) not in said or not _is_large(*own, run):
            continue
        name = own[1].name
        value.replace(exp.Literal.number(f"{float(value.name) * _PER_HOUR:g}"))
    return (name, written(tree, reader)) if name else ("", "")


def _may_be_minutes(column: Column) -> bool:
    parts = [part.casefold() for part in name_parts(column)]
    if set(parts) & _OTHER_UNITS or not column.dtype.upper().startswith(
        ("BIGINT", "INT", "DOUBLE", "FLOAT", "REAL")
    ):
        return False
    return bool(set(parts) & (_MINUTES | _USUAL)) or parts[-2:] == ["air", "time"]


def _is_large(table: Table, column: Column, run: Callable[[str], QueryResult]) -> bool:
    """Whether some value is more than an hour's minutes, and none as large as seconds or milliseconds are."""
    try:
        top = run(f"SELECT MAX({quote_name(column.name)}) FROM {quote_name(table.name)}").frame.iat[0, 0]
    except QueryError:
        return False
    return top is not None and top == top and _LEAST < float(top) < _MOST
