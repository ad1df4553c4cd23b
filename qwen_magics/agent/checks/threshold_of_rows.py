"""A number of the table's rows that a query takes for one of a column: makers with more than 20 cars, and
`WHERE cylinders > 20`. See `examples.whole.threshold_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.examples.whole.threshold_rows import row_threshold
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["threshold_of_rows"]


def threshold_of_rows(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    asked = " ".join(question.replace("@", "").split())
    found = [few for table in tables if (few := row_threshold(asked, table)) is not None]
    if len(found) != 1 or len(asked) > 400:
        return silent
    few = found[0]

    @once
    def check(code: str) -> QueryError | None:
        condition, whole = _counted(code, few.number, few.condition)
        if not whole:
            return None
        noun = few.said["noun"]
        message = f"{few.number} is a number of {noun}, and {condition} is about a column."
        return QueryError("number_of_rows", message, f"Count the rows of each group. Write: {whole}")

    return check


def _counted(code: str, number: str, condition: str) -> tuple[str, str]:
    """The condition of a column with that number, and the query that counts rows instead; else empty."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or not found[0].args.get("group"):
        return "", ""
    tree, dialect = found
    if tree.args.get("having") or tree.find(exp.Subquery):
        return "", ""
    kept: list[exp.Expr] = []
    wrong: list[exp.Expr] = []
    for node in conjuncts(tree):
        compared = isinstance(node, (exp.GT, exp.GTE, exp.LT, exp.LTE)) and isinstance(node.this, exp.Column)
        literal = compared and isinstance(node.expression, exp.Literal) and not node.expression.is_string
        same = literal and re.fullmatch(rf"{re.escape(number)}(?:\.0)?", node.expression.this) is not None
        (wrong if same else kept).append(node)
    if len(wrong) != 1:
        return "", ""
    told = written(wrong[0], dialect)
    tree.set("where", exp.Where(this=exp.and_(*(node.copy() for node in kept), wrap=False)) if kept else None)
    assert isinstance(tree, exp.Select)
    return told, written(tree.having(condition, dialect=dialect), dialect)
