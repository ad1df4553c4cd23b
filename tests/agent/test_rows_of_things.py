"""Pairs that come more than once, places of their own, counts with zeros, and the thing that is counted."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.checks.other_thing_counted import other_thing_counted
from qwen_magics.agent.checks.regardless import regardless
from qwen_magics.agent.checks.with_zero import with_zero
from qwen_magics.agent.examples.whole.correlated_counts import correlated_counts
from qwen_magics.agent.examples.whole.never_own import never_own
from qwen_magics.agent.examples.whole.once_more import once_more
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Join, Table

TOWNS = Table("towns", (Column("town_id", "BIGINT", unique=True), Column("name", "VARCHAR")), 3)
RIDERS = Table(
    "riders",
    (Column("rider_id", "BIGINT", unique=True), Column("name", "VARCHAR"), Column("home_town_id", "BIGINT")),
    4,
    joins=(Join("riders", "home_town_id", "towns", "town_id"),),
)
HORSES = Table(
    "horses",
    (
        Column("horse_id", "BIGINT", unique=True),
        Column("name", "VARCHAR"),
        Column("weight", "DOUBLE"),
        Column("town_id", "BIGINT"),
    ),
    3,
    joins=(Join("horses", "town_id", "towns", "town_id"),),
)
RIDES = Table(
    "rides",
    (
        Column("ride_id", "BIGINT", unique=True),
        Column("rider_id", "BIGINT"),
        Column("horse_id", "BIGINT"),
        Column("ended", "DATE", nulls=1),
    ),
    6,
    joins=(Join("rides", "rider_id", "riders", "rider_id"), Join("rides", "horse_id", "horses", "horse_id")),
)
TABLES = (TOWNS, RIDERS, HORSES, RIDES)
MADE = (
    "CREATE TABLE towns AS SELECT * FROM (VALUES (1, 'A'), (2, 'B'), (3, 'C')) AS t(town_id, name)",
    "CREATE TABLE riders AS SELECT * FROM (VALUES (1, 'Ann', 1), "
    "(2, 'Bo', 2), (3, 'Cy', 1), (4, 'Di', 1)) "
    "AS t(rider_id, name, home_town_id)",
    "CREATE TABLE horses AS SELECT * FROM (VALUES (1, 'X', 400.0, 1), "
    "(2, 'Y', 500.0, 2), (3, 'Z', 450.0, 2)) "
    "AS t(horse_id, name, weight, town_id)",
    "CREATE TABLE rides AS SELECT * FROM (VALUES (1, 1, 1, DATE '2024-01-01'), (2, 1, 1, "
    "NULL), (3, 2, 1, NULL),"
    " (4, 2, 1, NULL), (5, 2, 1, NULL), (6, 3, 2, NULL)) AS t(ride_id, rider_id, horse_id, ended)",
)


def _frame(query: str) -> pd.DataFrame:
    with duckdb.connect() as database:
        for statement in MADE:
            database.execute(statement)
        return database.execute(query).df()


def _run(query: str) -> QueryResult:
    frame = _frame(query)
    return QueryResult(frame, len(frame), False, 0.0, ())


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("How many riders rode the same horse more than once?", 2),
        ("How many riders have ridden one and the same horse at least three times?", 1),
        ("How many horses were ridden by the same rider repeatedly?", 1),
        ("How many of the riders rode some horse twice or more?", 2),
        ("How many riders took the same horse more than twice?", 1),
    ],
)
def test_the_same_pair_more_than_once(question: str, number: int) -> None:
    told = once_more(question, TABLES)
    assert told is not None and _frame(told.query).iat[0, 0] == number


@pytest.mark.parametrize(
    "question",
    [
        "How many riders rode a horse more than once?",
        "How many riders rode the same horse exactly once?",
        "How many riders never rode the same horse more than once?",
        "How many riders ended the same horse more than once?",
        "How many riders fed the same horse more than once?",
        "How many riders rode the same horse more than once in 2024?",
        "Which riders rode the same horse more than once?",
        "How many riders rode horses more than once?",
    ],
)
def test_other_repetitions(question: str) -> None:
    assert once_more(question, TABLES) is None


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("How many riders with rides have never ridden a horse of their home town?", 2),
        ("How many riders never rode a horse from their home town?", 3),
        ("How many of the riders only rode horses from their own home town?", 1),
    ],
)
def test_a_place_of_their_own(question: str, number: int) -> None:
    told = never_own(question, TABLES)
    assert told is not None and _frame(told.query).iat[0, 0] == number


@pytest.mark.parametrize(
    "question",
    [
        "How many riders never rode a horse?",
        "How many riders never rode a horse of the town A?",
        "How many riders never ended a horse of their home town?",
        "How many riders with towns have never ridden a horse of their home town?",
        "How many horses never left their stable?",
    ],
)
def test_other_places(question: str) -> None:
    assert never_own(question, TABLES) is None


@pytest.mark.parametrize(
    "question",
    [
        "What is the correlation between the weight of horses and the number of rides? "
        "Horses without any count as 0.",
        "Is there a link? Give the Pearson correlation between the number of times each "
        "horse was ridden and the weight of horses, including those that were never out.",
    ],
)
def test_a_number_against_a_count(question: str) -> None:
    told = correlated_counts(question, TABLES)
    meant = pd.DataFrame({"x": [400.0, 500.0, 450.0], "n": [5, 1, 0]}).corr().iat[0, 1]
    assert told is not None and _frame(told.query).iat[0, 0] == pytest.approx(meant)


@pytest.mark.parametrize(
    "question",
    [
        "What is the correlation between the weight of horses and the number of rides?",
        "What is the correlation between the weight of horses and the number of rides in 2024? "
        "Others count as 0.",
        "What is the correlation between the weight and the age of horses? Those without any count as 0.",
    ],
)
def test_other_correlations(question: str) -> None:
    assert correlated_counts(question, TABLES) is None


@pytest.mark.parametrize(
    "code",
    [
        "SELECT riders.name, COUNT(*) AS n FROM rides JOIN riders ON rides.rider_id = riders.rider_id "
        "GROUP BY riders.rider_id, riders.name",
        "SELECT r.name, COUNT(r.rider_id) FROM riders AS r LEFT JOIN rides AS d ON d.rider_id = r.rider_id "
        "GROUP BY r.rider_id, r.name",
    ],
)
@pytest.mark.parametrize(
    "question",
    [
        "Number of rides of each rider by name; riders without any should appear with 0.",
        "How many rides did each rider make, including those who never rode?",
        "Rides per rider. Put a zero for those that have none.",
        "List all riders with their number of rides, even if they have none.",
    ],
)
def test_those_without_rows_are_shown(question: str, code: str) -> None:
    check = with_zero(question, TABLES, _run)
    error = check(_run(code), code)
    assert error is not None
    found = _frame(error.hint.removeprefix("Write: "))
    assert sorted(found.iloc[:, 1]) == [0, 1, 2, 3]
    assert check(_run(code), code) is None


def test_conditions_go_where_they_belong() -> None:
    code = (
        "SELECT riders.name, COUNT(*) FROM rides JOIN riders ON rides.rider_id = riders.rider_id "
        "WHERE rides.horse_id = 2 AND riders.home_town_id = 1 GROUP BY riders.rider_id, riders.name"
    )
    error = with_zero("Riders without rides count as 0: how many rides each?", TABLES, _run)(_run(code), code)
    assert error is not None
    assert sorted(_frame(error.hint.removeprefix("Write: ")).iloc[:, 1]) == [0, 0, 1]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (
            "How many rides did each rider make? Riders without any are not listed.",
            "SELECT rider_id, COUNT(*) FROM rides JOIN riders USING (rider_id) GROUP BY rider_id",
        ),
        (
            "How many rides did each rider make?",
            "SELECT riders.rider_id, COUNT(*) FROM rides JOIN riders ON rides.rider_id = riders.rider_id "
            "GROUP BY riders.rider_id",
        ),
        (
            "Riders without any should appear with 0: rides of each?",
            "SELECT riders.rider_id, COUNT(rides.ride_id) FROM riders LEFT JOIN rides "
            "ON rides.rider_id = riders.rider_id GROUP BY riders.rider_id",
        ),
        (
            "Mean weight of each rider's horses, even if there are none",
            "SELECT rides.rider_id, AVG(weight) FROM rides JOIN horses ON rides.horse_id = horses.horse_id "
            "GROUP BY rides.rider_id",
        ),
    ],
)
def test_other_groups_are_left_alone(question: str, code: str) -> None:
    assert with_zero(question, TABLES, _run)(_run(code), code) is None


_COUNT = (
    "SELECT t.name, COUNT(DISTINCT r.rider_id) AS n FROM rides AS d "
    "JOIN riders AS r ON d.rider_id = r.rider_id JOIN towns AS t ON r.home_town_id = t.town_id "
    "GROUP BY t.town_id, t.name ORDER BY n"
)


@pytest.mark.parametrize(
    "question",
    ["For each town: how many rides did its riders make?", "Number of rides from a different town, by town"],
)
def test_the_thing_that_is_counted(question: str) -> None:
    error = other_thing_counted(question, TABLES)(_COUNT)
    assert error is not None and "COUNT(DISTINCT d.ride_id) AS n" in error.hint


@pytest.mark.parametrize(
    "question",
    [
        "For each town: how many riders made a ride?",
        "How many different riders were there per town, and how many rides?",
        "How many horses are there for each town?",
        "Number of rides by different riders, for each town",
    ],
)
def test_other_counts(question: str) -> None:
    assert other_thing_counted(question, TABLES)(_COUNT) is None


@pytest.mark.parametrize(
    "question",
    [
        "What is the mean price per category? Discontinued products are part of it.",
        "Mean price; the discontinued ones are in, too.",
        "Mean price per category (discontinued ones also belong to it)",
    ],
)
def test_part_of_it_is_no_condition(question: str) -> None:
    assert regardless(question)("SELECT AVG(price) FROM goods WHERE discontinued IS NULL") is not None


def test_what_is_no_part_is_one() -> None:
    code = "SELECT AVG(price) FROM goods WHERE discontinued IS NULL"
    assert regardless("Mean price? Discontinued products are no part of it.")(code) is None
    assert regardless("Mean price? Discontinued products are not part of it.")(code) is None
