"""Kinds of several steps: each query is run over small tables, and what looks alike is left alone."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest

from qwen_magics.agent.examples.whole.compared_stages import staged
from qwen_magics.agent.examples.whole.further_stages import further_stages
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE, Dialect

DEPOTS = Table("depots", (Column("depot_id", "BIGINT", unique=True), Column("name", "VARCHAR")), 3)
VANS = Table(
    "vans",
    (
        Column("van_id", "BIGINT", unique=True),
        Column("name", "VARCHAR"),
        Column("depot_id", "BIGINT"),
        Column("bought", "DATE"),
        Column("load", "DOUBLE"),
    ),
    4,
    joins=(Join("vans", "depot_id", "depots", "depot_id"),),
)
ROUTES = Table(
    "routes",
    (
        Column("route_id", "BIGINT", unique=True),
        Column("colour", "VARCHAR", categories=("'blue'", "'red'")),
    ),
    3,
)
TRIPS = Table(
    "trips",
    (
        Column("trip_id", "BIGINT", unique=True),
        Column("van_id", "BIGINT"),
        Column("route_id", "BIGINT"),
        Column("driver", "VARCHAR"),
    ),
    6,
    joins=(Join("trips", "van_id", "vans", "van_id"), Join("trips", "route_id", "routes", "route_id")),
)
FAULTS = Table(
    "faults",
    (Column("fault_id", "BIGINT", unique=True), Column("trip_id", "BIGINT"), Column("cost", "DOUBLE")),
    4,
    joins=(Join("faults", "trip_id", "trips", "trip_id"),),
)
TABLES = (DEPOTS, VANS, ROUTES, TRIPS, FAULTS)
PLOTS = Table(
    "plots",
    (
        Column("field", "VARCHAR", categories=("'North'", "'South'", "'West'")),
        Column("crop", "VARCHAR", categories=("'oats'", "'rye'")),
        Column("year", "BIGINT", samples=("2001", "2002")),
        Column("tons", "DOUBLE"),
        Column("rain", "DOUBLE"),
    ),
    8,
)
MADE = (
    "CREATE TABLE depots (depot_id INT, name TEXT)",
    "INSERT INTO depots VALUES (1, 'A'), (2, 'B'), (3, 'C')",
    "CREATE TABLE vans (van_id INT, name TEXT, depot_id INT, bought DATE, load REAL)",
    "INSERT INTO vans VALUES (1, 'v1', 1, '2020-03-01', 5), (2, 'v2', 1, '2019-03-01', 7), "
    "(3, 'v3', 2, '2021-01-01', 9), (4, 'v4', 2, '2022-01-01', 11)",
    "CREATE TABLE routes (route_id INT, colour TEXT)",
    "INSERT INTO routes VALUES (1, 'red'), (2, 'blue'), (3, 'blue')",
    "CREATE TABLE trips (trip_id INT, van_id INT, route_id INT, driver TEXT)",
    "INSERT INTO trips VALUES (1, 1, 1, 'x'), (2, 1, 2, 'y'), (3, 1, 2, 'x'), (4, 2, 3, 'x'), "
    "(5, 3, 1, 'y'), (6, 3, 1, 'y')",
    "CREATE TABLE faults (fault_id INT, trip_id INT, cost REAL)",
    "INSERT INTO faults VALUES (1, 1, 10), (2, 2, 30), (3, 5, 5), (4, 6, 6)",
    "CREATE TABLE plots (field TEXT, crop TEXT, year INT, tons REAL, rain REAL)",
    "INSERT INTO plots VALUES ('North', 'oats', 2001, 5, 1), ('North', 'oats', 2002, 7, 2), "
    "('North', 'rye', 2001, 4, 3), ('North', 'rye', 2002, 3, 4), ('South', 'oats', 2001, 2, 5), "
    "('South', 'oats', 2002, 1, 6), ('South', 'rye', 2001, 1, 7), ('South', 'rye', 2002, 2, 8)",
)


def _rows(query: str, dialect: Dialect) -> list[tuple[object, ...]]:
    if dialect is SQLITE:
        with sqlite3.connect(":memory:") as connection:
            for statement in MADE:
                connection.execute(statement)
            return connection.execute(query).fetchall()
    with duckdb.connect() as database:
        for statement in MADE:
            database.execute(statement)
        return database.execute(query).fetchall()


OVER_KEYS = [
    ("How many vans made trips on more than one route?", [(1,)]),
    ("How many of the vans have made trips for two or more drivers?", [(1,)]),
    ("How many depots have had trips on at least two different routes?", [(1,)]),
    ("How many colours were seen by more than one van?", [(2,)]),
    ("What is the average load of the vans that have trips on more than one route?", [(5.0,)]),
    ("How many vans made more than half of their trips with one single driver?", [(3,)]),
    ("How many vans took at least 60% of their trips on one colour?", [(3,)]),
    ("How many faults cost more than the average cost of the van that the trip belongs to?", [(2,)]),
    ("How many faults are more than 1.2 times the average fault of the depot?", [(1,)]),
    (
        "What percentage of the trips of each colour went to that colour's most frequent van?",
        [("blue", 200 / 3), ("red", 200 / 3)],
    ),
    ("How many trips are there per van on average? Vans without any trip count, too.", [(1.5,)]),
    ("For each depot, which is the latest van? Give the names.", [("A", "v1"), ("B", "v4")]),
    ("How many vans have made at least one trip but never had a fault?", [(1,)]),
    ("How many vans made trips but had no faults?", [(1,)]),
    ("How many vans have driven routes but have no faults?", [(1,)]),
]


@pytest.mark.parametrize(("question", "rows"), OVER_KEYS)
@pytest.mark.parametrize("dialect", [SQLITE, DUCKDB])
def test_over_keys(question: str, rows: list[tuple[object, ...]], dialect: Dialect) -> None:
    found = further_stages(question, TABLES, dialect)
    assert found is not None
    result = sorted(_rows(found.query, dialect), key=str)
    assert [tuple(map(str, row)) for row in result] == [tuple(map(str, row)) for row in rows] or result == [
        pytest.approx(row) if isinstance(row[0], float) else row for row in rows
    ]


@pytest.mark.parametrize(
    "question",
    [
        # Trips, not routes: a van may go twice.
        "How many vans have more than two trips?",
        "How many vans drove more than three routes?",
        "How many vans made late trips on more than one route?",
        "How many vans made trips on more than one red route?",
        "How many vans made trips on more than one route in 2024?",
        "Which vans made trips on more than one route?",
        "How many routes have more than one colour?",
        "How many vans made more than half of all trips?",
        "How many faults cost more than the average?",
        "How many faults cost more than 5?",
        "What percentage of the trips of each colour had a fault?",
        "What percentage of the trips went to the most frequent van?",
        "How many trips are there per van on average?",
        "How many trips does each van have? Vans without any trip count, too.",
        "For each depot, which was the first red van? Give the names of depot and van.",
        "For each depot, which is the latest van? Give its load.",
        "For each depot, how many vans are there?",
        "How many vans never had a fault?",
        "How many vans made trips but had no late faults?",
    ],
)
def test_what_looks_alike_over_keys(question: str) -> None:
    assert further_stages(question, TABLES, SQLITE) is None


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How many fields grew plots of more than one crop?", [(2,)]),
        ("In how many fields was the tons higher in 2002 than in 2001?", [(1,)]),
        (
            "For how many crops of each field was tons higher in 2002 than in 2001?",
            [("North", 1), ("South", 1)],
        ),
        (
            "Compare 2002 with 2001 for every pair of field and crop. In what percentage of the pairs were "
            "the tons higher in 2002?",
            [(50.0,)],
        ),
        ("In how many years were the average tons of oats above the average tons of rye?", [(2,)]),
        ("In what share of the fields did rye have more tons than oats?", [(0.0,)]),
        (
            "Take the field with the lowest mean tons: which crop had the highest tons there in 2001?",
            [("oats",)],
        ),
        ("In the field with the highest mean tons, which crop had the lowest mean tons?", [("rye",)]),
        (
            "Plots whose tons and rain are both below average: by how much is their mean rain below that "
            "of all others?",
            None,
        ),
        (
            "For plots whose rain is above average, how much lower is the mean tons than that of the rest?",
            [(19 / 4 - 6 / 4,)],
        ),
    ],
)
@pytest.mark.parametrize("dialect", [SQLITE, DUCKDB])
def test_over_one_table(question: str, rows: list[tuple[object, ...]] | None, dialect: Dialect) -> None:
    found = further_stages(question, [PLOTS], dialect)
    if rows is None:
        assert found is None
        return
    assert found is not None
    assert sorted(_rows(found.query, dialect), key=str) == rows


@pytest.mark.parametrize(
    "question",
    [
        "In how many fields was the tons lower than 5 in 2002?",
        "In how many fields was the tons lower in 2002 than in 2001 and 2000?",
        "In how many fields with rye was the tons lower in 2002 than in 2001?",
        "In how many fields did tons not rise?",
        "How many plots had more tons than the average of 2001?",
        "By how much were tons higher in 2002 than in 2001?",
        "In how many fields was the tons at least twice as high in 2002 as in 2001?",
        "Take the field with the lowest mean tons: how many plots has it?",
        "Take the field with the lowest mean tons: which crop had the highest tons elsewhere in 2001?",
        "By how much is the mean tons of plots with rain above average higher?",
    ],
)
def test_what_looks_alike_over_one_table(question: str) -> None:
    assert further_stages(question, [PLOTS], SQLITE) is None


def test_the_day_of_a_calendar_is_year_month_and_day() -> None:
    numbers = [
        Column(name, "BIGINT", samples=samples)
        for name, samples in (("year", ("2013",)), ("month", ("1", "2")), ("day", ("1", "2")))
    ]
    tides = Table(
        "tides",
        (
            *numbers,
            Column("port", "VARCHAR", categories=("'Hull'", "'York'")),
            Column("level", "DOUBLE"),
            Column("wind", "DOUBLE", nulls=3),
        ),
        900,
    )
    found = staged("What was the mean level at Hull on the day with the lowest mean wind there?", [tides])
    assert found is not None
    assert found.query == (
        "SELECT AVG(level) FROM tides WHERE port = 'Hull' GROUP BY year, month, day "
        "HAVING AVG(wind) IS NOT NULL ORDER BY AVG(wind) LIMIT 1"
    )
    assert (
        staged("What was the mean level on the day with the lowest mean wind before noon?", [tides]) is None
    )


def test_no_way_leads_through_the_thing_itself() -> None:
    drivers = Table(
        "drivers",
        (Column("driver_id", "BIGINT", unique=True), Column("name", "VARCHAR"), Column("home_id", "BIGINT")),
        3,
        joins=(Join("drivers", "home_id", "depots", "depot_id"),),
    )
    drives = Table(
        "drives",
        (Column("driver_id", "BIGINT"), Column("van_id", "BIGINT"), Column("day", "DATE")),
        9,
        joins=(
            Join("drives", "driver_id", "drivers", "driver_id"),
            Join("drives", "van_id", "vans", "van_id"),
        ),
    )
    tables = (DEPOTS, VANS, drivers, drives)
    for question in (
        "How many drivers drove vans from more than two depots?",
        "What percentage of the drives of each depot went to that depot's most frequent driver?",
    ):
        found = further_stages(question, tables, SQLITE)
        assert found is not None
        assert "vans.depot_id" in found.query
        assert "home_id" not in found.query
