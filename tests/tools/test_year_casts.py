"""CAST(day AS YEAR), and days that are divided, over real frames."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.frames import FrameDatabase

_TRIPS = pd.DataFrame(
    {
        "left": pd.to_datetime(["2019-04-01", "2020-05-02", "2020-06-03"]),
        "booked": ["2018-01-02", "2019-01-02", "2019-12-31"],
        "fare": [1.0, 2.0, 4.0],
    }
)


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        (
            'SELECT CAST("left" AS YEAR) AS y, SUM(fare) FROM trips GROUP BY CAST("left" AS YEAR)',
            [2019, 2020],
        ),
        ("SELECT CAST(booked AS YEAR) AS y, SUM(fare) FROM trips GROUP BY y", [2018, 2019]),
        ("SELECT TRY_CAST(booked AS YEAR) AS y FROM trips ORDER BY fare DESC LIMIT 1", [2019]),
    ],
)
def test_a_year_is_no_type(sql: str, rows: list[int]) -> None:
    with FrameDatabase({"trips": _TRIPS}) as database:
        assert sorted(database.run(database.check(sql)).frame["y"].tolist()) == rows


def test_other_types_stay_unknown_and_days_are_not_divided() -> None:
    with FrameDatabase({"trips": _TRIPS}) as database:
        with pytest.raises(QueryError):
            database.check("SELECT CAST(fare AS YEAR) FROM trips")
        with pytest.raises(QueryError) as caught:
            database.check('SELECT CAST("left" AS DATE) / 12 FROM trips')
        assert "YEAR(day)" in caught.value.hint
