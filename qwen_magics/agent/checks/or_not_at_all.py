"""What came after a day or has not come at all: rows without the date belong to it, and `>` has none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import has_days
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["or_not_at_all"]

_NEVER = re.compile(
    r"\b(?P<done>\w+(?:ed|en|id|ne|ack|ld|nt)) (?P<when>[^.?!;]{0,80}?),? or (?:else )?(?:\w+ )?"
    r"(?:not at all|never|not yet|not (?:\w+ ){0,2}(?:at all|yet)|(?:has|have|had|is|are|was|were)"
    r" (?:not|never)|not)\b"
    r"(?! (?:before|after|earlier|later|until|in time|on time|late)\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(r"\b(?:after|later than|since|from|past|beyond)\b", re.IGNORECASE)


def or_not_at_all(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    found = _NEVER.search(question)
    done = words_of(found["done"]) if found is not None and _AFTER.search(found["when"]) else []
    if not done:
        return silent
    dates = {column.name.casefold() for table in tables for column in table.columns if has_days(column)}

    @once
    def check(code: str) -> QueryError | None:
        whole = _with_missing(code, done[-1], dates)
        if not whole:
            return None
        message = "What has not come at all has no date, and the comparison leaves it out."
        return QueryError("missing_left_out", message, f"Write: {whole}")

    return check


def _with_missing(code: str, done: str, dates: set[str]) -> str:
    """The query with `OR … IS NULL` beside its one comparison of the date; empty where there is none."""
    from sqlglot import exp

    found = editable(code)
    if found is None or re.search(r"\b(?:IS NULL|COALESCE|IFNULL)\b", code, re.IGNORECASE):
        return ""
    tree, dialect = found
    later = [node for node in tree.find_all(exp.GT, exp.GTE) if _is_date(node.this, done, dates)]
    if len(later) != 1 or isinstance(later[0].parent, (exp.Not, exp.Or)):
        return ""
    column = later[0].find(exp.Column)
    assert column is not None
    missing = exp.Is(this=column.copy(), expression=exp.Null())
    later[0].replace(exp.Paren(this=exp.Or(this=later[0].copy(), expression=missing)))
    return written(tree, dialect)


def _is_date(node: exp.Expr, done: str, dates: set[str]) -> bool:
    column = node if type(node).__name__ == "Column" else next(iter(node.find_all(type(node))), None)
    name = getattr(column, "name", "")
    return name.casefold() in dates and any(alike(part, done) for part in words_of(name))
