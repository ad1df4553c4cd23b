"""More questions over tables of installed packages (`evals.packages`)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_CAUSES = ["wounds", "other", "disease"]
_CRIME = ["violent", "murder", "hs_grad", "poverty", "single", "white", "urban"]


# Windows


def _spots_change(f: Frames) -> pd.DataFrame:
    spots = f["sunspots"].sort_values("YEAR")
    changes = spots.assign(change=spots["SUNACTIVITY"].diff())
    return changes.query("1990 <= YEAR <= 2000")[["YEAR", "change"]]


def _streak(f: Frames) -> int:
    up = f["ohlc"].sort_values("date")["close"].diff() > 0
    return int(up.groupby((~up).cumsum()).sum().max())


def _active_spell(f: Frames) -> int:
    spots = f["sunspots"].set_index("YEAR")["SUNACTIVITY"].sort_index()
    return int(spots.rolling(11).mean().idxmax())


def _ranked(f: Frames) -> pd.DataFrame:
    firms = f["grunfeld"].query("year == 1954").sort_values("value", ascending=False)
    return firms.assign(rank=range(1, len(firms) + 1))[["rank", "firm", "value"]]


def _sensitive(f: Frames) -> pd.DataFrame:
    rows = f["antibiotics"].sort_values("Streptomycin").groupby("Gram_Staining").head(3)
    return rows[["Gram_Staining", "Bacteria", "Streptomycin"]]


def _shrunk(f: Frames) -> int:
    jobs = f["employment"].sort_values("month")["manufacturing"]
    return int((jobs < jobs.shift(12)).sum())


# Reshaping


def _deaths(f: Frames) -> pd.DataFrame:
    return f["crimea"].melt(id_vars="date", value_vars=_CAUSES)


def _decades(f: Frames) -> pd.DataFrame:
    firms = f["grunfeld"].assign(decade=f["grunfeld"]["year"] // 10)
    return firms.pivot_table(index="firm", columns="decade", values="invest").reset_index()


def _hours(f: Frames) -> pd.DataFrame:
    when = f["seattle_temps"]["date"].dt
    temps = f["seattle_temps"].assign(hour=when.hour, quarter=when.quarter)
    return temps.pivot_table(index="hour", columns="quarter", values="temp").reset_index()


def _world(f: Frames) -> pd.DataFrame:
    means = f["fertility"][[str(year) for year in range(2000, 2011)]].mean()
    return means.rename_axis("year").reset_index().assign(year=range(2000, 2011))


def _on_its_side(f: Frames) -> pd.DataFrame:
    states = f["statecrime"].set_index("state").loc[["California", "New York", "Texas"], _CRIME]
    return states.T.rename_axis("measure").reset_index()


# Several steps


def _cheap_year(f: Frames) -> int:
    return int(f["driving"].loc[f["driving"]["gas"].idxmin(), "miles"])


def _capital_passed(f: Frames) -> int:
    rows = f["grunfeld"]
    firm = rows.groupby("firm")["invest"].sum().idxmax()
    return int(rows[(rows["firm"] == firm) & (rows["capital"] > 1000)]["year"].min())


def _urban_gap(f: Frames) -> float:
    states = f["statecrime"]
    urban = states["urban"] > states["urban"].mean()
    return float(states[urban]["violent"].mean() - states[~urban]["violent"].mean())


def _wide_days(f: Frames) -> int:
    temps = f["seattle_temps"]
    days = temps.groupby(temps["date"].dt.date)["temp"].agg(["min", "max"])
    span = days["max"] - days["min"]
    return int((span > span.mean()).sum())


def _carbon_jump(f: Frames) -> int:
    years = f["co2"].groupby(f["co2"]["date"].dt.year)["co2"].mean()
    return int(years.diff().idxmax())


def _all_round(f: Frames) -> int:
    club = f["exercise"].set_index("member")
    return int(((club - club.mean()) / club.std()).sum(axis=1).nlargest(2).index[1])


# Statistics


def _single_murder(f: Frames) -> float:
    states = f["statecrime"].query("state != 'District of Columbia'")
    return float(states["single"].corr(states["murder"]))


def _variation(f: Frames) -> Readings:
    firms = f["grunfeld"].groupby("firm")["invest"].agg(["mean", "std"])
    share = (firms["std"] / firms["mean"]).rename("cv")
    return Readings((share.reset_index(), share.mul(100).reset_index()))


def _cycle(f: Frames) -> float:
    spots = f["sunspots"].sort_values("YEAR")["SUNACTIVITY"]
    return float(spots.corr(spots.shift(11)))


def _carbon_slope(f: Frames) -> float:
    years = f["co2"].groupby(f["co2"]["date"].dt.year)["co2"].mean().loc[1959:2001]
    return float(np.polyfit(years.index.to_numpy(), years.to_numpy(), 1)[0])


# Joins


def _heavy(f: Frames) -> pd.DataFrame:
    club = f["exercise"].merge(f["physique"], on="member").query("Weight > 190")
    return club[["member", "Weight", "Situps"]]


def _two_cities(f: Frames) -> pd.DataFrame:
    names = ("seattle_temps", "sf_temps")
    months = {name: f[name].groupby(f[name]["date"].dt.month)["temp"].mean() for name in names}
    return pd.DataFrame(months).rename_axis("month").reset_index()


def _sun_and_carbon(f: Frames) -> pd.DataFrame:
    carbon = f["co2"].groupby(f["co2"]["date"].dt.year)["co2"].mean()
    both = f["sunspots"].query("1990 <= YEAR <= 2000").set_index("YEAR").join(carbon)
    return both.reset_index()


def _warmer_days(f: Frames) -> int:
    seattle, other = (f[n].groupby(f[n]["date"].dt.date)["temp"].max() for n in ("seattle_temps", "sf_temps"))
    return int((seattle > other).sum())


def _miles_and_births(f: Frames) -> pd.DataFrame:
    rates = f["fertility"].set_index("Country Name").loc["United States", [str(y) for y in range(1990, 2001)]]
    births = pd.DataFrame({"year": range(1990, 2001), "rate": rates.astype(float).to_numpy()})
    return births.merge(f["driving"], on="year")[["year", "rate", "miles"]]


# Ratios


def _louisiana(f: Frames) -> float:
    murder = f["statecrime"].set_index("state")["murder"]
    return float(murder["Louisiana"] / murder.median())


def _nuclear(f: Frames) -> pd.DataFrame:
    wide = f["electricity"].pivot(index="year", columns="source", values="net_generation")
    # Without the year itself, which is a date in the table and may be told as a number.
    return (100 * wide["Nuclear Energy"] / wide.sum(axis=1)).to_frame("share")


def _mild_hours(f: Frames) -> pd.DataFrame:
    warm = f["sf_temps"]["temp"] > 60
    return (warm.groupby(f["sf_temps"]["date"].dt.month.rename("month")).mean() * 100).reset_index()


def _lost_jobs(f: Frames) -> Readings:
    jobs = f["employment"].set_index("month")["nonfarm"]
    high = jobs[jobs.index.str.startswith("2008")].max()
    low = jobs[jobs.index.str.startswith("2010")].min()
    lost = 100 * (high - low) / high
    return Readings((lost, -lost))


# Groups, dates, texts


def _big_states(f: Frames) -> pd.DataFrame:
    counts = f["us_airports"]["state"].value_counts()
    return counts[counts > 100].reset_index()


def _bands(f: Frames) -> pd.DataFrame:
    states = f["statecrime"]
    band = pd.cut(states["poverty"], [0, 10, 15, 100], right=False)
    # How a band is called is left open.
    return states.groupby(band, observed=True)["hs_grad"].agg(["size", "mean"])


def _fourth(f: Frames) -> float:
    temps = f["sf_temps"]
    return float(temps[temps["date"].dt.date == pd.Timestamp("2010-07-04").date()]["temp"].mean())


def _weekdays(f: Frames) -> pd.DataFrame:
    # How a day of the week is called is left open.
    return f["ohlc"].groupby(f["ohlc"]["date"].dt.day_of_week)["ret"].mean().to_frame()


def _hottest_hour(f: Frames) -> int:
    when = f["seattle_temps"]["date"].dt
    summer = f["seattle_temps"][when.month.isin([6, 7, 8])]
    return int(summer.groupby(summer["date"].dt.hour)["temp"].mean().idxmax())


def _last_word(f: Frames) -> pd.DataFrame:
    words = f["us_airports"]["name"].str.split().str[-1].value_counts()
    return words.head(1).rename_axis("word").reset_index()


def _asked(key: str, text: str, gold: Callable[[Frames], object], *, ordered: bool = False) -> Question:
    return Question("j-" + key, text, gold, ordered=ordered, source="packages")


_BY_CATEGORY: dict[Category, tuple[Question, ...]] = {
    "window": (
        _asked(
            "spots-change",
            "For each year from 1990 to 2000, by how much did SUNACTIVITY in @sunspots differ from the year "
            "before? 1990 is to be compared with 1989.",
            _spots_change,
        ),
        _asked(
            "up-streak",
            "What's the longest run of trading days in @ohlc on which the close was higher than on the "
            "trading day before, each day in a row? I want the number of days.",
            _streak,
        ),
        _asked(
            "active-spell",
            "Smooth SUNACTIVITY of @sunspots with a moving average over 11 years, the year itself and the "
            "10 before it. In which year does that average peak?",
            _active_spell,
        ),
        _asked(
            "value-ranking",
            "Rank the firms of @grunfeld by their value in 1954, the most valuable being number 1; "
            "show rank, firm and value in that order.",
            _ranked,
            ordered=True,
        ),
        _asked(
            "lowest-streptomycin",
            "Give me the three Bacteria with the lowest Streptomycin of each Gram_Staining (@antibiotics), "
            "along with that value.",
            _sensitive,
        ),
        _asked(
            "factory-year",
            "In how many months of @employment was manufacturing below its level of twelve months earlier?",
            _shrunk,
        ),
    ),
    "reshape": (
        _asked(
            "deaths-long",
            "Bring @crimea into long form: date, cause (the column's name: wounds, other or disease) and "
            "number of deaths.",
            _deaths,
        ),
        _asked(
            "elnino-warm",
            "How many of all the monthly temperatures in @elnino, whatever the month, are above 26 degrees?",
            lambda f: int((f["elnino"][_MONTHS] > 26).sum().sum()),
        ),
        _asked(
            "invest-decades",
            "I'd like a table of the average invest in @grunfeld with the firms down and the decades (1930s, "
            "1940s, 1950s) across.",
            _decades,
        ),
        _asked(
            "hours-quarters",
            "Mean temp in @seattle_temps: hours of the day (0 to 23) as rows, the four quarters of the year "
            "as columns",
            _hours,
        ),
        _asked(
            "world-fertility",
            "Average the rates of @fertility over all countries with a value, for every year from 2000 to "
            "2010, and show it as one row per year (year, average).",
            _world,
        ),
        _asked(
            "states-sideways",
            "Turn @statecrime on its side for California, New York and Texas: a column for each of the three "
            "states, and a row for each measure (violent, murder, hs_grad, poverty, single, white, urban) "
            "with its name",
            _on_its_side,
        ),
    ),
    "multi-step": (
        _asked(
            "cheapest-gas",
            "How many miles were driven in the year with the cheapest gas in @driving?",
            _cheap_year,
        ),
        _asked(
            "capital-passed",
            "Find the firm in @grunfeld that invested the most over all the years. In which year was its "
            "capital above 1000 for the first time?",
            _capital_passed,
        ),
        _asked(
            "urban-gap",
            "Split @statecrime into states more urban than the average state and the rest. By how much does "
            "the mean of violent among the former exceed that among the rest?",
            _urban_gap,
        ),
        _asked(
            "wide-days",
            "Take the difference between the highest and the lowest temperature of each day in "
            "@seattle_temps. On how many days was it larger than on the average day?",
            _wide_days,
        ),
        _asked(
            "carbon-jump",
            "Compute the mean co2 per calendar year from the readings in @co2 that aren't missing. Which "
            "year's mean rose the most over that of the year before?",
            _carbon_jump,
        ),
        _asked(
            "all-round",
            "Convert Chins, Situps and Jumps of @exercise to z-scores and add the three up per member. Who "
            "comes second?",
            _all_round,
        ),
    ),
    "statistics": (
        _asked(
            "median-urban",
            "What is the median of urban in @statecrime?",
            lambda f: f["statecrime"]["urban"].median(),
        ),
        _asked(
            "single-murder",
            "Leaving the District of Columbia aside, what is the correlation between single and murder in "
            "@statecrime?",
            _single_murder,
        ),
        _asked(
            "investment-variation",
            "Coefficient of variation of invest (sample standard deviation divided by the mean) for each "
            "firm in @grunfeld, please.",
            _variation,
        ),
        _asked(
            "sun-cycle",
            "How strongly is the sunspot activity of a year correlated (Pearson) with that of eleven years "
            "earlier? Use @sunspots.",
            _cycle,
        ),
        _asked(
            "carbon-slope",
            "Using the yearly averages of co2 from 1959 to 2001 in @co2 (missing readings left out), how "
            "many ppm a year does a least-squares straight line rise?",
            _carbon_slope,
        ),
    ),
    "join": (
        _asked(
            "heavy-situps",
            "List member, weight and situps of everyone who weighs more than 190 (@physique, @exercise).",
            _heavy,
        ),
        _asked(
            "two-cities",
            "Show the mean temperature of each month (1 to 12) for Seattle and San Francisco next to each "
            "other, from @seattle_temps and @sf_temps.",
            _two_cities,
        ),
        _asked(
            "sun-and-carbon",
            "For 1990 to 2000, I need the year, SUNACTIVITY from @sunspots and the average of that year's "
            "readings from @co2.",
            _sun_and_carbon,
        ),
        _asked(
            "warmer-days",
            "On how many days did the day's highest temperature in @seattle_temps exceed the day's highest "
            "in @sf_temps?",
            _warmer_days,
        ),
        _asked(
            "miles-and-births",
            "Put the fertility rate of the United States (@fertility) and the miles driven (@driving) "
            "together, year by year from 1990 to 2000.",
            _miles_and_births,
        ),
    ),
    "ratio": (
        _asked(
            "gram-positive",
            "What percentage of the bacteria in @antibiotics are gram-positive?",
            lambda f: 100 * (f["antibiotics"]["Gram_Staining"] == "positive").mean(),
        ),
        _asked(
            "louisiana",
            "How many times as high as the median of all states is Louisiana's murder rate in @statecrime?",
            _louisiana,
        ),
        _asked(
            "nuclear-share",
            "Nuclear energy as a percentage of the total net generation in @electricity, for each year",
            _nuclear,
        ),
        _asked(
            "mild-hours",
            "For each month from 1 to 12: what percentage of the hours in @sf_temps were warmer than 60 "
            "degrees?",
            _mild_hours,
        ),
        _asked(
            "lost-jobs",
            "From the best month of 2008 to the worst month of 2010, how many percent of the nonfarm jobs in "
            "@employment were lost?",
            _lost_jobs,
        ),
    ),
    "group": (
        _asked(
            "airport-countries",
            "How many @us_airports are there in each country?",
            lambda f: f["us_airports"]["country"].value_counts().reset_index(),
        ),
        _asked(
            "big-states",
            "Which states have more than 100 @us_airports, and how many does each of them have?",
            _big_states,
        ),
        _asked(
            "poverty-bands",
            "Group the states of @statecrime by poverty (below 10, 10 to under 15, 15 and more) and give the "
            "number of states and the mean hs_grad of each group.",
            _bands,
        ),
    ),
    "date": (
        _asked(
            "fourth-of-july",
            "What was the average temperature on July 4, 2010 in @sf_temps?",
            _fourth,
        ),
        _asked(
            "weekday-returns",
            "Is there a pattern over the week? Mean ret per weekday in @ohlc",
            _weekdays,
        ),
        _asked(
            "hottest-hour",
            "At which hour of the day (0 to 23) is it warmest on average from June to August, going by "
            "@seattle_temps?",
            _hottest_hour,
        ),
    ),
    "text": (
        _asked(
            "stan-countries",
            "List the countries in @fertility whose name ends in 'stan'.",
            lambda f: f["fertility"][f["fertility"]["Country Name"].str.endswith("stan")][["Country Name"]],
        ),
        _asked(
            "digit-codes",
            "How many of the iata codes in @us_airports contain at least one digit?",
            lambda f: int(f["us_airports"]["iata"].str.contains("[0-9]").sum()),
        ),
        _asked(
            "last-word",
            "Splitting the names of @us_airports at the blanks, what is the most frequent last word, and how "
            "many names have it?",
            _last_word,
        ),
    ),
}
QUESTIONS: tuple[tuple[Category, Question], ...] = tuple(
    (category, question) for category, questions in _BY_CATEGORY.items() for question in questions
)
