"""Questions of several steps over one table or two, told whole: the queries are run, and look-alikes left."""

from __future__ import annotations

import duckdb
import pytest

from qwen_magics.agent.examples.whole.further_stages import further_stages
from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.agent.examples.worked import worked_query
from qwen_magics.agent.links.matched import matched, matched_columns
from qwen_magics.tools.schema import Column, Join, Table

LANDS = Table(
    "lands",
    (
        Column("land", "VARCHAR"),
        Column("part", "VARCHAR", categories=("'East'", "'West'")),
        Column("year", "BIGINT", samples=("1950", "2000")),
        Column("birthRate", "DOUBLE"),
        Column("income", "DOUBLE"),
    ),
    8,
)
LAND_ROWS = [
    *(("A", "East", 1950, 40.0, 10.0), ("A", "East", 2000, 30.0, 90.0)),
    *(("B", "East", 1950, 50.0, 20.0), ("B", "East", 2000, 55.0, 30.0)),
    *(("C", "West", 1950, 20.0, 80.0), ("C", "West", 2000, 10.0, 60.0)),
    *(("D", "West", 1950, 30.0, 70.0), ("D", "West", 2000, 60.0, 80.0)),
]
SHARES = Table(
    "shares",
    (
        Column("ticker", "VARCHAR", categories=("'ABC'", "'XYZ'", "'QQQ'")),
        Column("date", "TIMESTAMP"),
        Column("price", "DOUBLE"),
    ),
    6,
)
SHARE_ROWS = [
    *(("ABC", "2020-01-01", 10.0), ("ABC", "2020-02-01", 30.0), ("ABC", "2020-03-01", 12.0)),
    *(("XYZ", "2020-01-01", 100.0), ("XYZ", "2020-02-01", 60.0), ("XYZ", "2020-03-01", 150.0)),
]
BIRDS = Table(
    "birds",
    (
        Column("kind", "VARCHAR", categories=("'gull'", "'tern'", "'auk'")),
        Column("shore", "VARCHAR", categories=("'north'", "'south'")),
        Column("weight_g", "DOUBLE"),
        Column("wing_mm", "DOUBLE"),
    ),
    7,
)
BIRD_ROWS = [
    *[("gull", "north", weight, 300.0) for weight in (100.0, 110.0, 120.0)],
    *(("auk", "north", 70.0, 500.0), ("tern", "south", 30.0, 200.0), ("tern", "south", 90.0, 210.0)),
    ("gull", "south", 130.0, 100.0),
]
RIDES = Table(
    "rides",
    (
        Column("stop", "VARCHAR"),
        Column("day", "VARCHAR"),
        Column("driver", "VARCHAR"),
        Column("goal", "VARCHAR"),
        Column("wait", "DOUBLE"),
        Column("miles", "DOUBLE"),
    ),
    4,
    joins=(Join("rides", "goal", "places", "code"),),
)
RIDE_ROWS = [
    *(("s", "1", "d1", "x", 5.0, 9.0), ("s", "1", "d1", "y", 7.0, 99.0)),
    *(("s", "2", "d1", "x", 1.0, 8.0), ("t", "1", "d2", "y", 2.0, 70.0)),
]
SKY = Table("sky", (Column("stop", "VARCHAR"), Column("day", "VARCHAR"), Column("rain_mm", "DOUBLE")), 3)
SKY_ROWS = [("s", "1", 12.0), ("s", "2", 0.0), ("t", "1", 0.0)]
PLACES = Table("places", (Column("code", "VARCHAR", unique=True), Column("name", "VARCHAR", unique=True)), 2)
PLACE_ROWS = [("x", "Xanten"), ("y", "York")]
ROWS = (
    *((LANDS, LAND_ROWS), (SHARES, SHARE_ROWS), (BIRDS, BIRD_ROWS), (RIDES, RIDE_ROWS), (SKY, SKY_ROWS)),
    (PLACES, PLACE_ROWS),
)


def _run(query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as db:
        for table, rows in ROWS:
            columns = ", ".join(f"{c.name} {c.dtype}" for c in table.columns)
            db.execute(f"CREATE TABLE {table.name} ({columns})")
            db.executemany(f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})", rows)
        return db.execute(query).fetchall()


