"""Functions of other systems over SQLite: put into its own words, or given to the connection."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.databases import connect, scalars
from qwen_magics.tools.databases.database import Database
from qwen_magics.tools.sql.grammar import select_grammar

ROWS = [
    (1, "anna maria-lind", "2023-02-05", 1987, "05/02/2023"),
    (2, "Bo", "2023-12-31", 1990, "31/12/2023"),
    (3, None, None, None, None),
]


@pytest.fixture
def guests(tmp_path: Path) -> Iterator[Database]:
    with sqlite3.connect(tmp_path / "guests.db") as connection:
        connection.execute(
            "CREATE TABLE guests (id INTEGER, name TEXT, came DATE, born INTEGER, written TEXT)"
        )
        connection.executemany("INSERT INTO guests VALUES (?, ?, ?, ?, ?)", ROWS)
    connection.close()
    with connect("guests", str(tmp_path / "guests.db")).open() as database:
        database.focus("guests", lambda _: True)
        yield database


@pytest.mark.parametrize(
    ("call", "first", "second"),
    [
        ("YEAR(came)", 2023, 2023),
        ("YEAR(DATE(came))", 2023, 2023),
        ("YEAR(born)", 1987, 1990),
        ("STRFTIME('%Y', born)", 1987, 1990),
        ("STRFTIME('%Y', came)", "2023", "2023"),
        ("MONTH(came)", 2, 12),
        ("EXTRACT(DAY FROM came)", 5, 31),
        ("EXTRACT(DOW FROM came)", 0, 0),
        ("DATE_PART('quarter', came)", 1, 4),
        ("QUARTER(came)", 1, 4),
        ("DATE_TRUNC('month', came)", "2023-02-01", "2023-12-01"),
        ("DATE_TRUNC('year', came)", "2023-01-01", "2023-01-01"),
        ("DAYNAME(came)", "Sunday", "Sunday"),
        ("MONTHNAME(came)", "February", "December"),
        ("LEFT(name, 2)", "an", "Bo"),
        ("RIGHT(name, 4)", "lind", "Bo"),
        ("REVERSE(name)", "dnil-airam anna", "oB"),
        ("INITCAP(name)", "Anna Maria-Lind", "Bo"),
        ("SPLIT_PART(name, ' ', 2)", "maria-lind", ""),
        ("SPLIT_PART(name, '-', -1)", "lind", "Bo"),
        ("LPAD(born, 6, '0')", "001987", "001990"),
        ("RPAD(name, 4)", "anna", "Bo  "),
        ("name REGEXP '^[a-z]+ '", 1, 0),
        ("name NOT REGEXP 'a{2}|o$'", 1, 0),
        ("REGEXP_LIKE(name, 'B')", 0, 1),
    ],
)
def test_they_give_what_they_give_elsewhere(
    guests: Database, call: str, first: object, second: object
) -> None:
    sql = guests.check(f"SELECT {call} AS found FROM guests ORDER BY id")
    values = guests.run(sql).frame["found"]
    assert values.tolist()[:2] == [first, second]
    assert values.isna().tolist() == [False, False, True]


@pytest.mark.parametrize("order", ["", " DESC"])
def test_a_percentile_within_a_group(guests: Database, order: str) -> None:
    call = f"PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY born{order})"
    sql = guests.check(f"SELECT {call} FROM guests")
    assert guests.run(sql).typed() == ("number", 1989.25 if order else 1987.75)


def test_groups_of_time_stand_in_its_order(guests: Database) -> None:
    sql = guests.check("SELECT MONTH(came) AS month, COUNT(*) FROM guests GROUP BY month")
    assert sql.endswith("ORDER BY month")


def test_texts_that_sqlite_reads_as_no_dates_are_not_taken_for_some(guests: Database) -> None:
    with pytest.raises(QueryError, match="strftime"):
        guests.check("SELECT YEAR(written) FROM guests")


def test_the_grammar_offers_them(guests: Database) -> None:
    grammar = select_grammar(guests.tables, dialect=guests.dialect)
    assert all(name in grammar for name in (*scalars.SCALARS, "right", "monthname", "within"))


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|b)*c", "(a)\\1", "[", ".*.*.*.*.*.*.*x", "a?" * 30 + "a" * 30]
)
def test_patterns_that_could_take_for_ever_are_refused(guests: Database, pattern: str) -> None:
    started = time.perf_counter()
    with pytest.raises(QueryError):
        guests.run(f"SELECT COUNT(*) FROM guests WHERE name REGEXP '{pattern}'")
    assert time.perf_counter() - started < 5


def test_padding_does_not_fill_the_memory(guests: Database) -> None:
    found = guests.run("SELECT LENGTH(LPAD(name, 1000000000, 'x')) FROM guests WHERE id = 2")
    assert found.typed() == ("number", 10_000)
