"""The tree of a query, where there is one to be had, and the query with its SELECTs changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["parsed", "with_selects"]


def parsed(sql: str, dialect: Dialect = DUCKDB) -> exp.Expr | None:
    """The syntax tree; None of what is none of the dialect, or is too deep: that is left alone."""
    import sqlglot

    try:
        return sqlglot.parse_one(sql, read=dialect.name or None)
    except (sqlglot.errors.SqlglotError, RecursionError):
        return None


def with_selects(sql: str, dialect: Dialect, change: Callable[[exp.Select], bool]) -> str:
    """The query after `change` of each of its SELECTs; as it was, to the letter, if none was changed.

    Args:
        change: tells whether it changed the SELECT.
    """
    from sqlglot import exp

    tree = parsed(sql, dialect)
    if tree is None:
        return sql
    changed = [change(select) for select in tree.find_all(exp.Select)]
    return tree.sql(dialect=dialect.name or None) if any(changed) else sql
