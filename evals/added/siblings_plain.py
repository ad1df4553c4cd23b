"""Questions like those of the suite, over the same frames and the same library: filter, group and text."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


def _late_to_los_angeles(f: Frames) -> int:
    return len(f["flights"].query("origin == 'JFK' and dest == 'LAX' and dep_delay > 120"))


def _short_flippers(f: Frames) -> int:
    return len(f["penguins"].query("species == 'Gentoo' and flipper_length_mm < 210"))


def _rwanda(f: Frames) -> pd.DataFrame:
    return f["gapminder"].query("country == 'Rwanda' and lifeExp < 40")[["year"]]


def _heavy_europeans(f: Frames) -> pd.DataFrame:
    return f["cars"].query("Origin == 'Europe' and Weight_in_lbs > 3500")[["Name", "Weight_in_lbs"]]


def _mild_snow(f: Frames) -> pd.DataFrame:
    return f["seattle"].query("weather == 'snow' and temp_min > 1")[["date"]]


def _amazon_prices(f: Frames) -> int:
    stocks = f["stocks"]
    return int(stocks[stocks["symbol"] == "AMZN"]["price"].between(40, 50).sum())


def _oldest_victims(f: Frames) -> pd.DataFrame:
    return f["riots"].query("age > 60")[["first_name", "last_name"]]


def _hue(f: Frames) -> int:
    return len(f["wine"].query("hue > 1.2 and flavanoids < 2"))


def _many_engines(f: Frames) -> pd.DataFrame:
    return f["planes"].query("engines > 2")[["tailnum", "model"]]


def _unemployment(f: Frames) -> pd.DataFrame:
    return f["macro"].query("unemp > 10")[["year", "quarter"]]


def _fine_copies(f: Frames) -> int:
    copies = f["copies"]
    return int((~copies["condition"].isin(["worn", "damaged"]) & (copies["branch_id"] == 2)).sum())


def _new_poetry(f: Frames) -> pd.DataFrame:
    return f["books"].query("genre == 'poetry' and published >= 2000")[["title", "published"]]


def _destinations(f: Frames) -> pd.DataFrame:
    return f["flights"].groupby("origin")["dest"].nunique().reset_index()


def _island_years(f: Frames) -> pd.DataFrame:
    return f["penguins"].groupby(["island", "year"]).size().reset_index(name="n")


def _people(f: Frames) -> pd.DataFrame:
    return f["gapminder"].query("year == 1952").groupby("continent")["pop"].sum().reset_index()


def _widest(f: Frames) -> str:
    prices = f["stocks"].groupby("symbol")["price"]
    return str((prices.max() - prices.min()).idxmax())


def _poor_site(f: Frames) -> str:
    return str(f["barley"].query("year == 1932").groupby("site")["yield"].sum().idxmin())


def _large_makers(f: Frames) -> pd.DataFrame:
    made = f["planes"].groupby("manufacturer").size().reset_index(name="n")
    return made[made["n"] > 100]


def _coldest(f: Frames) -> pd.DataFrame:
    return f["weather"].groupby("month")["temp"].min().reset_index()


def _women(f: Frames) -> str:
    return str(f["riots"].query("gender == 'Female'").groupby("type").size().idxmax())


def _windiest(f: Frames) -> pd.DataFrame:
    wind = f["seattle"].groupby("weather")["wind"].mean()
    return wind.sort_values(ascending=False).reset_index()[["weather"]]


def _bills(f: Frames) -> int:
    return int(f["macro"].groupby("year")["tbilrate"].mean().idxmax())


def _authors_country(f: Frames) -> str:
    return str(f["authors"].groupby("country").size().idxmax())


def _fines(f: Frames) -> pd.DataFrame:
    return f["fines"].groupby("paid")["amount"].sum().reset_index()[["amount"]]


def _international(f: Frames) -> int:
    return int(f["airports"]["name"].str.contains("International", regex=False).sum())


def _incorporated(f: Frames) -> pd.DataFrame:
    airlines = f["airlines"]
    return airlines[airlines["name"].str.endswith("Inc.")][["name"]]


def _tails(f: Frames) -> int:
    return int(f["flights"]["tailnum"].dropna().str.endswith("AA").sum())


def _one_word(f: Frames) -> int:
    return sum(" " not in country for country in f["gapminder"]["country"].unique())


def _make(f: Frames) -> str:
    return str(f["cars"]["Name"].str.split().str[0].value_counts().idxmax())


def _numbered(f: Frames) -> int:
    return int(f["riots"]["address"].str.match(r"[0-9]").sum())


def _lower_makers(f: Frames) -> pd.DataFrame:
    piston = f["planes"].query("engine == 'Reciprocating'")["manufacturer"]
    return piston.str.lower().drop_duplicates().to_frame()


def _digits(f: Frames) -> pd.DataFrame:
    varieties = f["barley"][["variety"]].drop_duplicates()
    return varieties[varieties["variety"].str.contains(r"[0-9]")]


def _letters(f: Frames) -> pd.DataFrame:
    species = f["penguins"][["species"]].drop_duplicates()
    return species.assign(n=species["species"].str.len())


def _last_word(f: Frames) -> str:
    return str(f["books"]["title"].str.split().str[-1].value_counts().idxmax())


def _turned(f: Frames) -> pd.DataFrame:
    names = f["authors"].query("country == 'Norway'")["name"].str.split(" ", n=1)
    return (names.str[1] + ", " + names.str[0]).to_frame()


def _families(f: Frames) -> int:
    return int(f["members"]["name"].str.split().str[-1].nunique())


_FILTER = (
    Question(
        "sa-late-lax",
        "How many @flights from JFK to LAX left with a delay of more than 120 minutes?",
        _late_to_los_angeles,
    ),
    Question(
        "sa-short-flippers", "How many Gentoo @penguins have flippers shorter than 210 mm?", _short_flippers
    ),
    Question(
        "sa-rwanda",
        "In which years was the life expectancy of Rwanda below 40, according to @gapminder?",
        _rwanda,
    ),
    Question(
        "sa-heavy-europeans",
        "Show me name and weight of the European @cars that weigh more than 3500 pounds.",
        _heavy_europeans,
    ),
    Question(
        "sa-mild-snow",
        "On which dates was the weather snow in @seattle although temp_min was above 1 degree?",
        _mild_snow,
    ),
    Question(
        "sa-amazon-prices",
        "In how many months was the price of AMZN between 40 and 50, both included, in @stocks?",
        _amazon_prices,
    ),
    Question(
        "sa-oldest-victims",
        "Which people in @riots were older than 60? First and last name, please.",
        _oldest_victims,
    ),
    Question("sa-hue", "Count the wines in @wine with a hue above 1.2 but flavanoids below 2.", _hue),
    Question(
        "sa-many-engines", "Give tailnum and model of all @planes with more than two engines.", _many_engines
    ),
    Question(
        "sa-unemployment",
        "In which quarters (year and quarter) was unemp higher than 10 in @macro?",
        _unemployment,
    ),
    _library(
        "sa-fine-copies",
        "How many copies in the branch with id 2 are neither worn nor damaged?",
        _fine_copies,
    ),
    _library(
        "sa-new-poetry",
        "List title and year of publication of the poetry books that were published in 2000 or later.",
        _new_poetry,
    ),
)
_GROUP = (
    Question(
        "sa-destinations",
        "How many different destinations do the @flights of each origin have?",
        _destinations,
    ),
    Question(
        "sa-island-years", "How many @penguins were observed on each island in each year?", _island_years
    ),
    Question(
        "sa-people", "How many people in total lived on each continent in 1952, going by @gapminder?", _people
    ),
    Question(
        "sa-widest-range",
        "Which symbol in @stocks has the largest difference between its highest and its lowest price?",
        _widest,
    ),
    Question("sa-poor-site", "Which site in @barley had the lowest total yield in 1932?", _poor_site),
    Question(
        "sa-large-makers",
        "Which manufacturers have more than 100 @planes, and how many does each of them have?",
        _large_makers,
    ),
    Question("sa-coldest-hours", "What was the lowest temp of each month in @weather?", _coldest),
    Question("sa-women-type", "What is the most common type among the women in @riots?", _women),
    Question(
        "sa-windiest-weather",
        "Rank the kinds of weather in @seattle by their average wind, the strongest first.",
        _windiest,
        ordered=True,
    ),
    Question(
        "sa-bill-year",
        "In which year was tbilrate the highest in @macro, averaged over its quarters?",
        _bills,
    ),
    _library("sa-authors-country", "From which country do we have the most authors?", _authors_country),
    _library(
        "sa-fine-totals",
        "What is the total amount of the paid fines and that of the unpaid ones? One row for each, please.",
        _fines,
    ),
)
_TEXT = (
    Question(
        "sa-international", "How many airports in @airports have International in their name?", _international
    ),
    Question(
        "sa-incorporated", "Which @airlines have a name that ends with Inc.? List the names.", _incorporated
    ),
    Question("sa-tails", "How many @flights have a tail number that ends with the letters AA?", _tails),
    Question(
        "sa-one-word", "How many countries are there in @gapminder whose name has no space in it?", _one_word
    ),
    Question(
        "sa-make",
        "The first word of a car's name is its make. Which make is the most common in @cars?",
        _make,
    ),
    Question("sa-numbered", "How many of the addresses in @riots start with a digit?", _numbered),
    Question(
        "sa-lower-makers",
        "Give the different manufacturers of the @planes with engine Reciprocating, in lower case.",
        _lower_makers,
    ),
    Question("sa-digits", "Which varieties of @barley have a digit in their name?", _digits),
    Question("sa-letters", "How many letters long is the name of each species in @penguins?", _letters),
    _library("sa-last-word", "Which word is the last one of the title in the most books?", _last_word),
    _library(
        "sa-turned-names",
        "Write the names of the authors from Norway with the last name first, like Costa, Ada.",
        _turned,
    ),
    _library(
        "sa-families",
        "How many different last names do the members have? The last name is the last word of a name.",
        _families,
    ),
)

QUESTIONS: tuple[tuple[Category, Question], ...] = (
    *(("filter", question) for question in _FILTER),
    *(("group", question) for question in _GROUP),
    *(("text", question) for question in _TEXT),
)
