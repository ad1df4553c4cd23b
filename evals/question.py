"""A question with the code that computes its right answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CATEGORIES", "Category", "Changed", "Frames", "Question", "Readings", "Source"]

Frames: TypeAlias = "Mapping[str, pd.DataFrame]"
Source = Literal["frames", "packages", "library", "wholesale", "office"]
Category = Literal[
    "filter",
    "group",
    "join",
    "ratio",
    "date",
    "window",
    "text",
    "reshape",
    "statistics",
    "multi-step",
    "ambiguous",
    "unanswerable",
    "api-read",
    "api-write",
]
CATEGORIES: tuple[Category, ...] = Category.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Question:
    """`gold(frames)` is computed without any model.

    Attributes:
        gold: gives a number, a text, a date or a DataFrame; None where the data has no answer;
            `Readings` where several answers are right; `Changed` where a change is asked for.
        ordered: whether the order of a table's rows counts.
        source: frames named by `@` (those of the suite, or `packages` of later questions), the library's
            database, or the office's API; `frames` of `gold` are the tables of that source.
    """

    key: str
    text: str
    gold: Callable[[Frames], object]
    ordered: bool = False
    source: Source = "frames"


@dataclass(frozen=True, slots=True)
class Readings:
    """Several right answers.

    Attributes:
        ambiguous: to ask back is right as well.
    """

    values: tuple[object, ...]
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """What the source's tables have to be afterwards; a new record's id is the server's."""

    tables: Frames
