"""A single row where all were asked for and the question only says in which order: "Most frequent first."."""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.ordering_words import unordered
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

__all__ = ["unlimited"]

_ALL = re.compile(r"\b(each|every|per|by|all|list|break\w*)\b", re.IGNORECASE)
# Words after which one row, or a few, may be meant all the same.
_SOME = re.compile(
    r"\b(most|least|best|worst|top|bottom|first|last|latest|newest|only|one|single|max\w*|min\w*|which|who|whose"
    r"|\w{3,}est|(?:the|any|some|just) (?:two|three|four|five|six|seven|eight|nine|ten|\d+))\b|\blimit",
    re.IGNORECASE,
)


def unlimited(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question, which speaks once: an order does not choose among the rows."""
    asked = " ".join(question.split())
    rest = unordered(asked)
    if rest == asked or _ALL.search(rest) is None or _SOME.search(rest) is not None:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        found = editable(code)
        if found is None:
            return None
        tree, dialect = found
        limit = tree.args.get("limit")
        if limit is None or limit.expression is None or limit.expression.name != "1":
            return None
        whole = tree.copy()
        whole.set("limit", None)
        message = "All rows are asked for in an order, not the first one alone."
        return QueryError("one_of_all", message, f"Write: {written(whole, dialect)}")

    return check
