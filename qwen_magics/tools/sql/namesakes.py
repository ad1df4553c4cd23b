"""Groups by a name get the key of the thing as well: two books of one title are two books.

Small models group by what they show. Where names are unique, the key changes nothing. Which name is the most
frequent is another question: rows that are one for each thing, counted by the name, are not told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.labelling import labels_of, tables_read
from qwen_magics.tools.sql.parsing import with_selects

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["told_apart"]


def told_apart(sql: str, wanted: Sequence[str], tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with keys behind the names that it groups by; as it was where nothing is to be told apart.

    Args:
        wanted: names of the tables whose things the question is about.
    """
    if "group by" not in " ".join(sql.casefold().split()):
        return sql
    return with_selects(sql, dialect, lambda select: _add_keys(select, wanted, tables))


def _add_keys(select: exp.Expr, wanted: Sequence[str], tables: Sequence[Table]) -> bool:
    """Whether a key was added to the groups of this SELECT."""
    from sqlglot import exp

    group = select.args.get("group")
    grouped = group.expressions if group is not None else []
    if not grouped or not all(isinstance(item, exp.Column) for item in grouped):
        return False
    read, added = tables_read(select, tables), list[exp.Expr]()
    for alias, table in read.items():
        own = {c.name.casefold() for c in grouped if c.table in ("", alias) and table.column(c.name)}
        names = {label.name.casefold() for label in labels_of(table) if not label.unique}
        key = _key(table, tables)
        if _counts_things(select, table, read) or _is_renamed(select, names):
            continue
        if table.name in wanted and names and names <= own and key and key.casefold() not in own:
            added.append(exp.column(key, alias))
    for column in added:
        group.append("expressions", column)  # type: ignore[union-attr]
    return bool(added)


def _counts_things(select: exp.Expr, table: Table, read: Mapping[str, Table]) -> bool:
    """Whether rows are counted of which each thing has one: by its key, every number would be 1."""
    from sqlglot import exp

    others = (other for other in read.values() if other is not table)
    if any(join.other == table.name for other in others for join in other.joins):
        return False
    return any(
        isinstance(node.this, exp.Star | exp.Literal | exp.Column) for node in select.find_all(exp.Count)
    )


def _is_renamed(select: exp.Expr, names: Set[str]) -> bool:
    """Whether such a name is what the query calls something computed, such as a part of it."""
    from sqlglot import exp

    items = (item for item in select.expressions if isinstance(item, exp.Alias))
    return any(item.alias.casefold() in names and not isinstance(item.this, exp.Column) for item in items)


def _key(table: Table, tables: Sequence[Table]) -> str:
    """The column of the table that keys of others lead to, if it is one."""
    keys = {j.other_column for t in tables for j in t.joins if j.other == table.name and not j.more}
    return keys.pop() if len(keys) == 1 else ""
