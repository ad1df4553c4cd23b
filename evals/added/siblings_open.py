"""Questions like those of the suite, over the frames and the library: statistics, those with several
readings, and those to which the data hold no answer.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from evals.question import Category, Frames, Question, Readings

__all__ = ["QUESTIONS"]

_library = partial(Question, source="library")


def _several(*values: object) -> Readings:
    """Each reading once."""
    plain = [value.item() if hasattr(value, "item") else value for value in values]
    return Readings(tuple(dict.fromkeys(plain)), ambiguous=True)


def _none(frames: Frames) -> object:
    return None


# Statistics.


def _predicted_mass(f: Frames) -> float:
    known = f["penguins"][["flipper_length_mm", "body_mass_g"]].dropna()
    x, y = known["flipper_length_mm"], known["body_mass_g"]
    slope = x.cov(y) / x.var()
    return float(y.mean() + slope * (200 - x.mean()))


def _rank_correlation(f: Frames) -> float:
    now = f["gapminder"].query("year == 2007")
    return float(now["gdpPercap"].rank().corr(now["lifeExp"].rank()))


def _variable_stock(f: Frames) -> object:
    prices = f["stocks"].groupby("symbol")["price"]
    return (prices.std() / prices.mean()).idxmax()


def _magnesium_mode(f: Frames) -> float:
    return float(f["wine"]["magnesium"].mode().item())


def _target_driver(f: Frames) -> object:
    return f["diabetes"].drop(columns="target").corrwith(f["diabetes"]["target"]).abs().idxmax()


def _next_day(f: Frames) -> float:
    warmth = f["seattle"].sort_values("date")["temp_max"]
    return float(warmth.corr(warmth.shift()))


def _dew_covariance(f: Frames) -> float:
    return float(f["weather"]["temp"].cov(f["weather"]["dewp"]))


def _age_deviation(f: Frames) -> float:
    age = f["riots"]["age"].dropna()
    return float((age - age.median()).abs().median())


def _trimmed_seats(f: Frames) -> float:
    return float(f["planes"]["seats"].sort_values().iloc[100:-100].mean())


def _dear_quarters(f: Frames) -> int:
    rate = f["macro"]["tbilrate"]
    return int((rate > rate.mean() + 2 * rate.std()).sum())


def _tightest_origin(f: Frames) -> object:
    return max(
        f["cars"].groupby("Origin"), key=lambda group: group[1]["Weight_in_lbs"].corr(group[1]["Horsepower"])
    )[0]


def _pages_spread(f: Frames) -> pd.DataFrame:
    return f["books"].groupby("genre")["pages"].std().reset_index()


# Ambiguous.


def _fine_year(f: Frames) -> Readings:
    days = f["seattle"]
    year = days["date"].dt.year
    weather = pd.crosstab(year, days["weather"])
    return _several(
        weather["sun"].idxmax(),
        weather["rain"].idxmin(),
        (days["precipitation"] > 0).groupby(year).sum().idxmin(),
        days["precipitation"].groupby(year).sum().idxmin(),
        days["temp_max"].groupby(year).mean().idxmax(),
    )


def _best_stock(f: Frames) -> Readings:
    ordered = f["stocks"].sort_values("date")
    prices = ordered.groupby("symbol")["price"]
    first, last = prices.first(), prices.last()
    return _several(
        (last / first).idxmax(),
        (last - first).idxmax(),
        prices.max().idxmax(),
        last.idxmax(),
        prices.mean().idxmax(),
    )


def _busy_airport(f: Frames) -> Readings:
    start, end = f["flights"]["origin"].value_counts(), f["flights"]["dest"].value_counts()
    return _several(start.idxmax(), end.idxmax(), start.add(end, fill_value=0).idxmax())


def _big_continent(f: Frames) -> Readings:
    now = f["gapminder"].query("year == 2007")
    wealth = now["pop"] * now["gdpPercap"]
    return _several(
        now.groupby("continent")["pop"].sum().idxmax(),
        now.groupby("continent")["country"].nunique().idxmax(),
        wealth.groupby(now["continent"]).sum().idxmax(),
    )


def _worst_year(f: Frames) -> Readings:
    macro = f["macro"].sort_values(["year", "quarter"])
    year = macro["year"].astype(int)
    growth = macro["realgdp"].pct_change()
    yearly = macro["realgdp"].groupby(year)
    # Of 2009 there are only three quarters: sums of it are no years' sums.
    return _several(
        macro["unemp"].groupby(year).mean().idxmax(),
        year[macro["unemp"].idxmax()],
        year[growth.idxmin()],
        year[macro["realgdp"].diff().idxmin()],
        yearly.mean().pct_change().idxmin(),
        yearly.mean().diff().idxmin(),
        growth.groupby(year).mean().idxmin(),
        (yearly.last() / yearly.first()).idxmin(),
        macro["infl"].groupby(year).mean().idxmax(),
        year[macro["infl"].idxmax()],
        (macro["unemp"] + macro["infl"]).groupby(year).mean().idxmax(),
    )


def _typical_age(f: Frames) -> Readings:
    age = f["riots"]["age"].dropna()
    return _several(age.mean(), age.median(), *age.mode())


def _different_cars(f: Frames) -> Readings:
    cars = f["cars"]
    return _several(
        len(cars),
        cars["Name"].nunique(),
        len(cars[["Name", "Year"]].drop_duplicates()),
        len(cars.drop_duplicates()),
    )


def _big_place(f: Frames) -> Readings:
    members = f["members"].merge(f["branches"], left_on="home_branch_id", right_on="branch_id")
    return _several(
        members["name_y"].value_counts().idxmax(),
        members["city"].value_counts().idxmax(),
    )


def _liked_genre(f: Frames) -> Readings:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")
    loans = lent.groupby("genre").size()
    return _several(
        loans.idxmax(),
        (loans / f["books"].groupby("genre").size()).idxmax(),
        (loans / f["copies"].merge(f["books"], on="book_id").groupby("genre").size()).idxmax(),
        lent.groupby("genre")["member_id"].nunique().idxmax(),
    )


def _stock_of_books(f: Frames) -> Readings:
    return _several(
        len(f["books"]), len(f["copies"]), f["copies"]["book_id"].nunique(), f["books"]["title"].nunique()
    )


def _loan_length(f: Frames) -> Readings:
    loans = f["loans"]
    return _several(
        (loans["returned"] - loans["loaned"]).dt.days.mean(),
        (loans["due"] - loans["loaned"]).dt.days.mean(),
    )


def _bad_copies(f: Frames) -> Readings:
    condition = f["copies"]["condition"]
    return _several(int((condition == "damaged").sum()), int(condition.isin(["worn", "damaged"]).sum()))


QUESTIONS: tuple[tuple[Category, Question], ...] = (
    (
        "statistics",
        Question(
            "sd-predicted-mass",
            "Fit a straight line of body mass on flipper length in @penguins. "
            "What mass does it predict for a flipper of 200 mm?",
            _predicted_mass,
        ),
    ),
    (
        "statistics",
        Question(
            "sd-rank-correlation",
            "How strong is the Spearman rank correlation of gdpPercap and lifeExp in @gapminder in 2007?",
            _rank_correlation,
        ),
    ),
    (
        "statistics",
        Question(
            "sd-variable-stock",
            "Which symbol in @stocks has the largest coefficient of variation (standard deviation over mean) "
            "of the price?",
            _variable_stock,
        ),
    ),
    ("statistics", Question("sd-magnesium-mode", "What is the mode of magnesium in @wine?", _magnesium_mode)),
    (
        "statistics",
        Question(
            "sd-target-driver",
            "Which other column of @diabetes has the strongest correlation with target, whatever its sign?",
            _target_driver,
        ),
    ),
    (
        "statistics",
        Question(
            "sd-next-day",
            "In @seattle, how strongly does temp_max correlate with temp_max of the day before?",
            _next_day,
        ),
    ),
    (
        "statistics",
        Question(
            "sd-dew-covariance", "Compute the covariance between temp and dewp in @weather.", _dew_covariance
        ),
    ),
    (
        "statistics",
        Question(
            "sd-age-deviation",
            "Give the median absolute deviation of age in @riots, the median distance from the median age.",
            _age_deviation,
        ),
    ),
    (
        "statistics",
        Question(
            "sd-trimmed-seats",
            "What is the mean of seats in @planes if the 100 lowest and the 100 highest values are left out?",
            _trimmed_seats,
        ),
    ),
    (
        "statistics",
        Question(
            "sd-dear-quarters",
            "How many quarters in @macro have a tbilrate more than two standard deviations above its mean?",
            _dear_quarters,
        ),
    ),
    (
        "statistics",
        Question(
            "sd-tightest-origin",
            "For which origin of the @cars is the correlation between weight and horsepower the highest?",
            _tightest_origin,
        ),
    ),
    (
        "statistics",
        _library(
            "sd-pages-spread",
            "What is the sample standard deviation of the number of pages of the books in each genre?",
            _pages_spread,
        ),
    ),
    ("ambiguous", Question("sd-fine-year", "Which year had the nicest weather in @seattle?", _fine_year)),
    ("ambiguous", Question("sd-best-stock", "Which of the @stocks did best?", _best_stock)),
    ("ambiguous", Question("sd-busy-airport", "What is the busiest airport in @flights?", _busy_airport)),
    (
        "ambiguous",
        Question("sd-big-continent", "Which continent is the biggest in @gapminder?", _big_continent),
    ),
    (
        "ambiguous",
        Question("sd-worst-year", "What was the worst year for the economy in @macro?", _worst_year),
    ),
    (
        "ambiguous",
        Question("sd-typical-age", "What is the typical age of those killed in @riots?", _typical_age),
    ),
    (
        "ambiguous",
        Question("sd-different-cars", "How many different cars are there in @cars?", _different_cars),
    ),
    ("ambiguous", _library("sd-big-place", "Which place has the most members?", _big_place)),
    ("ambiguous", _library("sd-liked-genre", "Which genre do our readers like best?", _liked_genre)),
    ("ambiguous", _library("sd-stock-of-books", "How many books does the library have?", _stock_of_books)),
    ("ambiguous", _library("sd-loan-length", "How many days long is a loan on average?", _loan_length)),
    ("ambiguous", _library("sd-bad-copies", "How many copies are in a bad state?", _bad_copies)),
    (
        "unanswerable",
        Question("sd-ticket", "What did a ticket from JFK to LAX cost on average, by @flights?", _none),
    ),
    ("unanswerable", Question("sd-penguin-age", "How old was the oldest of the @penguins?", _none)),
    ("unanswerable", Question("sd-runways", "Which of the @airports has the most runways?", _none)),
    ("unanswerable", Question("sd-snow", "On which day was the snow at JFK deepest in @weather?", _none)),
    ("unanswerable", Question("sd-tank", "Which of the @cars has the largest fuel tank?", _none)),
    (
        "unanswerable",
        Question("sd-literacy", "What was the literacy rate of Brazil in 2002 in @gapminder?", _none),
    ),
    ("unanswerable", Question("sd-dividend", "How large a dividend did IBM pay in 2008, by @stocks?", _none)),
    (
        "unanswerable",
        Question("sd-convictions", "How many of the deaths in @riots led to a conviction?", _none),
    ),
    ("unanswerable", Question("sd-smokers", "What percentage of the patients in @diabetes smoke?", _none)),
    ("unanswerable", _library("sd-reserved", "Which book has the longest waiting list?", _none)),
    ("unanswerable", _library("sd-librarians", "How many librarians work at the Harbour branch?", _none)),
    (
        "unanswerable",
        _library("sd-closing-time", "At what time does the Hilltop branch close on Saturdays?", _none),
    ),
)
