"""A query over a table of which it reads nothing: the table whose columns it reads takes its place.

`SELECT channel, SUM(quantity) FROM payments` has no more to do with payments than with any other table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.key_paths import certain_way
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.missing import GENERIC
from qwen_magics.tools.sql.repeating import own_nodes
from qwen_magics.tools.sql.scopes import Scope

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["restarted"]


def restarted(scope: Scope, question: str) -> bool:
    """Whether FROM now has the one table that has a column that is read, and keys to those of the others."""
    from sqlglot import exp

    ((alias, table),) = scope.read.items() if len(scope.read) == 1 else (("", None),)
    columns = list(own_nodes(scope.select, exp.Column))
    if table is None or not columns or _reads_rows(scope.select):
        return False
    if any(column.table.casefold() == alias for column in scope.select.find_all(exp.Column)):
        return False
    settled = {item.alias.casefold() for item in scope.select.expressions if item.alias}
    owners = []
    for column in columns:
        found = [t for t in scope.tables if t.column(column.name) and _fits(column, t)]
        if column.table.casefold() in scope.around or (not found and column.name.casefold() in settled):
            continue
        if not found or table in found or (not column.table and column.name.casefold() in GENERIC):
            return False
        owners.append(found)
    costs = {t.name: cost for t in scope.tables if (cost := _cost(t, owners, scope.tables, question)) >= 0}
    best = [name for name, cost in costs.items() if cost == min(costs.values())]
    if len(best) != 1:
        return False
    scope.source.replace(exp.Table(this=exp.to_identifier(best[0])))
    return True


def _fits(column: exp.Column, table: Table) -> bool:
    return not column.table or column.table.casefold() == table.name.casefold()


def _reads_rows(select: exp.Expr) -> bool:
    """Whether it shows or counts the rows themselves, whatever is in them."""
    from sqlglot import exp

    return any(True for _ in own_nodes(select, exp.Star))


def _cost(start: Table, owners: Sequence[Sequence[Table]], tables: Sequence[Table], question: str) -> int:
    """The keys to go along to what is read; -1 where one cannot, or nothing is of the table itself."""
    if not any(start in found for found in owners):
        return -1
    steps = set()
    for found in (found for found in owners if start not in found):
        ways = [way for t in found if (way := certain_way([start.name], t.name, tables, question))]
        upward = [way for way in ways if all(step.up for step in way)]
        if not upward:
            return -1
        nearest = min(upward, key=len)
        steps |= set(nearest)
    return len(steps)
