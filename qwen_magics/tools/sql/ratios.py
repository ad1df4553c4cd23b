"""Ratios of a query that can only be 1, whatever the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["divided_by_itself"]


def divided_by_itself(sql: str) -> str:
    """The expression that the query divides by itself, as it writes it; empty if there is none.

    >>> divided_by_itself("SELECT 100.0 * SUM(price) / SUM(price) FROM sales")
    'SUM(price)'
    """
    if "/" not in sql:
        return ""
    import sqlglot
    from sqlglot import exp

    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError):
        return ""
    for ratio in tree.find_all(exp.Div):
        below = ratio.expression.unnest()
        if not isinstance(below, exp.Literal) and below in _factors(ratio.this.unnest()):
            return str(below.sql(dialect="duckdb"))
    return ""


def _factors(above: exp.Expr) -> list[exp.Expr]:
    from sqlglot import exp

    if isinstance(above, exp.Mul):
        return [*_factors(above.this.unnest()), *_factors(above.expression.unnest())]
    return [above]
