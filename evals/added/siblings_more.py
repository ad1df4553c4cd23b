"""Questions like those of the suite, over its frames and its library: more steps and more windows."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


def _longest_run(holds: pd.Series) -> int:
    return int(holds.astype(int).groupby((~holds).cumsum()).sum().max())


def _mixed_neighborhoods(f: Frames) -> int:
    return int((f["riots"].groupby("neighborhood")["type"].nunique() > 1).sum())


def _not_from_jfk(f: Frames) -> pd.DataFrame:
    flown = f["flights"].loc[f["flights"]["origin"] == "JFK", "carrier"].unique()
    return f["airlines"][~f["airlines"]["carrier"].isin(flown)][["name"]]


def _shared_planes(f: Frames) -> int:
    flown = f["flights"][f["flights"]["tailnum"].isin(f["planes"]["tailnum"])]
    return int((flown.groupby("tailnum")["carrier"].nunique() > 1).sum())


def _highest_reached(f: Frames) -> object:
    reached = f["airports"][f["airports"]["faa"].isin(f["flights"]["dest"])]
    return reached.loc[reached["alt"].idxmax(), "name"]


def _wind_of_coldest_day(f: Frames) -> float:
    at = f["weather"][f["weather"]["origin"] == "LGA"]
    days = at.groupby(["month", "day"])
    return float(days["wind_speed"].mean()[days["temp"].mean().idxmin()])


def _poorer_than_1952(f: Frames) -> pd.DataFrame:
    wide = f["gapminder"].pivot(index=["continent", "country"], columns="year", values="gdpPercap")
    fell = wide[wide[2007] < wide[1952]]
    return fell.groupby("continent").size().reset_index()


def _adelies_over_gentoo(f: Frames) -> int:
    bill = f["penguins"].groupby("species")["bill_length_mm"]
    adelie = f["penguins"].query("species == 'Adelie'")["bill_length_mm"]
    return int((adelie > bill.min()["Gentoo"]).sum())


def _weaker_eights(f: Frames) -> int:
    cars = f["cars"]
    strongest = cars[cars["Cylinders"] == 4]["Horsepower"].max()
    return int(((cars["Cylinders"] == 8) & (cars["Horsepower"] < strongest)).sum())


def _sunnier_than_rainy(f: Frames) -> int:
    counts = pd.crosstab(f["seattle"]["date"].dt.to_period("M"), f["seattle"]["weather"])
    return int((counts["sun"] > counts["rain"]).sum())


def _apple_over_ibm(f: Frames) -> int:
    dated = f["stocks"].assign(year=f["stocks"]["date"].dt.year)
    wide = dated.pivot_table(index="year", columns="symbol", values="price")
    return int((wide["AAPL"] > wide["IBM"]).sum())


def _best_at_poorest_site(f: Frames) -> object:
    site = f["barley"].groupby("site")["yield"].mean().idxmin()
    there = f["barley"][(f["barley"]["site"] == site) & (f["barley"]["year"] == 1931)]
    return there.loc[there["yield"].idxmax(), "variety"]


def _deep_wines(f: Frames) -> pd.DataFrame:
    return f["wine"].nlargest(20, "color_intensity")["target"].value_counts().reset_index()


def _both_above(f: Frames) -> float:
    people = f["diabetes"]
    both = (people["bmi"] > people["bmi"].mean()) & (people["bp"] > people["bp"].mean())
    return float(people[both]["target"].mean() - people[~both]["target"].mean())


def _unemployed_at_inflation(f: Frames) -> float:
    years = f["macro"].groupby("year")
    return float(years["unemp"].mean()[years["infl"].mean().idxmax()])


def _lent_books(f: Frames) -> pd.DataFrame:
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")


def _versatile_authors(f: Frames) -> int:
    written = f["book_authors"].merge(f["books"], on="book_id")
    return int((written.groupby("author_id")["genre"].nunique() >= 3).sum())


def _never_fined(f: Frames) -> int:
    fined = f["loans"][f["loans"]["loan_id"].isin(f["fines"]["loan_id"])]["member_id"]
    return len(set(f["loans"]["member_id"]) - set(fined))


def _home_of_most_lent_author(f: Frames) -> object:
    lent = _lent_books(f).merge(f["book_authors"], on="book_id")
    author = lent["author_id"].value_counts().idxmax()
    return f["authors"].set_index("author_id")["country"][author]


def _longest_book_of_most_fined(f: Frames) -> object:
    owed = f["fines"].merge(f["loans"], on="loan_id").groupby("member_id")["amount"].sum()
    lent = _lent_books(f)
    lent = lent[lent["member_id"] == owed.idxmax()]
    return lent.loc[lent["pages"].idxmax(), "title"]


def _pages_of_spread_books(f: Frames) -> float:
    branches = f["copies"].groupby("book_id")["branch_id"].nunique()
    spread = branches[branches >= 3].index
    return float(f["books"][f["books"]["book_id"].isin(spread)]["pages"].mean())


def _loyal_to_one_genre(f: Frames) -> int:
    lent = _lent_books(f)
    shares = pd.crosstab(lent["member_id"], lent["genre"], normalize="index")
    return int((shares.max(axis=1) > 0.5).sum())


def _longest_pause(f: Frames) -> int:
    flown = f["flights"].query("carrier == 'OO'")
    days = pd.to_datetime(flown[["year", "month", "day"]]).drop_duplicates().sort_values()
    return int(days.diff().dt.days.max())


def _year_of_two_thousandth(f: Frames) -> int:
    built = f["planes"].groupby("year").size().cumsum()
    return int(built[built >= 2000].index[0])


def _above_zone(f: Frames) -> pd.DataFrame:
    alt = f["airports"].groupby("tz")["alt"]
    return (alt.max() - alt.mean()).reset_index()


def _sudden_cold(f: Frames) -> Readings:
    at = f["weather"].query("origin == 'LGA'")
    month, day = at.groupby(["month", "day"])["temp"].mean().diff().idxmin()
    return Readings((pd.DataFrame({"month": [month], "day": [day]}), pd.Timestamp(2013, month, day)))


def _flippers_by_year(f: Frames) -> Readings:
    means = f["penguins"].groupby(["species", "year"])["flipper_length_mm"].mean()
    changes = means.groupby("species").diff().reset_index()
    return Readings((changes.dropna(), changes))


def _japan_first(f: Frames) -> int:
    asia = f["gapminder"].query("continent == 'Asia'")
    ranks = asia.groupby("year")["lifeExp"].rank(ascending=False)
    return int((ranks[asia["country"] == "Japan"] == 1).sum())


def _leap_in_mileage(f: Frames) -> Readings:
    first = f["cars"].groupby("Year")["Miles_per_Gallon"].mean().diff().idxmax()
    return Readings((int(first.year), first))


def _wettest_week(f: Frames) -> float:
    return float(f["seattle"].sort_values("date")["precipitation"].rolling(7).sum().max())


def _deepest_fall(f: Frames) -> Readings:
    price = f["stocks"].query("symbol == 'MSFT'").sort_values("date")["price"]
    fall = float((1 - price / price.cummax()).max() * 100)
    return Readings((fall, -fall))


def _trebi_ranks(f: Frames) -> pd.DataFrame:
    year = f["barley"].query("year == 1931")
    ranked = year.assign(rank=year.groupby("site")["yield"].rank(ascending=False).astype(int))
    return ranked[ranked["variety"] == "Trebi"][["site", "rank"]]


def _half_of_deaths(f: Frames) -> object:
    running = f["riots"].groupby("death_date").size().cumsum()
    return running[running > len(f["riots"]) / 2].index[0]


def _rising_unemployment(f: Frames) -> int:
    return _longest_run(f["macro"].sort_values(["year", "quarter"])["unemp"].diff() > 0)


def _top_ten_of_sex(f: Frames) -> pd.DataFrame:
    top = f["diabetes"].sort_values("target", ascending=False).groupby("sex").head(10)
    return top.groupby("sex")["s5"].mean().reset_index()


def _fines_to_thousand(f: Frames) -> int:
    running = f["fines"].sort_values("fine_id").set_index("fine_id")["amount"].cumsum()
    return int(running[running > 1000].index[0])


def _publisher_ranks(f: Frames) -> pd.DataFrame:
    loans = _lent_books(f).merge(f["publishers"], on="publisher_id")["name"].value_counts()
    return pd.DataFrame({"name": loans.index, "loans": loans.to_numpy(), "rank": range(1, len(loans) + 1)})


def _share_of_top_book(f: Frames) -> pd.DataFrame:
    loans = _lent_books(f).groupby(["genre", "book_id"]).size().groupby("genre")
    return (loans.max() / loans.sum() * 100).reset_index()


def _days_in_a_row(f: Frames) -> int:
    days = f["loans"]["loaned"].drop_duplicates()
    return _longest_run(pd.Series(pd.date_range(days.min(), days.max())).isin(days))


def _harsh_fines(f: Frames) -> int:
    fined = f["fines"].merge(f["loans"], on="loan_id").merge(f["copies"], on="copy_id")
    return int((fined["amount"] > 1.5 * fined.groupby("branch_id")["amount"].transform("mean")).sum())


def _longest_without_joining(f: Frames) -> int:
    return int(f["members"]["joined"].sort_values().diff().dt.days.max())


def _first_members(f: Frames) -> pd.DataFrame:
    branches = f["branches"].rename(columns={"name": "branch"})
    joined = (
        f["members"].merge(branches, left_on="home_branch_id", right_on="branch_id").sort_values("joined")
    )
    return joined.groupby("branch").head(1)[["branch", "name"]]


_MULTI_STEP = (
    Question(
        "se-mixed-neighborhoods",
        "How many neighborhoods in @riots saw deaths of more than one type?",
        _mixed_neighborhoods,
    ),
    Question(
        "se-not-from-jfk",
        "Which airlines had no @flights from JFK at all? Give their names from @airlines.",
        _not_from_jfk,
    ),
    Question(
        "se-shared-planes",
        "How many of the @planes have made @flights for more than one carrier?",
        _shared_planes,
    ),
    Question(
        "se-highest-reached",
        "Of all the @airports that some of the @flights went to, which lies highest (alt)? Give its name.",
        _highest_reached,
    ),
    Question(
        "se-coldest-day-wind",
        "What was the mean wind_speed at LGA on the day with the lowest mean temp there? Use @weather.",
        _wind_of_coldest_day,
    ),
    Question(
        "se-poorer-than-1952",
        "In how many countries of each continent was gdpPercap lower in 2007 than in 1952? "
        "@gapminder; leave out continents with none.",
        _poorer_than_1952,
    ),
    Question(
        "se-adelies-over-gentoo",
        "How many Adelie @penguins have a longer bill than the Gentoo with the shortest bill?",
        _adelies_over_gentoo,
    ),
    Question(
        "se-weaker-eights",
        "How many 8-cylinder @cars have less horsepower than the strongest 4-cylinder one?",
        _weaker_eights,
    ),
    Question(
        "se-sunny-months",
        "How many calendar months (year and month) of @seattle had more days of sun than days of rain, "
        "by the column weather?",
        _sunnier_than_rainy,
    ),
    Question(
        "se-apple-over-ibm",
        "In how many calendar years was the average price of AAPL above the average price of IBM in @stocks?",
        _apple_over_ibm,
    ),
    Question(
        "se-poorest-site",
        "Take the site of @barley with the lowest mean yield: which variety had the best yield "
        "there in 1931?",
        _best_at_poorest_site,
    ),
    Question(
        "se-deep-wines",
        "Of the 20 wines with the highest color_intensity in @wine, how many belong to each target? "
        "Only targets that occur among them.",
        _deep_wines,
    ),
    Question(
        "se-both-above",
        "People in @diabetes whose bmi and bp are both above average: by how much is their mean target "
        "higher than that of everybody else?",
        _both_above,
    ),
    Question(
        "se-inflation-year",
        "What was the average unemp in the year with the highest average infl in @macro?",
        _unemployed_at_inflation,
    ),
    _library(
        "se-versatile-authors",
        "How many authors have written books of three or more genres?",
        _versatile_authors,
    ),
    _library(
        "se-never-fined", "How many members have borrowed something but never got a fine?", _never_fined
    ),
    _library(
        "se-most-lent-author",
        "Which country does the author come from whose books have been lent the most times?",
        _home_of_most_lent_author,
    ),
    _library(
        "se-most-fined-longest",
        "What is the title of the longest book that was borrowed by the member with the highest "
        "total of fines?",
        _longest_book_of_most_fined,
    ),
    _library(
        "se-spread-books",
        "What is the average number of pages of the books that have copies at three or more branches?",
        _pages_of_spread_books,
    ),
    _library(
        "se-one-genre",
        "How many members have taken more than half of their loans from one single genre?",
        _loyal_to_one_genre,
    ),
)

_WINDOW = (
    Question(
        "se-longest-pause",
        "What is the longest gap in days between one date with @flights of carrier OO and the "
        "next such date?",
        _longest_pause,
    ),
    Question(
        "se-two-thousandth",
        "Add up the number of @planes by year of manufacture, oldest first. In which year does the running "
        "total reach 2000? Leave out planes without a year.",
        _year_of_two_thousandth,
    ),
    Question(
        "se-above-zone",
        "By how many feet is the highest airport of each tz in @airports above the mean alt of that tz?",
        _above_zone,
    ),
    Question(
        "se-sudden-cold",
        "On which day did the daily mean temp at LGA drop the most against the previous day in @weather? "
        "Give month and day.",
        _sudden_cold,
    ),
    Question(
        "se-flippers",
        "How did the mean flipper length of each species of @penguins change from each year to the next? "
        "Give species, year and change.",
        _flippers_by_year,
    ),
    Question(
        "se-japan-first",
        "In how many of the years in @gapminder did Japan rank first in Asia by lifeExp?",
        _japan_first,
    ),
    Question(
        "se-leap-in-mileage",
        "In which year did the average miles per gallon of @cars go up the most compared with "
        "the year before?",
        _leap_in_mileage,
    ),
    Question(
        "se-wettest-week",
        "What is the largest amount of precipitation over any seven consecutive days in @seattle?",
        _wettest_week,
    ),
    Question(
        "se-deepest-fall",
        "How many percent below its highest price so far was MSFT at worst in @stocks?",
        _deepest_fall,
    ),
    Question(
        "se-trebi",
        "Rank the varieties of @barley by yield within each site in 1931, 1 for the highest. "
        "Which rank has Trebi at each site?",
        _trebi_ranks,
    ),
    Question(
        "se-half-of-deaths",
        "By which death_date had more than half of all the people in @riots died, counting up day by day?",
        _half_of_deaths,
    ),
    Question(
        "se-rising-unemp",
        "For how many quarters in a row did unemp in @macro rise, at the longest?",
        _rising_unemployment,
    ),
    Question(
        "se-top-ten-of-sex",
        "Take the ten people with the highest target for each value of sex in @diabetes. What is the mean s5 "
        "of each of these groups?",
        _top_ten_of_sex,
    ),
    _library(
        "se-fines-to-thousand",
        "Summing the amounts of all fines in the order of fine_id, at which fine_id does the sum "
        "first pass 1000?",
        _fines_to_thousand,
    ),
    _library(
        "se-publisher-ranks",
        "Rank the publishers by how often their books were lent: name, number of loans and rank.",
        _publisher_ranks,
    ),
    _library(
        "se-share-of-top-book",
        "What percentage of the loans of each genre went to that genre's most lent book (book_id)?",
        _share_of_top_book,
    ),
    _library(
        "se-days-in-a-row",
        "What is the longest series of consecutive days with at least one loan on each day? Give "
        "its number of days.",
        _days_in_a_row,
    ),
    _library(
        "se-harsh-fines",
        "How many fines are more than one and a half times the average fine of the branch that "
        "the copy belongs to?",
        _harsh_fines,
    ),
    _library(
        "se-without-joining",
        "How many days was the longest time between one member joining and the next member joining?",
        _longest_without_joining,
    ),
    _library(
        "se-first-members",
        "For each home branch, who was the first member to join? Give the names of branch and member.",
        _first_members,
    ),
)

QUESTIONS: tuple[tuple[Category, Question], ...] = (
    *(("multi-step", question) for question in _MULTI_STEP),
    *(("window", question) for question in _WINDOW),
)
