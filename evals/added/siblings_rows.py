"""Questions like those of the suite, over its frames and the library: filter, group, join, ratio."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


def _unemployed_quarters(f: Frames) -> int:
    return int((f["macro"]["unemp"] > 9).sum())


def _to_los_angeles(f: Frames) -> int:
    return len(f["flights"].query("month == 12 and origin == 'JFK' and dest == 'LAX'"))


def _women(f: Frames) -> int:
    return int((f["riots"]["gender"] == "Female").sum())


def _species_on_biscoe(f: Frames) -> pd.DataFrame:
    return f["penguins"].query("island == 'Biscoe'")[["species"]].drop_duplicates()


def _dear_microsoft(f: Frames) -> pd.DataFrame:
    return f["stocks"].query("symbol == 'MSFT' and price > 35")[["date"]]


def _light_wines(f: Frames) -> int:
    return len(f["wine"].query("target == 1 and alcohol < 12"))


def _four_engines(f: Frames) -> pd.DataFrame:
    return f["planes"].query("engines == 4")[["manufacturer"]].drop_duplicates()


def _short_lives(f: Frames) -> pd.DataFrame:
    found = f["gapminder"].query("continent == 'Americas' and year == 2007 and lifeExp < 70")
    return found[["country", "lifeExp"]]


def _snow_wind(f: Frames) -> float:
    return float(f["seattle"].query("weather == 'snow'")["wind"].max())


def _thick_fantasy(f: Frames) -> pd.DataFrame:
    return f["books"].query("genre == 'fantasy' and pages > 500")[["title", "pages"]]


def _destinations(f: Frames) -> pd.DataFrame:
    return f["flights"].groupby("origin")["dest"].nunique().reset_index()


def _heaviest_per_island(f: Frames) -> pd.DataFrame:
    return f["penguins"].groupby("island")["body_mass_g"].max().reset_index()


def _countries(f: Frames) -> pd.DataFrame:
    return f["gapminder"].groupby("continent")["country"].nunique().reset_index()


def _listed(f: Frames) -> pd.DataFrame:
    return f["stocks"].groupby("symbol")["date"].agg(["min", "max"]).reset_index()


def _big_manufacturers(f: Frames) -> pd.DataFrame:
    counts = f["planes"].groupby("manufacturer").size().reset_index(name="n")
    return counts[counts["n"] > 200]


def _wettest_month(f: Frames) -> int:
    return int(f["weather"].groupby("month")["precip"].sum().idxmax())


def _deaths_by_type(f: Frames) -> pd.DataFrame:
    return f["riots"].groupby(["race", "type"]).size().reset_index(name="n")


def _unemployment_by_year(f: Frames) -> pd.DataFrame:
    return f["macro"].query("year >= 2000").groupby("year")["unemp"].mean().reset_index()


def _fines_by_paid(f: Frames) -> pd.DataFrame:
    return f["fines"].groupby("paid")["amount"].sum().reset_index()


def _commonest_country(f: Frames) -> str:
    return str(f["authors"].groupby("country").size().idxmax())


def _flights_by_airline(f: Frames) -> pd.DataFrame:
    named = f["flights"].merge(f["airlines"], on="carrier")
    return named.groupby("name").size().reset_index(name="n")


def _fog(f: Frames) -> int:
    weather = f["weather"][["origin", "time_hour", "visib"]]
    return int((f["flights"].merge(weather, on=["origin", "time_hour"])["visib"] < 1).sum())


def _farthest(f: Frames) -> str:
    there = f["flights"].merge(f["airports"], left_on="dest", right_on="faa")
    return str(there.loc[there["distance"].idxmax(), "name"])


def _airports_served(f: Frames) -> int:
    return int(f["airports"]["faa"].isin(f["flights"]["dest"]).sum())


def _distance_by_engine(f: Frames) -> pd.DataFrame:
    flown = f["flights"].merge(f["planes"][["tailnum", "engine"]], on="tailnum")
    return flown.groupby("engine")["distance"].mean().reset_index()


def _members_in_lund(f: Frames) -> int:
    homes = f["members"].merge(f["branches"], left_on="home_branch_id", right_on="branch_id")
    return int((homes["city"] == "Lund").sum())


def _poets(f: Frames) -> pd.DataFrame:
    poems = f["books"].query("genre == 'poetry'").merge(f["book_authors"], on="book_id")
    written = poems.merge(f["authors"], on="author_id")
    return written.query("country == 'France'")[["author_id", "name"]].drop_duplicates()[["name"]]


def _unpaid_for_damaged(f: Frames) -> float:
    fined = f["fines"].merge(f["loans"], on="loan_id").merge(f["copies"], on="copy_id")
    return float(fined.query("paid == 0 and condition == 'damaged'")["amount"].sum())


def _without_copy(f: Frames) -> int:
    return int((~f["books"]["book_id"].isin(f["copies"]["book_id"])).sum())


def _away_from_home(f: Frames) -> int:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["members"], on="member_id")
    return int((lent["branch_id"] != lent["home_branch_id"]).sum())


def _bill_shape(f: Frames) -> pd.DataFrame:
    penguins = f["penguins"]
    shape = penguins["bill_length_mm"] / penguins["bill_depth_mm"]
    return shape.groupby(penguins["species"]).mean().reset_index()


def _strongest_for_weight(f: Frames) -> str:
    cars = f["cars"]
    return str(cars.loc[(cars["Horsepower"] / cars["Weight_in_lbs"]).idxmax(), "Name"])


def _growth_of_india(f: Frames) -> float:
    people = f["gapminder"].query("country == 'India'").set_index("year")["pop"]
    return float((people[2007] / people[1952] - 1) * 100)


def _consumption(f: Frames) -> float:
    now = f["macro"].query("year == 2009 and quarter == 3").iloc[0]
    return float(now["realcons"] / now["realgdp"] * 100)


def _flights_per_day(f: Frames) -> float:
    flights = f["flights"]
    return len(flights) / len(flights[["year", "month", "day"]].drop_duplicates())


def _high_target(f: Frames) -> float:
    return float((f["diabetes"]["target"] > 200).mean() * 100)


def _men_per_woman(f: Frames) -> float:
    counts = f["riots"]["gender"].value_counts()
    return float(counts["Male"] / counts["Female"])


def _waseca_over_duluth(f: Frames) -> float:
    means = f["barley"].groupby("site")["yield"].mean()
    return float((means["Waseca"] / means["Duluth"] - 1) * 100)


def _loans_per_copy(f: Frames) -> float:
    return len(f["loans"]) / len(f["copies"])


def _borrowers(f: Frames) -> float:
    return float(f["members"]["member_id"].isin(f["loans"]["member_id"]).mean() * 100)


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        Question(
            "si-unemployed-quarters",
            "In how many quarters was the unemployment rate (unemp) above 9 in @macro?",
            _unemployed_quarters,
        ),
    ),
    (
        "filter",
        Question("si-jfk-lax", "How many @flights from JFK to LAX were there in December?", _to_los_angeles),
    ),
    ("filter", Question("si-women", "How many of the people who died in @riots were women?", _women)),
    (
        "filter",
        Question(
            "si-biscoe", "Which species of @penguins were found on the island Biscoe?", _species_on_biscoe
        ),
    ),
    (
        "filter",
        Question("si-dear-msft", "On which dates was MSFT priced over 35 in @stocks?", _dear_microsoft),
    ),
    (
        "filter",
        Question(
            "si-light-wines", "How many of the target 1 wines in @wine have alcohol below 12?", _light_wines
        ),
    ),
    (
        "filter",
        Question(
            "si-four-engines", "Which manufacturers in @planes have planes with four engines?", _four_engines
        ),
    ),
    (
        "filter",
        Question(
            "si-short-lives",
            "Show the countries of the Americas where life expectancy in 2007 was under 70, with the life "
            "expectancy, from @gapminder.",
            _short_lives,
        ),
    ),
    (
        "filter",
        Question("si-snow-wind", "What was the strongest wind on a day with snow in @seattle?", _snow_wind),
    ),
    (
        "filter",
        _library(
            "si-thick-fantasy", "Title and pages of the fantasy books with over 500 pages", _thick_fantasy
        ),
    ),
    (
        "group",
        Question(
            "si-destinations",
            "How many different destinations does each origin have in @flights?",
            _destinations,
        ),
    ),
    (
        "group",
        Question(
            "si-heaviest-island",
            "How heavy is the heaviest of the @penguins on each island?",
            _heaviest_per_island,
        ),
    ),
    (
        "group",
        Question("si-countries", "How many countries per continent does @gapminder have?", _countries),
    ),
    (
        "group",
        Question("si-listed", "Give the first and the last date of every symbol in @stocks.", _listed),
    ),
    (
        "group",
        Question(
            "si-big-manufacturers",
            "Which manufacturers have more than 200 @planes, and how many do they have?",
            _big_manufacturers,
        ),
    ),
    (
        "group",
        Question(
            "si-wettest-month",
            "Which month has the largest sum of precip in @weather, all origins together?",
            _wettest_month,
        ),
    ),
    (
        "group",
        Question("si-deaths-type", "Count the deaths in @riots by race and type.", _deaths_by_type),
    ),
    (
        "group",
        Question(
            "si-unemployment-year",
            "Average unemp by year in @macro, from the year 2000 on",
            _unemployment_by_year,
        ),
    ),
    (
        "group",
        _library(
            "si-fines-paid",
            "What is the total amount of the paid and of the unpaid fines? One row for each value of paid.",
            _fines_by_paid,
        ),
    ),
    ("group", _library("si-authors-country", "Which country do most authors come from?", _commonest_country)),
    (
        "join",
        Question(
            "si-flights-airline",
            "How many @flights did each airline have? Use the names in @airlines.",
            _flights_by_airline,
        ),
    ),
    (
        "join",
        Question(
            "si-fog",
            "How many @flights had a visibility (visib) of less than 1 in @weather? "
            "Match them by origin and time_hour.",
            _fog,
        ),
    ),
    (
        "join",
        Question(
            "si-farthest",
            "What is the name, by @airports, of the destination with the greatest distance in @flights?",
            _farthest,
        ),
    ),
    (
        "join",
        Question(
            "si-airports-served",
            "How many of the @airports are a destination of at least one of the @flights?",
            _airports_served,
        ),
    ),
    (
        "join",
        Question(
            "si-distance-engine",
            "What is the average distance of @flights for each kind of engine in @planes (column engine)?",
            _distance_by_engine,
        ),
    ),
    (
        "join",
        _library("si-lund", "How many members have their home branch in the city of Lund?", _members_in_lund),
    ),
    (
        "join",
        _library("si-poets", "What are the names of the French authors who have written poetry?", _poets),
    ),
    (
        "join",
        _library(
            "si-damaged-unpaid",
            "How much is unpaid in total of the fines for loans of damaged copies?",
            _unpaid_for_damaged,
        ),
    ),
    ("join", _library("si-no-copy", "How many books does the library have no copy of?", _without_copy)),
    (
        "join",
        _library(
            "si-away",
            "How many loans were of a copy from another branch than the member's home branch?",
            _away_from_home,
        ),
    ),
    (
        "ratio",
        Question(
            "si-bill-shape",
            "Divide bill length by bill depth for each of the @penguins. What is the mean of this ratio per "
            "species?",
            _bill_shape,
        ),
    ),
    (
        "ratio",
        Question(
            "si-power-weight",
            "Which of the @cars has the most horsepower per pound of its weight?",
            _strongest_for_weight,
        ),
    ),
    (
        "ratio",
        Question(
            "si-india",
            "By how many percent did the population of India grow from 1952 to 2007 in @gapminder?",
            _growth_of_india,
        ),
    ),
    (
        "ratio",
        Question(
            "si-consumption",
            "What percentage of realgdp was realcons in the third quarter of 2009, by @macro?",
            _consumption,
        ),
    ),
    (
        "ratio",
        Question("si-flights-day", "How many @flights were there per day on average?", _flights_per_day),
    ),
    (
        "ratio",
        Question(
            "si-high-target",
            "What percent of the patients in @diabetes have a target over 200?",
            _high_target,
        ),
    ),
    (
        "ratio",
        Question("si-men-woman", "How many men died for every woman who died, by @riots?", _men_per_woman),
    ),
    (
        "ratio",
        Question(
            "si-waseca",
            "By what percentage is the mean yield of Waseca higher than that of Duluth in @barley?",
            _waseca_over_duluth,
        ),
    ),
    (
        "ratio",
        _library(
            "si-loans-copy",
            "How many loans are there per copy on average, counting also copies that were never lent?",
            _loans_per_copy,
        ),
    ),
    (
        "ratio",
        _library("si-borrowers", "What percentage of the members has ever borrowed something?", _borrowers),
    ),
)
