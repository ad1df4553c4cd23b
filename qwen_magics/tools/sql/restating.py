"""What other systems mean by a query, said in this one's words, where only one thing can be meant.

Some of it would bind and be wrong without a word: a month in digits is text of two digits, so that
`STRFTIME('%m', d) = 7` finds nothing, and `year / 10 AS decade` has a fraction in DuckDB.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.brackets import bracketed
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.distinct_rows import counted_as_text, counted_as_tuple
from qwen_magics.tools.sql.number_names import name_numbers
from qwen_magics.tools.sql.periods import whole_periods
from qwen_magics.tools.sql.sqlite_days import SQLITE_DAYS
from qwen_magics.tools.sql.sqlite_words import SQLITE_MENDS
from qwen_magics.tools.sql.text_numbers import part_as_number
from qwen_magics.tools.sql.year_casts import year_of_cast

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["restated"]

# Parts of dates that are numbers, by the number of their digits.
_DIGITS = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2, "%j": 3, "%W": 2, "%w": 1}
_SPANS = {"decade": 10, "century": 100, "millennium": 1000}

Types = Callable[["exp.Expr"], "Column | None"]


def restated(sql: str, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query that is meant; as it was where nothing is certain. It has to be bound like any other.

    >>> restated("SELECT year / 10 AS decade, COUNT(*) FROM t GROUP BY decade", tables, DUCKDB)
    'SELECT FLOOR(year / 10) AS decade, COUNT(*) FROM t GROUP BY decade'
    """
    import sqlglot

    try:
        tree = sqlglot.parse_one(sql, read=dialect.name or None)
    except (sqlglot.errors.SqlglotError, RecursionError):
        return sql
    changed = name_numbers(tree, tables)
    columns = _columns(tree, tables)
    mends = (*_OWN.get(dialect.name, ()), whole_periods(dialect), bracketed(dialect))
    # Its children first, so that what is put around a node is not visited again.
    for node in reversed(list(tree.walk(bfs=True))):
        for mend in mends:
            changed = mend(node, columns) or changed
    order = _order_of_time(tree, columns, dialect) if dialect.name in _OWN else ""
    said = tree.sql(dialect=dialect.name or None) if changed else sql
    return said + (f" ORDER BY {order}" if order else "")


def _order_of_time(tree: exp.Expr, columns: Types, dialect: Dialect) -> str:
    """What groups by time are sorted by; empty for a query that has an order, or no such group.

    Without an order a database gives groups in any: people read years in theirs.
    """
    from sqlglot import exp

    group = tree.args.get("group") if isinstance(tree, exp.Select) else None
    if group is None or any(map(tree.args.get, ("order", "limit", "offset", "fetch"))):
        return ""
    shown = {item.alias.casefold(): item.this for item in tree.expressions if isinstance(item, exp.Alias)}

    def is_time(node: exp.Expr) -> bool:
        if (
            isinstance(node, exp.Literal)
            and node.name.isdigit()
            and 0 < int(node.name) <= len(tree.expressions)
        ):
            node = tree.expressions[int(node.name) - 1].unalias()
        elif isinstance(node, exp.Column) and columns(node) is None:
            node = shown.get(node.name.casefold(), node)
        column = columns(node)
        if column is not None:
            return _is(column, "DATE", "TIMESTAMP") or is_year(column)
        return isinstance(_uncast(node), (*_time_parts(), exp.TimestampTrunc, exp.DateTrunc))

    keys = group.expressions
    return ", ".join(key.sql(dialect=dialect.name) for key in keys) if any(map(is_time, keys)) else ""


def _columns(tree: exp.Expr, tables: Sequence[Table]) -> Types:
    """The column that a name means, if all tables that the query reads agree on it."""
    from sqlglot import exp

    known = {table.name.casefold(): table for table in tables}
    read: Mapping[str, Table] = {
        node.alias_or_name.casefold(): known[node.name.casefold()]
        for node in tree.find_all(exp.Table)
        if node.name.casefold() in known
    }

    def find(node: exp.Expr) -> Column | None:
        if not isinstance(node, exp.Column):
            return None
        owners = [read[node.table.casefold()]] if node.table.casefold() in read else [*read.values()]
        found = [column for table in owners if (column := table.column(node.name)) is not None]
        return found[0] if found and len({column.dtype for column in found}) == 1 else None

    return find


def _padded_part(node: exp.Expr, columns: Types) -> bool:
    """`STRFTIME('%m', d) = 7` → `= '07'`."""
    from sqlglot import exp

    if not isinstance(node, (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between)):
        return False
    digits = _digits(node.this)
    others = [*(node.args.get("expressions") or ()), *map(node.args.get, ("expression", "low", "high"))]
    changed = False
    for literal in others if digits else ():
        if (
            isinstance(literal, exp.Literal)
            and re.fullmatch(r"\d+", literal.name)
            and len(literal.name) <= digits
        ):
            text = literal.name.zfill(digits)
            changed |= not literal.is_string or text != literal.name
            literal.replace(exp.Literal.string(text))
    return changed


def _digits(node: object) -> int:
    """How many digits the part of a date has that `STRFTIME` gives as text; 0 if it is something else."""
    from sqlglot import exp

    if not isinstance(node, exp.TimeToStr) or not _is_strftime(node):
        return 0
    formats = [literal.name for literal in node.find_all(exp.Literal) if literal.is_string]
    return _DIGITS.get(formats[0], 0) if len(formats) == 1 else 0


def _is_strftime(node: exp.Expr) -> bool:
    return re.match(r"(?i)strftime\b", node.sql(dialect="sqlite")) is not None


