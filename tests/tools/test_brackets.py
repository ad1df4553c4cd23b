"""Brackets in LIKE, which only SQL Server knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from qwen_magics.tools.databases import connect
from qwen_magics.tools.databases.connections import forget
from qwen_magics.tools.databases.database import Database
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import MYSQL, POSTGRES, dialect_of
from qwen_magics.tools.sql.restating import restated

PARTS = pd.DataFrame(
    {
        "part": ["A7-x", "B-19", "élan.2", "[DEL] old", None, "ox", "a*b"],
        "mail": [f"p{n}@q.de" for n in range(7)],
    }
)


@pytest.fixture(scope="module")
def frames() -> Iterator[FrameDatabase]:
    with FrameDatabase({"parts": PARTS}) as database:
        yield database


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("parts") / "parts.db"
    with sqlite3.connect(path) as connection:
        PARTS.to_sql("parts", connection, index=False)
    connection.close()
    with connect("parts", str(path)).open() as database:
        database.focus("parts", lambda _: True)
        yield database
    forget()


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("part LIKE '%[0-9]%'", 3),
        ("part NOT LIKE '%[0-9]%'", 3),
        ("NOT (part LIKE '%[0-9]')", 4),
        ("part LIKE '[A-Z]%'", 2),
        ("part LIKE '[aeiou]%'", 2),
        ("part LIKE '_[0-9]%'", 1),
        ("part LIKE '%.[0-9]'", 1),
        ("part LIKE '%[^A-Za-z0-9]%'", 5),
        ("part LIKE '%[^ -~]%'", 1),
        ("part LIKE '%*[a-z]'", 1),
    ],
)
def test_a_class_is_a_class(frames: FrameDatabase, sqlite: Database, condition: str, count: int) -> None:
    sql = f"SELECT COUNT(*) FROM parts WHERE {condition}"
    for database in (frames, sqlite):
        assert database.run(database.check(sql)).frame.iat[0, 0] == count


def test_letter_case_counts_as_in_like(frames: FrameDatabase, sqlite: Database) -> None:
    sql = "SELECT COUNT(*) FROM parts WHERE part LIKE 'b-[0-9]%'"
    assert sqlite.run(sqlite.check(sql)).frame.iat[0, 0] == 1
    assert frames.run(frames.check(sql)).frame.iat[0, 0] == 0
    assert frames.run(frames.check(sql.replace("LIKE", "ILIKE"))).frame.iat[0, 0] == 1


@pytest.mark.parametrize(
    "condition",
    [
        "part LIKE '%[DEL]%'",  # what data may well have
        "part LIKE '[%]'",
        "part LIKE '%[0-9]+%'",
        "part LIKE '%[0-9]!%' ESCAPE '!'",
        "part LIKE '%x%'",
        "part GLOB '*[0-9]*'",
        "part = '[a-z]'",
    ],
)
def test_what_may_be_text_stays(frames: FrameDatabase, condition: str) -> None:
    sql = f"SELECT COUNT(*) FROM parts WHERE {condition}"
    assert restated(sql, frames.tables, frames.dialect) == sql


def test_in_other_dialects() -> None:
    table = Table("parts", (Column("part", "text"),), 9)
    sql = "SELECT COUNT(*) FROM parts WHERE part LIKE '%[^a-z].%'"
    start = "SELECT COUNT(*) FROM parts WHERE"
    assert restated(sql, [table], POSTGRES) == f"{start} part ~ '[^a-z][.]'"
    assert restated(sql, [table], MYSQL) == f"{start} REGEXP_INSTR(part, '[^a-z][.]') > 0"
    assert restated(sql, [table], dialect_of("mssql")) == sql


def test_a_pattern_that_all_meet_was_written_for_a_few(frames: FrameDatabase, sqlite: Database) -> None:
    for database in (frames, sqlite):
        for column, kinds in (("mail", ["all_match"]), ("part", [])):
            sql = database.check(f"SELECT COUNT(*) FROM parts WHERE {column} LIKE '%[^A-Za-z0-9]%'")
            assert [finding.kind for finding in database.review(sql, database.run(sql))] == kinds
