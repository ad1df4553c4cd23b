"""How many there are, and how many of those are so: a small model counts the part alone.

Where a query has the number under a condition and no other, the number of all rows is put before it.
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

__all__ = ["whole_and_part"]

_BOTH = re.compile(
    r"\b(?:how many|number of)\b[^.?!]{3,120}?(?:,|\band\b)[^.?!]{0,20}?\b(?:how many|the number) of (?:these"
    r"|those|them)\b",
    re.IGNORECASE,
)
_READ = 600


def whole_and_part(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    if not _BOTH.search(question[:_READ]):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _with_all(code)
        if not whole:
            return None
        return QueryError("whole_missing", "The result has the part, not how many there are in all.", whole)

    return check


def _with_all(code: str) -> str:
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return ""
    tree, dialect = found
    parts = [item for item in tree.expressions if _is_part(item.unalias())]
    counts = list(tree.find_all(exp.Count))
    outer = any(join.side for join in tree.args.get("joins") or ())
    # Rows that were added for what has none are not to be counted.
    if (
        len(parts) != 1
        or outer
        or tree.find(exp.Subquery)
        or any(not count.find(exp.Case) for count in counts)
    ):
        return ""
    if any(item.find(exp.AggFunc) for item in tree.expressions if item is not parts[0]):
        return ""
    shown = list(tree.expressions)
    shown.insert(shown.index(parts[0]), exp.alias_(exp.Count(this=exp.Star()), "number"))
    tree.set("expressions", shown)
    return f"Write: {written(tree, dialect)}"


def _is_part(item: exp.Expr) -> bool:
    """`SUM(x = 'y')`, `SUM(CASE …)`, `COUNT(CASE …)`."""
    from sqlglot import exp

    if not isinstance(item, exp.Sum | exp.Count) or item.this is None:
        return False
    return isinstance(item.this, exp.Case | exp.Predicate)
