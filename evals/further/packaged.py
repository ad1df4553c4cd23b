"""Further questions over the suite's frames, four of each category."""

from __future__ import annotations

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _readings(*values: object) -> Readings:
    return Readings(values, ambiguous=True)


def _none(f: Frames) -> None:
    return None


def _dates(f: Frames) -> pd.Series[pd.Timestamp]:
    return pd.to_datetime(f["flights"][["year", "month", "day"]])


def _high_hawaii(f: Frames) -> pd.DataFrame:
    airports = f["airports"]
    hawaii = airports["tzone"] == "Pacific/Honolulu"
    return airports[hawaii & (airports["dst"] != "N") & (airports["alt"] > 500)][["name"]]


def _seats(f: Frames) -> pd.DataFrame:
    engines = f["planes"].groupby("engine")["seats"].agg(["size", "mean"]).reset_index()
    return engines[engines["size"] >= 20][["engine", "mean"]]


def _bill_depths(f: Frames) -> pd.DataFrame:
    return f["penguins"].groupby(["species", "sex"])["bill_depth_mm"].agg(["min", "max"]).reset_index()


def _weighted_life(f: Frames) -> pd.DataFrame:
    then = f["gapminder"].query("year == 2002")
    sums = then.assign(lived=then["lifeExp"] * then["pop"]).groupby("continent")[["lived", "pop"]].sum()
    return (sums["lived"] / sums["pop"]).reset_index()


def _december(f: Frames) -> pd.DataFrame:
    gone = f["flights"].query("origin == 'LGA' and month == 12")
    return gone.merge(f["airlines"], on="carrier").groupby("name").size().reset_index(name="n")


def _not_listed(f: Frames) -> pd.DataFrame:
    elsewhere = f["flights"][~f["flights"]["dest"].isin(f["airports"]["faa"])]
    return elsewhere.groupby("dest").size().reset_index(name="n")


def _murky(f: Frames) -> float:
    murky = f["weather"].query("visib < 1")[["origin", "time_hour"]]
    return float(f["flights"].merge(murky, on=["origin", "time_hour"])["dep_delay"].mean())


def _newest_fleet(f: Frames) -> str:
    fleets = f["flights"][["carrier", "tailnum"]].drop_duplicates().merge(f["airlines"], on="carrier")
    built = fleets.merge(f["planes"][["tailnum", "year"]], on="tailnum")
    return str(built.groupby("name")["year"].mean().idxmax())


def _second_harvest(f: Frames) -> pd.DataFrame:
    sums = f["barley"].pivot_table(index="site", columns="year", values="yield", aggfunc="sum")
    return (100 * sums[1932] / sums[1931]).reset_index()


def _made_up(f: Frames) -> float:
    late = f["flights"].query("dep_delay > 30 and arr_delay.notna()")
    return float(100 * (late["arr_delay"] <= 0).mean())


def _wet_again(f: Frames) -> float:
    wet = f["seattle"].sort_values("date")["precipitation"] > 0
    return float(100 * wet.iloc[1:].reset_index(drop=True)[wet.iloc[:-1].reset_index(drop=True)].mean())


def _saturdays(f: Frames) -> Readings:
    days = _dates(f).value_counts()
    means = days.groupby(days.index.day_name()).mean()
    fewer = float(means["Monday"] - means["Saturday"])
    return Readings((fewer, -fewer))


def _ibm(f: Frames) -> pd.DataFrame:
    # Without the year, which may be told as a date.
    return f["stocks"].query("symbol == 'IBM' and date.dt.month == 12")[["price"]]


def _first_warm(f: Frames) -> pd.DataFrame:
    warm = f["seattle"].query("temp_max >= 25")
    return warm.groupby(warm["date"].dt.year)["date"].min().to_frame()


def _deaths(f: Frames) -> pd.DataFrame:
    return f["riots"].groupby("death_date").size().cumsum().reset_index(name="total")


def _long_lived(f: Frames) -> pd.DataFrame:
    then = f["gapminder"].query("year == 1997").sort_values("lifeExp", ascending=False)
    return then.groupby("continent").head(3)[["continent", "country"]]


def _dry_days(f: Frames) -> int:
    dry = f["seattle"].sort_values("date")["precipitation"] == 0
    return int(dry.groupby((~dry).cumsum()).sum().max())


def _slump(f: Frames) -> pd.DataFrame:
    quarters = f["macro"].sort_values(["year", "quarter"])
    changes = quarters.assign(change=100 * quarters["realgdp"].pct_change(4))
    return changes.nsmallest(1, "change")[["year", "quarter", "change"]]


def _endings(f: Frames) -> pd.DataFrame:
    return f["planes"]["tailnum"].str[-2:].value_counts().head(5).reset_index()


