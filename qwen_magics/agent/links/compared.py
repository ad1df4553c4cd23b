"""Columns of two tables that a question compares: a warehouse in the same region as the customer.

A small model joins half of the way and compares keys of different things. Where the tables leave one way
only, it stands before the question, written out.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import combinations

from qwen_magics.agent.words.naming import UNITS, words_of
from qwen_magics.tools.schema import Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["compared_columns", "ways_up"]

# "In the same region as", "of another branch than", "outside their own city".
_SAME = r"\b(same|own|identical|matching|home)\b"
_OTHER = (
    r"\b(another|different|differs?|differ(ed|ing)|other)\b(?=.*\b(than|from|as)\b)"
    r"|(\b(outside|elsewhere|not|never|away)|n['’]t)\b(\W+[\w'’]+){0,4}\W+(same|own|home)\b"
)
_SHARED = r"\b(match(es|ed)?|shares?|coincides?|equals?|agrees?)\b"
_SHARE = re.compile(r"\b(percent(age)?s?|(share|proportion|fraction|rate) of)\b|%", re.IGNORECASE)
_NUMBER = r"\b(how many|number of|count)\b"
_AFTER = re.compile(rf"(?:{_SAME}|{_OTHER}|{_SHARED})(?P<rest>(?:\W+\w+){{1,3}})", re.IGNORECASE)
_COMMON = frozenset(["id", "name", "date", "status", "type", "amount", "number"])

# A table with its column.
_Place = tuple[str, str]


def compared_columns(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """The comparison with the FROM that it needs, as a comment; empty where it is not certain.

    >>> compared_columns("orders from a depot in the same region as the customer", shop)
    '-- same region: FROM orders JOIN … WHERE depots.region_id = customers.region_id'
    """
    for found in _AFTER.finditer(question):
        for noun in words_of(found["rest"]):
            starts = ((_start(pair, question, tables), pair) for pair in _pairs(noun, tables))
            meant = [(start, pair) for start, pair in starts if start]
            if len(meant) == 1:
                return _line(noun, *meant[0], question, tables, dialect)
    return ""


def _line(
    noun: str,
    start: str,
    pair: tuple[_Place, _Place],
    question: str,
    tables: Sequence[Table],
    dialect: Dialect,
) -> str:
    name = dialect.quote_name
    ways = ways_up(start, tables)
    steps = dict.fromkeys(join for table, _ in pair for join in ways[table])
    joins = (f"JOIN {name(join.other)} ON {join.spelled(dialect)}" for join in steps)
    source = " ".join((name(start), *joins))
    other = re.search(_OTHER, question, re.IGNORECASE) is not None
    left, right = (f"{name(table)}.{name(column)}" for table, column in pair)
    condition = f"{left} {'<>' if other else '='} {right}"
    said = f"{'another' if other else 'the same'} {noun}"
    if _SHARE.search(question):
        return f"-- {said}: SELECT AVG(CASE WHEN {condition} THEN 100.0 ELSE 0 END) FROM {source}"
    # What a whole query shows is taken over, a part of one is often passed by.
    counted = "SELECT COUNT(*) " if _counts(start, question, tables) else ""
    return f"-- {said}: {counted}FROM {source} WHERE {condition}"


def _counts(start: str, question: str, tables: Sequence[Table]) -> bool:
    """Whether the question asks for a number of rows of `start`, the table that it names first."""
    asked = words_of(question)
    first = min(tables, key=lambda table: _first_place(table.name, asked)).name
    return first == start and re.search(_NUMBER, question, re.IGNORECASE) is not None


def _pairs(noun: str, tables: Sequence[Table]) -> Iterator[tuple[_Place, _Place]]:
    """Columns of two tables that hold the same thing, called so: keys of its table, or equal names."""
    if noun in _COMMON or len(noun) < 3:
        return
    keys = [(join.table, join.column) for t in tables for join in t.joins if _is_called(join.other, noun)]
    plain = [(t.name, c.name) for t in tables for c in t.columns if _is_called(c.name, noun)]
    for places in (keys, plain):
        yield from ((one, two) for one, two in combinations(places, 2) if one[0] != two[0])


def _is_called(name: str, noun: str) -> bool:
    """Whether that is its name, also in the plural ("branches" for "branch")."""
    return words_of(name) in ([noun], [f"{noun}e"])


def _is_said(place: _Place, asked: Sequence[str]) -> bool:
    """Whether the question speaks of the table, or of the column by a name of its own ("home branch")."""
    table, column = place
    own = [word for word in words_of(column) if word not in UNITS]
    named = len(own) > 1 and any(list(asked[at : at + len(own)]) == own for at in range(len(asked)))
    return named or _first_place(table, asked) < len(asked)


def _first_place(table: str, asked: Sequence[str]) -> int:
    """Where the question names the table; its length where it does not."""
    last = words_of(table)[-1:]
    return next((at for at, word in enumerate(asked) if last and _is_called(last[0], word)), len(asked))


def _start(pair: tuple[_Place, _Place], question: str, tables: Sequence[Table]) -> str:
    """The table whose every row has one of both: the one that the question names first, or the nearest.

    Empty where none is certain. The question has to name it or a table on the way: a customer in the city of
    any warehouse is no matter of what was shipped.
    """
    asked = words_of(question)

    def rank(name: str) -> tuple[int, int]:
        ways = ways_up(name, tables)
        return _first_place(name, asked), sum(len(ways[table]) for table, _ in pair)

    fitting = [t.name for t in tables if all(table in ways_up(t.name, tables) for table, _ in pair)]
    best = sorted(fitting, key=rank)
    if not best or (len(best) > 1 and rank(best[0]) == rank(best[1])):
        return ""
    ends, ways = [table for table, _ in pair], ways_up(best[0], tables)
    between = {join.table for table in ends for join in ways[table]} - set(ends)
    if best[0] in ends:
        between.add(best[0])
    is_said = all(_is_said(place, asked) for place in pair) or _first_place(best[0], asked) < len(asked)
    return best[0] if is_said and any(_first_place(t, asked) < len(asked) for t in between) else ""


def ways_up(start: str, tables: Sequence[Table]) -> dict[str, list[Join]]:
    """The tables of which every row of `start` has at most one, with the keys that lead there."""
    known = {table.name: table for table in tables}
    ways: dict[str, list[Join]] = {start: []}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for join in known[here].joins:
            if join.other in known and join.other not in ways:
                ways[join.other] = [*ways[here], join]
                queue.append(join.other)
    return ways
