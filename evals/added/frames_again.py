"""More questions over the frames of the suite."""

from __future__ import annotations

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _by_engines(f: Frames) -> pd.DataFrame:
    return f["planes"].groupby("engines")["seats"].agg(["size", "mean"]).reset_index()


def _common_cylinders(f: Frames) -> pd.DataFrame:
    out = (
        f["cars"]
        .groupby("Cylinders")
        .agg(n=("Name", "size"), power=("Horsepower", "mean"), heaviest=("Weight_in_lbs", "max"))
    )
    return out[out["n"] >= 10].reset_index()[["Cylinders", "power", "heaviest"]]


def _from_jfk(f: Frames) -> pd.DataFrame:
    left = f["flights"].query("origin == 'JFK'").merge(f["airlines"], on="carrier")
    return left.groupby("name").size().reset_index(name="n")


def _in_fog(f: Frames) -> float:
    fog = f["weather"].query("visib < 1")[["origin", "time_hour"]]
    return float(f["flights"].merge(fog, on=["origin", "time_hour"])["dep_delay"].mean())


def _jetblue_maker(f: Frames) -> object:
    flown = f["flights"].merge(f["airlines"], on="carrier").query("name == 'JetBlue Airways'")
    built = flown.merge(f["planes"][["tailnum", "manufacturer"]], on="tailnum")
    return built.groupby("manufacturer")["distance"].sum().idxmax()


def _australia(f: Frames) -> float:
    now = f["gapminder"].query("continent == 'Oceania' and year == 2007").set_index("country")["pop"]
    return float(now["Australia"] / now.sum() * 100)


def _punctual(f: Frames) -> pd.DataFrame:
    known = f["flights"].dropna(subset="dep_delay")
    return known.assign(p=known["dep_delay"].le(0) * 100).groupby("origin")["p"].mean().reset_index()


def _least_invested(f: Frames) -> int:
    years = f["macro"].groupby("year")[["realinv", "realgdp"]].sum()
    return int((years["realinv"] / years["realgdp"]).idxmin())


def _windy_quarters(f: Frames) -> pd.DataFrame:
    days = f["seattle"][f["seattle"]["date"].dt.year == 2014]
    return days.groupby(days["date"].dt.quarter)["wind"].mean().reset_index()


def _weekend(f: Frames) -> int:
    days = pd.to_datetime(f["flights"][["year", "month", "day"]])
    return int((days.dt.day_of_week >= 5).sum())


def _dry_spell(f: Frames) -> int:
    wet = f["seattle"].sort_values("date")["precipitation"].gt(0)
    return int((~wet).groupby(wet.cumsum()).sum().max())


def _worst_drop(f: Frames) -> Readings:
    prices = f["stocks"].sort_values(["symbol", "date"])
    change = prices.assign(change=prices.groupby("symbol")["price"].pct_change() * 100)
    worst = change.groupby("symbol")["change"].min().reset_index()
    return Readings((worst, worst.assign(change=-worst["change"])))


def _most_people(f: Frames) -> pd.DataFrame:
    now = f["gapminder"].query("continent == 'Americas' and year == 2007")
    ranked = now.assign(rank=now["pop"].rank(ascending=False).astype(int))
    return ranked[ranked["rank"] <= 5][["country", "rank"]]


def _jobless(f: Frames) -> pd.DataFrame:
    quarters = f["macro"].sort_values(["year", "quarter"])
    smooth = quarters.assign(mean=quarters["unemp"].rolling(4).mean())
    return smooth.query("year == 2008")[["quarter", "mean"]]


def _regional(f: Frames) -> int:
    return int(f["airports"]["name"].str.endswith(("Rgnl", "Regional")).sum())


def _by_month(f: Frames) -> pd.DataFrame:
    return pd.crosstab(f["flights"]["month"], f["flights"]["origin"]).reset_index()


def _long(f: Frames) -> pd.DataFrame:
    year = f["macro"].query("year == 2000")
    return year.melt("quarter", ["realcons", "realinv", "realgovt"])


