"""Groups that are ordered or chosen by a column of their rows, whose aggregate the query shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import with_selects

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["aggregated"]


def aggregated(sql: str, dialect: Dialect) -> str:
    """The query that is meant; as it was where nothing is certain. It has to be bound like any other.

    >>> aggregated("SELECT a, AVG(b) FROM t GROUP BY a ORDER BY b DESC", DUCKDB)
    'SELECT a, AVG(b) FROM t GROUP BY a ORDER BY AVG(b) DESC'
    """
    return with_selects(sql, dialect, _aggregate)


def _aggregate(select: exp.Select) -> bool:
    """Whether a column of ORDER BY or HAVING was put into the only aggregate that the SELECT shows of it."""
    from sqlglot import exp

    groups = select.args.get("group")
    if groups is None:
        return False
    keys = {column.sql() for column in groups.find_all(exp.Column)}
    named = {item.alias.casefold() for item in select.expressions if item.alias}
    changed = False
    for clause in filter(None, (select.args.get("order"), select.args.get("having"))):
        for column in list(_bare(clause, select)):
            shown = _aggregates_of(column, select)
            if column.sql() not in keys and column.name.casefold() not in named and len(shown) == 1:
                column.replace(next(iter(shown.values())).copy())
                changed = True
    return changed


def _bare(clause: exp.Expr, select: exp.Select) -> Iterator[exp.Column]:
    """The columns of the clause that are the SELECT's own and stand in no aggregate."""
    from sqlglot import exp

    for column in clause.find_all(exp.Column):
        own = column.find_ancestor(exp.Select) is select
        if own and column.find_ancestor(exp.AggFunc, exp.Select) is select:
            yield column


def _aggregates_of(column: exp.Column, select: exp.Select) -> dict[str, exp.Expr]:
    """What the SELECT shows of just this column, by its text."""
    from sqlglot import exp

    shown = (node for item in select.expressions for node in item.find_all(exp.AggFunc))
    own = (node for node in shown if node.find_ancestor(exp.Window, exp.Select) is select)
    return {node.sql(): node for node in own if node.this == column}
