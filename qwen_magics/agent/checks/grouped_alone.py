"""One value of the column that is grouped by: "Do more leave from Rome? Give the number per city" asks for
every city, and a condition on one leaves a single row.
"""

from __future__ import annotations

from collections.abc import Callable

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.groups_said import groups_said
from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

__all__ = ["grouped_alone"]


def grouped_alone(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    groups = groups_said(question)
    if not groups:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _of_all(code, groups)
        if not whole:
            return None
        message = "The question asks for each group, and a condition leaves one of them."
        return QueryError("grouped_alone", message, f"Write: {whole}")

    return check


def _of_all(code: str, groups: list[list[str]]) -> str:
    """The query without the condition on what it groups by; empty where there is none."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or found[0].args.get("group") is None:
        return ""
    tree, reader = found
    keys = {
        key.name.casefold()
        for key in tree.args["group"].expressions
        if isinstance(key, exp.Column) and words_of(key.name) in groups
    }
    parts = conjuncts(tree)
    alone = [part for part in parts if _is_one(part.unnest()) and part.unnest().this.name.casefold() in keys]
    if len(alone) != 1:
        return ""
    others = [part for part in parts if part is not alone[0]]
    tree.set("where", exp.Where(this=exp.and_(*others, copy=False)) if others else None)
    return written(tree, reader)


def _is_one(part: object) -> bool:
    from sqlglot import exp

    if not isinstance(part, exp.EQ) or not isinstance(part.this, exp.Column):
        return False
    return isinstance(part.expression, exp.Literal) and part.expression.is_string
