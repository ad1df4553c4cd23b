"""The ways along keys from a table to what each of its rows belongs to: never to several rows of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Join, Table

__all__ = ["KeyWay", "ways_along"]

KeyWay = tuple[Join, ...]
"""The keys in order, each from the table that the one before led to."""


def ways_along(
    start: Table, tables: Sequence[Table], said: Sequence[str] = ()
) -> Mapping[str, KeyWay | None]:
    """Name of each table that keys lead to from `start` → the shortest way; None if two are equally short.

    Args:
        said: words of a question, singular: of two ways, the one through tables that it names is meant; those
            that all of the ways lead through need not be named.
    """
    named = set(said)
    known = {table.name: table for table in tables}
    ways: dict[str, list[KeyWay]] = {start.name: [()]}
    level = [start.name]
    while level:
        reached: dict[str, list[KeyWay]] = {}
        for name in level:
            for join in known[name].joins:
                if join.other in known and join.other not in ways:
                    longer = [(*way, join) for way in ways[name]]
                    reached.setdefault(join.other, []).extend(longer)
        ways |= reached
        level = list(reached)
    del ways[start.name]
    return {name: _only(found, named) for name, found in ways.items()}


def _only(found: Sequence[KeyWay], named: set[str]) -> KeyWay | None:
    if len(found) == 1:
        return found[0]
    shared = set.intersection(*({join.table for join in way} for way in found))
    marked = [
        way for way in found if all(_is_said(join.table, named) for join in way if join.table not in shared)
    ]
    return marked[0] if len(marked) == 1 else None


def _is_said(name: str, named: set[str]) -> bool:
    return all(any(alike(part, word) for word in named) for part in words_of(name))
