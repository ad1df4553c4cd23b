"""What the tables do not hold."""

from __future__ import annotations

from evals.question import Question

__all__ = ["QUESTIONS"]

QUESTIONS = (
    Question(
        "airport-passengers",
        "How many passengers do the @us_airports in Texas handle in a year?",
        lambda f: None,
        source="packages",
    ),
    Question(
        "traded-volume",
        "What was the trading volume on 15 June 2009 in @ohlc?",
        lambda f: None,
        source="packages",
    ),
    Question(
        "police-spending",
        "Which state spends the most on its police, by @statecrime?",
        lambda f: None,
        source="packages",
    ),
    Question(
        "wind-power",
        "How much of the generation in @electricity came from wind in 2015?",
        lambda f: None,
        source="packages",
    ),
    Question(
        "unemployment-rate",
        "Unemployment rate of October 2009, please (@employment).",
        lambda f: None,
        source="packages",
    ),
    Question(
        "member-age",
        "How old are the members in @exercise on average?",
        lambda f: None,
        source="packages",
    ),
)
