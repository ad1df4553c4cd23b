"""What a query computes that says nothing, whatever the data: a ratio that can only be 1, a mean of keys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["divided_by_itself", "summed_key"]

_KEY = re.compile(r"(^|_)(id|Id|ID)$|(?<=[a-z])(Id|ID)$")


def divided_by_itself(sql: str) -> str:
    """The expression that the query divides by itself, as it writes it; empty if there is none.

    >>> divided_by_itself("SELECT 100.0 * SUM(price) / SUM(price) FROM sales")
    'SUM(price)'
    """
    tree = parsed(sql) if "/" in sql else None
    if tree is None:
        return ""
    from sqlglot import exp

    for ratio in tree.find_all(exp.Div):
        below = ratio.expression.unnest()
        if not isinstance(below, exp.Literal) and below in _factors(ratio.this.unnest()):
            return str(below.sql(dialect="duckdb"))
    return ""


def summed_key(sql: str, tables: Sequence[Table]) -> str:
    """The key whose values the query adds up or takes the mean of; empty if there is none.

    A key is what joins lead by, or what is called an id.

    >>> summed_key("SELECT AVG(member_id) FROM members", [members])
    'member_id'
    """
    tree = parsed(sql)
    if tree is None:
        return ""
    from sqlglot import exp

    keys = {column.name.casefold() for table in tables for column in table.columns if _is_key(column, tables)}
    for mean in tree.find_all(exp.Avg, exp.Sum, exp.Median, exp.Stddev):
        column = mean.this
        if isinstance(column, exp.Column) and column.name.casefold() in keys:
            return str(column.name)
    return ""


def _is_key(column: Column, tables: Sequence[Table]) -> bool:
    if _KEY.search(column.name):
        return True
    joins = [join for table in tables for join in table.joins]
    return any(column.name == name for join in joins for name in (join.column, join.other_column))


def _factors(above: exp.Expr) -> list[exp.Expr]:
    from sqlglot import exp

    if isinstance(above, exp.Mul):
        return [*_factors(above.this.unnest()), *_factors(above.expression.unnest())]
    return [above]
