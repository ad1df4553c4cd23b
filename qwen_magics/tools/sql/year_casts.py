"""`CAST(day AS YEAR)`: a type that other systems have, and DuckDB has a function for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column, has_days

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["year_of_cast"]


def year_of_cast(node: exp.Expr, columns: Callable[[exp.Expr], Column | None]) -> bool:
    """Put `YEAR(day)` for `CAST(day AS YEAR)` of a column of days; whether it did.

    A month as a type may be its number or its first day: that is left alone.
    """
    from sqlglot import exp

    if not isinstance(node, exp.Cast | exp.TryCast) or str(node.to.args.get("kind")).upper() != "YEAR":
        return False
    column = columns(node.this)
    if column is None or not has_days(column):
        return False
    inner = node.this.copy()
    node.replace(exp.Year(this=exp.cast(inner, "TIMESTAMP") if column.dtype == "VARCHAR" else inner))
    return True
