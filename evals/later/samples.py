"""Questions of an analyst in a public agency over tables of installed packages (`evals.packages`)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _readings(values: tuple[object, ...]) -> Readings:
    return Readings(values, ambiguous=True)


def _genera(f: Frames) -> pd.DataFrame:
    return f["antibiotics"].groupby("Genus", as_index=False)["Penicillin"].agg(["size", "max"])


def _small_states(f: Frames) -> pd.DataFrame:
    counts = f["us_airports"]["state"].value_counts()
    return counts[counts <= 5].reset_index()


def _decades(f: Frames) -> pd.DataFrame:
    weeks = f["co2"][f["co2"]["date"].dt.year.between(1960, 1999)]
    # How a decade is called is left open.
    return weeks.groupby(weeks["date"].dt.year // 10)["co2"].mean().to_frame()


def _capital_halves(f: Frames) -> pd.DataFrame:
    rows = f["grunfeld"]
    wide = rows.groupby(["firm", rows["year"] >= 1945])["capital"].mean().unstack()
    return wide.reset_index()


def _heavy(f: Frames) -> pd.DataFrame:
    club = f["physique"].merge(f["exercise"], on="member")
    return club.query("Weight > 190")[["member", "Weight", "Chins"]]


def _warm_januaries(f: Frames) -> pd.DataFrame:
    weeks = f["co2"].dropna()
    means = weeks.groupby(weeks["date"].dt.year)["co2"].mean()
    both = f["elnino"].query("JAN > 25.5").merge(means, left_on="YEAR", right_index=True)
    return both[["YEAR", "co2"]]


def _highs(temps: pd.DataFrame) -> pd.Series[float]:
    return temps.groupby(temps["date"].dt.date)["temp"].max()


def _utilities(f: Frames) -> pd.DataFrame:
    power = f["electricity"].groupby(f["electricity"]["year"].dt.year)["net_generation"].sum()
    jobs = f["employment"].groupby(f["employment"]["month"].str[:4].astype(int))["utilities"].mean()
    # Without the year, which may be told as a number or as a date.
    return pd.concat([power, jobs], axis=1, join="inner")


def _construction(f: Frames) -> Readings:
    jobs = f["employment"].set_index("month")["construction"]
    fall = 100 * (1 - jobs["2011-01-01"] / jobs["2006-01-01"])
    return Readings((fall, -fall))


def _wounds(f: Frames) -> pd.DataFrame:
    total = f["crimea"][["wounds", "other", "disease"]].sum(axis=1)
    shares = f["crimea"].assign(share=100 * f["crimea"]["wounds"] / total)
    return shares[total > 1000][["date", "share"]]


def _quarter_renewable(f: Frames) -> int:
    wide = f["electricity"].pivot(index="year", columns="source", values="net_generation")
    return int((wide["Renewables"] / wide.sum(axis=1) >= 0.25).sum())


def _weekdays(f: Frames) -> pd.DataFrame:
    days = f["ohlc"].assign(span=f["ohlc"]["high"] - f["ohlc"]["low"])
    # How a weekday is called is left open.
    return days.groupby(days["date"].dt.day_of_week)["span"].mean().to_frame()


def _seasons(f: Frames) -> pd.DataFrame:
    season = f["sf_temps"]["date"].dt.month % 12 // 3
    # How a season is called is left open.
    return f["sf_temps"].groupby(season)["temp"].mean().to_frame()


def _ibm(f: Frames) -> pd.DataFrame:
    years = f["grunfeld"].query("firm == 'IBM'").sort_values("year")
    return years.assign(total=years["invest"].cumsum())[["year", "total"]]


def _retail(f: Frames) -> pd.DataFrame:
    decembers = f["employment"][f["employment"]["month"].str[5:7] == "12"].sort_values("month")
    # Without the year, which may be told as a number, a text or a date.
    return decembers["retail_trade"].diff().dropna().to_frame()


def _streak(f: Frames) -> int:
    rises = f["driving"].sort_values("year")["miles"].diff() > 0
    return int(rises.groupby((~rises).cumsum()).sum().max())


def _sunniest(f: Frames) -> float:
    years = f["sunspots"].sort_values("YEAR").set_index("YEAR")["SUNACTIVITY"]
    return float(years.rolling(11).mean().idxmax())


def _lands(f: Frames) -> pd.DataFrame:
    names = f["fertility"]["Country Name"]
    return names[names.str.endswith("land")].to_frame()


def _short_names(f: Frames) -> pd.DataFrame:
    words = f["antibiotics"]["Bacteria"].str.split()
    return f["antibiotics"][["Bacteria"]].assign(short=words.str[0].str[0] + ". " + words.str[-1])


def _causes(f: Frames) -> pd.DataFrame:
    months = f["crimea"][f["crimea"]["date"].dt.year == 1854]
    return months.melt(id_vars="date", value_vars=["wounds", "other", "disease"])


def _day_times(f: Frames) -> pd.DataFrame:
    when = f["seattle_temps"]["date"].dt
    rows = f["seattle_temps"].assign(month=when.month, hour=when.hour)
    # Without the month, which may be told as a number or by its name.
    return rows.pivot_table(index="month", columns="hour", values="temp")[[0, 6, 12, 18]]


def _signals(f: Frames) -> Readings:
    month = f["ohlc"]["date"].dt.month
    counts = f["ohlc"].groupby(["signal", month]).size().unstack().reset_index()
    return Readings((counts.fillna(0), counts))


def _three_countries(f: Frames) -> pd.DataFrame:
    years = [str(year) for year in range(1990, 2001)]
    # Without the year, which is a column's name and may be told as a number.
    return f["fertility"].set_index("Country Name").loc[["Brazil", "India", "China"], years].T


def _deviations(f: Frames) -> float:
    years = f["sunspots"].set_index("YEAR")["SUNACTIVITY"]
    return float((years[1957] - years.mean()) / years.std())


def _forecast(f: Frames) -> float:
    past = f["driving"].query("year <= 1990")
    slope, start = np.polyfit(past["year"] - 1956, past["miles"], 1)
    return float(start + slope * (2010 - 1956))


def _companion(f: Frames) -> str:
    others = ["hs_grad", "poverty", "single", "white", "urban"]
    return str(f["statecrime"][others].corrwith(f["statecrime"]["violent"]).abs().idxmax())


def _top_ten(f: Frames) -> float:
    return float(f["fertility"].nlargest(10, "1980")["2010"].mean())


def _steel_share(f: Frames) -> float:
    wide = f["grunfeld"].pivot(index="year", columns="firm", values="invest")
    best = wide.loc[wide.sum(axis=1).idxmax()]
    return float(100 * best["US Steel"] / best.sum())


def _tall_state(f: Frames) -> str:
    states = f["us_airports"].groupby("state")["latitude"].agg(["size", "min", "max"]).drop(index="AK")
    states = states[states["size"] >= 50]
    return str((states["max"] - states["min"]).idxmax())


def _best_drug(f: Frames) -> Readings:
    drugs = f["antibiotics"][["Penicillin", "Streptomycin", "Neomycin"]]
    return _readings((drugs.mean().idxmin(), drugs.median().idxmin()))


def _most_airports(f: Frames) -> Readings:
    airports = f["us_airports"]
    towns = airports.groupby(["city", "state"]).size()
    return _readings(
        (
            airports["state"].value_counts().idxmax(),
            airports["city"].value_counts().idxmax(),
            str(towns.idxmax()[0]),
            airports["country"].value_counts().idxmax(),
        )
    )


def _seventies(f: Frames) -> Readings:
    years = f["driving"].query("1970 <= year <= 1979")
    gas = years["gas"]
    span = pd.DataFrame({"low": [gas.min()], "high": [gas.max()]})
    return _readings((gas.mean(), gas.median(), years[["year", "gas"]], span))


def _fallen(f: Frames) -> Readings:
    rates = f["fertility"].set_index("Country Name")[[str(year) for year in range(1960, 2012)]]
    first, last = rates.bfill(axis=1)["1960"], rates.ffill(axis=1)["2011"]
    peak = rates.max(axis=1)
    return _readings(
        (
            (first - last).idxmax(),
            (1 - last / first).idxmax(),
            (peak - last).idxmax(),
            (1 - last / peak).idxmax(),
            (peak - rates.min(axis=1)).idxmax(),
            rates.diff(axis=1).min(axis=1).idxmin(),
            (rates.diff(axis=1) / rates.shift(axis=1)).min(axis=1).idxmin(),
        )
    )


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        Question(
            "y-most-miles",
            "In which years did people drive more than 9,900 miles? (see @driving)",
            lambda f: f["driving"].query("miles > 9900")[["year"]],
            source="packages",
        ),
    ),
    (
        "filter",
        Question(
            "y-still-above-six",
            "Pull the countries from @fertility that were still above 6 births per woman in 2011, together "
            "with the figure.",
            lambda f: f["fertility"][f["fertility"]["2011"] > 6][["Country Name", "2011"]],
            source="packages",
        ),
    ),
    (
        "filter",
        Question(
            "y-urban-schooling",
            "How many entries of @statecrime are at least 80 percent urban although fewer than 85 percent "
            "graduated from high school?",
            lambda f: len(f["statecrime"].query("urban >= 80 and hs_grad < 85")),
            source="packages",
        ),
    ),
    (
        "filter",
        Question(
            "y-all-three-work",
            "For which Bacteria in @antibiotics are the values of all three drugs 0.1 or lower?",
            lambda f: f["antibiotics"].query("Penicillin <= 0.1 and Streptomycin <= 0.1 and Neomycin <= 0.1")[
                ["Bacteria"]
            ],
            source="packages",
        ),
    ),
    (
        "group",
        Question(
            "y-genera",
            "per Genus in @antibiotics: how many bacteria, and what's the highest Penicillin value?",
            _genera,
            source="packages",
        ),
    ),
    (
        "group",
        Question(
            "y-small-states",
            "Which states and territories (column state) have five @us_airports or fewer? I need the code "
            "and how many airports it has; entries without a state don't matter.",
            _small_states,
            source="packages",
        ),
    ),
    (
        "group",
        Question(
            "y-carbon-decades",
            "Show the mean CO2 reading of each decade in @co2, from the 1960s up to the 1990s. Just skip "
            "weeks without a reading.",
            _decades,
            source="packages",
        ),
    ),
    (
        "group",
        Question(
            "y-capital-halves",
            "For each firm in @grunfeld I want its average capital for the years before 1945 next to its "
            "average capital from 1945 on, one row per firm.",
            _capital_halves,
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "y-heavy-chins",
            "List everyone who weighs over 190 (@physique): member number, weight, and how many chins they "
            "manage according to @exercise.",
            _heavy,
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "y-warm-januaries",
            "Find the years whose January in @elnino was above 25.5 degrees and put the mean of that year's "
            "readings in @co2 beside them. Leave out years that have no CO2 readings.",
            _warm_januaries,
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "y-seattle-highs",
            "On how many calendar days was the day's high in @seattle_temps above the same day's high in "
            "@sf_temps?",
            lambda f: int((_highs(f["seattle_temps"]) > _highs(f["sf_temps"])).sum()),
            source="packages",
        ),
    ),
    (
        "join",
        Question(
            "y-utilities-power",
            "One row for each year found in both @electricity and @employment, please: the net generation of "
            "all sources together, and the average over the months of the column utilities.",
            _utilities,
            source="packages",
        ),
    ),
    (
        "ratio",
        Question(
            "y-short-days",
            "What percentage of the days in @ohlc carry the signal 'short'?",
            lambda f: 100 * (f["ohlc"]["signal"] == "short").mean(),
            source="packages",
        ),
    ),
    (
        "ratio",
        Question(
            "y-construction-fall",
            "By how many percent did construction employment drop between January 2006 and January 2011? "
            "Source is @employment.",
            _construction,
            source="packages",
        ),
    ),
    (
        "ratio",
        Question(
            "y-wounds-share",
            "@crimea: take the months with more than 1000 deaths (wounds, other and disease together). What "
            "was the share of wounds in each of them, in percent? Date and share will do.",
            _wounds,
            source="packages",
        ),
    ),
    (
        "ratio",
        Question(
            "y-quarter-renewable",
            "In how many of the years in @electricity did Renewables deliver at least a quarter of that "
            "year's whole net generation?",
            _quarter_renewable,
            source="packages",
        ),
    ),
    (
        "date",
        Question(
            "y-coldest-hour",
            "When was it coldest in Seattle, going by @seattle_temps? Date with the hour, as one timestamp.",
            lambda f: f["seattle_temps"].loc[f["seattle_temps"]["temp"].idxmin(), "date"],
            source="packages",
        ),
    ),
    (
        "date",
        Question(
            "y-past-350",
            "What is the date of the very first reading above 350 in @co2?",
            lambda f: f["co2"][f["co2"]["co2"] > 350]["date"].min(),
            source="packages",
        ),
    ),
    (
        "date",
        Question(
            "y-weekday-span",
            "How far apart are high and low in @ohlc on average for each day of the week, Monday to Friday?",
            _weekdays,
            source="packages",
        ),
    ),
    (
        "date",
        Question(
            "y-seasons",
            "I'd like the average temperature per season from @sf_temps. Winter means December, January and "
            "February, spring March to May, summer June to August, autumn the rest.",
            _seasons,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "y-ibm-total",
            "Add up IBM's invest in @grunfeld year after year: year and the running total so far, oldest "
            "year first.",
            _ibm,
            ordered=True,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "y-retail-decembers",
            "How did retail_trade in @employment change from one December to the next, for every December "
            "from 2007 to 2015?",
            _retail,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "y-rising-streak",
            "How long was the longest unbroken run of years in @driving in which miles went up on the year "
            "before? Count the rises.",
            _streak,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "y-eleven-years",
            "Smooth @sunspots with an 11-year trailing mean (a year together with the ten before it, "
            "complete windows only). In which year does that mean peak?",
            _sunniest,
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "y-like-their-city",
            "How many of the @us_airports have a name that's identical to the name of their city?",
            lambda f: int((f["us_airports"]["name"] == f["us_airports"]["city"]).sum()),
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "y-letter-codes",
            "Count the @us_airports whose iata code is made of letters only, so without a digit in it",
            lambda f: int(f["us_airports"]["iata"].str.fullmatch("[A-Za-z]+").sum()),
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "y-lands",
            "Give me all country names in @fertility that end in 'land'.",
            _lands,
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "y-short-names",
            "For a chart I need the Bacteria of @antibiotics abbreviated: first letter of the first word, a "
            "full stop, a blank and the last word, e.g. 'E. coli'. Full name and short name, all of them.",
            _short_names,
            source="packages",
        ),
    ),
    (
        "reshape",
        Question(
            "y-causes-long",
            "Make @crimea long for the year 1854: a row per month and cause, with date, cause (named as the "
            "columns are: wounds, other, disease) and deaths.",
            _causes,
            source="packages",
        ),
    ),
    (
        "reshape",
        Question(
            "y-day-times",
            "Average temperatures from @seattle_temps as a grid, please: months down, and across four "
            "columns for the readings at 0, 6, 12 and 18 o'clock.",
            _day_times,
            source="packages",
        ),
    ),
    (
        "reshape",
        Question(
            "y-signal-months",
            "How often did each signal in @ohlc occur in June and in July? Signals as rows, the two months "
            "as columns.",
            _signals,
            source="packages",
        ),
    ),
    (
        "reshape",
        Question(
            "y-three-countries",
            "I want to plot Brazil, India and China from @fertility against each other, 1990 through 2000. "
            "Can you turn the table so that years are rows and each country has its own column?",
            _three_countries,
            source="packages",
        ),
    ),
    (
        "statistics",
        Question(
            "y-weight-waist",
            "Correlation of Weight with Waist in @physique (Pearson)?",
            lambda f: f["physique"]["Weight"].corr(f["physique"]["Waist"]),
            source="packages",
        ),
    ),
    (
        "statistics",
        Question(
            "y-1957",
            "How many standard deviations above the long-term mean was the year 1957 in @sunspots? Use the "
            "sample standard deviation over all years.",
            _deviations,
            source="packages",
        ),
    ),
    (
        "statistics",
        Question(
            "y-miles-forecast",
            "Suppose it is 1990: fit an ordinary straight line of miles on year through @driving up to and "
            "including 1990. What mileage does it predict for 2010?",
            _forecast,
            source="packages",
        ),
    ),
    (
        "statistics",
        Question(
            "y-violence-companion",
            "Which of hs_grad, poverty, single, white and urban goes along most closely with violent in "
            "@statecrime, judged by the absolute value of Pearson's correlation?",
            _companion,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "y-above-mean-close",
            "Number of days in @ohlc with a close above the mean close of the whole table?",
            lambda f: int((f["ohlc"]["close"] > f["ohlc"]["close"].mean()).sum()),
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "y-top-ten-1980",
            "Ten entries of @fertility had the highest rates in 1980. What did those same ten average "
            "in 2010?",
            _top_ten,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "y-steel-share",
            "Look for the year in which the firms of @grunfeld invested the most all together. What "
            "percentage of that year's sum was US Steel's?",
            _steel_share,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "y-north-south",
            "Leaving Alaska (AK) aside, which state with at least 50 @us_airports has the widest distance "
            "from its southernmost to its northernmost airport, measured in degrees of latitude?",
            _tall_state,
            source="packages",
        ),
    ),
    (
        "ambiguous",
        Question(
            "y-best-drug",
            "Which of the three drugs in @antibiotics works best?",
            _best_drug,
            source="packages",
        ),
    ),
    (
        "ambiguous",
        Question(
            "y-most-airports",
            "Where are there the most @us_airports?",
            _most_airports,
            source="packages",
        ),
    ),
    (
        "ambiguous",
        Question(
            "y-gas-seventies",
            "What did gas cost in the seventies, according to @driving?",
            _seventies,
            source="packages",
        ),
    ),
    (
        "ambiguous",
        Question(
            "y-fertility-fall",
            "Tell me which country in @fertility has seen the biggest fall.",
            _fallen,
            source="packages",
        ),
    ),
    (
        "unanswerable",
        Question(
            "y-highest-airport",
            "Which of the @us_airports lies highest above sea level?",
            lambda f: None,
            source="packages",
        ),
    ),
    (
        "unanswerable",
        Question(
            "y-profit-1950",
            "Which firm made the largest profit in 1950? We have @grunfeld for that.",
            lambda f: None,
            source="packages",
        ),
    ),
    (
        "unanswerable",
        Question(
            "y-french-soldiers",
            "How many French soldiers died of disease in January 1855, by @crimea?",
            lambda f: None,
            source="packages",
        ),
    ),
    (
        "unanswerable",
        Question(
            "y-body-mass-index",
            "Please work out the mean body mass index of the men in @physique.",
            lambda f: None,
            source="packages",
        ),
    ),
)
