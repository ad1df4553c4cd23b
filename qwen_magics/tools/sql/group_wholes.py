"""Wholes in a query of groups: `SUM(x) OVER ()` there is one of one x per group, if anything.

A part of the groups' own rows, `SUM(CASE … END)`, is one of the group's own whole; the group's sum itself is
one of the sum of all groups. Means are left alone: that of all rows is not the mean of the groups' means.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["with_wholes"]


def with_wholes(sql: str, dialect: Dialect) -> str:
    """The query that is meant; as it was where nothing is certain. It has to be bound like any other.

    >>> with_wholes("SELECT a, SUM(CASE WHEN b > 1 THEN c END) / SUM(c) OVER () FROM t GROUP BY a", DUCKDB)
    'SELECT a, SUM(CASE WHEN b > 1 THEN c END) / SUM(c) FROM t GROUP BY a'
    >>> with_wholes("SELECT a, SUM(c) / SUM(c) OVER () FROM t GROUP BY a", DUCKDB)
    'SELECT a, SUM(c) / SUM(SUM(c)) OVER () FROM t GROUP BY a'
    """
    from sqlglot import exp

    tree = parsed(sql, dialect) if "over" in sql.casefold() and "group" in sql.casefold() else None
    if tree is None:
        return sql
    changed = False
    for select in list(tree.find_all(exp.Select)):
        keys = _keys(select)
        for window in list(_windows(select)) if keys else ():
            changed = _put_right(window, select, keys) or changed
    return tree.sql(dialect=dialect.name or None) if changed else sql


def _keys(select: exp.Select) -> set[str]:
    """What the groups are told by, as it is written, and what it is called in SELECT; folded."""
    from sqlglot import exp

    group = select.args.get("group")
    if group is None or any(group.args.get(kind) for kind in ("rollup", "cube", "grouping_sets", "all")):
        return set()
    keys = set[str]()
    for key in group.expressions:
        item = key
        if (
            isinstance(key, exp.Literal)
            and key.name.isdigit()
            and 0 < int(key.name) <= len(select.expressions)
        ):
            item = select.expressions[int(key.name) - 1].unalias()
        keys.add(_text(item))
    for item in select.expressions:
        if {_text(item.unalias()), item.alias.casefold()} & keys:
            keys |= {_text(item.unalias()), item.alias_or_name.casefold()}
    return keys - {""}


def _text(node: exp.Expr) -> str:
    """A column by its bare name: `t.year` and `year` are one here."""
    from sqlglot import exp

    return (node.name if isinstance(node, exp.Column) else node.sql()).casefold()


def _windows(select: exp.Select) -> Iterator[exp.Window]:
    """Sums and counts of rows, over all groups or over some that the keys tell."""
    from sqlglot import exp

    for window in select.find_all(exp.Window):
        plain = isinstance(window.this, exp.Sum | exp.Count) and not window.this.find(exp.Distinct)
        if plain and window.find_ancestor(exp.Select) is select and not window.args.get("spec"):
            yield window


def _put_right(window: exp.Window, select: exp.Select, keys: set[str]) -> bool:
    from sqlglot import exp

    whole = window.this
    order = window.args.get("order")
    told_by = [
        *(window.args.get("partition_by") or ()),
        *(o.this for o in (order.expressions if order else ())),
    ]
    if whole.find(exp.Window) or list(whole.find_all(exp.AggFunc)) != [whole] or not _are_keys(told_by, keys):
        return False
    part = _part(window)
    of_rows = isinstance(whole.this, exp.Star)
    if not of_rows and not _is_ungrouped(whole.this, keys):
        return False
    if part is not None and _is_conditional(part):
        if order is not None or (window.args.get("partition_by") and len(told_by) < len(_columns(select))):
            return False
        window.replace(whole.copy())
        return True
    # COUNT(*) OVER () is the number of the groups, unless a number of rows is divided by it.
    if of_rows and (part is None or not part.find(exp.Count) or order is not None):
        return False
    if part is None and any(_is_conditional(item) for item in select.expressions):
        return False
    window.set("this", exp.Sum(this=whole.copy()))
    return True


def _columns(select: exp.Select) -> list[exp.Expr]:
    return list(select.args["group"].expressions)


def _are_keys(nodes: list[exp.Expr], keys: set[str]) -> bool:
    return all(_text(node) in keys for node in nodes)


def _is_ungrouped(node: exp.Expr, keys: set[str]) -> bool:
    from sqlglot import exp

    columns = list(node.find_all(exp.Column))
    return _text(node) not in keys and bool(columns) and all(_text(column) not in keys for column in columns)


def _part(window: exp.Window) -> exp.Expr | None:
    """What is divided by the window; None if it divides nothing of the group."""
    from sqlglot import exp

    node: exp.Expr = window
    while node.parent is not None and not isinstance(node.parent, exp.Select):
        above = node.parent
        if isinstance(above, exp.Div) and above.expression is node:
            found = list(above.this.find_all(exp.AggFunc))
            return above.this if found and not above.this.find(exp.Window) else None
        node = above
    return None


def _is_conditional(node: exp.Expr) -> bool:
    """Whether it is a figure of some of the group's rows."""
    from sqlglot import exp

    filtered = any(isinstance(f.this, exp.AggFunc) for f in node.find_all(exp.Filter))
    return filtered or any(
        isinstance(found, exp.CountIf) or found.find(exp.Case, exp.If) for found in node.find_all(exp.AggFunc)
    )
