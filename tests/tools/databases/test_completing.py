"""Tables that a query reads without naming them in FROM, over real databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.databases import connect
from qwen_magics.tools.databases.database import Database

TABLES = [
    "CREATE TABLE towns (town_id INTEGER PRIMARY KEY, town TEXT)",
    "CREATE TABLE wards (ward_id INTEGER PRIMARY KEY, ward TEXT, town_id INTEGER REFERENCES towns (town_id))",
    "CREATE TABLE patients (patient_id INTEGER PRIMARY KEY, surname TEXT, age INTEGER, "
    "birth_town_id INTEGER REFERENCES towns (town_id))",
    "CREATE TABLE visits (visit_id INTEGER PRIMARY KEY, days INTEGER, "
    "patient_id INTEGER REFERENCES patients (patient_id), ward_id INTEGER REFERENCES wards (ward_id))",
    "CREATE TABLE bills (bill_id INTEGER PRIMARY KEY, amount INTEGER, "
    "visit_id INTEGER REFERENCES visits (visit_id))",
    "CREATE TABLE letters (letter_id INTEGER PRIMARY KEY, pages INTEGER, "
    "patient_id INTEGER REFERENCES patients (patient_id))",
    "INSERT INTO towns VALUES (1, 'Ulm'), (2, 'Kiel')",
    "INSERT INTO wards VALUES (10, 'Eyes', 1), (11, 'Ears', 2)",
    "INSERT INTO patients VALUES (20, 'Abel', 30, 1), (21, 'Blum', 50, 2), (22, 'Cohn', 70, 2)",
    "INSERT INTO visits VALUES (30, 3, 20, 10), (31, 5, 20, 11), (32, 7, 21, 11), (33, 9, 21, 11)",
    "INSERT INTO bills VALUES (40, 100, 30), (41, 20, 31), (42, 3, 32), (43, 4, 32)",
    "INSERT INTO letters VALUES (50, 1, 20), (51, 2, 20), (52, 4, 21)",
]


@pytest.fixture(scope="module", params=["sqlite", "duckdb"])
def clinic(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("clinic") / f"clinic.{'db' if request.param == 'sqlite' else 'duckdb'}"
    _fill(path)
    with connect(f"clinic_{request.param}", str(path)).open() as database:
        yield database


def _fill(path: Path) -> None:
    opened: sqlite3.Connection | duckdb.DuckDBPyConnection
    opened = sqlite3.connect(path) if path.suffix == ".db" else duckdb.connect(str(path))
    for statement in TABLES:
        opened.execute(statement)
    opened.commit()
    opened.close()


def _rows(database: Database, sql: str, question: str = "") -> list[tuple[object, ...]]:
    database.focus(question, lambda text: True)
    frame = database.run(database.check(sql)).frame
    return sorted(tuple(row) for row in frame.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        # Up, over tables in between, wherever the column stands.
        ("SELECT COUNT(*) FROM bills WHERE patients.age > 40", [(2,)]),
        ("SELECT SUM(amount) FROM bills WHERE wards.ward = 'Ears'", [(27,)]),
        (
            "SELECT wards.ward, SUM(b.amount) FROM bills AS b GROUP BY wards.ward",
            [("Ears", 27), ("Eyes", 100)],
        ),
        ("SELECT surname, SUM(amount) FROM bills GROUP BY surname", [("Abel", 120), ("Blum", 7)]),
        ("SELECT ward_id FROM visits GROUP BY ward_id HAVING AVG(patients.age) > 35", [(11,)]),
        ("SELECT * FROM bills WHERE patients.surname = 'Blum'", [(42, 3, 32), (43, 4, 32)]),
        (
            "SELECT surname FROM patients WHERE patient_id IN (SELECT patient_id FROM visits "
            "WHERE wards.ward = 'Eyes')",
            [("Abel",)],
        ),
        ("SELECT COUNT(*) FROM (SELECT visit_id FROM visits WHERE patients.age < 40) AS s", [(2,)]),
        ("SELECT visit_id FROM visits WHERE surname = 'Blum' UNION SELECT 0", [(0,), (32,), (33,)]),
        # The condition was written, the table was not.
        ("SELECT COUNT(*) FROM visits WHERE visits.ward_id = wards.ward_id AND wards.ward = 'Ears'", [(3,)]),
        (
            "SELECT SUM(amount) FROM bills JOIN patients ON patients.patient_id = visits.patient_id "
            "WHERE surname = 'Abel'",
            [(120,)],
        ),
        (
            "SELECT SUM(amount) FROM bills JOIN patients ON bills.visit_id = visits.visit_id "
            "WHERE surname = 'Abel'",
            [(120,)],
        ),
        (
            "SELECT COUNT(DISTINCT l.letter_id) FROM letters AS l JOIN wards AS w "
            "ON visits.patient_id = patients.patient_id WHERE w.ward = 'Eyes'",
            [(2,)],
        ),
        (
            "SELECT b.amount FROM bills AS b JOIN patients AS p ON b.visit_id = visits.visit_id "
            "WHERE p.age > 40",
            [(3,), (4,)],
        ),
        # Down, where each row of the thing below is meant.
        ("SELECT surname, SUM(bills.amount) FROM patients GROUP BY surname", [("Abel", 120), ("Blum", 7)]),
        ("SELECT SUM(amount) FROM patients WHERE patients.age = 30", [(120,)]),
        ("SELECT COUNT(DISTINCT patient_id) FROM patients WHERE visits.days > 4", [(2,)]),
        ("SELECT DISTINCT surname FROM patients WHERE visits.days > 4", [("Abel",), ("Blum",)]),
        (
            "SELECT surname FROM patients WHERE patient_id IN (SELECT patient_id FROM patients "
            "WHERE visits.days > 8)",
            [("Blum",)],
        ),
        (
            "SELECT surname, COUNT(bills.bill_id) FROM patients LEFT JOIN bills "
            "ON bills.visit_id = visits.visit_id GROUP BY surname",
            [("Abel", 2), ("Blum", 2), ("Cohn", 0)],
        ),
        # A table of which nothing is read.
        ("SELECT ward, SUM(days) FROM letters GROUP BY ward", [("Ears", 21), ("Eyes", 3)]),
        # Aliases that FROM does not define, and a name that has one.
        ("SELECT p.surname FROM patients WHERE p.age > 40", [("Blum",), ("Cohn",)]),
        ("SELECT patients.surname FROM patients AS p WHERE p.age > 40", [("Blum",), ("Cohn",)]),
        ("SELECT patient.surname FROM patients WHERE patient.age > 60", [("Cohn",)]),
        ("SELECT x.surname FROM patients WHERE age > 60", [("Cohn",)]),
        (
            "SELECT COUNT(*) FROM visits AS v JOIN wards ON v.ward_id = w.ward_id WHERE w.ward = 'Eyes'",
            [(1,)],
        ),
        ("SELECT SUM(b.amount) FROM bills AS b WHERE w.ward = 'Ears'", [(27,)]),
    ],
)
def test_what_is_left_out_is_put_in(clinic: Database, written: str, rows: list[tuple[object, ...]]) -> None:
    assert _rows(clinic, written) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("How many visits by patients whose birth town is Ulm?", [(2,)]),
        ("Visits of people with Ulm as birth town", [(2,)]),
        ("How many visits were there in wards in Ulm?", None),
        ("Visits of patients whose birth town is the town of the ward, in Ulm", None),
    ],
)
def test_of_two_keys_the_one_that_the_question_names(
    clinic: Database, question: str, rows: list[tuple[object, ...]] | None
) -> None:
    written = "SELECT COUNT(*) FROM visits WHERE towns.town = 'Ulm'"
    if rows is not None:
        assert _rows(clinic, written, question) == rows
        return
    with pytest.raises(QueryError):
        _rows(clinic, written, question)


@pytest.mark.parametrize(
    "written",
    [
        # A patient of several visits would count several times.
        "SELECT AVG(age) FROM patients WHERE visits.days > 4",
        "SELECT COUNT(*) FROM patients WHERE visits.days > 4",
        "SELECT surname FROM patients WHERE visits.days > 4",
        # Bills and letters of one patient have nothing to do with each other.
        "SELECT SUM(amount) FROM bills WHERE letters.pages > 1",
        "SELECT SUM(pages) FROM letters JOIN visits ON visits.patient_id = patients.patient_id WHERE age > 1",
        # Two towns, and none is named.
        "SELECT towns.town, COUNT(*) FROM visits GROUP BY towns.town",
        # Never true, if the key were put in.
        "SELECT COUNT(*) FROM visits WHERE wards.ward_id <> visits.ward_id",
        # One table twice: which of them?
        "SELECT COUNT(*) FROM visits AS one JOIN visits AS two ON one.days < two.days WHERE wards.ward = 'x'",
        "SELECT patients.age FROM patients AS p JOIN patients AS q ON p.age < q.age",
        "SELECT t1.surname FROM patients AS p JOIN patients AS q ON p.age < q.age",
        "SELECT z.price FROM patients",
    ],
)
def test_what_could_mean_something_else_stays_an_error(clinic: Database, written: str) -> None:
    with pytest.raises(QueryError):
        _rows(clinic, written)


def test_what_joins_keys_of_different_things_is_still_found(clinic: Database) -> None:
    clinic.focus("", lambda text: True)
    sql = clinic.check("SELECT COUNT(*) FROM bills WHERE visits.ward_id = patients.patient_id")
    assert "JOIN visits" in sql and "JOIN patients" in sql
    assert "other_keys" in [problem.kind for problem in clinic.review(sql, clinic.run(sql))]
