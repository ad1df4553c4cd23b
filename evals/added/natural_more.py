"""Questions like those of the suite, over frames of packages, the library and the wholesaler."""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_packages = partial(Question, source="packages")
_library = partial(Question, source="library")
_wholesale = partial(Question, source="wholesale")


# filter


def _high_airports(frames: Frames) -> object:
    return int((frames["airports"]["alt"] > 5000).sum())


def _violent_not_poor(frames: Frames) -> object:
    crime = frames["statecrime"]
    return crime.loc[(crime["poverty"] < 11) & (crime["violent"] > 400), ["state", "poverty", "violent"]]


def _long_and_wrong(frames: Frames) -> object:
    ohlc = frames["ohlc"]
    return ohlc.loc[(ohlc["signal"] == "long") & (ohlc["close"] < ohlc["open"]), ["date", "open", "close"]]


def _old_and_thick(frames: Frames) -> object:
    books = frames["books"]
    return books.loc[(books["published"] < 1970) & (books["pages"] > 600), ["title", "genre", "pages"]]


def _big_credit(frames: Frames) -> object:
    found = frames["customers"]
    found = found[found["segment"].isin(["hotel", "restaurant"]) & (found["credit_limit"] >= 17000)]
    return found[["company", "credit_limit"]]


# group


def _engines(frames: Frames) -> object:
    grouped = frames["planes"].groupby("engine", as_index=False)
    return grouped.agg(planes=("tailnum", "size"), seats=("seats", "mean"))


def _horsepower(frames: Frames) -> object:
    known = frames["cars"].dropna(subset=["Horsepower"])
    return known.groupby("Origin", as_index=False)["Horsepower"].median()


def _investment(frames: Frames) -> object:
    means = frames["grunfeld"].groupby("firm", as_index=False)["invest"].mean()
    return means.sort_values("invest", ascending=False)


def _genera(frames: Frames) -> object:
    grouped = frames["antibiotics"].groupby(["Gram_Staining", "Genus"], as_index=False)
    return grouped.agg(bacteria=("Bacteria", "size"), neomycin=("Neomycin", "max"))


def _channels(frames: Frames) -> object:
    orders = frames["orders"]
    kept = orders[(orders["placed"].dt.year == 2024) & (orders["status"] != "X")]
    return kept.groupby("channel", as_index=False).agg(orders=("order_id", "size"))


# join


def _maker_at_lga(frames: Frames) -> object:
    flights = frames["flights"]
    joined = flights[flights["origin"] == "LGA"].merge(frames["planes"], on="tailnum")
    counts = joined["manufacturer"].value_counts()
    return pd.DataFrame({"manufacturer": [counts.index[0]], "flights": [int(counts.iloc[0])]})


def _unknown_airports(frames: Frames) -> object:
    flights = frames["flights"]
    lost = flights[~flights["dest"].isin(frames["airports"]["faa"])]
    return lost.groupby("dest", as_index=False).agg(flights=("flight", "size"))


def _chins_by_waist(frames: Frames) -> object:
    joined = frames["exercise"].merge(frames["physique"], on="member")
    return float(joined.loc[joined["Waist"] > 36, "Chins"].mean())


def _branch_loans(frames: Frames) -> object:
    loans = frames["loans"]
    joined = loans[loans["loaned"].dt.year == 2023].merge(frames["copies"], on="copy_id")
    joined = joined.merge(frames["branches"], on="branch_id")
    return joined.groupby("name", as_index=False).agg(loans=("loan_id", "size"))


def _brazilian_poetry(frames: Frames) -> object:
    books = frames["books"].merge(frames["book_authors"], on="book_id")
    joined = books.merge(frames["authors"], on="author_id")
    found = joined[(joined["country"] == "Brazil") & (joined["genre"] == "poetry")]
    return found[["name", "title", "published"]]


# ratio


