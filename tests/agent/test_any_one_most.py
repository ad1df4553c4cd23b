"""The most rows of any one thing, things that fell, those towards one end, and the ends of texts."""

from __future__ import annotations

import re

import pytest

from qwen_magics.agent.checks.overlooked import overlooked
from qwen_magics.agent.doubts.ambiguity import ambiguity
from qwen_magics.agent.examples.sql.texts import SQL_TEXTS
from qwen_magics.agent.examples.whole.any_one_most import any_one_most
from qwen_magics.agent.examples.whole.chain_figures import chained
from qwen_magics.agent.examples.whole.chain_towards import chain_towards
from qwen_magics.agent.examples.whole.same_members_compared import same_members_compared
from qwen_magics.tools.schema import Column, Join, Table

BARNS = Table("barns", (Column("barn_id", "BIGINT", unique=True), Column("name", "VARCHAR")), 3)
COWS = Table(
    "cows",
    (Column("cow_id", "BIGINT", unique=True), Column("barn_id", "BIGINT"), Column("name", "VARCHAR")),
    60,
    joins=(Join("cows", "barn_id", "barns", "barn_id"),),
)
VISITS = Table(
    "visits",
    (
        Column("visit_id", "BIGINT", unique=True),
        Column("cow_id", "BIGINT"),
        Column("settled", "DATE", nulls=3),
    ),
    90,
    joins=(Join("visits", "cow_id", "cows", "cow_id"),),
)
FARM = (BARNS, COWS, VISITS)
TRIPS = Table(
    "trips",
    (
        Column("driver", "VARCHAR"),
        Column("town", "VARCHAR"),
        Column("distance", "BIGINT", samples=("12", "90")),
    ),
    50,
)
LAKES = Table(
    "lakes",
    (
        Column("lake", "VARCHAR"),
        Column("shore", "VARCHAR", categories=("'East'", "'West'")),
        Column("year", "BIGINT", samples=("1990", "2000")),
        Column("depth", "DOUBLE", samples=("3.5",)),
    ),
    50,
)


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "What is the largest number of visits that any one cow has not settled?",
            "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM visits WHERE visits.settled IS NULL AND "
            "visits.cow_id IS NOT NULL GROUP BY visits.cow_id) AS s",
        ),
        (
            "What's the highest number of cows in any single barn?",
            "SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM cows WHERE cows.barn_id IS NOT NULL "
            "GROUP BY cows.barn_id) AS s",
        ),
        ("What is the largest number of visits on any one day?", None),
        ("Which cow has the largest number of visits?", None),
        ("What is the largest number of visits that any one cow painted?", None),
    ],
)
def test_the_most_of_any_one(question: str, query: str | None) -> None:
    told = any_one_most(question, FARM)
    assert (told.query if told is not None else None) == query


def test_what_hangs_on_the_one_with_the_fewest() -> None:
    told = chained("How many visits were made by the cows of the barn that owns the fewest cows?", FARM)
    assert told is not None
    assert "GROUP BY cows.barn_id ORDER BY COUNT(*) LIMIT 1" in told.query
    # Of 60 cows, some may have no visit.
    assert chained("How many visits does the cow with the fewest visits have?", FARM) is None


def test_the_most_rows_towards_one_end() -> None:
    told = chain_towards(
        "Which driver made the most @trips to the town that is farthest away (column distance)?", [TRIPS]
    )
    assert told is not None
    assert (
        "town = (SELECT town FROM trips WHERE distance IS NOT NULL ORDER BY distance DESC LIMIT 1)"
        in told.query
    )
    assert chain_towards("Which driver made the most trips to the town that is nicest?", [TRIPS]) is None
    assert chain_towards("Which driver made the most trips in May?", [TRIPS]) is None


@pytest.mark.parametrize(
    "question",
    [
        "Count, by shore, the lakes in @lakes whose depth was lower in 2000 than it had been in 1990. "
        "Shores without such a lake needn't be listed.",
        "How many lakes in @lakes whose depth fell between 1990 and 2000 are there by shore?",
    ],
)
def test_things_that_fell_per_group(question: str) -> None:
    told = same_members_compared(question, [LAKES])
    assert told is not None
    assert told.query.startswith(
        "SELECT shore, COUNT(*) FROM (SELECT lake, shore FROM lakes GROUP BY lake, shore "
    )
    assert told.query.endswith("AS those GROUP BY shore")


def test_a_key_and_a_column_that_was_said_are_clear() -> None:
    key = Column("member", "BIGINT", samples=("1", "2"), unique=True)
    one, two = (
        Table("bodies", (key, Column("waist", "DOUBLE")), 9),
        Table("sports", (key, Column("jumps", "DOUBLE")), 9),
    )
    assert (
        ambiguity("Of the members in bodies with a waist over 36, how many jumps in sports?", (one, two))
        is None
    )
    planes = Table("planes", (Column("tail", "VARCHAR"), Column("year", "BIGINT")), 9)
    join = Join("flights", "tail", "planes", "tail")
    flights = Table("flights", (Column("tail", "VARCHAR"), Column("year", "BIGINT")), 9, joins=(join,))
    asked = "Look up the year of the plane of all flights in planes. What is the lowest average year?"
    assert ambiguity(asked, (planes, flights)) is None
    assert ambiguity("The lowest year over all flights and planes?", (planes, flights)) is not None


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("With which two characters do the codes end most often?", 0),
        ("Which last three letters of code are the most common?", 0),
        ("With which two letters do most codes begin?", 1),
        ("How many parts are there per last two characters of the code?", 2),
        ("By the first three letters of the code, how many parts are red?", 3),
        ("Cut off the code at the first hyphen. How many parts are there of each?", 4),
        ("How many parts are there of each text before the dash?", 4),
        ("How many parts have a code that ends with the letters UA?", None),
        ("How many parts are there of each part of code after the dash?", None),
        ("Which letter do most codes have?", None),
    ],
)
def test_signs_at_the_ends(question: str, place: int | None) -> None:
    found = [at for at in range(5) if re.search(SQL_TEXTS[at].pattern, question, re.IGNORECASE)]
    assert found[:1] == ([] if place is None else [place])


def test_how_a_text_is_cut_is_no_condition() -> None:
    check = overlooked("Cut the model at the hyphen, so that 737-824 is 737. How many are there of each?")
    assert check("SELECT model FROM planes") is None
    assert overlooked("How many planes have more than 737 seats?")("SELECT COUNT(*) FROM planes") is not None
