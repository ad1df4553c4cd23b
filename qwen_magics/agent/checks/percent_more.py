"""By what percentage one figure is above another, where a query divides the one by the other and stops there:
172 for 72 percent more. See `examples.whole.percent_apart`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.examples.whole.percent_apart import PERCENT_APART
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

__all__ = ["percent_more"]


def percent_more(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    found = PERCENT_APART.search(question)
    if found is None or not re.search(r"(?i)\b(?:than|above|below|exceed\w*)\b", question):
        return silent
    low = any(found.group(name) for name in ("low", "low2", "low3"))

    @once
    def check(code: str) -> QueryError | None:
        whole = _less_one(code, low)
        if not whole:
            return None
        which = "lower" if low else "higher"
        message = f"This is what percentage the one is of the other, not by how much it is {which}."
        return QueryError("percent_of", message, f"Write: {whole}")

    return check


def _less_one(code: str, low: bool) -> str:
    """The query with the whole taken off its one ratio; empty where there is none, or a difference."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or found[0].find(exp.Sub, exp.Neg):
        return ""
    tree, dialect = found
    places = [at for at, item in enumerate(tree.expressions) if _is_ratio(item)]
    if len(places) != 1:
        return ""
    item = tree.expressions[places[0]]
    ratio = item.unalias()
    text = ratio.sql()
    hundred = any(literal.this in ("100", "100.0") for literal in ratio.find_all(exp.Literal))
    whole = text if hundred else f"100.0 * {text}"
    changed = f"100 - {whole}" if low else f"{whole} - 100"
    from sqlglot import parse_one

    node: exp.Expr = parse_one(changed)
    if item.alias:
        node = exp.alias_(node, item.alias)
    items = [node if at == places[0] else one.copy() for at, one in enumerate(tree.expressions)]
    tree.set("expressions", items)
    return written(tree, dialect)


def _is_ratio(item: object) -> bool:
    """Whether it is two aggregates divided, perhaps times a hundred: no share of a part in its whole."""
    from sqlglot import exp

    assert isinstance(item, exp.Expression)
    found = list(item.find_all(exp.Div))
    whole = item.unalias().unnest()
    if not found or not isinstance(whole, (exp.Div, exp.Mul)) or item.find(exp.AggFunc) is None:
        return False
    below = found[0].expression.unnest()
    return not isinstance(below, exp.Count) and below.find(exp.AggFunc, exp.Subquery) is not None