def _better_pairs(f: Frames) -> int:
    wide = f["barley"].pivot(index=["site", "variety"], columns="year", values="yield")
    return int((wide[1932] > wide[1931]).sum())


def _spearman(f: Frames) -> float:
    now = f["gapminder"].query("year == 2007")
    return float(now["gdpPercap"].corr(now["lifeExp"], method="spearman"))


def _late_route(f: Frames) -> pd.DataFrame:
    routes = f["flights"].groupby(["origin", "dest"])["arr_delay"].agg(["size", "mean"]).reset_index()
    return routes.nlargest(10, "size").nlargest(1, "mean")[["origin", "dest"]]


def _rich_proline(f: Frames) -> int:
    strongest = f["wine"].groupby("target")["alcohol"].mean().idxmax()
    above = f["wine"]["proline"] > f["wine"]["proline"].mean()
    return int((above & (f["wine"]["target"] == strongest)).sum())


def _heavy_patients(f: Frames) -> float:
    bmi, target = f["diabetes"]["bmi"], f["diabetes"]["target"]
    low, high = bmi.quantile(0.25), bmi.quantile(0.75)
    return float(target[bmi >= high].mean() - target[bmi <= low].mean())


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        Question(
            "v-dream-flippers",
            "How many @penguins on the island Dream have flippers longer than 200 mm?",
            lambda f: len(f["penguins"].query("island == 'Dream' and flipper_length_mm > 200")),
        ),
    ),
    (
        "filter",
        Question(
            "v-below-sea",
            "Show me faa code and name of the @airports that lie below sea level",
            lambda f: f["airports"].query("alt < 0")[["faa", "name"]],
        ),
    ),
    (
        "group",
        Question(
            "v-engines",
            "Per number of engines: how many @planes are there, and how many seats do they have on average?",
            _by_engines,
        ),
    ),
    (
        "group",
        Question(
            "v-common-cylinders",
            "Give me the average horsepower and the weight of the heaviest car for each number of cylinders "
            "in @cars, but only where there are at least 10 cars with that number.",
            _common_cylinders,
        ),
    ),
    (
        "group",
        Question(
            "v-gusts",
            "What was the strongest gust (wind_gust) measured at each origin in @weather?",
            lambda f: f["weather"].groupby("origin")["wind_gust"].max().reset_index(),
        ),
    ),
    (
        "join",
        Question(
            "v-from-jfk",
            "How many @flights did the airlines run out of JFK? One row for each that has any, with its full "
            "name from @airlines.",
            _from_jfk,
        ),
    ),
    (
        "join",
        Question(
            "v-unserved",
            "How many of the @airports are never a destination in @flights?",
            lambda f: int((~f["airports"]["faa"].isin(f["flights"]["dest"])).sum()),
        ),
    ),
    (
        "join",
        Question(
            "v-fog",
            "When visibility (visib in @weather) was under 1 mile, how late did @flights leave on average? "
            "Match the two by origin and time_hour and take the mean of dep_delay.",
            _in_fog,
        ),
    ),
    (
        "join",
        Question(
            "v-jetblue-maker",
            "Which manufacturer's aircraft covered the most miles in total for JetBlue Airways? You will "
            "need @flights, @airlines and @planes.",
            _jetblue_maker,
        ),
    ),
    (
        "ratio",
        Question(
            "v-australia",
            "Of all the people in Oceania in 2007, what percentage lived in Australia, by @gapminder?",
            _australia,
        ),
    ),
    (
        "ratio",
        Question(
            "v-punctual",
            "For each origin, what percentage of the @flights left on time or early (dep_delay of 0 or "
            "below)? Ignore flights without a departure delay.",
            _punctual,
        ),
    ),
    (
        "ratio",
        Question(
            "v-least-invested",
            "In which year of @macro was realinv smallest in relation to realgdp, both summed over the "
            "quarters of the year?",
            _least_invested,
        ),
    ),
    (
        "date",
        Question(
            "v-wind-quarters",
            "How windy was each quarter (1 to 4) of 2014 in @seattle, as the mean of wind?",
            _windy_quarters,
        ),
    ),
    (
        "date",
        Question(
            "v-death-span",
            "How many days passed from the first to the last death_date in @riots?",
            lambda f: (f["riots"]["death_date"].max() - f["riots"]["death_date"].min()).days,
        ),
    ),
    (
        "date",
        Question(
            "v-weekend",
            "Number of @flights on Saturdays and Sundays together, going by year, month and day",
            _weekend,
        ),
    ),
    (
        "window",
        Question(
            "v-dry-spell",
            "How many days did the longest dry spell in @seattle last, i.e. the longest run of consecutive "
            "days with a precipitation of 0?",
            _dry_spell,
        ),
    ),
    (
        "window",
        Question(
            "v-worst-drop",
            "What was the biggest drop in percent from one month's price to the next for every symbol in "
            "@stocks?",
            _worst_drop,
        ),
    ),
    (
        "window",
        Question(
            "v-most-people",
            "Rank the countries of the Americas in @gapminder by their population in 2007, 1 being the "
            "largest, and give me country and rank of the first five.",
            _most_people,
        ),
    ),
    (
        "window",
        Question(
            "v-jobless",
            "I'd like the four-quarter moving average of unemp (the quarter itself and the three before it) "
            "for each quarter of 2008 in @macro.",
            _jobless,
        ),
    ),
    (
        "text",
        Question(
            "v-a320-models",
            "How many different models in @planes start with A320?",
            lambda f: f["planes"]["model"][f["planes"]["model"].str.startswith("A320")].nunique(),
        ),
    ),
    (
        "text",
        Question(
            "v-regional",
            "How many @airports have a name that ends in Rgnl or Regional?",
            _regional,
        ),
    ),
    (
        "text",
        Question(
            "v-initials",
            "Count the people in @riots whose first_name ends with a middle initial, that is a space, one "
            "letter and a period, as in Cesar A.",
            lambda f: int(f["riots"]["first_name"].str.contains(r" [A-Za-z]\.$").sum()),
        ),
    ),
    (
        "reshape",
        Question(
            "v-month-origin",
            "Make a table of the number of @flights with a row per month and a column per origin.",
            _by_month,
        ),
    ),
    (
        "reshape",
        Question(
            "v-long-2000",
            "Bring realcons, realinv and realgovt of the year 2000 in @macro into long form: one row for "
            "each quarter and variable, with the quarter, the name of the variable and its value.",
            _long,
        ),
    ),
    (
        "reshape",
        Question(
            "v-better-pairs",
            "Put the yields of 1931 and 1932 in @barley side by side for each combination of site and "
            "variety. In how many of these was 1932 the better year?",
            _better_pairs,
        ),
    ),
    (
        "statistics",
        Question(
            "v-spearman",
            "What is Spearman's rank correlation of gdpPercap and lifeExp across the countries of @gapminder "
            "in 2007?",
            _spearman,
        ),
    ),
    (
        "statistics",
        Question(
            "v-bill-spread",
            "Median and sample standard deviation of the bill length for each species of @penguins, please",
            lambda f: f["penguins"].groupby("species")["bill_length_mm"].agg(["median", "std"]).reset_index(),
        ),
    ),
    (
        "multi-step",
        Question(
            "v-late-route",
            "Take the ten routes (origin and dest) with the most @flights. Which of them has the highest "
            "average arrival delay? Give origin and dest.",
            _late_route,
        ),
    ),
    (
        "multi-step",
        Question(
            "v-rich-proline",
            "Look at the target with the highest average alcohol in @wine: how many of its wines have more "
            "proline than the average of all the wines?",
            _rich_proline,
        ),
    ),
    (
        "multi-step",
        Question(
            "v-heavy-patients",
            "By how much does the mean target in @diabetes of the rows with a bmi at or above the 75th "
            "percentile exceed that of the rows with a bmi at or below the 25th percentile?",
            _heavy_patients,
        ),
    ),
)
