"""Questions like those of the suite, over the same frames and library: date, text, join, ambiguous."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")
_readings = partial(Readings, ambiguous=True)


# Dates


def _dry_summer(f: Frames) -> int:
    days = f["seattle"][f["seattle"]["date"].between("2015-06-01", "2015-08-31")]
    return int((days["precipitation"] == 0).sum())


def _amazon_above(f: Frames) -> pd.Timestamp:
    amazon = f["stocks"].query("symbol == 'AMZN' and price > 100")
    return amazon["date"].min()


def _first_frost(f: Frames) -> pd.Timestamp:
    days = f["seattle"][f["seattle"]["date"].between("2014-07-01", "2014-12-31")]
    return days[days["temp_min"] < 0]["date"].min()


def _christmas(f: Frames) -> int:
    return len(f["flights"].query("year == 2013 and month == 12 and day == 25"))


def _quiet_weekday(f: Frames) -> str:
    dates = pd.to_datetime(f["flights"][["year", "month", "day"]])
    return str(dates.dt.day_name().value_counts().idxmin())


def _deadliest(f: Frames) -> pd.Timestamp:
    return f["riots"]["death_date"].value_counts().idxmax()


def _ibm_quarters(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].query("symbol == 'IBM' and date.dt.year == 2005")
    return prices.groupby(prices["date"].dt.quarter.rename("quarter"))["price"].mean().reset_index()


def _weekend_joined(f: Frames) -> int:
    return int((f["members"]["joined"].dt.day_of_week >= 5).sum())


def _back_by_new_year(f: Frames) -> int:
    made = f["loans"][f["loans"]["loaned"].dt.year == 2022]
    return int((made["returned"] <= "2022-12-31").sum())


def _days_late(f: Frames) -> float:
    late = f["loans"][f["loans"]["returned"] > f["loans"]["due"]]
    return float((late["returned"] - late["due"]).dt.days.mean())


# Texts


def _intl(f: Frames) -> int:
    return int(f["airports"]["name"].str.endswith("Intl").sum())


def _without_inc(f: Frames) -> pd.DataFrame:
    return f["airlines"][~f["airlines"]["name"].str.contains("Inc.", regex=False)][["name"]]


def _first_letter(f: Frames) -> str:
    countries = pd.Series(f["gapminder"]["country"].unique())
    return str(countries.str[0].value_counts().idxmax())


def _period(f: Frames) -> int:
    return int(f["riots"]["first_name"].str.endswith(".").sum())


def _digit_last(f: Frames) -> int:
    return int(f["planes"]["tailnum"].str[-1].str.isdigit().sum())


def _many_words(f: Frames) -> int:
    return int((f["cars"]["Name"].str.split().str.len() > 3).sum())


def _symbols(f: Frames) -> str:
    return ", ".join(sorted(f["stocks"]["symbol"].unique()))


def _last_words(f: Frames) -> pd.DataFrame:
    words = f["books"]["title"].str.split().str[-1].rename("word")
    return words.value_counts().reset_index(name="n")


def _same_initial(f: Frames) -> int:
    parts = f["members"]["name"].str.split()
    return int((parts.str[0].str[0] == parts.str[1].str[0]).sum())


def _without_the(f: Frames) -> pd.DataFrame:
    travel = f["books"].query("genre == 'travel' and published >= 2000")
    return travel["title"].str.removeprefix("The ").to_frame()


# Joins


def _most_destinations(f: Frames) -> str:
    named = f["flights"].merge(f["airlines"], on="carrier")
    return str(named.groupby("name")["dest"].nunique().idxmax())


def _high_destinations(f: Frames) -> int:
    to = f["flights"].merge(f["airports"], left_on="dest", right_on="faa")
    return int((to["alt"] > 5000).sum())


def _busy_model(f: Frames) -> str:
    flown = f["flights"][["tailnum"]].merge(f["planes"], on="tailnum")
    return str(flown["model"].value_counts().idxmax())


def _fog_delay(f: Frames) -> float:
    hour = ["origin", "year", "month", "day", "hour"]
    joined = f["flights"].merge(f["weather"][[*hour, "visib"]], on=hour)
    return float(joined[joined["visib"] < 1]["dep_delay"].mean())


def _never_reached(f: Frames) -> int:
    return int((~f["airports"]["faa"].isin(f["flights"]["dest"])).sum())


def _members_by_city(f: Frames) -> pd.DataFrame:
    homes = f["members"].merge(f["branches"], left_on="home_branch_id", right_on="branch_id")
    return homes.groupby("city").size().reset_index(name="n")


def _lent(f: Frames) -> pd.DataFrame:
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["members"], on="member_id")


def _away(f: Frames) -> int:
    lent = _lent(f)
    return int((lent["branch_id"] != lent["home_branch_id"]).sum())


def _old_fines(f: Frames) -> float:
    fined = f["fines"].merge(f["loans"], on="loan_id").merge(f["members"], on="member_id")
    return float(fined[fined["birth_year"] < 1960]["amount"].sum())


def _poets(f: Frames) -> pd.DataFrame:
    written = f["book_authors"].merge(f["books"], on="book_id").merge(f["authors"], on="author_id")
    poetry = written[written["genre"] == "poetry"]
    return poetry.groupby("country")["author_id"].nunique().reset_index(name="n")


def _damaged(f: Frames) -> int:
    lent = _lent(f)
    return int(lent[lent["condition"] == "damaged"]["member_id"].nunique())


# Several readings


def _busiest(f: Frames) -> Readings:
    origins, targets = f["flights"]["origin"].value_counts(), f["flights"]["dest"].value_counts()
    codes = [origins.idxmax(), targets.idxmax(), origins.add(targets, fill_value=0).idxmax()]
    names = f["airports"].set_index("faa")["name"]
    return _readings((*codes, *names[codes]))


def _punctual(f: Frames) -> Readings:
    flights, codes = f["flights"], []
    for delay in ("arr_delay", "dep_delay"):
        known = flights.dropna(subset=delay)
        by = known[delay].groupby(known["carrier"])
        # Least delay on average or mostly; least lateness, early flights as on time.
        codes += [by.mean().idxmin(), by.median().idxmin()]
        codes.append(known[delay].clip(lower=0).groupby(known["carrier"]).mean().idxmin())
        for limit in (0, 5, 10, 15):
            codes.append((known[delay] <= limit).groupby(known["carrier"]).mean().idxmax())
            codes.append((flights[delay] <= limit).groupby(flights["carrier"]).mean().idxmax())
            codes.append((known[delay] < limit).groupby(known["carrier"]).mean().idxmax())
    codes = sorted(set(codes))
    names = f["airlines"].set_index("carrier")["name"]
    return _readings((*codes, *names[codes]))


def _google_change(f: Frames) -> Readings:
    prices = f["stocks"][f["stocks"]["symbol"] == "GOOG"].sort_values("date")["price"]
    first, last = prices.iloc[0], prices.iloc[-1]
    share = last / first - 1
    return _readings((last - first, share * 100, share, last / first, prices.max() - prices.min()))


def _worst_weather(f: Frames) -> Readings:
    days = f["seattle"]
    rows = [days["precipitation"].idxmax(), days["wind"].idxmax()]
    rows += [days["temp_min"].idxmin(), days["temp_max"].idxmin()]
    rows.append((days["temp_min"] + days["temp_max"]).idxmin())
    return _readings(tuple(days["date"][rows]))


def _typical_age(f: Frames) -> Readings:
    ages = f["riots"]["age"]
    return _readings((ages.mean(), ages.median(), *ages.mode()))


def _grown(f: Frames) -> Readings:
    gdp = f["gapminder"].assign(gdp=f["gapminder"]["pop"] * f["gapminder"]["gdpPercap"])
    countries = []
    for column in ("pop", "gdpPercap", "gdp", "lifeExp"):
        years = gdp.pivot(index="country", columns="year", values=column)
        countries.append((years[2007] - years[1952]).idxmax())
        countries.append((years[2007] / years[1952]).idxmax())
    return _readings(tuple(dict.fromkeys(countries)))


def _popular_genre(f: Frames) -> Readings:
    copies = f["copies"].merge(f["books"], on="book_id")
    lent = f["loans"].merge(copies, on="copy_id")
    return _readings(
        (
            f["books"]["genre"].value_counts().idxmax(),
            copies["genre"].value_counts().idxmax(),
            lent["genre"].value_counts().idxmax(),
            lent.groupby("genre")["member_id"].nunique().idxmax(),
            # Per book that there is.
            (lent["genre"].value_counts() / f["books"]["genre"].value_counts()).idxmax(),
        )
    )


def _small_branch(f: Frames) -> Readings:
    names = f["branches"].set_index("branch_id")["name"]
    lent = f["loans"].merge(f["copies"], on="copy_id")
    ids = (
        f["copies"]["branch_id"].value_counts().idxmin(),
        f["members"]["home_branch_id"].value_counts().idxmin(),
        lent["branch_id"].value_counts().idxmin(),
    )
    return _readings(tuple(dict.fromkeys(names[i] for i in ids)))


def _how_many_books(f: Frames) -> Readings:
    out = int(f["loans"][f["loans"]["returned"].isna()]["copy_id"].nunique())
    return _readings(
        (
            len(f["books"]),
            len(f["copies"]),
            f["books"]["title"].nunique(),
            f["copies"]["book_id"].nunique(),
            len(f["copies"]) - out,
        )
    )


def _overdue(f: Frames) -> Readings:
    loans = f["loans"]
    out, late = loans["returned"].isna(), loans["returned"] > loans["due"]
    counts = [int(out.sum()), int(late.sum()), int((out | late).sum())]
    for today in (loans["loaned"].max(), loans["returned"].max()):
        past = out & (loans["due"] < today)
        counts += [int(past.sum()), int((past | late).sum())]
    return _readings(tuple(dict.fromkeys(counts)))


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "date",
        Question(
            "sm-dry-summer",
            "On how many days from June to August 2015 was the precipitation zero in @seattle?",
            _dry_summer,
        ),
    ),
    (
        "date",
        Question(
            "sm-amazon-above-100",
            "When was the price of AMZN above 100 for the first time in @stocks? Give the date.",
            _amazon_above,
        ),
    ),
    (
        "date",
        Question(
            "sm-first-frost",
            "What is the first date in the second half of 2014 with temp_min below zero in @seattle?",
            _first_frost,
        ),
    ),
    (
        "date",
        Question("sm-christmas", "How many @flights were there on Christmas Day (December 25)?", _christmas),
    ),
    (
        "date",
        Question(
            "sm-quiet-weekday",
            "On which day of the week are there the fewest @flights? Give its name, such as Monday.",
            _quiet_weekday,
        ),
    ),
    (
        "date",
        Question("sm-deadliest-date", "On which date did the most people die, by @riots?", _deadliest),
    ),
    (
        "date",
        Question(
            "sm-ibm-quarters",
            "Average price of IBM in each quarter of 2005 in @stocks: give quarter (1 to 4) and average.",
            _ibm_quarters,
        ),
    ),
    (
        "date",
        _library("sm-weekend-joined", "How many members joined on a Saturday or a Sunday?", _weekend_joined),
    ),
    (
        "date",
        _library(
            "sm-back-by-new-year",
            "How many of the loans made in 2022 were returned by December 31, 2022?",
            _back_by_new_year,
        ),
    ),
    (
        "date",
        _library(
            "sm-days-late",
            "By how many days on average were the loans late that were returned after they were due?",
            _days_late,
        ),
    ),
    ("text", Question("sm-intl", "How many of the @airports have a name that ends with Intl?", _intl)),
    (
        "text",
        Question("sm-without-inc", "Which names in @airlines do not have Inc. in them?", _without_inc),
    ),
    (
        "text",
        Question(
            "sm-first-letter",
            "With which letter do the most countries in @gapminder begin?",
            _first_letter,
        ),
    ),
    (
        "text",
        Question(
            "sm-period",
            "How many people in @riots have a first name that ends with a period, like Cesar A.?",
            _period,
        ),
    ),
    (
        "text",
        Question(
            "sm-digit-last",
            "How many of the @planes have a tail number whose last character is a digit?",
            _digit_last,
        ),
    ),
    (
        "text",
        Question("sm-many-words", "How many of the @cars have a name of more than three words?", _many_words),
    ),
    (
        "text",
        Question(
            "sm-symbols",
            "Write the different symbols of @stocks in alphabetical order as one text, "
            "separated by a comma and a space.",
            _symbols,
        ),
    ),
    (
        "text",
        _library(
            "sm-last-words", "How many books have a title with each last word? Give the word.", _last_words
        ),
    ),
    (
        "text",
        _library(
            "sm-same-initial",
            "How many members have a first name and a last name that begin with the same letter?",
            _same_initial,
        ),
    ),
    (
        "text",
        _library(
            "sm-without-the",
            "List the titles of the travel books published in 2000 or later, without the The in front.",
            _without_the,
        ),
    ),
    (
        "join",
        Question(
            "sm-most-destinations",
            "Which airline has @flights to the most different destinations? Give its name in @airlines.",
            _most_destinations,
        ),
    ),
    (
        "join",
        Question(
            "sm-high-destinations",
            "How many @flights went to a destination higher than 5000 feet (alt in @airports)?",
            _high_destinations,
        ),
    ),
    ("join", Question("sm-busy-model", "Which model of the @planes made the most @flights?", _busy_model)),
    (
        "join",
        Question(
            "sm-fog-delay",
            "What is the average departure delay of the @flights with a visibility below 1 in @weather, "
            "at their origin on the same date and hour?",
            _fog_delay,
        ),
    ),
    (
        "join",
        Question(
            "sm-never-reached",
            "How many of the @airports are not the destination of any of the @flights?",
            _never_reached,
        ),
    ),
    (
        "join",
        _library(
            "sm-members-by-city",
            "How many members have their home branch in each city?",
            _members_by_city,
        ),
    ),
    (
        "join",
        _library(
            "sm-away",
            "How many loans were of a copy that belongs to another branch than the member's home branch?",
            _away,
        ),
    ),
    (
        "join",
        _library(
            "sm-old-fines",
            "What is the total amount of the fines, paid or not, of members born before 1960?",
            _old_fines,
        ),
    ),
    (
        "join",
        _library(
            "sm-poets", "How many different authors of each country have written a poetry book?", _poets
        ),
    ),
    (
        "join",
        _library("sm-damaged", "How many different members have borrowed a damaged copy?", _damaged),
    ),
    ("ambiguous", Question("sm-busiest", "What is the busiest airport in @flights?", _busiest)),
    ("ambiguous", Question("sm-punctual", "Which carrier in @flights is the most punctual?", _punctual)),
    (
        "ambiguous",
        Question("sm-google-change", "How much did GOOG change in @stocks?", _google_change),
    ),
    (
        "ambiguous",
        Question("sm-worst-weather", "Which day had the worst weather in @seattle?", _worst_weather),
    ),
    (
        "ambiguous",
        Question("sm-typical-age", "How old is the typical person in @riots?", _typical_age),
    ),
    ("ambiguous", Question("sm-grown", "Which country in @gapminder has grown the most?", _grown)),
    ("ambiguous", _library("sm-popular-genre", "Which genre is the most popular?", _popular_genre)),
    ("ambiguous", _library("sm-small-branch", "What is the name of the smallest branch?", _small_branch)),
    ("ambiguous", _library("sm-how-many-books", "How many books does the library have?", _how_many_books)),
    ("ambiguous", _library("sm-overdue", "How many loans are overdue?", _overdue)),
)
