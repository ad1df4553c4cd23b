"""A year or a month beside a date is all of it: `since < '2015'` is before its first day.

DuckDB and PostgreSQL refuse such a text, MySQL and SQLite compare it as something else without a word: a
column that SQLite calls DATE takes '2015' for the number, which is less than any text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column
from qwen_magics.tools.sql.dialects import Dialect

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["is_moment", "whole_periods"]

_PERIOD = re.compile(r"(?P<year>(?:1[5-9]|20)\d\d)(?:-(?P<month>0[1-9]|1[0-2]))?")
_MOMENT = re.compile(r"'\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?'")
_DATED = ("DATE", "TIMESTAMP")

Types = Callable[["exp.Expr"], "Column | None"]
Mend = Callable[["exp.Expr", Types], bool]


def whole_periods(dialect: Dialect) -> Mend:
    """A mend of one comparison: whether it was one of a date with a year or a month; then it is no more.

    `> '2015'` becomes `>= '2016-01-01'`, `<= '2015'` becomes `< '2016-01-01'`, `= '2015'` both ends.
    """

    def mend(node: exp.Expr, columns: Types) -> bool:
        from sqlglot import exp

        kinds = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between, exp.In)
        if not isinstance(node, kinds):
            return False
        node = _mirrored(node)
        if not _is_dated(node.this, columns, dialect):
            return False
        meant = _meant(node, dialect)
        if meant is None:
            return False
        node.replace(meant)
        return True

    return mend


def _mirrored(node: exp.Expr) -> exp.Expr:
    """`'2015' < day` → `day > '2015'`, in the place of the first; else the node as it is."""
    from sqlglot import exp

    other: dict[type[exp.Expr], type[exp.Binary]] = {
        exp.EQ: exp.EQ,
        exp.NEQ: exp.NEQ,
        exp.LT: exp.GT,
        exp.LTE: exp.GTE,
        exp.GT: exp.LT,
        exp.GTE: exp.LTE,
    }
    kind = other.get(type(node))
    if kind is None or _span(node.this) is None:
        return node
    mirror = kind(this=node.expression.copy(), expression=node.this.copy())
    return node.replace(mirror)


def _is_dated(node: exp.Expr, columns: Types, dialect: Dialect) -> bool:
    """Whether the side of a comparison is a date, or a text like one."""
    from sqlglot import exp

    inner, cast = node, False
    while isinstance(inner, (exp.Cast, exp.TryCast, exp.Date, exp.TsOrDsToDate)):
        if isinstance(inner, exp.Cast) and not str(inner.to.this.value).startswith(_DATED):
            return False
        inner, cast = inner.this, True
    column = columns(inner) if isinstance(inner, exp.Expr) else None
    if dialect.name != "sqlite" and (cast or (column and column.dtype.upper().startswith(_DATED))):
        return column is not None
    return column is not None and is_moment(column)


def is_moment(column: Column) -> bool:
    """Whether the column has texts like 2024-05-31 or 2024-05-31 18:30, as far as its samples tell."""
    return bool(column.samples) and all(map(_MOMENT.fullmatch, column.samples))


def _meant(node: exp.Expr, dialect: Dialect) -> exp.Expr | None:
    """The comparison with days in the place of years and months; None if it has none of them."""
    from sqlglot import exp

    if isinstance(node, exp.Between):
        return _between(node)
    if isinstance(node, exp.In):
        spans = [_span(item) for item in node.expressions]
        within = [_within(node.this, span) for span in spans if span is not None]
        return exp.paren(exp.or_(*within)) if within and len(within) == len(spans) else None
    span = _span(node.expression)
    if span is None:
        return None
    start, after = map(_literal, span)
    if isinstance(node, exp.EQ):
        return _within(node.this, span)
    if isinstance(node, exp.NEQ):
        return exp.not_(_within(node.this, span))
    if isinstance(node, exp.GT):
        return exp.GTE(this=node.this.copy(), expression=after)
    if isinstance(node, exp.LTE):
        return exp.LT(this=node.this.copy(), expression=after)
    return type(node)(this=node.this.copy(), expression=start)


def _between(node: exp.Expr) -> exp.Expr | None:
    from sqlglot import exp

    low, high = _span(node.args["low"]), _span(node.args["high"])
    if low is None and high is None:
        return None
    first = _literal(low[0]) if low else node.args["low"].copy()
    since = exp.GTE(this=node.this.copy(), expression=first)
    if high is not None:
        until: exp.Expr = exp.LT(this=node.this.copy(), expression=_literal(high[1]))
    else:
        until = exp.LTE(this=node.this.copy(), expression=node.args["high"].copy())
    return exp.paren(exp.and_(since, until))


def _within(side: exp.Expr, span: Sequence[datetime.date]) -> exp.Expr:
    from sqlglot import exp

    start, after = map(_literal, span)
    since = exp.GTE(this=side.copy(), expression=start)
    return exp.paren(exp.and_(since, exp.LT(this=side.copy(), expression=after)))


def _span(node: exp.Expr) -> tuple[datetime.date, datetime.date] | None:
    """The first day of the year or month that a literal is, and the first one after it."""
    from sqlglot import exp

    while isinstance(node, (exp.Cast, exp.TryCast, exp.Date, exp.TsOrDsToDate)):
        if isinstance(node, exp.Cast) and not str(node.to.this.value).startswith(_DATED):
            return None
        node = node.this
    found = _PERIOD.fullmatch(node.name) if isinstance(node, exp.Literal) else None
    if found is None:
        return None
    year, month = int(found["year"]), int(found["month"] or 0)
    if not month:
        return datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
    return datetime.date(year, month, 1), datetime.date(year + month // 12, month % 12 + 1, 1)


def _literal(day: datetime.date) -> exp.Expr:
    from sqlglot import exp

    return exp.Literal.string(f"{day:%Y-%m-%d}")
