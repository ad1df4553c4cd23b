"""Questions with more than one sensible reading. Right is any of them, or to ask back."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _readings(values: tuple[object, ...]) -> Readings:
    return Readings(values, ambiguous=True)


def _latest(f: Frames, country: str) -> pd.DataFrame:
    return f["gapminder"].query(f"country == '{country}'").sort_values("year")


def _delay(f: Frames) -> Readings:
    return _readings((f["flights"]["dep_delay"].mean(), f["flights"]["arr_delay"].mean()))


def _worst_airport(f: Frames) -> Readings:
    by = [
        f["flights"].groupby(where)[what].mean().idxmax()
        for where in ("origin", "dest")
        for what in ("dep_delay", "arr_delay")
    ]
    return _readings((*by, f["flights"].groupby("origin")["dep_delay"].sum().idxmax()))


def _largest(f: Frames, *columns: str) -> Readings:
    means = f["penguins"].groupby("species")[list(columns)].mean()
    return _readings(
        tuple(means.idxmax()) + tuple(f["penguins"].loc[f["penguins"][list(columns)].idxmax(), "species"])
    )


def _best_car(f: Frames) -> Readings:
    cars = f["cars"]
    best = {
        "most": ["Miles_per_Gallon", "Horsepower"],
        "least": ["Acceleration"],
    }
    rows = [cars[column].idxmax() for column in best["most"]] + [cars[c].idxmin() for c in best["least"]]
    return _readings(tuple(cars.loc[rows, "Name"]))


def _temperature(f: Frames) -> Readings:
    seattle = f["seattle"]
    return _readings(
        (
            seattle["temp_max"].mean(),
            seattle["temp_min"].mean(),
            ((seattle["temp_max"] + seattle["temp_min"]) / 2).mean(),
        )
    )


def _big_publisher(f: Frames) -> Readings:
    books = f["books"].merge(f["publishers"], on="publisher_id")
    lent = books.merge(f["copies"], on="book_id").merge(f["loans"], on="copy_id")
    return _readings(
        (
            books["name"].value_counts().idxmax(),
            lent["name"].value_counts().idxmax(),
            books.groupby("name")["pages"].sum().idxmax(),
        )
    )


def _popular(f: Frames) -> Readings:
    lent = f["loans"].merge(f["copies"], on="copy_id").merge(f["books"], on="book_id")
    return _readings(
        (
            lent["title"].value_counts().idxmax(),
            f["books"].set_index("book_id")["title"][lent["book_id"].value_counts().idxmax()],
        )
    )


def _active(f: Frames) -> Readings:
    recent = f["loans"][f["loans"]["loaned"] >= f["loans"]["loaned"].max() - pd.Timedelta(days=365)]
    year = f["loans"]["loaned"].dt.year
    return _readings(
        (
            f["loans"]["member_id"].nunique(),
            f["loans"][f["loans"]["returned"].isna()]["member_id"].nunique(),
            recent["member_id"].nunique(),
            f["loans"][year == year.max()]["member_id"].nunique(),
        )
    )


QUESTIONS = (
    Question("which-delay", "What is the average delay in @flights?", _delay),
    Question("worst-airport", "Which airport in @flights is the worst for delays?", _worst_airport),
    Question(
        "largest-species",
        "Which species in @penguins is the largest?",
        lambda f: _largest(f, "body_mass_g", "flipper_length_mm", "bill_length_mm"),
    ),
    Question("best-car", "Which of the @cars is the best?", _best_car),
    Question("which-temperature", "What is the average temperature in @seattle?", _temperature),
    Question(
        "china-population",
        "What is the population of China in @gapminder?",
        lambda f: _readings((_latest(f, "China")["pop"].iloc[-1], _latest(f, "China")[["year", "pop"]])),
    ),
    Question(
        "poor-countries",
        "What is the poorest country in @gapminder?",
        lambda f: _readings(
            (
                f["gapminder"].loc[f["gapminder"]["gdpPercap"].idxmin(), "country"],
                (now := f["gapminder"].query("year == 2007")).loc[now["gdpPercap"].idxmin(), "country"],
                f["gapminder"].groupby("country")["gdpPercap"].mean().idxmin(),
            )
        ),
    ),
    Question("big-publisher", "What is the name of the biggest publisher?", _big_publisher, source="library"),
    Question("popular-book", "What is the most popular book?", _popular, source="library"),
    Question("active-members", "How many active members are there?", _active, source="library"),
)
