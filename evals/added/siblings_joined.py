"""Questions like those of the suite, over the same frames and the library: joins, ratios and dates."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


# Joins.


def _farthest_airline(f: Frames) -> str:
    code = f["flights"].groupby("carrier")["distance"].mean().idxmax()
    return str(f["airlines"].set_index("carrier").at[code, "name"])


def _never_reached(f: Frames) -> int:
    return int((~f["airports"]["faa"].isin(f["flights"]["dest"])).sum())


def _windy_delay(f: Frames) -> float:
    joined = f["flights"].merge(
        f["weather"][["origin", "time_hour", "wind_speed"]], on=["origin", "time_hour"]
    )
    return float(joined.loc[joined["wind_speed"] > 30, "dep_delay"].mean())


def _oldest_jetblue(f: Frames) -> int:
    flown = f["flights"][["carrier", "tailnum"]].merge(f["airlines"], on="carrier")
    planes = f["planes"].merge(flown.query("name == 'JetBlue Airways'"), on="tailnum")
    return int(planes["year"].min())


def _northernmost(f: Frames) -> str:
    reached = f["airports"][f["airports"]["faa"].isin(f["flights"]["dest"])]
    return str(reached.loc[reached["lat"].idxmax(), "name"])


def _life_and_unemployment(f: Frames) -> pd.DataFrame:
    unemp = f["macro"].groupby("year")["unemp"].mean().reset_index()
    lives = f["gapminder"].query("country == 'United States'")[["year", "lifeExp"]]
    return lives.merge(unemp, on="year")


def _lent(f: Frames) -> pd.DataFrame:
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")


def _fines_per_genre(f: Frames) -> pd.DataFrame:
    return f["fines"].merge(_lent(f), on="loan_id").groupby("genre")["amount"].sum().reset_index()


def _away_from_home(f: Frames) -> int:
    joined = f["loans"].merge(f["copies"], on="copy_id").merge(f["members"], on="member_id")
    return int((joined["branch_id"] != joined["home_branch_id"]).sum())


def _never_borrowed(f: Frames) -> int:
    return int((~f["members"]["member_id"].isin(f["loans"]["member_id"])).sum())


def _pages_lent(f: Frames) -> float:
    return float(_lent(f)["pages"].mean())


def _kastanj_authors(f: Frames) -> int:
    books = f["books"].merge(f["publishers"].query("name == 'Kastanj'"), on="publisher_id")
    return int(f["book_authors"].merge(books, on="book_id")["author_id"].nunique())


def _copies_per_city(f: Frames) -> pd.DataFrame:
    return f["copies"].merge(f["branches"], on="branch_id").groupby("city").size().reset_index(name="n")


# Ratios.


def _early_share(f: Frames) -> float:
    return float((f["flights"]["arr_delay"].dropna() < 0).mean() * 100)


def _strongest_per_pound(f: Frames) -> str:
    cars = f["cars"]
    return str(cars.loc[(cars["Horsepower"] / cars["Weight_in_lbs"]).idxmax(), "Name"])


def _brazil_growth(f: Frames) -> float:
    brazil = f["gapminder"].query("country == 'Brazil'").set_index("year")["pop"]
    return float((brazil[2007] / brazil[1952] - 1) * 100)


def _high_to_low(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].groupby("symbol")["price"]
    return (prices.max() / prices.min()).reset_index()


def _males_per_female(f: Frames) -> pd.DataFrame:
    counts = f["penguins"].groupby(["species", "sex"]).size().unstack()
    return (counts["male"] / counts["female"]).rename("ratio").reset_index()


def _investment_share(f: Frames) -> float:
    return float((f["macro"]["realinv"] / f["macro"]["realgdp"] * 100).mean())


def _waseca_share(f: Frames) -> float:
    barley = f["barley"]
    return float(barley.loc[barley["site"] == "Waseca", "yield"].sum() / barley["yield"].sum() * 100)


def _latino_share(f: Frames) -> float:
    shot = f["riots"][f["riots"]["type"] == "Officer-involved shooting"]
    return float((shot["race"] == "Latino").mean() * 100)


def _proline_ratio(f: Frames) -> float:
    mean = f["wine"].groupby("target")["proline"].mean()
    return float(mean[0] / mean[1])


def _fined_share(f: Frames) -> float:
    return float(f["loans"]["loan_id"].isin(f["fines"]["loan_id"]).mean() * 100)


def _several_authors(f: Frames) -> float:
    authors = f["book_authors"].groupby("book_id").size()
    return float((authors > 1).sum() / len(f["books"]) * 100)


def _loans_per_copy(f: Frames) -> pd.DataFrame:
    loans = f["loans"].merge(f["copies"], on="copy_id").groupby("branch_id").size()
    ratio = (loans / f["copies"].groupby("branch_id").size()).rename("ratio").reset_index()
    return ratio.merge(f["branches"], on="branch_id")[["name", "ratio"]]


# Dates.


def _warmth_per_month(f: Frames) -> pd.DataFrame:
    seattle = f["seattle"]
    return seattle.groupby(seattle["date"].dt.month.rename("month"))["temp_max"].mean().reset_index()


def _last_snow(f: Frames) -> object:
    return f["seattle"].loc[f["seattle"]["weather"] == "snow", "date"].max()


def _amazon_above(f: Frames) -> object:
    return f["stocks"].query("symbol == 'AMZN' and price > 100")["date"].min()


def _weekend_flights(f: Frames) -> int:
    return int((pd.to_datetime(f["flights"][["year", "month", "day"]]).dt.day_of_week >= 5).sum())


def _quarter_flights(f: Frames) -> pd.DataFrame:
    quarter = ((f["flights"]["month"] - 1) // 3 + 1).rename("quarter")
    return f["flights"].groupby(quarter).size().reset_index(name="n")


def _riots_span(f: Frames) -> int:
    return int((f["riots"]["death_date"].max() - f["riots"]["death_date"].min()).days)


def _lighter(f: Frames) -> Readings:
    mean = f["cars"].groupby(f["cars"]["Year"].dt.year)["Weight_in_lbs"].mean()
    fall = float(mean[1970] - mean[1980])
    # A change may well be given with its sign.
    return Readings((fall, -fall))


def _valentine(f: Frames) -> float:
    return float(f["weather"].query("origin == 'JFK' and month == 2 and day == 14")["temp"].min())


def _eighties(f: Frames) -> float:
    return float(f["macro"][f["macro"]["year"].between(1980, 1989)]["unemp"].mean())


def _days_out(f: Frames) -> float:
    return float((f["loans"]["returned"] - f["loans"]["loaned"]).dt.days.mean())


def _newest_member(f: Frames) -> str:
    return str(f["members"].loc[f["members"]["joined"].idxmax(), "name"])


def _still_out(f: Frames) -> int:
    loans, end = f["loans"], pd.Timestamp("2023-12-31")
    return int(((loans["loaned"] <= end) & ~(loans["returned"] <= end)).sum())


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "join",
        Question(
            "sb-farthest-airline",
            "Which airline's @flights are the longest on average by distance? Give the name from @airlines.",
            _farthest_airline,
        ),
    ),
    (
        "join",
        Question(
            "sb-never-reached", "How many of the @airports are not a destination in @flights?", _never_reached
        ),
    ),
    (
        "join",
        Question(
            "sb-windy-delay",
            "What is the mean dep_delay of the @flights with a wind_speed above 30 in @weather (same origin "
            "and time_hour)?",
            _windy_delay,
        ),
    ),
    (
        "join",
        Question(
            "sb-oldest-jetblue",
            "In which year was the oldest of the @planes built that JetBlue Airways used for its @flights? "
            "The carrier's code is in @airlines.",
            _oldest_jetblue,
        ),
    ),
    (
        "join",
        Question(
            "sb-northernmost",
            "What is the name of the northernmost of the @airports that any of the @flights went to?",
            _northernmost,
        ),
    ),
    (
        "join",
        Question(
            "sb-life-unemployment",
            "For each year that is in both @gapminder and @macro, give the year, the life expectancy in the "
            "United States and the average of unemp.",
            _life_and_unemployment,
        ),
    ),
    (
        "join",
        _library(
            "sb-fines-genre", "What do the fines on the books of each genre add up to?", _fines_per_genre
        ),
    ),
    (
        "join",
        _library(
            "sb-away-from-home",
            "How many loans were of a copy that belongs to another branch than the member's home branch?",
            _away_from_home,
        ),
    ),
    (
        "join",
        _library("sb-never-borrowed", "How many members have never borrowed anything?", _never_borrowed),
    ),
    (
        "join",
        _library(
            "sb-pages-lent", "How many pages does the lent book have on average, over all loans?", _pages_lent
        ),
    ),
    (
        "join",
        _library(
            "sb-kastanj-authors",
            "How many different authors have a book with the publisher Kastanj?",
            _kastanj_authors,
        ),
    ),
    (
        "join",
        _library("sb-copies-city", "How many copies of books are there in each city?", _copies_per_city),
    ),
    (
        "ratio",
        Question(
            "sb-early-share",
            "Of the @flights with a known arr_delay, what percentage arrived early (arr_delay below zero)?",
            _early_share,
        ),
    ),
    (
        "ratio",
        Question(
            "sb-strongest-per-pound",
            "Which of the @cars has the most horsepower per pound of weight? Give its name.",
            _strongest_per_pound,
        ),
    ),
    (
        "ratio",
        Question(
            "sb-brazil-growth",
            "By how many percent did the population of Brazil grow from 1952 to 2007, by @gapminder?",
            _brazil_growth,
        ),
    ),
    (
        "ratio",
        Question(
            "sb-high-to-low",
            "For each symbol in @stocks, what is its highest price divided by its lowest price?",
            _high_to_low,
        ),
    ),
    (
        "ratio",
        Question(
            "sb-males-per-female",
            "How many males are there per female in each species of @penguins?",
            _males_per_female,
        ),
    ),
    (
        "ratio",
        Question(
            "sb-investment-share",
            "Take realinv as a percentage of realgdp in each quarter of @macro. What is the average of these "
            "percentages?",
            _investment_share,
        ),
    ),
    (
        "ratio",
        Question(
            "sb-waseca-share",
            "What percent of the sum of all yields in @barley comes from the site Waseca?",
            _waseca_share,
        ),
    ),
    (
        "ratio",
        Question(
            "sb-latino-share",
            "What percentage of those killed in an officer-involved shooting in @riots were Latino?",
            _latino_share,
        ),
    ),
    (
        "ratio",
        Question(
            "sb-proline-ratio",
            "How many times as high is the mean proline of target 0 as that of target 1 in @wine?",
            _proline_ratio,
        ),
    ),
    ("ratio", _library("sb-fined-share", "What percentage of all loans led to a fine?", _fined_share)),
    (
        "ratio",
        _library(
            "sb-several-authors", "What percent of the books have more than one author?", _several_authors
        ),
    ),
    (
        "ratio",
        _library(
            "sb-loans-per-copy",
            "How many loans per copy did each branch have (loans of its copies divided by the number of its "
            "copies)? Give the branch's name.",
            _loans_per_copy,
        ),
    ),
    (
        "date",
        Question(
            "sb-warmth-month",
            "What is the average of temp_max in @seattle for each month of the year (1 to 12), all years "
            "together?",
            _warmth_per_month,
        ),
    ),
    ("date", Question("sb-last-snow", "When was the last day with snow as weather in @seattle?", _last_snow)),
    (
        "date",
        Question(
            "sb-amazon-above",
            "On which date was the price of AMZN above 100 for the first time in @stocks?",
            _amazon_above,
        ),
    ),
    (
        "date",
        Question(
            "sb-weekend-flights",
            "How many of the @flights were on a Saturday or a Sunday (date from year, month and day)?",
            _weekend_flights,
        ),
    ),
    (
        "date",
        Question(
            "sb-quarter-flights",
            "Count the @flights of each quarter of the year, with the quarter as a number from 1 to 4.",
            _quarter_flights,
        ),
    ),
    (
        "date",
        Question(
            "sb-riots-span",
            "How many days passed from the earliest to the latest death_date in @riots?",
            _riots_span,
        ),
    ),
    (
        "date",
        Question(
            "sb-lighter",
            "How many pounds lighter were the @cars of the year 1980 on average than those of 1970?",
            _lighter,
        ),
    ),
    (
        "date",
        Question(
            "sb-valentine",
            "What was the lowest temp at the origin JFK on February 14, 2013, by @weather?",
            _valentine,
        ),
    ),
    (
        "date",
        Question("sb-eighties", "What was the mean of unemp in the years 1980 to 1989 in @macro?", _eighties),
    ),
    (
        "date",
        _library(
            "sb-days-out",
            "How many days are there on average between lending and return, for the loans that were "
            "returned?",
            _days_out,
        ),
    ),
    ("date", _library("sb-newest-member", "What is the name of the member who joined last?", _newest_member)),
    (
        "date",
        _library(
            "sb-still-out",
            "How many loans made by the end of 2023 were still out then, so returned after December 31, 2023 "
            "or not at all?",
            _still_out,
        ),
    ),
)
