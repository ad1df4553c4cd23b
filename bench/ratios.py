"""Medians and ratios of interleaved samples. Pure functions over the result's lists."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Ratio", "median", "ratio"]

Samples = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times better the first side is: median, least and greatest over the pairs."""

    median: float
    least: float
    greatest: float
    pairs: int

    def __str__(self) -> str:
        spread = f" ({self.least:.2f}–{self.greatest:.2f})" if self.pairs > 1 else ""
        return f"{self.median:.2f}×{spread}"


def median(samples: Samples | None) -> float | None:
    """Of the samples that there are."""
    present = [value for value in samples or () if value is not None]
    return statistics.median(present) if present else None


def ratio(ours: Samples | None, theirs: Samples | None, *, more_is_better: bool) -> Ratio | None:
    """Over the rounds that have both; above 1 where ours is better. None without such a round."""
    pairs = [(a, b) for a, b in zip(ours or (), theirs or (), strict=False) if a and b]
    values = [a / b if more_is_better else b / a for a, b in pairs]
    if not values:
        return None
    return Ratio(statistics.median(values), min(values), max(values), len(values))
