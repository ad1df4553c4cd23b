"""Columns of two tables that a question compares with each other."""

from __future__ import annotations

import duckdb
import pytest

from qwen_magics.agent.links.compared import compared_columns, ways_up
from qwen_magics.agent.links.linking import hints
from qwen_magics.tools.schema import Column, Join, Table


def table(name: str, columns: str, *joins: Join) -> Table:
    return Table(name, tuple(Column(c, "BIGINT") for c in columns.split()), 9, joins=joins)


# Trips of drivers, each with a van; drivers live in a town and vans stand in one.
TOWNS = table("towns", "id label")
VANS = table("vans", "id town_id colour", Join("vans", "town_id", "towns", "id"))
DRIVERS = table("drivers", "id home_town_id colour", Join("drivers", "home_town_id", "towns", "id"))
TRIPS = table(
    "trips",
    "id van_id driver_id",
    Join("trips", "van_id", "vans", "id"),
    Join("trips", "driver_id", "drivers", "id"),
)
FLEET = (TOWNS, VANS, DRIVERS, TRIPS)
ROWS = (
    "CREATE TABLE vans AS SELECT * FROM (VALUES (1, 7, 3), (2, 8, 4)) AS v(id, town_id, colour);"
    "CREATE TABLE drivers AS SELECT * FROM (VALUES (1, 7, 4), (2, 9, 3)) AS d(id, home_town_id, colour);"
    "CREATE TABLE trips AS SELECT * FROM (VALUES (1, 1, 1), (2, 2, 1), (3, 1, 2)) AS t(id, van_id, driver_id)"
)


@pytest.mark.parametrize(
    ("question", "trips"),
    [
        ("How many trips were made with a van from the same town as the driver?", 1),
        ("On how many trips was the van from another town than the one the driver lives in?", 2),
        ("trips with a van of a different town from the driver's", 2),
        ("Count the trips whose van doesn't stand in the driver's own town", 2),
        ("How many trips began outside the driver's home town?", 2),
        ("For how many trips do van and driver share a town?", 1),
        ("How many trips had a van of the same colour as the driver?", 2),
        ("number of trips on which the van matches the colour of the driver", 2),
    ],
)
def test_the_comparison_is_written_out(question: str, trips: int) -> None:
    line = hints(question, FLEET)
    assert line.count("\n") == 0 and " FROM trips JOIN " in line
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        query = f"SELECT COUNT(*) FROM{line.partition(' FROM')[2]}"
        assert connection.execute(query).fetchall() == [(trips,)]


def test_a_share_takes_the_mean_over_all_rows() -> None:
    line = compared_columns("What share of the trips had a van from the same town as the driver?", FLEET)
    with duckdb.connect() as connection:
        connection.execute(ROWS)
        share = connection.execute(line.partition(": ")[2]).fetchall()
    assert share == [(pytest.approx(100 / 3),)]


@pytest.mark.parametrize(
    "question",
    [
        "How many trips were there?",
        "Which trips were on the same day?",
        "How many drivers live in the same town?",
        # Through any of the trips or none: not certain.
        "Which drivers live in the same town as one of our vans?",
        "How many towns have the same label?",
    ],
)
def test_nothing_where_it_is_not_certain(question: str) -> None:
    assert compared_columns(question, FLEET) == ""


def test_ways_up_follow_the_keys() -> None:
    ways = ways_up("trips", FLEET)
    assert [join.other for join in ways["towns"]] == ["vans", "towns"]
    assert ways_up("towns", FLEET) == {"towns": []}
