"""Aggregates in WHERE, which no database takes: a condition on groups, or a comparison with all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["placed"]


def placed(sql: str, dialect: Dialect) -> str:
    """The query that is meant; as it was where nothing is certain. It has to be bound like any other.

    >>> placed("SELECT a FROM t WHERE b > AVG(b)", DUCKDB)
    'SELECT a FROM t WHERE b > (SELECT AVG(b) FROM t)'
    >>> placed("SELECT a FROM t WHERE b > 1 AND COUNT(*) > 2 GROUP BY a", DUCKDB)
    'SELECT a FROM t WHERE b > 1 GROUP BY a HAVING COUNT(*) > 2'
    """
    from sqlglot import exp

    tree = parsed(sql, dialect)
    if tree is None:
        return sql
    changed = False
    for select in list(tree.find_all(exp.Select)):
        where = select.args.get("where")
        if where is not None and any(_own(where, select)):
            changed = (_as_having(select) if select.args.get("group") else _of_all(select)) or changed
    return tree.sql(dialect=dialect.name or None) if changed else sql


def _own(node: exp.Expr, select: exp.Expr) -> list[exp.Expr]:
    from sqlglot import exp

    return [found for found in node.find_all(exp.AggFunc) if found.find_ancestor(exp.Select) is select]


def _as_having(select: exp.Select) -> bool:
    """Conditions on aggregates are conditions on the groups."""
    from sqlglot import exp

    conditions = list(select.args["where"].this.flatten()) if _is_and(select) else [select.args["where"].this]
    late = [condition for condition in conditions if _own(condition, select)]
    early = [condition for condition in conditions if not any(condition is one for one in late)]
    select.set("where", exp.Where(this=exp.and_(*early)) if early else None)
    for condition in late:
        select.having(condition.copy(), copy=False)
    return True


def _is_and(select: exp.Select) -> bool:
    from sqlglot import exp

    return isinstance(select.args["where"].this, exp.And)


def _of_all(select: exp.Select) -> bool:
    """A row compared with an aggregate: with that of all rows of the one table that is read."""
    from sqlglot import exp

    source = select.args.get("from_")
    if source is None or not isinstance(source.this, exp.Table) or select.args.get("joins"):
        return False
    aggregates = _own(select.args["where"], select)
    if not all(_is_beside_a_row(aggregate) for aggregate in aggregates):
        return False
    for aggregate in aggregates:
        inner = exp.select(aggregate.copy()).from_(source.this.copy())
        aggregate.replace(inner.subquery())
    return True


def _is_beside_a_row(aggregate: exp.Expr) -> bool:
    """Whether it is compared with a column; `COUNT(*) > 1` is of groups that are not there."""
    from sqlglot import exp

    compared = aggregate.find_ancestor(exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ)
    sides = (compared.this, compared.expression) if compared is not None else ()
    return any(side.find(exp.Column) and not side.find(exp.AggFunc) for side in sides)
