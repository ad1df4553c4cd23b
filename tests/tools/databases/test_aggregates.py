"""Statistics over SQLite are those of DuckDB over the same rows."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from qwen_magics.errors import QueryError
from qwen_magics.tools.databases import connect
from qwen_magics.tools.databases.aggregates import STATISTICS
from qwen_magics.tools.databases.database import Database
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import describe
from qwen_magics.tools.sql.grammar import select_grammar

ROWS = [
    ("a", 1.0, 3.0),
    ("a", 2.5, 2.0),
    ("a", None, 7.0),
    ("a", 4.0, 1.5),
    ("a", 4.0, 0.0),
    ("b", 1e9 + 1, 5.0),
    ("b", 1e9 + 2, 5.0),
    ("b", 1e9 + 4, 5.0),
    ("c", 3.0, None),
    ("d", 8.0, 1.0),
]
ONE = ["STDDEV", "STDDEV_POP", "STDDEV_SAMP", "VARIANCE", "VAR_POP", "VAR_SAMP", "MEDIAN"]
TWO = ["CORR", "COVAR_POP", "COVAR_SAMP", "REGR_SLOPE", "REGR_INTERCEPT", "REGR_R2"]


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    with sqlite3.connect(tmp_path / "pots.db") as connection:
        connection.execute("CREATE TABLE pots (kind TEXT, height REAL, weight REAL)")
        connection.executemany("INSERT INTO pots VALUES (?, ?, ?)", ROWS)
    connection.close()
    with connect("pots", str(tmp_path / "pots.db")).open() as database:
        yield database


@pytest.mark.parametrize("call", [*(f"{name}(height)" for name in ONE), "QUANTILE_CONT(height, 0.25)"])
def test_of_one_column(sqlite: Database, call: str) -> None:
    _compare(sqlite, call)


@pytest.mark.parametrize("name", TWO)
def test_of_two_columns(sqlite: Database, name: str) -> None:
    _compare(sqlite, f"{name}(height, weight)")


def _compare(sqlite: Database, call: str) -> None:
    sql = f"SELECT kind, {call} AS found FROM pots GROUP BY kind ORDER BY kind"
    with FrameDatabase({"pots": pd.DataFrame(ROWS, columns=["kind", "height", "weight"])}) as frames:
        expected = frames.run(frames.check(sql)).frame["found"].astype(float)
    found = sqlite.run(sqlite.check(sql)).frame["found"].astype(float)
    # DuckDB's correlation of a constant is NaN, PostgreSQL's is NULL; both are missing here.
    assert found.tolist() == pytest.approx(expected.tolist(), nan_ok=True, rel=1e-9)


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("MODE(height)", 4.0),
        ("MODE(kind)", "a"),
        ("STDEV(weight) FILTER (WHERE weight >= 2)", 2.6457513110645907),
        ("MEDIAN(DISTINCT height)", 2.5),
        ("CORR(height, height)", 1.0),
        ("VAR_POP(height) FILTER (WHERE height > 2)", 0.5),
    ],
)
def test_others_and_with_distinct_and_filter(sqlite: Database, call: str, value: float | str) -> None:
    sql = f"SELECT {call} FROM pots WHERE kind = 'a'"
    found = sqlite.run(sqlite.check(sql)).frame.iat[0, 0]
    assert found == (value if isinstance(value, str) else pytest.approx(value))


@pytest.mark.parametrize("name", sorted(STATISTICS))
def test_no_rows_have_none(sqlite: Database, name: str) -> None:
    arguments = "height" if name in {"median", "mode"} or name.startswith(("std", "var")) else "height, 0.5"
    sql = f"SELECT {name.upper()}({arguments}) FROM pots WHERE height < 0"
    assert sqlite.run(sqlite.check(sql)).frame.isna().all(axis=None)


def test_the_grammar_offers_them(sqlite: Database) -> None:
    grammar = select_grammar(sqlite.tables, dialect=sqlite.dialect)
    assert all(name in grammar for name in STATISTICS)


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("STDDEV(height) OVER (PARTITION BY kind)", "window_place"),
        ("STDDEV(kind)", "type_mismatch"),
        ("QUANTILE_CONT(height, 25)", "type_mismatch"),
    ],
)
def test_what_they_cannot(sqlite: Database, call: str, kind: str) -> None:
    with pytest.raises(QueryError) as caught:
        sqlite.run(sqlite.check(f"SELECT {call} FROM pots"))
    assert caught.value.kind == kind


def test_an_endless_one_is_stopped(sqlite: Database) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT STDDEV(i) FROM n"
    threading.Timer(0.5, sqlite.interrupt).start()
    with pytest.raises(QueryError) as caught:
        sqlite.run(endless, timeout_s=30)
    assert caught.value.kind in {"interrupted", "timeout"}
    assert sqlite.run("SELECT MEDIAN(height) FROM pots WHERE kind = 'a'").typed() == ("number", 3.25)


def test_today_may_be_asked(sqlite: Database) -> None:
    sql = "SELECT COUNT(*) FROM pots WHERE CURRENT_DATE > '2020-01-01'"
    assert sqlite.run(sqlite.check(sql)).typed() == ("number", len(ROWS))


def test_a_question_of_statistics_is_told_of_them(sqlite: Database) -> None:
    def said(question: str) -> str:
        return describe(sqlite.tables, question=question, dialect=sqlite.dialect)

    assert "CORR(a, b)" in said("how strongly are height and weight correlated?")
    assert "CORR(a, b)" not in said("how heavy is the heaviest pot?")
