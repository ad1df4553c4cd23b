"""Questions like those of the suite, over dates, windows, texts and several steps."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


# date


def _wettest_month(f: Frames) -> int:
    days = f["seattle"][f["seattle"]["date"].dt.year == 2014]
    return int(days.groupby(days["date"].dt.month)["precipitation"].sum().idxmax())


def _december_snow(f: Frames) -> int:
    days = f["seattle"]
    return int(((days["weather"] == "snow") & (days["date"].dt.month == 12)).sum())


def _first_google(f: Frames) -> object:
    return f["stocks"][f["stocks"]["symbol"] == "GOOG"]["date"].min()


def _riots_span(f: Frames) -> int:
    dates = f["riots"]["death_date"]
    return int((dates.max() - dates.min()).days)


def _skywest_days(f: Frames) -> int:
    flown = f["flights"][f["flights"]["carrier"] == "OO"]
    return len(flown[["year", "month", "day"]].drop_duplicates())


def _independence_day(f: Frames) -> float:
    hours = f["weather"].query("origin == 'JFK' and month == 7 and day == 4")
    return float(hours["temp"].mean())


def _seventies_cars(f: Frames) -> int:
    return int(f["cars"]["Year"].dt.year.between(1974, 1976).sum())


def _joined_per_year(f: Frames) -> pd.DataFrame:
    members = f["members"]
    return members.groupby(members["joined"].dt.year).size().reset_index(name="members")


def _days_kept(f: Frames) -> float:
    return float((f["loans"]["returned"] - f["loans"]["loaned"]).dt.days.mean())


def _newest_branch(f: Frames) -> str:
    return str(f["branches"].sort_values("opened")["name"].iloc[-1])


# window


def _latest_prices(f: Frames) -> pd.DataFrame:
    return f["stocks"].sort_values("date").groupby("symbol", as_index=False).last()[["symbol", "price"]]


def _longest_dry_run(f: Frames) -> int:
    dry = f["seattle"].sort_values("date")["precipitation"] == 0
    return int(dry.groupby((~dry).cumsum()).sum().max())


def _shrinking_quarters(f: Frames) -> int:
    return int((f["macro"].sort_values(["year", "quarter"])["realgdp"].diff() < 0).sum())


def _warm_peaks(f: Frames) -> int:
    warm = f["seattle"].sort_values("date")["temp_max"]
    return int(((warm > warm.shift(1)) & (warm > warm.shift(-1))).sum())


def _record_prices(f: Frames) -> int:
    price = f["stocks"][f["stocks"]["symbol"] == "AMZN"].sort_values("date")["price"]
    return int((price > price.cummax().shift(1)).sum())


def _main_carriers(f: Frames) -> pd.DataFrame:
    counts = f["flights"].groupby(["origin", "carrier"]).size().reset_index(name="flights")
    most = counts.groupby("origin")["flights"].idxmax()
    return counts.loc[most, ["origin", "carrier"]]


def _morris_change(f: Frames) -> pd.DataFrame:
    grown = f["barley"][f["barley"]["site"] == "Morris"]
    years = grown.pivot(index="variety", columns="year", values="yield")
    return (years[1932] - years[1931]).reset_index(name="change")


def _american_ranks(f: Frames) -> pd.DataFrame:
    now = f["gapminder"].query("year == 2007 and continent == 'Americas'")
    rank = now["lifeExp"].rank(ascending=False).astype(int)
    return now[["country"]].assign(rank=rank)


def _largest_drop(f: Frames) -> str:
    lives = f["gapminder"].sort_values(["country", "year"]).reset_index(drop=True)
    return str(lives.loc[lives.groupby("country")["lifeExp"].diff().idxmin(), "country"])


def _joining_gap(f: Frames) -> int:
    return int(f["members"]["joined"].sort_values().diff().dt.days.max())


# text


def _first_words(f: Frames) -> int:
    return int(f["cars"]["Name"].str.split().str[0].nunique())


def _airbus_families(f: Frames) -> pd.DataFrame:
    models = f["planes"][f["planes"]["manufacturer"] == "AIRBUS"]["model"]
    return models.str.split("-").str[0].value_counts().reset_index()


def _four_letters(f: Frames) -> pd.DataFrame:
    countries = f["gapminder"][["country"]].drop_duplicates()
    return countries[countries["country"].str.len() == 4]


def _street_corners(f: Frames) -> int:
    return int(f["riots"]["address"].str.contains("&", regex=False).sum())


def _variety_numbers(f: Frames) -> Readings:
    varieties = f["barley"][["variety"]].drop_duplicates()
    numbers = varieties["variety"].str.extract(r"No\. (\d+)$")[0]
    texts = varieties.assign(number=numbers).dropna()
    return Readings((texts.assign(number=texts["number"].astype(int)), texts))


def _not_incorporated(f: Frames) -> pd.DataFrame:
    return f["airlines"][~f["airlines"]["name"].str.endswith("Inc.")][["name"]]


def _carrier_tails(f: Frames) -> int:
    known = f["flights"].dropna(subset=["tailnum"])
    return int((known["tailnum"].str[-2:] == known["carrier"]).sum())


def _codes_with_digit(f: Frames) -> int:
    return int(f["airports"]["faa"].str.contains("[0-9]").sum())


def _last_title_word(f: Frames) -> str:
    return str(f["books"]["title"].str.split().str[-1].mode().iloc[0])


def _same_initials(f: Frames) -> int:
    names = f["members"]["name"].str.split(" ")
    return int((names.str[0].str[0] == names.str[-1].str[0]).sum())


# multi-step


def _caught_up(f: Frames) -> float:
    lives = f["gapminder"].pivot(index="country", columns="year", values="lifeExp")
    return float(lives.loc[lives[1952].idxmin(), 2007])


def _largest_carrier_delay(f: Frames) -> float:
    flights = f["flights"]
    carrier = flights["carrier"].value_counts().idxmax()
    return float(flights[flights["carrier"] == carrier]["arr_delay"].mean())


def _microsoft_at_apple_high(f: Frames) -> float:
    prices = f["stocks"].pivot(index="date", columns="symbol", values="price")
    return float(prices.loc[prices["AAPL"].idxmax(), "MSFT"])


def _infl_at_worst(f: Frames) -> float:
    years = f["macro"].groupby("year")[["unemp", "infl"]].mean()
    return float(years.loc[years["unemp"].idxmax(), "infl"])


def _never_lent(f: Frames) -> int:
    lent = f["copies"][f["copies"]["copy_id"].isin(f["loans"]["copy_id"])]["book_id"]
    return int((~f["books"]["book_id"].isin(lent)).sum())


def _all_branches(f: Frames) -> int:
    lent = f["loans"].merge(f["copies"], on="copy_id")
    return int((lent.groupby("member_id")["branch_id"].nunique() == len(f["branches"])).sum())


def _debtors_loans(f: Frames) -> float:
    unpaid = f["fines"][f["fines"]["paid"] == 0].merge(f["loans"], on="loan_id")["member_id"]
    loans = f["loans"][f["loans"]["member_id"].isin(unpaid)]
    return float(loans.groupby("member_id").size().mean())


def _versatile_authors(f: Frames) -> int:
    written = f["book_authors"].merge(f["books"], on="book_id")
    return int((written.groupby("author_id")["genre"].nunique() >= 4).sum())


def _best_year_loans(f: Frames) -> int:
    years = f["members"]["joined"].dt.year
    joined = f["members"][years == years.value_counts().idxmax()]
    return int(f["loans"]["member_id"].isin(joined["member_id"]).sum())


def _borrowed_again(f: Frames) -> int:
    lent = f["loans"].merge(f["copies"], on="copy_id").groupby(["member_id", "book_id"]).size()
    return int(lent[lent >= 2].index.get_level_values("member_id").nunique())


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "date",
        Question(
            "sj-wettest-month",
            "Which month of 2014 had the most precipitation in total in @seattle? Give its number.",
            _wettest_month,
        ),
    ),
    (
        "date",
        Question(
            "sj-december-snow",
            "How many December days, over all years, have snow as weather in @seattle?",
            _december_snow,
        ),
    ),
    (
        "date",
        Question("sj-first-goog", "From which date on does @stocks have a price for GOOG?", _first_google),
    ),
    (
        "date",
        Question(
            "sj-riots-span",
            "How many days after the earliest death_date in @riots is the latest one?",
            _riots_span,
        ),
    ),
    (
        "date",
        Question(
            "sj-oo-days",
            "On how many different days (year, month, day) does carrier OO have @flights?",
            _skywest_days,
        ),
    ),
    (
        "date",
        Question(
            "sj-july-fourth",
            "What was the mean temp at JFK on July 4, 2013 in @weather, by the columns year, month and day?",
            _independence_day,
        ),
    ),
    (
        "date",
        Question(
            "sj-cars-74-76", "How many of the @cars are from the years 1974 through 1976?", _seventies_cars
        ),
    ),
    (
        "date",
        _library("sj-joined-per-year", "How many members joined in each year?", _joined_per_year),
    ),
    (
        "date",
        _library(
            "sj-days-kept",
            "For how many days on average was a book out, from the day of the loan to its return? "
            "Leave out loans that were not returned.",
            _days_kept,
        ),
    ),
    (
        "date",
        _library(
            "sj-newest-branch",
            "What is the name of the branch that was opened most recently?",
            _newest_branch,
        ),
    ),
    (
        "window",
        Question(
            "sj-latest-prices", "What is the most recent price of each symbol in @stocks?", _latest_prices
        ),
    ),
    (
        "window",
        Question(
            "sj-dry-run",
            "How many days long is the longest unbroken run of days with zero precipitation in @seattle?",
            _longest_dry_run,
        ),
    ),
    (
        "window",
        Question(
            "sj-gdp-falls",
            "In how many quarters was realgdp lower than in the quarter before, in @macro?",
            _shrinking_quarters,
        ),
    ),
    (
        "window",
        Question(
            "sj-warm-peaks",
            "On how many days in @seattle was temp_max higher than on both the day before and the day after?",
            _warm_peaks,
        ),
    ),
    (
        "window",
        Question(
            "sj-amzn-records",
            "How often did the price of AMZN in @stocks reach a new high, above all of its earlier prices? "
            "Do not count the first date.",
            _record_prices,
        ),
    ),
    (
        "window",
        Question(
            "sj-main-carriers",
            "Which carrier has the most @flights from each origin? Give origin and carrier.",
            _main_carriers,
        ),
    ),
    (
        "window",
        Question(
            "sj-morris-change",
            "By how much did each variety's yield at the site Morris change from 1931 to 1932 in @barley? "
            "Give variety and change.",
            _morris_change,
        ),
    ),
    (
        "window",
        Question(
            "sj-american-ranks",
            "Rank the countries of the Americas by lifeExp in 2007 in @gapminder, 1 being the highest. "
            "Give country and rank.",
            _american_ranks,
        ),
    ),
    (
        "window",
        Question(
            "sj-lifeexp-drop",
            "Which country had the largest drop in lifeExp from one of its years to the next in @gapminder?",
            _largest_drop,
        ),
    ),
    (
        "window",
        _library(
            "sj-joining-gap",
            "What is the longest time, in days, between one member joining and the next one joining?",
            _joining_gap,
        ),
    ),
    (
        "text",
        Question(
            "sj-first-words", "How many different first words do the names of the @cars have?", _first_words
        ),
    ),
    (
        "text",
        Question(
            "sj-airbus-families",
            "Count the @planes of the manufacturer AIRBUS by the part of the model before the hyphen.",
            _airbus_families,
        ),
    ),
    (
        "text",
        Question(
            "sj-four-letters",
            "Which countries in @gapminder have a name of exactly four letters?",
            _four_letters,
        ),
    ),
    (
        "text",
        Question("sj-ampersand", "How many addresses in @riots contain an & sign?", _street_corners),
    ),
    (
        "text",
        Question(
            "sj-variety-numbers",
            "Some varieties in @barley have a number after No. in their name. "
            "List each of these varieties once, with its number.",
            _variety_numbers,
        ),
    ),
    (
        "text",
        Question(
            "sj-not-inc",
            "List the names in @airlines that do not end with Inc. (with the dot).",
            _not_incorporated,
        ),
    ),
    (
        "text",
        Question(
            "sj-carrier-tails",
            "How many @flights have a tailnum whose last two characters are the code of their carrier?",
            _carrier_tails,
        ),
    ),
    (
        "text",
        Question("sj-code-digit", "How many @airports have a digit in their faa code?", _codes_with_digit),
    ),
    (
        "text",
        _library(
            "sj-last-word",
            "Which word comes most often as the last word of a book's title?",
            _last_title_word,
        ),
    ),
    (
        "text",
        _library(
            "sj-same-initials",
            "How many members have a first and a last name that start with the same letter?",
            _same_initials,
        ),
    ),
    (
        "multi-step",
        Question(
            "sj-lowest-1952",
            "What was the lifeExp in 2007 of the country that had the lowest lifeExp in 1952, by @gapminder?",
            _caught_up,
        ),
    ),
    (
        "multi-step",
        Question(
            "sj-largest-carrier",
            "What is the average arrival delay of the carrier with the most @flights?",
            _largest_carrier_delay,
        ),
    ),
    (
        "multi-step",
        Question(
            "sj-msft-at-aapl-high",
            "What was the price of MSFT on the date when AAPL had its highest price in @stocks?",
            _microsoft_at_apple_high,
        ),
    ),
    (
        "multi-step",
        Question(
            "sj-infl-at-worst",
            "What was the average infl in the year that had the highest average unemp in @macro?",
            _infl_at_worst,
        ),
    ),
    (
        "multi-step",
        _library(
            "sj-never-lent",
            "How many books have never been lent? Books without any copy count too.",
            _never_lent,
        ),
    ),
    (
        "multi-step",
        _library(
            "sj-all-branches",
            "How many members have borrowed copies from every one of the branches?",
            _all_branches,
        ),
    ),
    (
        "multi-step",
        _library(
            "sj-debtors-loans",
            "How many loans do the members with at least one unpaid fine have on average?",
            _debtors_loans,
        ),
    ),
    (
        "multi-step",
        _library(
            "sj-versatile-authors",
            "How many authors have books in four or more different genres?",
            _versatile_authors,
        ),
    ),
    (
        "multi-step",
        _library(
            "sj-best-year",
            "How many loans were made by the members who joined in the year when the most members joined?",
            _best_year_loans,
        ),
    ),
    (
        "multi-step",
        _library(
            "sj-borrowed-again",
            "How many members have borrowed the same book, in whichever copy, at least twice?",
            _borrowed_again,
        ),
    ),
)