def _unemployment(f: Frames) -> pd.DataFrame:
    # Without the year, whose number may be told in several ways.
    return f["macro"].query("2000 <= year <= 2008").pivot(index="year", columns="quarter", values="unemp")


def _properties(f: Frames) -> pd.DataFrame:
    return f["wine"].groupby("target")[["alcohol", "malic_acid", "hue"]].mean().T


def _temperatures(f: Frames) -> pd.DataFrame:
    days = f["seattle"].query("date.dt.year == 2015")
    months = days.groupby(days["date"].dt.month)[["temp_max", "temp_min"]].mean()
    # Without the month, which may be told as a number, a name or a date.
    return months.melt()


def _weekdays(f: Frames) -> pd.DataFrame:
    # Without the weekday, which may be told as a number or a name.
    return pd.crosstab(_dates(f).dt.day_of_week, f["flights"]["origin"])


def _strongest(f: Frames) -> str:
    patients = f["diabetes"]
    return str(patients[["s1", "s2", "s3", "s4", "s5", "s6"]].corrwith(patients["target"]).abs().idxmax())


def _rank_correlation(f: Frames) -> float:
    now = f["gapminder"].query("year == 2007")
    return float(now["gdpPercap"].rank().corr(now["lifeExp"].rank()))


def _welch(f: Frames) -> Readings:
    groups = f["penguins"].query("species == 'Adelie'").groupby("sex")["body_mass_g"]
    means, errors = groups.mean(), groups.var() / groups.count()
    t = float((means["male"] - means["female"]) / errors.sum() ** 0.5)
    return Readings((t, -t))


def _busiest_plane(f: Frames) -> int:
    tails = f["flights"]["tailnum"]
    return int(f["flights"][tails == tails.value_counts().idxmax()]["dest"].nunique())


def _invested(f: Frames) -> float:
    prices = f["stocks"].pivot(index="date", columns="symbol", values="price")[["AAPL", "MSFT"]]
    return float((1000 * prices.loc["2010-03-01"] / prices.loc["2005-01-01"]).sum())


def _soaked(f: Frames) -> float:
    rain = f["weather"].query("origin == 'EWR'").groupby(["month", "day"])["precip"].sum()
    planned = f["flights"].query("origin == 'EWR'").set_index(["month", "day"]).sort_index()
    return float(100 * planned.loc[rain.idxmax(), "dep_time"].isna().mean())


def _lost_most(f: Frames) -> str:
    barley = f["barley"].pivot(index=["variety", "site"], columns="year", values="yield")
    lost = barley[1931] - barley[1932]
    return str(lost[lost.groupby("variety").mean().idxmax()].idxmax())


def _common(f: Frames) -> Readings:
    columns = ("type", "model", "manufacturer", "engine")
    return _readings(*(f["planes"][column].value_counts().idxmax() for column in columns))


def _grown(f: Frames) -> Readings:
    countries = f["gapminder"].assign(gdp=f["gapminder"]["gdpPercap"] * f["gapminder"]["pop"])
    wide = countries.pivot(index="country", columns="year", values=["pop", "gdpPercap", "gdp", "lifeExp"])
    first, last = wide.xs(1952, axis=1, level=1), wide.xs(2007, axis=1, level=1)
    return _readings(*(last - first).idxmax(), *(last / first).idxmax())


def _longest(f: Frames) -> Readings:
    miles, minutes = f["flights"]["distance"].max(), f["flights"]["air_time"].max()
    return _readings(miles, minutes, minutes / 60)


