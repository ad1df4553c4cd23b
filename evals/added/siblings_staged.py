"""Questions like those of the suite, over its frames and its library: windows, steps, tables turned."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


def _warmer_than_yesterday(f: Frames) -> int:
    return int((f["seattle"].sort_values("date")["temp_max"].diff() > 0).sum())


def _hundred_thousandth(f: Frames) -> Readings:
    running = f["flights"].groupby(["month", "day"]).size().cumsum()
    month, day = running[running > 100_000].index[0]
    return Readings((pd.DataFrame({"month": [month], "day": [day]}), pd.Timestamp(2013, month, day)))


def _rank_of_sweden(f: Frames) -> int:
    now = f["gapminder"].query("year == 2007 and continent == 'Europe'").set_index("country")
    return int(now["lifeExp"].rank(ascending=False)["Sweden"])


def _life_fell(f: Frames) -> object:
    listed = f["gapminder"].sort_values(["country", "year"])
    return listed.loc[listed.groupby("country")["lifeExp"].diff().idxmin(), "country"]


def _new_highs(f: Frames) -> int:
    price = f["stocks"].query("symbol == 'IBM'").sort_values("date")["price"]
    return int((price > price.cummax().shift()).sum())


def _first_to_last(f: Frames) -> pd.DataFrame:
    price = f["stocks"].sort_values("date").groupby("symbol")["price"]
    return ((price.last() / price.first() - 1) * 100).reset_index()


def _heaviest_ahead(f: Frames) -> pd.DataFrame:
    mass = f["penguins"].groupby("species")["body_mass_g"]
    return mass.apply(lambda grams: grams.nlargest(2).max() - grams.nlargest(2).min()).reset_index()


def _growth_on_year(f: Frames) -> float:
    return float(f["macro"].sort_values(["year", "quarter"])["realgdp"].pct_change(4).max() * 100)


def _share_of_largest(f: Frames) -> pd.DataFrame:
    people = f["gapminder"].query("year == 2007").groupby("continent")["pop"]
    return (people.max() / people.sum() * 100).reset_index()


def _highest_airports(f: Frames) -> pd.DataFrame:
    return f["airports"].sort_values("alt", ascending=False).groupby("dst").head(3)[["dst", "name"]]


def _days_to_next_loan(f: Frames) -> float:
    loans = f["loans"].sort_values(["member_id", "loaned"])
    return float(loans.groupby("member_id")["loaned"].diff().dt.days.mean())


def _borrowed_again(f: Frames) -> int:
    lent = f["loans"].merge(f["copies"], on="copy_id")
    return int(lent.duplicated(["member_id", "book_id"]).sum())


def _warmth_of_wettest_month(f: Frames) -> float:
    month = f["seattle"]["date"].dt.to_period("M")
    wettest = f["seattle"].groupby(month)["precipitation"].sum().idxmax()
    return float(f["seattle"][month == wettest]["temp_max"].mean())


def _carrier_of_busiest_route(f: Frames) -> object:
    origin, dest = f["flights"].groupby(["origin", "dest"]).size().idxmax()
    flown = f["flights"][(f["flights"]["origin"] == origin) & (f["flights"]["dest"] == dest)]
    return flown["carrier"].value_counts().idxmax()


def _shortest_life_of_ten(f: Frames) -> object:
    large = f["gapminder"].query("year == 2007").nlargest(10, "pop")
    return large.loc[large["lifeExp"].idxmin(), "country"]


def _ibm_in_amazons_year(f: Frames) -> float:
    stocks = f["stocks"]
    year = stocks.loc[stocks[stocks["symbol"] == "AMZN"]["price"].idxmax(), "date"].year
    return float(stocks[(stocks["symbol"] == "IBM") & (stocks["date"].dt.year == year)]["price"].mean())


def _species_apart(f: Frames) -> float:
    means = f["penguins"].groupby("species")["body_mass_g"].mean()
    return float(means.max() - means.min())


def _lent_books(f: Frames) -> pd.DataFrame:
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")


def _readers_of_top_book(f: Frames) -> int:
    lent = _lent_books(f)
    return int(lent[lent["book_id"] == lent["book_id"].value_counts().idxmax()]["member_id"].nunique())


def _pages_of_top_publisher(f: Frames) -> float:
    publisher = f["books"]["publisher_id"].value_counts().idxmax()
    return float(f["books"][f["books"]["publisher_id"] == publisher]["pages"].mean())


def _readers_of_everything(f: Frames) -> int:
    genres = _lent_books(f).groupby("member_id")["genre"].nunique()
    return int((genres == f["books"]["genre"].nunique()).sum())


def _debtors(f: Frames) -> int:
    unpaid = f["fines"][f["fines"]["paid"] == 0].merge(f["loans"], on="loan_id")
    return int((unpaid.groupby("member_id")["amount"].sum() > 10).sum())


def _strayed(f: Frames) -> int:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["members"], on="member_id")
    away = (lent["branch_id"] != lent["home_branch_id"]).groupby(lent["member_id"]).mean()
    return int((away > 0.5).sum())


def _genre_per_copy(f: Frames) -> object:
    copies = f["copies"].merge(f["books"], on="book_id")["genre"].value_counts()
    return (_lent_books(f)["genre"].value_counts() / copies).idxmax()


def _kept_days_of_top_genre(f: Frames) -> float:
    lent = _lent_books(f)
    back = lent[(lent["genre"] == lent["genre"].value_counts().idxmax()) & lent["returned"].notna()]
    return float((back["returned"] - back["loaned"]).dt.days.mean())


def _three_populations(f: Frames) -> pd.DataFrame:
    three = f["gapminder"][f["gapminder"]["country"].isin(["China", "India", "United States"])]
    return three.pivot(index="year", columns="country", values="pop").reset_index()


def _prices_wide(f: Frames) -> Readings:
    dated = f["stocks"].assign(year=f["stocks"]["date"].dt.year)
    wide = dated.pivot_table(index="year", columns="symbol", values="price").reset_index()
    # What is shown where there was no price yet is left open.
    return Readings((wide, wide.fillna(0)))


def _better_in_1932(f: Frames) -> int:
    wide = f["barley"].pivot(index=["site", "variety"], columns="year", values="yield")
    return int((wide[1932] > wide[1931]).sum())


def _wine_long(f: Frames) -> pd.DataFrame:
    long = f["wine"].melt(id_vars="target", value_vars=["alcohol", "magnesium", "hue"], var_name="measure")
    return long.groupby(["target", "measure"])["value"].mean().reset_index()


def _months_by_origin(f: Frames) -> pd.DataFrame:
    return pd.crosstab(f["flights"]["month"], f["flights"]["origin"]).reset_index()


def _rain_wide(f: Frames) -> pd.DataFrame:
    date = f["seattle"]["date"]
    dated = f["seattle"].assign(year=date.dt.year, month=date.dt.month)
    wide = dated.pivot_table(index="month", columns="year", values="precipitation", aggfunc="sum")
    return wide.reset_index()


def _quarters_across(f: Frames) -> pd.DataFrame:
    decade = f["macro"][f["macro"]["year"].between(2000, 2008)]
    return decade.pivot(index="year", columns="quarter", values="unemp").reset_index()


def _deaths_with_total(f: Frames) -> pd.DataFrame:
    counts = pd.crosstab(f["riots"]["type"], f["riots"]["gender"])
    return counts.assign(total=counts.sum(axis=1)).reset_index()


def _island_shares(f: Frames) -> pd.DataFrame:
    shares = pd.crosstab(f["penguins"]["species"], f["penguins"]["island"], normalize="index")
    return (shares * 100).reset_index()


def _largest_serum(f: Frames) -> object:
    long = f["diabetes"].melt(value_vars=["s1", "s2", "s3", "s4", "s5", "s6"])
    return long.loc[long["value"].idxmax(), "variable"]


def _loans_wide(f: Frames) -> pd.DataFrame:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["branches"], on="branch_id")
    return pd.crosstab(lent["name"], lent["loaned"].dt.year).reset_index()


def _conditions_wide(f: Frames) -> pd.DataFrame:
    kept = f["copies"].merge(f["branches"], on="branch_id")
    return pd.crosstab(kept["name"], kept["condition"]).reset_index()


_WINDOW = (
    Question(
        "sc-warmer-than-yesterday",
        "On how many days in @seattle was temp_max higher than on the day before?",
        _warmer_than_yesterday,
    ),
    Question(
        "sc-hundred-thousandth",
        "On which day (month and day) does the running number of @flights first exceed 100000?",
        _hundred_thousandth,
    ),
    Question(
        "sc-rank-sweden",
        "By lifeExp in 2007 in @gapminder, which rank does Sweden have in Europe, the highest being 1?",
        _rank_of_sweden,
    ),
    Question(
        "sc-life-fell",
        "In which country did life expectancy fall the most from one listed year to the next, by @gapminder?",
        _life_fell,
    ),
    Question(
        "sc-new-highs",
        "On how many dates was the price of IBM in @stocks higher than on every earlier date? "
        "Leave out its first date.",
        _new_highs,
    ),
    Question(
        "sc-first-to-last",
        "By how many percent did the price of each symbol in @stocks change from its first date to its last?",
        _first_to_last,
    ),
    Question(
        "sc-heaviest-ahead",
        "For each species of @penguins, by how many grams is the heaviest one ahead of the second heaviest?",
        _heaviest_ahead,
    ),
    Question(
        "sc-growth-on-year",
        "What is the highest percent growth of realgdp against the same quarter a year before in @macro?",
        _growth_on_year,
    ),
    Question(
        "sc-share-of-largest",
        "What percentage of the population of each continent lived in its most populous country in 2007? "
        "Use @gapminder.",
        _share_of_largest,
    ),
    Question(
        "sc-three-highest",
        "List the three highest airports (column alt) for each value of dst in @airports, with dst and name.",
        _highest_airports,
    ),
    _library(
        "sc-days-to-next-loan",
        "How many days are there on average between a loan and the next loan of the same member?",
        _days_to_next_loan,
    ),
    _library(
        "sc-borrowed-again",
        "How many loans were of a book that the same member had already borrowed before, in whichever copy?",
        _borrowed_again,
    ),
)

_MULTI_STEP = (
    Question(
        "sc-wettest-month",
        "What was the average temp_max in the wettest month (year and month, by precipitation) of @seattle?",
        _warmth_of_wettest_month,
    ),
    Question(
        "sc-busiest-route",
        "Which carrier has the most @flights on the route (origin and dest) that is flown most often?",
        _carrier_of_busiest_route,
    ),
    Question(
        "sc-ten-largest",
        "Of the ten most populous countries of 2007 in @gapminder, which had the lowest lifeExp that year?",
        _shortest_life_of_ten,
    ),
    Question(
        "sc-amazons-year",
        "In the calendar year of AMZN's highest price, what was the average price of IBM in @stocks?",
        _ibm_in_amazons_year,
    ),
    Question(
        "sc-species-apart",
        "How many grams apart are the mean body masses of the heaviest and lightest species of @penguins?",
        _species_apart,
    ),
    _library(
        "sc-readers-of-top-book",
        "How many different members have borrowed the book (book_id) that was lent most often?",
        _readers_of_top_book,
    ),
    _library(
        "sc-top-publisher",
        "How many pages do the books of the publisher with the most books have on average?",
        _pages_of_top_publisher,
    ),
    _library("sc-all-genres", "How many members have borrowed books of every genre?", _readers_of_everything),
    _library("sc-debtors", "How many members owe more than 10 in unpaid fines altogether?", _debtors),
    _library(
        "sc-strayed",
        "For how many members were more than half of their loans from another branch than their home branch?",
        _strayed,
    ),
    _library("sc-genre-per-copy", "Which genre has the most loans per copy?", _genre_per_copy),
    _library(
        "sc-top-genre-days",
        "For the genre with the most loans, how many days pass on average from loan to return? "
        "Leave out what has not been returned.",
        _kept_days_of_top_genre,
    ),
)

_RESHAPE = (
    Question(
        "sc-three-populations",
        "Put the pop of China, India and United States from @gapminder side by side, one row per year.",
        _three_populations,
    ),
    Question(
        "sc-prices-wide",
        "Average price in @stocks as a table: one row per calendar year, one column per symbol",
        _prices_wide,
    ),
    Question(
        "sc-better-in-1932",
        "Set the yields of 1931 and 1932 side by side for each site and variety of @barley. "
        "In how many rows is the one of 1932 higher?",
        _better_in_1932,
    ),
    Question(
        "sc-wine-long",
        "Mean alcohol, magnesium and hue per target of @wine in long form: columns target, measure and mean",
        _wine_long,
    ),
    Question(
        "sc-months-by-origin",
        "Number of @flights with a row for each month and a column for each origin",
        _months_by_origin,
    ),
    Question(
        "sc-rain-wide",
        "Spread the total precipitation of @seattle: months of the year (1 to 12) as rows, years as columns.",
        _rain_wide,
    ),
    Question(
        "sc-quarters-across",
        "Show unemp of @macro for 2000 to 2008 with one row per year and the four quarters as columns.",
        _quarters_across,
    ),
    Question(
        "sc-deaths-with-total",
        "Count the people in @riots with type in the rows and gender in the columns, plus a column with the "
        "total; 0 where there are none.",
        _deaths_with_total,
    ),
    Question(
        "sc-island-shares",
        "What percentage of each species of @penguins lives on each island? Species down, islands across, "
        "0 where there are none.",
        _island_shares,
    ),
    Question(
        "sc-largest-serum",
        "Unpivot the columns s1 to s6 of @diabetes. From which column is the largest value?",
        _largest_serum,
    ),
    _library(
        "sc-loans-wide",
        "Loans by branch of the copy and year of the loan: names of the branches as rows, years as columns",
        _loans_wide,
    ),
    _library(
        "sc-conditions-wide",
        "Count the copies of each branch by condition, with the branch names down and the conditions across.",
        _conditions_wide,
    ),
)

QUESTIONS: tuple[tuple[Category, Question], ...] = (
    *(("window", question) for question in _WINDOW),
    *(("multi-step", question) for question in _MULTI_STEP),
    *(("reshape", question) for question in _RESHAPE),
)
