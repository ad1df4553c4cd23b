"""Queries in another system's words: put right where only one thing can be meant, left alone elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import POSTGRES, SQLITE
from qwen_magics.tools.sql.restating import restated

DAYS = pd.date_range("2020-01-05", periods=40, freq="7D")
VISITS = pd.DataFrame(
    {
        "seen": DAYS,
        "noted": [f"{day:%Y-%m-%d}" for day in DAYS],
        "year": range(1990, 2030),
        "pages": [float(n) for n in range(40)],
        "known": [True, False] * 20,
        "name": ["abc", "def"] * 20,
    }
)
YEARS = pd.DataFrame({"year": [2020, 2021], "target": [10, 20]})


@pytest.fixture(scope="module")
def database() -> Iterator[FrameDatabase]:
    with FrameDatabase({"visits": VISITS, "years": YEARS}) as made:
        yield made


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("SELECT COUNT(DISTINCT span) FROM (SELECT year / 10 AS decade, decade AS span FROM visits)", 4),
        ("SELECT COUNT(*) FROM (SELECT year / 100 AS century FROM visits GROUP BY year / 100)", 2),
        ("SELECT COUNT(*) FROM visits WHERE STRFTIME('%m', seen) = 7", 4),
        ("SELECT COUNT(*) FROM visits WHERE STRFTIME(seen, '%m') = '7'", 4),
        ("SELECT COUNT(*) FROM visits WHERE STRFTIME('%m', seen) IN ('6', '7')", 8),
        ("SELECT COUNT(*) FROM visits WHERE STRFTIME('%m', seen) BETWEEN 6 AND 7", 8),
        ("SELECT COUNT(*) FROM visits WHERE YEAR(noted) = 2020 AND MONTH(noted) = 7", 4),
        ("SELECT COUNT(*) FROM visits WHERE STRFTIME('%Y-%m', noted) = '2020-07'", 4),
        ("SELECT COUNT(*) FROM visits WHERE DATE_TRUNC('month', noted) = '2020-07-01'", 4),
        ("SELECT COUNT(*) FROM visits WHERE YEAR(visits.year) = 1999", 1),
        ("SELECT COUNT(*) FROM visits JOIN years ON years.year = visits.seen", 40),
        ("SELECT COUNT(*) FROM visits JOIN years ON visits.noted = years.year", 40),
        ("SELECT COUNT(*) FROM visits JOIN years ON years.year = TRY_CAST(visits.noted AS BIGINT)", 40),
        ("SELECT AVG(pages >= 30) FROM visits", 0.25),
        ("SELECT AVG(known) FROM visits", 0.5),
        ("SELECT COUNT(*) FROM visits WHERE seen LIKE '2020-07-%'", 4),
    ],
)
def test_what_is_meant_is_what_runs(database: FrameDatabase, written: str, found: float) -> None:
    checked = database.check(written)
    assert checked != written
    assert database.run(checked).frame.iat[0, 0] == found


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT year / 10 AS tenth FROM visits",
        "SELECT pages / 10 AS per_decade FROM visits",
        "SELECT pages / 12 AS decade FROM visits",
        "SELECT FLOOR(year / 10) AS decade, COUNT(*) FROM visits GROUP BY decade",
        "SELECT year // 100 AS century FROM visits",
        "SELECT COUNT(*) FROM visits WHERE STRFTIME('%m', seen) = '07'",
        "SELECT COUNT(*) FROM visits WHERE STRFTIME('%Y-%m', seen) = '2020-07'",
        "SELECT COUNT(*) FROM visits WHERE MONTH(seen) = 7",
        "SELECT COUNT(*) FROM visits WHERE name = '7'",
        "SELECT COUNT(*) FROM visits WHERE name LIKE '2020-%'",
        "SELECT COUNT(*) FROM visits JOIN years ON years.year = YEAR(visits.seen)",
        "SELECT COUNT(*) FROM visits JOIN years ON years.year = visits.year",
        "SELECT COUNT(*) FROM visits JOIN years ON years.target = visits.year",
        "SELECT AVG(pages) FROM visits",
        "SELECT MONTH(name) FROM visits",
        "SELECT SUM(CASE WHEN known THEN 1 ELSE 0 END) FROM visits",
        "SELECT not a query",
    ],
)
def test_what_is_right_or_not_certain_stays(database: FrameDatabase, sql: str) -> None:
    assert restated(sql, database.tables, database.dialect) == sql


def test_sqlite_compares_parts_of_dates_as_text_and_others_are_left_alone() -> None:
    table = Table("t", (Column("d", "DATE"), Column("year", "INTEGER", samples=("2020",))), 9)
    written = "SELECT COUNT(*) FROM t WHERE STRFTIME('%Y', d) = 2020"
    assert restated(written, [table], SQLITE) == written.replace("2020", "'2020'")
    assert restated(written, [table], POSTGRES) == written
    assert restated("SELECT AVG(year > 3) FROM t", [table], SQLITE) == "SELECT AVG(year > 3) FROM t"


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("SELECT YEAR(seen), COUNT(*) FROM visits GROUP BY YEAR(seen)", "YEAR(seen)"),
        ("SELECT MONTH(seen) AS m, name, COUNT(*) FROM visits GROUP BY m, name", "m, name"),
        ("SELECT name, DATE_TRUNC('month', seen), COUNT(*) FROM visits GROUP BY 1, 2", "1, 2"),
        ("SELECT year, AVG(pages) FROM visits GROUP BY year HAVING AVG(pages) > 3", "year"),
        ("SELECT name, COUNT(*) FROM visits GROUP BY name", ""),
        ("SELECT YEAR(seen), COUNT(*) FROM visits GROUP BY YEAR(seen) ORDER BY 2", ""),
        ("SELECT YEAR(seen) FROM visits GROUP BY YEAR(seen) LIMIT 3", ""),
        ("SELECT 1 AS year, COUNT(*) FROM visits GROUP BY ALL", ""),
        ("SELECT year FROM visits GROUP BY year UNION SELECT year FROM years", ""),
    ],
)
def test_groups_of_time_stand_in_its_order(database: FrameDatabase, written: str, order: str) -> None:
    expected = f"{written} ORDER BY {order}" if order else written
    assert database.check(written).casefold() == expected.casefold()
    shown = database.run(database.check(written)).frame
    if order == "YEAR(seen)":
        assert list(shown.iloc[:, 0]) == sorted(shown.iloc[:, 0])


MOMENTS = pd.DataFrame(
    {"t": pd.to_datetime(["2024-05-30 09:00", "2024-05-31 00:00", "2024-05-31 18:30", "2024-06-01 00:00"])}
)


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("t <= '2024-05-31'", 3),
        ("t <= DATE '2024-05-31'", 3),
        ("t > '2024-05-31'", 1),
        ("t BETWEEN '2024-05-31' AND '2024-05-31'", 2),
        ("NOT t BETWEEN '2024-05-31' AND CAST('2024-05-31' AS DATE)", 2),
        ("t = '2024-05-31'", 2),
        # A moment is a moment, and these are right as they are.
        ("t <= '2024-05-31 18:00'", 2),
        ("t = TIMESTAMP '2024-05-31 00:00:00'", 1),
        ("t < '2024-05-31'", 1),
        ("t >= '2024-05-31'", 3),
        ("t <= '2024-02-30 '", None),
    ],
)
def test_a_day_is_all_of_it(condition: str, rows: int | None) -> None:
    sql = f"SELECT COUNT(*) FROM moments WHERE {condition}"
    with FrameDatabase({"moments": MOMENTS}) as database:
        if rows is None:
            assert restated(sql, database.tables, database.dialect) == sql
        else:
            assert database.run(database.check(sql)).frame.iat[0, 0] == rows
