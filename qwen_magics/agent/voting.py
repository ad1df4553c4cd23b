"""Which of several sampled answers to trust: the one whose result most of them have.

Programs differ in their words and agree in what they compute; so results are compared, not programs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["elect", "signature"]

T = TypeVar("T")

_MOST_ROWS = 2_000
_DIGITS = 6


def signature(frame: pd.DataFrame) -> Hashable:
    """Equal for results that say the same: rows in any order, columns in any order and of any name.

    Numbers count as equal when six significant digits are. Rows beyond 2,000 are only counted.
    """
    head = frame.head(_MOST_ROWS)
    columns = [tuple(_cell(cell) for cell in head.iloc[:, place].tolist()) for place in range(head.shape[1])]
    rows = sorted(zip(*sorted(columns), strict=True))
    return frame.shape, tuple(rows)


def elect(ballots: Sequence[tuple[Hashable, T]], needed: int | None = None) -> T | None:
    """The first candidate of the result with most votes.

    Args:
        needed: how many votes it takes; None for whatever the most are.
    """
    if not ballots:
        return None
    counts = Counter(vote for vote, _ in ballots)
    # Counter keeps the order of first sight: of two results with as many votes, the earlier one wins.
    winner, votes = counts.most_common(1)[0]
    if needed is not None and votes < needed:
        return None
    return next(candidate for vote, candidate in ballots if vote == winner)


def _cell(cell: Any) -> str:
    # By its text, whatever it is: a result may hold pd.NA or a list, which cannot be compared.
    number = isinstance(cell, Real) and not isinstance(cell, bool)
    return f"{float(cell):.{_DIGITS}g}" if number else str(cell)
