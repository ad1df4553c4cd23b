"""What happens in time: streaks, thresholds, days before, windows at the end; and statistics."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_FLOOR = 500


def _streak(f: Frames) -> int:
    days = f["seattle"].sort_values("date")
    dry = days.precipitation == 0
    return int(dry.groupby((~dry).cumsum()).sum().max())


def _end_to_start(f: Frames) -> pd.DataFrame:
    prices = f["stocks"].sort_values("date").groupby("symbol")["price"]
    return (prices.last() - prices.first()).reset_index()


def _first_above(f: Frames) -> pd.Timestamp:
    stocks = f["stocks"]
    return stocks[(stocks.symbol == "GOOG") & (stocks.price > _FLOOR)]["date"].min()


def _warmest_weekday(f: Frames) -> str:
    days = f["seattle"]
    return str(days.groupby(days.date.dt.day_name())["temp_max"].mean().idxmax())


def _risen(f: Frames) -> int:
    return int((f["seattle"].sort_values("date")["temp_max"].diff() > 0).sum())


def _last_month(f: Frames) -> float:
    days = f["seattle"]
    return float(days[days.date > days.date.max() - pd.Timedelta(days=30)]["precipitation"].sum())


def _busiest(f: Frames) -> pd.DataFrame:
    return f["flights"].groupby(["month", "day"]).size().nlargest(1).reset_index()[["month", "day"]]


def _threshold(f: Frames) -> pd.Timestamp:
    deaths = f["crimea"].sort_values("date")
    return deaths.loc[deaths["disease"].cumsum() > 10_000, "date"].iloc[0]


def _strongest(f: Frames) -> str:
    wine = f["wine"]
    return str(wine.corr()["alcohol"].drop("alcohol").abs().idxmax())


def _predicted(f: Frames) -> float:
    cars = f["cars"][["Weight_in_lbs", "Miles_per_Gallon"]].dropna()
    return float(np.polyval(np.polyfit(cars.Weight_in_lbs, cars.Miles_per_Gallon, 1), 3000))


def _variation(f: Frames) -> Readings:
    lengths = f["penguins"].groupby("species")["flipper_length_mm"]
    ratio = (lengths.std() / lengths.mean()).reset_index()
    return Readings((ratio, ratio.assign(flipper_length_mm=100 * ratio.flipper_length_mm)))


def _per_month(f: Frames) -> float:
    return len(f["flights"]) / 12


def _percent_changes(f: Frames) -> Readings:
    """From 2000 to 2001 first, or from 1999 to 2000."""
    changes = 100 * f["sunspots"].set_index("YEAR")["SUNACTIVITY"].pct_change()
    return Readings(
        (changes[changes.index > 2000].reset_index(), changes[changes.index >= 2000].reset_index())
    )


def _medians(f: Frames) -> pd.DataFrame:
    return f["barley"].groupby("site", as_index=False)["yield"].quantile(0.9)


def _normalised(f: Frames) -> Readings:
    table = pd.crosstab(f["penguins"]["island"], f["penguins"]["species"], normalize="index")
    flat = table.reset_index()
    return Readings((flat, (100 * table).reset_index()))


def _three_words(f: Frames) -> Readings:
    """Between spaces, however many; or with two spaces."""
    names = f["us_airports"]["name"]
    return Readings((int((names.str.split().str.len() == 3).sum()), int((names.str.count(" ") == 2).sum())))


def _first_words(f: Frames) -> pd.DataFrame:
    makers = f["cars"]["Name"].str.split().str[0].value_counts()
    return makers.head(3).rename_axis("maker").reset_index()


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "window",
        Question(
            "k-dry-streak",
            "How many days did the longest stretch without precipitation last in @seattle?",
            _streak,
        ),
    ),
    (
        "window",
        Question(
            "k-end-to-start",
            "By how much did the last price in @stocks differ from the first one, for each symbol?",
            _end_to_start,
        ),
    ),
    (
        "date",
        Question(
            "k-first-above", "On which date did GOOG first cost more than 500 in @stocks?", _first_above
        ),
    ),
    (
        "date",
        Question(
            "k-warmest-weekday",
            "Which day of the week has the highest average temp_max in @seattle?",
            _warmest_weekday,
        ),
    ),
    (
        "window",
        Question(
            "k-risen", "On how many days was temp_max in @seattle higher than on the previous day?", _risen
        ),
    ),
    (
        "date",
        Question(
            "k-last-month",
            "How much precipitation fell in the last 30 days that @seattle covers?",
            _last_month,
        ),
    ),
    ("date", Question("k-busiest", "Which month and day had the most @flights?", _busiest)),
    (
        "window",
        Question(
            "k-threshold",
            "In which month did the deaths from disease in @crimea, added up from the start, pass 10000?",
            _threshold,
            source="packages",
        ),
    ),
    (
        "statistics",
        Question(
            "k-strongest", "Which other column of @wine correlates most strongly with alcohol?", _strongest
        ),
    ),
    (
        "statistics",
        Question(
            "k-predicted",
            "By a linear fit of Miles_per_Gallon on Weight_in_lbs in @cars, what would 3000 lbs give?",
            _predicted,
        ),
    ),
    (
        "statistics",
        Question(
            "k-variation",
            "Coefficient of variation of flipper_length_mm per species in @penguins",
            _variation,
        ),
    ),
    ("group", Question("k-per-month", "How many @flights were there per month on average?", _per_month)),
    (
        "window",
        Question(
            "k-percent-changes",
            "By what percentage did SUNACTIVITY in @sunspots change from year to year since 2000?",
            _percent_changes,
            source="packages",
        ),
    ),
    (
        "statistics",
        Question("k-ninetieth", "The 90th percentile of yield for every site of @barley", _medians),
    ),
    (
        "reshape",
        Question(
            "k-normalised",
            "Cross table of island and species of the @penguins, as shares of each island's total",
            _normalised,
        ),
    ),
    (
        "text",
        Question(
            "k-three-words",
            "How many of the @us_airports have names of exactly three words?",
            _three_words,
            source="packages",
        ),
    ),
    (
        "text",
        Question(
            "k-first-words",
            "The three commonest first words among the names of @cars, with counts",
            _first_words,
        ),
    ),
)
