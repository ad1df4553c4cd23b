"""Figures per group."""

from __future__ import annotations

import pandas as pd

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _centuries(f: Frames) -> pd.DataFrame:
    spots = f["sunspots"]
    # How a century is called is left open.
    return spots.groupby(spots["YEAR"] // 100)["SUNACTIVITY"].mean().to_frame()


QUESTIONS = (
    Question(
        "generation-by-source",
        "Total net generation of each source over all the years in @electricity?",
        lambda f: f["electricity"].groupby("source", as_index=False)["net_generation"].sum(),
        source="packages",
    ),
    Question(
        "airport-states",
        "Give me the ten states with the most @us_airports and the number each of them has.",
        lambda f: f["us_airports"]["state"].value_counts().head(10).reset_index(),
        source="packages",
    ),
    Question(
        "neomycin-by-gram",
        "Compare gram-negative and gram-positive bacteria in @antibiotics by their mean Neomycin value.",
        lambda f: f["antibiotics"].groupby("Gram_Staining", as_index=False)["Neomycin"].mean(),
        source="packages",
    ),
    Question(
        "signal-returns",
        "@ohlc: per signal, the number of days and the average ret",
        lambda f: f["ohlc"].groupby("signal", as_index=False)["ret"].agg(["size", "mean"]),
        source="packages",
    ),
    Question(
        "investment-range",
        "What were the lowest and the highest yearly investments of every firm in @grunfeld?",
        lambda f: f["grunfeld"].groupby("firm", as_index=False)["invest"].agg(["min", "max"]),
        source="packages",
    ),
    Question(
        "sunspot-centuries",
        "I need the average sunspot activity of each century in @sunspots, where the 1700s are one century, "
        "the 1800s the next and so on.",
        _centuries,
        source="packages",
    ),
)
