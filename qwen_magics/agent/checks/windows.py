"""Moving windows that take another number of rows than the question says."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Set
from typing import TYPE_CHECKING

from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.errors import QueryError

if TYPE_CHECKING:
    pass

__all__ = ["windows"]

_NUMBER = rf"\d{{1,3}}|{'|'.join(n for n in NUMBERS if n.isascii())}"
_PERIOD = re.compile(
    rf"\b({_NUMBER})[- ](?:consecutive |successive |preceding |previous |prior )?"
    r"(day|week|month|quarter|year)s?\b",
    re.IGNORECASE,
)
# "It and the two months before": three of them.
_EARLIER = r"(?:before|earlier|last|preceding|previous|prior)"
_AND_EARLIER = re.compile(
    rf"\b(?:and|plus|with) (?:the |its )?(?:{_EARLIER} (?:{_NUMBER}) \w+"
    rf"|(?:{_NUMBER}) (?:{_EARLIER} \w+|\w+ {_EARLIER}))\b",
    re.IGNORECASE,
)
_ROLLING = re.compile(r"\brolling\(\s*(?:window\s*=\s*)?(\d+(?:\s*\*\s*\d+)*)\s*[,)]")


def windows(
    question: str, spacing: Callable[[], Set[str]]
) -> Iterator[Callable[[object, str], QueryError | None]]:
    """The checks of programs for a question.

    Args:
        spacing: units by which the tables' dates go, such as `month`; asked where it matters.
    """
    period = _PERIOD.search(question)
    if period is not None:
        number = int(NUMBERS.get(period[1].casefold(), period[1]))
        rows = number + bool(_AND_EARLIER.search(question))
        yield lambda _, code: _window_of_rows(rows, period[2].lower(), code, spacing)


def _window_of_rows(number: int, unit: str, code: str, spacing: Callable[[], Set[str]]) -> QueryError | None:
    """A moving window counts rows; where each is a month, three months are three of them."""
    window = _ROLLING.search(code)
    if window is None or unit not in spacing():
        return None
    rows = math.prod(map(int, re.findall(r"\d+", window[1])))
    if rows == number:
        return None
    message = f"rolling({window[1]}) takes {rows} rows, and the rows are one {unit} apart."
    return QueryError("other_window", message, f"Write rolling({number}).")
