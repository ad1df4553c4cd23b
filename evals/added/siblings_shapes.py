"""Questions like those of the suite, over the frames and a library: of shape, statistics, doubt and gaps."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


def _nothing(frames: Frames) -> None:
    del frames


def _open(values: Iterable[object]) -> Readings:
    return Readings(tuple(dict.fromkeys(values)), ambiguous=True)


# reshape


def _island_shares(f: Frames) -> pd.DataFrame:
    counts = pd.crosstab(f["penguins"]["island"], f["penguins"]["species"])
    return counts.div(counts.sum(axis=1), axis=0).mul(100).reset_index()


def _stock_years(f: Frames) -> pd.DataFrame:
    rows = f["stocks"].assign(year=f["stocks"]["date"].dt.year)
    rows = rows[rows["year"].between(2005, 2009)]
    return rows.pivot_table(index="year", columns="symbol", values="price", aggfunc="mean").reset_index()


def _trebi(f: Frames) -> pd.DataFrame:
    rows = f["barley"][f["barley"]["variety"] == "Trebi"]
    return rows.pivot(index="site", columns="year", values="yield").reset_index()


def _long_measures(f: Frames) -> int:
    columns = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
    return int(f["penguins"][columns].melt()["value"].notna().sum())


def _warmest(f: Frames) -> pd.DataFrame:
    days = f["seattle"]
    days = days.assign(month=days["date"].dt.month, year=days["date"].dt.year)
    return days.pivot_table(index="month", columns="year", values="temp_max", aggfunc="max").reset_index()


def _carrier_origin(f: Frames) -> pd.DataFrame:
    return pd.crosstab(f["flights"]["carrier"], f["flights"]["origin"]).reset_index()


def _race_gender(f: Frames) -> pd.DataFrame:
    return pd.crosstab(f["riots"]["race"], f["riots"]["gender"]).reset_index()


def _quarters(f: Frames) -> pd.DataFrame:
    rows = f["macro"][f["macro"]["year"].between(2000, 2008)]
    return rows.pivot(index="year", columns="quarter", values="unemp").reset_index()


def _japan(f: Frames) -> pd.DataFrame:
    row = f["gapminder"][(f["gapminder"]["country"] == "Japan") & (f["gapminder"]["year"] == 2007)]
    return row[["lifeExp", "pop", "gdpPercap"]].astype(float).melt(var_name="measure")


def _copy_conditions(f: Frames) -> pd.DataFrame:
    copies = f["copies"].merge(f["branches"], on="branch_id")
    return pd.crosstab(copies["name"], copies["condition"]).reset_index()


# statistics


def _mass_spread(f: Frames) -> pd.DataFrame:
    return f["penguins"].groupby("species")["body_mass_g"].std().reset_index()


def _rank_correlation(f: Frames) -> float:
    now = f["gapminder"][f["gapminder"]["year"] == 2007]
    return float(now["gdpPercap"].rank().corr(now["lifeExp"].rank()))


def _strongest(f: Frames) -> str:
    return str(f["diabetes"].corr()["target"].drop("target").abs().idxmax())


def _relative_spread(f: Frames) -> str:
    prices = f["stocks"].groupby("symbol")["price"]
    return str((prices.std() / prices.mean()).idxmax())


def _rainy_outliers(f: Frames) -> int:
    rain = f["seattle"]["precipitation"]
    low, high = rain.quantile(0.25), rain.quantile(0.75)
    reach = 1.5 * (high - low)
    return int(((rain < low - reach) | (rain > high + reach)).sum())


def _predicted_mass(f: Frames) -> float:
    known = f["penguins"][["flipper_length_mm", "body_mass_g"]].dropna()
    x, y = known["flipper_length_mm"], known["body_mass_g"]
    slope = x.cov(y) / x.var()
    return float(y.mean() + slope * (200 - x.mean()))


def _standard_error(f: Frames) -> float:
    return float(f["wine"]["alcohol"].sem())


def _dew_correlation(f: Frames) -> pd.DataFrame:
    groups = f["weather"].groupby("origin")
    rows = [(origin, group["temp"].corr(group["dewp"])) for origin, group in groups]
    return pd.DataFrame(rows, columns=["origin", "correlation"])


def _weighted_life(f: Frames) -> pd.DataFrame:
    now = f["gapminder"][f["gapminder"]["year"] == 2007]
    sums = now.assign(years=now["lifeExp"] * now["pop"]).groupby("continent")[["years", "pop"]].sum()
    return (sums["years"] / sums["pop"]).rename("lifeExp").reset_index()


def _median_days(f: Frames) -> float:
    return float((f["loans"]["returned"] - f["loans"]["loaned"]).dt.days.dropna().median())


# ambiguous


def _busiest(f: Frames) -> Readings:
    flights = f["flights"]
    both = pd.concat([flights["origin"], flights["dest"]])
    codes = [column.value_counts().idxmax() for column in (flights["origin"], flights["dest"], both)]
    names = f["airports"].set_index("faa")["name"]
    return _open([*codes, *(names[code] for code in codes)])


def _punctual(f: Frames) -> Readings:
    codes = []
    for column in ("dep_delay", "arr_delay"):
        known = f["flights"].dropna(subset=[column])
        delay = known[column].groupby(known["carrier"])
        codes += [delay.mean().idxmin(), *_lowest(delay.median())]
        codes.append(known[column].abs().groupby(known["carrier"]).mean().idxmin())
        for limit in (0, 15):
            codes.append((known[column] <= limit).groupby(known["carrier"]).mean().idxmax())
        codes.append((known[column] < 15).groupby(known["carrier"]).mean().idxmax())
        # Of all flights, the cancelled ones not being in time.
        codes.append((f["flights"][column] <= 0).groupby(f["flights"]["carrier"]).mean().idxmax())
    names = f["airlines"].set_index("carrier")["name"]
    return _open([*codes, *(names[code] for code in codes)])


def _lowest(values: pd.Series) -> list[object]:
    return values.index[values == values.min()].tolist()


def _highest(values: pd.Series) -> list[object]:
    return values.index[values == values.max()].tolist()


def _worst_day(f: Frames) -> Readings:
    days = f["seattle"].set_index("date")
    worst = _highest(days["precipitation"]) + _highest(days["wind"])
    worst += _lowest(days["temp_min"]) + _lowest(days["temp_max"])
    return _open(worst)


def _best_stock(f: Frames) -> Readings:
    rows = f["stocks"].sort_values("date")
    prices = rows.groupby("symbol")["price"]
    first, last = prices.first(), prices.last()
    # GOOG came later than the others.
    common = rows[rows["date"] >= rows.loc[rows["symbol"] == "GOOG", "date"].min()]
    start = common.groupby("symbol")["price"].first()
    values = (last / first, last - first, last / start, last - start, prices.max(), prices.mean(), last)
    return _open(value.idxmax() for value in values)


def _grown(f: Frames) -> Readings:
    rows = f["gapminder"].assign(gdp=f["gapminder"]["pop"] * f["gapminder"]["gdpPercap"])
    columns = ["pop", "gdpPercap", "gdp", "lifeExp"]
    first = rows[rows["year"] == 1952].set_index("country")[columns]
    last = rows[rows["year"] == 2007].set_index("country")[columns]
    countries = []
    for column in columns:
        countries += [(last - first)[column].idxmax(), (last / first)[column].idxmax()]
    return _open(countries)


def _typical_plane(f: Frames) -> Readings:
    seats = f["planes"]["seats"]
    return _open([float(seats.mean()), float(seats.median()), *seats.mode().tolist()])


def _productive(f: Frames) -> Readings:
    written = f["book_authors"].merge(f["authors"], on="author_id").merge(f["books"], on="book_id")
    names = f["authors"].set_index("author_id")["name"]
    authors = _highest(written["author_id"].value_counts())
    authors += _highest(written.groupby("author_id")["pages"].sum())
    by_name = _highest(written["name"].value_counts()) + _highest(written.groupby("name")["pages"].sum())
    return _open([*(names[author] for author in authors), *by_name])


def _best_condition(f: Frames) -> Readings:
    counts = pd.crosstab(f["copies"]["branch_id"], f["copies"]["condition"])
    shares = counts.div(counts.sum(axis=1), axis=0)
    branches = []
    for table in (counts, shares):
        branches += _highest(table["new"]) + _highest(table["new"] + table["good"])
        branches += _lowest(table["damaged"]) + _lowest(table["damaged"] + table["worn"])
    points = {"new": 3, "good": 2, "worn": 1, "damaged": 0}
    branches += _highest((shares * pd.Series(points)).sum(axis=1))
    names = f["branches"].set_index("branch_id")["name"]
    return _open(names[branch] for branch in branches)


def _unreliable(f: Frames) -> Readings:
    loans, fined = f["loans"], f["fines"].merge(f["loans"], on="loan_id")
    unpaid = fined[fined["paid"] == 0]
    days = (loans["returned"] - loans["due"]).dt.days
    late = (loans["returned"] > loans["due"]).groupby(loans["member_id"])
    kept = loans["returned"].isna().groupby(loans["member_id"])
    overdue = ((loans["returned"] > loans["due"]) | loans["returned"].isna()).groupby(loans["member_id"])
    measures = [
        late.sum(),
        late.mean(),
        kept.sum(),
        kept.mean(),
        overdue.sum(),
        overdue.mean(),
        days.groupby(loans["member_id"]).mean(),
        days.clip(lower=0).groupby(loans["member_id"]).sum(),
        fined.groupby("member_id")["amount"].sum(),
        unpaid["member_id"].value_counts(),
        unpaid.groupby("member_id")["amount"].sum(),
    ]
    names = f["members"].set_index("member_id")["name"]
    return _open(names[member] for measure in measures for member in _highest(measure))


def _how_many_books(f: Frames) -> Readings:
    in_stock = len(f["copies"]) - f["loans"].loc[f["loans"]["returned"].isna(), "copy_id"].nunique()
    with_copy = f["copies"]["book_id"].nunique()
    return _open([len(f["books"]), len(f["copies"]), f["books"]["title"].nunique(), with_copy, in_stock])


_RESHAPE = (
    Question(
        "sk-island-species",
        "What percentage of the @penguins of each island belongs to each species? Islands down, species "
        "across, 0 where there are none",
        _island_shares,
    ),
    Question(
        "sk-stock-years",
        "Average price in @stocks for the years 2005 to 2009: one row per year, one column per symbol",
        _stock_years,
    ),
    Question(
        "sk-trebi-wide",
        "Show the yield of Trebi in @barley with sites as rows and years as columns.",
        _trebi,
    ),
    Question(
        "sk-long-measures",
        "Bring bill_length_mm, bill_depth_mm and flipper_length_mm of @penguins into long form, one row for "
        "each penguin and measure. How many of these rows have a value that is not missing?",
        _long_measures,
    ),
    Question(
        "sk-warmest-months",
        "Make a table of the highest temp_max in @seattle, calendar months (1 to 12) down and years across.",
        _warmest,
    ),
    Question(
        "sk-carrier-origin",
        "Spread the number of @flights per carrier over one column for each origin, with 0 for no flights.",
        _carrier_origin,
    ),
    Question(
        "sk-race-gender",
        "Number of people in @riots as a two-way table, a row for each race and a column for each gender",
        _race_gender,
    ),
    Question(
        "sk-unemp-quarters",
        "unemp in @macro from 2000 to 2008, years down and the four quarters side by side",
        _quarters,
    ),
    Question(
        "sk-japan-long",
        "Unpivot lifeExp, pop and gdpPercap of Japan in 2007 in @gapminder to three rows with the columns "
        "measure and value.",
        _japan,
    ),
    _library(
        "sk-copy-conditions",
        "Count the copies in a table with the names of the branches down and the conditions across.",
        _copy_conditions,
    ),
)

_STATISTICS = (
    Question(
        "sk-mass-spread",
        "What is the sample standard deviation of body_mass_g for each species in @penguins?",
        _mass_spread,
    ),
    Question(
        "sk-rank-correlation",
        "What is Spearman's rank correlation between gdpPercap and lifeExp in 2007 in @gapminder?",
        _rank_correlation,
    ),
    Question(
        "sk-strongest-predictor",
        "Which other column of @diabetes has the strongest correlation with target?",
        _strongest,
    ),
    Question(
        "sk-relative-spread",
        "Which symbol in @stocks has the highest coefficient of variation of its price (standard deviation "
        "divided by mean)?",
        _relative_spread,
    ),
    Question(
        "sk-rainy-outliers",
        "How many values of precipitation in @seattle are outliers, that is more than 1.5 interquartile "
        "ranges below the first or above the third quartile?",
        _rainy_outliers,
    ),
    Question(
        "sk-predicted-mass",
        "With a linear regression of body_mass_g on flipper_length_mm in @penguins, what body mass is "
        "predicted for a flipper length of 200 mm?",
        _predicted_mass,
    ),
    Question(
        "sk-standard-error",
        "What is the standard error of the mean of alcohol in @wine (sample standard deviation over the "
        "square root of the number of wines)?",
        _standard_error,
    ),
    Question(
        "sk-dew-correlation",
        "How strongly are temp and dewp in @weather correlated at each origin?",
        _dew_correlation,
    ),
    Question(
        "sk-weighted-life",
        "What is the mean lifeExp of each continent in 2007 in @gapminder, weighted by population?",
        _weighted_life,
    ),
    _library(
        "sk-median-days",
        "What is the median number of days between loan and return, of the loans that have been returned?",
        _median_days,
    ),
)

_AMBIGUOUS = (
    Question("sk-busiest-airport", "Which airport is the busiest in @flights?", _busiest),
    Question("sk-punctual-airline", "Which carrier is the most punctual in @flights?", _punctual),
    Question("sk-worst-day", "On which date was the weather in @seattle the worst?", _worst_day),
    Question("sk-best-stock", "Which symbol in @stocks did best?", _best_stock),
    Question("sk-grown-country", "Which country in @gapminder has grown the most from 1952 to 2007?", _grown),
    Question("sk-typical-seats", "How many seats does a typical plane in @planes have?", _typical_plane),
    _library("sk-productive-author", "What is the name of the most productive author?", _productive),
    _library("sk-best-condition", "Which branch has its copies in the best condition?", _best_condition),
    _library("sk-unreliable-member", "What is the name of the least reliable member?", _unreliable),
    _library("sk-how-many-books", "How many books does the library have?", _how_many_books),
)

_UNANSWERABLE = (
    Question("sk-ticket-price", "What did a ticket cost on average on the @flights to MIA?", _nothing),
    Question("sk-eggs", "How many eggs did each species in @penguins lay per nest?", _nothing),
    Question("sk-jobless", "What was the unemployment rate of Germany in 2007 in @gapminder?", _nothing),
    Question("sk-runway", "Which of the @airports has the longest runway?", _nothing),
    Question("sk-smokers", "How many of the patients in @diabetes smoke?", _nothing),
    Question("sk-occupation", "What was the most common occupation of the people in @riots?", _nothing),
    Question("sk-gearbox", "What share of the @cars has an automatic transmission?", _nothing),
    Question("sk-yen", "What was the dollar worth in yen in the first quarter of 1995, by @macro?", _nothing),
    _library("sk-reservations", "How many reservations are waiting for a book?", _nothing),
    _library("sk-opening-hours", "At what time does the Harbour branch close on Saturdays?", _nothing),
)

QUESTIONS: tuple[tuple[Category, Question], ...] = (
    *(("reshape", question) for question in _RESHAPE),
    *(("statistics", question) for question in _STATISTICS),
    *(("ambiguous", question) for question in _AMBIGUOUS),
    *(("unanswerable", question) for question in _UNANSWERABLE),
)
