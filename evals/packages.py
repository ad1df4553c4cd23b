"""Tables of installed packages that the suite does not ask about, for `evals.development`."""

from __future__ import annotations

import warnings
from functools import lru_cache

import pandas as pd

__all__ = ["tables"]


@lru_cache(maxsize=1)
def tables() -> dict[str, pd.DataFrame]:
    """Seventeen tables, as their packages bring them; an index that says something is a column here."""
    with warnings.catch_warnings():
        # Old packages that read their files by keywords which pandas 3 announces the end of.
        warnings.simplefilter("ignore")
        return {**_vega(), **_statsmodels(), **_scikit_learn()}


def _vega() -> dict[str, pd.DataFrame]:
    from vega_datasets import local_data

    return {
        "us_airports": local_data.airports(),
        "employment": local_data.us_employment(),
        "ohlc": local_data.ohlc(),
        "electricity": local_data.iowa_electricity(),
        "driving": local_data.driving(),
        "antibiotics": local_data.burtin(),
        "crimea": local_data.crimea(),
        "seattle_temps": local_data.seattle_temps(),
        "sf_temps": local_data.sf_temps(),
    }


def _statsmodels() -> dict[str, pd.DataFrame]:
    from statsmodels.datasets import co2, elnino, fertility, grunfeld, statecrime, sunspots

    return {
        "grunfeld": grunfeld.load_pandas().data,
        "fertility": fertility.load_pandas().data,
        # Some names of states end with a blank, which nobody asks about.
        "statecrime": statecrime.load_pandas().data.rename(index=str.strip).reset_index(),
        "co2": co2.load_pandas().data.rename_axis("date").reset_index(),
        "elnino": elnino.load_pandas().data,
        "sunspots": sunspots.load_pandas().data,
    }


def _scikit_learn() -> dict[str, pd.DataFrame]:
    """Twenty men of a fitness club, by their number: what they can do, and how they are built."""
    from sklearn.datasets import load_linnerud

    club = load_linnerud(as_frame=True)
    return {
        name: frame.rename_axis("member").reset_index()
        for name, frame in (("exercise", club.data), ("physique", club.target))
    }
