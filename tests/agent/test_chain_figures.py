"""A figure of things that are chosen first, over keys: each query is run over a small club of sailors."""

from __future__ import annotations

import sqlite3

import pytest

from qwen_magics.agent.checks.other_result import other_result
from qwen_magics.agent.examples.whole.chain_figures import chained
from qwen_magics.agent.examples.whole.first_of_each import first_of_each
from qwen_magics.agent.examples.whole.once_more import once_more
from qwen_magics.agent.examples.worked import worked_query
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE


def _id(name: str) -> Column:
    return Column(name, "BIGINT", unique=True)


HARBOURS = Table("harbours", (_id("harbour_id"), Column("name", "VARCHAR"), Column("town", "VARCHAR")), 3)
SAILORS = Table(
    "sailors",
    (
        _id("sailor_id"),
        Column("name", "VARCHAR"),
        Column("joined", "DATE"),
        Column("birth_year", "BIGINT", samples=("1980", "1990")),
        Column("home_harbour_id", "BIGINT"),
    ),
    5,
    joins=(Join("sailors", "home_harbour_id", "harbours", "harbour_id"),),
)
MODELS = Table(
    "models", (_id("model_id"), Column("name", "VARCHAR"), Column("length", "DOUBLE", samples=("5.5",))), 3
)
MAKERS = Table("makers", (_id("maker_id"), Column("name", "VARCHAR"), Column("country", "VARCHAR")), 2)
MODEL_MAKERS = Table(
    "model_makers",
    (Column("model_id", "BIGINT"), Column("maker_id", "BIGINT")),
    4,
    joins=(
        Join("model_makers", "model_id", "models", "model_id"),
        Join("model_makers", "maker_id", "makers", "maker_id"),
    ),
)
BOATS = Table(
    "boats",
    (
        _id("boat_id"),
        Column("model_id", "BIGINT"),
        Column("harbour_id", "BIGINT"),
        Column("state", "VARCHAR", categories=("'leaky'", "'sound'")),
    ),
    4,
    joins=(
        Join("boats", "model_id", "models", "model_id"),
        Join("boats", "harbour_id", "harbours", "harbour_id"),
    ),
)
RENTALS = Table(
    "rentals",
    (
        _id("rental_id"),
        Column("boat_id", "BIGINT"),
        Column("sailor_id", "BIGINT"),
        Column("begun", "DATE"),
        Column("due", "DATE"),
        Column("returned", "DATE", nulls=1),
    ),
    7,
    joins=(
        Join("rentals", "boat_id", "boats", "boat_id"),
        Join("rentals", "sailor_id", "sailors", "sailor_id"),
    ),
)
FEES = Table(
    "fees",
    (
        _id("fee_id"),
        Column("rental_id", "BIGINT"),
        Column("amount", "DOUBLE", samples=("5.0", "7.0")),
        Column("settled", "BIGINT", samples=("0", "1")),
    ),
    3,
    joins=(Join("fees", "rental_id", "rentals", "rental_id"),),
)
TABLES = (HARBOURS, SAILORS, MODELS, MAKERS, MODEL_MAKERS, BOATS, RENTALS, FEES)
MADE = """
CREATE TABLE harbours (harbour_id, name, town);
INSERT INTO harbours VALUES (1, 'East', 'A'), (2, 'West', 'B'), (3, 'Old', 'C');
CREATE TABLE sailors (sailor_id, name, joined, birth_year, home_harbour_id);
INSERT INTO sailors VALUES (1, 'Ann', '2020-01-05', 1980, 1), (2, 'Bo', '2020-03-05', 1970, 1),
  (3, 'Cy', '2021-01-05', 1990, 2), (4, 'Di', '2020-02-05', 1985, 1), (5, 'Ed', '2022-01-05', 1960, 2);
CREATE TABLE models (model_id, name, length);
INSERT INTO models VALUES (1, 'Gull', 5.5), (2, 'Tern', 8), (3, 'Auk', 4);
CREATE TABLE makers (maker_id, name, country);
INSERT INTO makers VALUES (1, 'Nor', 'Norway'), (2, 'Sue', 'Sweden');
CREATE TABLE model_makers (model_id, maker_id);
INSERT INTO model_makers VALUES (1, 1), (2, 2), (3, 2), (2, 1);
CREATE TABLE boats (boat_id, model_id, harbour_id, state);
INSERT INTO boats VALUES (1, 1, 1, 'leaky'), (2, 1, 2, 'sound'), (3, 2, 2, 'leaky'), (4, 2, 2, 'leaky');
CREATE TABLE rentals (rental_id, boat_id, sailor_id, begun, due, returned);
INSERT INTO rentals VALUES (1, 1, 1, '2022-01-01', '2022-01-05', '2022-01-04'),
  (2, 2, 1, '2022-02-01', '2022-02-05', '2022-02-09'), (3, 3, 1, '2022-03-01', '2022-03-05', '2022-03-05'),
  (4, 1, 2, '2022-01-11', '2022-01-15', '2022-01-14'), (5, 2, 2, '2022-02-11', '2022-02-15', '2022-02-14'),
  (6, 4, 3, '2022-01-21', '2022-01-25', NULL), (7, 3, 4, '2022-04-01', '2022-04-05', '2022-04-08');
CREATE TABLE fees (fee_id, rental_id, amount, settled);
INSERT INTO fees VALUES (1, 2, 5, 0), (2, 3, 7, 1), (3, 7, 9, 0);
"""


