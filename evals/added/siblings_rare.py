"""Questions like those of the suite, over the frames and the library: multi-step, window, date, ratio."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


def _percent(mask: pd.Series) -> float:
    return float(mask.mean() * 100)


def _in_2007(f: Frames) -> pd.DataFrame:
    return f["gapminder"][f["gapminder"]["year"] == 2007]


def _dates(f: Frames) -> pd.Series:
    return pd.to_datetime(f["flights"][["year", "month", "day"]])


# multi-step


def _top_destination_delay(f: Frames) -> float:
    flights = f["flights"]
    top = flights["dest"].value_counts().idxmax()
    return float(flights.loc[flights["dest"] == top, "arr_delay"].mean())


def _worst_jobs_inflation(f: Frames) -> float:
    years = f["macro"].groupby("year")[["unemp", "infl"]].mean()
    return float(years.loc[years["unemp"].idxmax(), "infl"])


def _most_populous_life(f: Frames) -> float:
    return float(_in_2007(f).nlargest(10, "pop")["lifeExp"].mean())


def _richest_proline_hue(f: Frames) -> float:
    wine = f["wine"]
    top = wine.groupby("target")["proline"].mean().idxmax()
    return float(wine.loc[wine["target"] == top, "hue"].min())


def _better_second_year(f: Frames) -> pd.DataFrame:
    means = f["barley"].groupby(["site", "year"])["yield"].mean().unstack()
    return means[means[1932] > means[1931]].reset_index()[["site"]]


def _everywhere(f: Frames) -> int:
    return int((f["copies"].groupby("book_id")["branch_id"].nunique() == len(f["branches"])).sum())


def _largest_home_loans(f: Frames) -> int:
    members = f["members"]
    top = members["home_branch_id"].value_counts().idxmax()
    return int(f["loans"]["member_id"].isin(members.loc[members["home_branch_id"] == top, "member_id"]).sum())


def _never_lent_birth(f: Frames) -> float:
    members = f["members"]
    return float(members.loc[~members["member_id"].isin(f["loans"]["member_id"]), "birth_year"].mean())


def _longest_book_loans(f: Frames) -> int:
    book = f["books"].loc[f["books"]["pages"].idxmax(), "book_id"]
    copies = f["copies"].loc[f["copies"]["book_id"] == book, "copy_id"]
    return int(f["loans"]["copy_id"].isin(copies).sum())


def _again(f: Frames) -> int:
    lent = f["loans"].merge(f["copies"], on="copy_id")
    return int((lent.groupby(["member_id", "book_id"]).size() > 1).sum())


# window


def _rain_run(f: Frames) -> int:
    days = f["seattle"].sort_values("date")
    wet = days["weather"].eq("rain")
    return int(wet.groupby((~wet).cumsum()).sum().max())


def _steepest_life_drop(f: Frames) -> pd.DataFrame:
    rows = f["gapminder"].sort_values(["country", "year"])
    change = rows.groupby("country")["lifeExp"].diff()
    return rows.loc[[change.idxmin()], ["country", "year"]]


def _records(f: Frames) -> int:
    gdp = f["macro"].sort_values(["year", "quarter"])["realgdp"]
    return int((gdp > gdp.cummax().shift()).sum())


def _first_to_last(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].sort_values("date").groupby("symbol")["price"].agg(["first", "last"])
    return ((prices["last"] / prices["first"] - 1) * 100).reset_index(name="percent")


def _swedish_places(f: Frames) -> pd.DataFrame:
    europe = f["gapminder"][f["gapminder"]["continent"] == "Europe"]
    place = europe.groupby("year")["lifeExp"].rank(ascending=False, method="min").astype(int)
    return europe.assign(place=place)[europe["country"] == "Sweden"][["year", "place"]]


def _longest_quiet(f: Frames) -> int:
    return int(f["riots"]["death_date"].drop_duplicates().sort_values().diff().dt.days.max())


def _rain_threshold(f: Frames) -> object:
    days = f["seattle"][f["seattle"]["date"].dt.year == 2014].sort_values("date")
    return days.loc[days["precipitation"].cumsum() > 500, "date"].iloc[0]


def _most_carriers(f: Frames) -> int:
    share = f["flights"]["carrier"].value_counts(normalize=True).cumsum()
    return int((share < 0.8).sum()) + 1


def _thousandth(f: Frames) -> object:
    return f["loans"]["loaned"].sort_values().iloc[999]


def _longest_pause(f: Frames) -> int:
    loans = f["loans"].sort_values("loaned")
    return int(loans.groupby("member_id")["loaned"].diff().dt.days.max())


# date


def _riot_span(f: Frames) -> int:
    dates = f["riots"]["death_date"]
    return (dates.max() - dates.min()).days


def _coldest_christmas(f: Frames) -> float:
    days = f["seattle"]
    chosen = (days["date"].dt.month == 12) & (days["date"].dt.day == 25)
    return float(days.loc[chosen, "temp_min"].min())


def _first_hot_days(f: Frames) -> pd.DataFrame:
    hot = f["seattle"][f["seattle"]["temp_max"] >= 30]
    return hot.groupby(hot["date"].dt.year)["date"].min().rename_axis("year").reset_index()


def _microsoft_change(f: Frames) -> float:
    prices = f["stocks"][f["stocks"]["symbol"] == "MSFT"].set_index("date")["price"]
    return float(prices[pd.Timestamp("2008-03-01")] - prices[pd.Timestamp("2005-03-01")])


def _weekend_flights(f: Frames) -> int:
    return int((_dates(f).dt.day_of_week >= 5).sum())


def _end_of_year(f: Frames) -> int:
    dates = _dates(f)
    return int(((dates >= "2013-12-24") & (dates <= "2013-12-31")).sum())


def _eighties_bills(f: Frames) -> float:
    macro = f["macro"]
    return float(macro.loc[macro["year"].between(1980, 1989), "tbilrate"].mean())


def _december_joins(f: Frames) -> int:
    return int((f["members"]["joined"].dt.month == 12).sum())


def _days_kept(f: Frames) -> float:
    return float((f["loans"]["returned"] - f["loans"]["loaned"]).dt.days.mean())


def _old_joins(f: Frames) -> int:
    members = f["members"]
    return int((members["joined"].dt.year - members["birth_year"] >= 60).sum())


# ratio


def _men_per_woman(f: Frames) -> float:
    counts = f["riots"]["gender"].value_counts()
    return float(counts["Male"] / counts["Female"])


def _europe_income(f: Frames) -> float:
    europe = _in_2007(f).query("continent == 'Europe'")
    return float((europe["gdpPercap"] * europe["pop"]).sum() / europe["pop"].sum())


def _bill_ratio(f: Frames) -> pd.DataFrame:
    ratio = f["penguins"]["bill_length_mm"] / f["penguins"]["bill_depth_mm"]
    return ratio.groupby(f["penguins"]["species"]).mean().reset_index(name="ratio")


def _power_to_weight(f: Frames) -> str:
    cars = f["cars"]
    return str(cars.loc[(cars["Horsepower"] / cars["Weight_in_lbs"]).idxmax(), "Name"])


def _boeing_seats(f: Frames) -> float:
    planes = f["planes"]
    boeing = planes.loc[planes["manufacturer"] == "BOEING", "seats"].sum()
    return float(boeing / planes["seats"].sum() * 100)


def _made_up(f: Frames) -> float:
    late = f["flights"][(f["flights"]["dep_delay"] > 0) & f["flights"]["arr_delay"].notna()]
    return _percent(late["arr_delay"] <= 0)


def _wet_hours(f: Frames) -> pd.DataFrame:
    wet = f["weather"]["precip"] > 0
    return wet.groupby(f["weather"]["origin"]).mean().mul(100).reset_index(name="percent")


def _loans_per_copy(f: Frames) -> pd.DataFrame:
    lent = f["loans"].merge(f["copies"], on="copy_id").groupby("branch_id").size()
    ratio = (lent / f["copies"].groupby("branch_id").size()).reset_index(name="ratio")
    return ratio.merge(f["branches"], on="branch_id")[["name", "ratio"]]


def _never_lent_share(f: Frames) -> float:
    return _percent(~f["members"]["member_id"].isin(f["loans"]["member_id"]))


def _joint_share(f: Frames) -> float:
    authors = f["book_authors"].groupby("book_id").size().reindex(f["books"]["book_id"], fill_value=0)
    return _percent(authors > 1)


_MULTI_STEP = (
    Question(
        "so-top-destination-delay",
        "What is the mean arrival delay of the @flights to the destination that has the most flights?",
        _top_destination_delay,
    ),
    Question(
        "so-worst-jobs-inflation",
        "What was the average infl in the year with the highest average unemp in @macro?",
        _worst_jobs_inflation,
    ),
    Question(
        "so-most-populous-life",
        "Take the ten most populous countries of 2007 in @gapminder. What was the plain average of their "
        "life expectancies in that year?",
        _most_populous_life,
    ),
    Question(
        "so-proline-hue",
        "What is the lowest hue in @wine within the target that has the highest mean proline?",
        _richest_proline_hue,
    ),
    Question(
        "so-better-second-year",
        "At which sites of @barley was the mean yield higher in 1932 than in 1931?",
        _better_second_year,
    ),
    _library("so-books-everywhere", "How many books have at least one copy in every branch?", _everywhere),
    _library(
        "so-largest-home-loans",
        "How many loans were made by the members whose home branch is the one with the most members?",
        _largest_home_loans,
    ),
    _library(
        "so-never-lent-birth",
        "What is the average birth year of the members who have never borrowed anything?",
        _never_lent_birth,
    ),
    _library(
        "so-longest-book-loans", "How many times was the book with the most pages lent?", _longest_book_loans
    ),
    _library(
        "so-same-book-again",
        "How many pairs of a member and a book are there where the member borrowed the book more than once "
        "(in any of its copies)?",
        _again,
    ),
)
_WINDOW = (
    Question(
        "so-rain-run",
        "What is the largest number of days in a row with rain as weather in @seattle?",
        _rain_run,
    ),
    Question(
        "so-life-drop",
        "Which country had the largest drop in lifeExp from one listed year to the next in @gapminder? Give "
        "the country and the later of the two years.",
        _steepest_life_drop,
    ),
    Question(
        "so-gdp-records",
        "In how many quarters of @macro was realgdp higher than in all quarters before? Do not count the "
        "very first quarter.",
        _records,
    ),
    Question(
        "so-first-to-last",
        "By how many percent did the price of each symbol in @stocks change from its first date to its last?",
        _first_to_last,
    ),
    Question(
        "so-swedish-places",
        "What place did Sweden have among the European countries by lifeExp (1 is the highest) in each year "
        "of @gapminder? Give year and place.",
        _swedish_places,
    ),
    Question(
        "so-quiet-days",
        "What is the largest number of days between one death_date and the next later one in @riots?",
        _longest_quiet,
    ),
    Question(
        "so-rain-threshold",
        "On which date of 2014 did the precipitation in @seattle, added up since January 1 of that year, "
        "first go beyond 500?",
        _rain_threshold,
    ),
    Question(
        "so-carriers-80",
        "Going from the carrier with the most @flights downwards, how many carriers does it take to have at "
        "least 80 percent of all flights?",
        _most_carriers,
    ),
    _library(
        "so-thousandth-loan",
        "On which date was the 1000th loan made, counted from the earliest?",
        _thousandth,
    ),
    _library(
        "so-longest-pause",
        "What is the largest number of days that passed from one loan of a member to that member's next loan "
        "(date of loan to date of loan)?",
        _longest_pause,
    ),
)
_DATE = (
    Question(
        "so-riot-span",
        "How many days after the earliest death_date in @riots is the latest?",
        _riot_span,
    ),
    Question(
        "so-coldest-christmas",
        "What was the lowest temp_min on a December 25 in @seattle?",
        _coldest_christmas,
    ),
    Question(
        "so-first-hot-days",
        "When was the first day of each year with a temp_max of 30 or more in @seattle? Give year and date.",
        _first_hot_days,
    ),
    Question(
        "so-microsoft-change",
        "How much higher was the price of MSFT on March 1, 2008 than on March 1, 2005, by @stocks?",
        _microsoft_change,
    ),
    Question(
        "so-weekend-flights",
        "How many @flights were on a Saturday or Sunday (by year, month and day)?",
        _weekend_flights,
    ),
    Question(
        "so-end-of-year",
        "How many @flights were there from December 24 to December 31, 2013, both included?",
        _end_of_year,
    ),
    Question(
        "so-eighties-bills",
        "What was the average tbilrate of the 1980s (1980 to 1989) in @macro?",
        _eighties_bills,
    ),
    _library(
        "so-december-joins", "How many members joined in a December, of whatever year?", _december_joins
    ),
    _library(
        "so-days-kept",
        "How many days passed on average between loan and return, for the loans that were returned?",
        _days_kept,
    ),
    _library(
        "so-old-joins",
        "How many members joined in the year of their 60th birthday or later?",
        _old_joins,
    ),
)
_RATIO = (
    Question(
        "so-men-per-woman", "How many men per woman are there among the dead of @riots?", _men_per_woman
    ),
    Question(
        "so-europe-income",
        "What was the gdpPercap of Europe as a whole in 2007 by @gapminder, that is, the countries' total "
        "GDP divided by their total population?",
        _europe_income,
    ),
    Question(
        "so-bill-ratio",
        "Divide bill length by bill depth for each penguin in @penguins. What is the mean of this ratio for "
        "each species?",
        _bill_ratio,
    ),
    Question(
        "so-power-to-weight",
        "Which of the @cars has the most horsepower per pound of weight? Give its name.",
        _power_to_weight,
    ),
    Question(
        "so-boeing-seats",
        "What percentage of the seats of all @planes is in planes of the manufacturer BOEING?",
        _boeing_seats,
    ),
    Question(
        "so-made-up",
        "Of the @flights that left late (dep_delay above 0) and have an arr_delay, what percentage arrived "
        "without delay (arr_delay of 0 or less)?",
        _made_up,
    ),
    Question(
        "so-wet-hours",
        "What percentage of the rows of @weather has a precip above 0, for each origin?",
        _wet_hours,
    ),
    _library(
        "so-loans-per-copy",
        "How many loans per copy has each branch had? Give the branch's name and the ratio.",
        _loans_per_copy,
    ),
    _library(
        "so-never-lent-share", "What percentage of the members has never borrowed a book?", _never_lent_share
    ),
    _library("so-joint-share", "What percentage of the books has more than one author?", _joint_share),
)

QUESTIONS: tuple[tuple[Category, Question], ...] = (
    *(("multi-step", question) for question in _MULTI_STEP),
    *(("window", question) for question in _WINDOW),
    *(("date", question) for question in _DATE),
    *(("ratio", question) for question in _RATIO),
)
