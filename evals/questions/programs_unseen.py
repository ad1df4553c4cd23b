"""Ten more questions of the kinds of `programs`, other words; written when routing and examples stood."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _fit(f: Frames, x: str, y: str) -> float:
    known = f["flights"][[x, y]].dropna()
    return float(np.polyfit(known[x], known[y], 1)[0])


def _year_columns(f: Frames) -> pd.DataFrame:
    return pd.crosstab(f["penguins"]["island"], f["penguins"]["year"]).reset_index()


def _outliers(f: Frames) -> int:
    delay = f["flights"]["dep_delay"]
    return int(((delay - delay.mean()) / delay.std() > 3).sum())


def _daily(f: Frames) -> pd.Series[float]:
    return f["flights"].groupby(pd.to_datetime(f["flights"][["year", "month", "day"]])).size()


QUESTIONS = (
    Question(
        "air-distance",
        "Is there a correlation between air time and distance in @flights? How large is it?",
        lambda f: f["flights"]["air_time"].corr(f["flights"]["distance"]),
    ),
    Question(
        "corr-island",
        "For each island in @penguins, how do flipper length and body mass correlate?",
        lambda f: pd.DataFrame(
            [
                (name, g["flipper_length_mm"].corr(g["body_mass_g"]))
                for name, g in f["penguins"].groupby("island")
            ]
        ),
    ),
    Question(
        "air-slope",
        "What is the slope of a straight line fit of air time against distance in @flights?",
        lambda f: _fit(f, "distance", "air_time"),
    ),
    Question("island-year", "Count the @penguins per island, with the years as columns", _year_columns),
    Question(
        "pivot-max",
        "Pivot table of the longest bill length in @penguins: species down, islands across",
        lambda f: (
            f["penguins"]
            .pivot_table(index="species", columns="island", values="bill_length_mm", aggfunc="max")
            .reset_index()
        ),
    ),
    Question(
        "moving-min",
        "What is the lowest 14-day moving average of the number of @flights per day? "
        "The date is in year, month and day.",
        lambda f: float(_daily(f).rolling(14).mean().min()),
    ),
    Question(
        "outliers", "How many @flights are outliers in departure delay, with a z-score above 3?", _outliers
    ),
    Question(
        "deciles",
        "Give the 90th and the 99th percentile of the arrival delay in @flights.",
        lambda f: f["flights"]["arr_delay"].quantile([0.9, 0.99]).to_frame(),
    ),
    Question(
        "kurtosis",
        "What is the kurtosis of body mass in @penguins?",
        lambda f: f["penguins"]["body_mass_g"].kurt(),
    ),
    Question(
        "describe",
        "Summary statistics of flipper length per species in @penguins",
        lambda f: f["penguins"].groupby("species")["flipper_length_mm"].describe().reset_index(),
    ),
)