def _answers(question: str, *tables: Table) -> list[tuple[object, ...]]:
    told = further_stages(question, tables)
    assert told is not None, question
    return _run(told.query)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        (
            "What was the birthRate in 2000 of the land that had the lowest income in 1950, by lands?",
            [(30.0,)],
        ),
        ("Take the land with the highest birth rate in 1950. What was its income in 2000?", [(30.0,)]),
        ("What was the mean income in 2000 of the two lands with the lowest birthRate in 1950?", [(70.0,)]),
        ("Which land had the highest income in 1950, and what was its income in 2000?", [("C", 60.0)]),
        ("Which lands had a lower birthRate in 2000 than in 1950?", [("A",), ("C",)]),
        ("In which part of lands was the mean income lower in 2000 than in 1950?", [("West",)]),
        (
            "Which lands had a birthRate above the average of all in 2000, but an income below the average?",
            [("B",)],
        ),
        ("How many lands had an income above average and a birthRate below average in 1950?", [(2,)]),
    ],
)
def test_lands(question: str, rows: list[tuple[object, ...]]) -> None:
    assert sorted(_answers(question, LANDS), key=str) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("What was the price of XYZ on the date when ABC had its highest price in shares?", [(60.0,)]),
        ("What did XYZ cost, by price, on the day of ABC's lowest price?", [(100.0,)]),
        ("What was the price of ABC when XYZ was at its highest price?", [(12.0,)]),
        ("Which ticker gained the most in percent between its first and its last date?", [("XYZ",)]),
        ("By how many percent did the price of ABC rise from its first to its last date?", [(20.0,)]),
        (
            "How much did the price of each ticker rise from its first to its last row?",
            [("ABC", 2.0), ("XYZ", 50.0)],
        ),
    ],
)
def test_shares(question: str, rows: list[tuple[object, ...]]) -> None:
    assert sorted(_answers(question, SHARES), key=str) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        (
            "Take the shore with the most birds: what is the mean weight of its least common kind?",
            70,
        ),
        ("Find the kind with the most birds. Which shore has the fewest of them?", "south"),
        ("How many birds are heavier than the average but have a wing_mm below the average?", 1),
        (
            "By how much does the mean weight of birds with a wing_mm at or above the 75th percentile exceed "
            "that of birds with a wing_mm at or below the 25th percentile?",
            20.0,
        ),
    ],
)
def test_birds(question: str, rows: object) -> None:
    ((cell,),) = _answers(question, BIRDS)
    assert cell == rows if isinstance(rows, str) else pytest.approx(rows) == cell


@pytest.mark.parametrize(
    ("question", "other", "cell"),
    [
        ("How many rides had a rain_mm of more than 10 in sky? Match them by stop and day.", SKY, 2),
        ("What is the mean wait of rides with a rain_mm above 10 in sky (same stop and day)?", SKY, 6.0),
        (
            "When rain_mm in sky was under 5, what was the average wait of rides? Match by stop and day.",
            SKY,
            1.5,
        ),
        ("What is the name, by places, of the goal with the greatest miles in rides?", PLACES, "York"),
        (
            "Take the two goals with the most rides. Which has the highest mean wait? Name from places.",
            PLACES,
            "York",
        ),
    ],
)
def test_two_tables(question: str, other: Table, cell: object) -> None:
    assert _answers(question, RIDES, other) == [(cell,)]


