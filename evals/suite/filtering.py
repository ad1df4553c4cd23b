"""Which rows, and how many of them: conditions on one table."""

from __future__ import annotations

from evals.question import Question

__all__ = ["QUESTIONS"]

QUESTIONS = (
    Question(
        "guzzlers",
        "How many of the @cars have 8 cylinders and fewer than 15 miles per gallon?",
        lambda f: int(((f["cars"]["Cylinders"] == 8) & (f["cars"]["Miles_per_Gallon"] < 15)).sum()),
    ),
    Question(
        "japanese-strong",
        "List the names of the Japanese @cars with more than 120 horsepower.",
        lambda f: f["cars"].query("Origin == 'Japan' and Horsepower > 120")[["Name"]],
    ),
    Question(
        "long-lived-2007",
        "Which countries in @gapminder had a life expectancy above 81 in 2007?",
        lambda f: f["gapminder"].query("year == 2007 and lifeExp > 81")[["country"]],
    ),
    Question(
        "small-africa",
        "How many African countries had fewer than one million people in 1952, by @gapminder?",
        lambda f: len(f["gapminder"].query("continent == 'Africa' and year == 1952 and pop < 1000000")),
    ),
    Question(
        "snow-days",
        "On how many days in @seattle was the weather snow?",
        lambda f: int((f["seattle"]["weather"] == "snow").sum()),
    ),
    Question(
        "hot-days",
        "How many days in @seattle had a maximum temperature of at least 30 degrees?",
        lambda f: int((f["seattle"]["temp_max"] >= 30).sum()),
    ),
    Question(
        "barley-crookston",
        "What was the largest yield at the site Crookston in @barley?",
        lambda f: f["barley"].query("site == 'Crookston'")["yield"].max(),
    ),
    Question(
        "strong-wine",
        "How many wines in @wine have more than 13.5 percent alcohol and a hue below 0.8?",
        lambda f: int(((f["wine"]["alcohol"] > 13.5) & (f["wine"]["hue"] < 0.8)).sum()),
    ),
    Question(
        "high-airports",
        "Which airports in @airports lie higher than 8000 feet (column alt)? Give their names.",
        lambda f: f["airports"].query("alt > 8000")[["name"]],
    ),
    Question(
        "old-planes",
        "How many @planes were built before 1970?",
        lambda f: int((f["planes"]["year"] < 1970).sum()),
    ),
    Question(
        "no-email",
        "How many members have no email address?",
        lambda f: int(f["members"]["email"].isna().sum()),
        source="library",
    ),
    Question(
        "out-now",
        "How many loans have not been returned?",
        lambda f: int(f["loans"]["returned"].isna().sum()),
        source="library",
    ),
)
