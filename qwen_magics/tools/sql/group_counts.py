"""A number of groups, where a query counts within each of them.

"How many members have at least five loans?" becomes `SELECT COUNT(DISTINCT member_id) … GROUP BY member_id
HAVING …`: a column of ones, a row for each member. Such a count over such groups can mean nothing else than
the number of groups; a count of rows means it where the groups are the things that are asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["groups_counted"]

# What asks for an order or a part of the groups may want their rows.
_OTHER = ("order", "limit", "offset", "distinct", "qualify", "with_")


def groups_counted(sql: str, dialect: Dialect, is_asked: Callable[[exp.Expr], bool]) -> str:
    """The query of the number of groups; as it was where it may mean something else.

    Args:
        is_asked: whether the question asks how many there are of what this column is a key or a name of.

    >>> groups_counted("SELECT COUNT(DISTINCT a) FROM t GROUP BY a HAVING COUNT(*) > 4", DUCKDB, …)
    'SELECT COUNT(s.a) FROM (SELECT a FROM t GROUP BY a HAVING COUNT(*) > 4) AS s'
    """
    from sqlglot import exp

    tree = parsed(sql, dialect) if "HAVING" in sql.upper() else None
    if not isinstance(tree, exp.Select) or any(map(tree.args.get, _OTHER)) or not tree.args.get("having"):
        return sql
    group, shown = tree.args.get("group"), [item.unalias() for item in tree.expressions]
    keys = list(group.expressions) if group is not None else []
    if len(shown) != 1 or not keys or not all(isinstance(key, exp.Column) for key in keys):
        return sql
    key = next((key for key in keys if _is_count_of(shown[0], key)), None)
    if key is None and len(keys) == 1 and is_asked(keys[0]):
        # A count of rows, or the things themselves where their number is asked for.
        key = keys[0] if isinstance(shown[0], exp.Count) or shown[0] == keys[0] else None
    return sql if key is None else _number_of(tree, key).sql(dialect=dialect.name or None)


def _is_count_of(node: exp.Expr, key: exp.Expr) -> bool:
    """`COUNT(DISTINCT key)`: one in each group of that key."""
    from sqlglot import exp

    distinct = node.this if isinstance(node, exp.Count) else None
    return isinstance(distinct, exp.Distinct) and distinct.expressions == [key]


def _number_of(tree: exp.Select, key: exp.Expr) -> exp.Expr:
    from sqlglot import exp

    inner = tree.copy()
    inner.set("expressions", [key.copy()])
    # Not all rows: those without a key are a group as well, and no thing.
    column: exp.Expr = exp.column(key.this.copy(), table="s")
    if len(tree.args["group"].expressions) > 1:
        column = exp.Distinct(expressions=[column])
    return exp.select(exp.Count(this=column)).from_(inner.subquery("s"))
