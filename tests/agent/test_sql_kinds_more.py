"""Which questions see the examples about years, days, sets, sizes of groups, words and columns per value."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import duckdb
import pytest

from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.agent.words.counted import counts_rows
from qwen_magics.tools.schema import Column, Table, describe

SHOPS = ("'Ay'", "'Bee'")
HARVEST = Table(
    "harvest",
    (
        Column("farm", "VARCHAR", categories=SHOPS),
        Column("year", "BIGINT", samples=("1990", "1991")),
        Column("apples", "DOUBLE"),
    ),
    40,
)
VISITS = Table(
    "visits",
    (Column("seen", "TIMESTAMP"), Column("site", "VARCHAR", categories=SHOPS), Column("fee", "DOUBLE")),
    40,
)
METER = Table("meter", (Column("read", "TIMESTAMP"), Column("day", "DOUBLE"), Column("night", "DOUBLE")), 40)
TRIPS = Table(
    "trips",
    (
        *(Column(name, "BIGINT") for name in ("year", "month", "day")),
        Column("bus", "VARCHAR"),
        Column("line", "VARCHAR", categories=SHOPS),
        Column("riders", "BIGINT"),
    ),
    40,
)
LIBRARY = "CREATE TABLE loans (id INT); CREATE TABLE readers (id INT, name TEXT)"


def shown(question: str, table: Table, dialect: str = "DuckDB") -> str:
    """The example that stands next to the question."""
    text = nearest_sql(question, describe([table]), dialect, table)
    return text.rpartition("```sql\n")[2].partition("\n```")[0]


@pytest.mark.parametrize(
    ("question", "table", "found"),
    [
        (
            "apples of 1991 as a percentage of the apples of 1990, for every farm",
            HARVEST,
            "SELECT farm, 100.0 * SUM(CASE WHEN year = 1991 THEN apples",
        ),
        ("the apples of 1991 in percent of those of 1990", HARVEST, "SELECT 100.0 * SUM(CASE WHEN year ="),
        (
            "fees of 2023 as a share of those of 2022 per site",
            VISITS,
            "SELECT site, 100.0 * SUM(CASE WHEN YEAR",
        ),
        (
            "By what percentage were there fewer apples in 1991 than in 1990?",
            HARVEST,
            "SELECT 100.0 * (SUM(CASE WHEN year = 1991 THEN apples ELSE 0 END) - ",
        ),
        ("How often were there fewer apples than in the year before?", HARVEST, "WHERE apples < previous"),
        (
            "In how many years were there more apples than the year before?",
            HARVEST,
            "WHERE apples > previous",
        ),
        ("How many fewer apples were there in 1991 than the year before?", HARVEST, ""),
        (
            "for each month of 2023, the visits from the start of the year to its end",
            VISITS,
            "SUM(COUNT(*)) OVER (ORDER BY MONTH(seen)) AS running FROM visits WHERE YEAR(seen) = 2023",
        ),
        ("how did the visits add up, month by month?", VISITS, "OVER (ORDER BY DATE_TRUNC('month', seen))"),
        ("accumulated night, month by month", METER, "SELECT read, SUM(night) OVER (ORDER BY read)"),
        ("when did the running total of fees pass 100?", VISITS, "WHERE running > 10"),
        ("visits of each month against the same month of the year before", VISITS, "LAG(n, 12)"),
        (
            "the highest use, night and day together, in any four consecutive months",
            METER,
            "SUM(night + day) OVER (ORDER BY read ROWS BETWEEN 3 PRECEDING",
        ),
        ("most fees in three days in a row", VISITS, "SELECT MAX(total) FROM (SELECT SUM(fee) OVER"),
        ("the lowest average fee of any three consecutive visits", VISITS, "WHERE n >= 3"),
        ("how many rows did the longest run of fees above 3 have?", VISITS, "ORDER BY n DESC LIMIT 1"),
        ("how long was the longest streak without any fee?", VISITS, "WHERE fee = 0 GROUP BY run"),
        ("on how many days was a fee above 5 paid?", VISITS, "COUNT(DISTINCT CAST(seen AS DATE))"),
        ("how many days went by between the visits?", VISITS, "LAG(seen)"),
        ("trips on each day of the week", TRIPS, "DAYNAME(MAKE_DATE(year, month, day)) AS weekday"),
        ("how many trips were made on Fridays?", TRIPS, "WHERE DAYNAME(MAKE_DATE(year, month, day)) ="),
        (
            "how many more trips on an average Sunday than on an average Tuesday?",
            TRIPS,
            "AS placed, COUNT(*)",
        ),
        ("how many visits on a typical Friday?", VISITS, "CAST(seen AS DATE) AS placed"),
        ("average fee on Fridays", VISITS, "WHERE DAYNAME(seen) = 'Friday'"),
        ("average riders of each line, weighted by day", TRIPS, "SELECT line, 1.0 * SUM(riders * day)"),
        ("average riders, each bus weighted by day", TRIPS, "SELECT 1.0 * SUM(riders * day)"),
        (
            "Find the bus with the most trips, unknown ones aside. How many different lines does it serve?",
            TRIPS,
            "SELECT COUNT(DISTINCT line) FROM trips WHERE bus = (SELECT bus FROM trips WHERE bus IS NOT NULL",
        ),
        ("Take the bus with the most trips; how many riders did it have on average?", TRIPS, "WHERE bus = ("),
        ("Take the 20 best buses. How many of them are on line Ay?", TRIPS, ""),
        ("average riders of the lines with at least four trips", TRIPS, "GROUP BY line HAVING COUNT(*) >= 4"),
        (
            "which line with at least four trips has the highest average riders?",
            TRIPS,
            "ORDER BY AVG(riders)",
        ),
        ("average day of trips that had at least four riders", TRIPS, ""),
        ("how many buses are there in every single line?", TRIPS, "SELECT COUNT(*) FROM (SELECT bus"),
        # Its months are dates: the lines cannot be the rows too.
        ("trips of each month with a column for each line", TRIPS, "AVG(CASE WHEN city = 'Rome' THEN"),
        ("trips by the last word of the bus", TRIPS, "SPLIT_PART(bus, ' ', -1)"),
        ("how many trips have a bus with an umlaut?", TRIPS, "REGEXP_MATCHES(bus, '[^ -~]')"),
    ],
)
def test_the_nearest_example(question: str, table: Table, found: str) -> None:
    text = shown(question, table)
    assert found in text and (found or not text)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How many readers have had books of every one of our branches?", "COUNT(*) FROM products)) AS s"),
        ("How many readers have been to all four branches?", "COUNT(*) FROM products)) AS s"),
        ("Which readers have been to each of our branches?", "= (SELECT COUNT(*) FROM shops)"),
        ("How many loans were there in each of the branches?", ""),
        ("average pages of genres with at least three loans", "HAVING COUNT(*) >= 3"),
        ("one row per genre and a column for each condition, with the number of copies", "AS oslo FROM"),
    ],
)
def test_over_several_tables(question: str, found: str) -> None:
    text = nearest_sql(question, LIBRARY, "SQLite")
    assert found in text and (found or "shops.id" not in text)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("countries where we have at least two suppliers", True),
        ("species with more than 30 observations", True),
        ("towns that have at least ten of them", True),
        ("cars with at least six cylinders", False),
        ("rooms where it had at least 20 degrees", False),
        ("shops with at least 30 percent", False),
        ("shops with at least one order", False),
    ],
)
def test_numbers_of_rows_and_of_columns(question: str, expected: bool) -> None:
    schema = "CREATE TABLE suppliers (supplier_id INT);\nCREATE TABLE cars (cylinders INT)"
    assert counts_rows(question, schema) == expected


def test_what_the_examples_of_texts_find() -> None:
    texts = "('old grey town'), ('Köln'), ('town'), ('a a')"
    last = shown("count the buses by the last word of bus", TRIPS, "SQLite").replace("trips", "t")
    strange = shown("which bus has a character that is not ASCII?", TRIPS, "SQLite").replace("trips", "t")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(f"CREATE TABLE t (bus TEXT); INSERT INTO t VALUES {texts}")
        assert sorted(connection.execute(last)) == [("Köln", 1), ("a", 1), ("town", 2)]
        assert connection.execute(strange).fetchall() == [(1,)]
    last = shown("count the buses by the last word of bus", TRIPS).replace("trips", "t")
    strange = shown("which bus has a character that is not ASCII?", TRIPS).replace("trips", "t")
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t (bus TEXT); INSERT INTO t VALUES {texts}")
        assert sorted(connection.execute(last).fetchall()) == [("Köln", 1), ("a", 1), ("town", 2)]
        assert connection.execute(strange).fetchall() == [(1,)]


def test_an_average_weekday_is_one_of_dates() -> None:
    query = shown("how many more trips on an average Sunday than on an average Tuesday?", TRIPS)
    rows = "(2024, 3, 3), (2024, 3, 3), (2024, 3, 10), (2024, 3, 5)"  # Sundays with 2 and 1, a Tuesday with 1
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE trips (year INT, month INT, day INT); INSERT INTO trips VALUES {rows}"
        )
        assert connection.execute(query).fetchone() == (0.5,)


def test_the_longest_run_is_the_length_of_one() -> None:
    query = shown("how long was the longest run of fees above 10?", VISITS)
    rows = ", ".join(
        f"('2024-01-{day:02}', {fee})" for day, fee in enumerate([11, 0, 12, 13, 14, 0, 15, 16], 1)
    )
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE visits (seen DATE, fee INT); INSERT INTO visits VALUES {rows}")
        assert connection.execute(query).fetchone() == (3,)
