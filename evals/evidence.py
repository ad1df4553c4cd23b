"""Numbers in an answer's sentence that are neither in the result nor in the question.

A number counts as evident if it is a cell of the result in some rounding, a part of a text or a date there,
the number of its rows, different rows or columns, or stands in the question or in the name of a column. Where
there is no result, the sizes of the tables at hand count in its place.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from numbers import Real

import pandas as pd

__all__ = ["invented"]

_NUMBER = re.compile(r"[-−]?\d+(?:,\d{3})+(?:\.\d+)?|[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
# Four significant digits, as sentences round.
_RELATIVE = 5.1e-4


def invented(sentence: str, question: str, value: object, known: Iterable[object] = ()) -> tuple[str, ...]:
    """The numbers of `sentence` that come from nowhere.

    Args:
        value: the answer's value: a scalar, a DataFrame, or None.
        known: more that is evident: names of tables and columns, their sizes, the program.

    >>> invented("carrier: UA, 58,665 flights, 17 %", "which carrier?", pd.DataFrame({"n": [58665]}))
    ('17',)
    """
    said = list(_NUMBER.findall(sentence))
    if not said:
        return ()
    evident = {float(n) for text in (question, *map(str, known)) for n in _numbers(text)}
    evident.update(_of(value))
    return tuple(n for n in said if not any(_same(_parsed(n), other) for other in evident))


def _of(value: object) -> Iterator[float]:
    if not isinstance(value, pd.DataFrame):
        yield from _cell(value)
        return
    yield from map(float, value.shape)
    # "Of which only 12 differ", as a check says.
    yield float(len(value.astype(str).drop_duplicates()))
    for place, column in enumerate(value.columns):
        yield from _numbers(str(column))
        cells = value.iloc[:, place]  # several columns may have one name
        for cell in cells.drop_duplicates() if cells.map(_is_plain).all() else cells:
            yield from _cell(cell)


def _is_plain(cell: object) -> bool:
    return cell is None or isinstance(cell, (str, Real, pd.Timestamp))


def _cell(cell: object) -> Iterator[float]:
    if isinstance(cell, Real):
        yield float(cell)
    elif cell is not None:
        yield from _numbers(str(cell))


def _numbers(text: str) -> Iterator[float]:
    # Once more without signs: the dashes of 2024-05-01 are none.
    for number in _NUMBER.findall(text):
        yield _parsed(number)
        yield abs(_parsed(number))


def _parsed(number: str) -> float:
    return float(number.replace(",", "").replace("−", "-"))


def _same(said: float, other: float) -> bool:
    if math.isnan(other):
        return False
    # The sign of a number behind a dash is not always one.
    return math.isclose(said, other, rel_tol=_RELATIVE, abs_tol=1e-9) or said == -other
