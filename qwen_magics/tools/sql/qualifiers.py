"""A column behind the alias of the wrong table, where only one table of the query has it: put right.

Small models mix up T1 and T2, and repeat it when told. What they mean is certain all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import Dialect

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["requalified"]


def requalified(sql: str, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with such columns behind the right alias; as it was where nothing is certain.

    >>> requalified("SELECT o.city FROM orders o JOIN customers c ON c.id = o.customer_id", shop, SQLITE)
    'SELECT c.city FROM orders o JOIN customers c ON c.id = o.customer_id'
    """
    import sqlglot
    from sqlglot import exp

    try:
        tree = sqlglot.parse_one(sql, read=dialect.name or None)
    except (sqlglot.errors.SqlglotError, RecursionError):
        return sql
    aliases = _aliases(tree, tables)
    for column in tree.find_all(exp.Column):
        here = aliases.get(column.table.casefold())
        if here is None or here[1].column(column.name):
            continue
        owners = [alias for alias, table in aliases.values() if table.column(column.name)]
        if len(owners) == 1:
            sql = _behind(owners[0], column.table, column.name, sql)
    return sql


def _behind(right: str, wrong: str, name: str, sql: str) -> str:
    column = rf"\.[\"`\[]?(?i:{re.escape(name)})(?!\w)"
    return re.sub(rf"(?<![\w.\"'`])(?i:{re.escape(wrong)})(?={column})", lambda _: right, sql)


def _aliases(tree: exp.Expr, tables: Sequence[Table]) -> dict[str, tuple[str, Table]]:
    """Aliases, folded, of tables that stand in FROM; none where one alias stands for two tables."""
    from sqlglot import exp

    known = {table.name.casefold(): table for table in tables}
    found: dict[str, tuple[str, Table]] = {}
    for node in tree.find_all(exp.Table):
        table, alias = known.get(node.name.casefold()), node.alias_or_name
        if table is None or found.get(alias.casefold(), (alias, table))[1] is not table:
            return {}
        found[alias.casefold()] = (alias, table)
    return found
