"""Groups within groups, members of sets, shares, joins that keep what has no partner, texts."""

from __future__ import annotations

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_YEAR, _HALF = 2007, 0.5


def _latest(f: Frames) -> pd.DataFrame:
    countries = f["gapminder"]
    return countries[countries.year == _YEAR]


def _either(fraction: pd.DataFrame, column: str) -> Readings:
    """As a fraction or in percent."""
    return Readings((fraction, fraction.assign(**{column: 100 * fraction[column]})))


def _heaviest_cars(f: Frames) -> pd.DataFrame:
    return f["cars"].sort_values("Weight_in_lbs").groupby("Origin").tail(1)[["Origin", "Name"]]


def _tallest_three(f: Frames) -> Readings:
    """With or without those that have no zone."""
    ranked = f["airports"].sort_values("alt", ascending=False)
    best = (ranked.groupby("tzone", dropna=missing).head(3)[["tzone", "name"]] for missing in (True, False))
    return Readings(tuple(best))


def _within_continent(f: Frames) -> Readings:
    latest = _latest(f)[["country", "continent", "pop"]]
    share = latest["pop"] / latest.groupby("continent")["pop"].transform("sum")
    return _either(latest[["country"]].assign(share=share), "share")


def _gained_most(f: Frames) -> str:
    years = f["gapminder"].pivot_table(index="country", columns="year", values="lifeExp")
    return str((years[_YEAR] - years[1952]).idxmax())


def _everywhere(f: Frames) -> str:
    islands = f["penguins"].groupby("species")["island"].nunique()
    return str(islands[islands == f["penguins"]["island"].nunique()].index.item())


def _only_jfk(f: Frames) -> pd.DataFrame:
    flights = f["flights"]
    other = set(flights[flights.origin == "LGA"].carrier)
    return pd.DataFrame({"carrier": sorted(set(flights[flights.origin == "JFK"].carrier) - other)})


def _one_island(f: Frames) -> pd.DataFrame:
    islands = f["penguins"].groupby("species")["island"].nunique()
    return islands[islands == 1].reset_index()[["species"]]


def _always(f: Frames) -> pd.DataFrame:
    least = f["grunfeld"].groupby("firm")["invest"].min()
    return least[least > 100].reset_index()[["firm"]]


def _widest_island(f: Frames) -> str:
    mass = f["penguins"].groupby("island")["body_mass_g"]
    return str((mass.max() - mass.min()).idxmax())


def _weighted(f: Frames) -> float:
    latest = _latest(f)
    return float((latest.lifeExp * latest["pop"]).sum() / latest["pop"].sum())


def _late_shares(f: Frames) -> Readings:
    flights = f["flights"]
    late = (flights.dep_delay > 30).groupby(flights.origin)
    of_all, of_known = late.mean(), late.sum() / flights.groupby("origin").dep_delay.count()
    tables = [share.rename("share").reset_index() for share in (of_all, of_known)]
    return Readings((*tables, *(table.assign(share=100 * table.share) for table in tables)))


def _top_five(f: Frames) -> Readings:
    counts = f["us_airports"]["state"].value_counts()
    share = counts.head(5).sum() / len(f["us_airports"])
    return Readings((share, 100 * share))


def _place_of_france(f: Frames) -> int:
    latest = _latest(f).set_index("country")
    return int((latest.lifeExp > latest.lifeExp["France"]).sum() + 1)


def _richer(f: Frames) -> int:
    latest = _latest(f).set_index("country")
    return int((latest.gdpPercap > latest.gdpPercap["Germany"]).sum())


def _repeated(f: Frames) -> Readings:
    """Without or with those whose city is missing."""
    counts = (f["us_airports"]["city"].value_counts(dropna=dropped) for dropped in (True, False))
    return Readings(tuple(count[count > 8].reset_index()[["city"]] for count in counts))


def _winners(f: Frames) -> int:
    best = f["grunfeld"].loc[f["grunfeld"].groupby("year")["invest"].idxmax()]
    return int((best.firm == "US Steel").sum())


def _half_the_world(f: Frames) -> int:
    people = _latest(f)["pop"].sort_values(ascending=False)
    return int((people.cumsum() < _HALF * people.sum()).sum() + 1)


def _commonest(f: Frames) -> pd.DataFrame:
    planes = f["planes"].groupby("manufacturer").filter(lambda rows: len(rows) >= 300)
    return planes.groupby("manufacturer")["model"].agg(lambda models: models.mode()[0]).reset_index()


