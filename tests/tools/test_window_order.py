"""Windows whose order many rows share: what is put in its place, and what is left as it is."""

from __future__ import annotations

import pandas as pd
import pytest

from qwen_magics.agent.checks.window_order import windows_ordered
from qwen_magics.tools.frames import FrameDatabase

_YEARS = range(2001, 2009)
_HARVESTS = pd.DataFrame(
    [
        {"farm": farm, "soil": soil, "year": year, "yield": 10.0 * place + year % 7}
        for place, (farm, soil) in enumerate(
            (("Elm", "clay"), ("Oak", "clay"), ("Ash", "sand"), ("Yew", "sand"))
        )
        for year in _YEARS
    ]
)
_ECONOMY = pd.DataFrame(
    [{"year": y, "quarter": q, "output": 100 * y + q * q} for y in _YEARS for q in (1, 2, 3, 4)]
)
_TIDES = pd.DataFrame({"day": pd.date_range("2024-01-01", periods=20), "height": range(20)})
_PLANES = pd.DataFrame(
    [
        {"tail": f"N{number:03}", "month": number % 12 + 1, "day": number % 27 + 1, "late": number % 9}
        for number in range(300)
    ]
)


@pytest.fixture(name="database", scope="module")
def _database():
    frames = {"harvests": _HARVESTS, "economy": _ECONOMY, "tides": _TIDES, "planes": _PLANES}
    with FrameDatabase(frames) as database:
        yield database


@pytest.mark.parametrize(
    ("sql", "over"),
    [
        (
            'SELECT farm, "yield" - LAG("yield") OVER (ORDER BY farm) AS d FROM harvests',
            "PARTITION BY farm ORDER BY year",
        ),
        (
            'SELECT farm, "yield" - LAG("yield") OVER (ORDER BY year) AS d FROM harvests',
            "PARTITION BY farm ORDER BY year",
        ),
        (
            'SELECT MAX(d) FROM (SELECT LEAD("yield") OVER (ORDER BY year DESC) AS d FROM harvests) AS s',
            "PARTITION BY farm ORDER BY year DESC",
        ),
        ("SELECT output - LAG(output) OVER (ORDER BY quarter) FROM economy", "ORDER BY year, quarter"),
        ("SELECT output - LAG(output, 4) OVER (ORDER BY year) FROM economy", "ORDER BY year, quarter"),
        (
            "SELECT AVG(output) OVER (ORDER BY year ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) FROM economy",
            "ORDER BY year, quarter ROWS",
        ),
    ],
)
def test_the_order_tells_rows_apart(database, sql, over) -> None:
    meant = database.reordered(sql)
    assert f"OVER ({over}" in meant
    database.run(meant)
    assert database.reordered(meant) == meant


@pytest.mark.parametrize(
    "sql",
    [
        # One farm has a row for each year.
        'SELECT "yield" - LAG("yield") OVER (ORDER BY year) FROM harvests WHERE farm = \'Elm\'',
        'SELECT "yield" - LAG("yield") OVER (PARTITION BY farm ORDER BY year) FROM harvests',
        # Ranks, and sums up to a moment, do not depend on what shares a place.
        "SELECT farm, RANK() OVER (ORDER BY year) FROM harvests",
        'SELECT farm, SUM("yield") OVER (ORDER BY year) FROM harvests',
        # Groups have a year each.
        'SELECT year, SUM("yield") - LAG(SUM("yield")) OVER (ORDER BY year) FROM harvests GROUP BY year',
        # What is compared is what they are ordered by.
        "SELECT year - LAG(year) OVER (ORDER BY year) FROM harvests",
        # By a number, or by a soil of two farms: nothing says what is meant.
        'SELECT LAG(farm) OVER (ORDER BY "yield") FROM harvests',
        'SELECT LAG("yield") OVER (PARTITION BY soil ORDER BY year) FROM harvests',
        "SELECT height - LAG(height) OVER (ORDER BY day) FROM tides",
        # Planes are no series of days.
        "SELECT late - LAG(late) OVER (ORDER BY day) FROM planes",
        "SELECT COUNT(*) FROM tides",
    ],
)
def test_others_stay(database, sql) -> None:
    assert database.reordered(sql) == sql


def test_the_same_quarter_of_the_year_before(database) -> None:
    question = "How much did the output of each quarter grow against the same quarter a year before?"
    order = windows_ordered(question, database.reordered)
    for over in ("ORDER BY quarter", "ORDER BY year, quarter"):
        sql = f"SELECT output - LAG(output) OVER ({over}) FROM economy"
        assert "OVER (PARTITION BY quarter ORDER BY year)" in order(sql)
    back = "SELECT output - LAG(output, 4) OVER (ORDER BY year, quarter) FROM economy"
    assert order(back) == back
    before = "SELECT output - LAG(output) OVER (ORDER BY year, quarter) FROM economy"
    assert (
        windows_ordered("How did output change on the quarter before?", database.reordered)(before) == before
    )


def test_rows_that_are_to_be_added_up_are_left() -> None:
    def groups_only(sql: str, same: tuple[str, ...] = (), *, rows: bool = True) -> str:
        assert not rows
        return sql

    for question in (
        "In which year did the total yield fall most?",
        "the change of the average yield by year",
    ):
        assert windows_ordered(question, groups_only)("SELECT 1") == "SELECT 1"
