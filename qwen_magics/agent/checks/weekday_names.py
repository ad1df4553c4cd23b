"""The number of a day of the week, where its name is asked for: SQLite has only the number."""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["weekday_names"]

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_ANY = rf"(?:{'|'.join(_DAYS)})s?"
_ASKED = re.compile(r"\b(?:week ?days?|days? of (?:the )?week)\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:(?:english|full|its|their|the|by|as) names?|names? of (?:the|that|each) (?:week ?day|day)"
    r"|(?:week ?day|day) names?|in (?:words|letters|english)|spelled out|written out|as a word)\b"
    rf"|\b(?:such as|like|e\.?g\.?|for example|for instance|as in),? [\"'\u201c]?{_ANY}\b|\({_ANY},",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?i:STRFTIME)\(\s*'%w'\s*,\s*((?:[^()']|'[^']*'|\([^()]*\))+)\)")
_TIMES = 2
_SELECT = re.compile(r"(\W*SELECT\s+(?:DISTINCT\s+)?)(.*?)(\s+FROM\s)", re.IGNORECASE | re.DOTALL)


def weekday_names(question: str, dialect: Dialect = DUCKDB) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks twice, as another hint may undo it."""
    done = dialect.title != "SQLite" or not _ASKED.search(question) or not _NAMED.search(question)
    told = 0

    def check(code: str) -> QueryError | None:
        nonlocal told
        shown = None if done or told == _TIMES else _SELECT.match(code)
        number = _NUMBER.search(shown[2]) if shown is not None else None
        # Names are there already, or the number is compared.
        if shown is None or number is None or re.search(r"\bCASE\b|\bDAYNAME\b|%A", shown[2], re.IGNORECASE):
            return None
        told += 1
        names = " ".join(f"WHEN '{at}' THEN '{day}'" for at, day in enumerate(_DAYS))
        said = shown[2].replace(number[0], f"CASE {number[0]} {names} END", 1)
        whole = f"{shown[1]}{said}{shown[3]}{code[shown.end() :]}"
        return QueryError("weekday_number", "The question asks for the day's name.", f"Write: {whole}")

    return check
