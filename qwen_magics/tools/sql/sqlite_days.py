"""Sums with dates in SQLite, where a date is text and `due - loaned` takes one year from another.

Only those that mean one thing: the difference of two columns of dates is a number of days, and a date with a
number of days added is a day.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column
from qwen_magics.tools.sql.periods import is_moment

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["SQLITE_DAYS"]

Types = Callable[["exp.Expr"], "Column | None"]


def _days_between(node: exp.Expr, columns: Types) -> bool:
    """`returned - loaned` → `JULIANDAY(returned) - JULIANDAY(loaned)`, as `DATE(returned) - DATE(loaned)`."""
    from sqlglot import exp

    if not isinstance(node, exp.Sub):
        return False
    sides = (node.this, node.expression)
    if not all(_is_day(side, columns) for side in sides):
        return False
    for side in sides:
        whole = _uncast(side).copy()
        side.replace(exp.Anonymous(this="JULIANDAY", expressions=[whole]))
    return True


def _days_later(node: exp.Expr, columns: Types) -> bool:
    """`due + 14` → `DATE(due, '+14 days')`, where SQLite would add 14 to the year."""
    from sqlglot import exp

    if not isinstance(node, (exp.Add, exp.Sub)) or not _is_day(node.this, columns):
        return False
    days = node.expression
    if not isinstance(days, exp.Literal) or days.is_string or not days.name.isdecimal():
        return False
    sign = "+" if isinstance(node, exp.Add) else "-"
    shift = exp.Literal.string(f"{sign}{days.name} days")
    node.replace(exp.Anonymous(this="DATE", expressions=[_uncast(node.this).copy(), shift]))
    return True


def _is_day(node: exp.Expr, columns: Types) -> bool:
    """Whether it is a column of dates, also as `DATE(column)`, cast to one, or the last of them."""
    column = columns(_bare(node))
    return column is not None and is_moment(column)


def _uncast(node: exp.Expr) -> exp.Expr:
    """Without a cast to a date, of which SQLite leaves the year."""
    from sqlglot import exp

    return node.this if isinstance(node, exp.Cast) else node


def _bare(node: exp.Expr) -> exp.Expr:
    from sqlglot import exp

    kinds = (exp.Date, exp.TsOrDsToDate, exp.Paren, exp.Max, exp.Min)
    while isinstance(node, kinds) or (isinstance(node, exp.Cast) and node.is_type("date", "timestamp")):
        if node.this is None or len(node.expressions) > 0:
            return node
        node = node.this
    return node


SQLITE_DAYS = (_days_between, _days_later)
