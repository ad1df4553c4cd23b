"""What things are compared by, and which end is meant: the oldest have the lowest year, the highest age."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import numbers_in
from qwen_magics.agent.words.adjectives import measures_of
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.patterns.phrases import LOW
from qwen_magics.tools.schema import Column, Table, is_year

__all__ = ["Measured", "measured", "named_numbers"]

_LOW = re.compile(
    rf"{LOW}|\b(?:lightest|youngest|slowest|narrowest|shallowest|quietest|thinnest|earliest)\b",
    re.IGNORECASE,
)
_AGES = {"oldest": "", "youngest": " DESC", "newest": " DESC"}
_COMPASS = {
    **{"northern": ("lat", " DESC"), "southern": ("lat", "")},
    **{"eastern": ("lon", " DESC"), "western": ("lon", "")},
}


@dataclass(frozen=True, slots=True)
class Measured:
    """The column, and `order`: what stands behind it in ORDER BY."""

    column: Column
    order: str

    @property
    def end(self) -> str:
        """In words."""
        return "highest" if self.order else "lowest"


def named_numbers(phrase: str, table: Table) -> list[Column]:
    """The columns of numbers that the phrase names; those alone that it spells: temp_max is no temp_min."""
    found = numbers_in(phrase, table)
    spelled = [c for c in found if re.search(rf"(?<!\w){re.escape(c.name)}(?!\w)", phrase)]
    return spelled if len(found) > 1 and spelled else found


def measured(phrase: str, table: Table, *, adjectives: bool = True) -> Measured | None:
    """The one column that the phrase compares by, by its name or by what its adjective measures."""
    found = named_numbers(phrase, table)
    if not found and adjectives:
        if (special := _special(phrase, table)) is not None:
            return special
        found = _by_adjective(phrase, table)
    if len(found) != 1:
        return None
    return Measured(found[0], "" if _LOW.search(phrase) else " DESC")


def _by_adjective(phrase: str, table: Table) -> list[Column]:
    nouns = [noun for word in words_of(phrase) for noun in measures_of(word)]
    keys = {join.column for join in table.joins}
    numbers = [c for c in table.columns if is_number(c) and not is_year(c) and c.name not in keys]
    return [c for c in numbers if any(alike(noun, part) for noun in nouns for part in _own(c))]


def _special(phrase: str, table: Table) -> Measured | None:
    """The northernmost by latitude; the oldest by the one year that the table has."""
    compass = re.search(r"(?i)\b(north|south|east|west)ern ?most\b", phrase)
    if compass is not None:
        axis, order = _COMPASS[f"{compass[1].casefold()}ern"]
        return _one([c for c in table.columns if is_number(c) and _is_axis(c, axis)], order)
    age = next((word for word in words_of(phrase) if word in _AGES), None)
    return None if age is None else _one([c for c in table.columns if is_year(c)], _AGES[age])


def _is_axis(column: Column, axis: str) -> bool:
    own = words_of(column.name)
    return any(
        part in (axis, f"{axis}gitude", f"{axis}itude", "lng" if axis == "lon" else axis) for part in own
    )


def _one(columns: Sequence[Column], order: str) -> Measured | None:
    return Measured(columns[0], order) if len(columns) == 1 else None


def _own(column: Column) -> list[str]:
    return words_of(column.name)
