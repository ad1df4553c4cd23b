"""How many days until something is paid, of a table that only says whether it is.

Said only where it is certain: what the question waits for is a flag, and no other column is named like it.
The flag's own table has no dates, and no other table knows its rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import alike, name_parts
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import has_days
from qwen_magics.tools.sql.dialects import DUCKDB

if TYPE_CHECKING:
    from qwen_magics.agent.loop import QueryTool
    from qwen_magics.tools.schema import Column, Table

__all__ = ["awaited", "is_flag"]

_UNIT = r"(?:days?|weeks?|months?|hours?|minutes?|years?|time)"
_INTERVAL = re.compile(
    rf"\bhow (?:long|soon|quickly|fast)\b|\b(?:how (?:many|much)|number of) {_UNIT}\b"
    rf"|\b{_UNIT} (?:that )?(?:it |they )?(?:takes?|taken|pass(?:es)?|elapsed?|from|between|until|till)\b",
    re.IGNORECASE,
)
# Not across a clause: until a book is back whose fine was paid.
_ENDS = r"(?:[^\w\s]|\b(?:who|whose|whom|that|which|where|with|if|when|for)\b)"
_AWAITED = re.compile(
    rf"\b(?:until|till|before|after which) ((?:(?!{_ENDS}).)+)|\bto (?:be |get )?([^\W\d_]{{3,}})"
    r"|\bbetween [^,.?!]{1,60} and (?:its |their |the |being )?([^\W\d_]{3,})",
    re.IGNORECASE,
)
# Pasts that do not begin like their verbs.
_PASTS = {"bought": "buy", "lent": "lend", "paid": "pay", "sent": "send", "sold": "sell", "went": "go"}
_AROUND = frozenset({"flag", "has", "is", "was", "yet"})
_NUMBER = re.compile(
    r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BOOL(EAN)?|BIT|DECIMAL|NUMERIC|DOUBLE|FLOAT", re.IGNORECASE
)
_LOOK_S = 3.0
_MOMENT = re.compile(r"DATE|TIME", re.IGNORECASE)
_MOMENTS = frozenset({"at", "date", "day", "month", "on", "time", "week", "when", "year"})


def awaited(question: str, tables: Sequence[Table]) -> Iterator[tuple[Table, Column]]:
    """The columns that may be flags of what the question waits for, where nothing else tells its date."""
    if not _INTERVAL.search(question):
        return
    said = [word.casefold() for word in _words_awaited(question)]
    for table in tables:
        for column in table.columns:
            own = [part for part in name_parts(column) if part not in _AROUND]
            if len(own) != 1 or _NUMBER.match(column.dtype) is None:
                continue
            if any(_same(own[0], word) for word in said) and _is_undated(table, column, tables):
                yield table, column


def is_flag(tool: QueryTool, table: Table, column: Column) -> bool:
    """Whether all values are 0 and 1, or true and false; looked up."""
    quote = getattr(tool, "dialect", DUCKDB).quote_name
    name = quote(column.name)
    sql = f"SELECT DISTINCT {name} FROM {quote(table.name)} WHERE {name} IS NOT NULL"
    try:
        found = tool.run(sql, timeout_s=_LOOK_S, max_rows=3).frame.iloc[:, 0]
    except QueryError:
        return False
    return 0 < len(found) <= 2 and set(found) <= {0, 1}


def _is_undated(table: Table, column: Column, tables: Sequence[Table]) -> bool:
    """Whether no other column is named like this one, or may have a date of its rows."""
    name = next(part for part in name_parts(column) if part not in _AROUND)
    others = [other for each in tables for other in each.columns if other is not column]
    if any(_same(part, name) for other in others for part in name_parts(other)):
        return False
    if any(_is_moment(other) for other in table.columns):
        return False
    keys = {other.name.casefold() for other in table.columns if other.unique}
    rest = [each for each in tables if each is not table]
    if any(join.other == table.name for each in rest for join in each.joins):
        return False
    return not any(other.name.casefold() in keys for each in rest for other in each.columns)


def _words_awaited(question: str) -> Iterator[str]:
    for found in _AWAITED.finditer(question):
        yield from re.findall(r"[^\W\d_]{3,}", " ".join(filter(None, found.groups())))


def _same(part: str, word: str) -> bool:
    part, word = _PASTS.get(part, part), _PASTS.get(word, word)
    return alike(part, word)


def _is_moment(column: Column) -> bool:
    named = not _MOMENTS.isdisjoint(name_parts(column))
    return named or _MOMENT.match(column.dtype) is not None or has_days(column)
