"""Columns called by a number, written without quotes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from qwen_magics.tools.databases import connect
from qwen_magics.tools.databases.connections import forget
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.sql.restating import restated

RENTS = pd.DataFrame(
    {
        "town": ["Ulm", "Jena", "Hof", "Graz"],
        "since": [1960, 2011, 2010, 1990],
        "1990": [3.0, None, 4.0, 2.0],
        "2010": [6.0, 5.0, 3.0, None],
        "7": [1, 2, None, 4],
    }
)


@pytest.fixture(scope="module")
def frames() -> Iterator[FrameDatabase]:
    with FrameDatabase({"rents": RENTS}) as database:
        yield database


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("SELECT COUNT(*) FROM rents WHERE 1990 IS NULL", 1),
        ("SELECT COUNT(*) FROM rents WHERE 2010 IS NOT NULL AND 1990 IS NULL", 1),
        ("SELECT COUNT(*) FROM rents WHERE '2010' IS NOT NULL AND 'town' IS NOT NULL", 3),
        ("SELECT COUNT(*) FROM rents WHERE 7 IS NULL", 1),
        ("SELECT SUM(CASE WHEN 2010 IS NULL THEN 1 ELSE 0 END) FROM rents", 1),
        ("SELECT SUM(COALESCE(2010, 0)) FROM rents", 14),
        ("SELECT COUNT(*) FROM rents WHERE 2010 > 1990", 1),
        ("SELECT COUNT(*) FROM rents WHERE 2010 < 5", 1),
        ("SELECT COUNT(*) FROM rents WHERE 2010 BETWEEN 4 AND 6", 2),
        ("SELECT COUNT(*) FROM rents WHERE 2010 > (SELECT AVG(2010) FROM rents)", 2),
        ("SELECT AVG(2010) FROM rents", 14 / 3),
        ("SELECT COUNT(2010) FROM rents", 3),
        ("SELECT MAX(2010 - 1990) FROM rents", 3),
        ("SELECT 2010 - 1990 FROM rents WHERE town = 'Hof'", -1),
        ("SELECT (2010 - 1990) / 1990 FROM rents WHERE town = 'Ulm'", 1),
        ("SELECT (2010 / 1990) / (2010 - 1990) FROM rents WHERE town = 'Ulm'", 0.1),
        ("SELECT town FROM rents WHERE 2010 IS NOT NULL ORDER BY 2010 LIMIT 1", "Hof"),
        ("SELECT town FROM rents ORDER BY 2010 - 1990 DESC NULLS LAST LIMIT 1", "Ulm"),
        ("SELECT 2010 FROM rents WHERE town = 'Jena'", 5),
        ("SELECT ROUND(2010, 1) FROM rents WHERE town = 'Jena'", 5),
        ("SELECT 2010 AS rent FROM rents WHERE 2010 > 5", 6),
        ("SELECT 2010 AS rent FROM rents WHERE 2010 IS NOT NULL ORDER BY 2010 LIMIT 1", 3),
    ],
)
def test_what_can_only_be_the_column(frames: FrameDatabase, written: str, found: float | str) -> None:
    checked = frames.check(written)
    assert checked != written
    value = frames.run(checked).frame.iat[0, 0]
    assert value == (found if isinstance(found, str) else pytest.approx(found))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM rents WHERE since = 2010",
        "SELECT COUNT(*) FROM rents WHERE since BETWEEN 1990 AND 2010",
        "SELECT COUNT(*) FROM rents WHERE since IS NOT NULL",
        'SELECT ("2010" - "1990") / (2010 - 1990) FROM rents',
        'SELECT 2010, "2010" FROM rents',
        "SELECT 2010 AS year, COUNT(*) FROM rents",
        'SELECT town, 2010 AS label FROM rents WHERE "2010" > 5',
        "SELECT 2010 - since FROM rents",
        "SELECT COUNT(*) FROM rents WHERE 1 = 1 ORDER BY 1",
        "SELECT COUNT(7) FROM rents",
        "SELECT MAX(since) - 1990 FROM rents",
        "SELECT SUM(CASE WHEN since = 2010 THEN 1 END) FROM rents",
        "SELECT 'town' AS label FROM rents WHERE town = '2010'",
    ],
)
def test_what_may_be_a_number_stays(frames: FrameDatabase, sql: str) -> None:
    assert restated(sql, frames.tables, frames.dialect) == sql


def test_a_label_that_says_year_stays(frames: FrameDatabase) -> None:
    said = restated("SELECT 2010 AS year, town FROM rents WHERE 2010 > 5", frames.tables, frames.dialect)
    assert said == 'SELECT 2010 AS year, town FROM rents WHERE "2010" > 5'


def test_a_name_put_right_first_hides_nothing() -> None:
    with FrameDatabase({"rents": RENTS.rename(columns={"town": "Home Town"})}) as database:
        checked = database.check("SELECT Home_Town, 2010 AS rent FROM rents WHERE 2010 > 5")
        assert database.run(checked).frame.to_numpy().tolist() == [["Ulm", 6.0]]


def test_in_sqlite(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "rents.db") as connection:
        RENTS.to_sql("rents", connection, index=False)
    connection.close()
    with connect("rents", str(tmp_path / "rents.db")).open() as database:
        sql = database.check("SELECT COUNT(*) FROM rents WHERE 2010 IS NOT NULL AND 1990 IS NULL")
        assert database.run(sql).typed() == ("number", 1)
    forget()
