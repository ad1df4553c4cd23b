"""More questions over the tables of installed packages."""

from __future__ import annotations

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_EXERCISES = ["Chins", "Situps", "Jumps"]
_DRUGS = ["Penicillin", "Streptomycin", "Neomycin"]


def _streptomycin(f: Frames) -> pd.DataFrame:
    return f["antibiotics"].query("Neomycin < Streptomycin < Penicillin")[["Bacteria"]]


def _construction(f: Frames) -> pd.DataFrame:
    months = f["employment"]
    years = months.groupby(months["month"].str[:4])["construction"].mean()
    # How a year is written is left open.
    return years.sort_values(ascending=False).to_frame()


def _worthy(f: Frames) -> pd.DataFrame:
    means = f["grunfeld"].query("year >= 1945").groupby("firm", as_index=False)["value"].mean()
    return means[means["value"] > 1000].sort_values("value", ascending=False)


def _jumper(f: Frames) -> float:
    member = f["exercise"].set_index("member")["Jumps"].idxmax()
    return float(f["physique"].set_index("member").loc[member, "Weight"])


def _carbon(f: Frames) -> pd.DataFrame:
    means = f["co2"].groupby(f["co2"]["date"].dt.year)["co2"].mean()
    both = f["elnino"].query("1990 <= YEAR <= 2001").merge(means, left_on="YEAR", right_index=True)
    return both[["co2", "JAN"]]


def _active_years(f: Frames) -> int:
    active = f["sunspots"].query("SUNACTIVITY > 100")["YEAR"]
    return int(active.isin(f["grunfeld"]["year"]).sum())


def _hours(f: Frames) -> pd.DataFrame:
    both = f["sf_temps"].merge(f["seattle_temps"], on="date", suffixes=("_sf", "_sea"))
    both["difference"] = both["temp_sf"] - both["temp_sea"]
    return both.groupby(both["date"].dt.hour)["difference"].mean().reset_index()


def _government(f: Frames) -> pd.DataFrame:
    months = f["employment"]
    januaries = months[months["month"].str[5:7] == "01"]
    return (100 * januaries["government"] / januaries["nonfarm"]).to_frame()


def _fossil(f: Frames) -> Readings:
    years = f["electricity"].pivot(index="year", columns="source", values="net_generation")
    share = 100 * years["Fossil Fuels"] / years.sum(axis=1)
    fall = float(share.iloc[0] - share.iloc[-1])
    return Readings((fall, -fall))


def _seventies(f: Frames) -> int:
    readings = f["co2"].dropna()
    return int(readings["date"].dt.year.between(1970, 1979).sum())


def _weekend_noons(f: Frames) -> float:
    when = f["sf_temps"]["date"].dt
    return float(f["sf_temps"][(when.hour == 12) & (when.day_of_week >= 5)]["temp"].mean())


def _days_between(f: Frames) -> int:
    closes = f["ohlc"].set_index("date")["close"]
    return int(abs((closes.idxmax() - closes.idxmin()).days))


def _jump_in_miles(f: Frames) -> int:
    miles = f["driving"].set_index("year").sort_index()["miles"]
    return int(miles.diff().idxmax())


def _seconds(f: Frames) -> pd.DataFrame:
    places = f["grunfeld"].groupby("year")["invest"].rank(ascending=False)
    return f["grunfeld"][places == 2][["year", "firm"]]


def _losing_streak(f: Frames) -> int:
    months = f["employment"].sort_values("month")
    falls = months["nonfarm_change"] < 0
    return int(falls.groupby((~falls).cumsum()).sum().max())


def _smoothed(f: Frames) -> pd.DataFrame:
    months = f["crimea"].sort_values("date")
    return months.assign(mean=months["disease"].rolling(3).mean())[["date", "mean"]].dropna()


def _first_words(f: Frames) -> pd.DataFrame:
    counts = f["antibiotics"]["Bacteria"].str.split().str[0].value_counts()
    return counts[counts > 1].reset_index()


def _plain_codes(f: Frames) -> int:
    countries = f["fertility"]
    return int((countries["Country Name"].str[:3].str.upper() == countries["Country Code"]).sum())


def _quarters(f: Frames) -> pd.DataFrame:
    months = f["employment"].assign(date=pd.to_datetime(f["employment"]["month"]))
    quarters = months["date"].dt.quarter
    means = months.groupby([months["date"].dt.year.rename("year"), quarters])["manufacturing"].mean()
    # How a year is written is left open.
    return means.unstack()


def _drugs(f: Frames) -> pd.DataFrame:
    # Without the drug, whose name is a column's.
    return f["antibiotics"].groupby("Gram_Staining")[_DRUGS].mean().T


def _explained(f: Frames) -> float:
    return float(f["statecrime"]["single"].corr(f["statecrime"]["murder"]) ** 2)


def _city(f: Frames) -> str:
    fields = f["us_airports"]
    state = fields["state"].value_counts().idxmax()
    return str(fields[fields["state"] == state]["city"].value_counts().idxmax())


def _below_three(f: Frames) -> int:
    countries = f["fertility"].set_index("Country Name")
    name = (countries["1960"] - countries["2010"]).idxmax()
    rates = countries.loc[name, "1960":"2011"].astype(float)
    return int(rates[rates < 3].index[0])


