"""Questions like those of the suite, over the same frames and the same library, asked of other columns and in
other words: group, ratio, date, text and join.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


# Groups.


def _top_destinations(f: Frames) -> pd.DataFrame:
    return f["flights"].groupby("dest").size().nlargest(3).reset_index(name="n")


def _rarest(f: Frames) -> pd.DataFrame:
    return (
        f["penguins"].groupby(["species", "island"]).size().nsmallest(1).reset_index()[["species", "island"]]
    )


def _europe_incomes(f: Frames) -> pd.DataFrame:
    return f["gapminder"].query("continent == 'Europe'").groupby("year")["gdpPercap"].mean().reset_index()


def _precipitation(f: Frames) -> pd.DataFrame:
    return f["weather"].groupby("origin")["precip"].sum().reset_index()


def _price_counts(f: Frames) -> pd.DataFrame:
    return f["stocks"].groupby("symbol")["date"].agg(["size", "min"]).reset_index()


def _magnesium(f: Frames) -> pd.DataFrame:
    return f["wine"].groupby("target")["magnesium"].agg(["size", "mean"]).reset_index()


def _seats_per_engine(f: Frames) -> pd.DataFrame:
    seats = f["planes"].groupby("engine")["seats"].mean()
    return seats.sort_values(ascending=False).reset_index()


def _birth_decades(f: Frames) -> pd.DataFrame:
    decade = (f["members"]["birth_year"] // 10 * 10).rename("decade")
    return f["members"].groupby(decade).size().reset_index(name="n")


# Ratios.


def _flights_per_day(f: Frames) -> pd.DataFrame:
    return (f["flights"].groupby("origin").size() / 365).rename("per_day").reset_index()


def _slender_bills(f: Frames) -> pd.DataFrame:
    penguins = f["penguins"]
    ratio = (penguins["bill_length_mm"] / penguins["bill_depth_mm"]).rename("ratio")
    return ratio.groupby(penguins["species"]).mean().reset_index()


def _long_lives(f: Frames) -> pd.DataFrame:
    now = f["gapminder"].query("year == 2007")
    return (now["lifeExp"] > 70).groupby(now["continent"]).mean().mul(100).reset_index()


def _better_in_1932(f: Frames) -> float:
    yields = f["barley"].pivot(index=["site", "variety"], columns="year", values="yield")
    return float((yields[1932] > yields[1931]).mean() * 100)


def _richest_quarter(f: Frames) -> pd.DataFrame:
    macro = f["macro"]
    return macro.loc[[(macro["realgdp"] / macro["pop"]).idxmax()], ["year", "quarter"]]


def _apple_money(f: Frames) -> float:
    apple = f["stocks"].query("symbol == 'AAPL'").set_index("date")["price"]
    return float(1000 * apple[pd.Timestamp("2010-01-01")] / apple[pd.Timestamp("2005-01-01")])


def _loans_per_member(f: Frames) -> float:
    return len(f["loans"]) / len(f["members"])


def _within_a_week(f: Frames) -> float:
    days = (f["loans"]["returned"] - f["loans"]["loaned"]).dropna().dt.days
    return float((days <= 7).mean() * 100)


# Dates.


def _wettest_month(f: Frames) -> Readings:
    seattle = f["seattle"]
    month = seattle.groupby(seattle["date"].dt.to_period("M"))["precipitation"].sum().idxmax()
    split = pd.DataFrame({"year": [month.year], "month": [month.month]})
    named = pd.DataFrame({"year": [month.year], "month": [month.strftime("%B")]})
    return Readings((split, named, month.to_timestamp(), str(month), month.strftime("%B %Y")))


def _best_ibm_year(f: Frames) -> int:
    ibm = f["stocks"].query("symbol == 'IBM'")
    return int(ibm.groupby(ibm["date"].dt.year)["price"].mean().idxmax())


def _quietest_day(f: Frames) -> Readings:
    month, day = f["flights"].groupby(["month", "day"]).size().idxmin()
    split = pd.DataFrame({"month": [month], "day": [day]})
    return Readings((pd.Timestamp(2013, month, day), split))


def _first_three_cylinders(f: Frames) -> Readings:
    # The column holds January 1 of each year.
    first = f["cars"].query("Cylinders == 3")["Year"].min()
    return Readings((int(first.year), first))


def _oil_crisis(f: Frames) -> float:
    cpi = f["macro"].set_index(["year", "quarter"])["cpi"]
    return float(cpi[(1974, 4)] - cpi[(1973, 1)])


def _dry_summer(f: Frames) -> int:
    seattle = f["seattle"]
    summer = seattle[seattle["date"].between("2015-06-01", "2015-08-31")]
    return int((summer["precipitation"] == 0).sum())


def _latest_return(f: Frames) -> int:
    return int((f["loans"]["returned"] - f["loans"]["due"]).dt.days.max())


def _lending_weekday(f: Frames) -> str:
    return str(f["loans"]["loaned"].dt.day_name().value_counts().idxmax())


# Texts.


def _middle_initials(f: Frames) -> int:
    return int(f["riots"]["first_name"].str.contains(".", regex=False).sum())


def _first_letter(f: Frames) -> str:
    countries = f["gapminder"]["country"].drop_duplicates()
    return str(countries.str[0].value_counts().idxmax())


def _fields(f: Frames) -> int:
    return int((f["airports"]["name"].str.split().str[-1] == "Field").sum())


def _families(f: Frames) -> pd.DataFrame:
    models = f["planes"].query("manufacturer == 'AIRBUS'")["model"]
    return models.groupby(models.str.split("-").str[0]).size().reset_index(name="n")


def _long_names(f: Frames) -> int:
    return int((f["cars"]["Name"].str.split().str.len() > 3).sum())


def _short_species(f: Frames) -> pd.DataFrame:
    short = f["penguins"]["species"].str[:3].str.upper()
    return f["penguins"].groupby(short).size().reset_index(name="n")


def _without_article(f: Frames) -> pd.DataFrame:
    titles = f["books"].query("genre == 'travel'")["title"]
    return titles.str.removeprefix("The ").to_frame()


def _four_letters(f: Frames) -> int:
    return int((f["members"]["name"].str.split().str[0].str.len() == 4).sum())


# Joins.


def _to_honolulu(f: Frames) -> pd.DataFrame:
    code = f["airports"].query("name == 'Honolulu Intl'")["faa"]
    carriers = f["flights"].loc[f["flights"]["dest"].isin(code), "carrier"]
    return f["airlines"].loc[f["airlines"]["carrier"].isin(carriers), ["name"]]


def _most_miles(f: Frames) -> pd.DataFrame:
    miles = f["flights"].groupby("tailnum", as_index=False)["distance"].sum()
    flown = miles.merge(f["planes"], on="tailnum")
    return flown.nlargest(1, "distance")[["tailnum", "manufacturer", "model"]]


def _high_destinations(f: Frames) -> int:
    high = f["airports"].query("alt > 5000")["faa"]
    return int(f["flights"]["dest"].isin(high).sum())


def _delay_per_engines(f: Frames) -> pd.DataFrame:
    flown = f["flights"].merge(f["planes"][["tailnum", "engines"]], on="tailnum")
    return flown.groupby("engines")["arr_delay"].mean().reset_index()


def _highest_fines(f: Frames) -> str:
    owed = f["fines"].merge(f["loans"], on="loan_id").groupby("member_id")["amount"].sum()
    return str(f["members"].set_index("member_id").at[owed.idxmax(), "name"])


def _loans_of_the_old(f: Frames) -> int:
    old = f["members"].query("birth_year < 1960")["member_id"]
    return int(f["loans"]["member_id"].isin(old).sum())


def _riverside_debts(f: Frames) -> float:
    homes = f["members"].merge(
        f["branches"], left_on="home_branch_id", right_on="branch_id", suffixes=("", "_b")
    )
    members = homes.query("name_b == 'Riverside'")["member_id"]
    unpaid = f["fines"].query("paid == 0").merge(f["loans"], on="loan_id")
    return float(unpaid.loc[unpaid["member_id"].isin(members), "amount"].sum())


def _worn_publisher(f: Frames) -> str:
    worn = f["copies"].query("condition == 'worn'").merge(f["books"], on="book_id")
    return str(worn.merge(f["publishers"], on="publisher_id").groupby("name").size().idxmax())


_GROUP = (
    Question(
        "sf-top-destinations",
        "Name the three destinations (dest) that most @flights went to, with the number of flights to each.",
        _top_destinations,
    ),
    Question(
        "sf-rarest-pair",
        "Which species on which island was observed least often in @penguins? Give both, leaving out pairs "
        "that never occur.",
        _rarest,
    ),
    Question(
        "sf-europe-incomes",
        "How high was gdpPercap in the countries of Europe on average in each year of @gapminder?",
        _europe_incomes,
    ),
    Question("sf-precip-origin", "What does precip sum up to at each origin in @weather?", _precipitation),
    Question(
        "sf-price-counts",
        "For each symbol in @stocks, how many prices are there and what is the first date?",
        _price_counts,
    ),
    Question(
        "sf-magnesium",
        "How many wines does each target of @wine have, and what is their mean magnesium?",
        _magnesium,
    ),
    Question(
        "sf-seats-engine",
        "List each engine of the @planes with its average number of seats, most seats first.",
        _seats_per_engine,
        ordered=True,
    ),
    _library(
        "sf-birth-decades",
        "How many members were born in each decade? Give the decade as its first year, such as 1980.",
        _birth_decades,
    ),
)
_RATIO = (
    Question(
        "sf-flights-per-day",
        "How many @flights per day left from each origin on average in 2013, a year of 365 days?",
        _flights_per_day,
    ),
    Question(
        "sf-slender-bills",
        "Divide bill_length_mm by bill_depth_mm for each of the @penguins. What is the average of that for "
        "each species?",
        _slender_bills,
    ),
    Question(
        "sf-long-lives",
        "On each continent, what percentage of the countries had a lifeExp above 70 in 2007, by @gapminder?",
        _long_lives,
    ),
    Question(
        "sf-better-1932",
        "Compare 1932 with 1931 for every pair of site and variety in @barley. In what percentage of the "
        "pairs was the yield higher in 1932?",
        _better_in_1932,
    ),
    Question(
        "sf-richest-quarter",
        "In which year and quarter was realgdp per person (divided by pop) the highest in @macro?",
        _richest_quarter,
    ),
    Question(
        "sf-apple-money",
        "If I had put 1000 dollars into AAPL at its price of 2005-01-01, what would they have been worth at "
        "the price of 2010-01-01, going by @stocks?",
        _apple_money,
    ),
    _library(
        "sf-loans-per-member",
        "How many loans are there per member on average? Members without any loan count, too.",
        _loans_per_member,
    ),
    _library(
        "sf-within-week",
        "Of the loans that were returned, what percentage came back no more than 7 days after they were "
        "made?",
        _within_a_week,
    ),
)
_DATE = (
    Question(
        "sf-wettest-month",
        "In which month of which year did @seattle have the most precipitation in total?",
        _wettest_month,
    ),
    Question(
        "sf-best-ibm-year",
        "In which year was the average price of IBM the highest in @stocks?",
        _best_ibm_year,
    ),
    Question("sf-quietest-day", "On what date of 2013 were there the fewest @flights?", _quietest_day),
    Question(
        "sf-first-three-cylinders",
        "What is the earliest year in which one of the @cars has 3 cylinders?",
        _first_three_cylinders,
    ),
    Question(
        "sf-oil-crisis",
        "By how many points did cpi rise from the first quarter of 1973 to the fourth quarter of 1974 in "
        "@macro?",
        _oil_crisis,
    ),
    Question(
        "sf-dry-summer",
        "How many days without any precipitation were there in @seattle from June to August 2015?",
        _dry_summer,
    ),
    _library(
        "sf-latest-return",
        "What is the largest number of days that a book was returned after its due date?",
        _latest_return,
    ),
    _library(
        "sf-lending-weekday",
        "On which day of the week do we lend the most books? Give its English name, such as Monday.",
        _lending_weekday,
    ),
)
_TEXT = (
    Question(
        "sf-middle-initials",
        "How many people in @riots have a first_name with an initial in it, that is, with a full stop?",
        _middle_initials,
    ),
    Question(
        "sf-first-letter",
        "Which letter do the most countries in @gapminder begin with? Count each country once.",
        _first_letter,
    ),
    Question("sf-fields", "For how many of the @airports is Field the last word of the name?", _fields),
    Question(
        "sf-families",
        "What stands before the hyphen in a model is its family, like A320. How many @planes of the "
        "manufacturer AIRBUS belong to each family?",
        _families,
    ),
    Question("sf-long-names", "How many of the @cars have a name of more than three words?", _long_names),
    Question(
        "sf-short-species",
        "Shorten each species in @penguins to its first three letters in capitals, and count the penguins of "
        "each.",
        _short_species,
    ),
    _library(
        "sf-without-article",
        "Show the titles of all travel books without the The at the beginning, one row for each book.",
        _without_article,
    ),
    _library("sf-four-letters", "How many members have a first name of exactly four letters?", _four_letters),
)
_JOIN = (
    Question(
        "sf-to-honolulu",
        "Which airlines have @flights to Honolulu Intl? Its code is in @airports; give the names from "
        "@airlines.",
        _to_honolulu,
    ),
    Question(
        "sf-most-miles",
        "Which one of the @planes covered the most distance in all its @flights together? I need tailnum, "
        "manufacturer and model.",
        _most_miles,
    ),
    Question(
        "sf-high-destinations",
        "How many @flights had a destination that lies above 5000 feet (alt in @airports)?",
        _high_destinations,
    ),
    Question(
        "sf-delay-engines",
        "What is the average arr_delay of the @flights by the number of engines of the plane (engines in "
        "@planes)?",
        _delay_per_engines,
    ),
    _library(
        "sf-highest-fines",
        "Who has had the highest fines in total, paid or not? Give the member's name.",
        _highest_fines,
    ),
    _library("sf-loans-old", "How many loans went to members born before 1960?", _loans_of_the_old),
    _library(
        "sf-riverside-debts",
        "How much do the members whose home branch is Riverside still owe in unpaid fines, all together?",
        _riverside_debts,
    ),
    _library(
        "sf-worn-publisher",
        "Which publisher's books have the most copies in worn condition?",
        _worn_publisher,
    ),
)

QUESTIONS: tuple[tuple[Category, Question], ...] = (
    *(("group", question) for question in _GROUP),
    *(("ratio", question) for question in _RATIO),
    *(("date", question) for question in _DATE),
    *(("text", question) for question in _TEXT),
    *(("join", question) for question in _JOIN),
)
