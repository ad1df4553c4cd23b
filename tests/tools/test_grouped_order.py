"""Windows over groups of several keys: parted by the things, in order by the whole time."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.window_order import windows_ordered
from qwen_magics.tools.frames import FrameDatabase

_MEALS = pd.DataFrame(
    [
        {
            "dish": dish,
            "year": year,
            "month": month,
            "era": "old" if year < 2020 else "new",
            "price": year % 7 + month,
        }
        for dish in ("soup", "stew", "cake")
        for year in range(2018, 2023)
        for month in range(1, 13)
    ]
)
_LAG = "AVG(price) - LAG(AVG(price)) OVER (ORDER BY {}) AS change"


@pytest.fixture(name="meals", scope="module")
def _meals():
    with FrameDatabase({"meals": _MEALS}) as database:
        yield database


@pytest.mark.parametrize(
    ("sql", "over"),
    [
        (
            f"SELECT dish, year, {_LAG.format('year')} FROM meals GROUP BY dish, year",
            "PARTITION BY dish ORDER BY year",
        ),
        (
            f"SELECT dish, year AS y, {_LAG.format('y')} FROM meals GROUP BY 1, 2",
            "PARTITION BY dish ORDER BY y",
        ),
        (
            f"SELECT year, month, {_LAG.format('month')} FROM meals GROUP BY year, month",
            "(ORDER BY year, month)",
        ),
        (
            f"SELECT dish, {_LAG.format('month')} FROM meals GROUP BY dish, year, month",
            "PARTITION BY dish ORDER BY year, month",
        ),
    ],
)
def test_the_other_keys_are_put_in(meals: FrameDatabase, sql: str, over: str) -> None:
    mended = windows_ordered("how did the mean price change?", meals.reordered)(sql)
    assert over in mended
    meals.run(mended)


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT year, {_LAG.format('year')} FROM meals GROUP BY year",
        f"SELECT year, era, {_LAG.format('year')} FROM meals GROUP BY year, era",
        f"SELECT dish, year, {_LAG.format('dish, year')} FROM meals GROUP BY dish, year",
        f"SELECT dish, year, {_LAG.format('AVG(price)')} FROM meals GROUP BY dish, year",
        "SELECT dish, year, SUM(SUM(price)) OVER (ORDER BY year) AS running FROM meals GROUP BY dish, year",
        "SELECT year, month, AVG(price) - LAG(AVG(price)) OVER (PARTITION BY month ORDER BY year) AS change "
        "FROM meals GROUP BY year, month",
    ],
)
def test_what_is_in_order_stays(meals: FrameDatabase, sql: str) -> None:
    assert windows_ordered("how did the mean price change?", meals.reordered)(sql) == sql
