"""Functions of other systems in SQLite's own: `YEAR(day)` is `CAST(STRFTIME('%Y', day) AS INTEGER)`.

Only those that mean one thing. Where the column has no dates as SQLite reads them nothing is written, as the
result would be missing without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column, is_year
from qwen_magics.tools.sql.periods import is_moment

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["SQLITE_MENDS"]

_FORMATS = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
    "doy": "%j",
    "dow": "%w",
}
_STARTS = {"year": "%Y-01-01", "month": "%Y-%m-01", "day": "%Y-%m-%d"}
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

Types = Callable[["exp.Expr"], "Column | None"]


def _number_of_date(node: exp.Expr, columns: Types) -> bool:
    """`YEAR(day)`, `EXTRACT(MONTH FROM day)`, `DATE_PART('quarter', day)` → the number."""
    part, side = _part(node)
    if side is None or part not in (*_FORMATS, "quarter"):
        return False
    column = columns(_undated(side))
    if part == "year" and column is not None and is_year(column):
        node.replace(_undated(side).copy())
        return True
    if not _may_be_date(column):
        return False
    node.replace(_quarter(side) if part == "quarter" else _digits(side, _FORMATS[part]))
    return True


def _year_of_year(node: exp.Expr, columns: Types) -> bool:
    """`STRFTIME('%Y', born)` of whole numbers → `born`: SQLite would take 1987 for a day of long ago."""
    from sqlglot import exp

    if not isinstance(node, exp.TimeToStr) or node.text("format") != "%Y":
        return False
    side = _undated(node.this)
    column = columns(side)
    if column is None or not is_year(column):
        return False
    node.replace(side.copy())
    return True


def _part(node: exp.Expr) -> tuple[str, exp.Expr | None]:
    """Which part of what a function takes; nothing for another function."""
    from sqlglot import exp

    if isinstance(node, (exp.Year, exp.Month, exp.Day, exp.Quarter, exp.Hour, exp.Minute, exp.Second)):
        return type(node).__name__.casefold(), node.this
    if isinstance(node, exp.Extract):
        return node.name.casefold(), node.expression
    if isinstance(node, exp.Anonymous) and node.name.casefold() == "date_part" and len(node.expressions) == 2:
        return node.expressions[0].name.casefold(), node.expressions[1]
    return "", None


def _undated(node: exp.Expr) -> exp.Expr:
    """What is inside `DATE(…)`."""
    from sqlglot import exp

    while (
        isinstance(node, (exp.Date, exp.TsOrDsToDate, exp.TsOrDsToTimestamp, exp.Paren))
        and node.this is not None
    ):
        node = node.this
    return node


def _may_be_date(column: Column | None) -> bool:
    return column is None or not column.samples or is_moment(column)


def _digits(side: exp.Expr, form: str) -> exp.Expr:
    from sqlglot import exp

    return exp.cast(exp.TimeToStr(this=side.copy(), format=exp.Literal.string(form)), "INTEGER")


def _quarter(side: exp.Expr) -> exp.Expr:
    from sqlglot import exp

    months = exp.paren(exp.Add(this=_digits(side, "%m"), expression=exp.Literal.number(2)))
    # Of whole numbers a whole one, as SQLite divides.
    return exp.paren(exp.Div(this=months, expression=exp.Literal.number(3), typed=True, safe=True))


def _start_of_date(node: exp.Expr, columns: Types) -> bool:
    """`DATE_TRUNC('month', day)` → its first day."""
    from sqlglot import exp

    if not isinstance(node, (exp.DateTrunc, exp.TimestampTrunc)):
        return False
    unit = node.args.get("unit")
    form = _STARTS.get(unit.name.casefold()) if unit is not None else None
    if form is None or not _may_be_date(columns(_undated(node.this))):
        return False
    node.replace(exp.TimeToStr(this=node.this.copy(), format=exp.Literal.string(form)))
    return True


def _name_of_date(node: exp.Expr, columns: Types) -> bool:
    """`DAYNAME(day)`, `MONTHNAME(day)` → the name; what SQLite's own formats do not give."""
    from sqlglot import exp

    if not isinstance(node, (exp.Dayname, exp.Monthname)) or not _may_be_date(columns(_undated(node.this))):
        return False
    form, names, first = ("%w", _DAYS, 0) if isinstance(node, exp.Dayname) else ("%m", _MONTHS, 1)
    case = exp.Case(this=_digits(_undated(node.this), form))
    for number, name in enumerate(names, first):
        case.append("ifs", exp.If(this=exp.Literal.number(number), true=exp.Literal.string(name)))
    node.replace(case)
    return True


def _end_of_text(node: exp.Expr, columns: Types) -> bool:
    """`LEFT(name, 2)`, `RIGHT(name, 2)` → by SUBSTRING."""
    from sqlglot import exp

    if not isinstance(node, (exp.Left, exp.Right)):
        return False
    count = node.expression
    if not isinstance(count, exp.Literal) or not count.name.isdecimal() or int(count.name) < 1:
        return False
    if isinstance(node, exp.Left):
        start, length = exp.Literal.number(1), {"length": count.copy()}
    else:
        start, length = exp.Literal.number(-int(count.name)), {}
    node.replace(exp.Substring(this=node.this.copy(), start=start, **length))
    return True


def _within_group(node: exp.Expr, columns: Types) -> bool:
    """`PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY price)` → `PERCENTILE_CONT(price, 0.9)`."""
    from sqlglot import exp

    if not isinstance(node, exp.WithinGroup) or not isinstance(node.this, exp.PercentileCont):
        return False
    order = node.expression.expressions if isinstance(node.expression, exp.Order) else []
    if len(order) != 1:
        return False
    share = node.this.this.copy()
    if order[0].args.get("desc"):
        share = exp.Sub(this=exp.Literal.number(1), expression=share)
    name = "percentile_cont"
    node.replace(exp.Anonymous(this=name.upper(), expressions=[order[0].this.copy(), share]))
    return True


SQLITE_MENDS = (_number_of_date, _year_of_year, _start_of_date, _name_of_date, _end_of_text, _within_group)
