"""A query that names a column where it is not, and can only mean one thing: put right before anybody is told.

Small models mix up T1 and T2, leave out a join or a column of an inner SELECT, and repeat it when told. Such
slips are mended: `country_name` for `"Country Name"`; a column behind the alias of another table, where
one table of the query has it; a column that an inner SELECT reads and does not pass on, or passes on summed
up (`tools.sql.unused_aliases`); an alias that FROM does not define (`tools.sql.misnaming`); tables that are
not in FROM (`tools.sql.completing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.completing import completed
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.misnaming import renamed
from qwen_magics.tools.sql.names import plain_form
from qwen_magics.tools.sql.unused_aliases import by_alias

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["mended"]

_SEVERAL = ("distinct", "group")


def mended(sql: str, tables: Sequence[Table], dialect: Dialect, question: str = "") -> str:
    """The query that is meant; as it was where nothing is certain. It has to be bound like any other.

    Args:
        question: tells which of two keys is meant, if it names one.

    >>> mended("SELECT o.city FROM orders o JOIN customers c ON c.id = o.customer_id", shop, SQLITE)
    'SELECT c.city FROM orders o JOIN customers c ON c.id = o.customer_id'
    """
    import sqlglot

    for mend in (_respelled, _requalified, _by_alias, _passed_on):
        try:
            tree = sqlglot.parse_one(sql, read=dialect.name or None)
        except (sqlglot.errors.SqlglotError, RecursionError):
            return sql
        sql = mend(sql, tree, tables, dialect)
    return completed(renamed(sql, tables, dialect), tables, dialect, question)


def _respelled(sql: str, tree: exp.Expr, tables: Sequence[Table], dialect: Dialect) -> str:
    """Names that need quotes, where they were written as plain ones."""
    import sqlglot
    from sqlglot import TokenType, exp

    columns = {column.name for table in tables for column in table.columns}
    spelled: dict[str, set[str]] = {}
    for name in columns:
        spelled.setdefault(plain_form(name).casefold(), set()).add(name)
    folded = {name.casefold() for name in columns}
    used = {column.name.casefold() for column in tree.find_all(exp.Column)} - folded
    meant = {name: spelled[name] for name in used if len(spelled.get(name, ())) == 1}
    parts, end = [], 0
    for token in sqlglot.tokenize(sql, read=dialect.name or None) if meant else ():
        if token.token_type == TokenType.VAR and token.text.casefold() in meant:
            (name,) = meant[token.text.casefold()]
            parts += [sql[end : token.start], dialect.quote_name(name)]
            end = token.end + 1
    return "".join((*parts, sql[end:]))


def _requalified(sql: str, tree: exp.Expr, tables: Sequence[Table], dialect: Dialect) -> str:
    """Columns behind the alias of the one table of the query that has them."""
    from sqlglot import exp

    aliases = _aliases(tree.find_all(exp.Table), tables)
    for column in tree.find_all(exp.Column):
        here = aliases.get(column.table.casefold())
        if here is None or here[1].column(column.name):
            continue
        owners = [alias for alias, table in aliases.values() if table.column(column.name)]
        if len(owners) == 1 and not _is_compared(column, owners[0]):
            sql = _behind(owners[0], column.table, column.name, sql)
    return sql


def _is_compared(column: exp.Expr, owner: str) -> bool:
    """Whether the column stands in a comparison with the one that it would become: always true."""
    from sqlglot import exp

    other = column.parent.find_all(exp.Column) if isinstance(column.parent, exp.EQ) else ()
    return any(c is not column and c.name == column.name and c.table == owner for c in other)


def _behind(right: str, wrong: str, name: str, sql: str) -> str:
    column = rf"\.[\"`\[]?(?i:{re.escape(name)})(?!\w)"
    return re.sub(rf"(?<![\w.\"'`])(?i:{re.escape(wrong)})(?={column})", lambda _: right, sql)


def _by_alias(sql: str, tree: exp.Expr, tables: Sequence[Table], dialect: Dialect) -> str:
    return by_alias(sql, tree)


def _passed_on(sql: str, tree: exp.Expr, tables: Sequence[Table], dialect: Dialect) -> str:
    """The one inner SELECT of FROM passes on a column that it reads and the outer one uses."""
    from sqlglot import exp

    opened = list(re.finditer(r"(?i)\bfrom\s*\(\s*select\s+", sql))
    source = tree.args.get("from_")
    inner = source.this.this if source is not None and isinstance(source.this, exp.Subquery) else None
    if len(opened) != 1 or not isinstance(inner, exp.Select) or any(map(inner.args.get, _SEVERAL)):
        return sql
    known = _aliases(inner.find_all(exp.Table), tables)
    passed = {name.casefold() for name in inner.named_selects}
    for column in _own_columns(tree):
        owners = [table for _, table in known.values() if table.column(column.name)]
        if len(owners) == 1 and not passed & {column.name.casefold(), "*"}:
            end = opened[0].end()
            return f"{sql[:end]}{dialect.quote_name(column.name)}, {sql[end:]}"
    return sql


def _own_columns(select: exp.Expr) -> Iterator[exp.Column]:
    """The columns that a SELECT uses itself, not those of the SELECTs inside."""
    from sqlglot import exp

    return (column for column in select.find_all(exp.Column) if column.find_ancestor(exp.Select) is select)


def _aliases(read: Iterable[exp.Expr], tables: Sequence[Table]) -> dict[str, tuple[str, Table]]:
    """Aliases, folded, of the tables that are read; none where one alias stands for two tables."""
    known = {table.name.casefold(): table for table in tables}
    found: dict[str, tuple[str, Table]] = {}
    for node in read:
        table, alias = known.get(node.name.casefold()), node.alias_or_name
        if table is None or found.get(alias.casefold(), (alias, table))[1] is not table:
            return {}
        found[alias.casefold()] = (alias, table)
    return found
