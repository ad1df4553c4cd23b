"""What was done in a year, and a condition on another date: payments received in 2024, due in 2024."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.deadlines import DUE_NAMES
from qwen_magics.agent.words.naming import alike, name_parts, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Column, Table

__all__ = ["done_in_year"]

_DONE = re.compile(
    r"\b(?P<done>\w+(?:ed|en|id|nt|ne)|came in|come in|came back|brought back|sold|lent) "
    r"(?:in|during|within|throughout) "
    r"(?:the (?:year |course of )?)?(?:(?!\d)\w+ )?(?P<year>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
# What a date is called that is not called by the verb.
_CALLED = {
    "received": "paid payment received arrived delivered",
    "came in": "paid payment received",
    "come in": "paid payment received",
    "paid": "paid payment settled",
    "came back": "returned return",
    "brought back": "returned return",
}
_DUE = re.compile(
    r"\b(?:due|promised|planned|scheduled|expected|agreed|required) (?:in|during|by|for|within)\b", re.I
)


def done_in_year(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    found = list(_DONE.finditer(question))
    if len(found) != 1 or _DUE.search(question) is not None:
        return silent
    done, year = found[0]["done"].casefold(), found[0]["year"]
    if question.count(year) > 1:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _by_done(code, done, year, tables) if year in code else ""
        if not whole:
            return None
        message = f"The question says what was {done} {year}, and the query takes another date for that."
        return QueryError("other_date", message, f"Write: {whole}")

    return check


def _by_done(code: str, done: str, year: str, tables: Sequence[Table]) -> str:
    """The query with the date of the verb in its one condition on the year; empty where it has that."""
    from sqlglot import exp

    found = editable(code)
    if (
        found is None
        or found[0].find(exp.Subquery, exp.With, exp.Union)
        or not isinstance(found[0], exp.Select)
    ):
        return ""
    tree, reader = found
    read = {node.name.casefold() for node in tree.find_all(exp.Table)}
    meant = [
        (t, c)
        for t in tables
        if t.name.casefold() in read
        for c in t.columns
        if _is_date(c) and _is_done(c, done)
    ]
    if len(meant) != 1:
        return ""
    table, date = meant[0]
    others = {c.name.casefold() for c in table.columns if _is_date(c) and c is not date}
    elsewhere = {
        c.name.casefold() for t in tables if t is not table and t.name.casefold() in read for c in t.columns
    }
    years = [node for node in conjuncts(tree) if year in node.sql() and node.find(exp.Column)]
    columns = [column for node in years for column in node.find_all(exp.Column)]
    names = {column.name.casefold() for column in columns}
    if len(names) != 1 or not names <= others - elsewhere:
        return ""
    for column in columns:
        column.set("this", exp.to_identifier(date.name, quoted=not date.name.isidentifier()))
    return written(tree, reader)


def _is_date(column: Column) -> bool:
    return column.dtype.startswith(("DATE", "TIMESTAMP"))


def _is_done(column: Column, done: str) -> bool:
    parts = name_parts(column)
    if DUE_NAMES & set(parts):
        return False
    called = words_of(_CALLED[done]) if done in _CALLED else []
    return bool(set(called) & set(parts)) or any(
        alike(part, word) for part in parts for word in words_of(done)
    )
