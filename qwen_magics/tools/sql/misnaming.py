"""What stands before a column's dot and is no alias of the query: the alias, or the table, that is meant.

Small models abbreviate a table in one place and not in the other: `w.city … FROM warehouses`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import with_selects
from qwen_magics.tools.sql.repeating import own_nodes
from qwen_magics.tools.sql.scopes import selects_around, sources

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["renamed"]

# T1 and T2 are numbers of tables, not letters of their names.
_NUMBERED = re.compile(r"[a-z]?\d+")


def renamed(sql: str, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with such names put right; as it was where nothing is certain.

    >>> renamed("SELECT w.city FROM warehouses", depot, DUCKDB)
    'SELECT warehouses.city FROM warehouses'
    """
    return with_selects(sql, dialect, lambda select: _put_right(select, tables))


def _put_right(select: exp.Expr, tables: Sequence[Table]) -> bool:
    """Whether a name was put right in this SELECT."""
    from sqlglot import exp

    reading = (select, *selects_around(select))
    visible = {node.alias_or_name.casefold() for scope in reading for node in sources(scope)}
    strange: dict[str, list[exp.Column]] = {}
    for column in own_nodes(select, exp.Column):
        if column.table and column.table.casefold() not in visible:
            strange.setdefault(column.table.casefold(), []).append(column)
    changed = False
    for name, columns in strange.items():
        names = {column.name for column in columns}
        meant = _meant(name, names, select, tables)
        owners = dict.fromkeys(names, meant) if meant else _owners(name, names, select, tables)
        for column in columns if owners and name not in map(str.casefold, owners.values()) else ():
            column.set("table", exp.to_identifier(owners[column.name]))
            changed = True
    return changed


def _owners(name: str, columns: set[str], select: exp.Expr, tables: Sequence[Table]) -> dict[str, str]:
    """Each column's alias, where one name stands for several tables; empty if one is not certain."""
    known = {table.name.casefold(): table for table in tables}
    own = [(node.alias_or_name, known.get(node.name.casefold())) for node in sources(select)]
    if name in known or any(table is None for _, table in own):
        return {}
    having = {c: [alias for alias, table in own if table and table.column(c)] for c in columns}
    return {c: found[0] for c, found in having.items()} if all(len(f) == 1 for f in having.values()) else {}


def _meant(name: str, columns: set[str], select: exp.Expr, tables: Sequence[Table]) -> str:
    """The alias or table that has all the columns and can be called so; empty where none is certain."""
    from sqlglot import exp

    known = {table.name.casefold(): table for table in tables}
    nodes = sources(select)
    own = [(node.alias_or_name, known.get(node.name.casefold())) for node in nodes]
    if name in known:
        # SQL forbids the name of a table that has an alias.
        same = [alias for alias, table in own if table is known[name]]
        return same[0] if len(same) == 1 and _has_all(known[name], columns) else ""
    if any(
        isinstance(node, exp.Subquery) or table is None for node, (_, table) in zip(nodes, own, strict=True)
    ):
        return ""
    having = {alias: table for alias, table in own if table is not None and _has_all(table, columns)}
    called = [alias for alias, table in having.items() if _may_be(name, table.name)]
    if called:
        return called[0] if len(called) == 1 else ""
    elsewhere = _elsewhere(name, columns, having, tables)
    if elsewhere:
        return elsewhere[0].name if len(elsewhere) == 1 else ""
    return next(iter(having)) if len(having) == 1 else ""


def _elsewhere(
    name: str, columns: set[str], having: Mapping[str, Table], tables: Sequence[Table]
) -> list[Table]:
    here = {table.name for table in having.values()}
    others = [table for table in tables if table.name not in here and _may_be(name, table.name)]
    return [table for table in others if _has_all(table, columns)]


def _has_all(table: Table, columns: set[str]) -> bool:
    return all(table.column(column) for column in columns)


def _may_be(short: str, name: str) -> bool:
    """Whether it is the beginning of a table's name, or the first letters of its words."""
    if _NUMBERED.fullmatch(short):
        return False
    letters, words = short.rstrip("0123456789"), [word for word in name.casefold().split("_") if word]
    return name.casefold().startswith(letters) or letters == "".join(word[0] for word in words)
