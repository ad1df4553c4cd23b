"""One SELECT with the tables that it reads, as mends need it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.repeating import own_nodes

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["Scope", "scope_of", "selects_around", "sources"]


@dataclass
class Scope:
    """A SELECT over known tables only.

    Attributes:
        read: its tables by folded alias, those joined since too.
        around: what SELECTs around it read, by folded alias; None stands for a source that is no table.
        names: of the aliases as the query writes them.
    """

    select: exp.Expr
    source: exp.Expr
    joins: list[exp.Expr]
    read: dict[str, Table]
    around: dict[str, Table | None]
    names: dict[str, str]
    tables: Sequence[Table]

    def table(self, name: str) -> Table:
        """The table of that name, letter case ignored."""
        return next(table for table in self.tables if table.name.casefold() == name.casefold())

    def written(self, alias: str) -> str:
        """A folded alias as the query writes it."""
        return self.names.get(alias, alias)

    def enter(self, name: str) -> None:
        """A table joined under its own name."""
        self.read[name.casefold()] = self.table(name)
        self.names[name.casefold()] = self.table(name).name

    def tell_apart(self, original: Collection[str]) -> None:
        """Columns that a joined table has too are put behind the table that had them alone."""
        from sqlglot import exp

        for column in own_nodes(self.select, exp.Column):
            owners = [alias for alias, table in self.read.items() if table.column(column.name)]
            first = [alias for alias in owners if alias in original]
            if not column.table and len(owners) > 1 and len(first) == 1:
                column.set("table", exp.to_identifier(self.written(first[0])))


def scope_of(select: exp.Expr, tree: exp.Expr, tables: Sequence[Table]) -> Scope | None:
    """The tables of a SELECT; None where it reads anything else, such as an inner SELECT, or nothing."""
    from sqlglot import exp

    steps = {step.alias.casefold() for step in tree.find_all(exp.CTE)}
    known = {table.name.casefold(): table for table in tables if table.name.casefold() not in steps}
    nodes = sources(select)
    read: dict[str, Table] = {}
    for node in nodes:
        table = known.get(node.name.casefold()) if isinstance(node, exp.Table) else None
        if table is None or node.alias_or_name.casefold() in read:
            return None
        read[node.alias_or_name.casefold()] = table
    if not nodes:
        return None
    around: dict[str, Table | None] = {}
    for above in selects_around(select):
        for node in sources(above):
            table = known.get(node.name.casefold()) if isinstance(node, exp.Table) else None
            around.setdefault(node.alias_or_name.casefold(), table)
    names = {node.alias_or_name.casefold(): node.alias_or_name for node in nodes}
    joins = list(select.args.get("joins") or ())
    return Scope(select, nodes[0], joins, read, around, names, tables)


def selects_around(select: exp.Expr) -> Iterator[exp.Expr]:
    """The SELECTs whose tables one inside may read: where it is a condition or a value, no source."""
    from sqlglot import exp

    while not isinstance(select.find_ancestor(exp.From, exp.Join, exp.CTE, exp.Select), exp.From | exp.CTE):
        above = select.find_ancestor(exp.Select)
        if above is None or _is_joined(select):
            return
        yield above
        select = above


def _is_joined(select: exp.Expr) -> bool:
    """Whether it is what a JOIN reads, not a part of its condition."""
    from sqlglot import exp

    join = select.find_ancestor(exp.Join, exp.Select)
    return isinstance(join, exp.Join) and isinstance(join.this, exp.Subquery) and join.this.this is select


def sources(select: exp.Expr) -> list[exp.Expr]:
    """What a SELECT reads: the nodes of FROM and of its joins."""
    source, joins = select.args.get("from_"), select.args.get("joins") or ()
    return [item.this for item in (source, *joins) if item is not None]
