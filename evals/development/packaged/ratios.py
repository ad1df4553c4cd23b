"""Shares and quotients."""

from __future__ import annotations

from evals.question import Frames, Question

__all__ = ["QUESTIONS"]


def _renewables(f: Frames) -> float:
    latest = f["electricity"][f["electricity"]["year"].dt.year == 2017].set_index("source")["net_generation"]
    return float(100 * latest["Renewables"] / latest.sum())


def _disease(f: Frames) -> float:
    causes = f["crimea"][["wounds", "other", "disease"]].sum()
    return float(100 * causes["disease"] / causes.sum())


def _manufacturing(f: Frames) -> float:
    month = f["employment"].set_index("month").loc["2015-12-01"]
    return float(100 * month["manufacturing"] / month["private"])


def _investor(f: Frames) -> str:
    totals = f["grunfeld"].groupby("firm")[["invest", "capital"]].sum()
    return str((totals["invest"] / totals["capital"]).idxmax())


QUESTIONS = (
    Question(
        "renewables-2017",
        "What percentage of the electricity in @electricity came from renewables in 2017?",
        _renewables,
        source="packages",
    ),
    Question(
        "disease-deaths",
        "Of all deaths recorded in @crimea, whatever the cause, how many percent were due to disease?",
        _disease,
        source="packages",
    ),
    Question(
        "alaska-airports",
        "Alaska's (AK) share of all @us_airports in percent",
        lambda f: 100 * (f["us_airports"]["state"] == "AK").mean(),
        source="packages",
    ),
    Question(
        "manufacturing-share",
        "How many percent of private jobs were in manufacturing in December 2015, by @employment?",
        _manufacturing,
        source="packages",
    ),
    Question(
        "investment-per-capital",
        "Taking totals over all years of @grunfeld, which firm invested the most per unit of its capital?",
        _investor,
        source="packages",
    ),
    Question(
        "up-days",
        "On what percentage of the days in @ohlc did the price close higher than it opened?",
        lambda f: 100 * (f["ohlc"]["close"] > f["ohlc"]["open"]).mean(),
        source="packages",
    ),
)
