"""Wholes of groups: what a window over ungrouped columns can only mean, run on real databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.databases import connect
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.group_wholes import with_wholes

_FRAME = pd.DataFrame(
    {
        "season": [1, 1, 1, 2, 2, 2],
        "crop": ["rye", "oats", "rye", "rye", "oats", "oats"],
        "tonnes": [1.0, 3.0, 4.0, 2.0, 2.0, 6.0],
    }
)
_RYE = "CASE WHEN crop = 'rye' THEN tonnes ELSE 0 END"


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        (f"SELECT season, 100.0 * SUM({_RYE}) / SUM(tonnes) OVER () AS p FROM h GROUP BY season", [62.5, 20]),
        (f"SELECT season, SUM({_RYE}) / NULLIF(SUM(tonnes) OVER (), 0) * 100 FROM h GROUP BY 1", [62.5, 20]),
        (
            f"SELECT season, SUM({_RYE}) * 100 / SUM(tonnes) OVER (PARTITION BY season) FROM h GROUP BY 1",
            [62.5, 20],
        ),
        (
            "SELECT season, 100.0 * SUM(tonnes) FILTER (WHERE crop = 'rye') / SUM(tonnes) OVER () FROM h "
            "GROUP BY season",
            [62.5, 20],
        ),
        (
            "SELECT season, 100.0 * SUM(CASE WHEN crop = 'rye' THEN 1 ELSE 0 END) / COUNT(*) OVER () FROM h "
            "GROUP BY season",
            [100 * 2 / 3, 100 / 3],
        ),
        ("SELECT season, 90.0 * SUM(tonnes) / SUM(tonnes) OVER () FROM h GROUP BY season", [40, 50]),
        ("SELECT season, 100.0 * COUNT(*) / COUNT(*) OVER () FROM h GROUP BY season", [50, 50]),
        ("SELECT season, SUM(tonnes) OVER (ORDER BY season) FROM h GROUP BY season", [8, 18]),
        (
            "SELECT season AS s, ROUND(180 * SUM(h.tonnes) / SUM(h.tonnes) OVER ()) FROM h GROUP BY s",
            [80, 100],
        ),
    ],
)
def test_a_window_over_groups_is_of_the_whole_that_is_meant(sql: str, rows: list[float]) -> None:
    database = FrameDatabase({"h": _FRAME})
    frame = database.run(database.check(sql)).frame.sort_values("season" if "AS s," not in sql else "s")
    assert frame.iloc[:, 1].astype(float).tolist() == pytest.approx(rows)


@pytest.mark.parametrize(
    "sql",
    [
        # The number of groups, a total of totals, a mean, rows without groups.
        "SELECT season, COUNT(*) OVER () AS seasons FROM h GROUP BY season",
        "SELECT season, SUM(tonnes) / COUNT(*) OVER () FROM h GROUP BY season",
        "SELECT season, SUM(tonnes) / SUM(SUM(tonnes)) OVER () FROM h GROUP BY season",
        "SELECT season, AVG(tonnes) - AVG(tonnes) OVER () FROM h GROUP BY season",
        "SELECT crop, tonnes / SUM(tonnes) OVER () FROM h",
        "SELECT tonnes, COUNT(*) / SUM(tonnes) OVER () FROM h GROUP BY tonnes",
        f"SELECT season, SUM({_RYE}) AS part, SUM(tonnes) OVER () AS whole FROM h GROUP BY season",
        f"SELECT season, SUM({_RYE}) / SUM(tonnes) OVER (PARTITION BY season) FROM h GROUP BY season, crop",
    ],
)
def test_what_may_mean_something_else_stays(sql: str) -> None:
    assert with_wholes(sql, DUCKDB) == sql


def test_the_hint_names_the_aggregate_instead_of_a_group_by_the_measure() -> None:
    database = FrameDatabase({"h": _FRAME})
    with pytest.raises(QueryError) as caught:
        database.check("SELECT season, AVG(tonnes) - AVG(tonnes) OVER () FROM h GROUP BY season")
    assert "GROUP BY" not in caught.value.hint
    assert "AVG(tonnes) without OVER" in caught.value.hint
    with pytest.raises(QueryError) as caught:
        database.check("SELECT season, LAG(tonnes) OVER (ORDER BY season) FROM h GROUP BY season")
    assert "LAG(SUM(tonnes)) OVER" in caught.value.hint


def test_sqlite_would_take_any_row_for_the_whole(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "farm.db")) as connection, connection:
        _FRAME.to_sql("h", connection, index=False)
    sql = f"SELECT season, 100.0 * SUM({_RYE}) / SUM(tonnes) OVER () AS p FROM h GROUP BY season"
    with connect("farm", str(tmp_path / "farm.db")).open() as database:
        assert database.run(database.check(sql)).frame["p"].tolist() == pytest.approx([62.5, 20])
