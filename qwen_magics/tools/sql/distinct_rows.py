"""`COUNT(DISTINCT year, month, day)`, as MySQL has it: the number of different rows of several columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["counted_as_text", "counted_as_tuple"]

Types = Callable[["exp.Expr"], "Column | None"]


def counted_as_tuple(node: exp.Expr, columns: Types) -> bool:
    """DuckDB counts tuples: `COUNT(DISTINCT (year, month, day))`."""
    from sqlglot import exp

    several = _several(node, columns)
    if several is None:
        return False
    several.set("expressions", [exp.Tuple(expressions=list(several.expressions))])
    return True


def counted_as_text(node: exp.Expr, columns: Types) -> bool:
    """SQLite counts one value: `COUNT(DISTINCT year || ' ' || month)`."""
    from sqlglot import exp

    several = _several(node, columns)
    if several is None:
        return False
    whole, *others = several.expressions
    for other in others:
        apart = exp.DPipe(this=whole, expression=exp.Literal.string(" "))
        whole = exp.DPipe(this=apart, expression=other)
    several.set("expressions", [whole])
    return True


def _several(node: exp.Expr, columns: Types) -> exp.Distinct | None:
    """The columns that are counted together; with a missing value, MySQL leaves a row out."""
    from sqlglot import exp

    inner = node.this if isinstance(node, exp.Count) else None
    if not isinstance(inner, exp.Distinct) or len(inner.expressions) < 2:
        return None
    known = [columns(part) for part in inner.expressions]
    return inner if all(column is not None and not column.nulls for column in known) else None
