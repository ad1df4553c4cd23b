"""Rows compared with the one before them, of which a period cuts off the first one's.

`SELECT year, x - LAG(x) OVER (ORDER BY year) FROM t WHERE year >= 1990` compares 1990 with nothing: WHERE is
looked at before the window. What is to be shown is said after it: behind QUALIFY, or outside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["with_neighbours"]

# The column itself, or a part of it that goes on without a gap.
_COLUMN = r"(?:\"[^\"]+\"|\w+)"
_UNBROKEN = re.compile(
    rf"(?:CAST\()?(?:{_COLUMN}|(?:YEAR|DATE|DATE_TRUNC|TIMESTAMP_TRUNC|EXTRACT|STRFTIME|TIME_TO_STR|CAST)"
    rf"\((?:'(?:%Y(?:-%m(?:-%d)?)?|YEAR|MONTH|DAY)', |YEAR FROM )?(?:CAST\()?{_COLUMN}(?: AS \w+\))?"
    r"(?:, '%Y(?:-%m(?:-%d)?)?'|, YEAR|, MONTH| AS \w+)?\))(?: AS \w+\))?",
    re.IGNORECASE,
)
_OTHERS = ("group", "having", "qualify", "distinct", "limit", "offset", "with_")


def with_neighbours(sql: str, dialect: Dialect) -> str:
    """The query whose rows of the period are compared with what is before it; as it was if that is no matter.

    Only the query as a whole is looked at, every window of which is LAG or LEAD, and a period of the column
    that they are ordered by.

    >>> with_neighbours("SELECT y, x - LAG(x) OVER (ORDER BY y) AS d FROM t WHERE y >= 1990", DUCKDB)
    'SELECT y, x - LAG(x) OVER (ORDER BY y) AS d FROM t QUALIFY y >= 1990'
    """
    from sqlglot import exp

    tree = parsed(sql, dialect)
    if not isinstance(tree, exp.Select) or tree.args.get("joins") or any(map(tree.args.get, _OTHERS)):
        return sql
    where, windows = tree.args.get("where"), list(tree.find_all(exp.Window))
    order = _order(windows)
    if where is None or order is None or len(list(tree.find_all(exp.Select))) > 1:
        return sql
    conditions = [where.this] if not isinstance(where.this, exp.And) else list(where.this.flatten())
    late = [condition for condition in conditions if _is_period(condition, order)]
    early = [condition for condition in conditions if not any(condition is one for one in late)]
    parts = {column.name.casefold() for w in windows for column in _partition(w)}
    if not late or not all(_is_choice(condition, parts) for condition in early):
        return sql
    tree.set("where", exp.Where(this=exp.and_(*early)) if early else None)
    if dialect.name == DUCKDB.name:
        tree.set("qualify", exp.Qualify(this=exp.and_(*late)))
        return tree.sql(dialect=dialect.name)
    return _outside(tree, late, order, dialect) or sql


def _outside(tree: exp.Select, late: list[exp.Expr], order: exp.Column, dialect: Dialect) -> str:
    """The period in a SELECT around it; empty where the names of the inner one do not reach it."""
    from sqlglot import exp

    shown = [item.alias_or_name for item in tree.expressions]
    names = {name.casefold() for name in shown}
    sorting = tree.args.get("order")
    outer = [*late, *(sorting.expressions if sorting is not None else ())]
    used = {column.name.casefold() for part in outer for column in part.find_all(exp.Column)}
    if not all(shown) or len(names) < len(shown) or not used <= names or order.table:
        return ""
    # A name that stands for something else inside is another thing outside.
    plain = {i.alias_or_name.casefold() for i in tree.expressions if isinstance(i.unalias(), exp.Column)}
    if order.name.casefold() not in plain or any(
        isinstance(i, exp.Alias) and i.alias.casefold() == order.name.casefold() for i in tree.expressions
    ):
        return ""
    tree.set("order", None)
    made = exp.select("*").from_(tree.subquery("s")).where(*late)
    if sorting is not None:
        made.set("order", sorting)
    return made.sql(dialect=dialect.name or None)


def _order(windows: Sequence[exp.Expr]) -> exp.Column | None:
    """The one column that all windows are ordered by; None for any other kind of them."""
    from sqlglot import exp

    found: list[exp.Column] = []
    for window in windows:
        keys = window.args["order"].expressions if window.args.get("order") else []
        key = keys[0].this if len(keys) == 1 else None
        if not isinstance(window.this, (exp.Lag, exp.Lead)) or not isinstance(key, exp.Column):
            return None
        if not all(isinstance(part, exp.Column) for part in window.args.get("partition_by") or ()):
            return None
        found.append(key)
    return found[0] if found and len({_name(key) for key in found}) == 1 else None


def _partition(window: exp.Expr) -> list[exp.Column]:
    return list(window.args.get("partition_by") or ())


def _name(column: exp.Column) -> str:
    return column.name.casefold()


def _is_period(condition: exp.Expr, order: exp.Column) -> bool:
    """Whether it says which rows by the column of the order alone, or its year."""
    from sqlglot import exp

    kinds = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.Between, exp.In)
    columns = list(condition.find_all(exp.Column))
    if not isinstance(condition, kinds) or not columns:
        return False
    if any(_name(column) != _name(order) for column in columns):
        return False
    # "Every May" takes some rows of the order out of it: its neighbours are the Mays.
    by = condition.this if condition.this.find(exp.Column) else condition.expression
    return not isinstance(condition, exp.In) and _UNBROKEN.fullmatch(by.sql()) is not None


def _is_choice(condition: exp.Expr, parts: set[str]) -> bool:
    """Whether it keeps some of several series: what it compares is one value, or what they are parted by."""
    from sqlglot import exp

    columns = {_name(column) for column in condition.find_all(exp.Column)}
    if columns and columns <= parts:
        return True
    return isinstance(condition, exp.EQ) and isinstance(condition.expression, exp.Literal)
