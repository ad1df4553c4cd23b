"""Rows that read alike: one thing listed twice, or several things of the same name?

A list of names may well have two Adas. The table that the names are of has a key, and by it the things
behind the rows are counted. Only names and titles are judged: a member is not their city.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["Listed", "listed"]

Query = Callable[[str], list[tuple[Any, ...]]]

_LABELS = ("name", "title")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a query lists.

    Attributes:
        rows: of its result.
        things: different rows of the one table whose columns it shows.
        group: what to group by for one row of each, as the query's dialect writes it.
    """

    rows: int
    things: int
    group: str


def listed(sql: str, tables: Sequence[Table], dialect: Dialect, query: Query) -> Listed | None:
    """The things that a query lists by name; None where that cannot be told.

    Args:
        sql: one SELECT that runs.
        query: runs SQL of ours on the same tables.
    """
    from sqlglot import exp

    tree = parsed(sql, dialect)  # of what has none, the database's own parser knows more
    if not isinstance(tree, exp.Select) or any(
        tree.args.get(part) for part in ("distinct", "group", "with_")
    ):
        return None
    shown = [item.unalias() for item in tree.expressions]
    found = _of_one_table(shown, tree, tables)
    key = _key(found[1]) if found is not None else None
    if found is None or key is None or not any(map(_is_label, shown)):
        return None
    column = exp.column(exp.to_identifier(key.name, quoted=True), table=exp.to_identifier(found[0]))
    counts = _counts(tree, column, dialect)
    (rows, things), *_ = query(counts)
    names = dict.fromkeys(part.sql(dialect=dialect.name) for part in (column, *shown))
    return Listed(int(rows), int(things), ", ".join(names))


def _of_one_table(
    shown: Sequence[exp.Expr], tree: exp.Select, tables: Sequence[Table]
) -> tuple[str, Table] | None:
    """The table of all these columns, and what the query calls it."""
    from sqlglot import exp

    sources = [tree.args.get("from_"), *(tree.args.get("joins") or ())]
    named = [source.this for source in sources if source is not None]
    known = {table.name.casefold(): table for table in tables}
    if not all(isinstance(node, exp.Table) and node.name.casefold() in known for node in named):
        return None
    aliases = {node.alias_or_name: known[node.name.casefold()] for node in named}
    owners = {_owner(column, aliases) for column in shown}
    name = owners.pop() if len(owners) == 1 else None
    return (name, aliases[name]) if name is not None else None


def _owner(column: exp.Expr, aliases: dict[str, Table]) -> str | None:
    from sqlglot import exp

    if not isinstance(column, exp.Column):
        return None
    with_it = [alias for alias, table in aliases.items() if table.column(column.name)]
    if column.table:
        with_it = [alias for alias in with_it if alias.casefold() == column.table.casefold()]
    return with_it[0] if len(with_it) == 1 else None


def _key(table: Table) -> Column | None:
    """Its primary key of one column, or a column that is one in effect."""
    own = [column for column in table.columns if column.note.startswith("primary key")]
    if own:
        return own[0] if len(own) == 1 else None
    return next((column for column in table.columns if column.unique and not column.nulls), None)


def _is_label(column: exp.Expr) -> bool:
    return column.name.casefold().endswith(_LABELS)


def _counts(tree: exp.Select, key: exp.Expr, dialect: Dialect) -> str:
    """SQL of the number of rows and of different keys."""
    inner = tree.copy()
    inner.set("expressions", [key.copy().as_("listed_key")])
    if not inner.args.get("limit"):
        inner.set("order", None)  # it may go by a name that is gone
    text = inner.sql(dialect=dialect.name or None)
    return f"SELECT COUNT(*), COUNT(DISTINCT listed_key) FROM ({text}) AS listed"
