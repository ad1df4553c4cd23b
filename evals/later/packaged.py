"""Questions over the frames of the suite, by an author who knew neither the agent nor where it fails."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _early_but_late(f: Frames) -> int:
    flights = f["flights"]
    return int(((flights["dep_delay"] <= -10) & (flights["arr_delay"] > 0)).sum())


def _seats(f: Frames) -> pd.DataFrame:
    seats = f["planes"].groupby("manufacturer")["seats"].agg(["mean", "size"])
    return seats[seats["size"] >= 100].reset_index()[["manufacturer", "mean"]]


def _life_gap(f: Frames) -> object:
    life = f["gapminder"].query("year == 2007").groupby("continent")["lifeExp"]
    return (life.max() - life.min()).idxmax()


def _wet_days(f: Frames) -> pd.DataFrame:
    wet = f["weather"].query("precip > 0")[["origin", "year", "month", "day"]].drop_duplicates()
    return wet.groupby("origin").size().reset_index(name="n")


def _to_honolulu(f: Frames) -> pd.DataFrame:
    codes = f["flights"].query("dest == 'HNL'")["carrier"].unique()
    return f["airlines"][f["airlines"]["carrier"].isin(codes)][["name"]]


def _unknown_dests(f: Frames) -> pd.DataFrame:
    dests = f["flights"][["dest"]].drop_duplicates()
    return dests[~dests["dest"].isin(f["airports"]["faa"])]


def _fog_delay(f: Frames) -> float:
    hours = f["weather"][["origin", "time_hour", "visib"]]
    return float(f["flights"].merge(hours, on=["origin", "time_hour"]).query("visib < 1")["dep_delay"].mean())


def _oldest_fleet(f: Frames) -> object:
    used = f["flights"][["carrier", "tailnum"]].drop_duplicates()
    fleet = used.merge(f["planes"][["tailnum", "year"]], on="tailnum").merge(f["airlines"], on="carrier")
    return fleet.groupby("name")["year"].mean().idxmin()


def _on_time(f: Frames) -> pd.DataFrame:
    left = f["flights"].dropna(subset="dep_delay")
    return left["dep_delay"].le(0).groupby(left["origin"]).mean().mul(100).reset_index()


def _gdp_shares(f: Frames) -> pd.DataFrame:
    now = f["gapminder"].query("year == 2007")
    gdp = (now["pop"] * now["gdpPercap"]).groupby(now["continent"]).sum()
    return (gdp / gdp.sum() * 100).reset_index()


def _least_invested(f: Frames) -> pd.DataFrame:
    lowest = (f["macro"]["realinv"] / f["macro"]["realgdp"]).idxmin()
    return f["macro"].loc[[lowest], ["year", "quarter"]]


def _young(f: Frames) -> float:
    return float((f["riots"]["age"].dropna() < 30).mean() * 100)


def _google_januaries(f: Frames) -> pd.DataFrame:
    google = f["stocks"].query("symbol == 'GOOG'")
    return google[google["date"].dt.month == 1][["date", "price"]]


def _weekend(f: Frames) -> int:
    return int((pd.to_datetime(f["flights"][["year", "month", "day"]]).dt.day_of_week >= 5).sum())


def _wettest_quarter(f: Frames) -> float:
    return float(f["seattle"].set_index("date")["precipitation"].resample("QS").sum().max())


def _top_three(f: Frames) -> pd.DataFrame:
    ranked = f["gapminder"].query("year == 2007").sort_values("pop", ascending=False)
    return ranked.groupby("continent").head(3)[["continent", "country"]]


def _dry_spell(f: Frames) -> int:
    dry = f["seattle"].sort_values("date")["precipitation"].eq(0)
    return int(dry.groupby((~dry).cumsum()).sum().max())


def _deepest_fall(f: Frames) -> pd.DataFrame:
    macro = f["macro"].sort_values(["year", "quarter"])
    return macro.loc[[macro["realgdp"].pct_change().idxmin()], ["year", "quarter"]]


def _best_months(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].sort_values("date")
    gain = prices.groupby("symbol")["price"].pct_change() * 100
    prices = prices.assign(gain=gain)
    return prices.loc[prices.groupby("symbol")["gain"].idxmax(), ["symbol", "date", "gain"]]


def _own_code(f: Frames) -> int:
    known = f["flights"][["carrier", "tailnum"]].dropna()
    return int((known["tailnum"].str[-2:] == known["carrier"]).sum())


def _yearly_prices(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].assign(year=f["stocks"]["date"].dt.year).query("2005 <= year <= 2009")
    return prices.pivot_table(index="year", columns="symbol", values="price").reset_index()


def _long_temps(f: Frames) -> pd.DataFrame:
    week = f["seattle"][f["seattle"]["date"].between("2015-01-01", "2015-01-07")]
    return week.melt(id_vars="date", value_vars=["temp_min", "temp_max"])


def _welch(f: Frames) -> float:
    first, second = (f["barley"].query(f"year == {year}")["yield"] for year in (1931, 1932))
    return float(stats.ttest_ind(first, second, equal_var=False).pvalue)


def _variation(f: Frames) -> object:
    price = f["stocks"].groupby("symbol")["price"]
    return (price.std() / price.mean()).idxmax()


def _heavy_mileage(f: Frames) -> float:
    cars = f["cars"]
    return float(cars[cars["Weight_in_lbs"] > cars["Weight_in_lbs"].median()]["Miles_per_Gallon"].mean())


def _most_cancelled(f: Frames) -> object:
    busiest = f["flights"]["dest"].value_counts().head(10).index
    to_them = f["flights"][f["flights"]["dest"].isin(busiest)]
    return to_them["dep_time"].isna().groupby(to_them["dest"]).mean().idxmax()


def _fastest_grown(f: Frames) -> float:
    people = f["gapminder"].pivot(index="country", columns="year", values="pop")
    country = (people[2007] / people[1952]).idxmax()
    return float(f["gapminder"].query("year == 2007").set_index("country")["lifeExp"][country])


def _rainiest_at_jfk(f: Frames) -> int:
    days = f["weather"].query("origin == 'JFK'").groupby(["month", "day"])["precip"].sum()
    month, day = days.idxmax()
    there = f["flights"].query(f"origin == 'JFK' and month == {month} and day == {day}")
    return int(there["dep_time"].isna().sum())


def _punctual(f: Frames) -> Readings:
    flights = f["flights"]
    found = []
    for column in ("arr_delay", "dep_delay"):
        by = flights.dropna(subset=column).groupby("carrier")[column]
        found += [by.mean().idxmin(), by.median().idxmin(), by.std().idxmin()]
        # On time, by the minutes that are let pass.
        for allowed in (-1, 0, 5, 10, 15):
            on_time = flights[column] <= allowed
            found.append(on_time.groupby(flights["carrier"]).mean().idxmax())
            found.append(on_time[flights[column].notna()].groupby(flights["carrier"]).mean().idxmax())
    found.append(flights["dep_time"].isna().groupby(flights["carrier"]).mean().idxmin())
    return Readings(tuple(dict.fromkeys(found)), ambiguous=True)


def _germany(f: Frames) -> Readings:
    years = f["gapminder"].query("country == 'Germany'").set_index("year")
    values: list[object] = []
    for figure in (years["pop"], years["gdpPercap"], years["pop"] * years["gdpPercap"]):
        first, last = figure[1952], figure[2007]
        values += [last - first, (last / first - 1) * 100, last / first - 1, last / first]
    return Readings(tuple(values), ambiguous=True)


def _best_stock(f: Frames) -> Readings:
    price = f["stocks"].sort_values("date").groupby("symbol")["price"]
    growth = price.last() / price.first()
    found = [growth.idxmax(), (price.last() - price.first()).idxmax(), price.max().idxmax()]
    return Readings(
        tuple(dict.fromkeys([*found, price.mean().idxmax(), price.last().idxmax()])), ambiguous=True
    )


def _coldest_day(f: Frames) -> Readings:
    seattle = f["seattle"]
    means = (seattle["temp_min"] + seattle["temp_max"]) / 2
    rows = [figure.idxmin() for figure in (seattle["temp_min"], seattle["temp_max"], means)]
    return Readings(tuple(dict.fromkeys(seattle.loc[rows, "date"])), ambiguous=True)


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        Question(
            "x-dream-light",
            "How many of the @penguins on the island Dream weigh under 3.5 kg?",
            lambda f: len(f["penguins"].query("island == 'Dream' and body_mass_g < 3500")),
        ),
    ),
    (
        "filter",
        Question(
            "x-below-sea",
            "I need name and altitude of every airport in @airports that lies below sea level.",
            lambda f: f["airports"].query("alt < 0")[["name", "alt"]],
        ),
    ),
    (
        "filter",
        Question(
            "x-falling-prices",
            "In which quarters was inflation negative according to @macro? Year and quarter please.",
            lambda f: f["macro"].query("infl < 0")[["year", "quarter"]],
        ),
    ),
    (
        "filter",
        Question(
            "x-early-late",
            "How many @flights pulled out ten or more minutes ahead of schedule and still arrived late, "
            "i.e. with an arrival delay above zero?",
            _early_but_late,
        ),
    ),
    (
        "group",
        Question(
            "x-death-types",
            "Break the deaths in @riots down by type, with the count for each.",
            lambda f: f["riots"]["type"].value_counts().reset_index(),
        ),
    ),
    (
        "group",
        Question(
            "x-maker-seats",
            "For every manufacturer with 100 or more aircraft in @planes: how many seats do its aircraft "
            "have on average?",
            _seats,
        ),
    ),
    (
        "group",
        Question(
            "x-life-gap",
            "On which continent were the countries furthest apart in 2007, i.e. the largest gap between "
            "highest and lowest lifeExp in @gapminder?",
            _life_gap,
        ),
    ),
    (
        "group",
        Question(
            "x-wet-days",
            "@weather is hourly. On how many calendar days did each origin get any precipitation at all "
            "(at least one hour with precip above 0)?",
            _wet_days,
        ),
    ),
    (
        "join",
        Question(
            "x-honolulu",
            "Who flies to Honolulu (dest HNL in @flights)? Full company names from @airlines, each once.",
            _to_honolulu,
        ),
    ),
    (
        "join",
        Question(
            "x-unknown-dests",
            "Some destination codes in @flights don't exist in @airports (faa). Which ones?",
            _unknown_dests,
        ),
    ),
    (
        "join",
        Question(
            "x-fog-delay",
            "What was the mean departure delay of @flights scheduled in an hour when visibility (visib) at "
            "their origin was under 1 mile? @weather has the same origin and time_hour.",
            _fog_delay,
        ),
    ),
    (
        "join",
        Question(
            "x-oldest-fleet",
            "Which airline, by its name in @airlines, has the oldest fleet? Take the average year of "
            "construction in @planes over the aircraft it used in @flights, each aircraft counted once per "
            "airline, those without a year left out.",
            _oldest_fleet,
        ),
    ),
    (
        "ratio",
        Question(
            "x-under-30",
            "What percentage of the victims in @riots were younger than 30? Leave out anyone of unknown age.",
            _young,
        ),
    ),
    (
        "ratio",
        Question(
            "x-left-on-time",
            "Percentage of @flights that left on time or early (dep_delay at most 0), for each origin; "
            "only count flights with a departure delay on record.",
            _on_time,
        ),
    ),
    (
        "ratio",
        Question(
            "x-gdp-share",
            "If a country's total GDP is pop times gdpPercap, what percent of the world's GDP in 2007 came "
            "from each continent in @gapminder?",
            _gdp_shares,
        ),
    ),
    (
        "ratio",
        Question(
            "x-least-invested",
            "When was real investment the smallest as a share of real GDP in @macro? Tell me the year and "
            "the quarter.",
            _least_invested,
        ),
    ),
    (
        "date",
        Question(
            "x-google-januaries",
            "Show me date and price of all the January quotes of GOOG in @stocks.",
            _google_januaries,
        ),
    ),
    (
        "date",
        Question(
            "x-riots-span",
            "How many days passed from the earliest to the latest death date in @riots?",
            lambda f: (f["riots"]["death_date"].max() - f["riots"]["death_date"].min()).days,
        ),
    ),
    (
        "date",
        Question(
            "x-weekend",
            "How many @flights were on a Saturday or a Sunday (year, month and day give the date)?",
            _weekend,
        ),
    ),
    (
        "date",
        Question(
            "x-wettest-quarter",
            "Add up the precipitation in @seattle by calendar quarter of each year. How much fell in the "
            "wettest quarter?",
            _wettest_quarter,
        ),
    ),
    (
        "window",
        Question(
            "x-top-three",
            "The three most populous countries of every continent in 2007, please (@gapminder; Oceania has "
            "just two). Continent and country will do.",
            _top_three,
        ),
    ),
    (
        "window",
        Question(
            "x-dry-spell",
            "How long, in days, was the longest unbroken stretch of days with zero precipitation in "
            "@seattle?",
            _dry_spell,
        ),
    ),
    (
        "window",
        Question(
            "x-deepest-fall",
            "In which quarter did realgdp drop most in percent against the quarter before? @macro, give "
            "year and quarter.",
            _deepest_fall,
        ),
    ),
    (
        "window",
        Question(
            "x-best-months",
            "For each symbol in @stocks I'd like its best month: the date with the largest percentage gain "
            "over the previous date's price, and that gain in percent.",
            _best_months,
        ),
    ),
    (
        "text",
        Question(
            "x-incorporated",
            "How many names in @airlines end with Inc.?",
            lambda f: int(f["airlines"]["name"].str.endswith("Inc.").sum()),
        ),
    ),
    (
        "text",
        Question(
            "x-diesels",
            "What mileage (Miles_per_Gallon) do the diesels among the @cars get on average? You can tell "
            "them by the word diesel in the name.",
            lambda f: f["cars"][f["cars"]["Name"].str.contains("diesel")]["Miles_per_Gallon"].mean(),
        ),
    ),
    (
        "text",
        Question(
            "x-initials",
            "In how many rows of @riots does the first_name end with an initial, a single capital letter "
            "and a full stop as in Kevin J.?",
            lambda f: int(f["riots"]["first_name"].str.contains(r" [A-Z]\.$").sum()),
        ),
    ),
    (
        "text",
        Question(
            "x-own-code",
            "How many @flights have a tail number whose last two characters are the code of the carrier "
            "that operated them?",
            _own_code,
        ),
    ),
    (
        "reshape",
        Question(
            "x-islands",
            "Can I have a little matrix of @penguins: islands as rows, species as columns, head counts "
            "inside, 0 where a species is absent?",
            lambda f: pd.crosstab(f["penguins"]["island"], f["penguins"]["species"]).reset_index(),
        ),
    ),
    (
        "reshape",
        Question(
            "x-yearly-prices",
            "Average price per calendar year in @stocks for 2005 up to and including 2009, laid out with a "
            "row for each year and a column for each symbol",
            _yearly_prices,
        ),
    ),
    (
        "reshape",
        Question(
            "x-long-temps",
            "Put temp_min and temp_max of January 1 to 7, 2015 in @seattle into long format: columns date, "
            "measure (the name of the original column) and value, so two rows per day.",
            _long_temps,
        ),
    ),
    (
        "reshape",
        Question(
            "x-wine-profile",
            "Profile of the three classes in @wine: one row per measurement (every column but target), one "
            "column per target, the mean in each cell. The measurement's name goes in the first column.",
            lambda f: f["wine"].groupby("target").mean().T.rename_axis("measurement").reset_index(),
        ),
    ),
    (
        "statistics",
        Question(
            "x-bill-depth",
            "What's the median bill depth on each of the islands in @penguins?",
            lambda f: f["penguins"].groupby("island")["bill_depth_mm"].median().reset_index(),
        ),
    ),
    (
        "statistics",
        Question(
            "x-rank-bmi",
            "Compute Spearman's rank correlation of bmi with target in @diabetes.",
            lambda f: f["diabetes"]["bmi"].corr(f["diabetes"]["target"], method="spearman"),
        ),
    ),
    (
        "statistics",
        Question(
            "x-welch",
            "Did yields in @barley really differ between 1931 and 1932? Give the two-sided p-value of "
            "Welch's t-test (unequal variances) on the two years' yields, as independent samples.",
            _welch,
        ),
    ),
    (
        "statistics",
        Question(
            "x-variation",
            "Which symbol in @stocks has the highest coefficient of variation of its price (standard "
            "deviation over mean)?",
            _variation,
        ),
    ),
    (
        "multi-step",
        Question(
            "x-heavy-mileage",
            "Take the @cars heavier than the median weight. What is their mean Miles_per_Gallon, ignoring "
            "missing values?",
            _heavy_mileage,
        ),
    ),
    (
        "multi-step",
        Question(
            "x-most-cancelled",
            "Looking only at the ten destinations with the most @flights: which of them has the highest "
            "rate of cancellations, a cancelled flight being one without dep_time?",
            _most_cancelled,
        ),
    ),
    (
        "multi-step",
        Question(
            "x-fastest-grown",
            "Find the country in @gapminder whose population multiplied the most between 1952 and 2007. "
            "What was its life expectancy in 2007?",
            _fastest_grown,
        ),
    ),
    (
        "multi-step",
        Question(
            "x-rainiest-jfk",
            "On JFK's rainiest day (largest sum of precip over the day in @weather), how many @flights out "
            "of JFK were cancelled, meaning they have no dep_time?",
            _rainiest_at_jfk,
        ),
    ),
    (
        "ambiguous",
        Question("x-punctual", "Which carrier is the most punctual one in @flights?", _punctual),
    ),
    (
        "ambiguous",
        Question("x-germany", "How much did Germany grow between 1952 and 2007, by @gapminder?", _germany),
    ),
    (
        "ambiguous",
        Question("x-best-stock", "Which of the @stocks did best?", _best_stock),
    ),
    (
        "ambiguous",
        Question("x-coldest-day", "What was the coldest day in @seattle?", _coldest_day),
    ),
    (
        "unanswerable",
        Question(
            "x-passengers",
            "How many passengers were actually on board of the @flights to LAX in July? Aircraft details "
            "are in @planes.",
            lambda f: None,
        ),
    ),
    (
        "unanswerable",
        Question(
            "x-penguin-age",
            "How old were the @penguins on Dream on average when they were measured?",
            lambda f: None,
        ),
    ),
    (
        "unanswerable",
        Question(
            "x-jobless-men",
            "What was the unemployment rate among men in the third quarter of 2009, going by @macro?",
            lambda f: None,
        ),
    ),
    (
        "unanswerable",
        Question(
            "x-acres",
            "How many acres were sown with Velvet in 1932 according to @barley?",
            lambda f: None,
        ),
    ),
)
