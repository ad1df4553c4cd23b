"""Twenty-four further plain questions, written after the prompt was fixed.

The first run (0.5B: 16 right) showed kinds of failure, such as repeating a failed query, that were then
repaired in general. The prompt was not changed for them.
"""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _named(f: Frames) -> pd.DataFrame:
    return f["flights"].merge(f["airlines"], on="carrier")


def _counts(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.groupby(column).size().reset_index(name="n")


def _means(frame: pd.DataFrame, by: str, column: str) -> pd.DataFrame:
    return frame.groupby(by)[column].mean().reset_index()


QUESTIONS = (
    Question(
        "united-name",
        "What is the name of the carrier with code UA in @airlines?",
        lambda f: "United Air Lines Inc.",
    ),
    Question("airlines", "How many airlines are in @airlines?", lambda f: len(f["airlines"])),
    Question(
        "july", "How many @flights were there in July?", lambda f: int((f["flights"]["month"] == 7).sum())
    ),
    Question(
        "christmas",
        "How many @flights departed on December 25?",
        lambda f: int(((f["flights"]["month"] == 12) & (f["flights"]["day"] == 25)).sum()),
    ),
    Question(
        "max-delay",
        "What is the largest arrival delay in @flights?",
        lambda f: f["flights"]["arr_delay"].max(),
    ),
    Question(
        "mean-distance",
        "What is the average distance of @flights from LGA?",
        lambda f: f["flights"][f["flights"]["origin"] == "LGA"]["distance"].mean(),
    ),
    Question(
        "per-origin",
        "How many @flights departed from each origin?",
        lambda f: _counts(f["flights"], "origin"),
    ),
    Question(
        "per-month", "How many @flights were there in each month?", lambda f: _counts(f["flights"], "month")
    ),
    Question(
        "delay-per-origin",
        "What is the average departure delay of @flights by origin?",
        lambda f: _means(f["flights"], "origin", "dep_delay"),
    ),
    Question(
        "top-destinations",
        "Which three destinations have the most @flights?",
        lambda f: pd.DataFrame({"dest": f["flights"]["dest"].value_counts().head(3).index}),
    ),
    Question(
        "late",
        "How many @flights arrived more than two hours late?",
        lambda f: int((f["flights"]["arr_delay"] > 120).sum()),
    ),
    Question(
        "early", "How many @flights departed early?", lambda f: int((f["flights"]["dep_delay"] < 0).sum())
    ),
    Question(
        "delta-flights",
        "How many @flights did Delta Air Lines operate? Its name is in @airlines.",
        lambda f: int((f["flights"]["carrier"] == "DL").sum()),
    ),
    Question(
        "most-flights-name",
        "What is the full name of the airline with the most flights in @flights and @airlines?",
        lambda f: _named(f)["name"].value_counts().idxmax(),
    ),
    Question(
        "best-airline",
        "Which airline (full name) in @flights and @airlines had the smallest average departure delay?",
        lambda f: _named(f).groupby("name")["dep_delay"].mean().idxmin(),
    ),
    Question(
        "planes",
        "How many different tail numbers are in @flights?",
        lambda f: f["flights"]["tailnum"].nunique(),
    ),
    Question(
        "hours-in-the-air",
        "What is the total air time of all @flights to HNL, in minutes?",
        lambda f: f["flights"][f["flights"]["dest"] == "HNL"]["air_time"].sum(),
    ),
    Question("penguins", "How many penguins are in @penguins?", lambda f: len(f["penguins"])),
    Question(
        "islands",
        "How many penguins live on each island in @penguins?",
        lambda f: _counts(f["penguins"], "island"),
    ),
    Question(
        "heaviest",
        "Which species in @penguins is the heaviest on average?",
        lambda f: f["penguins"].groupby("species")["body_mass_g"].mean().idxmax(),
    ),
    Question(
        "flipper",
        "What is the longest flipper in @penguins, in mm?",
        lambda f: f["penguins"]["flipper_length_mm"].max(),
    ),
    Question(
        "unknown-sex",
        "For how many penguins in @penguins is the sex unknown?",
        lambda f: int(f["penguins"]["sex"].isna().sum()),
    ),
    Question(
        "bill-by-species",
        "What is the average bill length of each species in @penguins?",
        lambda f: _means(f["penguins"], "species", "bill_length_mm"),
    ),
    Question(
        "chinstrap-2009",
        "How many Chinstrap penguins were measured in 2009 in @penguins?",
        lambda f: int(((f["penguins"]["species"] == "Chinstrap") & (f["penguins"]["year"] == 2009)).sum()),
    ),
)
