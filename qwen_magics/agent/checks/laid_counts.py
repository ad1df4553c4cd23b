"""A list where a number for each is asked for: "how many flights did the airlines run? One row for each", and
the same row again where each is to be listed once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.result import QueryResult

__all__ = ["counted_rows", "listed_once"]

_HOW_MANY = re.compile(
    r"\bhow many (?!different|distinct|unique|of\b|times\b|days\b|hours\b|minutes\b)", re.I
)
_EACH = re.compile(
    r"\b(?:one|a|single) (?:row|line) (?:for|per)\b|\bfor each\b|\bfor every\b|\bper \w+", re.IGNORECASE
)
_ONCE = re.compile(
    r"\b(?:list|show|give|name|write|print)\b[^.;?]{0,60}\b(?:each|every)\b[^.;?]{0,60}(?<!at least )"
    r"(?<!more than )\bonce\b(?! (?:a|an|per|every|each|more|again)\b)",
    re.IGNORECASE,
)


def counted_rows(question: str) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question; it speaks once."""
    if len(_HOW_MANY.findall(question)) != 1 or not _EACH.search(question):
        return silent

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        from sqlglot import exp

        frame = result.frame
        if len(frame) < 2 or any(kind.kind in "iufcb" for kind in frame.dtypes):
            return None
        found = _plain(code)
        if found is None or not frame.astype(str).duplicated().any():
            return None
        tree, dialect = found
        keys = [item.unalias().copy() for item in tree.expressions]
        tree.append("expressions", exp.Count(this=exp.Star()))
        meant = written(tree.group_by(*keys, copy=False), dialect)
        return QueryError(
            "no_count", "The question asks how many, and nothing is counted.", f"Write: {meant}"
        )

    return check


def listed_once(question: str) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question; it speaks once."""
    if _ONCE.search(question) is None:
        return silent

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        from sqlglot import exp

        found = _plain(code)
        if found is None or not result.frame.astype(str).duplicated().any():
            return None
        tree, dialect = found
        tree.set("distinct", exp.Distinct())
        message = "Each is to be listed once, and rows are there several times."
        return QueryError("not_once", message, f"Write: {written(tree, dialect)}")

    return check


def _plain(code: str) -> tuple[exp.Select, str] | None:
    """A query of columns alone: no aggregate, groups, window, DISTINCT or LIMIT."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return None
    tree, dialect = found
    assert isinstance(tree, exp.Select)
    if tree.args.get("distinct") or tree.args.get("limit"):
        return None
    return None if tree.find(exp.Group, exp.AggFunc, exp.Window, exp.Star) else (tree, dialect)
