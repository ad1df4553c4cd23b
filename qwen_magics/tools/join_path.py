"""How one table is reached from another: the shortest way along keys, written as JOINs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from qwen_magics.tools.schema import Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["joins_to", "long_ways"]

_MOST_WAYS = 2


def joins_to(goal: str, start: Sequence[str], tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """The JOINs that lead from any of the tables `start` to `goal`; empty if no keys do.

    >>> joins_to("loans", ["books"], library)
    'JOIN copies ON copies.book_id = books.book_id JOIN loans ON loans.copy_id = copies.copy_id'
    """
    ways: dict[str, str] = dict.fromkeys(start, "")
    queue = deque(start)
    while queue and goal not in ways:
        here = queue.popleft()
        for join, there in _neighbours(here, tables):
            if there not in ways:
                step = f"JOIN {dialect.quote_name(there)} ON {join.spelled(dialect)}"
                ways[there] = f"{ways[here]} {step}".lstrip()
                queue.append(there)
    return ways.get(goal, "")


def long_ways(names: Sequence[str], tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """FROM clauses, as comments, from the first of these tables to those that no key of its own leads to."""
    lines = []
    for goal in names[1:]:
        way = joins_to(goal, names[:1], tables, dialect)
        if way.count("JOIN ") > 1:
            lines.append(f"-- {goal} of {names[0]}: FROM {dialect.quote_name(names[0])} {way}")
    return "\n".join(lines[:_MOST_WAYS])


def _neighbours(name: str, tables: Sequence[Table]) -> Iterator[tuple[Join, str]]:
    known = {table.name for table in tables}
    for join in (join for table in tables for join in table.joins):
        if name in (join.table, join.other) and {join.table, join.other} <= known:
            yield join, join.other if join.table == name else join.table
