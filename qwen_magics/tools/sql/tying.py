"""Joins whose condition says nothing of the joined table: the keys to it are put in.

`FROM shipments JOIN customers ON shipments.order_id = orders.order_id` reads orders, and customers by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qwen_magics.tools.key_paths import certain_way
from qwen_magics.tools.sql.key_conditions import key_condition
from qwen_magics.tools.sql.scopes import Scope

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["tied"]


def tied(scope: Scope, join: exp.Expr, question: str) -> bool:
    """Whether the condition of a join says which rows are meant, now that keys may have been put in."""
    from sqlglot import exp

    own, on = join.this.alias_or_name.casefold(), join.args.get("on")
    if on is None or _reads(on, own):
        return True
    place = next(number for number, other in enumerate(scope.joins) if other is join)
    before = [scope.source, *(other.this for other in scope.joins[:place])]
    aliases = [node.alias_or_name.casefold() for node in before]
    names = {scope.read[alias].name: scope.written(alias) for alias in aliases}
    goal = scope.read[own].name
    way = certain_way(list(names), goal, scope.tables, question) if len(names) == len(aliases) else None
    between = {step.end for step in way[:-1]} if way else set()
    if not way or goal in names or between & {table.name for table in scope.read.values()}:
        return False
    names[goal] = scope.written(own)
    for step in way[:-1]:
        scope.enter(step.end)
        table = exp.Table(this=exp.to_identifier(step.end))
        made = exp.Join(this=table, on=key_condition(step.join, names), side=join.args.get("side"))
        scope.joins.insert(place, made)
        place += 1
    scope.select.set("joins", scope.joins)
    join.set("on", exp.and_(on, key_condition(way[-1].join, names)))
    return True


def _reads(condition: exp.Expr, alias: str) -> bool:
    """Whether the condition compares something of the table; it may do so with a column's bare name."""
    from sqlglot import exp

    return bool({column.table.casefold() for column in condition.find_all(exp.Column)} & {"", alias})
