"""How one table is reached from another: the shortest way along keys, written as JOINs."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import permutations

from qwen_magics.tools.key_directions import way_out
from qwen_magics.tools.schema import Join, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["joins_to", "long_ways", "neighbours", "year_joins"]

_MOST_WAYS = 2
_MOST_MET = 3
_MEAN = re.compile(r"\b(average|mean)\b|平均", re.IGNORECASE)


def joins_to(goal: str, start: Sequence[str], tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """The JOINs that lead from any of the tables `start` to `goal`; empty if no keys do, or two of which
    one is where a row comes from and one where it goes.

    >>> joins_to("loans", ["books"], library)
    'JOIN copies ON copies.book_id = books.book_id JOIN loans ON loans.copy_id = copies.copy_id'
    """
    ways: dict[str, str] = dict.fromkeys(start, "")
    queue = deque(start)
    while queue and goal not in ways:
        here = queue.popleft()
        for join, there in neighbours(here, tables):
            if there == goal and there not in ways and _is_open(join, tables):
                return ""
            if there not in ways:
                step = f"JOIN {dialect.quote_name(there)} ON {join.spelled(dialect)}"
                ways[there] = f"{ways[here]} {step}".lstrip()
                queue.append(there)
    return ways.get(goal, "")


def long_ways(names: Sequence[str], tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """FROM clauses, as comments, from the first of these tables to those that no key of its own leads to.

    A way through others of these tables is meant before one around them; of two that are as short as each
    other, none is told.
    """
    lines, named = [], [table for table in tables if table.name in names]
    for goal in names[1:]:
        way = joins_to(goal, names[:1], named, dialect)
        if not way and _shortest(names[0], goal, tables) == 1:
            way = joins_to(goal, names[:1], tables, dialect)
        if way.count("JOIN ") > 1:
            lines.append(f"-- {goal} of {names[0]}: FROM {dialect.quote_name(names[0])} {way}")
    return "\n".join(lines[:_MOST_WAYS])


def _shortest(start: str, goal: str, tables: Sequence[Table]) -> int:
    """How many ways are the shortest."""
    numbers, layer = {start: 1}, {start: 1}
    while layer and goal not in layer:
        following: dict[str, int] = {}
        for here, number in layer.items():
            for _, there in neighbours(here, tables):
                if there not in numbers:
                    following[there] = following.get(there, 0) + number
        numbers |= following
        layer = following
    return layer.get(goal, 0)


def year_joins(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """How tables meet in a year, as comments, where one has it as a number and the other has dates.

    Only for two or three tables that no key joins, of a question that speaks of years.
    """
    if dialect.name != "duckdb" or len(tables) > _MOST_MET or not re.search(r"(?i)\byears?\b|年", question):
        return ""
    lines = []
    for one, other in permutations(tables, 2):
        if any({one.name, other.name} == {j.table, j.other} for j in (*one.joins, *other.joins)):
            continue
        year = next((column for column in one.columns if is_year(column)), None)
        day = next((column for column in other.columns if has_days(column)), None)
        if year is not None and day is not None:
            name = dialect.quote_name
            whole = f"{name(other.name)}.{name(day.name)}"
            whole = f"CAST({whole} AS DATE)" if day.dtype == "VARCHAR" else whole
            number = f"{name(one.name)}.{name(year.name)}"
            on = f"{number} = YEAR({whole})"
            lines.append(f"-- by year: {name(one.name)} JOIN {name(other.name)} ON {on}")
            said = (c.name for c in other.columns if c.name.casefold() in question.casefold())
            if _MEAN.search(question) and (value := next(said, "")) and value != day.name:
                mean = f"SELECT {number}, AVG({name(other.name)}.{name(value)}) FROM {name(one.name)}"
                lines.append(f"-- {mean} JOIN {name(other.name)} ON {on} GROUP BY {number}")
    return "\n".join(lines)


def _is_open(join: Join, tables: Sequence[Table]) -> bool:
    """Whether a key of the other direction leads between the same tables."""
    ends = {
        way_out(j.column) for t in tables for j in t.joins if (j.table, j.other) == (join.table, join.other)
    }
    return {"to", "from"} <= ends


def neighbours(name: str, tables: Sequence[Table]) -> Iterator[tuple[Join, str]]:
    """The keys between a table and others of `tables`, with the name of the other."""
    known = {table.name for table in tables}
    for join in (join for table in tables for join in table.joins):
        if name in (join.table, join.other) and {join.table, join.other} <= known:
            yield join, join.other if join.table == name else join.table
