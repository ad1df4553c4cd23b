"""The way from one table to another along keys: shown to the model, and in hints."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from qwen_magics.agent import Request, answer
from qwen_magics.agent.words.naming import tables_named
from qwen_magics.tools.databases import connect
from qwen_magics.tools.databases.connections import forget
from qwen_magics.tools.join_path import joins_to, long_ways
from qwen_magics.tools.schema import Column, Join, Table
from tests.agent.conftest import ScriptedSession
from tests.scripted_model import ScriptedModel

_DDL = """
CREATE TABLE books (book_id INTEGER PRIMARY KEY, genre TEXT);
CREATE TABLE copies (copy_id INTEGER PRIMARY KEY, book_id INTEGER REFERENCES books (book_id));
CREATE TABLE loans (loan_id INTEGER PRIMARY KEY, copy_id INTEGER REFERENCES copies (copy_id), days INTEGER);
CREATE TABLE weather (day TEXT);
INSERT INTO books VALUES (1, 'crime'), (2, 'travel');
INSERT INTO copies VALUES (1, 1), (2, 1), (3, 2);
INSERT INTO loans VALUES (1, 1, 5), (2, 2, 6), (3, 2, 7), (4, 3, 8);
"""
WAY = "JOIN copies ON loans.copy_id = copies.copy_id JOIN books ON copies.book_id = books.book_id"
QUESTION = "How many loans were there of each genre?"


@pytest.fixture
def library(tmp_path: Path) -> Any:
    with closing(sqlite3.connect(tmp_path / "library.db")) as connection, connection:
        connection.executescript(_DDL)
    yield connect("library", str(tmp_path / "library.db"))
    forget()


@pytest.fixture
def tables(library: Any) -> tuple[Table, ...]:
    with library.open() as database:
        return tuple(database.tables)


def test_the_shortest_way_along_keys(tables: tuple[Table, ...]) -> None:
    assert joins_to("books", ["loans"], tables) == WAY
    assert joins_to("loans", ["books", "copies"], tables) == "JOIN loans ON loans.copy_id = copies.copy_id"
    assert joins_to("weather", ["loans"], tables) == "" == joins_to("loans", ["loans"], tables)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        (QUESTION, ["loans", "books"]),  # genre is a column of books alone
        ("Which genre has most copies?", ["books", "copies"]),
        ("How long are loans, by loan_id?", ["loans"]),
        ("How long are loans, by copy_id?", ["loans", "copies"]),  # said as the table is
        ("On how many days was it warm?", []),  # days is said of many things
        ("How many?", []),
    ],
)
def test_what_a_question_names(tables: tuple[Table, ...], question: str, named: list[str]) -> None:
    assert tables_named(question, tables) == named


def test_only_long_ways_are_told(tables: tuple[Table, ...]) -> None:
    assert long_ways(["loans", "books"], tables) == f"-- books of loans: FROM loans {WAY}"
    assert long_ways(["loans", "copies"], tables) == "" == long_ways(["loans"], tables)


def test_a_model_is_shown_the_way_and_told_it_again(library: Any) -> None:
    right = f"SELECT genre, COUNT(*) FROM loans {WAY} GROUP BY genre"
    model = ScriptedModel(["SELECT genre, COUNT(*) FROM books GROUP BY genre", right])
    result = answer(Request(QUESTION, database="library"), lambda event: None, ScriptedSession(model))
    assert sorted(result.value.iloc[:, 1]) == [1, 3]
    first, second = (sent.messages[-1].content for sent in model.sent)
    assert f"-- books of loans: FROM loans {WAY}\n" in first and first.endswith(f"Question: {QUESTION}")
    back = "JOIN copies ON copies.book_id = books.book_id JOIN loans ON loans.copy_id = copies.copy_id"
    assert f"Read loans: {back}." in second


def test_a_way_through_named_tables_goes_before_one_around_them() -> None:
    keys = [("loans", "member_id", "members"), ("loans", "copy_id", "copies")]
    towns = [("members", "branch_id", "branches"), ("copies", "branch_id", "branches")]
    tables = [
        Table(
            name,
            (Column(f"{name}_id", "INTEGER", unique=True),),
            9,
            joins=tuple(Join(t, c, o, c) for t, c, o in (*keys, *towns) if t == name),
        )
        for name in ("loans", "members", "copies", "branches")
    ]
    told = long_ways(["loans", "copies", "branches"], tables)
    assert told.startswith("-- branches of loans: FROM loans JOIN copies ON")
    assert "members" not in told
    assert long_ways(["loans", "branches"], tables) == ""  # two ways are as short as each other
