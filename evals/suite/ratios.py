"""Shares, percentages and quotients."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _percent(flags: pd.Series[bool]) -> float:
    return float(flags.mean() * 100)


def _origin_share(f: Frames) -> pd.DataFrame:
    return f["cars"]["Origin"].value_counts(normalize=True).mul(100).reset_index()


def _density(f: Frames) -> object:
    now = f["gapminder"].query("year == 2007")
    return now[now["continent"] == "Asia"]["pop"].sum() / now["pop"].sum() * 100


def _cancelled_per_month(f: Frames) -> pd.DataFrame:
    gone = f["flights"]["dep_time"].isna()
    return (gone.groupby(f["flights"]["month"]).mean() * 100).reset_index()


def _copies_per_book(f: Frames) -> float:
    return len(f["copies"]) / len(f["books"])


QUESTIONS = (
    Question(
        "usa-share",
        "What percentage of the @cars come from the USA?",
        lambda f: _percent(f["cars"]["Origin"] == "USA"),
    ),
    Question("origin-shares", "What percentage of all @cars does each origin have?", _origin_share),
    Question(
        "asia-share", "What percentage of the population in @gapminder lived in Asia in 2007?", _density
    ),
    Question(
        "rain-share",
        "What percent of the days in @seattle had rain as weather?",
        lambda f: _percent(f["seattle"]["weather"] == "rain"),
    ),
    Question(
        "cancelled-month",
        "What percentage of @flights has no departure time, for each month?",
        _cancelled_per_month,
    ),
    Question(
        "late-share",
        "What percentage of the @flights with a known arrival delay arrived more than 15 minutes late?",
        lambda f: _percent(f["flights"]["arr_delay"].dropna() > 15),
    ),
    Question(
        "power-to-weight",
        "Which of the @cars has the highest ratio of horsepower to weight? Give its name.",
        lambda f: f["cars"].loc[(f["cars"]["Horsepower"] / f["cars"]["Weight_in_lbs"]).idxmax(), "Name"],
    ),
    Question(
        "female-share",
        "What percentage of the penguins with known sex in @penguins are female?",
        lambda f: _percent(f["penguins"]["sex"].dropna() == "female"),
    ),
    Question(
        "speed",
        "What is the average speed of @flights in miles per hour (distance divided by air time in hours)?",
        lambda f: (f["flights"]["distance"] / (f["flights"]["air_time"] / 60)).mean(),
    ),
    Question(
        "unpaid-share",
        "What percentage of the fines has not been paid?",
        lambda f: _percent(f["fines"]["paid"] == 0),
        source="library",
    ),
    Question(
        "copies-per-book",
        "How many copies are there per book on average (all copies divided by all books)?",
        _copies_per_book,
        source="library",
    ),
    Question(
        "damaged-share",
        "For each branch, what percentage of its copies is damaged? Give branch_id.",
        lambda f: (
            f["copies"]
            .assign(d=f["copies"]["condition"].eq("damaged") * 100)
            .groupby("branch_id")["d"]
            .mean()
            .reset_index()
        ),
        source="library",
    ),
)
