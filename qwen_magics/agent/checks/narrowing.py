"""A comparison with one row of a table, of which only the inner SELECT is about the time that is asked for.

"How many countries were richer than Germany in 2007?" compares those of 2007 with Germany.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["narrowed"]

_PERIODS = frozenset(["date", "day", "hour", "month", "quarter", "week", "year"])


def narrowed() -> Callable[[str], QueryError | None]:
    """A check of queries; each condition is told once, a model that insists has a reason."""
    told = set[str]()

    def check(code: str) -> QueryError | None:
        for condition in _only_inside(code):
            if condition not in told:
                told.add(condition)
                message = f"Only the inner SELECT has {condition}."
                return QueryError(
                    "narrower_inside", message, f"Write WHERE {condition} AND … outside as well."
                )
        return None

    return check


def _only_inside(code: str) -> Iterator[str]:
    if code.lower().count("select") < 2:
        return
    from sqlglot import exp

    tree = parsed(code)
    if tree is None:
        return
    for outer in tree.find_all(exp.Select):
        where = outer.args.get("where")
        if where is None:
            continue
        for compared in where.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE):
            inner = compared.find(exp.Select)
            if inner is None or inner.parent_select is not outer or _table(inner) != _table(outer):
                continue
            there = {column.name.casefold() for column in _own(where, outer)}
            for equal in inner.args["where"].find_all(exp.EQ) if inner.args.get("where") else ():
                name = equal.this.name if isinstance(equal.this, exp.Column) else ""
                if name.casefold() in _PERIODS - there and isinstance(equal.expression, exp.Literal):
                    yield equal.sql()


def _table(select: exp.Expr) -> str:
    """The one table that a SELECT reads; a name of its own for each other SELECT."""
    from sqlglot import exp

    source = select.args.get("from_")
    alone = source is not None and isinstance(source.this, exp.Table) and not select.args.get("joins")
    return source.this.name.casefold() if alone and source is not None else str(id(select))


def _own(where: exp.Expr, select: exp.Expr) -> Iterator[exp.Column]:
    from sqlglot import exp

    return (column for column in where.find_all(exp.Column) if column.parent_select is select)
