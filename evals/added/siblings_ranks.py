"""Questions like those of the suite, over the same frames and library: ratio, window, multi-step, group."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


def _percent(mask: pd.Series) -> float:
    return float(mask.mean() * 100)


def _wet_hours(f: Frames) -> pd.DataFrame:
    wet = f["weather"]["precip"] > 0
    return (wet.groupby(f["weather"]["origin"]).mean() * 100).reset_index()


def _peak_over_mean(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].groupby("symbol")["price"].agg(["max", "mean"])
    return (prices["max"] / prices["mean"]).reset_index(name="ratio")


def _consumption(f: Frames) -> float:
    return float((f["macro"]["realcons"] / f["macro"]["realgdp"]).mean() * 100)


def _sun_per_snow(f: Frames) -> float:
    days = f["seattle"]["weather"].value_counts()
    return float(days["sun"] / days["snow"])


def _china(f: Frames) -> float:
    people = f["gapminder"].query("country == 'China'").set_index("year")["pop"]
    return float(people[2007] / people[1952])


def _bill_shape(f: Frames) -> pd.DataFrame:
    shape = f["penguins"]["bill_length_mm"] / f["penguins"]["bill_depth_mm"]
    return shape.groupby(f["penguins"]["species"]).mean().reset_index(name="ratio")


def _black_homicides(f: Frames) -> float:
    return _percent(f["riots"].query("race == 'Black'")["type"] == "Homicide")


def _jfk_to_lax(f: Frames) -> float:
    return _percent(f["flights"].query("origin == 'JFK'")["dest"] == "LAX")


def _recent_books(f: Frames) -> pd.DataFrame:
    recent = f["books"]["published"] >= 2000
    return (recent.groupby(f["books"]["genre"]).mean() * 100).reset_index()


def _lent_at_home(f: Frames) -> float:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["members"], on="member_id")
    return _percent(lent["branch_id"] == lent["home_branch_id"])


def _dry_run(f: Frames) -> int:
    wet = f["seattle"].sort_values("date")["precipitation"] > 0
    return int((~wet).groupby(wet.cumsum()).sum().max())


def _best_year_on_year(f: Frames) -> float:
    gdp = f["macro"].sort_values(["year", "quarter"])["realgdp"]
    return float((gdp / gdp.shift(4) - 1).max() * 100)


def _rank_of_portugal(f: Frames) -> int:
    europe = f["gapminder"].query("year == 2007 and continent == 'Europe'").set_index("country")["lifeExp"]
    return int(europe.rank(ascending=False, method="min")["Portugal"])


def _top_destinations(f: Frames) -> pd.DataFrame:
    routes = f["flights"].groupby(["origin", "dest"]).size().reset_index(name="n")
    return routes.sort_values("n", ascending=False).groupby("origin").head(3)


def _falls(f: Frames) -> pd.DataFrame:
    stocks = f["stocks"].sort_values(["symbol", "date"])
    fell = stocks.groupby("symbol")["price"].diff() < 0
    return fell.groupby(stocks["symbol"]).sum().reset_index(name="falls")


def _better_harvests(f: Frames) -> int:
    yields = f["barley"].set_index(["site", "variety", "year"])["yield"].unstack("year")
    return int((yields[1932] > yields[1931]).sum())


def _half_metre(f: Frames) -> object:
    year = f["seattle"][f["seattle"]["date"].dt.year == 2014].sort_values("date")
    return year[year["precipitation"].cumsum() > 500]["date"].iloc[0]


def _life_drop(f: Frames) -> pd.DataFrame:
    lives = f["gapminder"].sort_values(["country", "year"])
    change = lives.groupby("country")["lifeExp"].diff()
    return lives.loc[[change.idxmin()], ["country", "year"]]


def _much_lighter(f: Frames) -> int:
    weights = f["cars"].groupby("Origin")["Weight_in_lbs"]
    return int((f["cars"]["Weight_in_lbs"] < weights.transform("max") / 2).sum())


def _days_between_loans(f: Frames) -> Readings:
    loans = f["loans"].sort_values(["member_id", "loaned"])
    gaps = loans.groupby("member_id")["loaned"].diff().dt.days
    return Readings((float(gaps.mean()), float(gaps.groupby(loans["member_id"]).mean().mean())))


def _latest_of_busiest(f: Frames) -> object:
    by_dest = f["flights"].groupby("dest")["arr_delay"].agg(["size", "mean"])
    return by_dest.nlargest(10, "size")["mean"].idxmax()


def _rich_but_short(f: Frames) -> int:
    now = f["gapminder"].query("year == 2007")
    rich = now["gdpPercap"] > now["gdpPercap"].mean()
    return int((rich & (now["lifeExp"] < now["lifeExp"].mean())).sum())


def _best_gain(f: Frames) -> object:
    prices = f["stocks"].sort_values("date").groupby("symbol")["price"].agg(["first", "last"])
    return (prices["last"] / prices["first"]).idxmax()


def _rarest_on_island(f: Frames) -> float:
    penguins = f["penguins"]
    here = penguins[penguins["island"] == penguins["island"].value_counts().idxmax()]
    return float(here[here["species"] == here["species"].value_counts().idxmin()]["body_mass_g"].mean())


def _in_every_branch(f: Frames) -> int:
    return int((f["copies"].groupby("book_id")["branch_id"].nunique() == len(f["branches"])).sum())


def _never_lent_pages(f: Frames) -> float:
    lent = f["loans"].merge(f["copies"], on="copy_id")["book_id"]
    return float(f["books"][~f["books"]["book_id"].isin(lent)]["pages"].mean())


def _pages_of_top_genre(f: Frames) -> float:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")
    top = lent["genre"].value_counts().idxmax()
    return float(f["books"][f["books"]["genre"] == top]["pages"].mean())


def _borrowed_again(f: Frames) -> int:
    lent = f["loans"].merge(f["copies"], on="copy_id").groupby(["member_id", "book_id"]).size()
    return int(lent[lent > 1].reset_index()["member_id"].nunique())


def _largest_debt(f: Frames) -> float:
    owed = f["fines"].query("paid == 0").merge(f["loans"], on="loan_id")
    return float(owed.groupby("member_id")["amount"].sum().max())


def _never_late(f: Frames) -> int:
    loans = f["loans"].assign(late=f["loans"]["returned"] > f["loans"]["due"])
    members = loans.groupby("member_id")["late"].agg(["size", "sum"])
    return int(((members["size"] >= 5) & (members["sum"] == 0)).sum())


def _seats(f: Frames) -> pd.DataFrame:
    return f["planes"].groupby("engine")["seats"].mean().reset_index()


def _neighborhoods(f: Frames) -> pd.DataFrame:
    deaths = f["riots"].groupby("neighborhood").size()
    return deaths[deaths >= 3].reset_index(name="n")


def _countries(f: Frames) -> pd.DataFrame:
    return f["gapminder"].groupby("continent")["country"].nunique().reset_index()


def _wine_means(f: Frames) -> pd.DataFrame:
    return f["wine"].groupby("target")[["proline", "magnesium"]].mean().reset_index()


def _stock_dates(f: Frames) -> pd.DataFrame:
    return f["stocks"].groupby("symbol")["date"].agg(["min", "max"]).reset_index()


def _miles(f: Frames) -> pd.DataFrame:
    return f["flights"].groupby("carrier")["distance"].sum().reset_index()


def _species_on_islands(f: Frames) -> pd.DataFrame:
    return f["penguins"].groupby(["island", "species"]).size().reset_index(name="n")


def _unemployment(f: Frames) -> pd.DataFrame:
    recent = f["macro"].query("year >= 2000")
    return recent.groupby("year")["unemp"].mean().reset_index()


def _fines_by_paid(f: Frames) -> pd.DataFrame:
    # However the two are called.
    return f["fines"].groupby("paid")["amount"].agg(["sum", "mean"])


def _birth_years(f: Frames) -> pd.DataFrame:
    return f["members"].groupby("home_branch_id")["birth_year"].mean().reset_index()


_RATIO = (
    Question(
        "sl-wet-hours",
        "What percentage of the rows of @weather have precip above 0, for each origin?",
        _wet_hours,
    ),
    Question(
        "sl-peak-over-mean",
        "For each symbol in @stocks, how many times its average price is its highest price?",
        _peak_over_mean,
    ),
    Question(
        "sl-consumption",
        "What is realcons as a percentage of realgdp, averaged over all quarters of @macro?",
        _consumption,
    ),
    Question(
        "sl-sun-per-snow",
        "How many days with weather sun does @seattle have for each day with weather snow?",
        _sun_per_snow,
    ),
    Question(
        "sl-china-growth",
        "By what factor did the population of China grow from 1952 to 2007 in @gapminder?",
        _china,
    ),
    Question(
        "sl-bill-shape",
        "Divide bill length by bill depth for every one of the @penguins: what is the mean of that ratio "
        "per species?",
        _bill_shape,
    ),
    Question(
        "sl-black-homicides",
        "Of the Black people in @riots, what percentage has Homicide as type?",
        _black_homicides,
    ),
    Question("sl-jfk-to-lax", "What percent of the @flights from JFK go to LAX?", _jfk_to_lax),
    _library(
        "sl-recent-books",
        "For each genre, what percentage of its books was published in 2000 or later?",
        _recent_books,
    ),
    _library(
        "sl-lent-at-home",
        "What percentage of the loans were of a copy that belongs to the member's own home branch?",
        _lent_at_home,
    ),
)
_WINDOW = (
    Question(
        "sl-dry-run",
        "How many days long was the longest run of consecutive days with no precipitation in @seattle?",
        _dry_run,
    ),
    Question(
        "sl-year-on-year",
        "What was the largest growth of realgdp, in percent, over the same quarter of the year before in "
        "@macro?",
        _best_year_on_year,
    ),
    Question(
        "sl-portugal-rank",
        "At which place was Portugal among the European countries by lifeExp in 2007 in @gapminder, the "
        "highest being first?",
        _rank_of_portugal,
    ),
    Question(
        "sl-top-destinations",
        "What are the three destinations with the most @flights from each origin? Give origin, dest and the "
        "number of flights.",
        _top_destinations,
    ),
    Question(
        "sl-stock-falls",
        "How often was the price of each symbol in @stocks lower than on its date before?",
        _falls,
    ),
    Question(
        "sl-better-harvests",
        "For how many combinations of site and variety was the yield in @barley higher in 1932 than in 1931?",
        _better_harvests,
    ),
    Question(
        "sl-half-metre",
        "Adding up the precipitation in @seattle from the start of 2014, on which date did the total first "
        "exceed 500?",
        _half_metre,
    ),
    Question(
        "sl-life-drop",
        "Where did lifeExp in @gapminder fall the most from one listed year to the next? Give the country "
        "and the later of the two years.",
        _life_drop,
    ),
    Question(
        "sl-much-lighter",
        "How many of the @cars weigh less than half of what the heaviest car of their origin weighs?",
        _much_lighter,
    ),
    _library(
        "sl-days-between-loans",
        "How many days pass on average between a loan of a member and the same member's next loan?",
        _days_between_loans,
    ),
)
_MULTI_STEP = (
    Question(
        "sl-latest-of-busiest",
        "Of the ten destinations with the most @flights, which has the highest mean arrival delay?",
        _latest_of_busiest,
    ),
    Question(
        "sl-rich-but-short",
        "How many countries in @gapminder had a gdpPercap above the average of all countries in 2007, but a "
        "lifeExp below the average?",
        _rich_but_short,
    ),
    Question(
        "sl-best-gain",
        "Which symbol in @stocks gained the most in percent between its first and its last date?",
        _best_gain,
    ),
    Question(
        "sl-rarest-on-island",
        "Take the island with the most @penguins: what is the average body mass of the species that is "
        "least frequent there?",
        _rarest_on_island,
    ),
    _library(
        "sl-in-every-branch",
        "How many books have at least one copy in every branch?",
        _in_every_branch,
    ),
    _library(
        "sl-never-lent-pages",
        "How many pages on average have the books that were never lent?",
        _never_lent_pages,
    ),
    _library(
        "sl-top-genre-pages",
        "Find the genre with the most loans: how many pages does a book of that genre have on average, "
        "counting each book once?",
        _pages_of_top_genre,
    ),
    _library(
        "sl-borrowed-again",
        "How many members have borrowed one and the same book more than once, be it in different copies?",
        _borrowed_again,
    ),
    _library(
        "sl-largest-debt",
        "How much does the member with the largest sum of unpaid fines owe?",
        _largest_debt,
    ),
    _library(
        "sl-never-late",
        "How many members with at least 5 loans have never returned anything after its due date?",
        _never_late,
    ),
)
_GROUP = (
    Question(
        "sl-seats-per-engine",
        "How many seats do the @planes have on average, by kind of engine (column engine)?",
        _seats,
    ),
    Question(
        "sl-neighborhoods",
        "Which neighborhoods in @riots had three or more deaths, and how many each?",
        _neighborhoods,
    ),
    Question(
        "sl-countries",
        "How many different countries of each continent are in @gapminder?",
        _countries,
    ),
    Question(
        "sl-wine-means",
        "Give the mean proline and the mean magnesium of each target in @wine.",
        _wine_means,
    ),
    Question(
        "sl-stock-dates",
        "From which date to which date does each symbol in @stocks have prices?",
        _stock_dates,
    ),
    Question("sl-miles", "What is the sum of the distance of all @flights of each carrier?", _miles),
    Question(
        "sl-island-species",
        "How many @penguins of each species were there on each island? One row per island and species.",
        _species_on_islands,
    ),
    Question(
        "sl-unemployment",
        "What was the average unemp of every year from 2000 on in @macro?",
        _unemployment,
    ),
    _library(
        "sl-fines-by-paid",
        "Give the total and the average amount of the fines that are paid and of those that are not, one "
        "row for each.",
        _fines_by_paid,
    ),
    _library(
        "sl-birth-years",
        "What is the average birth year of the members of each home branch? Give home_branch_id.",
        _birth_years,
    ),
)
QUESTIONS: tuple[tuple[Category, Question], ...] = (
    *(("ratio", question) for question in _RATIO),
    *(("window", question) for question in _WINDOW),
    *(("multi-step", question) for question in _MULTI_STEP),
    *(("group", question) for question in _GROUP),
)
