"""Parts and spans of time."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _quarters(f: Frames) -> pd.DataFrame:
    year = f["co2"][f["co2"]["date"].dt.year == 2000]
    # How a quarter is called is left open.
    return year.groupby(year["date"].dt.quarter)["co2"].mean().to_frame()


def _winter(f: Frames) -> int:
    winter = f["crimea"][f["crimea"]["date"].between("1854-12-01", "1855-02-28")]
    return int(winter[["wounds", "other", "disease"]].sum().sum())


def _july(f: Frames) -> float:
    when = f["seattle_temps"]["date"].dt
    return float(f["seattle_temps"][(when.month == 7) & (when.hour == 15)]["temp"].mean())


QUESTIONS = (
    Question(
        "co2-gaps",
        "How many of the weekly readings of 1964 are missing in @co2?",
        lambda f: f["co2"][f["co2"]["date"].dt.year == 1964]["co2"].isna().sum(),
        source="packages",
    ),
    Question(
        "co2-quarters",
        "Average the readings of the year 2000 in @co2 by quarter.",
        _quarters,
        source="packages",
    ),
    Question(
        "fewest-private-jobs",
        "When did private employment reach its lowest point in @employment?",
        lambda f: f["employment"].loc[f["employment"]["private"].idxmin(), "month"],
        source="packages",
    ),
    Question(
        "mondays",
        "How many of the trading days in @ohlc were Mondays?",
        lambda f: (f["ohlc"]["date"].dt.day_of_week == 0).sum(),
        source="packages",
    ),
    Question(
        "winter-deaths",
        "Total of the deaths from all causes in the winter from December 1854 to February 1855, @crimea",
        _winter,
        source="packages",
    ),
    Question(
        "july-afternoons",
        "How warm was it on average at 3 in the afternoon in July, according to @seattle_temps?",
        _july,
        source="packages",
    ),
)
