"""Ranks within groups, running totals, differences to the row before."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _top_per(frame: pd.DataFrame, group: str, column: str, shown: list[str]) -> pd.DataFrame:
    return frame.loc[frame.groupby(group)[column].idxmax(), shown]


def _apple(f: Frames) -> pd.DataFrame:
    return f["stocks"].query("symbol == 'AAPL'").sort_values("date")


def _monthly(f: Frames) -> pd.Series[int]:
    return f["flights"].groupby("month").size()


def _changes(frame: pd.DataFrame) -> Readings:
    """With and without the first row, which has none before it."""
    return Readings((frame, frame.dropna()))


def _largest_rise(f: Frames) -> object:
    apple = _apple(f)
    return apple.loc[apple["price"].diff().idxmax(), "date"]


def _growth(f: Frames) -> object:
    china = f["gapminder"].query("country == 'China'").sort_values("year")
    return _changes(china.assign(change=china["pop"].diff())[["year", "change"]])


def _second(f: Frames) -> pd.DataFrame:
    now = f["gapminder"].query("year == 2007").sort_values("gdpPercap", ascending=False)
    return now.groupby("continent").nth(1)[["continent", "country"]]


def _last_loan(f: Frames) -> pd.DataFrame:
    return f["loans"].groupby("member_id")["loaned"].max().reset_index()


def _longest_book(f: Frames) -> pd.DataFrame:
    books = f["books"]
    return books[books["pages"] == books.groupby("genre")["pages"].transform("max")][["genre", "title"]]


QUESTIONS = (
    Question(
        "strongest-per-origin",
        "For each origin, which of the @cars has the most horsepower? Give origin and name.",
        lambda f: _top_per(f["cars"], "Origin", "Horsepower", ["Origin", "Name"]),
    ),
    Question(
        "richest-per-continent",
        "Which country had the highest gdpPercap on each continent in 2007, by @gapminder?",
        lambda f: _top_per(
            f["gapminder"].query("year == 2007"), "continent", "gdpPercap", ["continent", "country"]
        ),
    ),
    Question(
        "second-richest",
        "Which country had the second highest gdpPercap on each continent in 2007, by @gapminder?",
        _second,
    ),
    Question(
        "running-flights",
        "Give the running total of the number of @flights by month.",
        lambda f: _monthly(f).cumsum().reset_index(),
    ),
    Question(
        "month-difference",
        "By how much did the number of @flights change from each month to the next? Give month and change.",
        lambda f: _changes(_monthly(f).diff().reset_index()),
    ),
    Question(
        "apple-rise",
        "On which date did the price of AAPL rise the most against the date before, in @stocks?",
        _largest_rise,
    ),
    Question(
        "china-growth",
        "By how much did the population of China grow from each year in @gapminder to the next one there?",
        _growth,
    ),
    Question(
        "apple-average",
        "What is the highest moving average of the price of AAPL over three consecutive months in @stocks?",
        lambda f: _apple(f)["price"].rolling(3).mean().max(),
    ),
    Question(
        "best-site-per-year",
        "Which site had the highest total yield in each year of @barley?",
        lambda f: _top_per(
            f["barley"].groupby(["year", "site"], as_index=False)["yield"].sum(),
            "year",
            "yield",
            ["year", "site"],
        ),
    ),
    Question(
        "last-loan",
        "When was the latest loan of each member who has one? Give member_id and the date.",
        _last_loan,
        source="library",
    ),
    Question(
        "longest-book",
        "What is the title of the longest book (by pages) of each genre?",
        _longest_book,
        source="library",
    ),
    Question(
        "heavier-than-mean",
        "How many @penguins are heavier than the average of their own species?",
        lambda f: int(
            (
                f["penguins"]["body_mass_g"]
                > f["penguins"].groupby("species")["body_mass_g"].transform("mean")
            ).sum()
        ),
    ),
)
