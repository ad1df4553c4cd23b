"""Years that the data does not reach."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.doubts.beyond import years_beyond
from qwen_magics.agent.doubts.doubting import Unanswerable, refuse_beyond
from qwen_magics.agent.loop import Attempt, QueryLoop
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.trace.recorder import Recorder
from tests.scripted_model import ScriptedModel

_FRAMES = {
    "visits": pd.DataFrame(
        {
            "patient": [1, 2, 3],
            "came": pd.to_datetime(["2021-03-01", "2022-05-01", "2023-08-09"]),
            "costs": [10.0, 20.0, 30.0],
        }
    ),
    # Five years apart, two lands each.
    "census": pd.DataFrame(
        {
            "land": list("abababab"),
            "year": [1990, 1990, 1995, 1995, 2000, 2000, 2005, 2005],
            "people": range(8),
        }
    ),
    "machines": pd.DataFrame({"model": list("xyz"), "built_year": [1950, 1960, 1960], "power": [1, 2, 3]}),
}


def _said(question: str, sql: str) -> str:
    with FrameDatabase(_FRAMES) as database:
        attempt = Attempt(sql, database.run(sql))
        return years_beyond(question, attempt, database, database.tables)


@pytest.mark.parametrize(
    ("question", "sql", "said"),
    [
        (
            "How many visits were there in 2019?",
            "SELECT COUNT(*) FROM visits WHERE YEAR(came) = 2019",
            "visits.came runs from 2021 to 2023.",
        ),
        (
            "What did visits cost on average in 2030?",
            "SELECT AVG(costs) FROM visits WHERE YEAR(came) = 2030",
            "visits.came runs from 2021 to 2023.",
        ),
        (
            "People of land a in 1997",
            "SELECT people FROM census WHERE land = 'a' AND year = 1997",
            "census.year has 1990, 1995, … 2005.",
        ),
        (
            "Which land had the most people in 1970?",
            "SELECT land FROM census WHERE year = 1970",
            "census.year runs from 1990 to 2005.",
        ),
    ],
)
def test_not_reached(question: str, sql: str, said: str) -> None:
    assert _said(question, sql) == said


@pytest.mark.parametrize(
    ("question", "sql"),
    [
        # Something was found.
        ("Visits in 2019 and 2021", "SELECT COUNT(*) FROM visits WHERE YEAR(came) IN (2019, 2021)"),
        # One of the years is there.
        ("Visits of patient 9 in 2022 and 2019?", "SELECT * FROM visits WHERE patient = 9"),
        # None before the first one is an answer.
        ("How many visits before 2019?", "SELECT COUNT(*) FROM visits WHERE YEAR(came) < 2019"),
        ("visits since the end of 2029", "SELECT COUNT(*) FROM visits WHERE YEAR(came) > 2029"),
        # Of things that were built, no year says that none were.
        ("How many machines were built in 1955?", "SELECT COUNT(*) FROM machines WHERE built_year = 1955"),
        # No year is asked for.
        ("Visits that cost more than $2030", "SELECT COUNT(*) FROM visits WHERE costs > 2030"),
        # Nothing about time is read.
        ("people in the land of 1984", "SELECT COUNT(*) FROM (SELECT 1 AS a) WHERE a = 2"),
    ],
)
def test_reached_or_not_certain(question: str, sql: str) -> None:
    assert _said(question, sql) == ""


@pytest.mark.parametrize(
    "question",
    [
        "Visits that cost 1999 or more",
        "visits with costs of 1800",
        "How many visits in 2019 cost more than 1600?",
    ],
)
def test_a_number_need_not_be_a_year(question: str) -> None:
    assert _said(question, "SELECT * FROM visits WHERE costs > 1999") == ""


@pytest.mark.parametrize(
    "question",
    [
        "visits in March 2019",
        "the first half of 2019: how many visits?",
        "Visits in 2018, 2019 and 2020",
        "the winter of 2019",
        "visits of the year 2019",
    ],
)
def test_ways_to_say_a_year(question: str) -> None:
    assert _said(question, "SELECT * FROM visits WHERE YEAR(came) = 2019").startswith("visits.came runs")


def test_it_is_no_answer() -> None:
    sql = "SELECT COUNT(*) FROM visits WHERE YEAR(came) = 2019"
    recorder = Recorder("?", model={}, parameters={}, data=[])
    with FrameDatabase(_FRAMES) as database, recorder.span("agent", "answer"):
        loop = QueryLoop(ScriptedModel([]), database, recorder, lambda event: None, "", None)
        attempt = Attempt(sql, database.run(sql))
        with pytest.raises(Unanswerable, match="it has nothing of that time"):
            refuse_beyond("How many visits in 2019?", attempt, loop, database.tables)
        assert refuse_beyond("How many visits?", attempt, loop, database.tables) is attempt
    # What the sentence says of the data stands in the trace.
    check = next(span for span in recorder.snapshot().spans if span.kind == "check")
    assert check.data["result"] == "visits.came runs from 2021 to 2023."


def test_over_sqlite(tmp_path: object) -> None:
    import sqlite3
    from pathlib import Path

    from qwen_magics.tools.databases import find

    path = Path(str(tmp_path)) / "clinic.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE visits (patient INTEGER, came DATE)")
        connection.executemany("INSERT INTO visits VALUES (?, ?)", [(1, "2021-03-01"), (2, "2023-08-09")])
    connection.close()
    sql = "SELECT COUNT(*) FROM visits WHERE strftime('%Y', came) = '2019'"
    with find(str(path)).open() as database:
        found = Attempt(sql, database.run(sql))
        said = years_beyond("How many visits in 2019?", found, database, database.tables)
    assert said == "visits.came runs from 2021 to 2023."
