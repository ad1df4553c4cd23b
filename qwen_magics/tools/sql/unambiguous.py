"""A column that several joined tables have, and that is the same in all of them: the first one's is meant.

In `FROM a JOIN b ON a.day = b.day` or `USING (day)`, every `day` without a table is the same value.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import with_selects
from qwen_magics.tools.sql.repeating import own_nodes

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["told_whose"]


def told_whose(sql: str, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with such columns behind the first table; as it was where nothing is certain.

    >>> told_whose("SELECT day FROM a JOIN b ON a.day = b.day", tables, DUCKDB)
    'SELECT a.day FROM a JOIN b ON a.day = b.day'
    """
    return with_selects(sql, dialect, lambda select: _qualified(select, tables))


def _qualified(select: exp.Select, tables: Sequence[Table]) -> bool:
    """Whether a column of this SELECT got its table."""
    from sqlglot import exp

    known = {table.name.casefold(): table for table in tables}
    source, joins = select.args.get("from_"), select.args.get("joins") or ()
    read = [*([source.this] if source is not None else ()), *(join.this for join in joins)]
    # An outer join leaves one side empty.
    if len(read) < 2 or not all(isinstance(node, exp.Table) for node in read):
        return False
    if any(join.args.get("side") or join.args.get("kind") == "CROSS" for join in joins):
        return False
    changed = False
    for column in list(own_nodes(select, exp.Column)):
        owners = [
            node.alias_or_name
            for node in read
            if node.name.casefold() in known and known[node.name.casefold()].column(column.name)
        ]
        if column.table or len(owners) < 2 or not _are_same(column.name, owners, joins):
            continue
        column.set("table", exp.to_identifier(owners[0]))
        changed = True
    return changed


def _are_same(name: str, owners: Sequence[str], joins: Sequence[exp.Expr]) -> bool:
    """Whether the joins say, outside of any OR, that the column is the same in all of these."""
    from sqlglot import exp

    same = {owners[0].casefold()}
    pairs = []
    for join in joins:
        on = join.args.get("on")
        for part in (on.flatten() if isinstance(on, exp.And) else [on]) if on is not None else ():
            sides = (part.this, part.expression) if isinstance(part, exp.EQ) else ()
            if sides and all(
                isinstance(s, exp.Column) and s.name.casefold() == name.casefold() for s in sides
            ):
                pairs.append({side.table.casefold() for side in sides})
    for _ in pairs:
        same |= {alias for pair in pairs if pair & same for alias in pair}
    return {owner.casefold() for owner in owners} <= same
