"""Wide from long and long from wide."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _pivot(frame: pd.DataFrame, down: str, across: str, values: str, how: str = "mean") -> pd.DataFrame:
    return frame.pivot_table(index=down, columns=across, values=values, aggfunc=how).reset_index()


def _melted(f: Frames) -> float:
    return float(f["seattle"][["temp_max", "temp_min"]].melt()["value"].mean())


QUESTIONS = (
    Question(
        "barley-wide",
        "Pivot @barley: one row per site, the years as columns, the mean yield in the cells.",
        lambda f: _pivot(f["barley"], "site", "year", "yield"),
    ),
    Question(
        "stocks-wide",
        "Reshape @stocks to one row per date with a column of prices for each symbol.",
        lambda f: f["stocks"].pivot(index="date", columns="symbol", values="price").reset_index(),
    ),
    Question(
        "origin-cylinders",
        "Cross-tabulate origin and number of cylinders in @cars.",
        lambda f: pd.crosstab(f["cars"]["Origin"], f["cars"]["Cylinders"]).reset_index(),
    ),
    Question(
        "life-wide",
        "Average life expectancy in @gapminder with the continents down and the years across",
        lambda f: _pivot(f["gapminder"], "continent", "year", "lifeExp"),
    ),
    Question(
        "weather-year",
        "Contingency table of the weather by year in @seattle: weather down, years across",
        lambda f: pd.crosstab(f["seattle"]["weather"], f["seattle"]["date"].dt.year).reset_index(),
    ),
    Question(
        "melt-temps",
        "Melt temp_max and temp_min of @seattle into one column. What is the mean of that column?",
        _melted,
    ),
    Question(
        "engine-type",
        "Count the @planes with one row per engine and one column per type.",
        lambda f: pd.crosstab(f["planes"]["engine"], f["planes"]["type"]).reset_index(),
    ),
    Question(
        "temp-origin",
        "Pivot table of the average temp in @weather: months down, origins across",
        lambda f: _pivot(f["weather"], "month", "origin", "temp"),
    ),
    Question(
        "race-gender",
        "Make a cross table of race and gender in @riots.",
        lambda f: pd.crosstab(f["riots"]["race"], f["riots"]["gender"]).reset_index(),
    ),
)
