"""Names beside keys: who asks which supplier wants to read "Hansen Import", not 1.

Small models answer with the key that they grouped by. A key has one name, so the name is put beside it and
changes no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["LABELS", "labelled", "labels_of", "tables_read"]

# What the name of a thing is called, the likeliest first.
LABELS = ("name", "title", "company", "full_name", "label")
_PERSON = (("first_name", "last_name"), ("firstname", "lastname"), ("given_name", "family_name"))


@dataclass(frozen=True)
class _Key:
    """A key among the columns of a result.

    Attributes:
        place: of the column.
        alias, column: as the query names it.
        owner: whose key it is.
        owner_key: its name there.
    """

    place: int
    alias: str
    column: str
    owner: Table
    owner_key: str


def labelled(sql: str, wanted: Sequence[str], tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with the names of things beside their keys; as it was where it has names or no such key.

    Args:
        wanted: names of the tables whose things are asked for.
    """
    from sqlglot import exp

    tree = parsed(sql, dialect)
    if tree is None:
        return sql
    read = tables_read(tree, tables) if isinstance(tree, exp.Select) and not tree.args.get("with_") else {}
    added = [_name(tree, key, read) for key in reversed(list(_keys(tree, wanted, tables, read)))]
    return tree.sql(dialect=dialect.name or None) if any(added) else sql


def tables_read(tree: exp.Expr, tables: Sequence[Table]) -> dict[str, Table]:
    """The tables of FROM by alias; none if there is another source, or one table twice."""
    from sqlglot import exp

    known = {table.name.casefold(): table for table in tables}
    source, joins = tree.args.get("from_"), tree.args.get("joins") or ()
    nodes = [item.this for item in (source, *joins) if item is not None]
    found = {
        node.alias_or_name: known[node.name.casefold()]
        for node in nodes
        if isinstance(node, exp.Table) and node.name.casefold() in known
    }
    names = {table.name for table in found.values()}
    return found if len(names) == len(nodes) else {}


def _keys(
    tree: exp.Expr, wanted: Sequence[str], tables: Sequence[Table], read: dict[str, Table]
) -> Iterator[_Key]:
    from sqlglot import exp

    known = {table.name: table for table in tables}
    for place, item in enumerate(tree.expressions if read else ()):
        column = item.unalias()
        if not isinstance(column, exp.Column):
            continue
        owners = [a for a, t in read.items() if column.table in ("", a) and t.column(column.name)]
        for alias in owners[:1] if column.table or len(owners) == 1 else ():
            owner, key = _owner(read[alias], column.name, tables)
            if owner in wanted and owner in known:
                yield _Key(place, alias, column.name, known[owner], key)


def _owner(table: Table, column: str, tables: Sequence[Table]) -> tuple[str, str]:
    """Whose key the column is, and its name there; empty if it is none."""
    for join in table.joins:
        if join.column == column and not join.more:
            return join.other, join.other_column
    led_to = any(
        join.other == table.name and join.other_column == column for other in tables for join in other.joins
    )
    return (table.name, column) if led_to else ("", "")


def _name(tree: exp.Expr, key: _Key, read: dict[str, Table]) -> bool:
    """Whether the names were put beside the key."""
    from sqlglot import exp

    labels = labels_of(key.owner)
    shown = {node.name.casefold() for item in tree.expressions for node in item.find_all(exp.Column)}
    if not labels or shown & {label.name.casefold() for label in labels}:
        return False
    alias = next((a for a, table in read.items() if table.name == key.owner.name), "")
    if not alias:
        alias = key.owner.name
        on = exp.EQ(
            this=exp.column(key.column, key.alias), expression=exp.column(key.owner_key, key.owner.name)
        )
        table = exp.Table(this=exp.to_identifier(key.owner.name))
        tree.append("joins", exp.Join(this=table, on=on, side="LEFT"))
        _qualify(tree, key, read)
    named = [exp.column(label.name, alias) for label in labels]
    tree.expressions[key.place + 1 : key.place + 1] = named
    tree.set("expressions", tree.expressions)
    if tree.args.get("group") is not None:
        for column in named:
            tree.args["group"].append("expressions", column.copy())
    return True


def _qualify(tree: exp.Expr, key: _Key, read: dict[str, Table]) -> None:
    """Columns that the joined table has too are told apart from its own."""
    from sqlglot import exp

    for column in tree.find_all(exp.Column):
        mine = [alias for alias, table in read.items() if table.column(column.name)]
        if not column.table and len(mine) == 1 and key.owner.column(column.name) is not None:
            column.set("table", exp.to_identifier(mine[0]))


def labels_of(table: Table) -> list[Column]:
    """The columns that hold the names of its things; none if it has none."""
    columns = {column.name.casefold(): column for column in table.columns}
    for name in LABELS:
        if name in columns:
            return [columns[name]]
    for names in _PERSON:
        if all(name in columns for name in names):
            return [columns[name] for name in names]
    return []
