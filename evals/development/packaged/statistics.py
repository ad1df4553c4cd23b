"""Spread, quantiles, correlation and fits."""

from __future__ import annotations

import numpy as np

from evals.question import Frames, Question, Readings

__all__ = ["QUESTIONS"]


def _slope(f: Frames) -> float:
    return float(np.polyfit(f["statecrime"]["poverty"], f["statecrime"]["violent"], 1)[0])


def _quantiles(f: Frames, table: str, column: str, *shares: float) -> tuple[list[float], list[float]]:
    """Between two values of the data, and as one of them: databases have both."""
    found = f[table][column]
    cont, disc = (np.quantile(found, shares, method=method) for method in ("linear", "inverted_cdf"))
    return cont.tolist(), disc.tolist()


def _active_years(f: Frames) -> Readings:
    return Readings(tuple(high for (high,) in _quantiles(f, "sunspots", "SUNACTIVITY", 0.9)))


def _spread(f: Frames) -> Readings:
    return Readings(tuple(high - low for low, high in _quantiles(f, "statecrime", "hs_grad", 0.25, 0.75)))


QUESTIONS = (
    Question(
        "poverty-murder",
        "How strongly are poverty and murder correlated across the states of @statecrime?",
        lambda f: f["statecrime"]["poverty"].corr(f["statecrime"]["murder"]),
        source="packages",
    ),
    Question(
        "violence-slope",
        "Fit a straight line to violent over poverty in @statecrime. What is its slope?",
        _slope,
        source="packages",
    ),
    Question(
        "return-deviation",
        "Sample standard deviation of ret in @ohlc?",
        lambda f: f["ohlc"]["ret"].std(),
        source="packages",
    ),
    Question(
        "active-years",
        "What is the 90th percentile of the yearly sunspot activity in @sunspots?",
        _active_years,
        source="packages",
    ),
    Question(
        "rank-correlation",
        "Spearman's rank correlation between Penicillin and Neomycin in @antibiotics",
        lambda f: f["antibiotics"]["Penicillin"].corr(f["antibiotics"]["Neomycin"], method="spearman"),
        source="packages",
    ),
    Question(
        "graduation-spread",
        "How large is the interquartile range of the high school graduation rate in @statecrime?",
        _spread,
        source="packages",
    ),
)
