"""Which questions see the examples of two steps, and what an example of one says of real rows."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import duckdb
import pytest

from qwen_magics.agent.examples.sql.recipes import nearest_sql
from qwen_magics.tools.databases import aggregates
from qwen_magics.tools.schema import Column, Table, describe

CLINIC = (
    "CREATE TABLE patients (id INT, name TEXT, age INT); CREATE TABLE visits (id INT, "
    "patient_id INT, day DATE); CREATE TABLE bills (id INT, visit_id INT, settled INT)"
)
BAYS = ("'North'", "'South'")
CATCH = Table(
    "catch",
    (
        Column("landed", "TIMESTAMP"),
        Column("bay", "VARCHAR", categories=BAYS),
        Column("boat", "VARCHAR"),
        Column("cod", "DOUBLE"),
        Column("fish", "DOUBLE"),
    ),
    40,
)
RIDES = Table(
    "rides",
    (
        Column("year", "BIGINT", samples=("1990", "1991")),
        Column("stop", "VARCHAR"),
        Column("delay", "DOUBLE"),
    ),
    40,
)
FILMS = Table(
    "films",
    (
        Column("title", "VARCHAR"),
        Column("shot", "BIGINT", samples=("1951", "1987")),
        Column("minutes", "BIGINT", samples=("90", "120")),
    ),
    40,
)


def shown(question: str, table: Table, dialect: str = "DuckDB") -> str:
    """The example that stands next to the question."""
    text = nearest_sql(question, describe([table]), dialect, table)
    return text.rpartition("```sql\n")[2].partition("\n```")[0]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How does a patient's age correlate with the number of visits, none being 0?", "CORR(size, n)"),
        (
            "Pearson correlation of the number of visits and the number of bills of a patient",
            "DISTINCT shops.id",
        ),
        (
            "How many visits has a patient on average, where one who never came counts as zero?",
            "SELECT AVG(n)",
        ),
        ("Mean number of bills per patient, including those who have none", "LEFT JOIN sales"),
        ("Sort each patient's visits by day: when was the fourth?", "WHERE rn = 4"),
        (
            "How many patients had bills but did not settle even one of them?",
            "COUNT(*) FROM (SELECT shops.id",
        ),
        (
            "Which patients were billed and have settled none of their bills?",
            "SELECT shops.name FROM shops JOIN",
        ),
    ],
)
def test_things_and_their_rows_in_another_table(question: str, found: str) -> None:
    assert found in nearest_sql(question, CLINIC, "SQLite").rpartition("Question: ")[2]


@pytest.mark.parametrize(
    ("question", "unwanted"),
    [
        ("visits in the third quarter of each year", "rn = 3"),
        ("the average number of visits of patients with zero bills", "SELECT AVG(n)"),
        ("the third-oldest patient of each ward", "BY sold_at) AS rn"),
        ("the correlation of age and size", "LEFT JOIN"),
        ("how many patients are not in the third ward?", "HAVING SUM"),
    ],
)
def test_what_only_sounds_like_it_is_not_shown_them(question: str, unwanted: str) -> None:
    assert unwanted not in nearest_sql(question, CLINIC, "SQLite")


@pytest.mark.parametrize(
    ("question", "table", "found"),
    [
        (
            "Consider the five stops with the most rides. Which of these has the worst delay on average?",
            RIDES,
            "SELECT stop FROM rides WHERE stop IN (SELECT stop FROM rides GROUP BY stop "
            "ORDER BY COUNT(*) DESC LIMIT 5) GROUP BY stop ORDER BY AVG(delay) DESC LIMIT 1",
        ),
        (
            "the cod of the North bay accumulated up to each landed",
            CATCH,
            "(SELECT landed, SUM(cod) AS total FROM catch WHERE bay = 'North' GROUP BY landed) AS totals",
        ),
        (
            "For every year, the delay so far, added up",
            RIDES,
            "(SELECT year, SUM(delay) AS total FROM rides GROUP BY year) AS totals ORDER BY year",
        ),
        ("How many cod were landed so far?", CATCH, ""),
        ("For each bay, the cod of all boats added up", CATCH, ""),
        ("Which boat has the highest share of cod in its fish?", CATCH, "GROUP BY boat ORDER BY"),
        (
            "When was the share of cod in all fish largest?",
            CATCH,
            "SELECT landed, 100.0 * cod / fish AS share FROM catch WHERE fish > 0 ORDER BY share DESC",
        ),
        ("In which year was the proportion of cod among fish lowest?", CATCH, "ORDER BY share LIMIT 1"),
        (
            "In which year did the delay drop most, relative to the year before?",
            RIDES,
            "AS growth FROM rides) AS s WHERE growth IS NOT NULL ORDER BY growth LIMIT 1",
        ),
        (
            "the largest jump of the delay against the previous year, in percent",
            RIDES,
            "BY growth DESC LIMIT 1",
        ),
        (
            "Sort the boats of every bay by the day they landed: which came third?",
            CATCH,
            "SELECT bay, boat FROM (SELECT bay, boat, ROW_NUMBER() OVER (PARTITION BY bay ORDER BY landed)",
        ),
        ("the boat with the third highest cod in each bay", CATCH, "PARTITION BY bay ORDER BY cod DESC"),
        ("films and mean minutes of each decade", FILMS, "SELECT FLOOR(shot / 10) * 10 AS decade"),
    ],
)
def test_examples_are_about_the_columns_that_are_asked_for(question: str, table: Table, found: str) -> None:
    text = shown(question, table)
    assert found in text and bool(found) == bool(text)


def test_decades_of_sqlite_divide_nothing() -> None:
    assert shown("films of each decade", FILMS, "SQLite").startswith("SELECT shot - shot % 10 AS decade")
    dated = shown("mean cod of each decade", CATCH, "SQLite")
    assert "STRFTIME('%Y', landed) - STRFTIME('%Y', landed) % 10 AS decade" in dated
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE catch (landed DATE, cod REAL)")
        connection.execute("INSERT INTO catch VALUES ('1987-05-01', 2), ('1980-01-01', 4), ('1990-01-01', 5)")
        assert connection.execute(dated).fetchall() == [(1980, 3.0), (1990, 5.0)]


def test_the_first_year_of_a_name_is_no_earliest_row() -> None:
    schema = describe([CATCH])
    assert "ROW_NUMBER" not in nearest_sql(
        "cod per decade, each named by its first year", schema, "DuckDB", CATCH
    )


def test_a_correlation_with_counts_has_the_things_without_rows() -> None:
    text = nearest_sql("the correlation of age and the number of visits", CLINIC, "SQLite")
    query = text.rpartition("```sql\n")[2].partition("\n```")[0]
    with closing(sqlite3.connect(":memory:")) as connection:
        aggregates.register(connection)
        connection.executescript(
            "CREATE TABLE shops (id INT, size INT); CREATE TABLE sales (shop_id INT);"
            "INSERT INTO shops VALUES (1, 30), (2, 20), (3, 10); INSERT INTO sales VALUES (1), (1), (2)"
        )
        assert connection.execute(query).fetchall() == [(pytest.approx(1.0),)]


def test_a_fall_in_percent_is_not_the_row_that_has_none_before() -> None:
    query = shown("in which year did the delay fall the most, in percent of the year before?", RIDES)
    rows = "INSERT INTO rides VALUES (1990, 'a', 10), (1991, 'a', 100), (1992, 'a', 95), (1993, 'a', 50)"
    with duckdb.connect() as connection, closing(sqlite3.connect(":memory:")) as other:
        for database in (connection, other):
            database.execute("CREATE TABLE rides (year INT, stop VARCHAR, delay DOUBLE)")
            database.execute(rows)
            assert database.execute(query).fetchall() == [(1993,)]
