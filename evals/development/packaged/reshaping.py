"""Wide from long and long from wide."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question, Readings

__all__ = ["QUESTIONS"]

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_BIG = ["General Motors", "US Steel", "Chrysler"]


def _sources(f: Frames) -> pd.DataFrame:
    # Without the year itself, which is a date in the table and may be told as a number.
    return f["electricity"].pivot(index="year", columns="source", values="net_generation")


def _nineties(f: Frames) -> pd.DataFrame:
    rows = f["elnino"].query("1990 <= YEAR <= 1999")
    # Without the month, which is a column's name and may be told as a number.
    return rows.melt(id_vars="YEAR", value_vars=_MONTHS)[["YEAR", "value"]]


def _genera(f: Frames) -> Readings:
    counts = f["antibiotics"].groupby(["Genus", "Gram_Staining"]).size().unstack().reset_index()
    return Readings((counts.fillna(0), counts))


def _values(f: Frames) -> pd.DataFrame:
    wide = f["grunfeld"].pivot(index="year", columns="firm", values="value")
    return wide[_BIG].reset_index()


def _countries(f: Frames) -> pd.DataFrame:
    wanted = f["fertility"][f["fertility"]["Country Name"].isin(["France", "Germany", "Italy"])]
    years = [str(year) for year in range(2000, 2011)]
    # Without the year, which is a column's name and may be told as a number.
    return wanted.melt(id_vars="Country Name", value_vars=years)[["Country Name", "value"]]


QUESTIONS = (
    Question(
        "sources-across",
        "Lay @electricity out with one row per year and one column for each source.",
        _sources,
        source="packages",
    ),
    Question(
        "elnino-long",
        "Turn the years 1990 to 1999 of @elnino into long form: year, month, temperature",
        _nineties,
        source="packages",
    ),
    Question(
        "elnino-months",
        "What is the average of each of the twelve months over all years in @elnino? One row per month.",
        lambda f: f["elnino"][_MONTHS].mean().to_frame(),
        source="packages",
    ),
    Question(
        "genus-staining",
        "Cross table of @antibiotics: Genus down, Gram_Staining across, counts in the cells",
        _genera,
        source="packages",
    ),
    Question(
        "three-values",
        "I'd like the value of General Motors, US Steel and Chrysler from @grunfeld side by side, a row for "
        "each year.",
        _values,
        source="packages",
    ),
    Question(
        "fertility-long",
        "From @fertility I need France, Germany and Italy for 2000 up to 2010, with one row per country and "
        "year.",
        _countries,
        source="packages",
    ),
)