def _unused(f: Frames) -> int:
    return int((~f["airports"]["faa"].isin(f["flights"]["dest"])).sum())


def _books_per_author(f: Frames) -> float:
    return float(f["book_authors"].groupby("author_id").size().mean())


def _loans_with_none(f: Frames) -> pd.DataFrame:
    loans = f["copies"].merge(f["loans"], on="copy_id").groupby("book_id").size()
    counts = f["books"].set_index("book_id").index.to_series().map(loans).fillna(0)
    names = f["books"].set_index("book_id")["title"]
    return pd.DataFrame({"title": names, "loans": counts.astype(int)}).reset_index(drop=True)


def _ahead(f: Frames) -> float:
    first, second = f["statecrime"]["murder"].nlargest(2)
    return float(first - second)


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    ("window", Question("k-heaviest-cars", "Of each origin, the heaviest car in @cars", _heaviest_cars)),
    (
        "window",
        Question("k-highest-three", "The three highest @airports of every time zone (tzone)", _tallest_three),
    ),
    (
        "window",
        Question(
            "k-within-continent",
            "What share of its continent's population lived in each country of @gapminder in 2007?",
            _within_continent,
        ),
    ),
    (
        "multi-step",
        Question(
            "k-gained-most",
            "Where did people's life expectancy gain the most years from 1952 to 2007, by @gapminder?",
            _gained_most,
        ),
    ),
    ("group", Question("k-everywhere", "Which species of @penguins lives on all the islands?", _everywhere)),
    (
        "group",
        Question("k-one-island", "Which species of @penguins are found on a single island?", _one_island),
    ),
    (
        "filter",
        Question("k-only-jfk", "Carriers in @flights that start from JFK but never from LGA", _only_jfk),
    ),
    (
        "group",
        Question(
            "k-always",
            "Which firms in @grunfeld never invested 100 or less in a year?",
            _always,
            source="packages",
        ),
    ),
    (
        "group",
        Question(
            "k-widest-island",
            "On which island is the spread between the heaviest and the lightest of the @penguins widest?",
            _widest_island,
        ),
    ),
    (
        "statistics",
        Question(
            "k-weighted",
            "What was the world's life expectancy in 2007 in @gapminder, each country weighted by its pop?",
            _weighted,
        ),
    ),
    (
        "ratio",
        Question(
            "k-late-shares",
            "For each origin of @flights, how many percent left more than 30 minutes late?",
            _late_shares,
        ),
    ),
    (
        "ratio",
        Question(
            "k-top-five",
            "How much of all @us_airports do the five states with the most of them hold, in percent?",
            _top_five,
            source="packages",
        ),
    ),
    (
        "window",
        Question(
            "k-place-of-france",
            "Which place did France have in life expectancy in 2007, by @gapminder? The longest is first.",
            _place_of_france,
        ),
    ),
    (
        "filter",
        Question(
            "k-richer", "How many countries had a higher gdpPercap than Germany in 2007? @gapminder", _richer
        ),
    ),
    (
        "group",
        Question(
            "k-repeated",
            "Names of cities that occur more than eight times in @us_airports",
            _repeated,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "k-winners",
            "In how many years of @grunfeld was US Steel the firm that invested the most?",
            _winners,
            source="packages",
        ),
    ),
    (
        "multi-step",
        Question(
            "k-half-the-world",
            "How many countries, starting from the most populous, does it take to hold half of all people of "
            "2007 in @gapminder?",
            _half_the_world,
        ),
    ),
    (
        "group",
        Question(
            "k-commonest",
            "The most common model of each manufacturer with at least 300 @planes",
            _commonest,
        ),
    ),
    (
        "join",
        Question(
            "k-unused", "How many of the @airports are not the destination of any of the @flights?", _unused
        ),
    ),
    (
        "multi-step",
        Question(
            "k-books-per-author",
            "How many books has an author on average, of those who have any?",
            _books_per_author,
            source="library",
        ),
    ),
    (
        "join",
        Question(
            "k-loans-with-none",
            "List all books by title with how often each was lent, also those that never were.",
            _loans_with_none,
            source="library",
        ),
    ),
    (
        "window",
        Question(
            "k-ahead",
            "How far ahead of the second highest is the highest murder rate in @statecrime?",
            _ahead,
            source="packages",
        ),
    ),
)
