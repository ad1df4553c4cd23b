"""One line that says what a result is. Every figure in it is a cell of the result or a count of its rows."""

from __future__ import annotations

import datetime
import math
import re
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["format_value", "sentence", "words_grammar"]

_MOST_CELLS = 6


def sentence(frame: pd.DataFrame) -> str:
    """The line for a result.

    >>> sentence(pd.DataFrame({"name": ["Frontier"], "delay": [21.9207]}))
    'name: Frontier, delay: 21.92'
    """
    rows, columns = frame.shape
    if rows == 0:
        return "No rows match."
    if rows == 1 and columns == 1:
        return format_value(frame.iat[0, 0])
    if rows == 1 and columns <= _MOST_CELLS:
        return ", ".join(f"{name}: {format_value(frame.iat[0, i])}" for i, name in enumerate(frame.columns))
    return f"{rows:,} {_plural(rows, 'row')} with {columns} {_plural(columns, 'column')}: {_names(frame)}."


def format_value(value: Any) -> str:
    """A cell for reading: thousands apart, four significant digits of a fraction, `none` where nothing is.

    >>> format_value(336776), format_value(0.0123456), format_value(None)
    ('336,776', '0.01235', 'none')
    """
    if _missing(value):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        return f"{int(value):,}"
    if isinstance(value, Real):
        return _fraction(float(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time() and value.tzinfo is None:
        return value.date().isoformat()
    return str(value)


def words_grammar(question: str) -> str:
    """Lark for an answer in words without data: it may hold no digits but those of the numbers in the
    question.

    >>> "2024" in words_grammar("what is new in pandas 3 and 2024?")
    True
    """
    numbers = sorted(set(re.findall(r"[0-9]+(?:[.,][0-9]+)*", question)), key=lambda n: (-len(n), n))
    if not numbers:
        return "start: WORDS\nWORDS: /[^0-9]+/"
    choice = " | ".join(f'"{number}"' for number in numbers)
    return f"start: WORDS? (NUMBER WORDS)* NUMBER?\nWORDS: /[^0-9]+/\nNUMBER: {choice}"


def _missing(value: Any) -> bool:
    import pandas as pd

    # A list or array in a cell is no scalar, and pd.isna would answer with an array.
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _fraction(value: float) -> str:
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    if abs(value) >= 100 or value == 0:
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{value:.4g}" if abs(value) >= 1e-4 else f"{value:.3e}"


def _names(frame: pd.DataFrame) -> str:
    names = [str(name) for name in frame.columns]
    return ", ".join(names[:_MOST_CELLS]) + (", …" if len(names) > _MOST_CELLS else "")


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"
