"""The tables that a SELECT reads columns of without having them in FROM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.names import quote_text
from qwen_magics.tools.sql.repeating import own_nodes
from qwen_magics.tools.sql.scopes import Scope

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["GENERIC", "Missing", "missing_tables"]

# What every table may well have under another name: no sign that another table is meant, unless it is
# compared with a value that the other one lists.
GENERIC = frozenset(
    ["code", "count", "date", "description", "id", "name", "number", "status", "title", "type"]
)


@dataclass(frozen=True)
class Missing:
    """A table that is read and not there.

    Attributes:
        goals: names of the tables that have the column; the one that the query names.
        columns: where it is read.
        is_named: the query says whose column it is.
        behind: the folded alias of the table that the query takes it for a column of; else empty.
    """

    goals: tuple[str, ...]
    columns: tuple[exp.Column, ...]
    is_named: bool = False
    behind: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether one table only can be meant, by the column alone."""
        return len(self.goals) == 1


def missing_tables(scope: Scope) -> Iterator[Missing]:
    """What is missing: first the tables that the query names, and only if it names none, those of columns."""
    from sqlglot import exp

    found = own_nodes(scope.select, exp.Column)
    columns = [column for column in found if not isinstance(column.this, exp.Star)]
    visible = {*scope.read, *scope.around}
    known = {table.name.casefold(): table for table in scope.tables}
    named: dict[str, list[exp.Column]] = {}
    for column in columns:
        qualifier = column.table.casefold()
        if qualifier in known and qualifier not in visible:
            named.setdefault(known[qualifier].name, []).append(column)
    if named:
        yield from (Missing((name,), tuple(read), is_named=True) for name, read in named.items())
        return
    settled = {item.alias.casefold() for item in scope.select.expressions if item.alias}
    for column in columns:
        if _is_here(column, scope) or (not column.table and column.name.casefold() in settled):
            continue
        owners = tuple(table.name for table in scope.tables if table.column(column.name))
        is_own = column.name.casefold() not in GENERIC
        goals = tuple(name for name in owners if is_own or _is_listed(column, scope.table(name)))
        yield Missing(goals, (column,), behind=column.table.casefold())


def _is_here(column: exp.Column, scope: Scope) -> bool:
    """Whether the column is there, as far as its tables are known."""
    if column.table:
        table = scope.read.get(column.table.casefold())
        return table is None or table.column(column.name) is not None
    around = scope.around.values()
    if any(table is None for table in around):
        return True  # an inner SELECT around it may have it
    return any(t is not None and t.column(column.name) for t in (*scope.read.values(), *around))


def _is_listed(column: exp.Expr, there: Table) -> bool:
    """Whether the column is compared with a value that it has in the table."""
    from sqlglot import exp

    own = there.column(column.name)
    beside = [] if column.parent is None else list(column.parent.find_all(exp.Literal))
    values = [quote_text(literal.this) for literal in beside if literal.is_string]
    return bool(values) and own is not None and set(values) <= set(own.categories or ())
