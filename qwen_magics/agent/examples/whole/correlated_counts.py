"""How a number of each thing goes with how many rows it has: the pages of a book and how often it was lent.

A small model groups by the number instead of the thing, or counts what lies on the way. Whether those without
any rows are in has to be said, as the figure depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.key_ways import KeyWay
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.links.way_sources import spelled, table_of, way_between
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["correlated_counts"]

_ASKED = re.compile(
    r"\bcorrelation(?: coefficient)? (?:between|of) (?P<one>[^.?;,]{3,60}?) "
    r"(?:and|with) (?P<two>[^.?;,]{3,80})"
    r"|\b(?:does|do|is|are|how) (?P<first>[^.?;,]{3,60}?) correlate(?:d|s)? with (?P<second>[^.?;,]{3,80})",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?:the )?(?:number of times|how (?:often|many times)) (?:it|a \w+|the \w+|each \w+|they) "
    r"(?:was|were|is|has been|have been|had been|got) (?P<verb>\w+)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:the |its |their )?(?:number|count) of (?:its |their |the )?(?P<rows>\w+)", re.IGNORECASE
)
_VERBS = {
    "ridden": "rides",
    "flown": "flights",
    "lent": "loans",
    "borrowed": "loans",
    "sold": "sales",
    "bought": "sales",
    "rented": "rentals",
}
_ZERO = re.compile(
    r"\b(?:count\w*|includ\w+|tak\w+|treat\w*|enter\w*|are in|is in|show\w*)\b[^.?;]{0,40}"
    r"\b(?:zero|0|too|as well)\b"
    r"|\bincluding (?:those|the ones|\w+) (?:without|with no|that (?:were|was) never|that never|never)\b"
    r"|\b(?:zero|0) (?:for|if)\b",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:each|every|per|by) (?!\w+ (?:was|were|has)\b)\w+|\b(?:only|except|rank|spearman"
    r"|kendall|month|year|without (?!any)\w+s? (?:that|with))\b",
    re.IGNORECASE,
)


def correlated_counts(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of the figure; None unless things without rows count as zero, and all else is certain."""
    asked = " ".join(question.replace("@", "").split())
    found = _ASKED.search(asked)
    if found is None or not _ZERO.search(asked) or _LIMITED.search(asked) or linked_values(asked, tables):
        return None
    sides = [found["one"] or found["first"], found["two"] or found["second"]]
    for value, count in (sides, sides[::-1]):
        rows = _rows(count, tables)
        meant = _measure(value, asked, rows, tables) if rows is not None else None
        way = way_between(rows, meant[0], tables) if rows is not None and meant is not None else None
        if rows is not None and meant is not None and way is not None:
            return _query(*meant, rows, way, dialect)
    return None


def _query(thing: Table, column: Column, rows: Table, way: KeyWay, dialect: Dialect) -> Told:
    name = dialect.quote_name
    one, key = spelled(thing, column, dialect), f"{name(thing.name)}.{name(way[-1].other_column)}"
    joins = " ".join(f"LEFT JOIN {name(join.table)} ON {join.spelled(dialect)}" for join in reversed(way))
    # A row is there where its own key to the next table is.
    counted = f"COUNT({name(rows.name)}.{name(way[0].column)})"
    inner = f"SELECT {one}, {counted} AS n FROM {name(thing.name)} {joins} GROUP BY {key}, {one}"
    told = f"correlation of {column.name} with the number of {rows.name} of each of {thing.name}, zeros too"
    return Told(told, f"SELECT CORR({name(column.name)}, n) FROM ({inner}) AS s")


def _rows(said: str, tables: Sequence[Table]) -> Table | None:
    """What is counted: a table that is named, or that the verb is a word of."""
    times = _TIMES.match(said)
    if times is None:
        number = _NUMBER.match(said)
        return table_of(number["rows"], tables) if number is not None else None
    verb = words_of(times["verb"])
    called = [t for t in tables if verb and any(alike(word, verb[0]) for word in words_of(t.name))]
    if not called and (usual := _VERBS.get(times["verb"].casefold())):
        return table_of(usual, tables)
    return called[0] if len(called) == 1 else None


def _measure(said: str, asked: str, rows: Table, tables: Sequence[Table]) -> tuple[Table, Column] | None:
    """The number of the things: named by its whole name, of the one table that the question names as well."""
    words, named = set(words_of(said)), set(words_of(asked))
    found = [
        (table, column)
        for table in tables
        for column in table.columns
        if table is not rows
        and is_number(column)
        and not column.unique
        and set(words_of(column.name)) <= words
        and set(words_of(table.name)) <= named
    ]
    return found[0] if len(found) == 1 else None
