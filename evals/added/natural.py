"""Questions over packaged tables, the library and the wholesaler, in an analyst's own words."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_packages = partial(Question, source="packages")
_library = partial(Question, source="library")
_wholesale = partial(Question, source="wholesale")

_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def _nothing(_: Frames) -> object:
    return None


# filter


def _late_to_los_angeles(frames: Frames) -> object:
    f = frames["flights"]
    return int(
        ((f["origin"] == "JFK") & (f["dest"] == "LAX") & (f["month"] == 7) & (f["dep_delay"] > 120)).sum()
    )


def _women_of_forty(frames: Frames) -> object:
    r = frames["riots"]
    return r.loc[(r["gender"] == "Female") & (r["age"] >= 40), ["first_name", "last_name", "age"]]


def _neither_poor_nor_safe(frames: Frames) -> object:
    s = frames["statecrime"]
    return s.loc[(s["poverty"] < 12) & (s["violent"] > 300), ["state"]]


def _arctic(frames: Frames) -> object:
    a = frames["us_airports"]
    return int(((a["state"] == "AK") & (a["latitude"] >= 66.5)).sum())


def _damaged_at_harbour(frames: Frames) -> object:
    copies = frames["copies"].merge(frames["branches"], on="branch_id").merge(frames["books"], on="book_id")
    return copies.loc[
        (copies["name"] == "Harbour") & (copies["condition"] == "damaged"), ["copy_id", "title"]
    ]


def _discontinued(frames: Frames) -> object:
    p = frames["products"].dropna(subset="discontinued")
    return p.sort_values("discontinued", ascending=False)[["sku", "name", "discontinued"]]


# group


def _engines(frames: Frames) -> object:
    return frames["planes"].groupby("engine")["seats"].agg(["size", "mean"]).reset_index()


def _windiest_weather(frames: Frames) -> object:
    return frames["seattle"].groupby("weather")["wind"].mean().idxmax()


def _invested(frames: Frames) -> object:
    return frames["grunfeld"].groupby("firm")["invest"].sum().sort_values(ascending=False).reset_index()


def _penicillin(frames: Frames) -> object:
    return frames["antibiotics"].groupby("Genus")["Penicillin"].agg(["size", "median"]).reset_index()


def _genres(frames: Frames) -> object:
    return frames["books"].groupby("genre")["pages"].agg(["size", "mean"]).reset_index()


def _channels(frames: Frames) -> object:
    o = frames["orders"]
    return o[(o["placed"].dt.year == 2024) & (o["status"] != "X")].groupby("channel").size().reset_index()


# join


def _manufacturers(frames: Frames) -> object:
    flown = frames["flights"].merge(frames["planes"][["tailnum", "manufacturer"]], on="tailnum")
    return flown["manufacturer"].value_counts().head(5).reset_index()


def _unknown_destinations(frames: Frames) -> object:
    f = frames["flights"]
    return f.loc[~f["dest"].isin(frames["airports"]["faa"]), "dest"].value_counts().reset_index()


def _situps(frames: Frames) -> object:
    club = frames["exercise"].merge(frames["physique"], on="member")
    return club.loc[club["Waist"] > 36, "Situps"].mean()


def _warmer_in_seattle(frames: Frames) -> object:
    both = frames["seattle_temps"].merge(frames["sf_temps"], on="date", suffixes=("_seattle", "_sf"))
    return int((both["temp_seattle"] > both["temp_sf"]).sum())


def _strangers(frames: Frames) -> object:
    loans = frames["loans"].merge(frames["copies"], on="copy_id").merge(frames["members"], on="member_id")
    strange = loans[loans["branch_id"] != loans["home_branch_id"]]
    return (
        strange.groupby("branch_id")
        .size()
        .rename(frames["branches"].set_index("branch_id")["name"])
        .reset_index()
    )


def _supplied(frames: Frames) -> object:
    counts = frames["products"]["supplier_id"].value_counts()
    s = frames["suppliers"]
    return s.assign(products=s["supplier_id"].map(counts).fillna(0).astype(int))[["company", "products"]]


# ratio


def _cancelled(frames: Frames) -> object:
    f = frames["flights"]
    return (f["dep_time"].isna().groupby(f["origin"]).mean() * 100).reset_index()


def _bill_shape(frames: Frames) -> object:
    p = frames["penguins"]
    return (p["bill_length_mm"] / p["bill_depth_mm"]).groupby(p["species"]).mean().reset_index(name="ratio")


def _renewable(frames: Frames) -> object:
    e = frames["electricity"]
    e = e[e["year"].dt.year == 2017].set_index("source")["net_generation"]
    return e["Renewables"] / e.sum() * 100


def _disease(frames: Frames) -> object:
    c = frames["crimea"]
    total = c.loc[c["date"].dt.year == 1855, ["wounds", "other", "disease"]].sum()
    return total["disease"] / total.sum() * 100


def _paid_fines(frames: Frames) -> object:
    f = frames["fines"]
    return f.loc[f["paid"] == 1, "amount"].sum() / f["amount"].sum() * 100


def _sent_back(frames: Frames) -> object:
    p = frames["products"].merge(frames["categories"].rename(columns={"name": "category"}), on="category_id")
    lines = frames["order_lines"].merge(p[["product_id", "category"]], on="product_id")
    sums = lines.groupby("category")[["qty", "qty_back"]].sum()
    return (sums["qty_back"] / sums["qty"] * 100).reset_index()


# date


def _weekdays(frames: Frames) -> object:
    days = pd.to_datetime(frames["flights"][["year", "month", "day"]]).dt.day_name()
    return days.value_counts().reindex(_WEEKDAYS).reset_index()


def _wettest_days(frames: Frames) -> object:
    s = frames["seattle"]
    return s.loc[s.groupby(s["date"].dt.year)["precipitation"].idxmax(), ["date", "precipitation"]]


def _above_350(frames: Frames) -> object:
    c = frames["co2"]
    return c.loc[c["co2"] > 350, "date"].min()


def _day_and_night(frames: Frames) -> object:
    s = frames["sf_temps"]
    hour = s["date"].dt.hour
    return s.loc[hour.between(12, 17), "temp"].mean() - s.loc[hour.between(0, 5), "temp"].mean()


def _kept(frames: Frames) -> object:
    back = frames["loans"].dropna(subset="returned")
    days = (back["returned"] - back["loaned"]).dt.days
    return days.groupby(back["loaned"].dt.year).mean().reset_index(name="days")


def _paid_late(frames: Frames) -> object:
    p = frames["payments"]
    p = p[p["paid_on"].dt.year == 2024]
    return (p["paid_on"] - p["due"]).dt.days.groupby(p["method"]).mean().reset_index(name="days")


# window


def _best_months(frames: Frames) -> object:
    s = frames["stocks"].sort_values(["symbol", "date"])
    s = s.assign(gain=s.groupby("symbol")["price"].pct_change() * 100)
    return s.loc[s.groupby("symbol")["gain"].idxmax(), ["symbol", "date", "gain"]]


def _worst_fall(frames: Frames) -> object:
    g = frames["gapminder"].sort_values(["country", "year"])
    worst = g.groupby("country")["lifeExp"].diff().idxmin()
    return g.loc[[worst], ["country", "year"]]


def _solar_peak(frames: Frames) -> object:
    s = frames["sunspots"].set_index("YEAR")["SUNACTIVITY"]
    return int(s.rolling(11).mean().idxmax())


def _jobs_lost(frames: Frames) -> object:
    e = frames["employment"]
    e = e.loc[pd.to_datetime(e["month"]).dt.year == 2009, ["month", "nonfarm_change"]]
    return e.assign(total=e["nonfarm_change"].cumsum())


def _longest_pause(frames: Frames) -> object:
    loans = frames["loans"].sort_values(["member_id", "loaned"])
    return int(loans.groupby("member_id")["loaned"].diff().dt.days.max())


def _order_values(frames: Frames) -> pd.DataFrame:
    """Orders with `value`, after discount; cancelled ones too."""
    lines = frames["order_lines"]
    value = (lines["qty"] * lines["unit_price"] * (1 - lines["disc"])).groupby(lines["order_id"]).sum()
    return frames["orders"].assign(value=frames["orders"]["order_id"].map(value))


def _months(frames: Frames) -> object:
    o = _order_values(frames)
    o = o[o["status"] != "X"]
    sums = o.groupby(o["placed"].dt.to_period("M"))["value"].sum()
    table = pd.DataFrame({"value": sums, "change": sums.pct_change() * 100})
    return table.tail(12).reset_index(drop=True)


# text


def _makes(frames: Frames) -> object:
    return frames["cars"]["Name"].str.split().str[0].value_counts().head(5).reset_index()


def _international(frames: Frames) -> object:
    return int(frames["airports"]["name"].str.contains("Intl|International").sum())


def _islands(frames: Frames) -> object:
    f = frames["fertility"]
    return f.loc[f["Country Name"].str.contains("Islands"), ["Country Name", "Country Code"]]


def _abbreviated(frames: Frames) -> object:
    names = frames["antibiotics"]["Bacteria"]
    return pd.DataFrame({"bacteria": names, "short": names.str[0] + ". " + names.str.split().str[-1]})


def _hosts(frames: Frames) -> object:
    return frames["members"]["email"].dropna().str.split("@").str[1].value_counts().reset_index()


def _organic(frames: Frames) -> object:
    p = frames["products"].merge(frames["categories"].rename(columns={"name": "category"}), on="category_id")
    return p[p["name"].str.contains("organic")].groupby("category").size().reset_index()


# reshape


def _month_by_origin(frames: Frames) -> object:
    f = frames["flights"]
    return pd.crosstab(f["month"], f["origin"]).reset_index()


def _variety_by_year(frames: Frames) -> object:
    return frames["barley"].pivot_table(index="variety", columns="year", values="yield").reset_index()


def _long_elnino(frames: Frames) -> object:
    e = frames["elnino"]
    e = e[e["YEAR"].isin([2009, 2010])]
    return e.melt(id_vars="YEAR", var_name="month", value_name="temperature")


def _sources(frames: Frames) -> object:
    e = frames["electricity"]
    wide = (
        e[e["year"].dt.year >= 2010]
        .pivot(index="year", columns="source", values="net_generation")
        .reset_index()
    )
    return Readings((wide, wide.assign(year=wide["year"].dt.year)))


def _conditions(frames: Frames) -> object:
    copies = frames["copies"].merge(frames["books"], on="book_id")
    return pd.crosstab(copies["genre"], copies["condition"]).reset_index()


def _segment_by_channel(frames: Frames) -> object:
    orders = frames["orders"].merge(frames["customers"], on="customer_id")
    return pd.crosstab(orders["segment"], orders["channel"]).reset_index()


# statistics


def _strongest(frames: Frames) -> object:
    return frames["diabetes"].corr()["target"].drop("target").abs().idxmax()


def _alcohol(frames: Frames) -> object:
    return frames["wine"].groupby("target")["alcohol"].agg(["mean", "std"]).reset_index()


def _slope(frames: Frames) -> object:
    s = frames["statecrime"]
    return float(np.polyfit(s["single"], s["violent"], 1)[0])


def _value_and_invest(frames: Frames) -> object:
    firms = frames["grunfeld"].groupby("firm")
    return pd.DataFrame([(firm, g["invest"].corr(g["value"])) for firm, g in firms])


def _long_and_lent(frames: Frames) -> object:
    lent = frames["loans"].merge(frames["copies"], on="copy_id")["book_id"].value_counts()
    books = frames["books"]
    return books["pages"].corr(books["book_id"].map(lent).fillna(0))


def _prices(frames: Frames) -> object:
    p = frames["products"].merge(frames["categories"].rename(columns={"name": "category"}), on="category_id")
    return p.groupby("category")["list_price"].agg(["mean", "median", "std"]).reset_index()


# multi-step


def _worst_big_carrier(frames: Frames) -> object:
    f = frames["flights"]
    big = f["carrier"].value_counts().loc[lambda n: n > 10_000].index
    f = f[f["carrier"].isin(big)].dropna(subset="arr_delay")
    worst = (f["arr_delay"] > 60).groupby(f["carrier"]).mean().idxmax()
    return frames["airlines"].set_index("carrier")["name"][worst]


def _biggest_countries(frames: Frames) -> object:
    g = frames["gapminder"]
    last = g[g["year"] == 2007]
    big = last.loc[last.groupby("continent")["pop"].idxmax()]
    first = g[g["year"] == 1952].set_index("country")["gdpPercap"]
    growth = (big["gdpPercap"] / big["country"].map(first) - 1) * 100
    return big[["continent", "country"]].assign(growth=growth)


def _fallen_fertility(frames: Frames) -> object:
    f = frames["fertility"]
    return int(((f["1970"] > 6) & (f["2010"] < 3)).sum())


def _dear_petrol(frames: Frames) -> object:
    d = frames["driving"].sort_values("year")
    return d["miles"].diff()[d["gas"].pct_change() > 0.1].mean()


def _costly_genre(frames: Frames) -> object:
    loans = frames["loans"].merge(frames["copies"], on="copy_id").merge(frames["books"], on="book_id")
    loans = loans.merge(frames["fines"], on="loan_id", how="left")
    return loans["amount"].fillna(0).groupby(loans["genre"]).mean().idxmax()


def _refill(frames: Frames) -> object:
    p = frames["products"][frames["products"]["discontinued"].isna()]
    there = p["product_id"].map(frames["stock"].groupby("product_id")["on_hand"].sum()).fillna(0)
    return float(((p["min_stock"] - there).clip(lower=0) * p["unit_cost"]).sum())


# ambiguous


def _punctual(frames: Frames) -> object:
    f = frames["flights"]
    names = frames["airlines"].set_index("carrier")["name"]
    found: list[str] = []
    for column in ("arr_delay", "dep_delay"):
        delays = f.dropna(subset=column).groupby("carrier")[column]
        late = f[f[column].notna()]
        found += [delays.mean().idxmin(), delays.median().idxmin()]
        for limit in (0, 5, 10, 15):
            found.append((late[column] <= limit).groupby(late["carrier"]).mean().idxmax())
            found.append((late[column] < limit).groupby(late["carrier"]).mean().idxmax())
            found.append((f[column] <= limit).groupby(f["carrier"]).mean().idxmax())
        found.append(late[column].clip(lower=0).groupby(late["carrier"]).mean().idxmin())
    codes = list(dict.fromkeys(found))
    return Readings((*codes, *(names[code] for code in codes)), ambiguous=True)


def _best_stock(frames: Frames) -> object:
    s = frames["stocks"].sort_values("date").groupby("symbol")["price"]
    first, last = s.first(), s.last()
    years = frames["stocks"].groupby("symbol")["date"].agg(lambda d: (d.max() - d.min()).days / 365.25)
    found = [
        (last / first).idxmax(),
        (last - first).idxmax(),
        last.idxmax(),
        s.max().idxmax(),
        s.mean().idxmax(),
    ]
    found.append(((last / first) ** (1 / years)).idxmax())
    return Readings(tuple(dict.fromkeys(found)), ambiguous=True)


def _dangerous(frames: Frames) -> object:
    s = frames["statecrime"].set_index("state")
    states = s.drop("District of Columbia")
    found = [t[column].idxmax() for t in (s, states) for column in ("violent", "murder")]
    return Readings(tuple(dict.fromkeys(found)), ambiguous=True)


def _volatile(frames: Frames) -> object:
    o = frames["ohlc"].sort_values("date").set_index("date")
    spread, moved = o["high"] - o["low"], (o["close"] - o["open"]).abs()
    found = [spread, spread / o["open"], spread / o["low"], spread / o["close"], moved, moved / o["open"]]
    found += [o["close"].diff().abs(), o["close"].pct_change().abs(), o["ret"].abs()]
    return Readings(tuple(dict.fromkeys(values.idxmax() for values in found)), ambiguous=True)


def _popular(frames: Frames) -> object:
    loans = frames["loans"].merge(frames["copies"], on="copy_id").merge(frames["books"], on="book_id")
    found: list[object] = []
    for key in ("book_id", "title"):
        by = loans.groupby(key)
        for score in (by.size(), by["member_id"].nunique(), by.size() / by["copy_id"].nunique()):
            top = list(score[score == score.max()].index)
            titles = [t if key == "title" else frames["books"].set_index("book_id")["title"][t] for t in top]
            found += titles
            if len(top) > 1:
                found.append(pd.DataFrame({"title": titles}))
    return Readings(tuple(found), ambiguous=True)


def _best_products(frames: Frames) -> object:
    lines = (
        frames["order_lines"]
        .merge(frames["products"], on="product_id")
        .merge(frames["orders"], on="order_id")
    )
    found: list[int] = []
    for part in (lines, lines[lines["status"] != "X"], lines[lines["status"] == "D"]):
        for qty in (part["qty"], part["qty"] - part["qty_back"]):
            value = qty * part["unit_price"] * (1 - part["disc"])
            for score in (qty, value, value - qty * part["unit_cost"]):
                found.append(score.groupby(part["product_id"]).sum().idxmax())
        found.append(part.groupby("product_id")["order_id"].nunique().idxmax())
    products = frames["products"].set_index("product_id")
    best = list(dict.fromkeys(found))
    return Readings((*products.loc[best, "name"], *products.loc[best, "sku"]), ambiguous=True)


_FILTER: tuple[Question, ...] = (
    Question(
        "na-late-to-los-angeles",
        "How many of the July departures from JFK to Los Angeles (LAX) in @flights left more than two "
        "hours late?",
        _late_to_los_angeles,
    ),
    Question(
        "na-women-of-forty",
        "Who were the women aged 40 or more among the dead in @riots? First name, last name and age, please.",
        _women_of_forty,
    ),
    _packages(
        "na-neither-poor-nor-safe",
        "I'm looking for states in @statecrime that aren't poor but still see a lot of violence: poverty "
        "under 12, "
        "violent crime over 300. Just their names.",
        _neither_poor_nor_safe,
    ),
    _packages(
        "na-arctic-airports",
        "Taking latitude 66.5 as the Arctic Circle, how many of the Alaskan airports (state AK) in "
        "@us_airports are "
        "on it or further north?",
        _arctic,
    ),
    _library(
        "na-damaged-at-harbour",
        "Which damaged copies does the Harbour branch have on its shelves? Copy number and title of the "
        "book.",
        _damaged_at_harbour,
    ),
    _wholesale(
        "na-discontinued",
        "Give me the articles we've taken out of the range (SKU, name, date discontinued), the latest first.",
        _discontinued,
        ordered=True,
    ),
)
_GROUP: tuple[Question, ...] = (
    Question(
        "na-seats-by-engine",
        "For each kind of engine in @planes, how many aircraft are there and how many seats do they have "
        "on average?",
        _engines,
    ),
    Question(
        "na-windiest-weather",
        "Under which kind of weather is it windiest in Seattle, going by the mean wind speed in @seattle?",
        _windiest_weather,
    ),
    _packages(
        "na-invested-by-firm",
        "Total investment per firm over the whole period covered by @grunfeld, biggest investor on top.",
        _invested,
        ordered=True,
    ),
    _packages(
        "na-penicillin-by-genus",
        "Break @antibiotics down by genus: number of bacteria and the median penicillin concentration.",
        _penicillin,
    ),
    _library(
        "na-genres",
        "How many titles do we hold per genre, and how many pages has a book of it on average? Every "
        "book in the catalogue counts once, however many copies there are.",
        _genres,
    ),
    _wholesale(
        "na-channels-2024",
        "How did the orders placed in 2024 split over the sales channels? Number of orders per channel; "
        "leave out "
        "those that were cancelled.",
        _channels,
    ),
)
_JOIN: tuple[Question, ...] = (
    Question(
        "na-flights-by-manufacturer",
        "Whose aircraft do the most flying out of New York? Match @flights with @planes by tail number "
        "and show the "
        "five manufacturers (as spelled there) with the most flights and how many each has.",
        _manufacturers,
    ),
    Question(
        "na-unknown-destinations",
        "Some destinations in @flights seem to be missing from @airports. Which codes are they, and how "
        "many flights "
        "go to each?",
        _unknown_destinations,
    ),
    _packages(
        "na-situps-of-the-stout",
        "Of the men in @physique with a waist above 36, what's the average number of sit-ups according to "
        "@exercise?",
        _situps,
    ),
    _packages(
        "na-warmer-in-seattle",
        "Compare @seattle_temps with @sf_temps hour by hour. For how many hours was it warmer in Seattle?",
        _warmer_in_seattle,
    ),
    _library(
        "na-strangers",
        "For each branch, by its name: how many loans of its copies went to members who belong to a "
        "different branch?",
        _strangers,
    ),
    _wholesale(
        "na-products-by-supplier",
        "List all our suppliers by company name with the number of products we get from each. A supplier "
        "without any "
        "should show up with 0.",
        _supplied,
    ),
)
_RATIO: tuple[Question, ...] = (
    Question(
        "na-cancelled-by-origin",
        "What percentage of the flights from each of the three origins in @flights never took off (no "
        "departure time)?",
        _cancelled,
    ),
    Question(
        "na-bill-shape",
        "For the birds in @penguins, divide bill length by bill depth; what is the mean of that ratio for "
        "each "
        "species? Birds that weren't measured don't count.",
        _bill_shape,
    ),
    _packages(
        "na-renewable-2017",
        "How big was the renewable part of Iowa's electricity in 2017, as a percentage of all net "
        "generation in "
        "@electricity?",
        _renewable,
    ),
    _packages(
        "na-disease-1855",
        "In 1855, what percent of all the deaths in @crimea (wounds, disease and other causes taken "
        "together) were "
        "due to disease?",
        _disease,
    ),
    _library(
        "na-fines-paid",
        "Of all the money we've charged in fines, what percentage has been paid?",
        _paid_fines,
    ),
    _wholesale(
        "na-sent-back",
        "Which percentage of the units ordered gets sent back, for every product category? Use all order "
        "lines, "
        "whatever became of the order.",
        _sent_back,
    ),
)
_DATE: tuple[Question, ...] = (
    Question(
        "na-flights-by-weekday",
        "Number of flights in @flights by day of the week, with the English name of the day, from Monday "
        "to Sunday. "
        "Cancelled ones are included.",
        _weekdays,
        ordered=True,
    ),
    Question(
        "na-wettest-days",
        "What was the wettest day of each year in @seattle? I'd like the date and how much precipitation "
        "fell.",
        _wettest_days,
    ),
    _packages(
        "na-above-350", "When did the weekly reading in @co2 go above 350 for the first time?", _above_350
    ),
    _packages(
        "na-day-and-night",
        "By how many degrees is a San Francisco afternoon warmer than the night? Take @sf_temps, and "
        "compare the mean "
        "of all readings at 12 to 17 o'clock (both included) with the mean of those at 0 to 5 o'clock "
        "(both included).",
        _day_and_night,
    ),
    _library(
        "na-days-kept",
        "How many days do people keep what they borrow? The average from lending to return, by the year "
        "in which the "
        "loan began; ignore what hasn't come back yet.",
        _kept,
    ),
    _wholesale(
        "na-paid-late",
        "Looking at payments received during 2024: how many days after the due date did the money come in "
        "on average, "
        "by payment method? Early payments count as negative days.",
        _paid_late,
    ),
)
_WINDOW: tuple[Question, ...] = (
    Question(
        "na-best-months",
        "For every symbol in @stocks, find the month with the largest percentage gain over the month "
        "before: symbol, "
        "date and the gain in percent.",
        _best_months,
    ),
    Question(
        "na-worst-fall",
        "Where and when did life expectancy collapse the most between one year in @gapminder and the "
        "country's "
        "previous one? Country and the later year.",
        _worst_fall,
    ),
    _packages(
        "na-solar-peak",
        "Smooth @sunspots with an 11-year moving average (the year itself and the ten before it). In "
        "which year is it "
        "at its highest?",
        _solar_peak,
    ),
    _packages(
        "na-jobs-lost",
        "Month by month through 2009, the change in nonfarm jobs from @employment and next to it the "
        "running total "
        "since January of that year.",
        _jobs_lost,
        ordered=True,
    ),
    _library(
        "na-longest-pause",
        "What is the longest any member has gone between taking out one loan and the next one, in days?",
        _longest_pause,
    ),
    _wholesale(
        "na-months",
        "Order value by month for 2024, in calendar order, along with the change against the previous "
        "month in "
        "percent (January compares with December 2023). Value is quantity times unit price less discount, "
        "by the "
        "date the order was placed; returns don't matter, but leave cancelled orders out.",
        _months,
        ordered=True,
    ),
)
_TEXT: tuple[Question, ...] = (
    Question(
        "na-makes",
        "If the first word of the name is the make, which five makes occur most often in @cars, and how "
        "often? Leave "
        "the spelling as it is.",
        _makes,
    ),
    Question(
        "na-international",
        'How many names in @airports contain either "Intl" or "International"?',
        _international,
    ),
    _packages(
        "na-islands",
        'Which countries in @fertility have "Islands" in their name? Name and country code.',
        _islands,
    ),
    _packages(
        "na-abbreviated",
        "For a chart I need short labels for the bacteria in @antibiotics: the initial of the first word, "
        "a full stop, "
        'a space and the last word, so Escherichia coli becomes "E. coli". Show full name and label for '
        "all of them.",
        _abbreviated,
    ),
    _library(
        "na-mail-hosts",
        "Which e-mail domains (the bit after the @) do our members use, and how many members each? Skip "
        "those without "
        "an address.",
        _hosts,
    ),
    _wholesale(
        "na-organic",
        "How many products per category carry the word organic in their name? Only categories that have any.",
        _organic,
    ),
)
_RESHAPE: tuple[Question, ...] = (
    Question(
        "na-month-by-origin",
        "Make me a table of @flights with one row per month and a column for each origin airport, holding "
        "the number "
        "of flights.",
        _month_by_origin,
    ),
    Question(
        "na-variety-by-year",
        "Average barley yield over the sites in @barley: varieties down the side, 1931 and 1932 as columns.",
        _variety_by_year,
    ),
    _packages(
        "na-long-elnino",
        "@elnino has a column for each month, which my plotting tool can't use. Turn the years 2009 and "
        "2010 into long "
        "format: year, month (named as the columns are) and temperature.",
        _long_elnino,
    ),
    _packages(
        "na-sources-side-by-side",
        "From 2010 on, put the sources in @electricity side by side: a row per year, a column per source, "
        "net "
        "generation in the cells.",
        _sources,
    ),
    _library(
        "na-genre-by-condition",
        "Cross-tabulate our copies: genres as rows, the conditions new, good, worn and damaged as "
        "columns, number of "
        "copies in each cell, 0 where there are none.",
        _conditions,
    ),
    _wholesale(
        "na-segment-by-channel",
        "I want a pivot of order counts, cancelled ones too: customer segments as rows, sales channels as "
        "columns.",
        _segment_by_channel,
    ),
)
_STATISTICS: tuple[Question, ...] = (
    Question(
        "na-strongest-predictor",
        "Which of the other columns in @diabetes is most strongly correlated (Pearson, either sign) with "
        "the target?",
        _strongest,
    ),
    Question(
        "na-alcohol",
        "Mean and sample standard deviation of the alcohol content for each class (target) in @wine?",
        _alcohol,
    ),
    _packages(
        "na-slope",
        "Fit a straight line by ordinary least squares with violent as the outcome and single as the only "
        "predictor, "
        "over all rows of @statecrime. How steep is it?",
        _slope,
    ),
    _packages(
        "na-value-and-invest",
        "How closely does investment follow a firm's value? The Pearson correlation of the two for each "
        "firm in "
        "@grunfeld.",
        _value_and_invest,
    ),
    _library(
        "na-long-and-lent",
        "Do thick books get borrowed less? Give me the Pearson correlation between the number of pages of "
        "a book and "
        "the number of times it was lent, all its copies together; books that never went out count with "
        "zero.",
        _long_and_lent,
    ),
    _wholesale(
        "na-list-prices",
        "Per product category, what are the mean, the median and the sample standard deviation of the "
        "list price? "
        "Discontinued products are part of it.",
        _prices,
    ),
)
_MULTI_STEP: tuple[Question, ...] = (
    Question(
        "na-worst-big-carrier",
        "Among carriers with more than 10,000 flights in @flights, which one has the largest share of "
        "arrivals over "
        "an hour late, out of its flights with a known arrival delay? Full name as in @airlines.",
        _worst_big_carrier,
    ),
    Question(
        "na-biggest-countries",
        "Take the most populous country of each continent in 2007 (@gapminder) and tell me by what "
        "percentage its GDP "
        "per head grew from 1952 to 2007. Continent, country, growth.",
        _biggest_countries,
    ),
    _packages(
        "na-fallen-fertility",
        "How many of the countries in @fertility where women had more than 6 children in 1970 were down "
        "to fewer than "
        "3 by 2010?",
        _fallen_fertility,
    ),
    _packages(
        "na-dear-petrol",
        "Does dear petrol keep people at home? In @driving, pick the years in which the gas price rose by "
        "more than "
        "10 percent on the year before; by how much did miles change on the year before, on average over "
        "those years?",
        _dear_petrol,
    ),
    _library(
        "na-costly-genre",
        "In which genre do we collect the most in fines per loan, that is the amount of all fines, paid "
        "or not, over "
        "the number of all loans?",
        _costly_genre,
    ),
    _wholesale(
        "na-refill",
        "Some products that are still in the range have less on hand over all warehouses than the minimum "
        "stock we "
        "want. What would it cost, at unit cost, to bring every one of them up to its minimum? Those with "
        "no stock "
        "record count as nothing on hand.",
        _refill,
    ),
)
_AMBIGUOUS: tuple[Question, ...] = (
    Question("na-most-punctual", "Which airline in @flights is the most punctual?", _punctual),
    Question("na-best-stock", "Which of the @stocks did best?", _best_stock),
    _packages("na-most-dangerous", "Which state in @statecrime is the most dangerous?", _dangerous),
    _packages("na-most-volatile", "On which day in @ohlc was the market at its wildest?", _volatile),
    _library("na-most-popular", "What's the most popular book in our library?", _popular),
    _wholesale("na-best-product", "Which one is our best product?", _best_products),
)
_UNANSWERABLE: tuple[Question, ...] = (
    Question(
        "na-passengers",
        "How many passengers did JetBlue actually carry out of JFK in March (@flights)?",
        _nothing,
    ),
    Question("na-dives", "How deep do the Gentoo penguins in @penguins dive on average?", _nothing),
    _packages(
        "na-wind-power",
        "How much of the renewable generation in @electricity came from wind turbines in 2015?",
        _nothing,
    ),
    _packages("na-burglaries", "What was the burglary rate in Texas according to @statecrime?", _nothing),
    _library("na-purchase-prices", "How much did we spend on buying new copies, by publisher?", _nothing),
    _wholesale(
        "na-sales-reps", "Which of our sales representatives brought in the most orders last year?", _nothing
    ),
)

_PARTS: tuple[tuple[Category, tuple[Question, ...]], ...] = (
    ("filter", _FILTER),
    ("group", _GROUP),
    ("join", _JOIN),
    ("ratio", _RATIO),
    ("date", _DATE),
    ("window", _WINDOW),
    ("text", _TEXT),
    ("reshape", _RESHAPE),
    ("statistics", _STATISTICS),
    ("multi-step", _MULTI_STEP),
    ("ambiguous", _AMBIGUOUS),
    ("unanswerable", _UNANSWERABLE),
)
QUESTIONS: tuple[tuple[Category, Question], ...] = tuple(
    (category, question) for category, questions in _PARTS for question in questions
)
