"""Shares of the rows that have a value, divided by COUNT of that same column: always the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["of_all_rows"]


def of_all_rows(code: str) -> str:
    """The query with COUNT(*) as what its rows with a value are divided by; empty if it does no such thing.

    >>> of_all_rows("SELECT SUM(CASE WHEN a IS NOT NULL THEN 1 ELSE 0 END) * 1.0 / COUNT(a) FROM t")
    'SELECT SUM(CASE WHEN NOT a IS NULL THEN 1 ELSE 0 END) * 1.0 / COUNT(*) FROM t'
    """
    from sqlglot import exp

    found = editable(code)
    if found is None:
        return ""
    tree, dialect = found
    changed = False
    for division in tree.find_all(exp.Div):
        for count in list(division.expression.find_all(exp.Count)):
            if isinstance(count.this, exp.Column) and _has_value(division.this, count.this):
                count.set("this", exp.Star())
                changed = True
    return written(tree, dialect) if changed else ""


def _has_value(part: exp.Expr, column: exp.Column) -> bool:
    """Whether what is divided counts the rows that have a value of the column."""
    from sqlglot import exp

    tests = (test for test in part.find_all(exp.Is) if isinstance(test.parent, exp.Not))
    known = any(test.this == column and isinstance(test.expression, exp.Null) for test in tests)
    return known or any(count.this == column for count in part.find_all(exp.Count))