def _best_stock(f: Frames) -> Readings:
    prices = f["stocks"].sort_values("date").groupby("symbol")["price"]
    first, last = prices.first(), prices.last()
    figures = (last / first, last - first, last, prices.max(), prices.mean())
    return _readings(*(figure.idxmax() for figure in figures))


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        Question(
            "f-thrifty-82",
            "How many of the @cars with a Year of 1982 do more than 35 miles to the gallon?",
            lambda f: len(f["cars"].query("Year.dt.year == 1982 and Miles_per_Gallon > 35")),
        ),
    ),
    (
        "filter",
        Question(
            "f-high-hawaii",
            "Give me the names of the @airports in the time zone Pacific/Honolulu that are more than 500 "
            "feet up and whose dst is something other than N.",
            _high_hawaii,
        ),
    ),
    (
        "filter",
        Question(
            "f-idle-cheap",
            "In which quarters did unemployment (unemp) exceed 7 percent while inflation (infl) stayed "
            "under 2? I need year and quarter from @macro.",
            lambda f: f["macro"].query("unemp > 7 and infl < 2")[["year", "quarter"]],
        ),
    ),
    (
        "filter",
        Question(
            "f-night-flights",
            "How many @flights took off at 9 pm or later (dep_time of 2100 and above) and landed in the "
            "small hours (arr_time below 500)?",
            lambda f: len(f["flights"].query("dep_time >= 2100 and arr_time < 500")),
        ),
    ),
    (
        "group",
        Question(
            "f-rain-origins",
            "Total precip at each of the three origins in @weather",
            lambda f: f["weather"].groupby("origin")["precip"].sum().reset_index(),
        ),
    ),
    (
        "group",
        Question(
            "f-engine-seats",
            "How many seats do the @planes have on average, by kind of engine? Leave out the kinds that "
            "fewer than 20 planes have.",
            _seats,
        ),
    ),
    (
        "group",
        Question(
            "f-bill-depths",
            "Show the smallest and the largest bill depth for every combination of species and sex in "
            "@penguins, without the birds of unknown sex.",
            _bill_depths,
        ),
    ),
    (
        "group",
        Question(
            "f-weighted-life",
            "What was the life expectancy of each continent in 2002 if every country of @gapminder is "
            "weighted by its population?",
            _weighted_life,
        ),
    ),
    (
        "join",
        Question(
            "f-lga-december",
            "How many @flights left LGA in December for each airline? Please use the full names from "
            "@airlines, and only those that had any.",
            _december,
        ),
    ),
    (
        "join",
        Question(
            "f-not-listed",
            "Some destinations of @flights are not listed in @airports. Which codes are these, and how many "
            "flights went to each of them?",
            _not_listed,
        ),
    ),
    (
        "join",
        Question(
            "f-murky-hours",
            "What's the mean departure delay of @flights in hours with a visibility below one mile? Match "
            "them to @weather by origin and time_hour.",
            _murky,
        ),
    ),
    (
        "join",
        Question(
            "f-newest-fleet",
            "Which airline flies the newest fleet? Take the tail numbers that each carrier used in @flights, "
            "every one once per carrier, average their year of construction from @planes where it is known, "
            "and give the name from @airlines.",
            _newest_fleet,
        ),
    ),
    (
        "ratio",
        Question(
            "f-japanese-fours",
            "What percentage of the 4-cylinder @cars come from Japan?",
            lambda f: 100 * (f["cars"].query("Cylinders == 4")["Origin"] == "Japan").mean(),
        ),
    ),
    (
        "ratio",
        Question(
            "f-second-harvest",
            "For every site of @barley: the total yield of 1932 as a percentage of the total yield of 1931.",
            _second_harvest,
        ),
    ),
    (
        "ratio",
        Question(
            "f-made-up-time",
            "Of the @flights that left more than 30 minutes late and have an arrival delay on record, what "
            "percentage still arrived on time or early?",
            _made_up,
        ),
    ),
    (
        "ratio",
        Question(
            "f-wet-again",
            "When a day in @seattle had some precipitation, in what percentage of the cases did the "
            "following day have some as well? The very last day has no following one, so don't count it.",
            _wet_again,
        ),
    ),
    (
        "date",
        Question(
            "f-deadliest-day",
            "On what date did the most people in @riots die?",
            lambda f: f["riots"]["death_date"].value_counts().idxmax(),
        ),
    ),
    (
        "date",
        Question(
            "f-quiet-saturdays",
            "How many fewer @flights are there on an average Saturday than on an average Monday? Build the "
            "dates from year, month and day.",
            _saturdays,
        ),
    ),
    (
        "date",
        Question(
            "f-ibm-december",
            "I want the December price of IBM in @stocks, one row for each year that has one.",
            _ibm,
        ),
    ),
    (
        "date",
        Question(
            "f-first-warm-day",
            "For each year in @seattle, what was the first date on which temp_max reached 25 degrees?",
            _first_warm,
        ),
    ),
    (
        "window",
        Question(
            "f-deaths-so-far",
            "Cumulative number of deaths in @riots by death_date, earliest date first, one row per date",
            _deaths,
            ordered=True,
        ),
    ),
    (
        "window",
        Question(
            "f-long-lived-three",
            "List the three countries with the highest life expectancy on each continent in 1997 by "
            "@gapminder (Oceania only has two), with the continent.",
            _long_lived,
        ),
    ),
    (
        "window",
        Question(
            "f-dry-spell",
            "How many days did the longest spell of consecutive days without any precipitation last in "
            "@seattle?",
            _dry_days,
        ),
    ),
    (
        "window",
        Question(
            "f-gdp-slump",
            "Compare realgdp in @macro with the same quarter a year earlier. In which quarter was the "
            "percentage change the worst? Give year, quarter and the change in percent.",
            _slump,
        ),
    ),
    (
        "text",
        Question(
            "f-air-lines",
            'Which of the @airlines spell "Air Lines" as two words in their name?',
            lambda f: f["airlines"][f["airlines"]["name"].str.contains("Air Lines")][["name"]],
        ),
    ),
    (
        "text",
        Question(
            "f-codes-digits",
            "How many @airports have a code (faa) with at least one digit in it?",
            lambda f: int(f["airports"]["faa"].str.contains(r"\d").sum()),
        ),
    ),
    (
        "text",
        Question(
            "f-volkswagens",
            "Volkswagens go by volkswagen, vw and the misspelt vokswagen at the beginning of the Name in "
            "@cars. How many rows is that altogether?",
            lambda f: int(f["cars"]["Name"].str.match("(?:volkswagen|vokswagen|vw) ").sum()),
        ),
    ),
    (
        "text",
        Question(
            "f-tail-endings",
            "Look at the last two characters of tailnum in @planes. What are the five most frequent endings "
            "and how many planes have each?",
            _endings,
        ),
    ),
    (
        "reshape",
        Question(
            "f-unemp-quarters",
            "Lay out unemp from @macro for 2000 through 2008 with a row per year and the four quarters as "
            "columns.",
            _unemployment,
        ),
    ),
    (
        "reshape",
        Question(
            "f-wine-turned",
            "Means of alcohol, malic_acid and hue in @wine: one row for each of the three, the targets as "
            "columns",
            _properties,
        ),
    ),
    (
        "reshape",
        Question(
            "f-temps-long",
            "Give me the monthly means of temp_max and temp_min in @seattle for 2015 in long format: month, "
            "the column's name (temp_max or temp_min), mean.",
            _temperatures,
        ),
    ),
    (
        "reshape",
        Question(
            "f-weekday-origin",
            "Table of the number of @flights with the days of the week down and the origins across, please. "
            "The weekday follows from year, month and day.",
            _weekdays,
        ),
    ),
    (
        "statistics",
        Question(
            "f-magnesium-cv",
            "What is the coefficient of variation of magnesium in @wine, that is the sample standard "
            "deviation as a percentage of the mean?",
            lambda f: 100 * f["wine"]["magnesium"].std() / f["wine"]["magnesium"].mean(),
        ),
    ),
    (
        "statistics",
        Question(
            "f-strongest-serum",
            "Which of s1 to s6 in @diabetes correlates most strongly with target, regardless of the sign?",
            _strongest,
        ),
    ),
    (
        "statistics",
        Question(
            "f-rank-correlation",
            "Calculate Spearman's rank correlation between gdpPercap and lifeExp in @gapminder for 2007.",
            _rank_correlation,
        ),
    ),
    (
        "statistics",
        Question(
            "f-adelie-welch",
            "Do male and female Adelie penguins in @penguins differ in body mass? I'd like the t statistic "
            "of Welch's test (unequal variances), male minus female.",
            _welch,
        ),
    ),
    (
        "multi-step",
        Question(
            "f-busiest-plane",
            "Find the tail number with the most @flights, unknown tail numbers aside. How many different "
            "destinations did that plane fly to?",
            _busiest_plane,
        ),
    ),
    (
        "multi-step",
        Question(
            "f-invested",
            "Suppose I had put 1000 dollars into AAPL and another 1000 into MSFT at their prices of January "
            "1, 2005. What would both together be worth at the prices of March 1, 2010, by @stocks?",
            _invested,
        ),
    ),
    (
        "multi-step",
        Question(
            "f-soaked-day",
            "Which day had the most precip in total at EWR according to @weather? Tell me what percentage of "
            "that day's @flights from EWR have no departure time.",
            _soaked,
        ),
    ),
    (
        "multi-step",
        Question(
            "f-lost-most",
            "Take the variety of @barley whose average yield fell the most from 1931 to 1932. At which site "
            "did that variety lose the most? Absolute figures both times, not percentages.",
            _lost_most,
        ),
    ),
    (
        "ambiguous",
        Question("f-common-plane", "What is the most common kind of plane among the @planes?", _common),
    ),
    ("ambiguous", Question("f-grown-most", "Which country in @gapminder has grown the most?", _grown)),
    ("ambiguous", Question("f-longest-flight", "How long is the longest of the @flights?", _longest)),
    ("ambiguous", Question("f-best-stock", "Which symbol in @stocks did best?", _best_stock)),
    (
        "unanswerable",
        Question(
            "f-snowfall",
            "How many inches of snow fell at JFK in February 2013, according to @weather?",
            _none,
        ),
    ),
    (
        "unanswerable",
        Question("f-oldest-patient", "How old, in years, is the oldest patient in @diabetes?", _none),
    ),
    (
        "unanswerable",
        Question("f-germany-1990", "How many people lived in Germany in 1990, going by @gapminder?", _none),
    ),
    (
        "unanswerable",
        Question("f-best-seller", "Which model among the @cars was sold most often in 1976?", _none),
    ),
)
