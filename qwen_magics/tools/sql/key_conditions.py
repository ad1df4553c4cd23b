"""Keys between tables as nodes of a query, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from qwen_magics.tools.key_paths import Step
from qwen_magics.tools.schema import Join, Table

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["key_between", "key_condition"]


def key_condition(join: Join, names: Mapping[str, str]) -> exp.Expr:
    """The key as a condition.

    Args:
        names: what the query calls a table, where it is not its own name.
    """
    from sqlglot import exp

    pairs = ((join.column, join.other_column), *join.more)
    left, right = names.get(join.table, join.table), names.get(join.other, join.other)
    return exp.and_(*(exp.EQ(this=exp.column(a, left), expression=exp.column(b, right)) for a, b in pairs))


def key_between(table: Table, column: str, other: Table, other_column: str) -> Step | None:
    """The key that two columns are, gone along from `table`; None if they are none, or a part of one."""
    there, back = (table, column, other, other_column), (other, other_column, table, column)
    for up, (one, own, two, far) in ((True, there), (False, back)):
        for join in one.joins:
            pair = (join.column.casefold(), join.other, join.other_column.casefold())
            if not join.more and pair == (own.casefold(), two.name, far.casefold()):
                return Step(join, up)
    return None
