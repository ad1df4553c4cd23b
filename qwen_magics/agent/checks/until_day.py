"""On a day, where the question says by, until, since or after it: `returned = '2022-12-31'` for "returned by
December 31, 2022".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.on_a_day import ON_A_DAY, day_said
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["until_day"]

# What stands before a day → how it is compared, the widest first.
_WORDS = (
    (r"no later than|not later than|on or before|up to and including|by|until|till", "<="),
    (r"no earlier than|not before|on or after|since|from", ">="),
    (r"before|prior to|earlier than", "<"),
    (r"after|later than", ">"),
)
_TWO = re.compile(r"\b(?:between|through|not yet|or not|still)\b", re.IGNORECASE)


def until_day(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    day, sign = day_said(question), _sign(question)
    if day is None or not sign or _TWO.search(question):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _compared(code, f"{day}", sign)
        if not whole:
            return None
        message = f"The question says {_said(sign)} {day}, and the query takes that day alone."
        return QueryError("until_day", message, f"Write: {whole}")

    return check


def _sign(question: str) -> str:
    """How the one day of a question is compared; empty where that is not certain."""
    if len(re.findall(ON_A_DAY, question, re.IGNORECASE)) != 1:
        return ""
    for words, sign in _WORDS:
        if re.search(rf"\b(?:{words}) (?:the )?{ON_A_DAY}", question, re.IGNORECASE):
            return sign
    return ""


def _said(sign: str) -> str:
    return {"<=": "until", ">=": "since", "<": "before", ">": "after"}[sign]


def _compared(code: str, day: str, sign: str) -> str:
    """The query with the comparison for the one column that is equal to the day."""
    from sqlglot import exp

    found = editable(code)
    if found is None or code.count(day) != 1:
        return ""
    tree, reader = found
    equal = [e for e in tree.find_all(exp.EQ) if isinstance(e.this, exp.Column) and _day(e) == day]
    if len(equal) != 1:
        return ""
    kinds = {"<=": exp.LTE, ">=": exp.GTE, "<": exp.LT, ">": exp.GT}
    (one,) = equal
    one.replace(kinds[sign](this=one.this.copy(), expression=one.expression.copy()))
    return written(tree, reader)


def _day(equal: exp.Expr) -> str:
    from sqlglot import exp

    value = equal.expression
    while isinstance(value, (exp.Cast, exp.Paren)):
        value = value.this
    return value.name if isinstance(value, exp.Literal) and value.is_string else ""
