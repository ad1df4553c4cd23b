"""Questions of ten kinds over the tables of installed packages, half of them the suite's, half not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question

__all__ = ["QUESTIONS"]

_HOURS = ["origin", "year", "month", "day", "hour"]
_DRUGS = ["Penicillin", "Streptomycin", "Neomycin"]
_MANY, _CYCLE = 3, 11


def _types(f: Frames) -> pd.DataFrame:
    return f["planes"].groupby("type")["seats"].agg(["size", "mean"]).reset_index()


def _neighborhoods(f: Frames) -> pd.DataFrame:
    deaths = f["riots"].groupby("neighborhood")["age"].agg(["size", "mean"]).reset_index()
    return deaths[deaths["size"] >= _MANY][["neighborhood", "mean"]]


def _sides(f: Frames) -> pd.DataFrame:
    return f["driving"].groupby("side")["gas"].agg(["size", "max"]).reset_index()


def _decade(f: Frames) -> int:
    sun = f["sunspots"]
    return int(sun.groupby(sun["YEAR"] // 10 * 10)["SUNACTIVITY"].mean().idxmax())


def _distances(f: Frames) -> pd.DataFrame:
    named = f["flights"].merge(f["airlines"], on="carrier")
    return named.groupby("name")["distance"].sum().reset_index()


def _fog(f: Frames) -> float:
    fog = f["weather"].loc[f["weather"]["visib"] < 1, _HOURS].drop_duplicates()
    return float(f["flights"].merge(fog, on=_HOURS)["dep_delay"].mean())


def _heavy(f: Frames) -> pd.DataFrame:
    members = f["physique"].merge(f["exercise"], on="member")
    return members[(members.Weight > 180) & (members.Chins > 10)][["member", "Weight", "Chins"]]


def _utilities(f: Frames) -> pd.DataFrame:
    """Without the year itself, which is a date in the table and may be told as a number."""
    made, jobs = f["electricity"], f["employment"]
    total = made.groupby(made["year"].dt.year)["net_generation"].sum()
    mean = jobs.groupby(jobs["month"].str[:4].astype(int))["utilities"].mean()
    return pd.concat([total, mean], axis=1, join="inner").reset_index(drop=True)


def _chinstraps(f: Frames) -> float:
    dream = f["penguins"].query("island == 'Dream'")
    return float(100 * (dream["species"] == "Chinstrap").mean())


def _yields(f: Frames) -> pd.DataFrame:
    wide = f["barley"].pivot_table(index="site", columns="year", values="yield")
    return (100 * (wide[1932] / wide[1931] - 1)).rename("change").reset_index()


def _neomycin(f: Frames) -> float:
    doses = f["antibiotics"]
    return float(100 * (doses["Neomycin"] < doses[["Penicillin", "Streptomycin"]].min(axis=1)).mean())


def _government(f: Frames) -> pd.DataFrame:
    jobs = f["employment"]
    return jobs.assign(share=100 * jobs.government / jobs.nonfarm).nlargest(1, "share")[["month", "share"]]


def _weekends(f: Frames) -> int:
    days = pd.to_datetime(f["flights"][["year", "month", "day"]])
    return int((days.dt.day_of_week >= 5).sum())


def _microsoft(f: Frames) -> pd.DataFrame:
    """Without the year itself, which may be told as a number or as a date."""
    prices = f["stocks"].query("symbol == 'MSFT'")
    return prices.groupby(prices["date"].dt.year)["price"].mean().reset_index(drop=True).to_frame()


def _closed(f: Frames) -> int:
    days = f["ohlc"]["date"]
    return len(pd.date_range(days.min(), days.max()).difference(pd.DatetimeIndex(days)))


def _swing(f: Frames) -> int:
    hours = f["seattle_temps"]
    days = hours.groupby(hours["date"].dt.normalize())["temp"].agg(["max", "min"])
    swing = (days["max"] - days["min"]).reset_index(name="swing")
    return int(swing.groupby(swing["date"].dt.month)["swing"].mean().idxmax())


def _climber(f: Frames) -> str:
    wide = f["gapminder"].pivot(index="country", columns="year", values="gdpPercap")
    place = wide.rank(ascending=False)
    return str((place[1952] - place[2007]).idxmax())


def _slump(f: Frames) -> pd.DataFrame:
    quarters = f["macro"].sort_values(["year", "quarter"])
    return quarters.loc[[quarters["realgdp"].pct_change().idxmin()], ["year", "quarter"]]


def _renewables(f: Frames) -> pd.DataFrame:
    """Without the year itself, which is a date in the table and may be told as a number."""
    rows = f["electricity"].query("source == 'Renewables'").sort_values("year")
    return rows["net_generation"].cumsum().to_frame()


def _cycle(f: Frames) -> pd.DataFrame:
    sun = f["sunspots"].set_index("YEAR")["SUNACTIVITY"]
    last = float(str(sun.rolling(_CYCLE).mean().idxmax()))
    return pd.DataFrame({"first": [last - _CYCLE + 1], "last": [last]})


def _makes(f: Frames) -> pd.DataFrame:
    cars = f["cars"].assign(make=f["cars"]["Name"].str.split().str[0])
    makes = cars.groupby("make")["Weight_in_lbs"].agg(["size", "mean"]).reset_index()
    return makes[makes["size"] >= 20][["make", "mean"]]


def _last_word(f: Frames) -> pd.DataFrame:
    words = f["us_airports"]["name"].str.split().str[-1].value_counts()
    return words.head(1).rename_axis("word").reset_index()


def _own_city(f: Frames) -> int:
    ports = f["us_airports"].dropna(subset="city")
    return sum(city in name for city, name in zip(ports["city"], ports["name"], strict=True))


def _masses(f: Frames) -> pd.DataFrame:
    known = f["penguins"].dropna(subset="sex")
    return known.pivot_table(index="species", columns="sex", values="body_mass_g").reset_index()


def _cancelled(f: Frames) -> pd.DataFrame:
    rows = f["flights"].assign(cancelled=100 * f["flights"]["dep_time"].isna())
    return rows.pivot_table(index="month", columns="origin", values="cancelled").reset_index()


def _doses(f: Frames) -> pd.DataFrame:
    long = f["antibiotics"].melt(id_vars="Bacteria", value_vars=_DRUGS)
    return long[long["value"] < 0.01]


def _clock(f: Frames) -> pd.DataFrame:
    rows = f["seattle_temps"].assign(hour=lambda t: t["date"].dt.hour, month=lambda t: t["date"].dt.month)
    return rows.pivot_table(index="hour", columns="month", values="temp").reset_index()


def _horsepower(f: Frames) -> float:
    cars = f["cars"][["Miles_per_Gallon", "Weight_in_lbs", "Horsepower"]].dropna().to_numpy(float)
    known = np.column_stack([np.ones(len(cars)), cars[:, 1:]])
    return float(np.linalg.lstsq(known, cars[:, 0], rcond=None)[0][2])


def _carbon(f: Frames) -> float:
    weeks = f["co2"]
    means = weeks.groupby(weeks["date"].dt.year)["co2"].mean().loc[1980:2000]
    return float(np.polyfit(means.index.to_numpy(float), means.to_numpy(float), 1)[0])


def _latest(f: Frames) -> str:
    flights = f["flights"]
    busiest = flights["dest"].value_counts().head(10).index
    return str(flights[flights["dest"].isin(busiest)].groupby("dest")["arr_delay"].mean().idxmax())


def _grown(f: Frames) -> int:
    people = f["gapminder"].pivot_table(index="continent", columns="year", values="pop", aggfunc="sum")
    continent = (people[2007] / people[1952]).idxmax()
    now = f["gapminder"].query("year == 2007")
    return int(((now["continent"] == continent) & (now["lifeExp"] < 50)).sum())


def _motors(f: Frames) -> float:
    rows = f["grunfeld"]
    motors = rows[rows["firm"] == "General Motors"]
    best = motors.loc[motors["invest"].idxmax()]
    return float(100 * best["invest"] / rows.loc[rows["year"] == best["year"], "invest"].sum())


def _recovered(f: Frames) -> pd.Timestamp:
    jobs = f["employment"].sort_values("month")
    early = jobs["month"] < "2009"
    later = jobs[~early & (jobs["nonfarm"] > jobs.loc[early, "nonfarm"].max())]
    return pd.Timestamp(later["month"].min())


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "group",
        Question(
            "m-types",
            "For each type of aircraft in @planes: how many are there, and how many seats do they have on "
            "average?",
            _types,
        ),
    ),
    (
        "group",
        Question(
            "m-neighborhoods",
            "Which neighborhoods in @riots had at least three deaths, and what was the mean age of those who "
            "died there?",
            _neighborhoods,
        ),
    ),
    (
        "group",
        Question(
            "m-sides",
            "@driving by side, please: the number of years and the highest gas price of each",
            _sides,
            source="packages",
        ),
    ),
    (
        "group",
        Question(
            "m-decade",
            "In which decade was the sun most active on average, by @sunspots? A decade runs from 1700 to "
            "1709 and so on; give the year that it begins with.",
            _decade,
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "m-distances",
            "I need the total distance of all @flights per airline, with the airline's full name out of "
            "@airlines.",
            _distances,
        ),
    ),
    (
        "join",
        Question(
            "m-fog",
            "How late (dep_delay) did @flights leave on average when visib in @weather was below 1 at their "
            "origin in the year, month, day and hour they were scheduled for?",
            _fog,
        ),
    ),
    (
        "join",
        Question(
            "m-heavy",
            "Who weighs over 180 in @physique and still manages more than 10 Chins in @exercise? Member, "
            "Weight and Chins, please.",
            _heavy,
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "m-utilities",
            "Year by year, as far as both tables go: net generation of all sources in @electricity together, "
            "and the average of the monthly jobs in utilities from @employment",
            _utilities,
            source="packages",
        ),
    ),
    (
        "ratio",
        Question(
            "m-chinstraps",
            "What percentage of the @penguins on Dream are Chinstraps?",
            _chinstraps,
        ),
    ),
    (
        "ratio",
        Question(
            "m-yields",
            "By how many percent did the mean yield of each site in @barley change from 1931 to 1932? A fall "
            "is negative.",
            _yields,
        ),
    ),
    (
        "ratio",
        Question(
            "m-neomycin",
            "For how many percent of the bacteria in @antibiotics is the Neomycin value lower than both the "
            "Penicillin and the Streptomycin value?",
            _neomycin,
            source="packages",
        ),
    ),
    (
        "ratio",
        Question(
            "m-government",
            "When was the share of government in all nonfarm jobs at its highest in @employment? I want the "
            "month and the share in percent.",
            _government,
            source="packages",
        ),
    ),
    (
        "date",
        Question(
            "m-weekends",
            "How many @flights were scheduled for a Saturday or a Sunday, going by year, month and day? "
            "Cancelled ones count too.",
            _weekends,
        ),
    ),
    (
        "date",
        Question("m-microsoft", "Give me the average price of MSFT per calendar year, @stocks.", _microsoft),
    ),
    (
        "date",
        Question(
            "m-closed",
            "Between the first and the last date in @ohlc, how many calendar days have no row?",
            _closed,
            source="packages",
        ),
    ),
    (
        "date",
        Question(
            "m-swing",
            "In which month did temperatures swing the most within a day in @seattle_temps? Take each day's "
            "maximum minus its minimum, averaged per month, and give the month's number.",
            _swing,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "m-climber",
            "Rank all countries in @gapminder by gdpPercap, once for 1952 and once for 2007. Which country "
            "moved up by the most places?",
            _climber,
        ),
    ),
    (
        "window",
        Question(
            "m-slump",
            "In which year and quarter of @macro did realgdp fall most, in percent of the quarter before?",
            _slump,
        ),
    ),
    (
        "window",
        Question(
            "m-renewables",
            "How much electricity had come from Renewables since 2001, cumulated up to each year in "
            "@electricity?",
            _renewables,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "m-cycle",
            "Which 11 consecutive years had the highest average SUNACTIVITY in @sunspots? The first and the "
            "last of them will do, in one row.",
            _cycle,
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "m-field",
            "How many @airports have a name that ends with the word Field?",
            lambda f: int(f["airports"]["name"].str.endswith(" Field").sum()),
        ),
    ),
    (
        "text",
        Question(
            "m-makes",
            "The make of the @cars is the first word of Name. List the makes with 20 cars or more and what "
            "their cars weigh on average.",
            _makes,
        ),
    ),
    (
        "text",
        Question(
            "m-last-word",
            "Which word do the names in @us_airports end with most often, and how many times?",
            _last_word,
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "m-own-city",
            "How many of the @us_airports carry the whole of their city somewhere in their name, spelled "
            "exactly the same? Those without a city don't count.",
            _own_city,
            source="packages",
        ),
    ),
    (
        "reshape",
        Question(
            "m-masses",
            "Average body mass of the @penguins with species down and sex across; leave out those of unknown "
            "sex.",
            _masses,
        ),
    ),
    (
        "reshape",
        Question(
            "m-cancelled",
            "Make a table of @flights with months as rows and origins as columns that shows how many percent "
            "of the flights have no dep_time.",
            _cancelled,
        ),
    ),
    (
        "reshape",
        Question(
            "m-doses",
            "Unpivot the three drugs of @antibiotics: rows of Bacteria, drug (the column's name) and value, "
            "only values below 0.01.",
            _doses,
            source="packages",
        ),
    ),
    (
        "reshape",
        Question(
            "m-clock",
            "From @seattle_temps I'd like a grid of mean temperatures: hours of the day (0 to 23) down, "
            "the twelve months across.",
            _clock,
            source="packages",
        ),
    ),
    (
        "statistics",
        Question(
            "m-rain",
            "How are temp_max and precipitation correlated in @seattle?",
            lambda f: float(f["seattle"]["temp_max"].corr(f["seattle"]["precipitation"])),
        ),
    ),
    (
        "statistics",
        Question(
            "m-horsepower",
            "Regress Miles_per_Gallon on Weight_in_lbs and Horsepower together (with an intercept), over the "
            "@cars that have all three. What is the coefficient of Horsepower?",
            _horsepower,
        ),
    ),
    (
        "statistics",
        Question(
            "m-urban",
            "What's the median murder rate of the states that are over 80 percent urban in @statecrime?",
            lambda f: float(f["statecrime"].query("urban > 80")["murder"].median()),
            source="packages",
        ),
    ),
    (
        "statistics",
        Question(
            "m-carbon",
            "Average @co2 by year and put a straight line through the yearly means from 1980 to 2000, both "
            "included. How much does it rise per year?",
            _carbon,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "m-latest",
            "Take the ten destinations with the most @flights. At which of them do flights arrive latest on "
            "average (arr_delay)?",
            _latest,
        ),
    ),
    (
        "multi-step",
        Question(
            "m-grown",
            "On the continent of @gapminder whose total population grew most in percent from 1952 to 2007, "
            "how many countries had a life expectancy under 50 in 2007?",
            _grown,
        ),
    ),
    (
        "multi-step",
        Question(
            "m-motors",
            "In the year of its largest investment, how many percent of what all firms in @grunfeld invested "
            "that year came from General Motors?",
            _motors,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "m-recovered",
            "From 2009 on, in which month did nonfarm employment in @employment first rise above the highest "
            "level it had in the years 2006 to 2008?",
            _recovered,
            source="packages",
        ),
    ),
    (
        "unanswerable",
        Question("m-aboard", "How many passengers flew to LAX in July on these @flights?", lambda f: None),
    ),
    (
        "unanswerable",
        Question("m-arrests", "How many people were arrested in each neighborhood? @riots", lambda f: None),
    ),
    (
        "unanswerable",
        Question(
            "m-infants",
            "What was the infant mortality rate of Kenya in 2005 according to @fertility?",
            lambda f: None,
            source="packages",
        ),
    ),
    (
        "unanswerable",
        Question(
            "m-strength",
            "How strong was the army in January 1855, in number of soldiers? @crimea",
            lambda f: None,
            source="packages",
        ),
    ),
)
