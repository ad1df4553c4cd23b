"""Sums with dates in SQLite: days where they are meant, and nothing else changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, SQLITE
from qwen_magics.tools.sql.restating import restated

DAY = ("'2024-01-05'", "'2024-02-05'")
STAYS = Table(
    "stays",
    (
        Column("came", "DATE", samples=DAY),
        Column("went", "DATE", samples=DAY),
        Column("due", "VARCHAR", samples=DAY),
        Column("fee", "DOUBLE", samples=("3.5",)),
        Column("note", "VARCHAR", samples=("'12'",)),
    ),
    3,
)


@pytest.fixture
def stays() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(
            "CREATE TABLE stays (came DATE, went DATE, due TEXT, fee REAL, note TEXT);"
            "INSERT INTO stays VALUES ('2023-12-30', '2024-01-09', '2024-01-05', 3.5, '12');"
            "INSERT INTO stays VALUES ('2024-02-01', '2024-03-01', '2024-02-05', 4.5, '13');"
            "INSERT INTO stays VALUES ('2024-05-01', NULL, '2024-05-10', 0, '14');"
        )
        yield made


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("SELECT SUM(went - came) FROM stays", 39),
        ("SELECT AVG(s.went - s.came) FROM stays AS s", 19.5),
        ("SELECT SUM(-(went - came) + 1) FROM stays", -37),
        ("SELECT SUM(CAST(went AS DATE) - DATE(came)) FROM stays", 39),
        ("SELECT MAX(went) - MIN(came) FROM stays", 62),
        ("SELECT COUNT(*) FROM stays WHERE went - due > 14", 1),
        ("SELECT COUNT(*) FROM stays WHERE went > due + 14", 1),
        ("SELECT COUNT(*) FROM stays WHERE went - 14 > due", 1),
    ],
)
def test_days_are_what_runs(stays: sqlite3.Connection, written: str, found: float) -> None:
    meant = restated(written, [STAYS], SQLITE)
    assert stays.execute(meant).fetchone()[0] == found != stays.execute(written).fetchone()[0]


@pytest.mark.parametrize(
    "written",
    [
        "SELECT fee - 3, note - 1, fee - note FROM stays",
        "SELECT JULIANDAY(went) - JULIANDAY(came) FROM stays",
        "SELECT STRFTIME('%Y', went) - STRFTIME('%Y', came) FROM stays",
        "SELECT DATE(due, '+14 days') FROM stays",
        "SELECT fee - came FROM stays",
    ],
)
def test_other_sums_stay(written: str) -> None:
    assert restated(written, [STAYS], SQLITE) == written


def test_systems_with_dates_take_them_from_each_other() -> None:
    written = "SELECT SUM(went - came) FROM stays"
    assert restated(written, [STAYS], DUCKDB) == written
