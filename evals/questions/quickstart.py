"""Twelve plain questions on the frames of the quickstart notebook, with gold results computed by pandas.

Written before any model had seen them. `gold` computes the expected value from the frames;
`evals/scoring.py` says what counts as equal.
"""

from __future__ import annotations

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _worst_airline(f: Frames) -> object:
    late = f["flights"].merge(f["airlines"], on="carrier").groupby("name")["arr_delay"].mean()
    return late.idxmax()


def _species(f: Frames) -> object:
    return f["penguins"].groupby("species").size().reset_index(name="penguins")


def _gentoo_mass(f: Frames) -> object:
    p = f["penguins"]
    return p[(p["species"] == "Gentoo") & (p["sex"] == "female")]["body_mass_g"].mean()


def _adelie_island(f: Frames) -> object:
    p = f["penguins"]
    return p[p["species"] == "Adelie"]["island"].value_counts().idxmax()


QUESTIONS = (
    Question("rows", "How many flights are in @flights?", lambda f: len(f["flights"])),
    Question(
        "mean-delay",
        "What is the average departure delay in @flights, in minutes?",
        lambda f: f["flights"]["dep_delay"].mean(),
    ),
    Question(
        "busiest-carrier",
        "Which carrier code has the most flights in @flights?",
        lambda f: f["flights"]["carrier"].value_counts().idxmax(),
    ),
    Question(
        "from-jfk",
        "How many @flights departed from JFK?",
        lambda f: int((f["flights"]["origin"] == "JFK").sum()),
    ),
    Question(
        "worst-airline",
        "Which airline (full name) in @flights and @airlines had the largest average arrival delay?",
        _worst_airline,
    ),
    Question(
        "destinations",
        "How many different destinations are there in @flights?",
        lambda f: f["flights"]["dest"].nunique(),
    ),
    Question(
        "cancelled",
        "How many flights in @flights have no departure time?",
        lambda f: int(f["flights"]["dep_time"].isna().sum()),
    ),
    Question(
        "farthest",
        "What is the destination of the flight with the longest distance in @flights?",
        lambda f: f["flights"].loc[f["flights"]["distance"].idxmax(), "dest"],
    ),
    Question("species", "How many penguins of each species are in @penguins?", _species),
    Question(
        "gentoo-mass",
        "What is the average body mass of female Gentoo penguins in @penguins, in grams?",
        _gentoo_mass,
    ),
    Question("adelie-island", "Which island in @penguins has the most Adelie penguins?", _adelie_island),
    Question(
        "worst-month",
        "In which month was the average departure delay in @flights the highest?",
        lambda f: int(f["flights"].groupby("month")["dep_delay"].mean().idxmax()),
    ),
)
