"""Questions like those of the suite: texts, shapes, statistics, several steps, what is open or lacking."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


# text
def _intl(f: Frames) -> int:
    return int(f["airports"]["name"].str.endswith("Intl").sum())


def _makes(f: Frames) -> object:
    return f["cars"]["Name"].str.split().str[0].value_counts().idxmax()


def _spaced(f: Frames) -> int:
    return int(f["gapminder"]["country"].drop_duplicates().str.contains(" ", regex=False).sum())


def _foreign_tails(f: Frames) -> int:
    tails = f["flights"]["tailnum"].dropna().drop_duplicates()
    return int((~tails.str.startswith("N")).sum())


def _capitals(f: Frames) -> pd.DataFrame:
    return f["airlines"]["name"].str.upper().to_frame()


def _corners(f: Frames) -> int:
    return int(f["riots"]["address"].str.contains("&", regex=False).sum())


def _numbered(f: Frames) -> pd.DataFrame:
    varieties = f["barley"][["variety"]].drop_duplicates()
    return varieties[varieties["variety"].str.contains(r"\d")]


def _name_length(f: Frames) -> float:
    return float(f["airports"]["name"].str.len().mean())


def _last_name(f: Frames) -> object:
    return f["members"]["name"].str.split().str[-1].value_counts().idxmax()


def _last_words(f: Frames) -> pd.DataFrame:
    word = f["books"]["title"].str.split().str[-1].rename("word")
    return word.value_counts().reset_index()


# reshape
def _delay_month_origin(f: Frames) -> pd.DataFrame:
    return f["flights"].pivot_table(index="month", columns="origin", values="dep_delay").reset_index()


def _mass_species_sex(f: Frames) -> pd.DataFrame:
    known = f["penguins"].dropna(subset=["sex"])
    return known.pivot_table(
        index="species", columns="sex", values="body_mass_g", aggfunc="median"
    ).reset_index()


def _prices_wide(f: Frames) -> pd.DataFrame:
    late = f["stocks"].query("date >= '2005-01-01'")
    return late.pivot(index="date", columns="symbol", values="price").reset_index()


def _yield_wide(f: Frames) -> pd.DataFrame:
    return f["barley"].pivot(index=["variety", "site"], columns="year", values="yield").reset_index()


def _oceania(f: Frames) -> pd.DataFrame:
    two = f["gapminder"].query("continent == 'Oceania'")
    return two.pivot(index="year", columns="country", values="pop").reset_index()


def _race_gender(f: Frames) -> pd.DataFrame:
    table = pd.crosstab(f["riots"]["race"], f["riots"]["gender"])
    return table.assign(total=table.sum(axis=1)).reset_index()


def _macro_long(f: Frames) -> pd.DataFrame:
    then = f["macro"].query("year == 2008")
    return then.melt(id_vars=["quarter"], value_vars=["unemp", "infl"])


def _wine_across(f: Frames) -> pd.DataFrame:
    return f["wine"].groupby("target")[["alcohol", "hue", "proline"]].mean().T.reset_index()


def _gdp_quarters(f: Frames) -> pd.DataFrame:
    years = f["macro"].query("2000 <= year <= 2008")
    return years.pivot(index="year", columns="quarter", values="realgdp").reset_index()


def _lent(f: Frames) -> pd.DataFrame:
    return f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")


def _genre_years(f: Frames) -> pd.DataFrame:
    lent = _lent(f)
    return pd.crosstab(lent["genre"], lent["loaned"].dt.year).reset_index()


# statistics
def _flipper_spread(f: Frames) -> Readings:
    grouped = f["penguins"].groupby("species")["flipper_length_mm"]
    return Readings((grouped.std().reset_index(), grouped.std(ddof=0).reset_index()))


def _ranks(f: Frames) -> float:
    ranked = f["gapminder"].query("year == 2007")[["gdpPercap", "lifeExp"]].rank()
    return float(ranked["gdpPercap"].corr(ranked["lifeExp"]))


def _predicted_mass(f: Frames) -> float:
    known = f["penguins"][["flipper_length_mm", "body_mass_g"]].dropna()
    x, y = known["flipper_length_mm"], known["body_mass_g"]
    slope = x.cov(y) / x.var()
    return float(y.mean() + slope * (200 - x.mean()))


def _best_serum(f: Frames) -> object:
    serums = f["diabetes"][["s1", "s2", "s3", "s4", "s5", "s6"]]
    return serums.corrwith(f["diabetes"]["target"]).abs().idxmax()


def _much_colour(f: Frames) -> int:
    colour = f["wine"]["color_intensity"]
    return int((colour > colour.mean() + 2 * colour.std()).sum())


def _variation(f: Frames) -> Readings:
    grouped = f["barley"].groupby("site")["yield"]
    sample, population = grouped.std() / grouped.mean(), grouped.std(ddof=0) / grouped.mean()
    shares = (sample.reset_index(), population.reset_index())
    return Readings((*shares, sample.mul(100).reset_index(), population.mul(100).reset_index()))


def _usual_seats(f: Frames) -> int:
    return int(f["planes"]["seats"].mode().iloc[0])


def _weighted_life(f: Frames) -> float:
    now = f["gapminder"].query("year == 2007")
    return float((now["lifeExp"] * now["pop"]).sum() / now["pop"].sum())


def _skewness(f: Frames) -> Readings:
    rain = f["seattle"]["precipitation"]
    away = rain - rain.mean()
    return Readings((float(rain.skew()), float((away**3).mean() / (away**2).mean() ** 1.5)))


def _median_days(f: Frames) -> float:
    return float((f["loans"]["returned"] - f["loans"]["loaned"]).dt.days.median())


# multi-step
def _top_carrier(f: Frames) -> Readings:
    flights = f["flights"]
    there = flights[flights["dest"] == flights["dest"].value_counts().idxmax()]
    carrier = there["carrier"].value_counts().idxmax()
    return Readings((carrier, f["airlines"].set_index("carrier")["name"][carrier]))


def _shorter_lives(f: Frames) -> int:
    life = f["gapminder"].pivot(index="country", columns="year", values="lifeExp")
    return int((life[2007] < life[1992]).sum())


def _wettest_month(f: Frames) -> float:
    month = f["seattle"].groupby(f["seattle"]["date"].dt.to_period("M"))
    return float(month["temp_max"].mean()[month["precipitation"].sum().idxmax()])


def _ends(f: Frames) -> pd.DataFrame:
    return f["stocks"].sort_values("date").groupby("symbol")["price"].agg(["first", "last"])


def _multiplied(f: Frames) -> object:
    ends = _ends(f)
    return (ends["last"] / ends["first"]).idxmax()


def _all_genres(f: Frames) -> int:
    genres = _lent(f).groupby("member_id")["genre"].nunique()
    return int((genres == f["books"]["genre"].nunique()).sum())


def _again(f: Frames) -> int:
    times = _lent(f).groupby(["member_id", "book_id"]).size()
    return int(times[times > 1].index.get_level_values("member_id").nunique())


def _top_debtor(f: Frames) -> object:
    unpaid = f["fines"].query("paid == 0").merge(f["loans"], on="loan_id")
    debtor = unpaid.groupby("member_id")["amount"].sum().idxmax()
    return f["members"].set_index("member_id")["name"][debtor]


def _strangers(f: Frames) -> int:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["members"], on="member_id")
    at_home = lent["branch_id"].eq(lent["home_branch_id"]).groupby(lent["member_id"]).any()
    return int((~at_home).sum())


def _team_pages(f: Frames) -> float:
    authors = f["book_authors"].groupby("book_id").size()
    return float(f["books"][f["books"]["book_id"].isin(authors[authors > 1].index)]["pages"].mean())


def _pages_gap(f: Frames) -> float:
    means = f["books"].groupby("genre")["pages"].mean()
    return float(means.max() - means.min())


# ambiguous
def _readings(*values: object) -> Readings:
    return Readings(tuple(dict.fromkeys(values)), ambiguous=True)


def _worst_carrier(f: Frames) -> Readings:
    gone = f["flights"].assign(gone=f["flights"]["dep_time"].isna())
    means = gone.groupby("carrier")[["dep_delay", "arr_delay", "gone"]].mean()
    codes = means.idxmax().tolist()
    return _readings(*codes, *f["airlines"].set_index("carrier")["name"][codes])


def _busiest_airport(f: Frames) -> Readings:
    left, reached = f["flights"]["origin"].value_counts(), f["flights"]["dest"].value_counts()
    codes = [left.idxmax(), reached.idxmax(), left.add(reached, fill_value=0).idxmax()]
    names = f["airports"].set_index("faa")["name"]
    return _readings(*codes, *names[codes])


def _typical_yield(f: Frames) -> Readings:
    return _readings(float(f["barley"]["yield"].mean()), float(f["barley"]["yield"].median()))


def _worst_weather(f: Frames) -> Readings:
    days = f["seattle"]
    most = [days.loc[days[column] == days[column].max(), "date"] for column in ("precipitation", "wind")]
    least = [days.loc[days[column] == days[column].min(), "date"] for column in ("temp_max", "temp_min")]
    return _readings(*pd.concat([*most, *least]))


def _best_stock(f: Frames) -> Readings:
    ends, prices = _ends(f), f["stocks"].groupby("symbol")["price"]
    gains = [ends["last"] / ends["first"], ends["last"] - ends["first"]]
    return _readings(*(figure.idxmax() for figure in (*gains, ends["last"], prices.max(), prices.mean())))


def _worst_year(f: Frames) -> Readings:
    macro = f["macro"].assign(change=f["macro"]["realgdp"].pct_change(), step=f["macro"]["realgdp"].diff())
    years = macro.groupby("year")[["unemp", "infl", "realgdp"]].mean()
    within = macro.groupby("year")["realgdp"].last() / macro.groupby("year")["realgdp"].first()
    fall = (years["realgdp"].pct_change().idxmin(), years["realgdp"].diff().idxmin(), within.idxmin())
    worst = [years["unemp"].idxmax(), years["infl"].idxmax(), years["realgdp"].idxmin(), *fall]
    single = [
        macro["unemp"].idxmax(),
        macro["infl"].idxmax(),
        macro["change"].idxmin(),
        macro["step"].idxmin(),
    ]
    return _readings(*(int(year) for year in (*worst, *macro.loc[single, "year"])))


def _tops(figures: pd.Series, names: pd.Series) -> list[object]:
    return names[figures[figures == figures.max()].index].tolist()


def _top_author(f: Frames) -> Readings:
    names, written = f["authors"].set_index("author_id")["name"], f["book_authors"]
    lent = _lent(f).merge(written, on="book_id")
    pages = written.merge(f["books"], on="book_id").groupby("author_id")["pages"].sum()
    loans, books = lent.groupby("author_id").size(), written.groupby("author_id").size()
    readers = lent.groupby("author_id")["member_id"].nunique()
    per_book = (loans / books, loans / lent.groupby("author_id")["book_id"].nunique())
    by_id = [name for figure in (loans, books, *per_book, readers, pages) for name in _tops(figure, names)]
    # Authors of one name taken as one.
    by_name = [
        lent["author_id"].map(names).value_counts().idxmax(),
        written["author_id"].map(names).value_counts().idxmax(),
    ]
    return _readings(*by_id, *by_name)


def _worst_member(f: Frames) -> Readings:
    loans, names = f["loans"], f["members"].set_index("member_id")["name"]
    late = loans["returned"] > loans["due"]
    fined = f["fines"].merge(loans, on="loan_id")
    figures = (
        late.groupby(loans["member_id"]).sum(),
        late.groupby(loans["member_id"]).mean(),
        loans["returned"].isna().groupby(loans["member_id"]).sum(),
        fined.groupby("member_id")["amount"].sum(),
        fined.query("paid == 0").groupby("member_id")["amount"].sum(),
        fined.query("paid == 0").groupby("member_id").size(),
    )
    return _readings(*(name for figure in figures for name in _tops(figure, names)))


def _loan_length(f: Frames) -> Readings:
    loans = f["loans"]
    kept = (loans["returned"] - loans["loaned"]).dt.days
    return _readings(
        float(kept.mean()), float(kept.median()), int((loans["due"] - loans["loaned"]).dt.days.max())
    )


def _stock(f: Frames) -> Readings:
    return _readings(
        len(f["books"]), len(f["copies"]), f["books"]["title"].nunique(), f["copies"]["book_id"].nunique()
    )


# unanswerable
def _nothing(f: Frames) -> None:
    return None


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    ("text", Question("sh-intl", "How many of the @airports have a name that ends with Intl?", _intl)),
    ("text", Question("sh-makes", "Which first word occurs most often in the names of the @cars?", _makes)),
    ("text", Question("sh-spaced", "How many countries in @gapminder have a space in their name?", _spaced)),
    (
        "text",
        Question(
            "sh-foreign-tails",
            "How many different tail numbers in @flights do not start with the letter N?",
            _foreign_tails,
        ),
    ),
    ("text", Question("sh-capitals", "Write the names of all @airlines in capital letters.", _capitals)),
    (
        "text",
        Question("sh-corners", "How many people in @riots have an ampersand (&) in their address?", _corners),
    ),
    ("text", Question("sh-numbered", "Which varieties of @barley have a digit in their name?", _numbered)),
    (
        "text",
        Question(
            "sh-name-length",
            "How many characters long is the name of an airport on average in @airports?",
            _name_length,
        ),
    ),
    ("text", _library("sh-last-name", "Which last name is the most common among the members?", _last_name)),
    (
        "text",
        _library(
            "sh-last-words",
            "How many books are there for each last word of the title? Give the word and the number.",
            _last_words,
        ),
    ),
    (
        "reshape",
        Question(
            "sh-delay-month-origin",
            "Show the mean dep_delay in @flights as a table: one row per month, one column per origin.",
            _delay_month_origin,
        ),
    ),
    (
        "reshape",
        Question(
            "sh-mass-species-sex",
            "Median body mass of the @penguins of known sex, species in the rows and sex in the columns",
            _mass_species_sex,
        ),
    ),
    (
        "reshape",
        Question(
            "sh-prices-wide",
            "Put the prices of @stocks since 2005 side by side: a row per date, a column per symbol.",
            _prices_wide,
        ),
    ),
    (
        "reshape",
        Question(
            "sh-yield-wide",
            "Spread the yield in @barley over one column per year, with one row for each variety and site.",
            _yield_wide,
        ),
    ),
    (
        "reshape",
        Question(
            "sh-oceania",
            "Population of the countries of Oceania in @gapminder, years down and countries across",
            _oceania,
        ),
    ),
    (
        "reshape",
        Question(
            "sh-race-gender",
            "Tabulate race against gender in @riots (counts), with a column for the total of each race.",
            _race_gender,
        ),
    ),
    (
        "reshape",
        Question(
            "sh-macro-long",
            "Turn unemp and infl of the year 2008 in @macro into long form: quarter, name of the measure, "
            "value.",
            _macro_long,
        ),
    ),
    (
        "reshape",
        Question(
            "sh-wine-across",
            "Means of alcohol, hue and proline in @wine: one row per measure, one column per target",
            _wine_across,
        ),
    ),
    (
        "reshape",
        Question(
            "sh-gdp-quarters",
            "Lay out realgdp in @macro for 2000 to 2008 with the years down and the quarters across.",
            _gdp_quarters,
        ),
    ),
    (
        "reshape",
        _library(
            "sh-genre-years",
            "Number of loans with genres down and the years of the loans across",
            _genre_years,
        ),
    ),
    (
        "statistics",
        Question(
            "sh-flipper-spread",
            "What is the standard deviation of the flipper length of each species in @penguins?",
            _flipper_spread,
        ),
    ),
    (
        "statistics",
        Question(
            "sh-ranks",
            "What is the Spearman rank correlation of gdpPercap and lifeExp in @gapminder in 2007?",
            _ranks,
        ),
    ),
    (
        "statistics",
        Question(
            "sh-predicted-mass",
            "Fit a straight line of body mass on flipper length in @penguins. What mass does it give for "
            "200 mm?",
            _predicted_mass,
        ),
    ),
    (
        "statistics",
        Question(
            "sh-best-serum",
            "Which of the columns s1 to s6 in @diabetes has the strongest correlation with target?",
            _best_serum,
        ),
    ),
    (
        "statistics",
        Question(
            "sh-much-colour",
            "How many rows of @wine have a color_intensity more than two standard deviations above its mean?",
            _much_colour,
        ),
    ),
    (
        "statistics",
        Question(
            "sh-variation",
            "What is the coefficient of variation of the yield (standard deviation over mean) at each "
            "site in @barley?",
            _variation,
        ),
    ),
    (
        "statistics",
        Question("sh-usual-seats", "What is the mode of the number of seats in @planes?", _usual_seats),
    ),
    (
        "statistics",
        Question(
            "sh-weighted-life",
            "What was the mean life expectancy in 2007, weighted by population, in @gapminder?",
            _weighted_life,
        ),
    ),
    (
        "statistics",
        Question("sh-skewness", "How skewed is the precipitation in @seattle (skewness)?", _skewness),
    ),
    (
        "statistics",
        _library(
            "sh-median-days",
            "What is the median number of days from loan to return, of the returned loans?",
            _median_days,
        ),
    ),
    (
        "multi-step",
        Question(
            "sh-top-carrier",
            "Which carrier has the most @flights to the destination with the most flights?",
            _top_carrier,
        ),
    ),
    (
        "multi-step",
        Question(
            "sh-shorter-lives",
            "In how many countries of @gapminder was lifeExp lower in 2007 than in 1992?",
            _shorter_lives,
        ),
    ),
    (
        "multi-step",
        Question(
            "sh-wettest-month",
            "What was the mean of temp_max in the month (year and month) with the most precipitation in "
            "@seattle?",
            _wettest_month,
        ),
    ),
    (
        "multi-step",
        Question(
            "sh-multiplied",
            "For which symbol in @stocks is the last price the largest multiple of its first price?",
            _multiplied,
        ),
    ),
    (
        "multi-step",
        _library("sh-all-genres", "How many members have borrowed books of every genre?", _all_genres),
    ),
    ("multi-step", _library("sh-again", "How many members borrowed some book more than once?", _again)),
    (
        "multi-step",
        _library(
            "sh-top-debtor",
            "What is the name of the member with the highest sum of unpaid fines?",
            _top_debtor,
        ),
    ),
    (
        "multi-step",
        _library(
            "sh-strangers",
            "How many of the members with loans have never borrowed a copy of their home branch?",
            _strangers,
        ),
    ),
    (
        "multi-step",
        _library(
            "sh-team-pages",
            "How many pages do the books with more than one author have on average?",
            _team_pages,
        ),
    ),
    (
        "multi-step",
        _library(
            "sh-pages-gap",
            "What is the difference between the highest and the lowest of the genres' average page numbers?",
            _pages_gap,
        ),
    ),
    ("ambiguous", Question("sh-worst-carrier", "Which is the worst carrier in @flights?", _worst_carrier)),
    (
        "ambiguous",
        Question("sh-busiest-airport", "What is the busiest airport in @flights?", _busiest_airport),
    ),
    ("ambiguous", Question("sh-typical-yield", "What is a typical yield in @barley?", _typical_yield)),
    (
        "ambiguous",
        Question("sh-worst-weather", "On which date was the weather in @seattle the worst?", _worst_weather),
    ),
    ("ambiguous", Question("sh-best-stock", "Which symbol in @stocks did the best?", _best_stock)),
    (
        "ambiguous",
        Question("sh-worst-year", "What was the worst year for the economy in @macro?", _worst_year),
    ),
    ("ambiguous", _library("sh-top-author", "Who is the most successful author?", _top_author)),
    ("ambiguous", _library("sh-worst-member", "Which member is the least reliable?", _worst_member)),
    ("ambiguous", _library("sh-loan-length", "How many days does a loan last?", _loan_length)),
    ("ambiguous", _library("sh-stock", "How many books does the library have?", _stock)),
    (
        "unanswerable",
        Question("sh-passengers", "How many passengers flew on the @flights of carrier UA?", _nothing),
    ),
    ("unanswerable", Question("sh-penguin-age", "What is the average age of the @penguins?", _nothing)),
    ("unanswerable", Question("sh-car-price", "Which of the @cars was the most expensive to buy?", _nothing)),
    (
        "unanswerable",
        Question("sh-runways", "How many runways does the airport JFK have, by @airports?", _nothing),
    ),
    (
        "unanswerable",
        Question("sh-occupation", "What was the most common occupation of the people in @riots?", _nothing),
    ),
    ("unanswerable", Question("sh-debt", "How high was the public debt in 2005 in @macro?", _nothing)),
    (
        "unanswerable",
        Question("sh-medicine", "Which medicine did most of the patients in @diabetes take?", _nothing),
    ),
    (
        "unanswerable",
        Question("sh-sunshine", "How many hours of sunshine had each origin in July in @weather?", _nothing),
    ),
    ("unanswerable", _library("sh-staff", "How many employees work at each branch?", _nothing)),
    ("unanswerable", _library("sh-reservations", "How many reservations are waiting for a copy?", _nothing)),
)
