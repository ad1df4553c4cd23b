"""Questions that windows answer, told whole; and those that look alike and are of another kind."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.tools.databases import connect
from qwen_magics.tools.frames import FrameDatabase

_LAKES = ["Como", "Garda", "Iseo", "Onega", "Ladoga", "Saimaa"]
_DEPTHS = pd.DataFrame(
    [
        {
            "lake": lake,
            "region": "South" if at < 3 else "North",
            "year": year,
            "fish": 10 * at + year % (at + 2),
        }
        for at, lake in enumerate(_LAKES)
        for year in range(2001, 2011)
    ]
)
_BOATS = pd.DataFrame(
    {
        "boat_id": range(1, 13),
        "built": [1990, 1990, 1991, 1991, 1992, 1993] * 2,
        "kind": ["yacht", "ferry", "canoe"] * 4,
        "weight": [5.0, 9, 1, 6, 8, 2, 7, 3, 4, 12, 11, 10],
        "seats": [4, 40, 2] * 4,
    }
)
_TRIPS = pd.DataFrame(
    [
        {"year": 2024, "month": month, "day": day, "line": line, "riders": 10.0 * month + day * place}
        for month, day in [(1, 30), (1, 31), (2, 1), (2, 2), (2, 10), (2, 11), (3, 1)]
        for place, line in enumerate(("AA", "BB"), 1)
        if not (line == "BB" and month == 2)
    ]
)
_RATES = pd.DataFrame(
    {
        "day": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"] * 2),
        "coin": ["Dinar"] * 4 + ["Rand"] * 4,
        "rate": [8.0, 10, 5, 9, 4, 3, 2, 5],
    }
)
_FRAMES = {"depths": _DEPTHS, "boats": _BOATS, "trips": _TRIPS, "rates": _RATES}


def _found(table: str, question: str) -> tuple[str, pd.DataFrame | None]:
    with FrameDatabase({table: _FRAMES[table]}) as database:
        found = spelled_out(question, database.tables, database.dialect)
        if found is None:
            return "", None
        assert not found.is_missed(found.query)
        return found.query, database.run(found.query).frame


@pytest.mark.parametrize(
    ("table", "question", "value"),
    [
        (
            "boats",
            "Add up the weight of all boats in the order of boat_id. At which boat_id does it pass 29?",
            6,
        ),
        ("boats", "Adding up the number of boats by year, in which year does the sum reach 8?", 1991),
        ("boats", "In which year does the running total of seats exceed 100?", 1992),
        ("depths", "In how many years did Iseo rank first in South by fish?", 10),
        ("depths", "How many years did Como have the lowest fish of all?", 10),
        ("trips", "On how many days did AA have the most riders?", 4),
        ("boats", "Among the 3 boats with the highest weight, what is the mean seats?", 46 / 3),
        ("trips", "What is the longest run of consecutive days with trips of line AA?", 4),
        ("trips", "For how many consecutive days in a row were there trips, at most?", 4),
        ("trips", "What is the longest gap in days between one day with trips of BB and the next?", 30),
        ("rates", "How many percent below its highest rate so far was Dinar at worst?", 50.0),
        ("rates", "By how much did the rate of Rand fall below its previous peak at most?", 2.0),
    ],
)
def test_one_value_is_told(table: str, question: str, value: float) -> None:
    query, frame = _found(table, question)
    assert query, question
    assert frame is not None
    assert frame.iloc[0, 0] == pytest.approx(value)


def test_the_place_of_one_in_each_group() -> None:
    query, frame = _found("depths", "Which place does Iseo have by fish within South in each year?")
    assert "PARTITION BY year" in query
    assert frame is not None
    assert len(frame) == 10
    rows = _DEPTHS[_DEPTHS.region == "South"]
    ranks = rows.assign(place=rows.groupby("year").fish.rank(method="min", ascending=False))
    assert dict(frame.to_numpy().tolist()) == dict(ranks[ranks.lake == "Iseo"][["year", "place"]].to_numpy())


def test_the_best_of_all_and_then_groups() -> None:
    _, frame = _found("boats", "Of the 4 boats with the highest weight, how many belong to each kind?")
    assert frame is not None
    assert dict(frame.to_numpy().tolist()) == _BOATS.nlargest(4, "weight").kind.value_counts().to_dict()
    _, frame = _found(
        "boats",
        "Take the two boats with the highest weight of each kind. What is the mean of seats for each kind?",
    )
    assert frame is not None
    best = _BOATS.sort_values("weight").groupby("kind").tail(2).groupby("kind").seats.mean()
    assert dict(frame.to_numpy().tolist()) == best.to_dict()


def test_the_day_on_which_a_mean_moved_most() -> None:
    asked = (
        "On which day did the mean riders of AA drop the most against the previous day? Give month and day."
    )
    query, frame = _found("trips", asked)
    assert "ORDER BY year, month, day" in query
    assert frame is not None
    assert list(frame.columns) == ["month", "day"]


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("depths", "In which year did the total fish of South pass 30?"),
        ("depths", "In which year did the fish in Como first exceed 3?"),
        ("depths", "In how many years did South have the highest total fish?"),
        ("depths", "In how many years did the fish in Como rise the most of all?"),
        ("depths", "In how many years was the fish in Como lower than the year before?"),
        ("depths", "Of the 5 lakes with the highest fish, how many are in each region?"),
        ("depths", "Rank the lakes by fish within each region in 2004. Which lake is third in each?"),
        ("boats", "Of the 4 boats with the highest weight, how many have a mast of each kind?"),
        ("boats", "Take the two boats with the highest weight of each kind. What is their mean seats?"),
        ("boats", "Of the two kinds with the most boats, what is the mean weight?"),
        ("trips", "What is the longest run of consecutive days with riders above 10?"),
        ("trips", "What is the longest run of consecutive days with frost?"),
        ("trips", "Which line had the longest run of consecutive days with trips?"),
        ("trips", "What is the longest gap in days between two consecutive trips of the same line?"),
        ("rates", "How many percent below its highest rate was Dinar at the end?"),
        ("rates", "Which coin fell the most below its previous peak, in percent?"),
        ("rates", "How many percent below its highest rate so far was it at worst?"),
        ("trips", "On which day was the mean riders of AA the lowest?"),
    ],
)
def test_another_kind_is_left_alone(table: str, question: str) -> None:
    assert _found(table, question)[0] == ""


_LOANS = """
CREATE TABLE tools (tool_id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE hires (hire_id INTEGER PRIMARY KEY, tool_id INTEGER REFERENCES tools, hired DATE, due DATE,
  returned DATE);
INSERT INTO tools VALUES (1, 'drill'), (2, 'saw');
INSERT INTO hires VALUES (1, 1, '2024-01-01', '2024-01-05', '2024-01-09'),
  (2, 2, '2024-01-02', '2024-01-06', '2024-01-06'), (3, 1, '2024-01-10', '2024-01-12', NULL);
"""


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("What is the largest number of days that a tool was returned after its due date?", 4),
        ("By how many days at most was a hire returned late?", 4),
        ("What is the longest series of consecutive days with at least one hire on each day?", 2),
        ("What is the longest gap in days between two consecutive hires?", 8),
        ("What is the largest number of days that students returned a tool after its due date?", None),
        ("Which tool was returned the most days after its due date?", None),
        ("What is the average number of days that a tool was returned after its due date?", None),
    ],
)
def test_days_in_sqlite(tmp_path: Path, question: str, value: int | None) -> None:
    file = tmp_path / "hires.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(_LOANS)
    with connect("hires", str(file)).open() as database:
        database.focus(question, lambda text: True)
        found = spelled_out(question, database.tables, database.dialect)
        assert (found is None) == (value is None)
        if found is not None:
            assert database.run(found.query).frame.iloc[0, 0] == value
