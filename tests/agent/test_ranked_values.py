"""The value that the best of each group are ranked by: in the example, and asked for once."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.examples.ranked_values import asks_value, ranked_values
from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import describe

_PEAKS = pd.DataFrame(
    {
        "peak": ["Ossa", "Pelm", "Rok", "Sarn", "Tull"],
        "region": ["North", "North", "South", "South", "South"],
        "snow_cm": [120.0, 80.0, 60.0, 200.0, 90.0],
    }
)
_TWO = "SELECT region, peak FROM peaks QUALIFY ROW_NUMBER() OVER (PARTITION BY region ORDER BY snow_cm) <= 2"


@pytest.fixture(scope="module")
def database() -> FrameDatabase:
    return FrameDatabase({"peaks": _PEAKS})


@pytest.mark.parametrize(
    "question",
    [
        "The two peaks with the lowest snow of each region, along with that value.",
        "The two peaks with the lowest snow_cm of each region, with the snow_cm itself",
        "Give me the two peaks with the lowest snow_cm of each region, and the value itself.",
        "For each region, list the two peaks with the least snow_cm and how much it was.",
        "The two peaks with the lowest snow_cm of each region together with the actual figures",
        "For each region, name the two peaks with the lowest snow_cm. Show the value as well.",
        "The two peaks with the lowest snow_cm in each region, including their values.",
        "The two peaks with the lowest snow_cm in each region, and what that value is",
        "The two peaks with the lowest snow_cm in each region, next to the measurement.",
        "The two lowest peaks per region by snow_cm plus the corresponding amount",
    ],
)
def test_the_example_has_the_value(question: str, database: FrameDatabase) -> None:
    table = database.tables[0]
    text = nearest_sql(question, describe([table]), "DuckDB", table)
    assert "SELECT region, peak, snow_cm FROM peaks QUALIFY" in text


@pytest.mark.parametrize(
    "question",
    [
        "The two peaks with the lowest snow_cm of each region",
        "The two peaks of each region with the value of their snow_cm lowest",
        "The two peaks with the lowest snow_cm of each region, and the number of peaks there",
        "The two peaks with the lowest snow_cm of each region with values above 10",
        "Which peak has the most snow, and how many are there in all?",
    ],
)
def test_no_value_is_asked_for(question: str, database: FrameDatabase) -> None:
    table = database.tables[0]
    assert not asks_value(question, "snow_cm")
    assert "peak, snow_cm FROM" not in nearest_sql(question, describe([table]), "DuckDB", table)
    assert ranked_values(question)(_TWO) is None


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (_TWO, _TWO.replace("peak FROM", "peak, snow_cm FROM")),
        (
            "SELECT region, peak FROM (SELECT region, peak, ROW_NUMBER() OVER (PARTITION BY region ORDER BY "
            "snow_cm) AS rn FROM peaks) AS ranked WHERE rn <= 2",
            "SELECT region, peak, snow_cm FROM (SELECT region, peak, ROW_NUMBER() OVER (PARTITION BY region "
            "ORDER BY snow_cm) AS rn, snow_cm FROM peaks) AS ranked WHERE rn <= 2",
        ),
        (
            "SELECT peak FROM peaks ORDER BY snow_cm DESC LIMIT 3",
            "SELECT peak, snow_cm FROM peaks ORDER BY snow_cm DESC LIMIT 3",
        ),
    ],
)
def test_a_query_without_the_value_comes_back_once(code: str, hint: str, database: FrameDatabase) -> None:
    check = ranked_values("The two peaks with the least snow of each region, along with that value")
    problem = check(code)
    assert problem is not None
    assert problem.hint == f"Write: {hint}"
    assert "snow_cm" in database.run(database.check(hint)).frame.columns
    assert check(code) is None


@pytest.mark.parametrize(
    "code",
    [
        "SELECT peak, snow_cm FROM peaks ORDER BY snow_cm LIMIT 1",
        "SELECT * FROM peaks ORDER BY snow_cm LIMIT 1",
        "SELECT peak, ROUND(snow_cm) FROM peaks ORDER BY snow_cm LIMIT 1",
        "SELECT region, MIN(snow_cm) FROM peaks GROUP BY region ORDER BY region LIMIT 2",
        "SELECT peak FROM peaks ORDER BY peak",
    ],
)
def test_what_shows_it_or_ranks_nothing_passes(code: str) -> None:
    assert ranked_values("The peaks with the least snow, along with that value")(code) is None
