"""The tree of a query, where there is one to be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["parsed"]


def parsed(sql: str, dialect: Dialect = DUCKDB) -> exp.Expr | None:
    """The syntax tree; None of what is none of the dialect, or is too deep: that is left alone."""
    import sqlglot

    try:
        return sqlglot.parse_one(sql, read=dialect.name or None)
    except (sqlglot.errors.SqlglotError, RecursionError):
        return None
