"""One line that says what a result is. Every figure in it is a cell of the result or a count of its rows."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["format_value", "sentence", "words_grammar"]

_MOST_CELLS = 6
# 1,000.5 and 2024-03-01 and 12:30 are one each.
_NUMBER = re.compile(r"[0-9]+(?:[.,:/\-][0-9]+)*")
_MONTHS = "January|February|March|April|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_CALENDAR = f"{_MONTHS}|{_DAYS}".split("|")


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


def words_grammar(question: str, banned: Sequence[str] = ()) -> str:
    """Lark for an answer in words without data: its numbers and dates are those of the question.

    A date or a time of day is one number, so that its parts make no other date; names of months and of
    days of the week have to stand in the question as well.

    Args:
        banned: texts that must not be written.

    >>> "2024-03-01" in words_grammar("what is new since 2024-03-01?")
    True
    """
    strange = [name for name in _CALENDAR if name.casefold() not in question.casefold()]
    # In capitals as in a date; `May` is left out, which is a word as well.
    strange += [_escaped(text) for text in banned if not _NUMBER.search(text)]
    but = f" & ~/[^0-9]*({'|'.join(strange)})[^0-9]*/" if strange else ""
    numbers = sorted(set(_NUMBER.findall(question)), key=lambda n: (-len(n), n))
    if not numbers:
        return f"start: WORDS\nWORDS: /[^0-9]+/{but}"
    choice = " | ".join(f'"{number}"' for number in numbers)
    lines = (
        "start: WORDS? (NUMBER BETWEEN)* (NUMBER WORDS?)?",
        f"WORDS: /[^0-9]+/{but}",
        # Not only what stands inside a number or a date: two numbers must not make a third.
        f"BETWEEN: /[^0-9]*[^0-9.,:\\/\\s\\-][^0-9]*/{but}",
        f"NUMBER: {choice}",
    )
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """The text as a pattern inside slashes."""
    return re.sub(r"([^\w\s])", r"\\\1", text)


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