@pytest.fixture
def club() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(MADE)
    return connection


ASKED = [
    ("How many rentals do the sailors with at least one unsettled fee have on average?", 2),
    ("How many fees do sailors with at least one rental have on average?", 0.75),
    ("How many rentals were made by the sailors who joined in the year in which the most sailors joined?", 6),
    ("How many rentals were made by the sailors whose home harbour is the one with the most sailors?", 6),
    ("How often was the longest model rented?", 3),
    ("How many times has the model with the greatest length been rented out?", 3),
    ("What is the average length of the models that were never rented?", 4),
    ("How many models were never rented by anyone?", 1),
    ("How many sailors have never had a fee?", 3),
    ("How many sailors with at least 2 rentals have never returned a boat late?", 1),
    ("How many sailors have no unsettled fees?", 3),
    ("How many sailors have rented something more than twice?", None),
    ("How many sailors rented more than twice?", 1),
    ("What percentage of the sailors has ever rented anything?", 80),
    ("Of the sailors with fewer than 2 rentals, what share has never had a fee?", 2 / 3),
    ("What percentage of the sailors with at least 2 rentals have never had a fee?", 50),
    ("How much does the sailor with the largest sum of unsettled fees owe?", 9),
    ("How many rentals does the sailor with the largest sum of unsettled fees have?", 1),
    ("What is the total of the fees of the sailor with the most rentals?", 12),
    ("Which country does the maker come from whose models have been rented the most times?", "Norway"),
    ("Who is the sailor with the most rentals?", "Ann"),
    ("Which models were never rented?", "Auk"),
    ("At the harbour with the most leaky boats, boats of which model were rented most often?", None),
    ("At the harbour that has the most leaky boats, which model was rented most often?", "Tern"),
    ("How many different sailors have rented the longest model?", 3),
    ("What is the name of the longest model that was rented by the sailor with the most rentals?", "Tern"),
]


@pytest.mark.parametrize(("question", "answer"), ASKED)
def test_the_query_answers_the_question(
    club: sqlite3.Connection, question: str, answer: float | str | None
) -> None:
    told = chained(question, TABLES, SQLITE)
    if answer is None:
        assert told is None
        return
    assert told is not None
    rows = club.execute(told.query).fetchall()
    assert rows == [(pytest.approx(answer) if isinstance(answer, float) else answer,)]


@pytest.mark.parametrize(
    "question",
    [
        "How many sailors never rented a leaky boat?",  # a condition on what is between
        "How many sailors have not returned their boat?",  # of what is not done yet
        "How many rentals were never returned?",
        "How many rentals were made by the sailors with at least one fee in 2022?",
        "How many rentals were returned by the sailors with at least one fee?",
        "How many rentals were made at the harbour with the most sailors?",  # theirs is a home
        "How many sailors have rented at least 2 boats?",  # different ones?
        "How many rentals does the sailor with the fewest rentals have?",  # some have none
        "What is the average length of the models with the most boats?",
        "How many rentals were there?",
        "Which sailor has the most rentals?",
        "How many sailors joined in 2020?",
        "What is the average number of rentals per sailor?",
        "How many late rentals does the oldest sailor have?",
    ],
)
def test_what_is_not_wholly_understood_is_left_alone(question: str) -> None:
    assert chained(question, TABLES, SQLITE) is None


def test_it_comes_before_kinds_that_know_less() -> None:
    asked = "How many rentals does the sailor with the highest total of unsettled fees have?"
    assert "fees.settled = 0" in worked_query(asked, TABLES, SQLITE)


def test_years_are_spelled_as_the_dialect_does() -> None:
    asked = "How many rentals were made by the sailors who joined in the year when the most sailors joined?"
    told = chained(asked, TABLES, DUCKDB)
    assert told is not None
    assert "EXTRACT(YEAR FROM joined)" in told.query


def test_another_result_is_told_the_query() -> None:
    assert other_result("How many models were never rented?", TABLES, SQLITE, None) is not None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many sailors have rented the same model, in whichever boat, at least twice?", 2),
        ("How many sailors have rented one and the same model more than once, be it in different boats?", 2),
        (
            "How many pairs of a sailor and a model are there where the sailor rented the model more"
            " than once"
            " (in any of its boats)?",
            2,
        ),
    ],
)
def test_the_same_thing_again(club: sqlite3.Connection, question: str, answer: int) -> None:
    told = once_more(question, TABLES, SQLITE)
    assert told is not None
    assert club.execute(told.query).fetchall() == [(answer,)]


def test_pairs_of_other_things_are_left_alone() -> None:
    asked = "How many pairs of a sailor and a model are there where the boat rented the model more than once?"
    assert once_more(asked, TABLES, SQLITE) is None


def test_who_joined_first_with_the_date(club: sqlite3.Connection) -> None:
    asked = (
        "Who joined first among the sailors of each home harbour? I want the harbour's name, the"
        " sailor's name "
        "and the date of joining."
    )
    told = first_of_each(asked, TABLES, SQLITE)
    assert told is not None
    assert club.execute(told.query).fetchall() == [
        ("East", "Ann", "2020-01-05"),
        ("West", "Cy", "2021-01-05"),
    ]
