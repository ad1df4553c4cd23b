"""Worked examples over the question's own tables: crosswise, and two spans of years. All run on DuckDB."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from qwen_magics.agent.checks.crossing import crossing
from qwen_magics.agent.checks.same_twice import same_twice
from qwen_magics.agent.examples.worked import crosswise_query, worked_program, worked_query
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import MYSQL

_VETS = Table(
    "vets",
    (Column("vet_id", "INTEGER", unique=True), Column("name", "VARCHAR", categories=("'Ada'", "'Bo'"))),
    2,
)
_SPECIES = Table(
    "species",
    (Column("species_id", "INTEGER", unique=True), Column("title", "VARCHAR", categories=("'cat'", "'dog'"))),
    2,
)
_PETS = Table(
    "pets",
    (
        Column("pet_id", "INTEGER", unique=True),
        Column("species_id", "INTEGER"),
        Column("vet_id", "INTEGER"),
        Column("coat", "VARCHAR", categories=("'long'", "'short'")),
    ),
    4,
    joins=(Join("pets", "species_id", "species", "species_id"), Join("pets", "vet_id", "vets", "vet_id")),
)
_VISITS = Table(
    "visits",
    (
        Column("visit_id", "INTEGER", unique=True),
        Column("pet_id", "INTEGER"),
        Column("vet_id", "INTEGER"),
        Column("seen", "DATE", samples=("'2020-03-01'", "'2021-05-01'")),
        Column("fee", "DOUBLE"),
        Column("reason", "VARCHAR", categories=("'check'", "'injury'")),
    ),
    5,
    joins=(Join("visits", "pet_id", "pets", "pet_id"), Join("visits", "vet_id", "vets", "vet_id")),
)
_CLINIC = (_VETS, _SPECIES, _PETS, _VISITS)
_ROWS = """
CREATE TABLE vets AS SELECT * FROM (VALUES (1, 'Ada'), (2, 'Bo')) AS t(vet_id, name);
CREATE TABLE species AS SELECT * FROM (VALUES (1, 'cat'), (2, 'dog')) AS t(species_id, title);
CREATE TABLE pets AS SELECT * FROM (VALUES (1, 1, 1, 'long'), (2, 2, 2, 'short'), (3, 2, 1, 'long'))
AS t(pet_id, species_id, vet_id, coat);
CREATE TABLE visits AS SELECT * FROM (VALUES
(1, 1, 1, DATE '2020-03-01', 10.0, 'check'), (2, 2, 1, DATE '2021-05-01', 20.0, 'injury'),
(3, 2, 2, DATE '2021-06-01', 40.0, 'check'), (4, 3, 2, DATE '2020-07-01', 5.0, 'check'))
AS t(visit_id, pet_id, vet_id, seen, fee, reason);
"""


def _rows(query: str) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute(_ROWS)
        return sorted(connection.execute(query).fetchall())


_SPECIES_BY_REASON = [("cat", 1, 0), ("dog", 2, 1)]
_SPECIES_BY_YEAR = [("cat", 1, 0), ("dog", 1, 2)]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("A row for each species, a column for each reason: how many visits?", _SPECIES_BY_REASON),
        ("Number of visits, with one row per species and one column per reason", _SPECIES_BY_REASON),
        ("Count of visits: species down, reasons across", _SPECIES_BY_REASON),
        ("Visits by species and reason, species as rows and reasons as columns", _SPECIES_BY_REASON),
        ("Visits with species in the rows and the reason in the columns", _SPECIES_BY_REASON),
        (
            "Cross table of the number of visits, species down the side, reasons across the top",
            _SPECIES_BY_REASON,
        ),
        ("Number of visits for each year, species as rows, the years side by side", _SPECIES_BY_YEAR),
        ("Number of visits with a row per species and 2020 and 2021 as columns", _SPECIES_BY_YEAR),
        ("How many visits? One line per species, years 2020 to 2021 as columns", _SPECIES_BY_YEAR),
        (
            "Total fee, one row per reason, one column per coat of the pet",
            [("check", 15, 40), ("injury", 0, 20)],
        ),
        ("Average fees: coats down, reasons across", [("long", 7.5, None), ("short", 40, 20)]),
    ],
)
def test_the_query_is_laid_out_as_the_question_says(question: str, rows: list[tuple[object, ...]]) -> None:
    query, across = crosswise_query(question, _CLINIC)

    assert _rows(query) == rows
    assert len(across) == 2


def test_of_two_ways_the_one_through_a_table_that_is_named_is_meant() -> None:
    tables = (*_CLINIC[:3], Table("visits", _VISITS.columns, 5, _VISITS.joins[:1]))
    query, _ = crosswise_query("Number of visits: vet names as rows, reasons across", tables)

    assert "pets.vet_id = vets.vet_id" in query


@pytest.mark.parametrize(
    "question",
    [
        "how many visits has each species?",
        "number of visits with colours as rows and reasons across",  # there are no colours
        "average weight, one row per species, one column per reason",  # nor weights
        "number of visits: days of the week down, reasons across",
        "which columns are there for each row?",
        "is there one column for each reason?",
    ],
)
def test_what_cannot_be_told_makes_no_example(question: str) -> None:
    assert crosswise_query(question, _CLINIC) == ("", ())
    assert worked_query(question, _CLINIC) == ""


def test_names_are_quoted_as_the_database_does() -> None:
    example = worked_query("Number of visits, one row per reason, 2020 and 2021 as columns", _CLINIC, MYSQL)

    assert "AS `2020`" in example


def test_over_one_table_it_is_a_program() -> None:
    visits = pd.DataFrame(
        {
            "seen": pd.to_datetime(["2020-03-01 07:00", "2021-05-01 08:00"]),
            "fee": [1.0, 2.0],
            "reason": ["a", "b"],
        }
    )
    table = Table(
        "visits",
        (
            Column("seen", "TIMESTAMP", samples=("'2020-03-01'", "'2021-05-01'")),
            Column("fee", "DOUBLE"),
            Column("reason", "VARCHAR", categories=("'a'", "'b'")),
        ),
        2,
    )
    scope: dict[str, object] = {"visits": visits, "pd": pd}
    for question in (
        "mean fee: hours down, the months across",
        "number of visits: months down, reasons across",
    ):
        program = worked_program(question, table).split("```python\n")[1].split("```")[0]
        exec(program, scope)
        assert isinstance(scope["result"], pd.DataFrame)
        assert scope["result"].shape == (2, 2)


_YIELDS = Table(
    "yields",
    (
        Column("farm", "VARCHAR", categories=("'A'", "'B'")),
        Column("year", "BIGINT", samples=("1990", "2001")),
        Column("tons", "DOUBLE"),
    ),
    4,
)


@pytest.mark.parametrize(
    "question",
    [
        "For each farm, its average tons before 2000 next to its average tons from 2000 on",
        "average tons per farm, before 2000 beside since 2000",
        "mean tons of every farm prior to 2000, as against from 2000",
        "By farm: average tons up to 1999 and, in a second column, after 1999",
    ],
)
def test_two_spans_are_two_columns(question: str) -> None:
    example = worked_query(question, [_YIELDS])
    yields = pd.DataFrame({"farm": ["A", "A", "B"], "year": [1990, 2001, 2000], "tons": [1.0, 3.0, 5.0]})
    query = example.split("```sql\n")[1].split("```")[0]
    with duckdb.connect() as connection:
        connection.register("yields", yields)
        found = sorted(connection.execute(query).fetchall(), key=str)

    assert found == [("A", 1.0, 3.0), ("B", None, 5.0)]


@pytest.mark.parametrize(
    "question",
    [
        "average tons per farm before 2000",
        "average tons per farm from 1990 to before 2000",
        "highest and lowest tons per farm before 2000 and from 2000 on",
        "average tons before 2000 and from 2000 on",
    ],
)
def test_one_span_or_no_group_is_another_question(question: str) -> None:
    assert worked_query(question, [_YIELDS]) == ""


def _sent_back(question: str, frame: pd.DataFrame, code: str) -> str:
    error = crossing(question, _CLINIC)(QueryResult(frame, len(frame), False, 0.0, ()), code)
    return "" if error is None else f"{error.message} {error.hint}"


def test_a_result_without_the_columns_is_sent_back_with_the_query() -> None:
    question = "Number of visits: species down, reasons across"
    long = pd.DataFrame({"title": ["cat", "dog"], "n": [1, 3]})
    wide = pd.DataFrame({"title": ["cat", "dog"], "check": [1, 2], "injury": [0, 1]})
    query, _ = crosswise_query(question, _CLINIC)

    assert query in _sent_back(question, long, "SELECT title, COUNT(*) FROM visits")
    assert not _sent_back(question, wide, query)
    assert not _sent_back(question, wide, "result = pd.crosstab(a, b)")
    assert "no column for" in _sent_back(question, wide, "SELECT title, 1, 2 FROM visits")
    assert "divided further" in _sent_back(question, pd.concat([wide, wide]), query)


def test_the_same_number_twice_is_sent_back() -> None:
    error = same_twice(
        "SELECT farm, AVG(tons) AS early, AVG(tons) AS late FROM yields WHERE year < 2000 GROUP BY 1"
    )

    assert error is not None
    assert "AVG(CASE WHEN … THEN tons END) AS late" in error.hint
    assert same_twice("SELECT AVG(tons) AS a, AVG(tons) / COUNT(*) AS b, COUNT(*) AS n FROM yields") is None
    assert (
        same_twice("SELECT SUM(CASE WHEN x = 1 THEN 1 END) AS a, SUM(CASE WHEN x = 2 THEN 1 END) AS b FROM t")
        is None
    )
