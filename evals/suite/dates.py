"""Parts of dates, ranges of dates, days between dates."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _by_year(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.groupby(frame[column].dt.year).size().reset_index(name="n")


def _cars_per_year(f: Frames) -> Readings:
    # The column holds January 1 of each year, which says the year as well.
    dated = f["cars"].groupby("Year").size().reset_index(name="n")
    return Readings((_by_year(f["cars"], "Year"), dated))


def _wettest_month(f: Frames) -> int:
    seattle = f["seattle"]
    return int(seattle.groupby(seattle["date"].dt.month)["precipitation"].sum().idxmax())


def _between(f: Frames, first: str, last: str) -> pd.DataFrame:
    return f["loans"][f["loans"]["loaned"].between(first, last)]


QUESTIONS = (
    Question(
        "rain-2013",
        "What was the total precipitation in @seattle in 2013?",
        lambda f: f["seattle"][f["seattle"]["date"].dt.year == 2013]["precipitation"].sum(),
    ),
    Question(
        "wettest-month",
        "Which month of the year (1 to 12) has the most precipitation in total in @seattle?",
        _wettest_month,
    ),
    Question(
        "hottest-day",
        "What is the date of the highest maximum temperature in @seattle?",
        lambda f: f["seattle"].loc[f["seattle"]["temp_max"].idxmax(), "date"],
    ),
    Question(
        "stock-first-day",
        "What are the first and the last date of each symbol in @stocks?",
        lambda f: f["stocks"].groupby("symbol")["date"].agg(["min", "max"]).reset_index(),
    ),
    Question(
        "google-2008",
        "What was the average price of GOOG in 2008 in @stocks?",
        lambda f: f["stocks"].query("symbol == 'GOOG' and date.dt.year == 2008")["price"].mean(),
    ),
    Question(
        "cars-per-year",
        "How many @cars are there of each calendar year?",
        _cars_per_year,
    ),
    Question(
        "after-april",
        "How many of the deaths in @riots were on or after May 1, 1992 (column death_date)?",
        lambda f: int((f["riots"]["death_date"] >= "1992-05-01").sum()),
    ),
    Question(
        "weekday-rain",
        "What is the average precipitation in @seattle on Sundays?",
        lambda f: f["seattle"][f["seattle"]["date"].dt.day_of_week == 6]["precipitation"].mean(),
    ),
    Question(
        "loans-q2",
        "How many loans were made between April 1 and June 30, 2023, both days included?",
        lambda f: len(_between(f, "2023-04-01", "2023-06-30")),
        source="library",
    ),
    Question(
        "joined-per-year",
        "How many members joined in each year?",
        lambda f: _by_year(f["members"], "joined"),
        source="library",
    ),
    Question(
        "loan-days",
        "What is the average number of days between loaned and returned, of the loans that were returned?",
        lambda f: (f["loans"]["returned"] - f["loans"]["loaned"]).dt.days.mean(),
        source="library",
    ),
    Question(
        "late-returns",
        "How many loans were returned after they were due?",
        lambda f: int((f["loans"]["returned"] > f["loans"]["due"]).sum()),
        source="library",
    ),
)
