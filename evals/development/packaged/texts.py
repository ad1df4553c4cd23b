"""Parts of texts."""

from __future__ import annotations

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _second_words(f: Frames) -> object:
    names = f["antibiotics"]["Bacteria"]
    return f["antibiotics"][names.str.split().str[1].str.startswith("a")][["Bacteria"]]


def _longest(f: Frames) -> str:
    names = f["us_airports"]["name"]
    return str(names[names.str.len().idxmax()])


QUESTIONS = (
    Question(
        "international-fields",
        "How many @us_airports have 'International' or 'Intl' in their name?",
        lambda f: f["us_airports"]["name"].str.contains("International|Intl").sum(),
        source="packages",
    ),
    Question(
        "county-fields",
        "Number of @us_airports whose name ends with the word County",
        lambda f: f["us_airports"]["name"].str.contains(r"\bCounty$").sum(),
        source="packages",
    ),
    Question(
        "species-in-a",
        "List the Bacteria of @antibiotics whose second word starts with an a.",
        _second_words,
        source="packages",
    ),
    Question(
        "longest-airport",
        "Which of the @us_airports has the longest name?",
        _longest,
        source="packages",
    ),
    Question(
        "country-commas",
        "Some names of countries in @fertility are written with a comma, like 'Bahamas, The'. Which are "
        "they?",
        lambda f: f["fertility"][f["fertility"]["Country Name"].str.contains(",")][["Country Name"]],
        source="packages",
    ),
    Question(
        "long-state-names",
        "In @statecrime, how many states have a name of more than one word?",
        lambda f: f["statecrime"]["state"].str.contains(" ").sum(),
        source="packages",
    ),
)
