"""A question with the code that computes its right answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frames", "Question"]

Frames: TypeAlias = "Mapping[str, pd.DataFrame]"


@dataclass(frozen=True, slots=True)
class Question:
    """`gold(frames)` is a number, a text or a DataFrame, computed without any model."""

    key: str
    text: str
    gold: Callable[[Frames], object]
    ordered: bool = False
