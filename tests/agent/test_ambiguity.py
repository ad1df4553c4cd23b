"""Questions with two readings are asked back; those with one are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

from evals.sources import frames
from evals.suite import part
from qwen_magics.agent import Request, answer
from qwen_magics.agent.doubts.ambiguity import ambiguity
from qwen_magics.agent.references import find_references
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import Column, Join, Table

Make = Callable[..., Any]


def table(name: str, /, **columns: str) -> Table:
    return Table(name, tuple(Column(column, dtype) for column, dtype in columns.items()), 10)


TICKETS = table("tickets", id="BIGINT", created_at="TIMESTAMP", closed_at="TIMESTAMP", status="VARCHAR")
FLIGHTS = table(
    "flights",
    dep_time="DOUBLE",
    sched_dep_time="BIGINT",
    dep_delay="DOUBLE",
    arr_delay="DOUBLE",
    month="BIGINT",
)
PRODUCTS = table(
    "products", id="BIGINT", name="VARCHAR", list_price="DOUBLE", unit_price="DOUBLE", cost="DOUBLE"
)
CUSTOMERS = table("customers", id="BIGINT", name="VARCHAR", city="VARCHAR")
ORDERS = table("orders", id="BIGINT", order_date="DATE", ship_date="DATE", total="DOUBLE")

AMBIGUOUS = [
    ("How many tickets are there per month?", (TICKETS,), ("created_at", "closed_at")),
    ("How many tickets came in 2024?", (TICKETS,), ("created_at", "closed_at")),
    ("每月有多少工单?", (TICKETS,), ("created_at", "closed_at")),
    ("What is the average delay in flights?", (FLIGHTS,), ("dep_delay", "arr_delay")),
    ("What is the highest price in products?", (PRODUCTS,), ("list_price", "unit_price")),
    (
        "Which name is the longest of all customers and products?",
        (CUSTOMERS, PRODUCTS),
        (),
    ),
    ("Customers and products: sorted by name, please", (CUSTOMERS, PRODUCTS), ()),
    ("What is the earliest date?", (ORDERS,), ("order_date", "ship_date")),
]
CARS = table("cars", Name="VARCHAR", Horsepower="DOUBLE", Miles_per_Gallon="DOUBLE", Year="BIGINT")
SHELVES = table("shelves", id="BIGINT", room="VARCHAR", width="DOUBLE")
PUBLISHERS = table("publishers", id="INTEGER", name="TEXT")
BOOKS = Table(
    "books",
    tuple(Column(c, t) for c, t in (("id", "INTEGER"), ("pages", "INTEGER"), ("publisher_id", "INTEGER"))),
    10,
    joins=(Join("books", "publisher_id", "publishers", "id"),),
)

JUDGED = [
    ("Which of the cars is the best?", (CARS,), ("Horsepower", "Miles_per_Gallon")),
    ("What is the worst car?", (CARS,), ("Horsepower", "Miles_per_Gallon")),
    ("cars: 哪辆车最好?", (CARS,), ("Horsepower", "Miles_per_Gallon")),
    ("Who is the biggest publisher?", (PUBLISHERS, BOOKS), ("number of books", "pages of books")),
]
CLEAR = [
    ("Which of the cars is the best by Horsepower?", (CARS,)),
    ("Which car has the best horsepower?", (CARS,)),
    ("What is the largest horsepower of the cars?", (CARS,)),
    ("Which of the cars has the worst mileage per gallon?", (CARS,)),
    ("Which room has the largest shelf?", (SHELVES,)),  # one measure alone
    ("Who is the biggest publisher by number of books?", (PUBLISHERS, BOOKS)),
    ("How many tickets were created per month?", (TICKETS,)),
    ("How many tickets per month, by closed_at?", (TICKETS,)),
    ("How many tickets are open?", (TICKETS,)),
    ("What is the average departure delay in flights?", (FLIGHTS,)),
    ("How many flights have no departure time?", (FLIGHTS,)),
    ("Which flights have a larger arrival delay than departure delay?", (FLIGHTS,)),
    ("In which month was the average arrival delay the highest?", (FLIGHTS,)),
    ("What is the highest unit price in products?", (PRODUCTS,)),
    ("What is the difference of list price and unit price?", (PRODUCTS,)),
    ("How many orders were shipped per month?", (ORDERS,)),
    ("How many orders per month?", (ORDERS,)),
    ("What are the names of the customers who bought products?", (CUSTOMERS, PRODUCTS)),
    ("Which product name do most customers buy?", (CUSTOMERS, PRODUCTS)),
    ("Which city has the most customers?", (CUSTOMERS, ORDERS)),
]

HERE = table("oslo_temps", date="TIMESTAMP", temp="DOUBLE")
THERE = table("rome_temps", date="TIMESTAMP", temp="DOUBLE")
POWER = table("power", year="TIMESTAMP", source="VARCHAR", output="DOUBLE")
TRAFFIC = table("traffic", year="BIGINT", miles="BIGINT")
WORLD = Table("world", (Column("Country Name", "VARCHAR"), Column("Indicator Name", "VARCHAR")), 10)
BILLS = table("bills", due="DATE", paid_on="DATE", amount="DOUBLE")
TEAMS = table("teams", id="BIGINT", rating="DOUBLE")
PLAYERS = table("players", id="BIGINT", rating="DOUBLE")

# A word of a table's name is no column; both sides are meant; a year in two tables is the same year.
CLEAR += [
    ("In how many hours was the temperature of oslo_temps above 20?", (HERE, THERE)),
    ("How many rows of oslo_temps are there in rome_temps?", (HERE, THERE)),
    ("On the coldest day of oslo_temps, what was the mean temperature in rome_temps?", (HERE, THERE)),
    ("How many hours was the temp of oslo_temps above that of rome_temps?", (HERE, THERE)),
    ("What is the mean temp in oslo_temps where rome_temps was below 0?", (HERE, THERE)),
    ("Miles of traffic and output of power for the years that there are", (POWER, TRAFFIC)),
    ("Per year, the traffic and the power", (POWER, TRAFFIC)),
    ("Compare the rating of teams and players", (TEAMS, PLAYERS)),
    ("Teams with the rating of players: what is the difference in rating?", (TEAMS, PLAYERS)),
    ("The mean rating of teams and the mean rating of players", (TEAMS, PLAYERS)),
    ("Which names of countries in world have a comma?", (WORLD,)),
    ("How many bills were due before 2024?", (BILLS,)),
    ("Which month has the latest payments relative to the due date? bills", (BILLS,)),
]
# The possessive stands between a table and its column; the others say by what the tables are matched.
SHIPS = table("ships", port="VARCHAR", day="BIGINT", hour="BIGINT", late="DOUBLE")
TIDES = table("tides", port="VARCHAR", day="BIGINT", hour="BIGINT", height="DOUBLE")
CLEAR += [
    ("Of customers and products, give each customer's name and the product's name", (CUSTOMERS, PRODUCTS)),
    (
        "How late were ships where the tides in their port were above 3 at the same day and hour?",
        (SHIPS, TIDES),
    ),
]
AMBIGUOUS += [
    ("Which port has the latest ships and the highest tides?", (SHIPS, TIDES), ("ships.port", "tides.port")),
    ("Which name in world is the longest?", (WORLD,), ("Country Name", "Indicator Name")),
    ("How many bills came in 2024?", (BILLS,), ("due", "paid_on")),
    ("Teams and players: what is the best rating?", (TEAMS, PLAYERS), ("teams.rating", "players.rating")),
]


@pytest.mark.parametrize(("question", "tables", "columns"), AMBIGUOUS)
def test_two_readings(question: str, tables: tuple[Table, ...], columns: tuple[str, ...]) -> None:
    found = ambiguity(question, tables)
    assert found is not None
    assert found.columns == (columns or ("customers.name", "products.name"))


@pytest.mark.parametrize(("question", "tables"), CLEAR)
def test_one_reading(question: str, tables: tuple[Table, ...]) -> None:
    assert ambiguity(question, tables) is None


@pytest.mark.parametrize(("question", "tables", "measures"), JUDGED)
def test_a_judgement_without_a_measure(
    question: str, tables: tuple[Table, ...], measures: tuple[str, ...]
) -> None:
    found = ambiguity(question, tables)
    assert found is not None and found.judged and found.columns == measures
    readings = found.readings(question, {"cars": None})
    assert readings[0].endswith(f" by {measures[0]}?")
    assert found.sentence(readings).startswith(f"What does {found.what!r} go by: {measures[0]} or ")


def test_a_reading_leaves_the_names_of_tables_alone() -> None:
    found = ambiguity(
        "Which delay of flight_delays is the longest delay?",
        (table("flight_delays", arr_delay="DOUBLE", dep_delay="DOUBLE"),),
    )
    assert found is not None
    readings = found.readings("Which delay of flight_delays is longest?", {"flight_delays": None})
    assert readings[0] == "Which arr_delay of @flight_delays is longest?"


def test_each_reading_is_clear() -> None:
    for question, tables, _ in (*AMBIGUOUS, *JUDGED):
        found = ambiguity(question, tables)
        assert found is not None
        for reading in found.readings(question, {}):
            assert ambiguity(reading, tables) is None, reading


@pytest.mark.parametrize("name", ["quickstart", "further", "programs", "programs_unseen", "unanswerable"])
def test_no_false_alarm_on_the_evaluation_sets(name: str, quickstart_tables: dict[str, Table]) -> None:
    for question in import_module(f"evals.questions.{name}").QUESTIONS:
        tables = [quickstart_tables[frame] for frame in find_references(question.text)]
        found = ambiguity(question.text.replace("@", ""), tables)
        assert found is None, f"{question.text}: {found}"


def test_the_tuning_part_of_the_evaluation() -> None:
    """No false alarm on its frames; of its ambiguous questions all that words can show."""
    known: dict[tuple[str, ...], Sequence[Table]] = {}
    seen, missed, false = [], [], []
    for category, question in part("tuning"):
        names = tuple(find_references(question.text))
        if question.source != "frames" or not names:
            continue
        if names not in known:
            with FrameDatabase({name: frames()[name] for name in names}) as database:
                known[names] = database.tables
        found = ambiguity(question.text.replace("@", ""), known[names])
        if category == "ambiguous":
            (seen if found else missed).append(question.key)
        elif found:
            false.append(question.key)
    assert false == []
    assert (len(seen), missed) == (4, [])


@pytest.fixture(scope="module")
def quickstart_tables(quickstart_frames: dict[str, pd.DataFrame]) -> dict[str, Table]:
    with FrameDatabase(quickstart_frames) as database:
        return {table.name: table for table in database.tables}


def test_the_answer_is_a_question_with_its_readings(scripted: Make) -> None:
    days = pd.to_datetime(["2024-01-01", "2024-02-01"])
    tickets = pd.DataFrame({"id": [1, 2], "created_at": days, "closed_at": days})
    session = scripted("SELECT count(created_at) FROM tickets")
    asked = answer(Request("How many tickets per month?", {"tickets": tickets}), lambda event: None, session)
    assert asked.status == "ambiguous" and asked.value is None and session.model().sent == []
    assert asked.readings == (
        "How many @tickets per month (created_at)?",
        "How many @tickets per month (closed_at)?",
    )
    assert asked.trace is not None
    record = asked.trace.to_dict()
    assert record["answer"]["status"] == "ambiguous"
    assert list(record["answer"]["readings"]) == list(asked.readings)
    assert [span["name"] for span in record["spans"]] == ["answer", "is it ambiguous?"]
    again = answer(Request(asked.readings[0].replace("@", ""), {"tickets": tickets}), lambda e: None, session)
    assert (again.status, again.value) == ("answered", 2)


FLIGHTS_TWO = Table(
    "rides",
    (Column("dep_delay", "DOUBLE"), Column("arr_delay", "DOUBLE"), Column("line", "VARCHAR")),
    9,
)


@pytest.mark.parametrize(
    ("question", "clear"),
    [
        ("How many rides left with a delay of more than ten minutes?", True),
        ("How many rides left the station with a large delay?", True),
        ("How many rides landed without any delay?", True),
        ("What is the average delay of rides that left on Monday?", False),
        ("What is the largest delay of a ride?", False),
    ],
)
def test_a_verb_says_at_which_end_a_delay_is(question: str, clear: bool) -> None:
    assert (ambiguity(question, [FLIGHTS_TWO]) is None) is clear


BOATS = Table("boats", (Column("boat_id", "BIGINT", unique=True), Column("year", "BIGINT")), 5)
TRIPS_OF_BOATS = Table(
    "trips",
    (Column("boat_id", "BIGINT"), Column("year", "BIGINT")),
    9,
    joins=(Join("trips", "boat_id", "boats", "boat_id"),),
)


@pytest.mark.parametrize(
    ("question", "clear"),
    [
        ("In which year was the oldest of the boats built that were used for trips?", True),
        ("In what year were the boats made that the trips of the club took?", True),
        ("In which year did the trips use the newest boats?", False),
    ],
)
def test_the_year_of_what_was_built(question: str, clear: bool) -> None:
    assert (ambiguity(question, [BOATS, TRIPS_OF_BOATS]) is None) is clear
