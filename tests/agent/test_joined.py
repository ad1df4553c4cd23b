"""Examples over several tables: the joins that the question needs stand in FROM already."""

from __future__ import annotations

import sqlite3

import pytest

from qwen_magics.agent.examples.sql.recipes import firm_sql, nearest_sql
from qwen_magics.agent.links.joined import Joined, joined
from qwen_magics.tools.schema import Column, Join, Table, describe

SHOWS = Table(
    "shows",
    (
        Column("show_id", "INTEGER", unique=True),
        Column("theatre_id", "INTEGER"),
        Column("title", "VARCHAR"),
        Column("kind", "VARCHAR", categories=("'comedy'", "'opera'")),
        Column("status", "VARCHAR", categories=("'new'", "'old'")),
    ),
    40,
    (Join("shows", "theatre_id", "theatres", "theatre_id"),),
)
TICKETS = Table(
    "tickets",
    (
        Column("ticket_id", "INTEGER", unique=True),
        Column("show_id", "INTEGER"),
        Column("price", "DOUBLE"),
        Column("sold", "DATE", samples=("'2022-05-01'",)),
        Column("status", "VARCHAR", categories=("'paid'", "'open'")),
    ),
    900,
    (Join("tickets", "show_id", "shows", "show_id"),),
)
THEATRES = Table(
    "theatres",
    (Column("theatre_id", "INTEGER", unique=True), Column("name", "VARCHAR"), Column("town", "VARCHAR")),
    3,
)
TABLES = (SHOWS, TICKETS, THEATRES)
WAY = "tickets JOIN shows ON tickets.show_id = shows.show_id"


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("average ticket price of each kind", WAY),
        ("tickets of each town", f"{WAY} JOIN theatres ON shows.theatre_id = theatres.theatre_id"),
        # The rows that are told of are those of the most detailed table, whichever is named first.
        (
            "theatres and the number of their tickets",
            f"{WAY} JOIN theatres ON shows.theatre_id = theatres.the",
        ),
        ("how many tickets were sold for operas?", WAY),
        ("how many tickets are open?", ""),
        ("how many shows are there?", ""),
    ],
)
def test_the_way_to_what_the_question_speaks_of(question: str, source: str) -> None:
    table = joined(question, TICKETS if "ticket" in question else SHOWS, TABLES)
    assert (table.source if isinstance(table, Joined) else "").startswith(source)
    assert isinstance(table, Joined) == bool(source)


def test_two_ways_are_none() -> None:
    twice = (*TICKETS.joins, Join("tickets", "old_show_id", "shows", "show_id"))
    table = Table(TICKETS.name, TICKETS.columns, 900, twice)
    assert joined("average ticket price of each kind", table, (SHOWS, table, THEATRES)) is table


def test_a_name_that_needs_quotes_is_left_to_the_model() -> None:
    odd = Table("shows", (*SHOWS.columns[:3], Column("Kind of show", "VARCHAR")), 40, SHOWS.joins)
    assert joined("tickets of each kind of show", TICKETS, (odd, TICKETS, THEATRES)) is TICKETS


@pytest.mark.parametrize(
    ("question", "query"),
    [
        (
            "the average price of each kind with at least 12 tickets",
            f"SELECT kind, AVG(price) AS mean FROM {WAY} GROUP BY kind HAVING COUNT(*) >= 12",
        ),
        ("What percentage of all tickets does each kind have?", f"AS percentage FROM {WAY} GROUP BY kind"),
    ],
)
def test_an_example_reads_them(question: str, query: str) -> None:
    table = joined(question, TICKETS, TABLES)
    assert query in nearest_sql(question, describe(TABLES), "SQLite", table)


def test_what_several_tables_have_says_whose_it_is() -> None:
    question = "which kind of show always had tickets with a price above 20, by status of the ticket?"
    table = joined(question, TICKETS, TABLES)
    assert isinstance(table, Joined) and table.owners["status"] == "tickets" and "kind" not in table.owners


def test_such_an_example_runs() -> None:
    question = "which kind never had tickets at 20 or less, always above 20?"
    example = firm_sql(question, describe(TABLES), "SQLite", joined(question, TICKETS, TABLES))
    with sqlite3.connect(":memory:") as database:
        database.executescript(
            "CREATE TABLE shows (show_id, theatre_id, title, kind, status);"
            "CREATE TABLE tickets (ticket_id, show_id, price, sold, status);"
            "INSERT INTO shows VALUES (1, 1, 'A', 'opera', 'new'), (2, 1, 'B', 'comedy', 'old');"
            "INSERT INTO tickets VALUES (1, 1, 30, '2022-01-01', 'paid'),"
            "(2, 2, 30, '2022-01-01', 'paid'), (3, 2, 10, '2022-01-02', 'paid')"
        )
        assert WAY in example and database.execute(example.replace("> 5", "> 20")).fetchall() == [("opera",)]
    database.close()
