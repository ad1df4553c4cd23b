"""Questions that need a result to find the next one."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _worst_day_flights(f: Frames) -> float:
    days = f["flights"].groupby(["year", "month", "day"])["dep_delay"].agg(["mean", "size"])
    return int(days.sort_values("mean")["size"].iloc[-1])


def _top_dest_delay(f: Frames) -> float:
    top = f["flights"]["dest"].value_counts().idxmax()
    return f["flights"][f["flights"]["dest"] == top]["arr_delay"].mean()


def _risen(f: Frames) -> int:
    wide = f["gapminder"].pivot(index="country", columns="year", values="lifeExp")
    return int((wide[2007] - wide[1952] > 25).sum())


def _fallen(f: Frames) -> pd.DataFrame:
    wide = f["gapminder"].pivot(index="country", columns="year", values="lifeExp")
    return wide[wide[2007] < wide[1952]].reset_index()[["country"]]


def _stock_growth(f: Frames) -> object:
    ordered = f["stocks"].sort_values("date").groupby("symbol")["price"]
    return (ordered.last() / ordered.first()).idxmax()


def _above_mean_sites(f: Frames) -> pd.DataFrame:
    means = f["barley"].groupby("site")["yield"].mean()
    return means[means > f["barley"]["yield"].mean()].reset_index()[["site"]]


def _top_reader_genre(f: Frames) -> object:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")
    return (
        lent[lent["member_id"] == lent["member_id"].value_counts().idxmax()]["genre"].value_counts().idxmax()
    )


def _loyal(f: Frames) -> int:
    return int((f["loans"].groupby("member_id").size() > 12).sum())


def _busiest_month(f: Frames) -> int:
    month = f["loans"]["loaned"].dt.to_period("M").value_counts()
    return int(month.max())


def _mean_fine(f: Frames) -> float:
    owed = f["fines"].merge(f["loans"], on="loan_id").groupby("member_id")["amount"].sum()
    return float(owed.mean())


QUESTIONS = (
    Question(
        "worst-day",
        "How many @flights were there on the day (year, month, day) with the highest mean departure delay?",
        _worst_day_flights,
    ),
    Question(
        "top-destination-delay",
        "What is the average arrival delay of the @flights to the most frequent destination?",
        _top_dest_delay,
    ),
    Question(
        "above-mean-cars",
        "How many @cars have more horsepower than the average of all @cars?",
        lambda f: int((f["cars"]["Horsepower"] > f["cars"]["Horsepower"].mean()).sum()),
    ),
    Question(
        "life-risen",
        "In how many countries of @gapminder did lifeExp rise by more than 25 years from 1952 to 2007?",
        _risen,
    ),
    Question(
        "life-fallen",
        "Which countries in @gapminder had a lower life expectancy in 2007 than in 1952?",
        _fallen,
    ),
    Question(
        "stock-growth",
        "Which symbol in @stocks has the largest ratio of its last price to its first price?",
        _stock_growth,
    ),
    Question(
        "above-mean-sites",
        "Which sites in @barley have a mean yield above the mean yield of all of @barley?",
        _above_mean_sites,
    ),
    Question(
        "top-reader-genre",
        "Which genre did the member with the most loans borrow most often?",
        _top_reader_genre,
        source="library",
    ),
    Question("loyal", "How many members have more than 12 loans?", _loyal, source="library"),
    Question(
        "busiest-month",
        "How many loans were made in the calendar month (year and month) with the most loans?",
        _busiest_month,
        source="library",
    ),
    Question(
        "mean-fine",
        "Among the members with fines, what is the average of each member's total of fines?",
        _mean_fine,
        source="library",
    ),
    Question(
        "longer-than-mean",
        "How many books have more pages than the average book of their genre?",
        lambda f: int((f["books"]["pages"] > f["books"].groupby("genre")["pages"].transform("mean")).sum()),
        source="library",
    ),
)
