"""Questions like those of the suite, over its frames and its library: more of what people ask of them."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


# Multi-step


def _poorest_site(f: Frames) -> str:
    barley = f["barley"]
    site = barley.groupby("site")["yield"].mean().idxmin()
    there = barley[(barley["site"] == site) & (barley["year"] == 1932)]
    return there.loc[there["yield"].idxmax(), "variety"]


def _farthest_airline(f: Frames) -> str:
    flights = f["flights"]
    dest = flights.loc[flights["distance"].idxmax(), "dest"]
    carrier = flights.loc[flights["dest"] == dest, "carrier"].value_counts().idxmax()
    return f["airlines"].set_index("carrier").at[carrier, "name"]


def _shorter_lives(f: Frames) -> int:
    wide = f["gapminder"].pivot(index="country", columns="year", values="lifeExp")
    return int((wide[2007] < wide[1987]).sum())


def _lent(f: Frames) -> pd.DataFrame:
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")


def _every_genre(f: Frames) -> int:
    kinds = _lent(f).groupby("member_id")["genre"].nunique()
    return int((kinds == f["books"]["genre"].nunique()).sum())


def _never_lent_pages(f: Frames) -> float:
    books = f["books"]
    return books[~books["book_id"].isin(_lent(f)["book_id"])]["pages"].mean()


def _small_branch_loans(f: Frames) -> int:
    branch = f["copies"]["branch_id"].value_counts().idxmin()
    return int((f["loans"].merge(f["copies"], on="copy_id")["branch_id"] == branch).sum())


def _debtors(f: Frames) -> int:
    unpaid = f["fines"][f["fines"]["paid"] == 0].merge(f["loans"], on="loan_id")
    return int((unpaid.groupby("member_id")["amount"].sum() > 10).sum())


def _most_out(f: Frames) -> int:
    out = f["loans"][f["loans"]["returned"].isna()]
    return int(out["member_id"].value_counts().max())


# Window


def _worst_fall(f: Frames) -> str:
    rows = f["gapminder"].sort_values(["country", "year"])
    change = rows.groupby("country")["lifeExp"].diff()
    return rows.loc[change.idxmin(), "country"]


def _rank_of_brazil(f: Frames) -> int:
    now = f["gapminder"].query("year == 2007 and continent == 'Americas'").set_index("country")
    return int(now["gdpPercap"].rank(ascending=False)["Brazil"])


def _first_to_last(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].sort_values("date").groupby("symbol")["price"]
    return ((prices.last() / prices.first() - 1) * 100).reset_index()


def _first_metre(f: Frames) -> pd.Timestamp:
    days = f["seattle"].sort_values("date")
    return days[days["precipitation"].cumsum() > 1000]["date"].iloc[0]


def _dry_streak(f: Frames) -> int:
    dry = f["seattle"].sort_values("date")["precipitation"] == 0
    return int(dry.groupby((~dry).cumsum()).sum().max())


def _new_highs(f: Frames) -> int:
    price = f["stocks"].query("symbol == 'AAPL'").sort_values("date")["price"]
    return int((price > price.cummax().shift()).sum())


def _to_second_loan(f: Frames) -> float:
    ordered = f["loans"].sort_values(["member_id", "loaned"])
    ordered = ordered.assign(number=ordered.groupby("member_id").cumcount())
    first = ordered[ordered["number"] == 0].set_index("member_id")["loaned"]
    second = ordered[ordered["number"] == 1].set_index("member_id")["loaned"]
    return (second - first).dt.days.mean()


def _thousandth_loan(f: Frames) -> pd.Timestamp:
    return f["loans"]["loaned"].sort_values().iloc[999]


# Date


def _deadliest_date(f: Frames) -> pd.Timestamp:
    return f["riots"]["death_date"].value_counts().idxmax()


def _winter(f: Frames) -> float:
    days = f["seattle"]
    return days[days["date"].dt.month.isin([12, 1, 2])]["temp_max"].mean()


def _ibm_year_ends(f: Frames) -> pd.DataFrame:
    ibm = f["stocks"].query("symbol == 'IBM'").sort_values("date")
    return ibm.groupby(ibm["date"].dt.year.rename("year"))["price"].last().reset_index()


def _seventies(f: Frames) -> float:
    return f["macro"].query("1970 <= year <= 1979")["infl"].mean()


def _quiet_weekday(f: Frames) -> str:
    dates = pd.to_datetime(f["flights"][["year", "month", "day"]])
    return dates.dt.day_name().value_counts().idxmin()


def _google_start(f: Frames) -> pd.Timestamp:
    return f["stocks"].query("symbol == 'GOOG'")["date"].min()


def _days_kept(f: Frames) -> float:
    return (f["loans"]["returned"] - f["loans"]["loaned"]).dt.days.mean()


def _weekend_loans(f: Frames) -> int:
    return int((f["loans"]["loaned"].dt.day_of_week >= 5).sum())


# Ratio


def _large_boeings(f: Frames) -> float:
    large = f["planes"][f["planes"]["seats"] > 200]
    return (large["manufacturer"] == "BOEING").mean() * 100


def _harvest_fall(f: Frames) -> Readings:
    mean = f["barley"].groupby("year")["yield"].mean()
    fall = (mean[1931] - mean[1932]) / mean[1931] * 100
    return Readings((fall, -fall))


def _most_power_per_pound(f: Frames) -> str:
    cars = f["cars"]
    return cars.loc[(cars["Horsepower"] / cars["Weight_in_lbs"]).idxmax(), "Name"]


def _us_share(f: Frames) -> float:
    now = f["gapminder"].query("year == 2007")
    gdp = now["gdpPercap"] * now["pop"]
    return gdp[now["country"] == "United States"].sum() / gdp.sum() * 100


def _bill_ratio(f: Frames) -> pd.DataFrame:
    penguins = f["penguins"]
    ratio = penguins["bill_length_mm"] / penguins["bill_depth_mm"]
    return ratio.groupby(penguins["species"]).mean().reset_index(name="ratio")


def _very_late(f: Frames) -> pd.DataFrame:
    known = f["flights"].dropna(subset=["arr_delay"])
    return (known["arr_delay"] > 30).groupby(known["origin"]).mean().mul(100).reset_index()


def _never_borrowed(f: Frames) -> float:
    return (~f["members"]["member_id"].isin(f["loans"]["member_id"])).mean() * 100


def _late_by_branch(f: Frames) -> pd.DataFrame:
    loans = f["loans"].dropna(subset=["returned"]).merge(f["copies"], on="copy_id")
    loans = loans.merge(f["branches"], on="branch_id")
    return (loans["returned"] > loans["due"]).groupby(loans["name"]).mean().mul(100).reset_index(name="late")


# Text


def _names_with_space(f: Frames) -> int:
    return int(pd.Series(f["gapminder"]["country"].unique()).str.contains(" ").sum())


def _makes(f: Frames) -> pd.DataFrame:
    return f["cars"]["Name"].str.split().str[0].value_counts().head(5).reset_index()


def _boeing_families(f: Frames) -> pd.DataFrame:
    models = f["planes"].query("manufacturer == 'BOEING'")["model"]
    return models.str.split("-").str[0].value_counts().reset_index()


def _tail_letters(f: Frames) -> str:
    return f["planes"]["tailnum"].str[-2:].value_counts().idxmax()


def _initials(f: Frames) -> int:
    return int(f["riots"]["first_name"].str.endswith(".").sum())


def _numbered(f: Frames) -> pd.DataFrame:
    names = f["barley"]["variety"]
    return names[names.str.contains(r"\d")].drop_duplicates().to_frame()


def _last_words(f: Frames) -> pd.DataFrame:
    return f["books"]["title"].str.split().str[-1].value_counts().reset_index()


def _same_letter(f: Frames) -> int:
    words = f["members"]["name"].str.split()
    return int((words.str[0].str[0] == words.str[-1].str[0]).sum())


# Group


def _species_islands(f: Frames) -> pd.DataFrame:
    return f["penguins"].groupby(["species", "island"]).size().reset_index(name="n")


def _large_manufacturers(f: Frames) -> pd.DataFrame:
    counts = f["planes"]["manufacturer"].value_counts()
    return counts[counts > 100].reset_index()


def _destinations(f: Frames) -> pd.DataFrame:
    return f["flights"].groupby("carrier")["dest"].nunique().reset_index()


def _dear_money(f: Frames) -> int:
    return int(f["macro"].groupby("year")["tbilrate"].mean().idxmax())


def _humid_hour(f: Frames) -> int:
    return int(f["weather"].groupby("hour")["humid"].mean().idxmax())


def _strongest_wind(f: Frames) -> pd.DataFrame:
    return f["seattle"].groupby("weather")["wind"].max().reset_index()


def _recent_pages(f: Frames) -> pd.DataFrame:
    recent = f["books"][f["books"]["published"] >= 2000]
    return recent.groupby("genre")["pages"].mean().reset_index()


def _home_branch(f: Frames) -> str:
    branch = f["members"]["home_branch_id"].value_counts().idxmax()
    return f["branches"].set_index("branch_id").at[branch, "name"]


# Filter


def _thick_fog(f: Frames) -> int:
    return len(f["weather"].query("origin == 'JFK' and visib < 1"))


def _endless_waits(f: Frames) -> pd.DataFrame:
    return f["flights"].query("dep_delay > 900")[["carrier", "flight", "dep_delay"]]


def _older_women(f: Frames) -> int:
    return len(f["riots"].query("gender == 'Female' and age > 50"))


def _long_poetry(f: Frames) -> pd.DataFrame:
    return f["books"].query("genre == 'poetry' and pages > 500")[["title", "pages"]]


# Join


def _to_mountains(f: Frames) -> int:
    high = f["airports"].query("alt > 5000")["faa"]
    return int(f["flights"]["dest"].isin(high).sum())


def _to_honolulu(f: Frames) -> pd.DataFrame:
    carriers = f["flights"].query("dest == 'HNL'")["carrier"]
    return f["airlines"][f["airlines"]["carrier"].isin(carriers)][["name"]]


def _oldest_fleet(f: Frames) -> str:
    built = f["flights"][["carrier", "tailnum"]].merge(f["planes"], on="tailnum")
    carrier = built.groupby("carrier")["year"].mean().idxmin()
    return f["airlines"].set_index("carrier").at[carrier, "name"]


def _away_from_home(f: Frames) -> int:
    loans = f["loans"].merge(f["copies"], on="copy_id").merge(f["members"], on="member_id")
    return int((loans["branch_id"] != loans["home_branch_id"]).sum())


# Statistics


def _ranks(f: Frames) -> float:
    cars = f["cars"]
    return cars["Displacement"].rank().corr(cars["Acceleration"].rank())


def _spread(f: Frames) -> pd.DataFrame:
    return f["penguins"].groupby("species")["body_mass_g"].std().reset_index()


def _most_variable(f: Frames) -> str:
    prices = f["stocks"].groupby("symbol")["price"]
    return (prices.std() / prices.mean()).idxmax()


def _predicted(f: Frames) -> float:
    known = f["penguins"].dropna(subset=["flipper_length_mm", "body_mass_g"])
    slope, start = np.polyfit(known["flipper_length_mm"], known["body_mass_g"], 1)
    return float(start + slope * 200)


# Reshape


def _wide(rows: pd.DataFrame, index: str | list[str], columns: str, values: str) -> pd.DataFrame:
    return rows.pivot_table(index=index, columns=columns, values=values, aggfunc="mean").reset_index()


def _prices_wide(f: Frames) -> pd.DataFrame:
    rows = f["stocks"].assign(year=f["stocks"]["date"].dt.year)
    return _wide(rows[rows["year"] >= 2005], "year", "symbol", "price")


def _years_side_by_side(f: Frames) -> pd.DataFrame:
    return _wide(f["barley"], ["site", "variety"], "year", "yield")


def _quarters_across(f: Frames) -> pd.DataFrame:
    return _wide(f["macro"].query("2000 <= year <= 2008"), "year", "quarter", "unemp")


def _air_long(f: Frames) -> pd.DataFrame:
    means = f["weather"].groupby("origin")[["temp", "dewp", "humid"]].mean().reset_index()
    return means.melt(id_vars="origin")


# Ambiguous


def _readings(*values: object) -> Readings:
    return Readings(tuple(dict.fromkeys(values)), ambiguous=True)


def _worst_month(f: Frames) -> Readings:
    months = f["flights"].assign(gone=f["flights"]["dep_time"].isna()).groupby("month")
    measures = [
        months["dep_delay"].mean(),
        months["arr_delay"].mean(),
        months["dep_delay"].sum(),
        months["arr_delay"].sum(),
        months["gone"].sum(),
        months["gone"].mean(),
    ]
    return _readings(*(int(measure.idxmax()) for measure in measures))


def _grown_most(f: Frames) -> Readings:
    found = []
    for column in ("pop", "gdpPercap", "lifeExp"):
        wide = f["gapminder"].pivot(index="country", columns="year", values=column)
        found += [(wide[2007] - wide[1952]).idxmax(), (wide[2007] / wide[1952]).idxmax()]
    rows = f["gapminder"].assign(gdp=f["gapminder"]["gdpPercap"] * f["gapminder"]["pop"])
    wide = rows.pivot(index="country", columns="year", values="gdp")
    return _readings(*found, (wide[2007] - wide[1952]).idxmax(), (wide[2007] / wide[1952]).idxmax())


def _smallest_branch(f: Frames) -> Readings:
    names = f["branches"].set_index("branch_id")["name"]
    counts = [
        f["copies"]["branch_id"].value_counts(),
        f["members"]["home_branch_id"].value_counts(),
        f["loans"].merge(f["copies"], on="copy_id")["branch_id"].value_counts(),
    ]
    return _readings(*(names[count.idxmin()] for count in counts))


def _worst_member(f: Frames) -> Readings:
    names = f["members"].set_index("member_id")["name"]
    loans = f["loans"]
    late = loans[loans["returned"] > loans["due"]]
    fines = f["fines"].merge(loans, on="loan_id")
    unpaid = fines[fines["paid"] == 0]
    measures = [
        late["member_id"].value_counts(),
        fines.groupby("member_id")["amount"].sum(),
        unpaid.groupby("member_id")["amount"].sum(),
        unpaid["member_id"].value_counts(),
        loans[loans["returned"].isna()]["member_id"].value_counts(),
    ]
    worst = [names[who] for measure in measures for who in measure.index[measure == measure.max()]]
    return _readings(*worst)


def _none(_: Frames) -> None:
    return None


_MULTI_STEP = (
    Question(
        "sp-poorest-site",
        "Take the site of @barley with the lowest average yield. Which variety gave the most there in 1932?",
        _poorest_site,
    ),
    Question(
        "sp-farthest-airline",
        "Which airline made the most @flights to the destination that is farthest away (column distance)? "
        "Give its name from @airlines.",
        _farthest_airline,
    ),
    Question(
        "sp-shorter-lives",
        "In how many countries of @gapminder was the life expectancy lower in 2007 than in 1987?",
        _shorter_lives,
    ),
    _library("sp-every-genre", "How many members have borrowed books of every genre?", _every_genre),
    _library(
        "sp-never-lent-pages",
        "How many pages do the books that were never lent have on average?",
        _never_lent_pages,
    ),
    _library(
        "sp-small-branch-loans",
        "How many loans were made from the copies of the branch that owns the fewest copies?",
        _small_branch_loans,
    ),
    _library("sp-debtors", "How many members owe more than 10 in unpaid fines altogether?", _debtors),
    _library(
        "sp-most-out",
        "What is the largest number of loans that any one member has not returned?",
        _most_out,
    ),
)
_WINDOW = (
    Question(
        "sp-worst-fall",
        "Which country in @gapminder had the largest fall of lifeExp from one of its years to the next one?",
        _worst_fall,
    ),
    Question(
        "sp-rank-brazil",
        "What rank did Brazil have by gdpPercap in 2007 among the countries of the Americas in @gapminder? "
        "The richest country has rank 1.",
        _rank_of_brazil,
    ),
    Question(
        "sp-first-to-last",
        "By what percentage did the price of each symbol in @stocks change from its first to its last date?",
        _first_to_last,
    ),
    Question(
        "sp-first-metre",
        "On which date did the precipitation in @seattle, summed up from the first day on, "
        "exceed 1000 for the first time?",
        _first_metre,
    ),
    Question(
        "sp-dry-streak",
        "How many days long was the longest run of days in a row without any precipitation in @seattle?",
        _dry_streak,
    ),
    Question(
        "sp-new-highs",
        "How many times was the price of AAPL in @stocks above all its earlier prices? "
        "Do not count the first date.",
        _new_highs,
    ),
    _library(
        "sp-second-loan",
        "How many days pass on average between a member's first and second loan?",
        _to_second_loan,
    ),
    _library("sp-thousandth-loan", "On what date was the 1000th loan made?", _thousandth_loan),
)
_DATE = (
    Question("sp-deadliest-date", "On which date did the most people in @riots die?", _deadliest_date),
    Question(
        "sp-winter",
        "What is the average maximum temperature in @seattle in the winter months December, January "
        "and February?",
        _winter,
    ),
    Question(
        "sp-ibm-year-ends",
        "What was the last price of IBM in each year in @stocks? Give year and price.",
        _ibm_year_ends,
    ),
    Question("sp-seventies", "What was the average of infl in the years 1970 to 1979 in @macro?", _seventies),
    Question(
        "sp-quiet-weekday",
        "On which day of the week are there the fewest @flights? Give its English name.",
        _quiet_weekday,
    ),
    Question("sp-google-start", "From which date on does @stocks have prices of GOOG?", _google_start),
    _library(
        "sp-days-kept",
        "How many days does it take on average from the loan to the return? "
        "Leave out what has not been returned.",
        _days_kept,
    ),
    _library("sp-weekend-loans", "How many loans were made on a Saturday or Sunday?", _weekend_loans),
)
_RATIO = (
    Question(
        "sp-large-boeings",
        "What percentage of the @planes with more than 200 seats are from the manufacturer BOEING?",
        _large_boeings,
    ),
    Question(
        "sp-harvest-fall",
        "By what percentage did the average yield in @barley fall from 1931 to 1932?",
        _harvest_fall,
    ),
    Question(
        "sp-power-per-pound",
        "Which of the @cars has the most horsepower for its weight? Give the name.",
        _most_power_per_pound,
    ),
    Question(
        "sp-us-share",
        "Take gdpPercap times pop as a country's GDP. What percentage of the GDP of all countries in "
        "@gapminder came from the United States in 2007?",
        _us_share,
    ),
    Question(
        "sp-bill-ratio",
        "Divide bill_length_mm by bill_depth_mm for each of the @penguins. "
        "What is the average of this ratio for each species?",
        _bill_ratio,
    ),
    Question(
        "sp-very-late",
        "Of the @flights with a known arrival delay, what percentage arrived more than 30 minutes late, "
        "for each origin?",
        _very_late,
    ),
    _library(
        "sp-never-borrowed", "What percentage of the members has never borrowed anything?", _never_borrowed
    ),
    _library(
        "sp-late-by-branch",
        "What percentage of the returned loans came back after the due date, by the name of the branch "
        "that the copy belongs to?",
        _late_by_branch,
    ),
)
_TEXT = (
    Question(
        "sp-names-with-space",
        "How many different country names in @gapminder contain a space?",
        _names_with_space,
    ),
    Question(
        "sp-makes",
        "The first word of a name in @cars is the make. Which five makes are the most frequent, and how many "
        "cars has each?",
        _makes,
    ),
    Question(
        "sp-boeing-families",
        "Cut off the model of the @planes of manufacturer BOEING at the first hyphen, so that 737-824 is "
        "737. How many planes are there of each?",
        _boeing_families,
    ),
    Question(
        "sp-tail-letters",
        "With which two characters do the tail numbers in @planes end most often?",
        _tail_letters,
    ),
    Question("sp-initials", "How many first names in @riots end with a period?", _initials),
    Question("sp-numbered", "Which varieties of @barley have a number in their name?", _numbered),
    _library("sp-last-words", "How many books are there for each last word of the title?", _last_words),
    _library(
        "sp-same-letter",
        "How many members have a first name and a last name that start with the same letter?",
        _same_letter,
    ),
)
_GROUP = (
    Question("sp-species-islands", "Count the @penguins of each species on each island.", _species_islands),
    Question(
        "sp-large-manufacturers",
        "Which manufacturers built more than 100 of the @planes? Give the manufacturer and the number.",
        _large_manufacturers,
    ),
    Question(
        "sp-destinations",
        "To how many different destinations does each carrier fly in @flights?",
        _destinations,
    ),
    Question("sp-dear-money", "In which year was the average tbilrate of @macro the highest?", _dear_money),
    Question(
        "sp-humid-hour",
        "At which hour of the day (column hour) is humid in @weather the highest on average?",
        _humid_hour,
    ),
    Question(
        "sp-strongest-wind",
        "How strong was the strongest wind for each weather in @seattle?",
        _strongest_wind,
    ),
    _library(
        "sp-recent-pages",
        "What is the average number of pages of the books published in 2000 or later, by genre?",
        _recent_pages,
    ),
    _library("sp-home-branch", "Which branch is the home branch of the most members? Name it.", _home_branch),
)
_FILTER = (
    Question("sp-thick-fog", "How many rows of @weather for JFK have a visib below 1?", _thick_fog),
    Question(
        "sp-endless-waits",
        "Show carrier, flight and dep_delay of the @flights that left more than 900 minutes late.",
        _endless_waits,
    ),
    Question("sp-older-women", "How many women in @riots were older than 50?", _older_women),
    _library(
        "sp-long-poetry", "Give title and pages of the poetry books with more than 500 pages.", _long_poetry
    ),
)
_JOIN = (
    Question(
        "sp-to-mountains",
        "How many @flights had a destination that lies above 5000 feet (alt in @airports)?",
        _to_mountains,
    ),
    Question("sp-to-honolulu", "Which @airlines have @flights to HNL? Give the names.", _to_honolulu),
    Question(
        "sp-oldest-fleet",
        "Look up the year of the plane of each of the @flights in @planes. Which airline has the lowest "
        "average year over its flights? Give its name from @airlines.",
        _oldest_fleet,
    ),
    _library(
        "sp-away-from-home",
        "How many loans were of a copy that belongs to another branch than the member's home branch?",
        _away_from_home,
    ),
)
_STATISTICS = (
    Question(
        "sp-ranks", "What is Spearman's rank correlation of displacement and acceleration in @cars?", _ranks
    ),
    Question(
        "sp-spread", "What is the sample standard deviation of body_mass_g per species in @penguins?", _spread
    ),
    Question(
        "sp-most-variable",
        "Which symbol in @stocks has the largest standard deviation of the price relative to its mean price?",
        _most_variable,
    ),
    Question(
        "sp-predicted",
        "Fit a straight line of body_mass_g on flipper_length_mm in @penguins. "
        "What body mass does it give for a flipper of 200 mm?",
        _predicted,
    ),
)
_RESHAPE = (
    Question(
        "sp-prices-wide",
        "Average price in @stocks from 2005 on, the years down and the symbols across",
        _prices_wide,
    ),
    Question(
        "sp-years-side-by-side",
        "Show @barley with one row per site and variety and the yields of 1931 and 1932 in two columns.",
        _years_side_by_side,
    ),
    Question(
        "sp-quarters-across",
        "Put unemp of @macro for the years 2000 to 2008 into a table with a row per year and a column per "
        "quarter.",
        _quarters_across,
    ),
    Question(
        "sp-air-long",
        "Give the averages of temp, dewp and humid at each origin of @weather in long form: columns origin, "
        "variable and value.",
        _air_long,
    ),
)
_UNANSWERABLE = (
    Question("sp-ticket-price", "What did a ticket for the @flights from JFK to LAX cost on average?", _none),
    Question("sp-penguin-food", "What did the @penguins of each species mostly eat?", _none),
    Question("sp-married", "How many of the people in @riots were married?", _none),
    _library("sp-librarian", "Which librarian handed out the most loans?", _none),
)
_AMBIGUOUS = (
    Question("sp-worst-month", "What was the worst month in @flights?", _worst_month),
    Question("sp-grown-most", "Which country in @gapminder has grown the most?", _grown_most),
    _library("sp-smallest-branch", "What is the name of the smallest branch?", _smallest_branch),
    _library("sp-worst-member", "Who is the worst member?", _worst_member),
)
_ALL: tuple[tuple[Category, tuple[Question, ...]], ...] = (
    ("multi-step", _MULTI_STEP),
    ("window", _WINDOW),
    ("date", _DATE),
    ("ratio", _RATIO),
    ("text", _TEXT),
    ("group", _GROUP),
    ("filter", _FILTER),
    ("join", _JOIN),
    ("statistics", _STATISTICS),
    ("reshape", _RESHAPE),
    ("unanswerable", _UNANSWERABLE),
    ("ambiguous", _AMBIGUOUS),
)
QUESTIONS: tuple[tuple[Category, Question], ...] = tuple(
    (category, question) for category, questions in _ALL for question in questions
)
