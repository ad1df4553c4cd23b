"""Rows of one kind by a flag or a missing date: "unpaid fines", "loans not yet returned", "paid invoices".

A small model adds up all fines where the unpaid ones are asked for: it takes the word for a name. The column
that the word denies is there, and a query that does not read it answers another question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.regardless import limiting
from qwen_magics.agent.words.naming import name_parts, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import has_days
from qwen_magics.tools.sql.names import quote_name

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Column, Table

__all__ = ["flags"]

_AROUND = frozenset({"at", "date", "day", "flag", "has", "is", "on", "was"})
_WHOLE = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BIT|DECIMAL|NUMERIC", re.IGNORECASE)
_TRUTH = re.compile(r"BOOL", re.IGNORECASE)
_SHORTEST = 4
# Both kinds side by side, or it does not matter which.
_EITHER = r"\b(?:or not|whether|and|or|versus|vs|against)\b"


def flags(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check that a program reads the column that the question denies or affirms; told once."""
    # Not where it makes no difference: "unpaid ones included".
    wanted = list(_wanted(" ".join(limiting(question).split()), tables))
    # Two columns of one name leave a doubt about which is meant.
    wanted = [found for found in wanted if sum(found[0] == other[0] for other in wanted) == 1]
    told = set[str]()

    def check(code: str) -> QueryError | None:
        for word, said, column, condition in wanted:
            if word in told or re.search(rf"(?<!\w){re.escape(column)}(?!\w)", code, re.IGNORECASE):
                continue
            told.add(word)
            message = f"The question says {said}, and nothing here reads {column}."
            return QueryError("kind_unused", message, f"Add the condition {condition}.")
        return None

    return check


def _wanted(asked: str, tables: Sequence[Table]) -> Iterator[tuple[str, str, str, str]]:
    """Word, what is said, column and condition of each column that the question is about so."""
    for table in tables:
        noun = words_of(table.name)[-1:]
        for column in table.columns:
            parts = [part for part in name_parts(column) if part not in _AROUND]
            if len(parts) != 1 or len(parts[0]) < _SHORTEST:
                continue
            (word,) = parts
            for is_so, said in _said(word, noun, asked):
                condition = _condition(f"{quote_name(table.name)}.{quote_name(column.name)}", column, is_so)
                if condition:
                    yield word, said, column.name, condition
                    break


def _said(word: str, noun: Sequence[str], asked: str) -> Iterator[tuple[bool, str]]:
    """Whether the rows are to be so, and in what words; nothing where both kinds are."""
    stem = re.escape(word)
    denied = re.search(
        rf"\b(?:un|non-?){stem}\b|(?:\bnot|n['’]t)(?: yet| been| yet been| already)* {stem}\b", asked, re.I
    )
    if denied is not None:
        rest = f"{asked[: denied.start()]} {asked[denied.end() :]}"
        if not re.search(rf"(?<!\w){stem}\b", rest, re.I) and not re.search(rf"{stem} or not\b", asked, re.I):
            yield False, denied[0]
        return
    affirmed = re.search(rf"(?<![\w-]){stem} {re.escape(noun[0])}(?:s|es)?\b", asked, re.I) if noun else None
    if affirmed is not None and not re.search(rf"{_EITHER} {re.escape(affirmed[0])}", asked, re.I):
        yield True, affirmed[0]


def _condition(name: str, column: Column, is_so: bool) -> str:
    """The condition; empty for a column that is neither a flag nor a date that may be missing."""
    if _TRUTH.match(column.dtype):
        return name if is_so else f"NOT {name}"
    known = {value.strip("'") for value in (*column.samples, *(column.categories or ()))}
    if _WHOLE.match(column.dtype) and known and known <= {"0", "1"}:
        return f"{name} = {int(is_so)}"
    if has_days(column) and column.nulls:
        return f"{name} IS {'NOT ' if is_so else ''}NULL"
    return ""
