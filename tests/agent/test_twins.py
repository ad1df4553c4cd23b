"""Two tables of the same columns: which are compared, and what the query of the example gives."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.examples.whole.twins import twins
from qwen_magics.tools.frames import FrameDatabase

HOURS = pd.to_datetime(["2020-01-01 01:00", "2020-01-01 09:00", "2020-01-02 01:00", "2020-02-02 05:00"])
NORTH = pd.DataFrame({"taken": HOURS, "level": [1.0, 5.0, 4.0, 9.0]})
SOUTH = pd.DataFrame({"taken": HOURS, "level": [4.0, 2.0, 6.0, 3.0]})


def found(question: str) -> list[tuple[object, ...]] | None:
    """The rows of the example's query; None without an example."""
    with FrameDatabase({"north_well": NORTH, "south_well": SOUTH, "rain": NORTH[["taken"]]}) as database:
        example = twins(question, database.tables)
        if example is None:
            return None
        frame = database.run(database.check(example.query)).frame
    return [*frame.itertuples(index=False, name=None)]


@pytest.mark.parametrize(
    "question",
    [
        "Show the mean level of each month for the wells next to each other, from north_well and south_well.",
        "Compare north_well with south_well: average level by month.",
        "Per month, the average level in north_well and in south_well",
    ],
)
def test_month_by_month(question: str) -> None:
    assert found(question) == [(1, 10 / 3, 4.0), (2, 9.0, 3.0)]


@pytest.mark.parametrize(
    ("question", "days"),
    [
        (
            "On how many days did the highest level in north_well exceed the highest in south_well?",
            2,
        ),
        ("How many days had a higher maximum in north_well than in south_well?", 2),
        ("Number of days on which the peak of south_well was above the peak of north_well", 1),
        ("On how many days was the maximum level of south_well lower than that of north_well?", 2),
    ],
)
def test_days_on_which_one_was_higher(question: str, days: int) -> None:
    assert found(question) == [(days,)]


@pytest.mark.parametrize(
    "question",
    [
        "What is the mean level of each month in north_well?",
        "Which day had the highest level in north_well and the lowest in south_well?",
        "How many rows have north_well and rain in each month?",
        "The level in north_well and south_well",
    ],
)
def test_others(question: str) -> None:
    assert found(question) is None