def _whole_span(node: exp.Expr, columns: Types) -> bool:
    """`year / 100 AS century` → `FLOOR(year / 100)`, wherever the query repeats it."""
    from sqlglot import exp

    if not isinstance(node, exp.Alias) or _SPANS.get(node.alias.casefold().removesuffix("s")) is None:
        return False
    division = node.this
    span = _SPANS[node.alias.casefold().removesuffix("s")]
    if not isinstance(division, exp.Div) or division.expression.name != str(span):
        return False
    select = node.find_ancestor(exp.Select)
    for same in [part for part in (select or node).find_all(exp.Div) if part == division]:
        if not isinstance(same.parent, (exp.Floor, exp.Cast)):
            same.replace(exp.Floor(this=same.copy()))
    return True


def _mean_of_truths(node: exp.Expr, columns: Types) -> bool:
    """`AVG(x > 1)` → `AVG(CAST(x > 1 AS INT))`."""
    from sqlglot import exp

    truth = isinstance(node, exp.Avg) and (
        isinstance(node.this, (exp.Predicate, exp.And, exp.Or, exp.Not)) or _is(columns(node.this), "BOOLEAN")
    )
    if truth:
        node.set("this", exp.cast(node.this.copy(), "INT"))
    return truth


def _date_of_text(node: exp.Expr, columns: Types) -> bool:
    """`YEAR(day)` of a text such as 2024-05-31 → of its date; of a number that is a year → the number."""
    from sqlglot import exp

    if not isinstance(node, (*_time_parts(), exp.TimestampTrunc, exp.DateTrunc)):
        return False
    for place, inner in list(node.args.items()):
        while isinstance(inner, (exp.TsOrDsToDate, exp.TsOrDsToTimestamp)):
            inner = inner.this  # how sqlglot reads it
        column = columns(inner) if isinstance(inner, exp.Expr) else None
        if column is None:
            continue
        if is_year(column) and isinstance(node, exp.Year):
            node.replace(inner.copy())
            return True
        if column.dtype == "VARCHAR" and has_days(column):
            node.set(place, exp.cast(inner.copy(), "TIMESTAMP"))
            return True
    return False


def _time_parts() -> tuple[type[exp.Expr], ...]:
    from sqlglot import exp

    return exp.Year, exp.Month, exp.Day, exp.Quarter, exp.Week, exp.TimeToStr, exp.Extract


def _year_of_date(node: exp.Expr, columns: Types) -> bool:
    """`a.year = b.day` → `a.year = YEAR(b.day)`, where one is a number and the other a date."""
    from sqlglot import exp

    if not isinstance(node, exp.EQ):
        return False
    for number, date in ((node.this, node.expression), (node.expression, node.this)):
        left, right = columns(_uncast(number)), columns(_uncast(date))
        if left is not None and right is not None and is_year(left) and has_days(right):
            inner = _uncast(date).copy()
            inner = exp.cast(inner, "TIMESTAMP") if right.dtype == "VARCHAR" else inner
            date.replace(exp.Year(this=inner))
            number.replace(_uncast(number).copy())
            return True
    return False


def _uncast(node: exp.Expr) -> exp.Expr:
    from sqlglot import exp

    return node.this if isinstance(node, (exp.Cast, exp.TryCast)) else node


def _whole_days(node: exp.Expr, columns: Types) -> bool:
    """A day beside a moment is all of it: `t <= '2024-05-31'` → `t < '2024-06-01'`; so =, > and BETWEEN."""
    from sqlglot import exp

    kinds = (exp.EQ, exp.LTE, exp.GT, exp.Between)
    if not isinstance(node, kinds) or not _is(columns(node.this), "TIMESTAMP"):
        return False
    day = _day(node.args.get("high" if isinstance(node, exp.Between) else "expression"))
    if day is None:
        return False
    after = exp.Literal.string(f"{day + datetime.timedelta(days=1):%Y-%m-%d}")
    since = node.args.get("low") if isinstance(node, exp.Between) else exp.Literal.string(f"{day:%Y-%m-%d}")
    if isinstance(node, exp.GT):
        node.replace(exp.GTE(this=node.this, expression=after))
    elif isinstance(node, exp.LTE):
        node.replace(exp.LT(this=node.this, expression=after))
    else:
        both = exp.and_(
            exp.GTE(this=node.this.copy(), expression=since), exp.LT(this=node.this.copy(), expression=after)
        )
        node.replace(exp.paren(both))
    return True


def _day(node: object) -> datetime.date | None:
    """The day that a literal is, with or without DATE before it; None if it has a time, or is none."""
    from sqlglot import exp

    if isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DATE:
        node = node.this
    try:
        text = node.name if isinstance(node, exp.Literal) and node.is_string else ""
        return datetime.date.fromisoformat(text) if len(text) == len("2024-05-31") else None
    except ValueError:
        return None


def _like_date(node: exp.Expr, columns: Types) -> bool:
    """`day LIKE '2024-%'` → of its text."""
    from sqlglot import exp

    dated = isinstance(node, exp.Like) and _is(columns(node.this), "DATE", "TIMESTAMP")
    if dated:
        node.set("this", exp.cast(node.this.copy(), "TEXT"))
    return dated


def _is(column: Column | None, *types: str) -> bool:
    return column is not None and column.dtype.startswith(types)


Mend = Callable[["exp.Expr", Types], bool]
_ALWAYS: tuple[Mend, ...] = (_padded_part, _whole_span)
_DUCKDB: tuple[Mend, ...] = (
    year_of_cast,
    _date_of_text,
    _year_of_date,
    _mean_of_truths,
    _like_date,
    _whole_days,
)
_OWN: Mapping[str, tuple[Mend, ...]] = {
    "duckdb": (*_ALWAYS, *_DUCKDB, counted_as_tuple),
    "sqlite": (*_ALWAYS, *SQLITE_MENDS, *SQLITE_DAYS, part_as_number, counted_as_text),
}
