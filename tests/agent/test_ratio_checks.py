"""Checks of ratios, of numbers of rows and values, and of months that are left out."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.month_left_out import month_left_out
from qwen_magics.agent.checks.per_group_values import per_group_values
from qwen_magics.agent.checks.percent_more import percent_more
from qwen_magics.agent.checks.row_for_each_kind import row_for_each_kind
from qwen_magics.agent.checks.share_whole import whole_limited
from qwen_magics.agent.checks.threshold_of_rows import threshold_of_rows
from qwen_magics.agent.checks.unasked import unasked
from qwen_magics.tools.frames import FrameDatabase

_TRIPS = pd.DataFrame(
    {
        "driver": ["Ann", "Bob", "Ann", "Cid"] * 6,
        "depot": ["East", "East", "East", "West"] * 6,
        "month": [1, 2, 3, 4, 5, 6] * 4,
        "seats": [4, 8, 4, 12] * 6,
        "lateness": [5.5, 70.0, 90.0, 0.5] * 6,
    }
)


def _hint(error: object) -> str:
    return "" if error is None else str(getattr(error, "hint", ""))


def test_the_whole_is_taken_off() -> None:
    code = "SELECT 100.0 * AVG(CASE WHEN a = 1 THEN v END) / AVG(CASE WHEN a = 0 THEN v END) FROM t"
    higher = percent_more("By what percentage is the mean v of 1 higher than that of 0?")
    assert "FROM t" in _hint(higher(code)) and "- 100" in _hint(
        percent_more("By how many percent is v more than w?")(code)
    )
    assert higher(code) is None  # once
    for question in ("What percentage of the v is of 1?", "What percentage of rows is higher than 3?"):
        assert percent_more(question)(code) is None
    right = "SELECT 100.0 * (AVG(v) / AVG(w) - 1) FROM t"
    assert percent_more("By what percentage is the mean v higher than the mean w?")(right) is None


def test_a_number_of_rows_is_none_of_a_column() -> None:
    with FrameDatabase({"trips": _TRIPS}) as db:
        wrong = "SELECT driver, COUNT(*) FROM trips WHERE seats > 5 GROUP BY driver"
        check = threshold_of_rows("Which drivers had more than 5 @trips, and how many?", db.tables)
        assert _hint(check(wrong)).endswith(
            "SELECT driver, COUNT(*) FROM trips GROUP BY driver HAVING COUNT(*) > 5"
        )
        for question in (
            "Which drivers had @trips with more than 5 seats?",
            "How many @trips had more than 5 seats?",
        ):
            assert threshold_of_rows(question, db.tables)(wrong) is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many drivers per depot are in @trips?", True),
        ("How many drivers does each depot have in @trips?", True),
        ("For each depot, how many drivers are there in @trips?", True),
        ("How many trips per depot are in @trips?", False),
        ("How many rows of drivers are there in each depot?", False),
        ("How many seats per depot are in @trips?", False),
    ],
)
def test_values_of_each_group(question: str, told: bool) -> None:
    with FrameDatabase({"trips": _TRIPS}) as db:
        code = "SELECT depot, COUNT(*) FROM trips GROUP BY depot"
        error = per_group_values(question, db.tables, db.run)(db.run(code), code)
        assert (error is not None) == told
        assert not told or "COUNT(DISTINCT driver)" in _hint(error)
        code = "SELECT driver, COUNT(*) FROM trips GROUP BY driver"
        assert per_group_values(question, db.tables, db.run)(db.run(code), code) is None


def test_several_figures_of_each_kind() -> None:
    sums = ", ".join(
        f"{f}(CASE WHEN paid = {v} THEN cost ELSE 0 END) AS x{v}{f}" for v in (1, 0) for f in ("SUM", "AVG")
    )
    check = row_for_each_kind("Total and mean cost of the paid ones and of the others, one row for each.")
    assert _hint(check(f"SELECT {sums} FROM bills")) == (
        "Write: SELECT paid, SUM(cost), AVG(cost) FROM bills WHERE paid IN (1, 0) GROUP BY paid"
    )
    value = row_for_each_kind("What do the paid and the open bills cost? One row for each value of paid.")
    assert "GROUP BY paid" in _hint(
        value(
            "SELECT SUM(CASE WHEN paid = 1 THEN cost END), SUM(CASE WHEN paid = 0 THEN cost END) FROM bills"
        )
    )


def test_a_month_that_is_named() -> None:
    with FrameDatabase({"trips": _TRIPS}) as db:
        code = "SELECT COUNT(*) FROM trips WHERE depot = 'East'"
        asked = "How many @trips of the East were there in March?"
        assert _hint(month_left_out(asked, db.tables)(code)).endswith("WHERE depot = 'East' AND month = 3")
        assert month_left_out(asked, db.tables)(f"{code} AND month = 3") is None
        for other in (
            "How many more in March than in May?",
            "How many @trips since March?",
            "What may it be?",
        ):
            assert month_left_out(other, db.tables)(code) is None


def test_an_hour_is_sixty_minutes() -> None:
    code = "SELECT COUNT(*) FROM trips WHERE lateness > 60"
    assert unasked("How many of the trips were more than an hour late?")(code) is None
    assert unasked("How many of the trips were late in the hour?")(code) is not None


def test_the_whole_moves_to_where() -> None:
    code = "SELECT 100.0 * SUM(CASE WHEN a = 'x' AND b = 'y' THEN 1 ELSE 0 END) / COUNT(*) FROM t"
    moved = "SELECT 100.0 * SUM(CASE WHEN b = 'y' THEN 1 ELSE 0 END) / COUNT(*) FROM t WHERE a = 'x'"
    assert whole_limited(code, ["a = 'x'"]) == moved
    assert whole_limited(code, ["a = 'z'"]) == whole_limited("SELECT 1", ["a = 'x'"]) == ""
