"""Questions like those of the suite, over its frames and its library: filters, groups, joins and more."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


# filter


def _dream_adelie(f: Frames) -> int:
    return len(f["penguins"].query("species == 'Adelie' and island == 'Dream'"))


def _long_lived_americas(f: Frames) -> pd.DataFrame:
    return f["gapminder"].query("continent == 'Americas' and year == 2007 and lifeExp > 75")[["country"]]


def _california(f: Frames) -> int:
    return len(f["flights"].query("origin == 'JFK' and dest in ['LAX', 'SFO']"))


def _women(f: Frames) -> pd.DataFrame:
    return f["riots"].query("gender == 'Female'")[["first_name", "last_name"]]


def _deflation(f: Frames) -> pd.DataFrame:
    return f["macro"].query("infl < 0")[["year", "quarter"]]


def _cessna_models(f: Frames) -> int:
    return f["planes"].query("manufacturer == 'CESSNA'")["model"].nunique()


def _murky_rain(f: Frames) -> int:
    return len(f["weather"].query("origin == 'LGA' and precip > 0 and visib < 1"))


def _no_zone(f: Frames) -> pd.DataFrame:
    return f["airports"][f["airports"]["tzone"].isna()][["faa"]]


def _long_poetry(f: Frames) -> pd.DataFrame:
    return f["books"].query("genre == 'poetry' and pages > 500")[["title", "pages"]]


def _used_copies(f: Frames) -> int:
    return int((~f["copies"]["condition"].isin(["new", "good"])).sum())


# group


def _dests_per_carrier(f: Frames) -> pd.DataFrame:
    return f["flights"].groupby("carrier")["dest"].nunique().reset_index()


def _neighborhoods(f: Frames) -> pd.DataFrame:
    counts = f["riots"]["neighborhood"].value_counts()
    return counts[counts > 2].reset_index()


def _people_2002(f: Frames) -> pd.DataFrame:
    return f["gapminder"].query("year == 2002").groupby("continent")["pop"].sum().reset_index()


def _price_range(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].groupby("symbol")["price"]
    return (prices.max() - prices.min()).reset_index()


def _species_islands(f: Frames) -> pd.DataFrame:
    return f["penguins"].groupby(["species", "island"]).size().reset_index(name="n")


def _busiest_route(f: Frames) -> pd.DataFrame:
    return f["flights"].groupby(["origin", "dest"]).size().nlargest(1).reset_index()[["origin", "dest"]]


def _wine_summary(f: Frames) -> pd.DataFrame:
    return f["wine"].groupby("target")["proline"].agg(["size", "mean"]).reset_index()


def _wettest_month(f: Frames) -> int:
    return int(f["weather"].groupby("month")["precip"].sum().idxmax())


def _fines_by_paid(f: Frames) -> Readings:
    sums = f["fines"].groupby("paid")["amount"].sum()
    # One row per group or one column per group; what the groups are called is open.
    return Readings((sums.to_frame(), sums.to_frame().T))


def _author_countries(f: Frames) -> pd.DataFrame:
    counts = f["authors"]["country"].value_counts()
    return counts[counts > 5].reset_index()


# join


def _small_airlines(f: Frames) -> pd.DataFrame:
    counts = f["flights"].merge(f["airlines"], on="carrier").groupby("name").size()
    return counts[counts < 1000].reset_index(name="n")[["name"]]


def _fog_delay(f: Frames) -> float:
    murky = f["weather"].query("visib < 1")[["origin", "time_hour"]]
    return f["flights"].merge(murky, on=["origin", "time_hour"])["dep_delay"].mean()


def _to_airports(f: Frames) -> pd.DataFrame:
    return f["flights"].merge(f["airports"], left_on="dest", right_on="faa")


def _highest_dest(f: Frames) -> str:
    flown = _to_airports(f)
    return flown.loc[flown["alt"].idxmax(), "name"]


def _never_dest(f: Frames) -> int:
    return int((~f["airports"]["faa"].isin(f["flights"]["dest"])).sum())


def _northern(f: Frames) -> int:
    return int((_to_airports(f)["lat"] > 45).sum())


def _harbour_debts(f: Frames) -> float:
    home = f["members"].merge(
        f["branches"], left_on="home_branch_id", right_on="branch_id", suffixes=("", "_b")
    )
    home = home.query("name_b == 'Harbour'")
    owed = f["fines"].query("paid == 0").merge(f["loans"], on="loan_id")
    return float(owed[owed["member_id"].isin(home["member_id"])]["amount"].sum())


def _idle_author(f: Frames) -> str:
    (name,) = f["authors"][~f["authors"]["author_id"].isin(f["book_authors"]["author_id"])]["name"]
    return name


def _never_borrowed(f: Frames) -> int:
    return int((~f["members"]["member_id"].isin(f["loans"]["member_id"])).sum())


def _away_loans(f: Frames) -> int:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["members"], on="member_id")
    return int((lent["branch_id"] != lent["home_branch_id"]).sum())


def _tidemark_central(f: Frames) -> int:
    held = f["copies"].merge(f["books"], on="book_id").merge(f["publishers"], on="publisher_id")
    held = held.merge(f["branches"], on="branch_id", suffixes=("_p", "_b"))
    return len(held.query("name_p == 'Tidemark' and name_b == 'Central'"))


# ratio


def _early_per_origin(f: Frames) -> pd.DataFrame:
    known = f["flights"].dropna(subset="arr_delay")
    return (known["arr_delay"].lt(0).groupby(known["origin"]).mean() * 100).reset_index()


def _korea(f: Frames) -> float:
    income = f["gapminder"].query("country == 'Korea, Rep.'").set_index("year")["gdpPercap"]
    return float(income[2007] / income[1952])


def _bill_shape(f: Frames) -> pd.DataFrame:
    ratio = f["penguins"]["bill_length_mm"] / f["penguins"]["bill_depth_mm"]
    return ratio.groupby(f["penguins"]["species"]).mean().reset_index()


def _boeing_seats(f: Frames) -> float:
    seats = f["planes"].groupby("manufacturer")["seats"].sum()
    return float(seats["BOEING"] / seats.sum() * 100)


def _power_per_pound(f: Frames) -> str:
    cars = f["cars"]
    return cars.loc[(cars["Horsepower"] / cars["Weight_in_lbs"]).idxmax(), "Name"]


def _consumption(f: Frames) -> float:
    quarter = f["macro"].query("year == 2008 and quarter == 4").iloc[0]
    return float(quarter["realcons"] / quarter["realgdp"] * 100)


def _homicides(f: Frames) -> pd.DataFrame:
    return (f["riots"]["type"].eq("Homicide").groupby(f["riots"]["race"]).mean() * 100).reset_index()


def _loans_per_copy(f: Frames) -> pd.DataFrame:
    copies = f["copies"].groupby("branch_id").size()
    loans = f["loans"].merge(f["copies"], on="copy_id").groupby("branch_id").size()
    return (loans / copies).reset_index(name="ratio")


def _pages_per_genre(f: Frames) -> pd.DataFrame:
    pages = f["books"].groupby("genre")["pages"].sum()
    return (pages / pages.sum() * 100).reset_index()


def _quick_returns(f: Frames) -> float:
    back = f["loans"].dropna(subset="returned")
    return float(((back["returned"] - back["loaned"]).dt.days <= 14).mean() * 100)


# date


def _snow_span(f: Frames) -> int:
    snow = f["seattle"].query("weather == 'snow'")["date"]
    return (snow.max() - snow.min()).days


def _ibm_decembers(f: Frames) -> Readings:
    ibm = f["stocks"].query("symbol == 'IBM' and date.dt.month == 12")
    # A December's date says its year as well.
    return Readings((ibm.assign(year=ibm["date"].dt.year)[["year", "price"]], ibm[["date", "price"]]))


def _quietest_weekday(f: Frames) -> str:
    days = pd.to_datetime(f["flights"][["year", "month", "day"]])
    return days.dt.day_name().value_counts().idxmin()


def _flights_per_quarter(f: Frames) -> pd.DataFrame:
    quarter = (f["flights"]["month"] - 1) // 3 + 1
    return quarter.value_counts().rename_axis("quarter").reset_index(name="n")


def _deadliest(f: Frames) -> pd.Timestamp:
    return f["riots"]["death_date"].value_counts().idxmax()


def _late_seventies(f: Frames) -> float:
    year = f["cars"]["Year"].dt.year
    return f["cars"][year.between(1975, 1979)]["Acceleration"].mean()


def _summers(f: Frames) -> pd.DataFrame:
    summer = f["seattle"][f["seattle"]["date"].dt.month.isin([6, 7, 8])]
    return summer.groupby(summer["date"].dt.year.rename("year"))["temp_max"].mean().reset_index()


def _days_kept(f: Frames) -> float:
    return (f["loans"]["returned"] - f["loans"]["loaned"]).dt.days.mean()


def _first_member(f: Frames) -> str:
    return f["members"].loc[f["members"]["joined"].idxmin(), "name"]


def _out_at_new_year(f: Frames) -> int:
    lent, end = f["loans"], pd.Timestamp("2022-12-31")
    back = lent["returned"]
    return int(((lent["loaned"] <= end) & (back.isna() | (back > end))).sum())


# window


def _site_ranks(f: Frames) -> pd.DataFrame:
    total = f["barley"].query("year == 1932").groupby("site")["yield"].sum()
    return total.rank(ascending=False).astype(int).sort_values().reset_index(name="rank")


def _steepest_fall(f: Frames) -> str:
    lives = f["gapminder"].sort_values(["country", "year"])
    return lives.loc[lives.groupby("country")["lifeExp"].diff().idxmin(), "country"]


def _longest_drought(f: Frames) -> int:
    wet = f["seattle"].sort_values("date")["precipitation"] > 0
    return int((~wet).groupby(wet.cumsum()).sum().max())


def _two_best_varieties(f: Frames) -> pd.DataFrame:
    grown = f["barley"].query("year == 1931").sort_values("yield", ascending=False)
    return grown.groupby("site").head(2)[["site", "variety"]]


def _first_last_price(f: Frames) -> pd.DataFrame:
    return f["stocks"].sort_values("date").groupby("symbol")["price"].agg(["first", "last"]).reset_index()


def _jfk_50000(f: Frames) -> int:
    total = f["flights"].query("origin == 'JFK'").groupby("month").size().cumsum()
    return int(total[total > 50_000].index[0])


def _shrinking_quarters(f: Frames) -> int:
    return int((f["macro"].sort_values(["year", "quarter"])["realgdp"].diff() < 0).sum())


def _amazon_highs(f: Frames) -> int:
    price = f["stocks"].query("symbol == 'AMZN'").sort_values("date")["price"]
    return int((price > price.cummax().shift()).sum())


def _giants(f: Frames) -> pd.DataFrame:
    now = f["gapminder"].query("year == 2007")
    return now[now["pop"] > 0.2 * now.groupby("continent")["pop"].transform("sum")][["country"]]


def _longest_pause(f: Frames) -> int:
    lent = f["loans"].sort_values(["member_id", "loaned"])
    return int(lent.groupby("member_id")["loaned"].diff().dt.days.max())


_FILTER = (
    Question(
        "sg-dream-adelie",
        "How many Adelie penguins in @penguins were seen on the island Dream?",
        _dream_adelie,
    ),
    Question(
        "sg-long-lived-americas",
        "By @gapminder, which countries of the Americas had a life expectancy above 75 years in 2007?",
        _long_lived_americas,
    ),
    Question("sg-california", "How many @flights went from JFK to LAX or SFO?", _california),
    Question("sg-women", "What are the first and last names of the women in @riots?", _women),
    Question(
        "sg-deflation", "In which quarters of @macro was infl negative? Give year and quarter.", _deflation
    ),
    Question(
        "sg-cessna-models",
        "How many different models of the manufacturer CESSNA are in @planes?",
        _cessna_models,
    ),
    Question(
        "sg-murky-rain",
        "How many hours at LGA in @weather had some precipitation (precip) and a visibility (visib) below 1?",
        _murky_rain,
    ),
    Question("sg-no-zone", "Give the faa code of the @airports whose tzone is missing.", _no_zone),
    _library(
        "sg-long-poetry",
        "List title and number of pages of the poetry books longer than 500 pages.",
        _long_poetry,
    ),
    _library("sg-used-copies", "How many copies are in neither new nor good condition?", _used_copies),
)
_GROUP = (
    Question(
        "sg-dests-per-carrier",
        "To how many different destinations does each carrier in @flights fly?",
        _dests_per_carrier,
    ),
    Question(
        "sg-neighborhoods",
        "Which neighborhoods had more than two deaths in @riots, and how many deaths were there in each "
        "of these?",
        _neighborhoods,
    ),
    Question(
        "sg-people-2002",
        "How many people lived on each continent in 2002, going by @gapminder?",
        _people_2002,
    ),
    Question(
        "sg-price-range",
        "For each symbol in @stocks, how far apart are its highest and lowest price?",
        _price_range,
    ),
    Question(
        "sg-species-islands",
        "Which species live on which islands in @penguins? Give species, island and the number of penguins.",
        _species_islands,
    ),
    Question("sg-busiest-route", "Which route (origin and dest) has the most @flights?", _busiest_route),
    Question(
        "sg-wine-summary", "For each target in @wine: how many wines, and what mean proline?", _wine_summary
    ),
    Question(
        "sg-wettest-month",
        "Which month has the largest sum of precip in @weather, all origins together?",
        _wettest_month,
    ),
    _library("sg-fines-by-paid", "What do the paid and the unpaid fines each add up to?", _fines_by_paid),
    _library(
        "sg-author-countries",
        "Which countries have more than five authors? Give the number as well.",
        _author_countries,
    ),
)
_JOIN = (
    Question(
        "sg-small-airlines",
        "Which of the @airlines made fewer than 1000 @flights? Give their names.",
        _small_airlines,
    ),
    Question(
        "sg-fog-delay",
        "What is the mean departure delay of the @flights whose hour in @weather (same origin and time_hour) "
        "had a visibility (visib) below 1?",
        _fog_delay,
    ),
    Question(
        "sg-highest-dest",
        "What is the name of the airport with the highest altitude that any of the @flights went to, by "
        "@airports?",
        _highest_dest,
    ),
    Question(
        "sg-never-dest",
        "How many of the @airports are not the destination of any of the @flights?",
        _never_dest,
    ),
    Question(
        "sg-northern",
        "How many @flights had a destination north of 45 degrees latitude, by @airports?",
        _northern,
    ),
    _library(
        "sg-harbour-debts",
        "How much do the members whose home branch is Harbour still owe in unpaid fines, all together?",
        _harbour_debts,
    ),
    _library(
        "sg-idle-author", "What is the name of the author who has no book in the library?", _idle_author
    ),
    _library("sg-never-borrowed", "How many members never borrowed anything?", _never_borrowed),
    _library(
        "sg-away-loans",
        "How many loans were of a copy at another branch than the member's home branch?",
        _away_loans,
    ),
    _library(
        "sg-tidemark-central",
        "How many copies of books from the publisher Tidemark does the Central branch have?",
        _tidemark_central,
    ),
)
_RATIO = (
    Question(
        "sg-early-per-origin",
        "What percentage of the @flights with a known arr_delay arrived early (arr_delay below 0), for "
        "each origin?",
        _early_per_origin,
    ),
    Question(
        "sg-korea",
        "By what factor did gdpPercap of Korea, Rep. grow from 1952 to 2007 in @gapminder?",
        _korea,
    ),
    Question(
        "sg-bill-shape",
        "What is the average of bill_length_mm divided by bill_depth_mm for each species in @penguins?",
        _bill_shape,
    ),
    Question(
        "sg-boeing-seats",
        "What percentage of all seats in @planes is in planes made by BOEING?",
        _boeing_seats,
    ),
    Question(
        "sg-power-per-pound",
        "Which of the @cars has the most horsepower per pound of weight? Give its name.",
        _power_per_pound,
    ),
    Question(
        "sg-consumption",
        "How many percent of realgdp was realcons in the fourth quarter of 2008 in @macro?",
        _consumption,
    ),
    Question(
        "sg-homicides",
        "For each race in @riots, what percentage of the deaths is of the type Homicide?",
        _homicides,
    ),
    _library(
        "sg-loans-per-copy",
        "How many loans per copy did each branch have (loans of its copies divided by its copies)? Give "
        "branch_id.",
        _loans_per_copy,
    ),
    _library(
        "sg-pages-per-genre",
        "All books' pages taken together, what percentage is in each genre?",
        _pages_per_genre,
    ),
    _library(
        "sg-quick-returns",
        "Of the loans that have been returned, what percentage was returned within 14 days of the loan?",
        _quick_returns,
    ),
)
_DATE = (
    Question(
        "sg-snow-span",
        "How many days passed from the first to the last day with snow as weather in @seattle?",
        _snow_span,
    ),
    Question(
        "sg-ibm-decembers", "What was the price of IBM in December of each year in @stocks?", _ibm_decembers
    ),
    Question(
        "sg-quietest-weekday",
        "On which day of the week are there the fewest @flights (year, month, day)? Give its English name.",
        _quietest_weekday,
    ),
    Question(
        "sg-flights-per-quarter",
        "How many @flights were there in each quarter of the year (1 to 4)?",
        _flights_per_quarter,
    ),
    Question("sg-deadliest", "On which date (death_date) did the most people die in @riots?", _deadliest),
    Question(
        "sg-late-seventies",
        "What is the mean acceleration of the @cars from the years 1975 to 1979, both included?",
        _late_seventies,
    ),
    Question(
        "sg-summers", "What was the average temp_max of June to August in each year of @seattle?", _summers
    ),
    _library(
        "sg-days-kept",
        "How many days pass on average between a loan and its return, if it was returned?",
        _days_kept,
    ),
    _library("sg-first-member", "What is the name of the member who joined first?", _first_member),
    _library(
        "sg-out-at-new-year",
        "How many loans made by December 31, 2022 had not been returned by the end of that day?",
        _out_at_new_year,
    ),
)
_WINDOW = (
    Question(
        "sg-site-ranks",
        "Rank the sites in @barley by their total yield in 1932, the largest as 1. Give site and rank.",
        _site_ranks,
    ),
    Question(
        "sg-steepest-fall",
        "In which country did lifeExp fall the most from one year of @gapminder to the country's next one?",
        _steepest_fall,
    ),
    Question(
        "sg-longest-drought",
        "How many days long is the longest run of consecutive days without precipitation in @seattle?",
        _longest_drought,
    ),
    Question(
        "sg-two-best-varieties",
        "Which two varieties had the highest yield at each site in 1931, by @barley? Give site and variety.",
        _two_best_varieties,
    ),
    Question(
        "sg-first-last-price",
        "Give the first and the last price (by date) of each symbol in @stocks.",
        _first_last_price,
    ),
    Question(
        "sg-jfk-50000",
        "In which month did the running total of the @flights from JFK first exceed 50000?",
        _jfk_50000,
    ),
    Question(
        "sg-shrinking-quarters",
        "In how many quarters of @macro was realgdp lower than in the quarter before?",
        _shrinking_quarters,
    ),
    Question(
        "sg-amazon-highs",
        "How many times was the price of AMZN in @stocks higher than at all earlier dates? Leave out the "
        "first date.",
        _amazon_highs,
    ),
    Question(
        "sg-giants",
        "Which countries had more than 20 percent of their continent's population in 2007, by @gapminder?",
        _giants,
    ),
    _library(
        "sg-longest-pause",
        "What is the largest number of days between a member's loan and the same member's next loan?",
        _longest_pause,
    ),
)
QUESTIONS: tuple[tuple[Category, Question], ...] = (
    *(("filter", question) for question in _FILTER),
    *(("group", question) for question in _GROUP),
    *(("join", question) for question in _JOIN),
    *(("ratio", question) for question in _RATIO),
    *(("date", question) for question in _DATE),
    *(("window", question) for question in _WINDOW),
)