def _three_firms(f: Frames) -> float:
    firms = f["grunfeld"].groupby("firm")["capital"].mean().nlargest(3).index
    last = f["grunfeld"].query("year == 1954").set_index("firm")["invest"]
    return float(100 * last[firms].sum() / last.sum())


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        Question(
            "r-urban-peaceful",
            "How many states in @statecrime are more than 75 percent urban but have a murder rate under 4?",
            lambda f: len(f["statecrime"].query("urban > 75 and murder < 4")),
            source="packages",
        ),
    ),
    (
        "filter",
        Question(
            "r-streptomycin",
            "Which bacteria in @antibiotics have a Streptomycin value that is lower than their Penicillin "
            "value and higher than their Neomycin value?",
            _streptomycin,
            source="packages",
        ),
    ),
    (
        "group",
        Question(
            "r-sides",
            "@driving: how many rows are there for each side?",
            lambda f: f["driving"].groupby("side", as_index=False).size(),
            source="packages",
        ),
    ),
    (
        "group",
        Question(
            "r-construction-years",
            "Average number of construction jobs per calendar year from @employment, best year on top.",
            _construction,
            ordered=True,
            source="packages",
        ),
    ),
    (
        "group",
        Question(
            "r-worthy-firms",
            "From 1945 on, which firms in @grunfeld had an average value above 1000? Give me firm and "
            "average, starting with the largest.",
            _worthy,
            ordered=True,
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "r-best-jumper",
            "What is the Weight in @physique of the member with the most Jumps in @exercise?",
            _jumper,
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "r-carbon-january",
            "For each year from 1990 to 2001 I'd like the average reading of @co2 next to that year's "
            "January temperature in @elnino.",
            _carbon,
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "r-active-years",
            "In how many of the years covered by @grunfeld was the sunspot activity, as given in "
            "@sunspots, above 100?",
            _active_years,
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "r-hourly-gap",
            "Match @sf_temps and @seattle_temps by their time stamp and tell me, for every hour of the day "
            "(0 to 23), by how many degrees San Francisco was warmer than Seattle on average; negative "
            "where it was colder.",
            _hours,
            source="packages",
        ),
    ),
    (
        "ratio",
        Question(
            "r-missing-readings",
            "What percentage of the rows in @co2 has no reading?",
            lambda f: 100 * f["co2"]["co2"].isna().mean(),
            source="packages",
        ),
    ),
    (
        "ratio",
        Question(
            "r-government-share",
            "Government jobs as a percentage of nonfarm jobs, for every January in @employment",
            _government,
            source="packages",
        ),
    ),
    (
        "ratio",
        Question(
            "r-fossil-fall",
            "By how many percentage points did the share of fossil fuels in each year's total generation "
            "fall between 2001 and 2017 (@electricity)?",
            _fossil,
            source="packages",
        ),
    ),
    (
        "date",
        Question(
            "r-seventies",
            "Leaving out the weeks without a value, how many readings does @co2 hold for the 1970s, that is "
            "1970 to 1979?",
            _seventies,
            source="packages",
        ),
    ),
    (
        "date",
        Question(
            "r-weekend-noons",
            "What's the mean temperature at 12 noon on Saturdays and Sundays in @sf_temps?",
            _weekend_noons,
            source="packages",
        ),
    ),
    (
        "date",
        Question(
            "r-low-to-high",
            "How many calendar days apart are the day of the lowest close and the day of the highest close "
            "in @ohlc?",
            _days_between,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "r-miles-jump",
            "In which year of @driving did miles go up the most compared with the previous year?",
            _jump_in_miles,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "r-runners-up",
            "Which firm had the second highest investment in each year of @grunfeld?",
            _seconds,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "r-losing-streak",
            "How many months did the longest unbroken run of negative nonfarm_change in @employment last?",
            _losing_streak,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "r-smoothed-disease",
            "Smooth the disease deaths of @crimea: for each month the average of it and the two months "
            "before, by date. Leave out the first two months, which don't have two before them.",
            _smoothed,
            ordered=True,
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "r-memorial",
            "Count the @us_airports with the word 'Memorial' in their name",
            lambda f: f["us_airports"]["name"].str.contains("Memorial").sum(),
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "r-first-words",
            "Look at the first word of each name in the column Bacteria of @antibiotics. Which first words "
            "occur more than once, and how often?",
            _first_words,
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "r-plain-codes",
            "In how many rows of @fertility is the Country Code nothing but the first three letters of the "
            "Country Name in capitals?",
            _plain_codes,
            source="packages",
        ),
    ),
    (
        "reshape",
        Question(
            "r-exercise-long",
            "Please unpivot @exercise: a row for each member and exercise, with the number achieved",
            lambda f: f["exercise"].melt(id_vars="member", value_vars=_EXERCISES)[["member", "value"]],
            source="packages",
        ),
    ),
    (
        "reshape",
        Question(
            "r-factory-quarters",
            "Mean manufacturing employment from @employment as a grid, one row per year and the four "
            "quarters as columns.",
            _quarters,
            source="packages",
        ),
    ),
    (
        "reshape",
        Question(
            "r-drugs-by-gram",
            "I want a small table from @antibiotics with one row for each of the three drugs and two "
            "columns, the mean value for gram-negative and for gram-positive bacteria.",
            _drugs,
            source="packages",
        ),
    ),
    (
        "statistics",
        Question(
            "r-weight-waist",
            "Correlation of Weight and Waist in @physique?",
            lambda f: f["physique"]["Weight"].corr(f["physique"]["Waist"]),
            source="packages",
        ),
    ),
    (
        "statistics",
        Question(
            "r-single-murder",
            "If murder is explained by single with a simple linear regression over all rows of @statecrime, "
            "what is the R squared?",
            _explained,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "r-busiest-city",
            "Find the state with the most @us_airports. Which city in it has the most of them?",
            _city,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "r-below-three",
            "Take the country in @fertility whose rate fell by the most births per woman from 1960 to 2010. "
            "In which year was its rate below 3 for the first time?",
            _below_three,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "r-three-firms",
            "Pick the three firms with the highest mean capital over all years of @grunfeld. What percentage "
            "of all firms' investment in 1954 was theirs together?",
            _three_firms,
            source="packages",
        ),
    ),
)
