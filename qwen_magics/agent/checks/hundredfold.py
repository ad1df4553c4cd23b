"""A factor that comes as a percentage: "by what factor" answered with 815 where 8.15 is meant."""

from __future__ import annotations

import re

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

__all__ = ["hundredfold"]

_FACTOR = re.compile(r"\bby (?:what|which) (?:factor|multiple)\b", re.IGNORECASE)
_PERCENT = re.compile(r"\bper ?cent|%", re.IGNORECASE)


def hundredfold(question: str, code: str) -> QueryError | None:
    """What is wrong with a query that multiplies a factor by a hundred, with the one that does not."""
    if not _FACTOR.search(question) or _PERCENT.search(question) or "100" in question:
        return None
    found = editable(code) if re.search(r"\b100(?:\.0+)?\b", code) else None
    if found is None:
        return None
    from sqlglot import exp

    tree, dialect = found
    divisions = [item for item in tree.find_all(exp.Mul) if item.find(exp.Div) or item.find_ancestor(exp.Div)]
    for product in divisions:
        for side, other in ((product.this, product.expression), (product.expression, product.this)):
            if isinstance(side, exp.Literal) and side.this in ("100", "100.0"):
                # As a fraction all the same where whole numbers are divided.
                kept = exp.Mul(this=exp.Literal.number("1.0"), expression=other.copy())
                product.replace(kept if side is product.this else other.copy())
                message = "The question asks for a factor, and the query gives percent."
                return QueryError("in_percent", message, f"Write: {written(tree, dialect)}")
    return None
