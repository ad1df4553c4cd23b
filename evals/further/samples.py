"""More questions over tables of installed packages, of every category."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _asked(
    category: Category, key: str, text: str, gold: Callable[[Frames], object], *, ordered: bool = False
) -> tuple[Category, Question]:
    return category, Question(f"p-{key}", text, gold, ordered=ordered, source="packages")


def _nothing(f: Frames) -> None:
    return None


def _club(f: Frames) -> pd.DataFrame:
    return f["exercise"].merge(f["physique"], on="member")


def _cities(f: Frames) -> pd.DataFrame:
    """Both cities, hour by hour: `temp_sf` and `temp_sea`."""
    return f["sf_temps"].merge(f["seattle_temps"], on="date", suffixes=("_sf", "_sea"))


def _maine(f: Frames) -> pd.DataFrame:
    return f["us_airports"].query("state == 'ME' and longitude > -68.5")[["name", "city"]]


def _newly_known(f: Frames) -> int:
    return int((f["fertility"]["1960"].isna() & f["fertility"]["2011"].notna()).sum())


def _hours(f: Frames) -> pd.DataFrame:
    hour = f["sf_temps"]["date"].dt.hour.rename("hour")
    return f["sf_temps"].groupby(hour)["temp"].mean().reset_index()


def _extents(f: Frames) -> pd.DataFrame:
    states = f["us_airports"].groupby("state")["latitude"].agg(["size", "max", "min"])
    return states[states["size"] > 90].reset_index()[["state", "max", "min"]]


def _boom_years(f: Frames) -> pd.DataFrame:
    totals = f["grunfeld"].groupby("year")["invest"].sum()
    return totals[totals > 2000].sort_values(ascending=False).reset_index()


def _urban_bands(f: Frames) -> pd.DataFrame:
    bands = pd.cut(f["statecrime"]["urban"], [0, 50, 75, 101], right=False)
    # How a band is called is left open.
    return f["statecrime"].groupby(bands, observed=True)["violent"].agg(["size", "mean"])


def _co2_and_december(f: Frames) -> pd.DataFrame:
    yearly = f["co2"].groupby(f["co2"]["date"].dt.year)["co2"].mean()
    # Without the year, which may be told as a date.
    return f["elnino"].merge(yearly, left_on="YEAR", right_index=True)[["co2", "DEC"]]


def _utilities(f: Frames) -> float:
    rows = f["electricity"].query("source == 'Fossil Fuels' and net_generation > 40000")
    years = f["employment"]["month"].str[:4].astype(int)
    return float(f["employment"][years.isin(rows["year"].dt.year)]["utilities"].mean())


def _motors(f: Frames) -> float:
    latest = f["grunfeld"].query("year == 1954").set_index("firm")["invest"]
    return float(100 * latest["General Motors"] / latest.sum())


def _more_miles(f: Frames) -> float:
    miles = f["driving"].set_index("year")["miles"]
    return float(100 * (miles[2000] / miles[1980] - 1))


def _municipal(f: Frames) -> str:
    fields = f["us_airports"]
    states = fields["name"].str.contains("Municipal").groupby(fields["state"]).agg(["size", "mean"])
    return str(states[states["size"] >= 50]["mean"].idxmax())


def _builders(f: Frames) -> float:
    return float(f["employment"].query("'2008-07-01' <= month <= '2009-06-01'")["construction"].mean())


def _closed(f: Frames) -> object:
    days = f["ohlc"]["date"]
    return pd.bdate_range(days.min(), days.max()).difference(days)[0]


def _warm_days(f: Frames) -> int:
    return int(f["sf_temps"].groupby(f["sf_temps"]["date"].dt.date)["temp"].max().ge(70).sum())


def _steepest(f: Frames) -> int:
    return int(f["sunspots"].set_index("YEAR")["SUNACTIVITY"].diff().idxmax())


def _falls(f: Frames) -> pd.DataFrame:
    rows = f["grunfeld"].sort_values(["firm", "year"])
    fell = rows.groupby("firm")["invest"].diff() < 0
    return fell.groupby(rows["firm"]).sum().reset_index()


def _three_months(f: Frames) -> int:
    months = f["crimea"].sort_values("date")
    return int(months[["wounds", "other", "disease"]].sum(axis=1).rolling(3).sum().max())


def _first_words(f: Frames) -> pd.DataFrame:
    counts = f["antibiotics"]["Bacteria"].str.split().str[0].value_counts()
    return counts[counts > 1].reset_index()


def _plain_codes(f: Frames) -> int:
    countries = f["fertility"]
    return int((countries["Country Code"] == countries["Country Name"].str[:3].str.upper()).sum())


def _two_years(f: Frames) -> pd.DataFrame:
    # Without the month, which is a column's name and may be told as a number.
    return f["elnino"].query("YEAR in (1997, 1998)").set_index("YEAR").T


def _signals(f: Frames) -> Readings:
    counts = f["ohlc"].groupby(["signal", f["ohlc"]["date"].dt.month]).size().unstack().reset_index()
    return Readings((counts.fillna(0), counts))


def _grid(f: Frames) -> pd.DataFrame:
    when = f["seattle_temps"]["date"].dt
    # Without the hour, whose way of writing is left open.
    means = f["seattle_temps"].groupby([when.hour.rename("h"), when.month.rename("m")])["temp"].mean()
    return means.unstack()


def _explained(f: Frames) -> float:
    states = f["statecrime"]
    x = np.column_stack([np.ones(len(states)), states[["poverty", "single", "urban"]]])
    rest = states["murder"] - x @ np.linalg.lstsq(x, states["murder"], rcond=None)[0]
    return float(1 - rest.var() / states["murder"].var())


def _steel_share(f: Frames) -> float:
    totals = f["grunfeld"].groupby("year")["invest"].sum()
    steel = f["grunfeld"].query("firm == 'US Steel'").set_index("year")["invest"]
    return float(100 * steel[totals.idxmax()] / totals.max())


def _decline(f: Frames) -> str:
    countries = f["fertility"].set_index("Country Name")
    return str((countries["1960"] - countries["2010"]).idxmax())


def _around_350(f: Frames) -> int:
    readings = f["co2"]
    first, last = readings.query("co2 > 350")["date"].min(), readings.query("co2 < 350")["date"].max()
    return int((last - first).days)


def _widest_month(f: Frames) -> pd.DataFrame:
    both = _cities(f)
    months = both.groupby(both["date"].dt.month)[["temp_sf", "temp_sea"]].mean()
    return months.loc[[(months["temp_sf"] - months["temp_sea"]).idxmax()]]


def _readings(*values: object) -> Readings:
    return Readings(values, ambiguous=True)


def _drug(f: Frames) -> Readings:
    """Less of it is needed: on average, for the typical one, or for the most bacteria."""
    needed = f["antibiotics"][["Penicillin", "Streptomycin", "Neomycin"]]
    wins = needed.idxmin(axis=1).value_counts()
    return _readings(needed.mean().idxmin(), needed.median().idxmin(), wins.idxmax())


def _safest(f: Frames) -> Readings:
    states = f["statecrime"].set_index("state")
    return _readings(states["violent"].idxmin(), states["murder"].idxmin())


def _best_day(f: Frames) -> Readings:
    days = f["ohlc"].sort_values("date").set_index("date")
    rise, change = days["close"] - days["open"], days["close"].diff()
    kinds = [
        days["close"],
        days["high"],
        days["ret"],
        rise,
        rise / days["open"],
        change,
        change / days["close"].shift(),
    ]
    return _readings(*(kind.idxmax() for kind in kinds))


def _congo(f: Frames) -> Readings:
    both = f["fertility"][f["fertility"]["Country Name"].str.startswith("Congo")]
    return _readings(*both["2010"], both[["Country Name", "2010"]])


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    _asked(
        "filter",
        "heavy-calm",
        "How many members in @physique weigh more than 190 and have a pulse of 50 or lower?",
        lambda f: len(f["physique"].query("Weight > 190 and Pulse <= 50")),
    ),
    _asked(
        "filter",
        "streptomycin-negative",
        "Which gram-negative Bacteria in @antibiotics have a Streptomycin value below 1?",
        lambda f: f["antibiotics"].query("Gram_Staining == 'negative' and Streptomycin < 1")[["Bacteria"]],
    ),
    _asked(
        "filter",
        "maine-east",
        "I need name and city of the @us_airports in Maine (ME) that lie east of longitude -68.5.",
        _maine,
    ),
    _asked(
        "filter",
        "newly-known",
        "How many rows of @fertility have a figure for 2011 although they have none for 1960?",
        _newly_known,
    ),
    _asked(
        "group",
        "hours",
        "What's the mean temperature at each hour of the day in @sf_temps? Give the hour (0 to 23) and the "
        "mean.",
        _hours,
    ),
    _asked(
        "group",
        "extents",
        "For every state with more than 90 entries in @us_airports: the state, its northernmost latitude "
        "and its southernmost latitude",
        _extents,
    ),
    _asked(
        "group",
        "boom-years",
        "In which years did the firms of @grunfeld together invest more than 2000? Year and total, largest "
        "total first.",
        _boom_years,
        ordered=True,
    ),
    _asked(
        "group",
        "urban-bands",
        "Split the states of @statecrime by their urban percentage: below 50, from 50 to below 75, and 75 "
        "or more. For each of the three groups I want the number of states and their mean violent crime "
        "rate.",
        _urban_bands,
    ),
    _asked(
        "join",
        "chins-waist",
        "List the members who do more than 12 chins according to @exercise, with the chins and their waist "
        "from @physique.",
        lambda f: _club(f).query("Chins > 12")[["member", "Chins", "Waist"]],
    ),
    _asked(
        "join",
        "same-temperature",
        "In how many hours did @seattle_temps and @sf_temps show exactly the same temperature?",
        lambda f: len(_cities(f).query("temp_sf == temp_sea")),
    ),
    _asked(
        "join",
        "co2-december",
        "For each year found in both @co2 and @elnino, set the mean CO2 reading of that year (missing "
        "readings left out) next to the December temperature.",
        _co2_and_december,
    ),
    _asked(
        "join",
        "utilities-fossil",
        "Look at the years in which Fossil Fuels in @electricity generated more than 40000: what was the "
        "average of utilities in @employment over all the months of those years?",
        _utilities,
    ),
    _asked(
        "ratio",
        "gram-positive",
        "What percentage of the bacteria in @antibiotics is gram-positive?",
        lambda f: 100 * (f["antibiotics"]["Gram_Staining"] == "positive").mean(),
    ),
    _asked(
        "ratio",
        "motors-share",
        "How many percent of the investment of all firms in @grunfeld in 1954 was General Motors'?",
        _motors,
    ),
    _asked(
        "ratio",
        "more-miles",
        "By how many percent were the miles in @driving higher in 2000 than in 1980?",
        _more_miles,
    ),
    _asked(
        "ratio",
        "municipal",
        "Considering only states with at least 50 @us_airports, in which state does the largest share of "
        "the airports have 'Municipal' in the name?",
        _municipal,
    ),
    _asked(
        "date",
        "first-360",
        "When did a reading in @co2 exceed 360 for the first time?",
        lambda f: f["co2"].query("co2 > 360")["date"].min(),
    ),
    _asked(
        "date",
        "builders",
        "Average number of construction jobs from July 2008 to June 2009 (both months included), from "
        "@employment",
        _builders,
    ),
    _asked(
        "date",
        "warm-days",
        "On how many days did it get to at least 70 degrees at some hour, by @sf_temps?",
        _warm_days,
    ),
    _asked(
        "date",
        "closed",
        "Between the first and the last day of @ohlc there is exactly one weekday (Monday to Friday) "
        "without an entry. What date is it?",
        _closed,
    ),
    _asked(
        "window",
        "fewer-miles",
        "How many times were fewer miles driven than in the year before, going by @driving?",
        lambda f: (f["driving"].sort_values("year")["miles"].diff() < 0).sum(),
    ),
    _asked(
        "window",
        "steepest-sun",
        "In which year did SUNACTIVITY in @sunspots jump up the most compared with the previous year?",
        _steepest,
    ),
    _asked(
        "window",
        "falls",
        "Per firm in @grunfeld: in how many years was its investment lower than in the year before?",
        _falls,
    ),
    _asked(
        "window",
        "three-months",
        "What is the highest number of deaths, all causes taken together, in any three consecutive months "
        "of @crimea?",
        _three_months,
    ),
    _asked(
        "text",
        "digit-codes",
        "How many of the @us_airports have at least one digit in their iata code?",
        lambda f: f["us_airports"]["iata"].str.contains("[0-9]").sum(),
    ),
    _asked(
        "text",
        "new-states",
        "Show the states in @statecrime whose name begins with 'New', and the murder rate of each.",
        lambda f: f["statecrime"][f["statecrime"]["state"].str.startswith("New")][["state", "murder"]],
    ),
    _asked(
        "text",
        "first-words",
        "Take the first word of each of the Bacteria in @antibiotics. Which of these words occur more than "
        "once, and how often?",
        _first_words,
    ),
    _asked(
        "text",
        "plain-codes",
        "In how many rows of @fertility is the Country Code nothing but the first three characters of the "
        "Country Name in capitals?",
        _plain_codes,
    ),
    _asked(
        "reshape",
        "exercise-long",
        "Please make a long table of @exercise, with a row for every member and kind of exercise and the "
        "number achieved.",
        lambda f: f["exercise"].melt(id_vars="member")[["member", "value"]],
    ),
    _asked(
        "reshape",
        "two-years",
        "Put 1997 and 1998 from @elnino next to each other: twelve rows, one for each month, and a column "
        "for each of the two years.",
        _two_years,
    ),
    _asked(
        "reshape",
        "signals",
        "Tabulate @ohlc: a row per signal, June and July as columns, the number of days in the cells.",
        _signals,
    ),
    _asked(
        "reshape",
        "grid",
        "From @seattle_temps, build a grid of mean temperatures with the 24 hours of the day as rows and "
        "the twelve months as columns.",
        _grid,
    ),
    _asked(
        "statistics",
        "median-situps",
        "What is the median number of Situps in @exercise?",
        lambda f: f["exercise"]["Situps"].median(),
    ),
    _asked(
        "statistics",
        "chins-waist-correlation",
        "Is there a link between Waist (@physique) and Chins (@exercise)? Give me the Pearson correlation "
        "over the members.",
        lambda f: _club(f)["Chins"].corr(_club(f)["Waist"]),
    ),
    _asked(
        "statistics",
        "restless-month",
        "Which of the monthly columns JAN to DEC of @elnino has the largest standard deviation over the "
        "years? Give the column's name.",
        lambda f: f["elnino"].drop(columns="YEAR").std().idxmax(),
    ),
    _asked(
        "statistics",
        "explained-murder",
        "Regress murder on poverty, single and urban (ordinary least squares with an intercept) in "
        "@statecrime. What is R squared?",
        _explained,
    ),
    _asked(
        "multi-step",
        "steel-share",
        "In the year in which total investment over all firms of @grunfeld peaked, how many percent of it "
        "came from US Steel?",
        _steel_share,
    ),
    _asked(
        "multi-step",
        "decline",
        "Comparing 1960 with 2010, which country in @fertility has had the largest fall in births per "
        "woman? Countries that lack one of the two figures don't count.",
        _decline,
    ),
    _asked(
        "multi-step",
        "around-350",
        "How many days passed from the first reading above 350 in @co2 to the last reading below 350?",
        _around_350,
    ),
    _asked(
        "multi-step",
        "widest-month",
        "Find the month in which the mean temperature of @sf_temps exceeded that of @seattle_temps by the "
        "most. What were the two means in that month? One row.",
        _widest_month,
    ),
    _asked("ambiguous", "best-drug", "Which of the three drugs in @antibiotics works best?", _drug),
    _asked("ambiguous", "safest", "What's the safest state in @statecrime?", _safest),
    _asked("ambiguous", "best-day", "Which was the best day in @ohlc?", _best_day),
    _asked(
        "ambiguous",
        "congo",
        "How many births per woman did Congo have in 2010, by @fertility?",
        _congo,
    ),
    _asked("unanswerable", "height", "How tall are the members of @physique on average?", _nothing),
    _asked(
        "unanswerable",
        "recovered",
        "How many of the soldiers wounded in November 1854 recovered, according to @crimea?",
        _nothing,
    ),
    _asked(
        "unanswerable",
        "consumption",
        "How much electricity was consumed by private households in 2012? Use @electricity.",
        _nothing,
    ),
    _asked(
        "unanswerable",
        "births",
        "How many children were born in Brazil in the year 2000 (@fertility)?",
        _nothing,
    ),
)
