"""Rows of a thing that the same person had before, over the question's tables, written out as a whole query.

"How many loans were of a book that the same member had already borrowed?" joins loans with loans in the query
of a small model, which then counts pairs. What is meant are all but the first of each member and book.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.links.compared import ways_up
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["Again", "again"]

_ASKED = re.compile(
    r"^\W*(?:how many|(?:the )?number of|count(?: the)?)(?: of)?(?: (?:the|our|all))? (\w+)", re.IGNORECASE
)
_BEFORE = re.compile(
    r"\b(?:already|previously|before|earlier|again|repeat(?:ed|s)?|once more|not (?:for )?the first time)\b",
    re.IGNORECASE,
)
_SAME = re.compile(r"\bsame (\w+)", re.IGNORECASE)
# The same thing in a certain time, another one, or one for each of something.
_OTHER = re.compile(
    r"\d|\b(?:each|every|per|within|next|consecutive|successive|different|other|another|share|percent\w*|average"
    r"|never|not yet|days?|weeks?|months?|years?|late|later)\b",
    re.IGNORECASE,
)
# What makes no difference: "in whichever copy".
_WHICHEVER = re.compile(
    r",?\b(?:in|of|by|from|through|on|at|with)? ?(?:whichever|whatever|no matter (?:which|what)|regardless of"
    r"(?: the| which)?|any) \w+|,? ?(?:even if|whether)\b[^,.?]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Again:
    """What is asked, in words, and the query of it."""

    told: str
    query: str


def again(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Again | None:
    """The query; None for a question of another kind, or where the way is not certain."""
    first = _WHICHEVER.sub("", question.split("?")[0])
    asked = _ASKED.match(first)
    if asked is None or not _BEFORE.search(first) or not _SAME.search(first) or _OTHER.search(first):
        return None
    rows = _named(asked[1], tables)
    nouns = [_named(word, tables) for word in re.findall(r"\w+", first[asked.end() :])]
    others = list(dict.fromkeys(t.name for t in nouns if t is not None and t is not rows))
    ways = ways_up(rows.name, tables) if rows is not None else {}
    if rows is None or len(others) != 2 or not all(ways.get(name) for name in others):
        return None
    if not any((same := _named(word, tables)) and same.name in others for word in _SAME.findall(first)):
        return None
    name, dates = dialect.quote_name, [c for c in rows.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
    keys = ", ".join(_end(ways[other], dialect) for other in others)
    order = f"{name(rows.name)}.{name((dates or rows.columns)[0].name)}"
    steps = dict.fromkeys(step for other in others for step in ways[other][:-1])
    source = " ".join((name(rows.name), *(f"JOIN {name(j.other)} ON {j.spelled(dialect)}" for j in steps)))
    numbered = f"SELECT ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY {order}) AS n FROM {source}"
    told = f"how many {rows.name} are of the same {others[0]} and {others[1]} as one before?"
    return Again(told, f"SELECT COUNT(*) FROM ({numbered}) AS s WHERE n > 1")


def _named(word: str, tables: Sequence[Table]) -> Table | None:
    said = words_of(word)
    return next((t for t in tables if said and words_of(t.name) == said), None)


def _end(way: Sequence[Join], dialect: Dialect) -> str:
    return f"{dialect.quote_name(way[-1].table)}.{dialect.quote_name(way[-1].column)}"
