"""A figure per group, and which group has the most of it."""

from __future__ import annotations

from evals.question import Question

__all__ = ["QUESTIONS"]

QUESTIONS = (
    Question(
        "cars-per-origin",
        "How many @cars come from each origin?",
        lambda f: f["cars"].groupby("Origin").size().reset_index(name="n"),
    ),
    Question(
        "mpg-per-cylinders",
        "What is the average of miles per gallon for each number of cylinders in @cars?",
        lambda f: f["cars"].groupby("Cylinders")["Miles_per_Gallon"].mean().reset_index(),
    ),
    Question(
        "heaviest-origin",
        "Which origin has the heaviest @cars on average?",
        lambda f: f["cars"].groupby("Origin")["Weight_in_lbs"].mean().idxmax(),
    ),
    Question(
        "countries-per-continent",
        "How many different countries are there on each continent in @gapminder?",
        lambda f: f["gapminder"].groupby("continent")["country"].nunique().reset_index(),
    ),
    Question(
        "population-2007",
        "What was the total population of each continent in 2007, by @gapminder?",
        lambda f: f["gapminder"].query("year == 2007").groupby("continent")["pop"].sum().reset_index(),
    ),
    Question(
        "weather-kinds",
        "How many days of each kind of weather are in @seattle?",
        lambda f: f["seattle"].groupby("weather").size().reset_index(name="n"),
    ),
    Question(
        "best-variety",
        "Which variety of @barley has the highest average yield?",
        lambda f: f["barley"].groupby("variety")["yield"].mean().idxmax(),
    ),
    Question(
        "yield-per-site",
        "What is the mean yield per site and year in @barley?",
        lambda f: f["barley"].groupby(["site", "year"])["yield"].mean().reset_index(),
    ),
    Question(
        "top-makers",
        "Which five manufacturers have the most @planes, and how many has each?",
        lambda f: f["planes"]["manufacturer"].value_counts().head(5).reset_index(),
    ),
    Question(
        "alcohol-per-class",
        "What are the lowest and the highest alcohol of each target in @wine?",
        lambda f: f["wine"].groupby("target")["alcohol"].agg(["min", "max"]).reset_index(),
    ),
    Question(
        "genres",
        "How many books are there of each genre?",
        lambda f: f["books"].groupby("genre").size().reset_index(name="n"),
        source="library",
    ),
    Question(
        "big-genres",
        "Which genres have books with more than 400 pages on average?",
        lambda f: (mean := f["books"].groupby("genre")["pages"].mean())[mean > 400].reset_index()[["genre"]],
        source="library",
    ),
)
