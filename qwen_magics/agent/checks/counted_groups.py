"""Groups that a condition chooses, listed where the question asks how many they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.result import QueryResult

__all__ = ["counted_groups"]

_HOW_MANY = re.compile(r"^\W*(?:(?:on|in|for|of|at) )?how many\b", re.IGNORECASE)
# A number for each of something, or what they are.
_SEVERAL = re.compile(
    r"\b(?:each|every|per|respectively|list|names?|which|for all|broken down|and how)\b", re.IGNORECASE
)
_BY = re.compile(r"\bby ((?:\w+\W+){1,4})", re.IGNORECASE)


def counted_groups(question: str) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question, which speaks once."""
    if _HOW_MANY.search(question) is None or _SEVERAL.search(question) is not None:
        return silent
    behind = [words_of(found) for found in _BY.findall(f"{question} ")]

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        query = editable(code) if len(result.frame) > 1 else None
        if query is None or not _chooses_groups(query[0], behind):
            return None
        query[0].set("order", None)
        message = f"The question asks how many, and the result lists {len(result.frame)} of them."
        return QueryError("not_a_number", message, f"Write: SELECT COUNT(*) FROM ({written(*query)}) AS s")

    return check


def _chooses_groups(tree: exp.Expr, behind: list[list[str]]) -> bool:
    """Whether HAVING chooses the groups, and the question does not say by what they are told."""
    from sqlglot import exp

    group = tree.args.get("group")
    if (
        not isinstance(tree, exp.Select)
        or group is None
        or not tree.args.get("having")
        or tree.args.get("limit")
    ):
        return False
    keys = {part for key in group.find_all(exp.Column) for part in words_of(key.name)}
    return not any(alike(key, word) for words in behind for word in words for key in keys)
