"""When a thing was returned, and a query that takes when it was due: "came back within 7 days".

Of a question that says nothing of what was due, the query is told with the other date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.deadlines import DUE_NAMES
from qwen_magics.agent.words.naming import name_parts, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written
from qwen_magics.tools.sql.names import quote_name

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Column, Table

__all__ = ["done_not_due"]

_SAID = (
    (
        r"returned|returns?|came back|come back|comes back|brought back|given back|handed back",
        "returned return",
    ),
    (r"paid|settled|repaid", "paid payment settled repaid"),
    (r"delivered|arrived", "delivered delivery arrived arrival"),
    (r"closed|resolved|completed|finished", "closed resolved completed finished done"),
    (r"shipped|dispatched|sent out", "shipped dispatched"),
)
_DUE = re.compile(
    r"\b(?:due|late|later than (?:it|they|promised|planned|agreed)|overdue|deadline|on time|in time|early"
    r"|promised|planned|scheduled|agreed|expected|required|target|allowed|supposed|should)\b",
    re.IGNORECASE,
)
# "Of the loans that were returned, what percentage": those alone are what it is a part of.
_BASE = re.compile(
    r"^\W*(?:of|among|out of) (?:all )?(?:the )?\w+s (?:that|which) "
    r"(?:(?:were|have been|had been|are|have|had) )?"
    r"(?:already )?(?:returned|come back|came back|brought back|paid|settled|repaid|delivered|arrived|closed"
    r"|resolved|completed|finished|shipped|dispatched),",
    re.IGNORECASE,
)
_DAYS = re.compile(r"\b(?:days?|weeks?|months?|hours?|fortnight)\b", re.IGNORECASE)


def done_not_due(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    kinds = [names for said, names in _SAID if re.search(rf"(?i)\b(?:{said})\b", question)]
    if len(kinds) != 1 or _DUE.search(question) is not None or not _DAYS.search(question):
        return silent
    base = _BASE.search(question) is not None

    @once
    def check(code: str) -> QueryError | None:
        whole = _with_done(code, set(words_of(kinds[0])), tables, base)
        if not whole:
            return None
        message = "The question asks when it was done, and the query takes when it was due."
        return QueryError("other_date", message, f"Write: {whole}")

    return check


def _with_done(code: str, done: set[str], tables: Sequence[Table], base: bool) -> str:
    """The query with the date of the same table at which it was done; empty where it has that as well.

    Args:
        base: what is done is what a share is taken of.
    """
    from sqlglot import exp

    found = editable(code)
    if found is None:
        return ""
    tree, reader = found
    read = {node.name.casefold() for node in tree.find_all(exp.Table)}
    pairs = [pair for t in tables if t.name.casefold() in read and (pair := _dates(t, done)) is not None]
    used = {column.name.casefold() for column in tree.find_all(exp.Column)}
    if len(pairs) != 1 or pairs[0][0].name.casefold() not in used:
        return ""
    due, date = pairs[0]
    # Both are there: the one is set against the other.
    if date.name.casefold() in used and not _only_known(tree, date.name):
        return ""
    share = base and date.name.casefold() not in used and not tree.find(exp.Subquery, exp.With, exp.Join)
    if share and isinstance(tree, exp.Select):
        tree.where(f"{quote_name(date.name)} IS NOT NULL", copy=False)
    for column in list(tree.find_all(exp.Column)):
        if column.name.casefold() == due.name.casefold():
            column.set("this", exp.to_identifier(date.name, quoted=not date.name.isidentifier()))
    return written(tree, reader)


def _only_known(tree: exp.Expr, name: str) -> bool:
    """Whether all that the query says of the column is that it is there."""
    from sqlglot import exp

    uses = [c for c in tree.find_all(exp.Column) if c.name.casefold() == name.casefold()]
    return all(isinstance(c.parent, exp.Is) for c in uses)


def _dates(table: Table, done: set[str]) -> tuple[Column, Column] | None:
    """When it was due and when it was done, where there is one of each."""
    dates = [c for c in table.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
    due = [c for c in dates if DUE_NAMES & set(name_parts(c))]
    ends = [c for c in dates if done & set(name_parts(c)) and c not in due]
    return (due[0], ends[0]) if len(due) == 1 == len(ends) else None
