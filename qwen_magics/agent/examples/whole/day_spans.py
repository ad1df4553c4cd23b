"""From the first day to the last: "how many days passed from the earliest to the latest sold_at?"

A small model compares each date with an aggregate of all, which no database can do.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import group_in, numbers_in, source_of
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, each_of, limited
from qwen_magics.agent.words.mentions import Asked
from qwen_magics.tools.schema import Column, Table, has_days
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["day_spans", "plain_span"]

_FIRST, _LAST = r"(?:earliest|first|oldest)", r"(?:latest|last|newest|most recent)"
_DAYS = re.compile(r"\b(?:how many|number of|in) days\b|\bdays (?:are there|lie|between|from)\b", re.I)
_ENDS = re.compile(
    rf"\b(?:the |its |their )?{_FIRST}\b(?P<one>[^.?!]{{0,60}}?)(?:,? (?:and|to|until|till|through)) "
    rf"(?:the |its |their )?{_LAST}\b(?P<two>[^.?!]{{0,60}})",
    re.IGNORECASE,
)
_ENDS_BACK = re.compile(
    rf"\b(?:the |its |their )?{_LAST}\b(?P<one>[^.?!]{{0,60}}?)(?:,? (?:and|to|from|after)) "
    rf"(?:the |its |their )?{_FIRST}\b(?P<two>[^.?!]{{0,60}})",
    re.IGNORECASE,
)
_IS = r"(?:is|was|came|comes|did|does|lies|lay|falls|fell|follows|followed)"
# "How many days after the earliest date is the latest?"
_FROM_END = (
    re.compile(
        rf"\bdays? (?:after|from|past|since) (?:the |its |their )?{_FIRST}\b(?P<one>[^.?!]{{0,60}}?),? {_IS} "
        rf"(?:the |its |their )?{_LAST}\b(?P<two>[^.?!]{{0,60}})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bdays? (?:before|prior to) (?:the |its |their )?{_LAST}\b(?P<two>[^.?!]{{0,60}}?),? {_IS} "
        rf"(?:the |its |their )?{_FIRST}\b(?P<one>[^.?!]{{0,60}})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bdays? {_IS} (?:the |its |their )?{_LAST}\b(?P<two>[^.?!]{{0,60}}?) (?:after|later than|past) "
        rf"(?:the |its |their )?{_FIRST}\b(?P<one>[^.?!]{{0,60}})",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\bdays? (?:after|later than|past) (?:the |its |their )?{_FIRST}\b(?P<one>[^.?!]{{0,60}}?),? "
        rf"(?:the |its |their )?{_LAST}\b(?P<two>[^.?!]{{0,60}}?) (?:came|comes|is|was|lies|falls|fell)\b",
        re.IGNORECASE,
    ),
)
_MORE = re.compile(
    r"\b(?:averag\w*|means?|median|which|who|longest|shortest|most|fewest|next|previous|each other|gaps?"
    r"|half|word|name|on how many)\b",
    re.IGNORECASE,
)


# What a day is with has to be a value: "the last day with snow".
_SUCH = re.compile(r"\b(?:had|have|has|with|when|that)\b", re.IGNORECASE)


def day_spans(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, for the one date that the question names or the table has; one row for each group."""
    ends = _ENDS.search(question) or _ENDS_BACK.search(question)
    if ends is None or not _DAYS.search(question) or _MORE.search(question):
        return None
    date = _date(f"{ends['one']} {ends['two']}", table)
    groups = [group_in(word, table) for word in each_of(question)]
    rest = re.sub(rf"\b(?:{_FIRST}|{_LAST}|between)\b", " ", question, flags=re.IGNORECASE)
    where = limited(rest, table, dialect)
    if date is None or where is None or any(group is None or group.name == date.name for group in groups):
        return None
    if _SUCH.search(question) and (" = '" not in where or numbers_in(rest, table)):
        return None
    span = _span(date, dialect)
    if not span:
        return None
    keys = "".join(f"{dialect.quote_name(group.name)}, " for group in groups if group is not None)
    end = f" GROUP BY {keys[:-2]}" if keys else ""
    query = f"SELECT {keys}{span} AS days FROM {source_of(table, dialect)}{where}{end}"
    told = f"days from the first to the last {date.name}" + "".join(
        f", for each {g.name}" for g in groups if g
    )
    return SpelledOut(told, query, (r"\b(?:MAX|LAST|LEAD|LAG|DESC)", r"\b(?:MIN|FIRST|LEAD|LAG|LIMIT)"))


def plain_span(question: str) -> str:
    """The question with "days after the first is the last" in the plain words for it.

    >>> plain_span("How many days after the first sold_at is the last one?")
    'How many days from the first sold_at to the last one?'
    """
    found = next(filter(None, (way.search(question) for way in _FROM_END)), None)
    if found is None:
        return question
    said = f"days from the first{found['one']} to the last{found['two']}"
    return f"{question[: found.start()]}{said}{question[found.end() :]}"


def _date(said: str, table: Table) -> Column | None:
    dates = [column for column in table.columns if has_days(column)]
    asked = Asked(said, table.columns, table.name)
    named = [column for column in dates if asked.place(column) is not None]
    found = named or dates
    return found[0] if len(found) == 1 else None


def _span(date: Column, dialect: Dialect) -> str:
    name = dialect.quote_name(date.name)
    if dialect.name == "duckdb":
        day = f"CAST({name} AS DATE)" if date.dtype == "VARCHAR" else name
        return f"DATE_DIFF('day', MIN({day}), MAX({day}))"
    return f"JULIANDAY(MAX({name})) - JULIANDAY(MIN({name}))" if dialect.title == "SQLite" else ""
