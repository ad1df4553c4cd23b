"""Twenty questions of kinds that SQL says badly: reshaping, correlation, regression, time series, statistics.

Written before any model had seen them. Compared as tables, so the names of columns do not matter.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _daily(f: Frames) -> pd.Series[float]:
    days = pd.to_datetime(f["flights"][["year", "month", "day"]])
    return f["flights"].groupby(days)["dep_delay"].mean()


def _origin_by_month(f: Frames) -> pd.DataFrame:
    return f["flights"].pivot_table(index="origin", columns="month", values="dep_delay").reset_index()


def _species_by_island(f: Frames) -> pd.DataFrame:
    return pd.crosstab(f["penguins"]["species"], f["penguins"]["island"]).reset_index()


def _slope(f: Frames, x: str, y: str) -> float:
    known = f["penguins"][[x, y]].dropna()
    return float(np.polyfit(known[x], known[y], 1)[0])


def _mass_by_sex(f: Frames) -> pd.DataFrame:
    return f["penguins"].pivot_table(index="species", columns="sex", values="body_mass_g").reset_index()


def _correlations(f: Frames) -> pd.DataFrame:
    return f["penguins"][["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]].corr().reset_index()


def _zscores(f: Frames) -> int:
    mass = f["penguins"]["body_mass_g"]
    return int(((mass - mass.mean()) / mass.std() > 2).sum())


def _species_corr(f: Frames) -> pd.DataFrame:
    groups = f["penguins"].groupby("species")
    rows = [(name, g["bill_length_mm"].corr(g["bill_depth_mm"])) for name, g in groups]
    return pd.DataFrame(rows, columns=["species", "correlation"])


def _carrier_share(f: Frames) -> pd.DataFrame:
    table = pd.crosstab(f["flights"]["origin"], f["flights"]["carrier"])
    return table.reset_index()


def _rolling_peak(f: Frames) -> float:
    return float(_daily(f).rolling(7).mean().max())


QUESTIONS = (
    Question(
        "corr-delays",
        "What is the correlation between departure delay and arrival delay in @flights?",
        lambda f: f["flights"]["dep_delay"].corr(f["flights"]["arr_delay"]),
    ),
    Question(
        "corr-bill",
        "How strongly do bill length and bill depth correlate in @penguins?",
        lambda f: f["penguins"]["bill_length_mm"].corr(f["penguins"]["bill_depth_mm"]),
    ),
    Question(
        "corr-species",
        "What is the correlation of bill length and bill depth within each species of @penguins?",
        _species_corr,
    ),
    Question(
        "corr-matrix",
        "Give the correlation matrix of bill length, bill depth and flipper length in @penguins.",
        _correlations,
    ),
    Question(
        "slope",
        "Fit a linear regression of body mass on flipper length in @penguins. What is the slope?",
        lambda f: _slope(f, "flipper_length_mm", "body_mass_g"),
    ),
    Question(
        "slope-bill",
        "By how many grams does body mass rise per mm of bill length (slope of a linear fit) in @penguins?",
        lambda f: _slope(f, "bill_length_mm", "body_mass_g"),
    ),
    Question(
        "pivot-delay",
        "Average departure delay of @flights per origin, with the months as columns",
        _origin_by_month,
    ),
    Question("crosstab", "Cross-tabulate species and island in @penguins.", _species_by_island),
    Question(
        "pivot-sex",
        "Average body mass per species in @penguins with one column for each sex",
        _mass_by_sex,
    ),
    Question(
        "pivot-carrier",
        "Make a contingency table of origin and carrier in @flights.",
        _carrier_share,
    ),
    Question(
        "rolling",
        "What is the highest 7-day moving average of the daily mean departure delay in @flights? "
        "The date is in year, month and day.",
        _rolling_peak,
    ),
    Question(
        "rolling-table",
        "Number of @flights per month and its 3-month rolling mean",
        lambda f: pd.DataFrame(
            {
                "n": (n := f["flights"].groupby("month").size()),
                "mean": n.rolling(3).mean(),
            }
        ).reset_index(),
    ),
    Question(
        "change",
        "What is the percentage change from month to month of the number of @flights?",
        lambda f: (f["flights"].groupby("month").size().pct_change()).reset_index(name="change"),
    ),
    Question(
        "autocorr",
        "What is the lag-1 autocorrelation of body mass in @penguins, in the order of the rows?",
        lambda f: f["penguins"]["body_mass_g"].autocorr(1),
    ),
    Question("zscore", "How many @penguins have a body mass z-score above 2?", _zscores),
    Question(
        "quartiles",
        "What are the quartiles of body mass in @penguins?",
        lambda f: f["penguins"]["body_mass_g"].quantile([0.25, 0.5, 0.75]).to_frame(),
    ),
    Question(
        "iqr",
        "What is the interquartile range of flipper length in @penguins?",
        lambda f: (
            f["penguins"]["flipper_length_mm"].quantile(0.75)
            - f["penguins"]["flipper_length_mm"].quantile(0.25)
        ),
    ),
    Question(
        "skew",
        "How skewed is the distance of @flights? Give the skewness.",
        lambda f: f["flights"]["distance"].skew(),
    ),
    Question(
        "transpose",
        "Show the mean of bill length, bill depth and body mass per species of @penguins, transposed",
        lambda f: (
            f["penguins"]
            .groupby("species")[["bill_length_mm", "bill_depth_mm", "body_mass_g"]]
            .mean()
            .T.reset_index()
        ),
    ),
    Question(
        "melt",
        "Melt bill_length_mm and bill_depth_mm of @penguins to long format. How many rows are there?",
        lambda f: 2 * len(f["penguins"]),
    ),
)
