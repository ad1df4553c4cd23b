"""Parts of dates as SQLite gives them, compared with what was computed: text is never a number there.

`birth_year + 60 <= STRFTIME('%Y', joined)` holds for every row, as any number comes before any text. A plain
column of numbers turns the text into one by itself, an expression does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["part_as_number"]

Types = Callable[["exp.Expr"], "Column | None"]

_NUMBERS = frozenset(["%Y", "%m", "%d", "%H", "%M", "%S", "%j", "%W", "%w"])


def part_as_number(node: exp.Expr, columns: Types) -> bool:
    """`born + 60 <= STRFTIME('%Y', joined)` → `… <= CAST(STRFTIME('%Y', joined) AS INTEGER)`."""
    from sqlglot import exp

    if not isinstance(node, (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)):
        return False
    computed = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)
    for side, other in ((node.this, node.expression), (node.expression, node.this)):
        if isinstance(other.unnest(), computed) and _is_part(side):
            side.replace(exp.cast(side.copy(), "INTEGER"))
            return True
    return False


def _is_part(node: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.TimeToStr) and node.text("format") in _NUMBERS