def _late_share(frames: Frames) -> object:
    gone = frames["flights"].dropna(subset=["dep_delay"])
    late = (gone["dep_delay"] > 15).groupby(gone["origin"]).mean().mul(100)
    return late.rename("percent").reset_index()


def _two_giants(frames: Frames) -> object:
    found = frames["gapminder"].query("year == 2007 and continent == 'Asia'")
    both = found.loc[found["country"].isin(["China", "India"]), "pop"].sum()
    return float(100 * both / found["pop"].sum())


def _renewables(frames: Frames) -> object:
    power = frames["electricity"]
    power = power[power["year"].dt.year.isin([2001, 2009, 2017])]
    wide = power.pivot(index="year", columns="source", values="net_generation")
    share = 100 * wide["Renewables"] / wide.sum(axis=1)
    return pd.DataFrame({"year": share.index.year, "percent": share.to_numpy()})


def _unpaid_by_genre(frames: Frames) -> object:
    joined = frames["fines"].merge(frames["loans"], on="loan_id").merge(frames["copies"], on="copy_id")
    joined = joined.merge(frames["books"], on="book_id")
    total = joined.groupby("genre")["amount"].sum()
    unpaid = joined[joined["paid"] == 0].groupby("genre")["amount"].sum()
    return (100 * unpaid / total).rename("percent").reset_index()


def _sent_back(frames: Frames) -> object:
    joined = frames["order_lines"].merge(frames["orders"], on="order_id")
    done = joined[joined["status"] == "D"]
    return float(100 * done["qty_back"].sum() / done["qty"].sum())


# date


def _worst_day(frames: Frames) -> object:
    flights = frames["flights"]
    counts = flights[flights["dep_time"].isna()].groupby(["year", "month", "day"]).size()
    year, month, day = counts.idxmax()
    return pd.Timestamp(year, month, day)


def _warmest_hour(frames: Frames) -> object:
    temps = frames["seattle_temps"]
    temps = temps[temps["date"].dt.month == 7]
    return int(temps.groupby(temps["date"].dt.hour)["temp"].mean().idxmax())


