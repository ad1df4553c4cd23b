"""The ways along keys between tables, with their direction: up to what a row belongs to, or down to its rows.

A step up never repeats a row; a step down repeats it for each of its rows. What goes up and then down (two
payments of the order of a line) pairs rows that have nothing to do with each other: that is no way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from qwen_magics.tools.join_path import neighbours
from qwen_magics.tools.key_roles import is_only_role, roles_said
from qwen_magics.tools.schema import Join, Table

__all__ = ["Step", "Way", "certain_way", "ways"]

_MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One key, gone along from the table that has it (`up`) or from the one that it leads to."""

    join: Join
    up: bool

    @property
    def start(self) -> str:
        return self.join.table if self.up else self.join.other

    @property
    def end(self) -> str:
        return self.join.other if self.up else self.join.table


Way = tuple[Step, ...]


def ways(starts: Collection[str], goal: str, tables: Sequence[Table]) -> list[Way]:
    """All ways of at most four steps from one of the tables to `goal`, down first and then up, if at all."""
    return [way for start in starts for way in _ways((), start, goal, frozenset(starts), tables)]


def _ways(way: Way, here: str, goal: str, seen: frozenset[str], tables: Sequence[Table]) -> Iterator[Way]:
    for join, there in neighbours(here, tables):
        step = Step(join, join.table == here)
        if there in seen or (way and way[-1].up and not step.up):
            continue
        if there == goal:
            yield (*way, step)
        elif len(way) + 1 < _MOST_STEPS:
            yield from _ways((*way, step), there, goal, seen | {there}, tables)


def certain_way(
    starts: Collection[str], goal: str, tables: Sequence[Table], question: str = ""
) -> Way | None:
    """The one way that is meant; None where two are as likely.

    The question decides if it names the key that leads to `goal` by a role of its own ("home branch"); else
    the shortest way does, of those that only go up if there are any.
    """
    found = ways(starts, goal, tables)
    said = [(join, at) for join, at in roles_said(question, tables) if join.other == goal]
    if said:
        named = [way for way in found if way[-1].up and any(way[-1].join == join for join, _ in said)]
        if len(said) > 1 or not is_only_role(question, *said[0]):
            return found[0] if len(found) == 1 else None
        found = named
    upward = [way for way in found if all(step.up for step in way)]
    shortest = min(map(len, upward or found), default=0)
    best = [way for way in upward or found if len(way) == shortest]
    return best[0] if len(best) == 1 else None
