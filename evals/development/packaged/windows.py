"""What looks at neighbouring rows, or at the best of each group."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _renewables(f: Frames) -> Readings:
    years = f["electricity"].query("source == 'Renewables'").sort_values("year")
    changes = years.assign(change=years["net_generation"].diff())[["change"]]
    # The first year has no change; with it or without it.
    return Readings((changes, changes.dropna()))


def _construction(f: Frames) -> str:
    months = f["employment"].sort_values("month")
    return str(months.loc[months["construction"].diff().idxmin(), "month"])


def _peaks(f: Frames) -> pd.DataFrame:
    rows = f["grunfeld"].groupby("firm")["invest"].idxmax()
    return f["grunfeld"].loc[rows, ["firm", "year"]]


def _running(f: Frames) -> pd.DataFrame:
    months = f["crimea"].sort_values("date")
    return months.assign(total=months["disease"].cumsum())[["date", "total"]]


QUESTIONS = (
    Question(
        "renewables-change",
        "By how much did the generation of Renewables in @electricity change from each year to the next?",
        _renewables,
        source="packages",
    ),
    Question(
        "moving-close",
        "What does the 5-day moving average of the close stand at on the last day of @ohlc?",
        lambda f: f["ohlc"].sort_values("date")["close"].tail(5).mean(),
        source="packages",
    ),
    Question(
        "peak-years",
        "For each firm of @grunfeld, the year in which it invested the most",
        _peaks,
        source="packages",
    ),
    Question(
        "disease-total",
        "A running total of the deaths from disease in @crimea, month by month please.",
        _running,
        ordered=True,
        source="packages",
    ),
    Question(
        "fifth-murder-rate",
        "Rank the states of @statecrime by murder rate, highest first. Who comes fifth?",
        lambda f: f["statecrime"].nlargest(5, "murder")["state"].iloc[-1],
        source="packages",
    ),
    Question(
        "construction-drop",
        "Which month saw construction jobs in @employment shrink the most against the month before it?",
        _construction,
        source="packages",
    ),
)
