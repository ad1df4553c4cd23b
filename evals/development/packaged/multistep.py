"""Results that need an earlier result."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _dear_year(f: Frames) -> Readings:
    years = f["driving"].set_index("year")
    dearest = years["gas"].idxmax()
    fewer = years.loc[dearest - 1, "miles"] - years.loc[dearest, "miles"]
    return Readings((fewer, -fewer))


def _poverty_median(f: Frames) -> str:
    states = f["statecrime"]
    better = states[states["poverty"] < states["poverty"].median()]
    return str(better.loc[better["murder"].idxmax(), "state"])


def _gas_and_jobs(f: Frames) -> pd.DataFrame:
    months = f["employment"]
    jobs = months.groupby(months["month"].str[:4].astype(int))["manufacturing"].mean()
    both = f["driving"].merge(jobs, left_on="year", right_index=True)
    return both[["year", "gas", "manufacturing"]]


def _coldest_day(f: Frames) -> float:
    seattle, other = (f[name].assign(day=f[name]["date"].dt.date) for name in ("seattle_temps", "sf_temps"))
    day = seattle.groupby("day")["temp"].mean().idxmin()
    return float(other[other["day"] == day]["temp"].mean())


def _fallen(f: Frames) -> float:
    high = f["fertility"][f["fertility"]["1960"] > 6]
    return float(100 * (high["2010"] < 2.5).mean())


def _steady(f: Frames) -> pd.DataFrame:
    late = f["grunfeld"].query("year >= 1950")
    above = late["invest"] > late.groupby("year")["invest"].transform("mean")
    return above.groupby(late["firm"]).all().loc[lambda always: always].reset_index()[["firm"]]


QUESTIONS = (
    Question(
        "dearest-gas",
        "Take the year with the highest gas price in @driving. How many fewer miles were driven than the "
        "year before?",
        _dear_year,
        source="packages",
    ),
    Question(
        "below-median-poverty",
        "Among the states of @statecrime with a poverty rate below the median, which one has the highest "
        "murder rate?",
        _poverty_median,
        source="packages",
    ),
    Question(
        "gas-and-jobs",
        "For every year that both tables cover, the gas price from @driving and the average number of "
        "manufacturing jobs from @employment",
        _gas_and_jobs,
        source="packages",
    ),
    Question(
        "coldest-day-elsewhere",
        "On the day with the lowest mean temperature in @seattle_temps, what was the mean temperature in "
        "@sf_temps?",
        _coldest_day,
        source="packages",
    ),
    Question(
        "fallen-fertility",
        "Of the rows in @fertility that were above 6 in 1960, what percentage had come below 2.5 by 2010?",
        _fallen,
        source="packages",
    ),
    Question(
        "always-above",
        "Which firms in @grunfeld invested more than that year's average of all firms in every single year "
        "since 1950?",
        _steady,
        source="packages",
    ),
)
