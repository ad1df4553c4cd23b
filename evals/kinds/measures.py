"""Measures of groups, records, letters."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _records(f: Frames) -> int:
    warmest = f["seattle"].sort_values("date")["temp_max"]
    return int((warmest > warmest.cummax().shift()).sum())


def _places(f: Frames) -> pd.DataFrame:
    latest = f["gapminder"].query("year == 2007")
    place = latest.groupby("continent")["gdpPercap"].rank(ascending=False).astype(int)
    return latest[["country"]].assign(place=place)


def _poorest_ten(f: Frames) -> Readings:
    """Two share the tenth place."""
    poorest = (f["statecrime"].nlargest(10, "poverty", keep=keep) for keep in ("first", "last"))
    return Readings(tuple(float(states["murder"].mean()) for states in poorest))


def _apart(f: Frames) -> float:
    means = f["penguins"].groupby("species")["body_mass_g"].mean()
    return float(means.max() - means.min())


def _late_carriers(f: Frames) -> Readings:
    late = (f["flights"].groupby("carrier")["arr_delay"].mean() > 10).mean()
    return Readings((late, 100 * late))


def _scattered(f: Frames) -> str:
    return str(f["penguins"].groupby("island")["bill_length_mm"].std().idxmax())


def _geometric(f: Frames) -> float:
    stocks = f["stocks"]
    return float(np.exp(np.log(stocks[stocks.symbol == "AMZN"]["price"]).mean()))


def _letters(f: Frames) -> pd.DataFrame:
    return f["airlines"]["name"].str[0].value_counts().rename_axis("letter").reset_index()


def _digits(f: Frames) -> int:
    return int(f["us_airports"]["name"].str.contains(r"\d").sum())


def _first_half(f: Frames) -> float:
    days = f["seattle"]
    half = days[(days.date.dt.year == 2013) & (days.date.dt.month <= 6)]
    return float(half["precipitation"].sum())


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "window",
        Question("k-records", "On how many days did temp_max in @seattle reach a new record?", _records),
    ),
    (
        "window",
        Question(
            "k-places",
            "For 2007 in @gapminder, rank the countries within their continent by gdpPercap, richest first.",
            _places,
        ),
    ),
    (
        "multi-step",
        Question(
            "k-poorest-ten",
            "What is the average murder rate of the ten states with the most poverty in @statecrime?",
            _poorest_ten,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "k-apart",
            "How far apart are the average body masses of the heaviest and lightest species of @penguins?",
            _apart,
        ),
    ),
    (
        "ratio",
        Question(
            "k-late-carriers",
            "What share of the carriers in @flights has an average arr_delay above 10 minutes?",
            _late_carriers,
        ),
    ),
    (
        "statistics",
        Question(
            "k-scattered", "On which island does bill_length_mm of the @penguins vary the most?", _scattered
        ),
    ),
    ("statistics", Question("k-geometric", "Geometric mean of the price of AMZN in @stocks", _geometric)),
    ("text", Question("k-letters", "Count the @airlines by the first letter of their name.", _letters)),
    (
        "text",
        Question("k-digits", "How many @us_airports have a digit in their name?", _digits, source="packages"),
    ),
    (
        "date",
        Question("k-first-half", "Total precipitation of the first half of 2013 in @seattle", _first_half),
    ),
)
