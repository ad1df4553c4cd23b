"""The rows that have to do with two things at once: the loans of members and of books, with the ways to both.

What a question calls a thing is a table, or a column of one; how it is spelled behind a FROM is told here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qwen_magics.agent.links.key_ways import KeyWay, ways_along
from qwen_magics.agent.links.way_sources import table_of, with_joins
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["Place", "Rows", "place_of", "rows_between", "tables_in"]


@dataclass(frozen=True, slots=True)
class Place:
    """A table whose things are meant, or a column whose values are."""

    table: Table
    column: Column | None = None

    @property
    def called(self) -> str:
        """In words."""
        return self.table.name if self.column is None else self.column.name


@dataclass(frozen=True, slots=True)
class Rows:
    """A table, and the ways from each of its rows to what it belongs to."""

    table: Table
    ways: tuple[KeyWay, ...]

    def key(self, at: int, place: Place, dialect: Dialect) -> str:
        """What the rows are told apart by: the column, or the key of the thing as the last table has it."""
        name, way = dialect.quote_name, self.ways[at]
        if place.column is not None:
            return f"{name(place.table.name)}.{name(place.column.name)}"
        return f"{name(way[-1].table)}.{name(way[-1].column)}" if way else ""

    def source(self, dialect: Dialect, *whole: int) -> str:
        """What stands behind FROM; `whole`: ways whose last table is read as well."""
        ways = [way if at in whole else way[:-1] for at, way in enumerate(self.ways)]
        return with_joins(self.table, ways, dialect)


def place_of(noun: str, tables: Sequence[Table]) -> Place | None:
    """The table that is called so, or the one column with values that several rows have."""
    if (table := table_of(noun, tables)) is not None:
        return Place(table)
    said = words_of(noun)
    keys = {(join.table, join.column) for table in tables for join in table.joins}
    found = [
        (t, c)
        for t in tables
        for c in t.columns
        if said and words_of(c.name) == said and not c.unique and not t.schema
    ]
    plain = [(t, c) for t, c in found if (t.name, c.name) not in keys] or found
    return Place(*plain[0]) if len(plain) == 1 else None


def tables_in(words: str, tables: Sequence[Table]) -> list[Table]:
    """The tables that a phrase names."""
    named = (table_of(word, tables) for word in re.findall(r"\w+", words))
    return list({table.name: table for table in named if table is not None}.values())


def rows_between(
    places: Sequence[Place], tables: Sequence[Table], question: str, named: Sequence[Table] = ()
) -> Rows | None:
    """The rows that lead to all of the places on the shortest ways; None where two are as near.

    Args:
        named: tables that the question names beside them; if any of them does, it is that.
    """
    found = sorted(_leading(places, tables, words_of(question)), key=_length)
    meant = [rows for rows in found if rows.table in named]
    found = meant or found
    if not found or (len(found) > 1 and _length(found[0]) == _length(found[1])):
        return None
    return found[0]


def _leading(places: Sequence[Place], tables: Sequence[Table], said: Sequence[str]) -> Iterator[Rows]:
    for table in tables:
        # A thing of its own is no row of something.
        if any(place.table is table and place.column is None for place in places):
            continue
        ways = [
            () if place.table is table else _way(table, place, _apart(place, places, tables), said)
            for place in places
        ]
        known = [way for way in ways if way is not None and not any(join.more for join in way)]
        if len(known) == len(places):
            yield Rows(table, tuple(known))


def _apart(place: Place, places: Sequence[Place], tables: Sequence[Table]) -> list[Table]:
    """Without the other things: where a member's home is says nothing of where she borrowed."""
    others = [other.table for other in places if other.column is None and other.table is not place.table]
    return [table for table in tables if table not in others]


def _way(start: Table, place: Place, tables: Sequence[Table], said: Sequence[str]) -> KeyWay | None:
    return ways_along(start, tables, said).get(place.table.name)


def _length(rows: Rows) -> int:
    return sum(map(len, rows.ways))
