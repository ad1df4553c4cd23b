"""Which rows, and how many of them: conditions on one table."""

from __future__ import annotations

from evals.question import Question

__all__ = ["QUESTIONS"]

QUESTIONS = (
    Question(
        "north-airports",
        "How many of the @us_airports lie north of 60 degrees?",
        lambda f: (f["us_airports"]["latitude"] > 60).sum(),
        source="packages",
    ),
    Question(
        "poor-calm-states",
        "Which states in @statecrime have a poverty rate above 17 and still a violent crime rate under 350?",
        lambda f: f["statecrime"].query("poverty > 17 and violent < 350")[["state"]],
        source="packages",
    ),
    Question(
        "red-days",
        "Show me date, open and close of the days in @ohlc that closed more than 1.50 below where they "
        "opened.",
        lambda f: f["ohlc"].query("open - close > 1.5")[["date", "open", "close"]],
        source="packages",
    ),
    Question(
        "no-city",
        "Some entries of @us_airports lack a city: list their code and name",
        lambda f: f["us_airports"][f["us_airports"]["city"].isna()][["iata", "name"]],
        source="packages",
    ),
    Question(
        "wounds-month",
        "In @crimea disease nearly always killed more than wounds did. In which month was it the other way "
        "round?",
        lambda f: f["crimea"].query("wounds > disease")["date"].item(),
        source="packages",
    ),
    Question(
        "war-investments",
        "From 1940 to 1945, both included: number of rows in @grunfeld with an investment over 100",
        lambda f: len(f["grunfeld"].query("1940 <= year <= 1945 and invest > 100")),
        source="packages",
    ),
)
