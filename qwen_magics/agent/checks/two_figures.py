"""A number and a sum are asked for, and only one of them is computed: "how many, and what do they add up to?"

Where a query adds up one column and counts nothing, its number of rows is what is missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["two_figures"]

_MONEY = (
    r"(?:euros?|dollars?|pounds?|francs?|yen|cents|eur|usd|gbp|chf|kg|tons?|tonnes?|lit(?:er|re)s?|hours)"
)
_MANY = rf"(?:\bhow many\b(?! {_MONEY}\b)(?! (?:more|fewer|less|times)\b)|\b(?:the|their) number of\b)"
_MUCH = (
    rf"(?:\bhow many {_MONEY}\b|\bhow much\b|\b(?:add|sum|total|come|amount)s? (?:up )?to\b"
    r"|\b(?:their|the|what|its) (?:(?:total|overall|combined) (?:amount|value|price|sum|cost|worth|weight)"
    r"|sum|(?:average|mean|median) \w+)\b|\bin total\b|\bwhat(?: are| is|'s| were| was)? (?:they|it) worth\b)"
)
_BOTH = re.compile(rf"{_MANY}[^.?!]*(?:,|\band\b|&)[^.?!]*?{_MUCH}", re.IGNORECASE)
_BOTH_BACK = re.compile(rf"{_MUCH}[^.?!]*(?:,|\band\b|&)[^.?!]*?{_MANY}", re.IGNORECASE)
# The patterns look far ahead: what nobody would read to the end, neither do they.
_READ = 800
# "How many are there, and how many seats have they on average?"
_AND_MEAN = re.compile(
    r"\bhow many (?:\w+ ){0,3}?(?:are|were) there\b[^.?!]{0,40}?(?:,|\band\b|&) ?(?:and )?"
    r"(?:how (?:many|much|long|old|large|heavy|high)\b[^.?!]*\bon average\b"
    r"|(?:what is |what are )?(?:the|their) (?:average|mean|median) \w+)",
    re.IGNORECASE,
)


def two_figures(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    read = question[:_READ]
    both = _BOTH.search(read) or _BOTH_BACK.search(read) or _AND_MEAN.search(read)
    told: list[str] = []

    def check(code: str) -> QueryError | None:
        whole = _counted(code) if both and not told else ""
        if not whole:
            return None
        told.append(whole)
        message = "The result has sums or means, and not how many there are."
        return QueryError("not_counted", message, f"Write: {whole}")

    return check


def _counted(code: str) -> str:
    """The query with the number of rows before its figures, where these are all of one column."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return ""
    tree, dialect = found
    figures = [item for item in tree.expressions if item.find(exp.AggFunc)]
    sums = [figure for item in figures for figure in item.find_all(exp.AggFunc)]
    if not sums or not all(_is_plain(figure) for figure in sums) or tree.find(exp.Count, exp.Subquery):
        return ""
    if len({figure.this.sql().casefold() for figure in sums}) > 1:
        return ""
    shown = list(tree.expressions)
    shown.insert(shown.index(figures[0]), exp.alias_(exp.Count(this=exp.Star()), "number"))
    tree.set("expressions", shown)
    return written(tree, dialect)


def _is_plain(figure: exp.Expr) -> bool:
    """`SUM(x)`, and no `SUM(CASE WHEN … THEN 1 ELSE 0 END)` or `SUM(1)`, which count."""
    from sqlglot import exp

    kinds = (exp.Sum, exp.Avg, exp.Min, exp.Max)
    return isinstance(figure, kinds) and bool(figure.find(exp.Column)) and not figure.find(exp.Case, exp.If)
