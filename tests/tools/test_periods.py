"""Years and months beside dates: all of them, in every dialect."""

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
from qwen_magics.tools.sql.dialects import MYSQL, POSTGRES, Dialect
from qwen_magics.tools.sql.restating import restated

DAYS = ["2018-12-31", "2019-01-01", "2019-02-28", "2019-03-15", "2019-12-31", "2020-01-01"]
TREES = pd.DataFrame(
    {
        "planted": pd.to_datetime(DAYS).date,
        "seen": pd.to_datetime([f"{day} 18:30" for day in DAYS]),
        "noted": DAYS,
        "height": range(6),
        "tag": ["2018", "2019", "2019", "2019", "2019", "2020"],
    }
)

COUNTS = [
    ("< '2019'", 1),
    ("<= '2019'", 5),
    ("> '2019'", 1),
    (">= '2019'", 5),
    ("= '2019'", 4),
    ("<> '2019'", 2),
    ("= 2019", 4),
    ("= '2019-02'", 1),
    ("<= '2019-12'", 5),
    ("> '2019-02'", 3),
    ("BETWEEN '2018' AND '2019'", 5),
    ("NOT BETWEEN '2018' AND '2019'", 1),
    ("BETWEEN '2019-02' AND '2019-03-15 23:59:59'", 2),
    ("BETWEEN '2018-06-01' AND '2019-02'", 3),
    ("IN ('2018', '2020')", 2),
    ("NOT IN ('2018', '2020-01')", 4),
]


@pytest.fixture(scope="module")
def frames() -> Iterator[FrameDatabase]:
    with FrameDatabase({"trees": TREES}) as database:
        yield database


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("trees") / "trees.db"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE trees (planted DATE, seen DATETIME, noted TEXT, height INT, tag TEXT)"
        )
        rows = [(day, f"{day} 18:30:00", day, n, day[:4]) for n, day in enumerate(DAYS)]
        connection.executemany("INSERT INTO trees VALUES (?, ?, ?, ?, ?)", rows)
    connection.close()
    with connect("trees", str(path)).open() as database:
        database.focus("trees", lambda _: True)
        yield database
    forget()


@pytest.mark.parametrize("column", ["planted", "seen", "noted"])
@pytest.mark.parametrize(("condition", "count"), COUNTS)
def test_a_period_is_all_of_it(
    frames: FrameDatabase, sqlite: Database, column: str, condition: str, count: int
) -> None:
    sql = f"SELECT COUNT(*) FROM trees WHERE {column} {condition}"
    for database in (frames, sqlite):
        assert database.run(database.check(sql)).frame.iat[0, 0] == count


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("'2019' < planted", 1),
        ("'2019' >= t.seen", 5),
        ("CAST(noted AS DATE) > '2019'", 1),
        ("planted >= DATE '2019' AND height > 2", 3),
        ("DATE(planted) = '2019'", 4),
        ("CASE WHEN planted <= '2019' THEN 1 ELSE 0 END = 1", 5),
    ],
)
def test_either_side_and_casts(frames: FrameDatabase, condition: str, count: int) -> None:
    sql = f"SELECT COUNT(*) FROM trees AS t WHERE {condition}"
    assert frames.run(frames.check(sql)).frame.iat[0, 0] == count


@pytest.mark.parametrize(
    "condition",
    [
        "tag = '2019'",  # texts that are years
        "height > 2019",
        "planted > '2019-02-28'",
        "planted = '19'",
        "STRFTIME('%Y', planted) = '2019'",
        "planted IN (SELECT '2019')",
    ],
)
def test_what_is_no_date_or_no_period_stays(frames: FrameDatabase, sqlite: Database, condition: str) -> None:
    sql = f"SELECT COUNT(*) FROM trees WHERE {condition}"
    for database in (frames, sqlite):
        assert restated(sql, database.tables, database.dialect) == sql


@pytest.mark.parametrize("dialect", [POSTGRES, MYSQL])
def test_in_dialects_with_dates(dialect: Dialect) -> None:
    table = Table("trees", (Column("planted", "date"), Column("seen", "timestamp without time zone")), 9)
    sql = "SELECT COUNT(*) FROM trees WHERE planted > '2019' AND seen <= '2019-12'"
    meant = "SELECT COUNT(*) FROM trees WHERE planted >= '2020-01-01' AND seen < '2020-01-01'"
    assert restated(sql, [table], dialect) == meant
