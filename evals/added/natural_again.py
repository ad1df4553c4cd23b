"""Questions like those of the suite, over frames, the packages' tables and the two databases."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_packages = partial(Question, source="packages")
_library = partial(Question, source="library")
_wholesale = partial(Question, source="wholesale")


# Filter


def _late_to_denver(frames: Frames) -> int:
    flights = frames["flights"]
    found = (flights["origin"] == "LGA") & (flights["dest"] == "DEN") & (flights["month"] == 7)
    return int((found & (flights["dep_delay"] > 60)).sum())


def _penicillin(frames: Frames) -> pd.DataFrame:
    found = frames["antibiotics"]
    found = found[(found["Gram_Staining"] == "positive") & (found["Penicillin"] < 0.01)]
    return found[["Bacteria"]].reset_index(drop=True)


def _down_days(frames: Frames) -> pd.DataFrame:
    days = frames["ohlc"]
    found = days[(days["open"] - days["close"]).round(4) > 1]
    return found[["date", "open", "close"]].reset_index(drop=True)


def _thick_old_books(frames: Frames) -> pd.DataFrame:
    books = frames["books"]
    found = books[(books["pages"] > 600) & (books["published"] < 1975)]
    return found[["title", "genre", "published"]].reset_index(drop=True)


def _no_email(frames: Frames) -> pd.DataFrame:
    customers = frames["customers"]
    found = customers[customers["email"].isna() & customers["segment"].isin(["restaurant", "hotel"])]
    return found[["company", "city"]].reset_index(drop=True)


# Group


def _yields(frames: Frames) -> pd.DataFrame:
    barley = frames["barley"]
    return barley[barley["year"] == 1932].groupby("site", as_index=False)["yield"].mean()


def _victims(frames: Frames) -> pd.DataFrame:
    counts = frames["riots"].groupby("type", as_index=False).size()
    return counts.sort_values("size", ascending=False, ignore_index=True)


def _largest_investments(frames: Frames) -> pd.DataFrame:
    return frames["grunfeld"].groupby("firm", as_index=False)["invest"].max()


def _copies(frames: Frames) -> pd.DataFrame:
    copies = frames["copies"].merge(frames["branches"], on="branch_id")
    copies["damaged"] = copies["condition"].eq("damaged").astype(int)
    grouped = copies.groupby("name", as_index=False)
    return grouped.agg(copies=("copy_id", "count"), damaged=("damaged", "sum"))


def _by_channel(frames: Frames) -> pd.DataFrame:
    orders = frames["orders"]
    orders = orders[(orders["placed"].dt.year == 2024) & (orders["status"] != "X")]
    return orders.groupby("channel", as_index=False)["order_id"].count()


# Join


def _seats(frames: Frames) -> pd.DataFrame:
    flown = frames["flights"].merge(frames["planes"][["tailnum", "seats"]], on="tailnum")
    return flown.groupby("origin", as_index=False)["seats"].mean()


def _big_but_busy(frames: Frames) -> pd.DataFrame:
    club = frames["exercise"].merge(frames["physique"], on="member")
    found = club[(club["Waist"] >= 36) & (club["Situps"] > 150)]
    return found[["member", "Waist", "Situps"]].reset_index(drop=True)


def _warmer(frames: Frames) -> int:
    both = frames["seattle_temps"].merge(frames["sf_temps"], on="date", suffixes=("_seattle", "_sf"))
    return int((both["temp_seattle"] > both["temp_sf"]).sum())


def _poetry_readers(frames: Frames) -> int:
    loans = frames["loans"].merge(frames["copies"], on="copy_id").merge(frames["books"], on="book_id")
    loans = loans[(loans["genre"] == "poetry") & (loans["loaned"].dt.year == 2023)]
    members = frames["members"].merge(frames["branches"], left_on="home_branch_id", right_on="branch_id")
    riverside = members.loc[members["name_y"] == "Riverside", "member_id"]
    return int(loans.loc[loans["member_id"].isin(riverside), "member_id"].nunique())


def _italian_goods(frames: Frames) -> pd.DataFrame:
    suppliers = frames["suppliers"]
    italian = suppliers.loc[suppliers["country"] == "Italy", "supplier_id"]
    products = frames["products"]
    goods = products.loc[products["supplier_id"].isin(italian), "product_id"]
    lines = frames["order_lines"]
    lines = lines[lines["product_id"].isin(goods)].merge(frames["orders"], on="order_id")
    lines = lines.merge(frames["customers"], on="customer_id").merge(frames["regions"], on="region_id")
    return lines.groupby("name", as_index=False)["qty"].sum()


# Ratio


def _short_lives(frames: Frames) -> float:
    year = frames["gapminder"].query("year == 2007")
    return float(100 * year.loc[year["lifeExp"] < 60, "pop"].sum() / year["pop"].sum())


def _rainy(frames: Frames) -> pd.DataFrame:
    days = frames["seattle"]
    rain = days["weather"].eq("rain").groupby(days["date"].dt.year).mean() * 100
    return rain.rename_axis("year").rename("percent").reset_index()


def _disease(frames: Frames) -> float:
    deaths = frames["crimea"]
    deaths = deaths[deaths["date"].dt.year == 1855]
    return float(100 * deaths["disease"].sum() / deaths[["wounds", "other", "disease"]].sum().sum())


def _renewables(frames: Frames) -> float:
    found = frames["electricity"]
    wide = found.pivot_table(index=found["year"].dt.year, columns="source", values="net_generation")
    share = 100 * wide["Renewables"] / wide.sum(axis="columns")
    return float(share[2017] - share[2001])


def _sent_back(frames: Frames) -> pd.DataFrame:
    orders = frames["orders"]
    lines = frames["order_lines"].merge(orders[orders["status"] == "D"], on="order_id")
    lines = lines.merge(frames["products"][["product_id", "category_id"]], on="product_id")
    lines = lines.merge(frames["categories"], on="category_id")
    units = lines.groupby("name")[["qty", "qty_back"]].sum()
    return (100 * units["qty_back"] / units["qty"]).rename("percent").reset_index()


# Date


def _apple(frames: Frames) -> object:
    stocks = frames["stocks"]
    return stocks.loc[(stocks["symbol"] == "AAPL") & (stocks["price"] > 100), "date"].min().date()


def _saturdays(frames: Frames) -> int:
    days = pd.to_datetime(frames["flights"][["year", "month", "day"]])
    return int((days.dt.day_of_week == 5).sum())


def _august_afternoons(frames: Frames) -> float:
    temps = frames["seattle_temps"]
    found = (temps["date"].dt.month == 8) & (temps["date"].dt.hour == 15)
    return float(temps.loc[found, "temp"].mean())


def _quarters(frames: Frames) -> pd.DataFrame:
    loans = frames["loans"]
    loans = loans[loans["loaned"].dt.year == 2023]
    counts = loans.groupby(loans["loaned"].dt.quarter)["loan_id"].count()
    return counts.rename_axis("quarter").rename("loans").reset_index()


def _transit(frames: Frames) -> pd.DataFrame:
    sent = frames["shipments"].dropna(subset=["shipped", "delivered"])
    days = (sent["delivered"] - sent["shipped"]).dt.days
    return days.groupby(sent["carrier"]).mean().rename("days").reset_index()


# Window


def _worst_quarter(frames: Frames) -> pd.DataFrame:
    macro = frames["macro"].sort_values(["year", "quarter"])
    macro["percent"] = 100 * macro["realgdp"].pct_change()
    return macro.nsmallest(1, "percent")[["year", "quarter", "percent"]].reset_index(drop=True)


def _two_richest(frames: Frames) -> pd.DataFrame:
    year = frames["gapminder"].query("year == 2007").sort_values("gdpPercap", ascending=False)
    return year.groupby("continent").head(2)[["continent", "country", "gdpPercap"]].reset_index(drop=True)


def _sunspot_peak(frames: Frames) -> pd.DataFrame:
    spots = frames["sunspots"].sort_values("YEAR")
    spots["average"] = spots["SUNACTIVITY"].rolling(11).mean()
    return spots.nlargest(1, "average")[["YEAR", "average"]].reset_index(drop=True)


def _losing_streak(frames: Frames) -> int:
    losing = frames["employment"].sort_values("month")["nonfarm_change"] < 0
    return int(losing.groupby((~losing).cumsum()).sum().max())


def _running_orders(frames: Frames) -> pd.DataFrame:
    orders = frames["orders"]
    orders = orders[(orders["placed"].dt.year == 2024) & (orders["status"] != "X")]
    counts = orders.groupby(orders["placed"].dt.month)["order_id"].count()
    return pd.DataFrame({"orders": counts, "so_far": counts.cumsum()}).reset_index(drop=True)


# Text


def _regional(frames: Frames) -> int:
    return int(frames["airports"]["name"].str.contains("Regional", case=False, regex=False).sum())


def _makes(frames: Frames) -> pd.DataFrame:
    makes = frames["cars"]["Name"].str.split().str[0].value_counts().head(5)
    return makes.rename_axis("make").rename("cars").reset_index()


def _memorial(frames: Frames) -> pd.DataFrame:
    airports = frames["us_airports"]
    found = airports[airports["name"].str.strip().str.endswith("Memorial")]
    counts = found.groupby("state")["iata"].count().sort_values(ascending=False).head(1)
    return counts.reset_index()


def _domains(frames: Frames) -> pd.DataFrame:
    domains = frames["members"]["email"].dropna().str.split("@").str[1]
    return domains.value_counts().rename_axis("domain").rename("members").reset_index()


def _organic(frames: Frames) -> pd.DataFrame:
    products = frames["products"]
    organic = products[products["name"].str.contains("organic", regex=False)]
    organic = organic.merge(frames["categories"], on="category_id", suffixes=("", "_category"))
    return organic.groupby("name_category", as_index=False)["product_id"].count()


# Reshape


def _islands(frames: Frames) -> pd.DataFrame:
    penguins = frames["penguins"]
    return pd.crosstab(penguins["species"], penguins["island"]).reset_index()


def _elnino_long(frames: Frames) -> pd.DataFrame:
    wide = frames["elnino"]
    wide = wide[wide["YEAR"].between(2005, 2009)]
    return wide.melt(id_vars="YEAR", var_name="month", value_name="temperature")


def _births(frames: Frames) -> pd.DataFrame:
    wide = frames["fertility"].set_index("Country Name")
    found = wide.loc[["Germany", "France", "Italy"], ["1970", "1980", "1990", "2000", "2010"]]
    return found.T.rename_axis("year").reset_index()


def _genres_by_branch(frames: Frames) -> pd.DataFrame:
    loans = frames["loans"].merge(frames["copies"], on="copy_id").merge(frames["books"], on="book_id")
    loans = loans.merge(frames["branches"], on="branch_id")
    return pd.crosstab(loans["genre"], loans["name"]).reset_index()


# Statistics


def _flippers(frames: Frames) -> float:
    penguins = frames["penguins"]
    found = penguins[(penguins["species"] == "Gentoo") & (penguins["sex"] == "female")]
    return float(found["flipper_length_mm"].corr(found["body_mass_g"]))


def _alcohol(frames: Frames) -> pd.DataFrame:
    grouped = frames["wine"].groupby("target")["alcohol"]
    return grouped.agg(["mean", "std"]).reset_index()


def _poverty_slope(frames: Frames) -> float:
    crime = frames["statecrime"]
    crime = crime[crime["state"] != "District of Columbia"]
    return float(crime["murder"].cov(crime["poverty"]) / crime["poverty"].var())


def _spread(frames: Frames) -> float:
    temp = frames["sf_temps"]["temp"]
    return float(temp.quantile(0.75) - temp.quantile(0.25))


def _net(frames: Frames) -> pd.DataFrame:
    lines = frames["order_lines"].merge(frames["orders"], on="order_id")
    return lines.assign(net=lines["qty"] * lines["unit_price"] * (1 - lines["disc"]))


def _median_order(frames: Frames) -> float:
    lines = _net(frames)
    return float(lines[lines["status"] != "X"].groupby("order_id")["net"].sum().median())


# Multi-step


def _worst_of_ten(frames: Frames) -> pd.DataFrame:
    flights = frames["flights"]
    top = flights["dest"].value_counts().head(10).index
    delays = flights[flights["dest"].isin(top)].groupby("dest")["arr_delay"].mean()
    worst = delays.nlargest(1).rename_axis("faa").reset_index()
    return worst.merge(frames["airports"], on="faa")[["name", "arr_delay"]]


def _less_but_dearer(frames: Frames) -> pd.DataFrame:
    years = frames["driving"].sort_values("year")
    found = years[(years["miles"].diff() < 0) & (years["gas"].diff() > 0)]
    return found[["year"]].reset_index(drop=True)


def _northernmost(frames: Frames) -> pd.DataFrame:
    grouped = frames["us_airports"].groupby("state")["latitude"].agg(["count", "mean"])
    return grouped[grouped["count"] > 100].nlargest(1, "mean").reset_index()[["state", "mean"]]


def _damaged_branch(frames: Frames) -> str:
    copies = frames["copies"]
    branch = copies.loc[copies["condition"] == "damaged", "branch_id"].value_counts().idxmax()
    found = copies[copies["branch_id"] == branch]
    loans = frames["loans"].merge(found, on="copy_id").merge(frames["books"], on="book_id")
    return str(loans["genre"].value_counts().idxmax())


def _top_customers_category(frames: Frames) -> pd.DataFrame:
    lines = _net(frames)
    lines = lines[(lines["placed"].dt.year == 2024) & (lines["status"] != "X")]
    best = lines.groupby("customer_id")["net"].sum().idxmax()
    lines = lines[lines["customer_id"] == best].merge(frames["products"], on="product_id")
    spent = lines.groupby("category_id")["net"].sum().nlargest(1).reset_index()
    spent = spent.merge(frames["categories"], on="category_id").assign(customer_id=best)
    return spent.merge(frames["customers"], on="customer_id")[["company", "name", "net"]]


# Ambiguous


def _late_carriers(frames: Frames) -> Readings:
    flights = frames["flights"]
    flown = flights.assign(
        left_late=flights["dep_delay"].gt(0).where(flights["dep_delay"].notna()).astype(float),
        came_late=flights["arr_delay"].gt(0).where(flights["arr_delay"].notna()).astype(float),
        very_late=flights["arr_delay"].gt(15).where(flights["arr_delay"].notna()).astype(float),
    )
    measures = ["dep_delay", "arr_delay", "left_late", "came_late", "very_late"]
    grouped = flown.groupby("carrier")
    codes = {*grouped[measures].mean().idxmax(), *grouped[measures].sum().idxmax()}
    for column in ("dep_delay", "arr_delay"):
        delays = grouped[column]
        late = flown[flown[column] > 0].groupby("carrier")[column]
        codes |= {delays.median().idxmax(), delays.max().idxmax(), late.mean().idxmax(), late.sum().idxmax()}
    airlines = frames["airlines"]
    names = airlines.loc[airlines["carrier"].isin(codes), "name"]
    return Readings((*sorted(codes), *names), ambiguous=True)


def _growth(frames: Frames) -> Readings:
    wide = frames["gapminder"].pivot(index="country", columns="year", values=["pop", "gdpPercap", "lifeExp"])
    found = {}
    for column in ("pop", "gdpPercap", "lifeExp"):
        first, last = wide[column, 1952], wide[column, 2007]
        found |= {(last - first).idxmax(): None, (last / first).idxmax(): None}
    total = frames["gapminder"].assign(gdp=frames["gapminder"]["pop"] * frames["gapminder"]["gdpPercap"])
    gdp = total.pivot(index="country", columns="year", values="gdp")
    found |= {(gdp[2007] - gdp[1952]).idxmax(): None, (gdp[2007] / gdp[1952]).idxmax(): None}
    return Readings(tuple(found), ambiguous=True)


def _worst_state(frames: Frames) -> Readings:
    crime = frames["statecrime"].set_index("state").drop("District of Columbia")
    return Readings(tuple(dict.fromkeys(crime[["violent", "murder"]].idxmax())), ambiguous=True)


def _popular_book(frames: Frames) -> Readings:
    loans = frames["loans"].merge(frames["copies"], on="copy_id").merge(frames["books"], on="book_id")
    books, titles = loans.groupby("book_id"), loans.groupby("title")
    copies = frames["copies"].groupby("book_id")["copy_id"].count()
    per_copy = books["loan_id"].count() / copies
    ids = [books["loan_id"].count().idxmax(), books["member_id"].nunique().idxmax(), per_copy.idxmax()]
    named = frames["books"].set_index("book_id")["title"]
    by_title = [titles["loan_id"].count().idxmax(), titles["member_id"].nunique().idxmax()]
    found = [*(str(named[book]) for book in ids), *by_title]
    return Readings(tuple(dict.fromkeys(found)), ambiguous=True)


def _best_seller(frames: Frames) -> Readings:
    lines = _net(frames).merge(frames["products"], on="product_id")
    lines["kept"] = lines["qty"] - lines["qty_back"]
    lines["kept_net"] = lines["kept"] * lines["unit_price"] * (1 - lines["disc"])
    found = []
    for part in (lines, lines[lines["status"] != "X"], lines[lines["status"].isin(["S", "D"])]):
        grouped = part.groupby("name")
        found += [*grouped[["qty", "net", "kept", "kept_net"]].sum().idxmax()]
        orders = grouped["order_id"].nunique()
        found += [*orders[orders == orders.max()].index]
    return Readings(tuple(dict.fromkeys(found)), ambiguous=True)


def _nothing(frames: Frames) -> None:
    """The data hold no answer."""


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        Question(
            "nb-late-to-denver",
            "How many of the @flights from LaGuardia (LGA) to Denver (DEN) in July left more than an hour "
            "late?",
            _late_to_denver,
        ),
    ),
    (
        "filter",
        _packages(
            "nb-penicillin-positive",
            "Which Gram-positive bacteria in @antibiotics have a Penicillin value below 0.01? Names only.",
            _penicillin,
        ),
    ),
    (
        "filter",
        _packages(
            "nb-down-more-than-a-point",
            "Show me the trading days in @ohlc where the close ended up more than one whole point under the "
            "open, with date, open and close.",
            _down_days,
        ),
    ),
    (
        "filter",
        _library(
            "nb-thick-old-books",
            "I'm looking for our old doorstoppers: books of more than 600 pages published before 1975. Give "
            "me title, genre and year of publication.",
            _thick_old_books,
        ),
    ),
    (
        "filter",
        _wholesale(
            "nb-no-email",
            "Which restaurant and hotel customers can't we reach by email because we have no address for "
            "them? Company and city, please.",
            _no_email,
        ),
    ),
    (
        "group",
        Question("nb-yield-by-site", "Average yield per site in @barley for 1932, please.", _yields),
    ),
    (
        "group",
        Question(
            "nb-riot-deaths-by-type",
            "Count the deaths in @riots by type, the most frequent type first.",
            _victims,
            ordered=True,
        ),
    ),
    (
        "group",
        _packages(
            "nb-largest-investment",
            "For each firm in @grunfeld, what was the highest annual investment it ever made?",
            _largest_investments,
        ),
    ),
    (
        "group",
        _library(
            "nb-copies-and-damaged",
            "For each branch by name: how many copies does it hold, and how many of those are damaged?",
            _copies,
        ),
    ),
    (
        "group",
        _wholesale(
            "nb-orders-by-channel",
            "How did the 2024 orders come in? I'd like the number of orders per sales channel, cancelled "
            "ones not counted.",
            _by_channel,
        ),
    ),
    (
        "join",
        Question(
            "nb-seats-by-origin",
            "Do bigger aircraft fly out of JFK? Give me, per origin in @flights, the average number of "
            "seats of the plane (from @planes), each flight counted once; leave out flights whose tail "
            "number isn't in @planes.",
            _seats,
        ),
    ),
    (
        "join",
        _packages(
            "nb-waist-and-situps",
            "Which members with a waist of 36 or more (@physique) still manage more than 150 sit-ups "
            "(@exercise)? List member, waist and sit-ups.",
            _big_but_busy,
        ),
    ),
    (
        "join",
        _packages(
            "nb-seattle-warmer",
            "Comparing @seattle_temps and @sf_temps hour by hour, in how many hours was Seattle strictly "
            "warmer than San Francisco?",
            _warmer,
        ),
    ),
    (
        "join",
        _library(
            "nb-riverside-poetry",
            "How many different members whose home branch is Riverside borrowed at least one poetry book in "
            "2023, no matter from which branch?",
            _poetry_readers,
        ),
    ),
    (
        "join",
        _wholesale(
            "nb-italian-goods",
            "How many units of products from Italian suppliers were ordered by customers of each region? "
            "Use region names; every order counts, whatever its status, and returns aren't deducted.",
            _italian_goods,
        ),
    ),
    (
        "ratio",
        Question(
            "nb-short-lives",
            "In 2007, what percentage of the total population in @gapminder lived in countries with a life "
            "expectancy under 60 years?",
            _short_lives,
        ),
    ),
    (
        "ratio",
        Question(
            "nb-rainy-share",
            "What percent of the days of each year in @seattle has the weather 'rain'?",
            _rainy,
        ),
    ),
    (
        "ratio",
        _packages(
            "nb-crimea-disease",
            "Of all deaths recorded in @crimea for the year 1855 (wounds, disease and other causes "
            "together), what percentage was due to disease?",
            _disease,
        ),
    ),
    (
        "ratio",
        _packages(
            "nb-renewables-share",
            "By how many percentage points did renewables' share of total net generation in @electricity "
            "rise between 2001 and 2017?",
            _renewables,
        ),
    ),
    (
        "ratio",
        _wholesale(
            "nb-sent-back-by-category",
            "Return rates: looking only at delivered orders, what percentage of the units ordered was sent "
            "back in each product category?",
            _sent_back,
        ),
    ),
    (
        "date",
        Question(
            "nb-apple-over-100",
            "When did Apple (AAPL) first show a price over 100 in @stocks?",
            _apple,
        ),
    ),
    (
        "date",
        Question(
            "nb-saturday-flights",
            "How many @flights were scheduled on a Saturday in 2013, counting those that never took off as "
            "well? Go by year, month and day.",
            _saturdays,
        ),
    ),
    (
        "date",
        _packages(
            "nb-august-afternoons",
            "What's the mean temperature at 3 pm in August according to @seattle_temps?",
            _august_afternoons,
        ),
    ),
    (
        "date",
        _library(
            "nb-loans-by-quarter",
            "Number of loans started in each quarter (1 to 4) of 2023?",
            _quarters,
        ),
    ),
    (
        "date",
        _wholesale(
            "nb-days-in-transit",
            "How long are goods on the road? Average number of days from shipping to delivery per carrier, "
            "for the shipments that have already arrived.",
            _transit,
        ),
    ),
    (
        "window",
        Question(
            "nb-worst-quarter",
            "In which quarter of @macro did real GDP fall most against the quarter before, in percent? "
            "Year, quarter and the percent change (negative for a fall).",
            _worst_quarter,
        ),
    ),
    (
        "window",
        Question(
            "nb-two-richest",
            "The two countries with the highest GDP per head on each continent in 2007 (@gapminder): "
            "continent, country, GDP per head.",
            _two_richest,
        ),
    ),
    (
        "window",
        _packages(
            "nb-sunspot-average",
            "Smooth @sunspots with an 11-year moving average, each window ending in the year it is given "
            "for and only full windows. In which year does the average peak, and at what value?",
            _sunspot_peak,
        ),
    ),
    (
        "window",
        _packages(
            "nb-losing-streak",
            "What is the longest unbroken run of months in @employment with a negative nonfarm_change? "
            "Number of months.",
            _losing_streak,
        ),
    ),
    (
        "window",
        _wholesale(
            "nb-orders-so-far",
            "Month by month through 2024, January first: how many orders were placed (ignore cancelled "
            "ones), and how many had there been since the start of the year by the end of that month?",
            _running_orders,
            ordered=True,
        ),
    ),
    (
        "text",
        Question(
            "nb-regional-airports",
            "How many names in @airports contain the word Regional?",
            _regional,
        ),
    ),
    (
        "text",
        Question(
            "nb-makes",
            "Taking the first word of Name as the make, just as it is spelled there, which five makes have "
            "the most rows in @cars, and how many each?",
            _makes,
        ),
    ),
    (
        "text",
        _packages(
            "nb-memorial-airports",
            "Which state has the most airports in @us_airports whose name ends in 'Memorial', and how many "
            "are there?",
            _memorial,
        ),
    ),
    (
        "text",
        _library(
            "nb-email-domains",
            "What mail providers do our members use? Count members by the part of the email address after "
            "the @ sign, skipping those without one.",
            _domains,
        ),
    ),
    (
        "text",
        _wholesale(
            "nb-organic-products",
            "How many products carry 'organic' in their name, by category? Categories without any can be "
            "left out.",
            _organic,
        ),
    ),
    (
        "reshape",
        Question(
            "nb-species-by-island",
            "Lay @penguins out as a grid: a row per species, a column per island, the number of birds in "
            "each cell and 0 where there are none.",
            _islands,
        ),
    ),
    (
        "reshape",
        _packages(
            "nb-elnino-long",
            "I need @elnino in long form for 2005 through 2009: year, month (the column's name, like JAN) "
            "and temperature, one row for each month.",
            _elnino_long,
        ),
    ),
    (
        "reshape",
        _packages(
            "nb-births-by-year",
            "From @fertility, put the years 1970, 1980, 1990, 2000 and 2010 in rows and Germany, France and "
            "Italy in columns.",
            _births,
        ),
    ),
    (
        "reshape",
        _library(
            "nb-genres-by-branch",
            "Crosstab of all loans: genres down the side, the branches that own the copy across the top, "
            "number of loans inside.",
            _genres_by_branch,
        ),
    ),
    (
        "statistics",
        Question(
            "nb-gentoo-flippers",
            "How strongly do flipper length and body mass correlate (Pearson) among female Gentoo @penguins?",
            _flippers,
        ),
    ),
    (
        "statistics",
        Question(
            "nb-alcohol-spread",
            "Mean and sample standard deviation of alcohol for each target class in @wine.",
            _alcohol,
        ),
    ),
    (
        "statistics",
        _packages(
            "nb-poverty-slope",
            "Fit a straight line (ordinary least squares, with intercept) of murder on poverty over the "
            "states in @statecrime, District of Columbia left out. What is the slope?",
            _poverty_slope,
        ),
    ),
    (
        "statistics",
        _packages(
            "nb-sf-spread",
            "What's the interquartile range of the temperatures in @sf_temps?",
            _spread,
        ),
    ),
    (
        "statistics",
        _wholesale(
            "nb-median-order",
            "What is the median order value in euros, after discounts, ignoring cancelled orders and not "
            "taking off returns?",
            _median_order,
        ),
    ),
    (
        "multi-step",
        Question(
            "nb-worst-of-ten",
            "Take the ten destinations with the most @flights. Which of them has the highest average "
            "arrival delay? Full airport name from @airports and that average in minutes.",
            _worst_of_ten,
        ),
    ),
    (
        "multi-step",
        _packages(
            "nb-less-but-dearer",
            "In which years of @driving did people drive fewer miles than the year before while gas got "
            "more expensive than the year before?",
            _less_but_dearer,
        ),
    ),
    (
        "multi-step",
        _packages(
            "nb-northernmost-state",
            "Among the states with more than 100 airports in @us_airports, which one's airports lie "
            "furthest north on average? State and mean latitude.",
            _northernmost,
        ),
    ),
    (
        "multi-step",
        _library(
            "nb-damaged-branch-genre",
            "At the branch that has the most damaged copies, books of which genre have been lent out most "
            "often?",
            _damaged_branch,
        ),
    ),
    (
        "multi-step",
        _wholesale(
            "nb-top-customer-category",
            "Who spent the most with us in 2024 after discounts (cancelled orders aside, returns not "
            "deducted, by order date), and on which product category did that customer spend most that "
            "year? Company, category and the amount spent on that category.",
            _top_customers_category,
        ),
    ),
    (
        "ambiguous",
        Question("nb-latest-carrier", "Which airline has the worst delays in @flights?", _late_carriers),
    ),
    (
        "ambiguous",
        Question(
            "nb-most-growth",
            "Which country in @gapminder grew the most from 1952 to 2007?",
            _growth,
        ),
    ),
    (
        "ambiguous",
        _packages(
            "nb-worst-state",
            "Leaving out the District of Columbia, which state in @statecrime has the worst crime?",
            _worst_state,
        ),
    ),
    (
        "ambiguous",
        _library("nb-popular-book", "What's the title of our most popular book?", _popular_book),
    ),
    (
        "ambiguous",
        _wholesale("nb-best-seller", "What is our best-selling product?", _best_seller),
    ),
    (
        "unanswerable",
        Question("nb-ticket-price", "What did a ticket cost on average, by carrier, in @flights?", _nothing),
    ),
    (
        "unanswerable",
        Question(
            "nb-seattle-sunshine",
            "How many hours of sunshine did Seattle get in July 2014, going by @seattle?",
            _nothing,
        ),
    ),
    (
        "unanswerable",
        _packages(
            "nb-runways",
            "Which airport in @us_airports has the longest runway?",
            _nothing,
        ),
    ),
    (
        "unanswerable",
        _library(
            "nb-librarians",
            "Which of our librarians checked out the most loans in 2023?",
            _nothing,
        ),
    ),
    (
        "unanswerable",
        _wholesale(
            "nb-freight-costs",
            "How much did we pay each carrier in freight in 2024?",
            _nothing,
        ),
    ),
)
