"""The aggregates of statistics that SQLite has not, computed here while it runs a query.

They mean what they mean in PostgreSQL: rows without a value are left out, and there is no deviation of one
value. They belong to a connection of this package: a query that uses them runs nowhere else. None is a window
function, as Python's module crashes where a window is empty.
"""

from __future__ import annotations

import math
import sqlite3
from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

__all__ = ["STATISTICS", "register"]


class _Spread:
    """One pass over one column (`x` alone) or two, kept exact where values are large and close (Welford)."""

    def __init__(self, result: Callable[[_Spread], float | None]) -> None:
        self._result = result
        self.count = 0
        self.mean_y = self.mean_x = self.yy = self.xx = self.yx = 0.0

    def step(self, *values: object) -> None:
        """Take in one row: x, or y and x as `REGR_SLOPE(y, x)` has them."""
        if None in values:
            return
        y, x = _number(values[0]), _number(values[-1])
        self.count += 1
        off_y, off_x = y - self.mean_y, x - self.mean_x
        self.mean_y += off_y / self.count
        self.mean_x += off_x / self.count
        self.yy += off_y * (y - self.mean_y)
        self.xx += off_x * (x - self.mean_x)
        self.yx += off_y * (x - self.mean_x)

    def finalize(self) -> float | None:
        """What the rows come to; None where that is not defined."""
        return self._result(self)


class _Quantile:
    """All values of a column, eight bytes each, and where to look among them."""

    def __init__(self) -> None:
        self._values = array("d")
        self._share = 0.5

    def step(self, value: object, share: object = 0.5) -> None:
        """Take in one row."""
        if value is not None:
            self._values.append(_number(value))
            self._share = _number(share)

    def finalize(self) -> float | None:
        """The value at that share of the way, between two of them if it falls there.

        Raises:
            ValueError: the share is not from 0 to 1.
        """
        import numpy as np

        return float(np.quantile(np.frombuffer(self._values), self._share)) if self._values else None


class _Mode:
    """The most frequent value; of several the least."""

    def __init__(self) -> None:
        self._counts = Counter[str | float]()

    def step(self, value: str | float | None) -> None:
        """Take in one row."""
        if value is not None:
            self._counts[value] += 1

    def finalize(self) -> str | float | None:
        """The value."""
        most = max(self._counts.values(), default=0)
        found = [value for value, count in self._counts.items() if count == most]
        return min(found, key=lambda value: (isinstance(value, str), value), default=None)


def _number(value: object) -> float:
    if isinstance(value, (int, float, str)):
        return float(value)
    msg = "not a number"
    raise ValueError(msg)


def _of(total: str, *, less: int = 0, root: bool = False) -> Callable[[_Spread], float | None]:
    """A sum of squares or products for each row, or its root."""

    def result(spread: _Spread) -> float | None:
        if spread.count <= less:
            return None
        mean = float(getattr(spread, total)) / (spread.count - less)
        return math.sqrt(mean) if root else mean

    return result


def _corr(spread: _Spread) -> float | None:
    product = math.sqrt(spread.yy) * math.sqrt(spread.xx)
    return max(-1.0, min(1.0, spread.yx / product)) if product else None


def _slope(spread: _Spread) -> float | None:
    return spread.yx / spread.xx if spread.xx else None


def _intercept(spread: _Spread) -> float | None:
    return spread.mean_y - spread.mean_x * spread.yx / spread.xx if spread.xx else None


def _r2(spread: _Spread) -> float | None:
    if not spread.xx:
        return None
    corr = _corr(spread)
    return 1.0 if corr is None else corr**2


_RESULTS: Mapping[str, tuple[int, Callable[[_Spread], float | None]]] = {
    "corr": (2, _corr),
    "covar_pop": (2, _of("yx")),
    "covar_samp": (2, _of("yx", less=1)),
    "regr_intercept": (2, _intercept),
    "regr_r2": (2, _r2),
    "regr_slope": (2, _slope),
    "stddev": (1, _of("xx", less=1, root=True)),
    "stddev_pop": (1, _of("xx", root=True)),
    "stddev_samp": (1, _of("xx", less=1, root=True)),
    "stdev": (1, _of("xx", less=1, root=True)),
    "var_pop": (1, _of("xx")),
    "var_samp": (1, _of("xx", less=1)),
    "variance": (1, _of("xx", less=1)),
}

STATISTICS = frozenset(_RESULTS) | {"median", "mode", "percentile_cont", "quantile_cont"}


def register(connection: sqlite3.Connection, there: frozenset[str] = frozenset()) -> None:
    """Give the connection those of the aggregates that it has not.

    Args:
        there: names of the functions that it has.
    """
    # Any, as typeshed knows only aggregates of one whole number.
    made: dict[str, tuple[int, Any]] = {
        **{name: (arguments, partial(_Spread, result)) for name, (arguments, result) in _RESULTS.items()},
        **{"median": (1, _Quantile), "percentile_cont": (2, _Quantile), "quantile_cont": (2, _Quantile)},
        "mode": (1, _Mode),
    }
    for name, (arguments, aggregate) in made.items():
        if name not in there:
            connection.create_aggregate(name, arguments, aggregate)
