"""East is where longitudes grow, north where latitudes do: `longitude < -68.5` lies west of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.errors import QueryError

__all__ = ["compass"]

_ASKED = re.compile(r"\b(east|west|north|south)(?:ern|wards?)? of\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"(?P<name>\b(?:lat|lon|lng|latitude|longitude)\b)[\"'\]]*\s*(?P<sign>[<>])=?\s*(?P<number>-?\d+(?:\.\d+)?)",
    re.IGNORECASE,
)
# The axis of each direction, and on which side of a number it lies.
_SIDES = {"east": ("lo", ">"), "west": ("lo", "<"), "north": ("la", ">"), "south": ("la", "<")}


def compass(question: str) -> Callable[[str], QueryError | None]:
    """A check of programs for one question; both directions of an axis in it leave that axis alone."""
    asked = {_SIDES[word.casefold()] for word in _ASKED.findall(question)}
    sides = {axis: sign for axis, sign in asked if len({s for a, s in asked if a == axis}) == 1}

    def check(code: str) -> QueryError | None:
        for found in _COMPARED.finditer(code):
            axis = "la" if found["name"].casefold().startswith("la") else "lo"
            sign = sides.get(axis, found["sign"])
            if sign != found["sign"]:
                name, number = found["name"], found["number"]
                message = f"{found[0]} is on the other side."
                return QueryError("other_side", message, f"Write {name} {sign} {number}.")
        return None

    return check
