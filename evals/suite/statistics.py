"""Spread, correlation, regression, quantiles, tests."""

from __future__ import annotations

import numpy as np

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _slope(f: Frames, table: str, x: str, y: str) -> float:
    known = f[table][[x, y]].dropna()
    return float(np.polyfit(known[x], known[y], 1)[0])


def _r_squared(f: Frames) -> float:
    known = f["cars"][["Horsepower", "Miles_per_Gallon"]].dropna()
    return float(known["Horsepower"].corr(known["Miles_per_Gallon"]) ** 2)


QUESTIONS = (
    Question(
        "corr-power",
        "What is the correlation between horsepower and miles per gallon in @cars?",
        lambda f: f["cars"]["Horsepower"].corr(f["cars"]["Miles_per_Gallon"]),
    ),
    Question(
        "corr-wine",
        "How strongly does alcohol correlate with color intensity in @wine?",
        lambda f: f["wine"]["alcohol"].corr(f["wine"]["color_intensity"]),
    ),
    Question(
        "std-temp",
        "What is the standard deviation of temp_max in @seattle?",
        lambda f: f["seattle"]["temp_max"].std(),
    ),
    Question(
        "median-yield",
        "What is the median yield of each variety in @barley?",
        lambda f: f["barley"].groupby("variety")["yield"].median().reset_index(),
    ),
    Question(
        "slope-weight",
        "Fit a line of miles per gallon on weight in @cars. What is its slope?",
        lambda f: _slope(f, "cars", "Weight_in_lbs", "Miles_per_Gallon"),
    ),
    Question(
        "percentile-price",
        "What is the 90th percentile of the price of AMZN in @stocks?",
        lambda f: f["stocks"].query("symbol == 'AMZN'")["price"].quantile(0.9),
    ),
    Question(
        "variance-proline",
        "What is the sample variance of proline for each target in @wine?",
        lambda f: f["wine"].groupby("target")["proline"].var().reset_index(),
    ),
    Question(
        "corr-unemployment",
        "What is the correlation of unemp and infl in @macro?",
        lambda f: f["macro"]["unemp"].corr(f["macro"]["infl"]),
    ),
    Question(
        "r-squared",
        "What share of the variance of miles per gallon does horsepower explain (R squared) in @cars?",
        _r_squared,
    ),
    Question(
        "iqr-gdp",
        "What is the interquartile range of gdpPercap in 2007 in @gapminder?",
        lambda f: (
            (now := f["gapminder"].query("year == 2007")["gdpPercap"]).quantile(0.75) - now.quantile(0.25)
        ),
    ),
    Question(
        "skew-pop",
        "What is the skewness of the horsepower of @cars?",
        lambda f: f["cars"]["Horsepower"].skew(),
    ),
    Question(
        "slope-diabetes",
        "What is the slope of the regression of target on bmi in @diabetes?",
        lambda f: _slope(f, "diabetes", "bmi", "target"),
    ),
)
