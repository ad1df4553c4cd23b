"""Functions of texts that SQLite has not and nothing of its own says as shortly.

Like the aggregates beside them they belong to a connection of this package. A regular expression of Python
may take for ever and cannot be interrupted: so one that might is refused.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

__all__ = ["SCALARS", "register"]

_MOST_STEPS = 10_000_000
# Repeating what repeats, or what has alternatives, tries every way to divide a text.
_NESTED = re.compile(r"\)\s*[*+{]")
_REPEATED = re.compile(r"(?<!\\)[*+]|\{\d*,\d*\}")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_OPTIONAL = re.compile(r"(?<![\\(*+}?])\?")
_MOST_CHOICES = 8
_REFERENCE = re.compile(r"\\[1-9]|\(\?P=")


def _regexp(pattern: str, text: str) -> int:
    """Whether the pattern is anywhere in the text: `text REGEXP pattern`.

    Raises:
        ValueError: the pattern is none, or might take too long on this text.
    """
    found, repeats = _compiled(pattern)
    if repeats and len(text) ** repeats > _MOST_STEPS:
        msg = "the pattern has too many repetitions for so long a text"
        raise ValueError(msg)
    return int(found.search(text) is not None)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> tuple[re.Pattern[str], int]:
    """The pattern, and how often something in it is repeated without a limit."""
    bare = _CLASS.sub("x", pattern)
    choices = max(len(_OPTIONAL.findall(bare)), bare.count("("))
    if _NESTED.search(bare) or _REFERENCE.search(bare) or choices > _MOST_CHOICES:
        msg = "groups may not be repeated, nor be many"
        raise ValueError(msg)
    try:
        # The first repetition of a search starts anywhere, which is one more.
        return re.compile(pattern), len(_REPEATED.findall(bare)) + 1
    except re.error as error:
        msg = f"not a regular expression: {error}"
        raise ValueError(msg) from error


def _reverse(text: str) -> str:
    """The characters from the last to the first."""
    return text[::-1]


def _initcap(text: str) -> str:
    """Each word with a capital and small letters after it."""
    return re.sub(r"[^\W_]+", lambda word: word[0].capitalize(), text)


def _split_part(text: str, separator: str, place: int) -> str:
    """The part of that place, from 1 on, or from the end below 0; empty where there is none."""
    parts = text.split(separator) if separator else [text]
    index = place - 1 if place > 0 else place
    return parts[index] if place and -len(parts) <= index < len(parts) else ""


def _lpad(text: str, length: int, fill: str = " ") -> str:
    """As long as asked for, filled from the left; cut where it was longer."""
    return _padding(text, length, fill) + text[: max(0, length)]


def _rpad(text: str, length: int, fill: str = " ") -> str:
    """As long as asked for, filled from the right; cut where it was longer."""
    return text[: max(0, length)] + _padding(text, length, fill)


_LONGEST_PADDED = 10_000


def _padding(text: str, length: int, fill: str) -> str:
    missing = min(length, _LONGEST_PADDED) - len(text)
    return (fill * missing)[:missing] if fill and missing > 0 else ""


# The function, and what its arguments are; fewer may be given where the last has a default.
_FUNCTIONS: Mapping[str, tuple[Callable[..., Any], tuple[type, ...]]] = {
    "initcap": (_initcap, (str,)),
    "lpad": (_lpad, (str, int, str)),
    "regexp": (_regexp, (str, str)),
    "reverse": (_reverse, (str,)),
    "rpad": (_rpad, (str, int, str)),
    "split_part": (_split_part, (str, str, int)),
}

SCALARS = frozenset(_FUNCTIONS)


def register(connection: sqlite3.Connection, there: frozenset[str] = frozenset()) -> None:
    """Give the connection those of the functions that it has not.

    Args:
        there: names of the functions that it has.
    """
    for name, (function, kinds) in _FUNCTIONS.items():
        arguments = -1 if function.__defaults__ else len(kinds)
        if name not in there:
            connection.create_function(name, arguments, _of_present(function, kinds), deterministic=True)


def _of_present(function: Callable[..., Any], kinds: tuple[type, ...]) -> Callable[..., Any]:
    """The function, with NULL of NULL as in any database; a number where a text belongs is its text."""

    def call(*values: Any) -> Any:
        if None in values:
            return None
        return function(*(kind(value) for kind, value in zip(kinds, values, strict=False)))

    return call