@pytest.mark.parametrize(
    ("question", "tables"),
    [
        # One year for both, a change between them, a part that nobody has read.
        ("What was the birthRate of the land with the highest income in 2000?", (LANDS,)),
        (
            "By how much did the birthRate of the land with the lowest income in 1950 rise until 2000?",
            (LANDS,),
        ),
        ("What was the income in 2000 of the eastern land with the lowest income in 1950?", (LANDS,)),
        ("In how many years was the income of A higher than that of B?", (LANDS,)),
        (
            "Which lands had a birthRate above the average of their part and an income above the average?",
            (LANDS,),
        ),
        ("Which lands have an income above the average and a birthRate below the average?", (LANDS,)),
        ("By how much did ABC's price rise from its first to its second date?", (SHARES,)),
        ("What was the average price of XYZ on the days when ABC had its highest price?", (SHARES,)),
        ("What was the income in 2000 of the land with the lowest birthRate from East in 1950?", (LANDS,)),
        (
            "What is the name, by places, of the goal with the greatest miles from s in rides?",
            (RIDES, PLACES),
        ),
        # Which weather is that of a ride?
        ("How many rides had a rain_mm of more than 10 in sky?", (RIDES, SKY)),
        ("How many rides had a wait of more than 10 and rain in sky? Match by stop and day.", (RIDES, SKY)),
        # It may be that of all rides together.
        ("What is the name, by places, of the goal with the most miles in rides?", (RIDES, PLACES)),
    ],
)
def test_look_alikes(question: str, tables: tuple[Table, ...]) -> None:
    assert further_stages(question, tables) is None


def test_the_oldest_that_rows_lead_to() -> None:
    vans = Table(
        "vans",
        (Column("van", "BIGINT", unique=True), Column("year", "DOUBLE", samples=("1999.0", "2004.0"))),
        2,
    )
    firms = Table(
        "firms",
        (
            Column("code", "VARCHAR", unique=True),
            Column("name", "VARCHAR", categories=("'Blue Lines'", "'Red'")),
        ),
        2,
    )
    trips = Table(
        "trips",
        (Column("van", "BIGINT"), Column("firm", "VARCHAR")),
        3,
        joins=(Join("trips", "van", "vans", "van"), Join("trips", "firm", "firms", "code")),
    )
    tables = (vans, firms, trips)
    told = further_stages(
        "In which year was the oldest of the vans built that Blue Lines used for its trips?", tables
    )
    assert told is not None
    assert told.query.startswith("SELECT MIN(vans.year) FROM trips ")
    assert told.query.endswith("WHERE firms.name = 'Blue Lines'")
    late = "In which year was the oldest of the vans built that Blue Lines used for cancelled trips?"
    assert further_stages(late, tables) is None


def test_a_share_of_the_few_at_the_top() -> None:
    firms = Table(
        "firms",
        (
            Column("firm", "VARCHAR", categories=("'A'", "'B'", "'C'")),
            Column("year", "BIGINT", samples=("1950", "1951")),
            Column("staff", "DOUBLE"),
            Column("sold", "DOUBLE"),
        ),
        6,
    )
    asked = "Pick the two firms with the highest mean staff. What percentage of all sold in 1950 was theirs?"
    whole = worked_query(asked, (firms,))
    assert "WHEN firm IN (SELECT firm FROM firms GROUP BY firm ORDER BY AVG(staff) DESC LIMIT 2)" in whole
    assert "WHERE year = 1950" in whole
    # The one sum as a part of the other is not asked for, whatever the rest says.
    odd = "Of the firms that were the largest by staff, what percentage of the total sold was theirs?"
    assert "SUM(staff) / SUM(sold)" not in worked_query(odd, (firms,))


def test_the_figure_of_that_year_is_no_year() -> None:
    asked = "Take the two lands with the highest income in 1950. What was their mean birth rate in that year?"
    told = spelled_out(asked, (LANDS,))
    assert told is not None
    assert "AVG(birthRate)" in told.query


def test_a_date_in_three_columns() -> None:
    parts = tuple(Column(name, "BIGINT") for name in ("year", "month", "day"))
    one = Table("rides", (Column("stop", "VARCHAR"), *parts, Column("wait", "DOUBLE")), 4)
    two = Table("sky", (Column("stop", "VARCHAR"), *parts, Column("rain_mm", "DOUBLE")), 4)
    asked = (
        "What is the mean wait of the rides with a rain_mm above 3 in sky, at their stop on the same date?"
    )
    found = matched_columns(asked, (one, two))
    assert found is not None
    assert found.columns == ("stop", "year", "month", "day")
    # A query may read the date of something else.
    assert matched(asked, (one, two))("SELECT 1 FROM rides JOIN sky ON rides.stop = sky.stop") is None
