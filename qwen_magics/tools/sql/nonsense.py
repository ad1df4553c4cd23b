"""What a query computes that says nothing, whatever the data: a ratio that can only be 1, a mean of keys, or
what is divided by a key.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["divided_by_itself", "divided_by_key", "same_counts", "summed_key"]

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


def divided_by_key(sql: str, tables: Sequence[Table]) -> tuple[str, str]:
    """The key that the query divides by, one that joins lead by, and the query without that; else both empty.

    >>> divided_by_key("SELECT SUM(1.0 * amount / loan_id) FROM fines", library)
    ('loan_id', 'SELECT SUM(amount) FROM fines')
    """
    from sqlglot import exp

    tree = parsed(sql) if "/" in sql else None
    led_by = {name for table in tables for join in table.joins for name in (join.column, join.other_column)}
    ratios = list(tree.find_all(exp.Div)) if tree is not None else []
    keys = [ratio for ratio in ratios if _is_one_of(ratio.expression, led_by)]
    if tree is None or not keys:
        return "", ""
    for ratio in keys:
        above = [factor for factor in _factors(ratio.this.unnest()) if not _is_one(factor)]
        ratio.replace(above[0] if len(above) == 1 else ratio.this)
    return str(keys[0].expression.name), tree.sql(dialect="duckdb")


def same_counts(sql: str, tables: Sequence[Table]) -> tuple[str, str]:
    """Two counts of the same joined rows, one divided by the other, and the query that counts the lower thing
    once; both empty if there are none.

    >>> same_counts("SELECT 1.0 * COUNT(loans.loan_id) / COUNT(copies.copy_id) FROM loans JOIN …", library)[0]
    'COUNT(loans.loan_id) and COUNT(copies.copy_id)'
    """
    from sqlglot import exp

    tree = parsed(sql) if "/" in sql else None
    if tree is None or any(join.args.get("side") for join in tree.find_all(exp.Join)):
        return "", ""
    known = {column.name.casefold() for table in tables for column in table.columns if not column.nulls}
    known -= {column.name.casefold() for table in tables for column in table.columns if column.nulls}
    for ratio in tree.find_all(exp.Div):
        below = ratio.expression.unnest()
        above = [factor for factor in _factors(ratio.this.unnest()) if not _is_one(factor)]
        if len(above) != 1 or above[0] == below or not _is_joined(ratio):
            continue
        if all(_counts_key(node) and node.this.name.casefold() in known for node in (above[0], below)):
            said = f"{above[0].sql(dialect='duckdb')} and {below.sql(dialect='duckdb')}"
            below.set("this", exp.Distinct(expressions=[below.this.copy()]))
            return said, tree.sql(dialect="duckdb")
    return "", ""


def _is_one_of(node: exp.Expr, keys: Set[str]) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Column) and node.name in keys and _KEY.search(node.name) is not None


def _is_joined(node: exp.Expr) -> bool:
    from sqlglot import exp

    select = node.find_ancestor(exp.Select)
    return select is not None and bool(select.args.get("joins"))


def _counts_key(node: exp.Expr) -> bool:
    from sqlglot import exp

    return (
        isinstance(node, exp.Count)
        and isinstance(node.this, exp.Column)
        and bool(_KEY.search(node.this.name))
    )


def _is_one(factor: exp.Expr) -> bool:
    """Whether it only keeps what stands behind the point."""
    from sqlglot import exp

    return isinstance(factor, exp.Literal) and factor.this in ("1.0", "1.", "1")


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
