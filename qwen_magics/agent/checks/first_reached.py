"""All rows from a limit on, where the first is asked for: "in which month did the running total first pass
50000?"

Told once, and only where the query filters a running figure by a number of the question and cuts nothing.
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

__all__ = ["first_reached"]

_PAST = (
    r"(?:exceed\w*|pass(?:es|ed)?|surpass\w*|reach(?:es|ed)?|cross(?:es|ed)?|top(?:s|ped)?|hits?|go(?:es)?"
    r"|went"
    r"|gets?|got|rise[sn]?|rose|climb\w*|fall\w*|fell|drop\w*)"
)
_ASKED = re.compile(
    rf"\b(?:(?:on|in|at|by|with) )?(?:which|what) (?!\w+s\b)\w+\b[^.?!]*\bfirst {_PAST}\b[^.?!]*\d"
    rf"|\b(?:(?:on|in|at|by|with) )?(?:which|what) (?!\w+s\b)\w+\b[^.?!]*\b{_PAST}\b[^.?!]*\d[^.?!]*\bfirst"
    rf" time\b"
    rf"|\bwhen\b[^.?!]*\bfirst {_PAST}\b[^.?!]*\d"
    rf"|\bthe first (?!\w+s\b)\w+ (?:in|on|at) which\b[^.?!]*\b{_PAST}\b[^.?!]*\d",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:each|every|per|respectively|both|all)\b|\bfirst (?:two|three|four|five|ten|\d)", re.IGNORECASE
)


def first_reached(question: str) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question."""
    if _ASKED.search(question) is None or _SEVERAL.search(question) is not None:
        return silent
    numbers = {number.replace(",", "") for number in re.findall(r"\d[\d,]*(?:\.\d+)?", question)}

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        query = editable(code) if len(result.frame) > 1 else None
        first = _first(query[0], numbers) if query is not None else None
        if query is None or first is None:
            return None
        message = f"The question asks for the first one, and the result has {len(result.frame)}."
        return QueryError("not_the_first", message, f"Write: {written(first, query[1])}")

    return check


def _first(tree: exp.Expr, numbers: set[str]) -> exp.Expr | None:
    """The query for the first of its rows; None where it is of another kind."""
    from sqlglot import exp

    if not isinstance(tree, exp.Select) or any(
        map(tree.args.get, ("order", "limit", "group", "distinct", "having"))
    ):
        return None
    where, source = tree.args.get("where"), tree.args.get("from_")
    inner = source.this.this if source is not None and isinstance(source.this, exp.Subquery) else None
    if where is None or not isinstance(inner, exp.Select) or tree.args.get("joins"):
        return None
    shown = {item.alias_or_name.casefold(): item for item in inner.expressions}
    compared = [
        node for node in where.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE) if node.expression.name in numbers
    ]
    windows = [
        item.find(exp.Window)
        for node in compared
        if isinstance(node.this, exp.Column) and (item := shown.get(node.this.name.casefold())) is not None
    ]
    if len(windows) != 1 or (window := windows[0]) is None or window.args.get("partition_by"):
        return None
    order = window.args.get("order")
    keys = [key.this for key in order.expressions] if order is not None else []
    outer = [next((name for name, item in shown.items() if item.unalias() == key), "") for key in keys]
    if not keys or not all(outer) or any(key.args.get("desc") for key in order.expressions):
        return None
    return tree.copy().order_by(*(shown[name].alias_or_name for name in outer)).limit(1)