def _decades(frames: Frames) -> object:
    co2 = frames["co2"].dropna()
    year = co2["date"].dt.year
    co2 = co2.assign(decade=year // 10 * 10)[year.between(1960, 1999)]
    return co2.groupby("decade", as_index=False)["co2"].mean()


def _kept_days(frames: Frames) -> object:
    loans = frames["loans"].dropna(subset=["returned"])
    loans = loans[loans["loaned"].dt.year == 2023]
    days = (loans["returned"] - loans["loaned"]).dt.days
    means = days.groupby(loans["loaned"].dt.quarter).mean()
    return pd.DataFrame({"quarter": means.index, "days": means.to_numpy()})


def _weekend_orders(frames: Frames) -> object:
    placed = frames["orders"]["placed"]
    return int(((placed.dt.year == 2024) & (placed.dt.day_of_week >= 5)).sum())


# window


def _best_months(frames: Frames) -> object:
    stocks = frames["stocks"].sort_values(["symbol", "date"])
    stocks = stocks.assign(gain=100 * stocks.groupby("symbol")["price"].pct_change())
    best = stocks.loc[stocks.groupby("symbol")["gain"].idxmax()]
    return best[["symbol", "date", "gain"]]


def _solar_peak(frames: Frames) -> object:
    spots = frames["sunspots"].set_index("YEAR")["SUNACTIVITY"]
    return int(spots.rolling(11, center=True).mean().idxmax())


def _building_slump(frames: Frames) -> object:
    falls = frames["employment"].sort_values("month")["construction"].diff() < 0
    return int(falls.groupby((~falls).cumsum()).sum().max())


def _running_orders(frames: Frames) -> object:
    orders = frames["orders"]
    placed = orders.loc[orders["placed"].dt.year == 2024, "placed"]
    counts = placed.dt.month.value_counts().sort_index()
    return pd.DataFrame({"month": counts.index, "orders": counts.to_numpy(), "total": counts.cumsum().array})


def _branch_favourites(frames: Frames) -> object:
    joined = frames["loans"].merge(frames["copies"], on="copy_id").merge(frames["books"], on="book_id")
    joined = joined.merge(frames["branches"], on="branch_id")
    counts = joined.groupby(["name", "genre"], as_index=False).agg(loans=("loan_id", "size"))
    return counts.loc[counts.groupby("name")["loans"].idxmax()]


# text


def _toyotas(frames: Frames) -> object:
    names = frames["cars"]["Name"]
    return int((names.str.startswith("toyota") | names.str.startswith("toyouta")).sum())


def _commas(frames: Frames) -> object:
    fertility = frames["fertility"]
    return fertility.loc[fertility["Country Name"].str.contains(",", regex=False), ["Country Name"]]


def _memorials(frames: Frames) -> object:
    airports = frames["us_airports"]
    named = airports[airports["name"].str.contains("Memorial", regex=False)]
    counts = named.groupby("state", as_index=False).agg(airports=("iata", "size"))
    return counts[counts["airports"] >= 5]


def _hosts(frames: Frames) -> object:
    hosts = frames["members"]["email"].dropna().str.split("@").str[1]
    counts = hosts.value_counts()
    return pd.DataFrame({"domain": counts.index, "members": counts.to_numpy()})


def _organic(frames: Frames) -> object:
    products = frames["products"]
    organic = products[products["name"].str.contains("organic", case=False)]
    kinds = organic["sku"].str[:3]
    return organic.groupby(kinds).agg(products=("product_id", "size")).reset_index()


# reshape


def _barley_years(frames: Frames) -> object:
    wide = frames["barley"].pivot_table(index="site", columns="year", values="yield", aggfunc="mean")
    return wide.rename_axis(columns=None).reset_index()


def _life_wide(frames: Frames) -> object:
    found = frames["gapminder"]
    found = found[found["year"].isin([1952, 1977, 2007])]
    wide = found.pivot_table(index="continent", columns="year", values="lifeExp", aggfunc="mean")
    return wide.rename_axis(columns=None).reset_index()


def _two_winters(frames: Frames) -> object:
    found = frames["elnino"].set_index("YEAR").loc[[1997.0, 1998.0]]
    wide = found.T
    return pd.DataFrame({"month": wide.index, "1997": wide[1997.0].array, "1998": wide[1998.0].array})


def _fertility_long(frames: Frames) -> object:
    found = frames["fertility"]
    found = found[found["Country Name"].isin(["Brazil", "Italy", "Kenya"])]
    long = found.melt("Country Name", ["1960", "1980", "2000"], "year", "rate")
    return long.assign(year=long["year"].astype(int))


def _region_status(frames: Frames) -> object:
    joined = (
        frames["orders"].merge(frames["customers"], on="customer_id").merge(frames["regions"], on="region_id")
    )
    return pd.crosstab(joined["name"], joined["status"]).rename_axis(columns=None).reset_index()


# statistics


def _proline(frames: Frames) -> object:
    wine = frames["wine"].drop(columns="target")
    return wine.corr()["proline"].drop("proline").abs().idxmax()


def _gentoo_slope(frames: Frames) -> object:
    found = frames["penguins"].dropna(subset=["flipper_length_mm", "body_mass_g"])
    found = found[found["species"] == "Gentoo"]
    return float(found["flipper_length_mm"].cov(found["body_mass_g"]) / found["flipper_length_mm"].var())


def _poverty_murder(frames: Frames) -> object:
    crime = frames["statecrime"]
    crime = crime[crime["state"] != "District of Columbia"]
    return float(crime["poverty"].corr(crime["murder"]))


def _spot_quartiles(frames: Frames) -> object:
    spots = frames["sunspots"]
    spots = spots.loc[spots["YEAR"].between(1800, 2000), "SUNACTIVITY"]
    return float(spots.quantile(0.75) - spots.quantile(0.25))


def _pages_and_loans(frames: Frames) -> object:
    joined = frames["loans"].merge(frames["copies"], on="copy_id")
    books = frames["books"].set_index("book_id")
    loans = joined.groupby("book_id").size().reindex(books.index, fill_value=0)
    return float(books["pages"].corr(loans))


# multi-step


def _busiest_five(frames: Frames) -> object:
    flights = frames["flights"]
    busiest = flights["dest"].value_counts().head(5).index
    found = flights[flights["dest"].isin(busiest)]
    counts = found.groupby(["dest", "carrier"], as_index=False).agg(
        flights=("flight", "size"), delay=("arr_delay", "mean")
    )
    best = counts.loc[counts.groupby("dest")["flights"].idxmax()]
    return best.merge(frames["airlines"], on="carrier")[["dest", "name", "delay"]]


def _shorter_lives(frames: Frames) -> object:
    wide = frames["gapminder"].pivot(index=["country", "continent"], columns="year", values="lifeExp")
    fallen = wide[wide[2007] < wide[1987]].reset_index()
    return fallen.groupby("continent", as_index=False).agg(countries=("country", "size"))


def _warmer_seattle(frames: Frames) -> object:
    means = [
        frame.groupby(frame["date"].dt.normalize())["temp"].mean()
        for frame in (frames["seattle_temps"], frames["sf_temps"])
    ]
    return int((means[0] > means[1]).sum())


def _careful_readers(frames: Frames) -> object:
    loans = frames["loans"].merge(frames["fines"][["loan_id", "amount"]], on="loan_id", how="left")
    grouped = loans.groupby("member_id", as_index=False).agg(
        loans=("loan_id", "size"), fines=("amount", "count")
    )
    found = grouped[(grouped["loans"] >= 10) & (grouped["fines"] <= 1)]
    return found.merge(frames["members"], on="member_id")[["name", "loans", "fines"]]


def _top_supplier(frames: Frames) -> object:
    joined = frames["order_lines"].merge(frames["orders"], on="order_id")
    joined = joined[(joined["placed"].dt.year == 2024) & (joined["status"] != "X")]
    joined = joined.merge(frames["products"], on="product_id").merge(frames["suppliers"], on="supplier_id")
    kept = joined["qty"] - joined["qty_back"]
    revenue = (kept * joined["unit_price"] * (1 - joined["disc"])).groupby(joined["company"]).sum()
    share = 100 * revenue.max() / revenue.sum()
    return pd.DataFrame({"supplier": [revenue.idxmax()], "percent": [share]})


# ambiguous


def _worst_airline(frames: Frames) -> object:
    flights = frames["flights"]
    names = frames["airlines"].set_index("carrier")["name"]
    codes: list[str] = []
    for column in ("dep_delay", "arr_delay"):
        known = flights.dropna(subset=[column])
        delay = known.groupby("carrier")[column]
        late = known[known[column] > 0]
        codes += [delay.mean().idxmax(), delay.median().idxmax(), delay.sum().idxmax(), delay.max().idxmax()]
        codes += [late["carrier"].value_counts().idxmax(), late.groupby("carrier")[column].mean().idxmax()]
        for minutes in (0, 15, 30, 60):
            codes.append((known[column] > minutes).groupby(known["carrier"]).mean().idxmax())
    codes.append(flights["dep_time"].isna().groupby(flights["carrier"]).mean().idxmax())
    found = list(dict.fromkeys(codes))
    return Readings((*found, *(names[code] for code in found)), ambiguous=True)


def _grown_most(frames: Frames) -> object:
    found = frames["gapminder"]
    found = found[found["year"].isin([1952, 2007])]
    countries: list[str] = []
    for column in ("pop", "gdpPercap", "lifeExp"):
        wide = found.pivot(index="country", columns="year", values=column)
        countries += [(wide[2007] - wide[1952]).idxmax(), (wide[2007] / wide[1952]).idxmax()]
    total = found.assign(gdp=found["gdpPercap"] * found["pop"])
    wide = total.pivot(index="country", columns="year", values="gdp")
    countries += [(wide[2007] - wide[1952]).idxmax(), (wide[2007] / wide[1952]).idxmax()]
    return Readings(tuple(dict.fromkeys(countries)), ambiguous=True)


def _safest(frames: Frames) -> object:
    crime = frames["statecrime"].set_index("state")
    return Readings((crime["violent"].idxmin(), crime["murder"].idxmin()), ambiguous=True)


def _popular_genre(frames: Frames) -> object:
    joined = frames["loans"].merge(frames["copies"], on="copy_id").merge(frames["books"], on="book_id")
    by_genre = joined.groupby("genre")
    copies = frames["copies"].merge(frames["books"], on="book_id").groupby("genre").size()
    books = frames["books"].groupby("genre").size()
    ways = [by_genre.size(), by_genre["member_id"].nunique(), by_genre.size() / copies]
    ways += [by_genre.size() / books, copies, books]
    return Readings(tuple(dict.fromkeys(way.idxmax() for way in ways)), ambiguous=True)


def _best_seller(frames: Frames) -> object:
    lines = frames["order_lines"].merge(frames["orders"], on="order_id")
    lines = lines.merge(frames["products"], on="product_id")
    price = lines["unit_price"] * (1 - lines["disc"])
    kept = lines["qty"] - lines["qty_back"]
    lines = lines.assign(
        kept=kept,
        charged=lines["qty"] * price,
        net=kept * price,
        listed=lines["qty"] * lines["unit_price"],
        profit=kept * (price - lines["unit_cost"]),
    )
    names: list[str] = []
    last_year = lines["placed"].dt.year == 2024
    for period in (lines, lines[last_year]):
        for part in (period, period[period["status"] != "X"], period[period["status"].isin(["S", "D"])]):
            grouped = part.groupby("name")
            sums = grouped[["qty", "kept", "charged", "net", "listed", "profit"]].sum()
            ways = [*(sums[column] for column in sums), grouped["order_id"].nunique()]
            for way in ways:
                names += way[way == way.max()].index.tolist()
    sku = frames["products"].set_index("name")["sku"]
    found = list(dict.fromkeys(names))
    return Readings((*found, *(sku[name] for name in found)), ambiguous=True)


def _none(frames: Frames) -> object:
    return None


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "filter",
        Question(
            "nc-high-airports", "How many of the airports in @airports sit above 5,000 feet?", _high_airports
        ),
    ),
    (
        "filter",
        _packages(
            "nc-violent-not-poor",
            "From @statecrime, list the states where fewer than 11 percent live in poverty and the violent "
            "crime rate is nevertheless above 400, with both figures.",
            _violent_not_poor,
        ),
    ),
    (
        "filter",
        _packages(
            "nc-long-but-fell",
            "@ohlc: on which days was the signal long although the price closed below where it opened? I "
            "want the date, the opening and the closing price.",
            _long_and_wrong,
        ),
    ),
    (
        "filter",
        _library(
            "nc-old-thick-books",
            "Which books published before 1970 run to more than 600 pages? Title, genre and pages please.",
            _old_and_thick,
        ),
    ),
    (
        "filter",
        _wholesale(
            "nc-hotel-restaurant-credit",
            "I need the hotels and restaurants among our customers that have been granted credit of 17,000 "
            "euros or more: company and limit.",
            _big_credit,
        ),
    ),
    (
        "group",
        Question(
            "nc-planes-by-engine",
            "For every engine type in @planes: how many planes have it, and how many seats do those planes "
            "have on average?",
            _engines,
        ),
    ),
    (
        "group",
        Question(
            "nc-horsepower-origin",
            "What is the median horsepower per origin in @cars? Skip cars whose horsepower isn't known.",
            _horsepower,
        ),
    ),
    (
        "group",
        _packages(
            "nc-firms-invest",
            "Average yearly investment of each firm in @grunfeld, the largest investor at the top.",
            _investment,
            ordered=True,
        ),
    ),
    (
        "group",
        _packages(
            "nc-gram-genus",
            "Break @antibiotics down by Gram staining and genus: the number of bacteria in each group and "
            "the highest neomycin value among them. Only combinations that occur.",
            _genera,
        ),
    ),
    (
        "group",
        _wholesale(
            "nc-orders-by-channel",
            "How many orders reached us through each channel in 2024, not counting the cancelled ones?",
            _channels,
        ),
    ),
    (
        "join",
        Question(
            "nc-lga-manufacturer",
            "Looking at departures from LGA in @flights and the manufacturers in @planes, whose aircraft "
            "were scheduled most often? Manufacturer as spelled in the data and the number of flights.",
            _maker_at_lga,
        ),
    ),
    (
        "join",
        Question(
            "nc-dest-without-airport",
            "Some destinations in @flights don't show up in @airports at all. Which codes are they, and how "
            "many flights went to each?",
            _unknown_airports,
        ),
    ),
    (
        "join",
        _packages(
            "nc-chins-waist",
            "Among the club members whose waist is over 36 in @physique, how many chin-ups do they manage "
            "on average according to @exercise?",
            _chins_by_waist,
        ),
    ),
    (
        "join",
        _library(
            "nc-loans-by-holding-branch",
            "Name each branch along with how many times copies that it holds were borrowed in 2023.",
            _branch_loans,
        ),
    ),
    (
        "join",
        _library(
            "nc-brazilian-poetry",
            "Which poetry titles do we have by Brazilian authors? Author, title and the year it was "
            "published, one row for each author and book.",
            _brazilian_poetry,
        ),
    ),
    (
        "ratio",
        Question(
            "nc-late-share-origin",
            "Of the flights in @flights that actually departed, what percentage left more than 15 minutes "
            "late at each of the three New York airports?",
            _late_share,
        ),
    ),
    (
        "ratio",
        Question(
            "nc-china-india-share",
            "What percent of Asia's population in @gapminder lived in China and India taken together in "
            "2007?",
            _two_giants,
        ),
    ),
    (
        "ratio",
        _packages(
            "nc-iowa-renewables",
            "How did the renewables' percentage of total net generation in @electricity look in 2001, 2009 "
            "and 2017? One row a year, the year as a plain number.",
            _renewables,
        ),
    ),
    (
        "ratio",
        _library(
            "nc-unpaid-fines-genre",
            "For each genre of the borrowed book, what percentage of the money charged in fines has not "
            "been paid?",
            _unpaid_by_genre,
        ),
    ),
    (
        "ratio",
        _wholesale(
            "nc-units-sent-back",
            "Across all delivered orders, what percentage of the units ordered did customers send back?",
            _sent_back,
        ),
    ),
    (
        "date",
        Question(
            "nc-worst-cancel-day",
            "Which date saw the most cancelled flights in @flights, i.e. flights without a departure time?",
            _worst_day,
        ),
    ),
    (
        "date",
        _packages(
            "nc-warmest-hour-july",
            "At what hour of the day (0-23) is it warmest on average in July, going by @seattle_temps?",
            _warmest_hour,
        ),
    ),
    (
        "date",
        _packages(
            "nc-co2-decades",
            "Average the weekly readings in @co2 over each decade from the 1960s to the 1990s; give the "
            "decade as its first year, e.g. 1960. Weeks without a reading don't count.",
            _decades,
        ),
    ),
    (
        "date",
        _library(
            "nc-days-kept-quarter",
            "How long did people keep what they borrowed in 2023? Average days from loan to return for each "
            "quarter (1 to 4) in which the loan began, only loans that have been returned.",
            _kept_days,
        ),
    ),
    (
        "date",
        _wholesale(
            "nc-weekend-orders",
            "How many orders were placed on a Saturday or Sunday in 2024, whatever became of them?",
            _weekend_orders,
        ),
    ),
    (
        "window",
        Question(
            "nc-best-month-stock",
            "For each symbol in @stocks find the month with the biggest percentage gain in price over the "
            "month before: symbol, date, gain in percent.",
            _best_months,
        ),
    ),
    (
        "window",
        _packages(
            "nc-sunspot-smooth-peak",
            "Smooth @sunspots with a centred 11-year moving average (five years either side, full windows "
            "only). In which year does the smoothed curve peak?",
            _solar_peak,
        ),
    ),
    (
        "window",
        _packages(
            "nc-construction-slump",
            "What's the longest unbroken run of months in @employment in which construction employment was "
            "lower than in the month before? Number of months.",
            _building_slump,
        ),
    ),
    (
        "window",
        _wholesale(
            "nc-running-orders",
            "Show month by month for 2024 (month as 1 to 12) how many orders were placed and the running "
            "total since January. Cancelled orders count too.",
            _running_orders,
            ordered=True,
        ),
    ),
    (
        "window",
        _library(
            "nc-branch-top-genre",
            "What's each branch's favourite genre, meaning the one whose copies held there were lent out "
            "most often over the whole period? Branch name, genre, number of loans.",
            _branch_favourites,
        ),
    ),
    (
        "text",
        Question(
            "nc-toyotas",
            "How many rows of @cars are Toyotas? The maker is the first word of the name, and mind that "
            "some were typed 'toyouta'.",
            _toyotas,
        ),
    ),
    (
        "text",
        _packages("nc-names-with-comma", "Which country names in @fertility have a comma in them?", _commas),
    ),
    (
        "text",
        _packages(
            "nc-memorial-airports",
            "Plenty of airports in @us_airports have 'Memorial' in their name. Which states have at "
            "least five of those, and how many each?",
            _memorials,
        ),
    ),
    (
        "text",
        _library(
            "nc-email-domains",
            "Count our members by the domain of their e-mail address (what comes after the @); leave out "
            "those who gave none.",
            _hosts,
        ),
    ),
    (
        "text",
        _wholesale(
            "nc-organic-by-prefix",
            "By the first three letters of the SKU, how many products carry the word organic in their name? "
            "Leave out prefixes that have none.",
            _organic,
        ),
    ),
    (
        "reshape",
        Question(
            "nc-barley-site-year",
            "Lay out @barley with a row per site and a column for each of the two years, the mean yield in "
            "the cells.",
            _barley_years,
        ),
    ),
    (
        "reshape",
        Question(
            "nc-life-three-years",
            "I'd like a small table from @gapminder: continents down the side, 1952, 1977 and 2007 across "
            "the top, and the unweighted mean of the countries' life expectancy in each cell.",
            _life_wide,
        ),
    ),
    (
        "reshape",
        _packages(
            "nc-elnino-side-by-side",
            "Put 1997 and 1998 from @elnino next to each other: twelve rows with the month's name as in the "
            "header, then the temperature of either year in its own column.",
            _two_winters,
        ),
    ),
    (
        "reshape",
        _packages(
            "nc-fertility-long",
            "Turn the fertility rates of Brazil, Italy and Kenya in @fertility into long form for 1960, "
            "1980 and 2000 only: country, year, rate.",
            _fertility_long,
        ),
    ),
    (
        "reshape",
        _wholesale(
            "nc-region-status",
            "Cross-tabulate our orders: one row per customer region (its name), one column per status code, "
            "counts in the cells and 0 where there are none.",
            _region_status,
        ),
    ),
    (
        "statistics",
        Question(
            "nc-proline-partner",
            "Leaving the target aside, which other column of @wine is most strongly correlated (Pearson, "
            "either sign) with proline?",
            _proline,
        ),
    ),
    (
        "statistics",
        Question(
            "nc-gentoo-slope",
            "Fit a straight line of body mass on flipper length for the Gentoo birds in @penguins (least "
            "squares, with intercept). How many grams heavier is a bird per additional millimetre of "
            "flipper?",
            _gentoo_slope,
        ),
    ),
    (
        "statistics",
        _packages(
            "nc-poverty-murder",
            "Without the District of Columbia, what is the Pearson correlation between poverty and the "
            "murder rate in @statecrime?",
            _poverty_murder,
        ),
    ),
    (
        "statistics",
        _packages(
            "nc-sunspot-iqr",
            "What is the interquartile range of the yearly sunspot activity in @sunspots from 1800 through "
            "2000?",
            _spot_quartiles,
        ),
    ),
    (
        "statistics",
        _library(
            "nc-pages-loans",
            "Do thicker books get borrowed less? Give the Pearson correlation between a book's pages and "
            "how often it has been lent, over all books, with 0 for those that never were.",
            _pages_and_loans,
        ),
    ),
    (
        "multi-step",
        Question(
            "nc-five-busiest-dests",
            "Take the five destinations with the most flights in @flights. For each, which airline (full "
            "name from @airlines) flies there most often, and what is that airline's mean arrival delay on "
            "the route from New York, over flights that arrived?",
            _busiest_five,
        ),
    ),
    (
        "multi-step",
        Question(
            "nc-life-fell",
            "Count, by continent, the countries in @gapminder whose life expectancy was lower in 2007 than "
            "it had been in 1987. Continents without such a country needn't be listed.",
            _shorter_lives,
        ),
    ),
    (
        "multi-step",
        _packages(
            "nc-seattle-warmer",
            "On how many days was Seattle warmer than San Francisco, comparing the daily mean of "
            "@seattle_temps with that of @sf_temps?",
            _warmer_seattle,
        ),
    ),
    (
        "multi-step",
        _library(
            "nc-rarely-fined",
            "Which members have borrowed ten times or more and yet been fined once at most? Name, "
            "number of loans, number of fines (0 if none).",
            _careful_readers,
        ),
    ),
    (
        "multi-step",
        _wholesale(
            "nc-top-supplier-share",
            "Whose products brought in the most money in 2024, and what percentage of that year's revenue "
            "is that? Revenue is what was charged after discount, units sent back taken off, cancelled "
            "orders left out, the year being that of the order. I want the supplier and the percentage.",
            _top_supplier,
        ),
    ),
    (
        "ambiguous",
        Question(
            "nc-worst-airline",
            "Which airline has the worst delays? (@flights, @airlines)",
            _worst_airline,
        ),
    ),
    (
        "ambiguous",
        Question(
            "nc-grown-most", "Which country in @gapminder has grown the most from 1952 to 2007?", _grown_most
        ),
    ),
    ("ambiguous", _packages("nc-safest-state", "Which is the safest state in @statecrime?", _safest)),
    ("ambiguous", _library("nc-popular-genre", "What is our strongest genre?", _popular_genre)),
    ("ambiguous", _wholesale("nc-best-seller", "What's our best-selling product?", _best_seller)),
    (
        "unanswerable",
        Question(
            "nc-ticket-price",
            "What did a ticket from JFK to Los Angeles cost on average in 2013? See @flights.",
            _none,
        ),
    ),
    (
        "unanswerable",
        Question("nc-penguin-age", "How old were the Adelie penguins in @penguins on average?", _none),
    ),
    (
        "unanswerable",
        _packages(
            "nc-airport-passengers",
            "Rank the ten airports in @us_airports that handled the most passengers.",
            _none,
        ),
    ),
    (
        "unanswerable",
        _library("nc-member-fees", "How much did we take in membership fees in 2023?", _none),
    ),
    (
        "unanswerable",
        _wholesale(
            "nc-sales-rep",
            "Which of our sales representatives closed the most orders last year?",
            _none,
        ),
    ),
)
