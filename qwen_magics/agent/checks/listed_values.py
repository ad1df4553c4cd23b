"""How many are new, good, worn and damaged: one number for each of them, and not one of all."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["listed_values"]

_LISTED = re.compile(r"^\W*how many\b[^.?!]*\w, \w+,? and \w", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(together|altogether|in total|overall|in all|combined|between|all of)\b", re.IGNORECASE
)
_LEAST = 3


def listed_values(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    listed = _LISTED.search(question) is not None and not _TOGETHER.search(question)
    told: list[str] = []

    def check(code: str) -> QueryError | None:
        whole = _apart(code, question.casefold()) if listed and not told else ""
        if not whole:
            return None
        told.append(whole)
        message = "The values that the question lists are counted together."
        return QueryError("counted_together", message, f"Each of them: {whole}")

    return check


def _apart(code: str, question: str) -> str:
    """A count over values that all stand in the question, as one for each of them."""
    from sqlglot import exp

    found = editable(code)
    tree = found[0] if found is not None else None
    if not isinstance(tree, exp.Select) or tree.args.get("group") or len(tree.expressions) != 1:
        return ""
    if not isinstance(tree.expressions[0].unalias(), exp.Count):
        return ""
    lists = [c.unnest() for c in conjuncts(tree) if isinstance(c.unnest(), exp.In)]
    if len(lists) != 1 or not isinstance(lists[0].this, exp.Column) or not _is_said(lists[0], question):
        return ""
    column = lists[0].this
    tree.set("expressions", [column.copy(), *tree.expressions])
    tree.set("group", exp.Group(expressions=[column.copy()]))
    return written(tree, found[1]) if found is not None else ""


def _is_said(condition: exp.Expr, question: str) -> bool:
    from sqlglot import exp

    values = condition.expressions
    texts = all(isinstance(value, exp.Literal) and value.is_string for value in values)
    return len(values) >= _LEAST and texts and all(v.name.casefold() in question for v in values)
