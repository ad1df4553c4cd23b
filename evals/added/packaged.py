"""More questions about the suite's frames, each with its category."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question

__all__ = ["QUESTIONS"]


# Windows.


def _stock(f: Frames, symbol: str) -> pd.DataFrame:
    return f["stocks"].query(f"symbol == '{symbol}'").sort_values("date")


def _steps(f: Frames) -> pd.DataFrame:
    prices = _stock(f, "MSFT")
    return prices.assign(change=prices["price"].diff()).query("date.dt.year == 2009")[["date", "change"]]


def _price_rank(f: Frames) -> pd.DataFrame:
    last = f["stocks"][f["stocks"]["date"] == "2010-03-01"]
    return last.sort_values("price", ascending=False)[["symbol", "price"]]


def _third(f: Frames) -> pd.DataFrame:
    asia = f["gapminder"].query("continent == 'Asia'").sort_values("gdpPercap", ascending=False)
    return asia.groupby("year").nth(2)[["year", "country"]]


def _dry_spell(f: Frames) -> int:
    dry = f["seattle"].sort_values("date")["precipitation"].eq(0)
    return int(dry.groupby((~dry).cumsum()).sum().max())


def _warm_week(f: Frames) -> object:
    days = f["seattle"].sort_values("date").set_index("date")["temp_max"]
    return days.rolling(7).mean().idxmax()


def _rain_so_far(f: Frames) -> pd.DataFrame:
    days = f["seattle"].query("date.dt.year == 2014")
    month = days["date"].dt.month.rename("month")
    return days.groupby(month)["precipitation"].sum().cumsum().reset_index()


# Other shapes.


def _quarters(f: Frames) -> pd.DataFrame:
    late = f["macro"].query("2000 <= year <= 2008")
    return late.pivot(index="year", columns="quarter", values="unemp").reset_index()


def _stacked(f: Frames) -> pd.DataFrame:
    rows = f["macro"].query("year == 2008")
    return rows.melt("quarter", ["realcons", "realinv", "realgovt"])


def _cancelled(f: Frames) -> pd.DataFrame:
    gone = f["flights"][f["flights"]["dep_time"].isna()]
    return pd.crosstab(gone["month"], gone["origin"]).reset_index()


def _morris(f: Frames) -> pd.DataFrame:
    rows = f["barley"].query("site == 'Morris'")
    wide = rows.pivot(index="variety", columns="year", values="yield")
    return wide.assign(change=wide[1932] - wide[1931]).reset_index()


def _wine_profile(f: Frames) -> pd.DataFrame:
    means = f["wine"].groupby("target")[["alcohol", "hue", "proline"]].mean()
    return means.T.rename_axis("measurement").reset_index()


# Several steps.


def _wet_month_wind(f: Frames) -> float:
    month = f["seattle"]["date"].dt.to_period("M")
    wettest = f["seattle"].groupby(month)["precipitation"].sum().idxmax()
    return float(f["seattle"][month == wettest]["wind"].mean())


def _still_rich(f: Frames) -> int:
    years = (f["gapminder"].query(f"year == {year}") for year in (1952, 2007))
    first, last = (set(rows.nlargest(10, "gdpPercap")["country"]) for rows in years)
    return len(first & last)


def _workhorse(f: Frames) -> int:
    most = f["flights"]["tailnum"].value_counts().idxmax()
    return int(f["flights"][f["flights"]["tailnum"] == most]["dest"].nunique())


def _invested(f: Frames) -> float:
    prices = _stock(f, "IBM")["price"]
    return float(1000 * prices.iloc[-1] / prices.iloc[0])


def _heavy(f: Frames) -> pd.DataFrame:
    cars = f["cars"]
    heavy = cars[cars["Weight_in_lbs"] > cars.groupby("Origin")["Weight_in_lbs"].transform("mean")]
    return heavy.groupby("Origin")["Miles_per_Gallon"].mean().reset_index()


def _inflated(f: Frames) -> float:
    years = f["macro"].groupby("year")[["infl", "unemp"]].mean()
    return float(years.loc[years["infl"].idxmax(), "unemp"])


# Statistics.


def _variation(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].groupby("symbol")["price"]
    return (prices.std() / prices.mean() * 100).reset_index()


def _log_corr(f: Frames) -> float:
    now = f["gapminder"].query("year == 2007")
    return float(np.log(now["gdpPercap"]).corr(now["lifeExp"]))


def _near_proline(f: Frames) -> object:
    return f["wine"].corr()["proline"].drop(["proline", "target"]).abs().idxmax()


def _welch(f: Frames) -> float:
    mass = f["penguins"].query("species == 'Gentoo'").groupby("sex")["body_mass_g"]
    mean, error = mass.mean(), mass.var() / mass.count()
    return float((mean["male"] - mean["female"]) / np.sqrt(error.sum()))


# Joins.


def _airline_miles(f: Frames) -> pd.DataFrame:
    named = f["flights"].merge(f["airlines"], on="carrier")
    return named.groupby("name")["distance"].sum().reset_index()


def _unlisted(f: Frames) -> pd.DataFrame:
    dest = f["flights"]["dest"].drop_duplicates()
    return dest[~dest.isin(f["airports"]["faa"])].to_frame()


def _in_mist(f: Frames) -> float:
    mist = f["weather"].query("visib < 1")[["origin", "time_hour"]]
    return float(f["flights"].merge(mist, on=["origin", "time_hour"])["dep_delay"].mean())


def _fleet(f: Frames) -> pd.DataFrame:
    used = f["flights"].merge(f["planes"][["tailnum"]], on="tailnum").merge(f["airlines"], on="carrier")
    return used.groupby("name")["tailnum"].nunique().reset_index()


def _price_and_jobs(f: Frames) -> pd.DataFrame:
    ibm = _stock(f, "IBM")
    price = ibm.groupby(ibm["date"].dt.year.rename("year"))["price"].mean().reset_index()
    return price.merge(f["macro"].groupby("year")["unemp"].mean().reset_index(), on="year")


# Ratios.


def _consumed(f: Frames) -> float:
    rows = f["macro"].query("year == 2005")
    return float(rows["realcons"].sum() / rows["realgdp"].sum() * 100)


def _americas(f: Frames) -> float:
    now = f["gapminder"].query("year == 2007")
    output = (now["pop"] * now["gdpPercap"]).groupby(now["continent"]).sum()
    return float(output["Americas"] / output["Africa"])


def _very_late(f: Frames) -> pd.DataFrame:
    left = f["flights"].dropna(subset="dep_delay")
    late = (left["dep_delay"] > 60).groupby(left["carrier"]).agg(["size", "mean"])
    return (late[late["size"] >= 10_000]["mean"] * 100).reset_index()


def _shot(f: Frames) -> pd.DataFrame:
    shot = f["riots"]["type"].eq("Officer-involved shooting") * 100
    return shot.groupby(f["riots"]["race"]).mean().reset_index()


# Groups, dates, texts.


def _makers(f: Frames) -> pd.DataFrame:
    makers = f["planes"].groupby("manufacturer")["seats"].agg(["size", "mean"])
    return makers[makers["size"] >= 50]["mean"].reset_index()


def _by_bmi(f: Frames) -> pd.DataFrame:
    high = f["diabetes"]["bmi"] > 0
    return f["diabetes"].groupby(high)["target"].agg(["size", "mean"]).reset_index(drop=True)


def _saturdays(f: Frames) -> int:
    return int((pd.to_datetime(f["flights"][["year", "month", "day"]]).dt.day_of_week == 5).sum())


def _riot_days(f: Frames) -> int:
    deaths = f["riots"]["death_date"]
    return int((deaths.max() - deaths.min()).days)


def _initials(f: Frames) -> int:
    return int(f["riots"]["first_name"].str.contains(r" [A-Z]\.$").sum())


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "window",
        Question(
            "k-msft-2009",
            "For every month of 2009, by how much did the price of MSFT in @stocks go up or down against the "
            "month before? Twelve rows, January being compared with December 2008; date and change.",
            _steps,
        ),
    ),
    (
        "window",
        Question(
            "k-price-rank",
            "Rank the symbols in @stocks by their price on March 1, 2010, dearest first. Show symbol and "
            "price.",
            _price_rank,
            ordered=True,
        ),
    ),
    (
        "window",
        Question(
            "k-asia-third",
            "Which Asian country came third by gdpPercap in each year of @gapminder? I need year and "
            "country.",
            _third,
        ),
    ),
    (
        "window",
        Question(
            "k-dry-spell",
            "How many days did the longest dry spell in @seattle last, i.e. the longest unbroken run of days "
            "with zero precipitation?",
            _dry_spell,
        ),
    ),
    (
        "window",
        Question(
            "k-warm-week",
            "Take the 7-day moving average of temp_max in @seattle (a day and the six before it). On which "
            "date was it highest?",
            _warm_week,
        ),
    ),
    (
        "window",
        Question(
            "k-rain-so-far",
            "Give me the cumulative precipitation through 2014 in @seattle by month: month number and the "
            "total since January, from January to December.",
            _rain_so_far,
            ordered=True,
        ),
    ),
    (
        "reshape",
        Question(
            "k-species-year",
            "Tabulate how many @penguins there are of each species in each year, species as rows and years "
            "as columns.",
            lambda f: pd.crosstab(f["penguins"]["species"], f["penguins"]["year"]).reset_index(),
        ),
    ),
    (
        "reshape",
        Question(
            "k-quarters",
            "I'd like the unemployment rate (unemp) from @macro for 2000 to 2008 laid out with a row per "
            "year and a column for each of the four quarters.",
            _quarters,
        ),
    ),
    (
        "reshape",
        Question(
            "k-stacked",
            "Bring realcons, realinv and realgovt of the year 2008 in @macro into long form: columns "
            "quarter, series (the name of the column) and value, so twelve rows.",
            _stacked,
        ),
    ),
    (
        "reshape",
        Question(
            "k-cancelled",
            "A grid of cancelled @flights, please (those without a dep_time): their number, months down the "
            "side and the three origins across.",
            _cancelled,
        ),
    ),
    (
        "reshape",
        Question(
            "k-morris",
            "For the site Morris in @barley, put the yields of 1931 and 1932 next to each other, one row per "
            "variety, and add the change (1932 minus 1931).",
            _morris,
        ),
    ),
    (
        "reshape",
        Question(
            "k-wine-profile",
            "Show the mean alcohol, hue and proline of the @wine classes with the three measurements as rows "
            "(first column: the name of the measurement) and one column for each target.",
            _wine_profile,
        ),
    ),
    (
        "multi-step",
        Question(
            "k-wet-month-wind",
            "Find the single month (year and month) with the most total precipitation in @seattle. What was "
            "the average wind in it?",
            _wet_month_wind,
        ),
    ),
    (
        "multi-step",
        Question(
            "k-still-rich",
            "Of the ten countries with the highest gdpPercap in 1952, how many were again among the ten "
            "highest in 2007, according to @gapminder?",
            _still_rich,
        ),
    ),
    (
        "multi-step",
        Question(
            "k-workhorse",
            "How many different destinations did the tail number with the most @flights go to? Ignore "
            "flights without a tail number.",
            _workhorse,
        ),
    ),
    (
        "multi-step",
        Question(
            "k-invested",
            "If I had put 1,000 dollars into IBM at its first price in @stocks, what would they be worth at "
            "its last price?",
            _invested,
        ),
    ),
    (
        "multi-step",
        Question(
            "k-heavy",
            "Look only at the @cars that weigh more than the average of their own origin. How many miles per "
            "gallon do those make on average, origin by origin?",
            _heavy,
        ),
    ),
    (
        "multi-step",
        Question(
            "k-inflated",
            "What was the average unemp in the year with the highest average infl in @macro?",
            _inflated,
        ),
    ),
    (
        "statistics",
        Question(
            "k-race-age",
            "Median age of the dead in @riots by race, leaving out anyone whose age is unknown",
            lambda f: f["riots"].groupby("race")["age"].median().reset_index(),
        ),
    ),
    (
        "statistics",
        Question(
            "k-variation-of-prices",
            "What is the coefficient of variation of the price of each symbol in @stocks, in percent "
            "(sample standard deviation divided by the mean, times 100)?",
            _variation,
        ),
    ),
    (
        "statistics",
        Question(
            "k-log-corr",
            "Taking the 2007 rows of @gapminder, how strongly is life expectancy correlated (Pearson) with "
            "the natural logarithm of gdpPercap?",
            _log_corr,
        ),
    ),
    (
        "statistics",
        Question(
            "k-near-proline",
            "Which other column of @wine, target not counted, has the strongest correlation with proline in "
            "absolute value?",
            _near_proline,
        ),
    ),
    (
        "statistics",
        Question(
            "k-welch",
            "Compute Welch's t statistic (unequal variances) for the body mass of male against female Gentoo "
            "@penguins, male minus female, ignoring those of unknown sex.",
            _welch,
        ),
    ),
    (
        "join",
        Question(
            "k-airline-miles",
            "Sum up the distance of all @flights per airline and show the full name from @airlines with it.",
            _airline_miles,
        ),
    ),
    (
        "join",
        Question(
            "k-unlisted",
            "Which destination codes in @flights can't be found among the faa codes of @airports?",
            _unlisted,
        ),
    ),
    (
        "join",
        Question(
            "k-in-mist",
            "What was the average dep_delay of @flights scheduled in an hour for which @weather has a "
            "visibility (visib) below 1 at their origin? Match the two by origin and time_hour.",
            _in_mist,
        ),
    ),
    (
        "join",
        Question(
            "k-fleet",
            "By airline name (from @airlines): how many different aircraft that are listed in @planes did it "
            "use for its @flights?",
            _fleet,
        ),
    ),
    (
        "join",
        Question(
            "k-price-and-jobs",
            "Put the yearly average price of IBM from @stocks beside the yearly average of unemp from "
            "@macro, for the years that are in both tables.",
            _price_and_jobs,
        ),
    ),
    (
        "ratio",
        Question(
            "k-boeing-share",
            "What percentage of all @planes were made by BOEING?",
            lambda f: f["planes"]["manufacturer"].eq("BOEING").mean() * 100,
        ),
    ),
    (
        "ratio",
        Question(
            "k-consumed",
            "In 2005, what percent of real GDP was real consumption in @macro? Use the sums of realcons and "
            "realgdp over the four quarters.",
            _consumed,
        ),
    ),
    (
        "ratio",
        Question(
            "k-americas",
            "By what factor did the total GDP (pop times gdpPercap, summed over the countries) of the "
            "Americas exceed that of Africa in 2007 in @gapminder?",
            _americas,
        ),
    ),
    (
        "ratio",
        Question(
            "k-very-late",
            "Of the @flights that have a dep_delay, what percentage left more than an hour (60 minutes) "
            "late, per carrier? Only carriers with at least 10,000 such flights with a dep_delay.",
            _very_late,
        ),
    ),
    (
        "ratio",
        Question(
            "k-shot",
            "For each race in @riots, what percentage of the deaths were officer-involved shootings? Include "
            "races with none.",
            _shot,
        ),
    ),
    (
        "group",
        Question(
            "k-dst",
            "Count the @airports for each value of dst.",
            lambda f: f["airports"].groupby("dst").size().reset_index(name="n"),
        ),
    ),
    (
        "group",
        Question(
            "k-makers",
            "How many seats do the @planes have on average by manufacturer, considering only manufacturers "
            "with 50 planes or more in the table?",
            _makers,
        ),
    ),
    (
        "group",
        Question(
            "k-by-bmi",
            "Split the patients in @diabetes into those with a bmi above 0 and the rest. One row for each of "
            "the two groups, with its number of patients and its average target.",
            _by_bmi,
        ),
    ),
    (
        "date",
        Question(
            "k-last-snow",
            "When did it last snow (weather snow) in @seattle?",
            lambda f: f["seattle"][f["seattle"]["weather"] == "snow"]["date"].max(),
        ),
    ),
    (
        "date",
        Question(
            "k-riot-days",
            "How many days lie between the earliest and the latest death_date in @riots?",
            _riot_days,
        ),
    ),
    (
        "date",
        Question(
            "k-saturdays",
            "How many @flights fell on a Saturday? Go by year, month and day, not by time_hour.",
            _saturdays,
        ),
    ),
    (
        "text",
        Question(
            "k-with-b",
            "How many different countries in @gapminder begin with the letter B?",
            lambda f: f["gapminder"][f["gapminder"]["country"].str.startswith("B")]["country"].nunique(),
        ),
    ),
    (
        "text",
        Question(
            "k-last-field",
            "Number of @airports whose name has Field as its last word",
            lambda f: int(f["airports"]["name"].str.split().str[-1].eq("Field").sum()),
        ),
    ),
    (
        "text",
        Question(
            "k-initials",
            "How many people in @riots have a first_name that ends in an initial: a space, one capital "
            "letter and a full stop?",
            _initials,
        ),
    ),
)
