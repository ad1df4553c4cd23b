"""Rows found by their order: the best of each group, the first and the last, the one that moved most."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.first_reached import first_reached
from qwen_magics.agent.examples.whole.further_stages import further_stages
from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.result import QueryResult

_TIDES = pd.DataFrame(
    {
        "station": ["Ayr"] * 4 + ["Bude"] * 4,
        "year": [2001, 2002, 2003, 2004] * 2,
        "level": [3.0, 5, 1, 6, 9, 2, 8, 4],
        "storms": [4, 9, 2, 7, 3, 8, 1, 6],
    }
)
_WEATHER = pd.DataFrame(
    {
        "day": pd.to_datetime(["2020-01-05", "2020-02-10", "2020-02-11", "2021-01-01", "2021-03-01"]),
        "rain": [5.0, 4, 4, 9, 1],
        "temp_max": [1.0, 7, 9, 2, 12],
        "sky": ["snow", "fog", "snow", "clear", "snow"],
    }
)
_BOOKS = pd.DataFrame(
    {
        "book_id": [1, 2, 3, 4, 5, 6],
        "title": ["Ash", "Bay", "Cod", "Dew", "Elm", "Fen"],
        "genre": ["crime", "poetry"] * 3,
        "price": [5.0, 9, 12, 3, 8, 4],
        "pages": [300, 80, 120, 90, 310, 70],
    }
)
_CROPS = pd.DataFrame(
    [
        {"farm": farm, "crop": crop, "year": year, "harvest": float(at + (year - 2000) * place)}
        for farm, place in (("Low", 2), ("High", 3))
        for at, crop in enumerate(("rye", "oats", "flax"), 1)
        for year in (2001, 2002)
    ]
)
_JOBS = pd.DataFrame(
    {
        "month": ["2020-11-01", "2020-12-01", "2021-01-01", "2021-02-01"],
        "retail": [10, 13, 12, 17],
        "building": [5, 5, 6, 4],
    }
)
_RIDES = pd.DataFrame(
    {
        "line": ["T1", "T1", "T2", "T1", "T2", "T2"],
        "year": [2023] * 6,
        "month": [1, 1, 2, 2, 3, 3],
        "stop": ["Dock", "Mill", "Dock", "Dock", "Mill", "Dock"],
    }
)
_FRAMES = {
    **{"tides": _TIDES, "weather": _WEATHER, "books": _BOOKS, "crops": _CROPS, "jobs": _JOBS},
    "rides": _RIDES,
}


def _rows(table: str, question: str) -> list[tuple[object, ...]] | None:
    """What the query gives that is told for the question; None where none is."""
    with FrameDatabase({table: _FRAMES[table]}) as database:
        found = spelled_out(question, database.tables, database.dialect) or further_stages(
            question, database.tables, database.dialect
        )
        if found is None:
            return None
        frame = database.run(found.query).frame
        return sorted(tuple(_plain(cell) for cell in row) for row in frame.itertuples(index=False))


def _plain(cell: object) -> object:
    return str(cell)[:10] if isinstance(cell, pd.Timestamp) else cell


@pytest.mark.parametrize(
    ("table", "question", "rows"),
    [
        (
            "weather",
            "What was the wettest day of each year? I'd like the date and how much rain fell.",
            [("2020-01-05", 5.0), ("2021-01-01", 9.0)],
        ),
        ("tides", "In which year did each station have its highest level?", [("Ayr", 2004), ("Bude", 2001)]),
        ("tides", "For each station, the year with the lowest level.", [("Ayr", 2003), ("Bude", 2002)]),
        ("books", "Which is the most expensive book of each genre?", [("crime", "Cod"), ("poetry", "Bay")]),
        (
            "books",
            "Give the two books with the most pages in each genre.",
            [("crime", "Ash"), ("crime", "Elm"), ("poetry", "Bay"), ("poetry", "Dew")],
        ),
        (
            "crops",
            "Which two crops had the highest harvest on each farm in 2002?",
            [("High", "flax"), ("High", "oats"), ("Low", "flax"), ("Low", "oats")],
        ),
    ],
)
def test_best_of_each(table: str, question: str, rows: list[tuple[object, ...]]) -> None:
    assert _rows(table, question) == rows


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("tides", "What is the highest level of each station?"),
        ("tides", "Which station had the highest average level in each year?"),
        ("tides", "For each station, the year with the second highest level"),
        ("tides", "Which two stations had the highest level in 2001?"),
        # Of two years: the two best rows may be of one crop.
        ("crops", "Which two crops had the highest harvest on each farm?"),
        ("crops", "Which crop had the most harvest on each farm?"),
        ("books", "Which book of each genre has the highest price, leaving out those above 10 euros?"),
        ("crops", "Which two crops had the highest harvest on each farm in 2002 (Low has just three)?"),
        ("books", "Which two genres have the most expensive books?"),
        ("books", "For each genre, the most expensive book of a new author"),
    ],
)
def test_other_questions_about_groups(table: str, question: str) -> None:
    assert _rows(table, question) is None


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        (
            "Give the first and the last level (by year) of each station.",
            [("Ayr", 3.0, 6.0), ("Bude", 9.0, 4.0)],
        ),
        ("For which station is the last level the largest multiple of its first level?", [("Ayr",)]),
        ("Which station has the smallest ratio of its last level to its first?", [("Bude",)]),
        ("First and last year of each station", None),
        ("Which station rose the most from its first to its last level?", None),
        ("Give the first and the last level of each station, and their mean", None),
    ],
)
def test_first_and_last(question: str, rows: list[tuple[object, ...]] | None) -> None:
    assert _rows("tides", question) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        (
            "For every station, find the year with the largest percentage gain in level over the year before:"
            " "
            "station, year and the gain in percent.",
            [("Ayr", 2004, 500.0), ("Bude", 2003, 300.0)],
        ),
        (
            "Where and when did the level collapse the most between one year and the station's previous one? "
            "Station and the later year.",
            [("Bude", 2002)],
        ),
        ("Which station and year saw the largest drop in level against the previous year?", [("Bude", 2002)]),
        ("In how many years did the level of Ayr rise over the year before?", None),
        ("For each station, the year with the smallest gain in level over the year before", None),
        ("Which station and year saw the largest level?", None),
    ],
)
def test_moved_rows(question: str, rows: list[tuple[object, ...]] | None) -> None:
    assert _rows("tides", question) == rows


@pytest.mark.parametrize(
    ("table", "question", "rows"),
    [
        ("tides", "In which year is the 2-year moving average of the level of Ayr highest?", [(2002,)]),
        ("tides", "In which year is the 2-year moving average of the level highest?", None),
        ("weather", "How many days passed from the first to the last day with fog as sky?", [(0,)]),
        ("weather", "How many days passed from the first to the last day with rain above 4?", None),
        ("weather", "How many days passed from the first to the last day with rain?", None),
        (
            "weather",
            "What was the mean temp_max in the month (year and month) with the most rain?",
            [(2.0,)],
        ),
        ("weather", "What was the mean temp_max in the month with the most rain?", None),
        ("weather", "What was the mean temp_max of clear days in the year with the most rain?", None),
        ("rides", "In which month did the running total of the rides from Dock first exceed 1?", [(2,)]),
        ("rides", "In which month did the running total of the rides first reach 6?", [(3,)]),
        (
            "jobs",
            "Month by month through 2021, the change in retail jobs and next to it the running total since "
            "January of that year.",
            [("2021-01-01", -1, -1.0), ("2021-02-01", 5, 4.0)],
        ),
        ("jobs", "The change in retail against the previous month and the running total of building", None),
    ],
)
def test_windows(table: str, question: str, rows: list[tuple[object, ...]] | None) -> None:
    assert _rows(table, question) == rows


def _loans() -> dict[str, pd.DataFrame]:
    return {
        "riders": pd.DataFrame({"rider_id": [1, 2], "name": ["Ada", "Bo"]}),
        "hires": pd.DataFrame(
            {
                "hire_id": [1, 2, 3, 4],
                "rider_id": [1, 1, 2, 2],
                "hired": pd.to_datetime(["2024-01-01", "2024-01-31", "2024-01-10", "2024-01-12"]),
                "returned": pd.to_datetime(["2024-01-02", "2024-03-31", "2024-01-11", "2024-01-13"]),
            }
        ),
    }


@pytest.mark.parametrize(
    ("question", "days"),
    [
        ("What is the longest any rider has gone between taking out one hire and the next one, in days?", 30),
        ("What is the shortest time in days a rider waited between one hire and the next?", 2),
        ("Which rider waited longest between one hire and the next, in days?", None),
        (
            "What is the longest any rider has gone between one hire of a bike and returning it, in days?",
            None,
        ),
        ("For each rider, the longest time in days between one hire and the next", None),
    ],
)
def test_row_gaps(question: str, days: int | None) -> None:
    with FrameDatabase(_loans()) as database:
        found = further_stages(question, database.tables, database.dialect)
        assert (None if found is None else database.run(found.query).frame.iloc[0, 0]) == days


_RUNNING = (
    "SELECT month FROM (SELECT month, SUM(COUNT(*)) OVER (ORDER BY month) AS running FROM rides "
    "GROUP BY month) WHERE running > 1"
)


def _checked(question: str, code: str) -> str:
    with FrameDatabase({"rides": _RIDES}) as database:
        result: QueryResult = database.run(code)
        found = first_reached(question)(result, code)
        if found is None:
            return ""
        query = found.hint.removeprefix("Write: ")
        return str(database.run(query).frame.iloc[0, 0])


def test_the_first_one_is_asked_for() -> None:
    assert _checked("In which month did the running number of rides first exceed 1?", _RUNNING) == "1"
    assert _checked("On which months did it exceed 1?", _RUNNING) == ""
    assert (
        _checked("In which month did the running number of rides of each line first exceed 1?", _RUNNING)
        == ""
    )
    assert _checked("In which month did it first exceed 1?", "SELECT month FROM rides WHERE year > 1") == ""
    assert _checked("In which month did it first exceed 5?", _RUNNING) == ""
