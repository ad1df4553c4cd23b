"""A table whose rows and columns are told by the same column: all cells but one of each row are empty.

A small model that is told to lay a column out across groups by that column too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["diagonal"]


def diagonal(code: str) -> QueryError | None:
    """What is wrong with such a query; None for any other program."""
    from sqlglot import exp

    if "CASE" not in code.upper() or "GROUP BY" not in " ".join(code.upper().split()):
        return None
    tree = parsed(code, DUCKDB)
    group = tree.args.get("group") if isinstance(tree, exp.Select) else None
    keys = group.expressions if group is not None else []
    if tree is None or len(keys) != 1 or not isinstance(keys[0], exp.Column):
        return None
    told = [column for item in tree.expressions if (column := _told_by(item)) is not None]
    if len(told) < 2 or any(column.name != keys[0].name for column in told):
        return None
    if any(column.table and keys[0].table and column.table != keys[0].table for column in told):
        return None
    message = f"The rows and the columns are both told by {keys[0].name}."
    hint = f"Group by what goes down, not by {keys[0].name}; join the table that has it, if need be."
    return QueryError("diagonal", message, hint)


def _told_by(item: exp.Expr) -> exp.Column | None:
    """The column whose one value an aggregate of CASE is limited to: `SUM(CASE WHEN a = 'b' THEN 1 END)`."""
    from sqlglot import exp

    cases = list(item.find_all(exp.Case)) if item.find(exp.AggFunc) is not None else []
    ifs = cases[0].args.get("ifs") or [] if len(cases) == 1 and not cases[0].args.get("this") else []
    equal = ifs[0].this if len(ifs) == 1 else None
    if not isinstance(equal, exp.EQ) or not isinstance(equal.expression, exp.Literal):
        return None
    return equal.this if isinstance(equal.this, exp.Column) else None
