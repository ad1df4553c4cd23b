"""A question over a connected database, with a scripted model and a real SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from qwen_magics import ask
from qwen_magics.agent import Answer, Limits, Request, Session, answer
from qwen_magics.errors import AgentError, DatabaseError, UnsupportedDataError
from qwen_magics.tools.databases import connect
from qwen_magics.tools.databases.connections import forget

Make = Callable[..., Any]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, total REAL)")
        connection.execute("INSERT INTO orders VALUES (1, 'Ada', 10), (2, NULL, 20.5), (3, 'Grace', 30)")
    connection.close()
    yield path
    forget()


def run(session: Session, question: str, database: object, **more: Any) -> Answer:
    return answer(Request(question, database=database, **more), lambda event: None, session)


def test_an_answer_with_its_sql(scripted: Make, shop: Path) -> None:
    connect("shop", str(shop))
    session = scripted("SELECT COUNT(*) FROM orders WHERE customer IS NULL")
    result = run(session, "how many orders have no customer?", "shop")
    assert (result.value, result.kind) == (1, "number")
    assert result.code == "SELECT COUNT(*) FROM orders WHERE customer IS NULL"


def test_a_file_needs_no_name(scripted: Make, shop: Path) -> None:
    result = run(scripted("SELECT customer, total FROM orders ORDER BY id"), "all orders", shop)
    assert isinstance(result.value, pd.DataFrame)
    assert result.value["total"].tolist() == [10, 20.5, 30]


def test_the_model_is_told_the_dialect(scripted: Make, shop: Path) -> None:
    session = scripted("SELECT COUNT(*) FROM orders")
    run(session, "how many?", shop)
    sent = session.model().sent[0]
    assert "one SQLite SQL query" in sent.messages[0].content
    assert "CREATE TABLE orders ( -- 3 rows" in sent.messages[-1].content
    assert "strftime" in sent.messages[-1].content
    assert "strftime" in sent.grammar and "regexp_split_to_array" not in sent.grammar


def test_the_trace_has_system_tables_and_rows(scripted: Make, shop: Path) -> None:
    connect("shop", str(shop))
    trace = run(scripted("SELECT total FROM orders"), "totals", "shop").trace
    assert trace is not None
    (span,) = (span for span in trace.spans if span.kind == "tool")
    assert (span.data["dialect"], span.data["tables"], span.data["rows"]) == ("SQLite", ["orders"], 3)
    assert [entry["name"] for entry in trace.data] == ["shop.orders"]
    assert trace.parameters["database"] == "shop"
    json.dumps(trace.to_dict())


def test_a_wrong_query_is_repaired(scripted: Make, shop: Path) -> None:
    session = scripted("SELECT SUM(totl) FROM orders", "SELECT SUM(total) FROM orders")
    assert run(session, "sum", shop).value == 60.5
    assert "Did you mean total?" in session.model().sent[1].messages[-1].content


def test_an_attack_is_refused_and_changes_nothing(scripted: Make, shop: Path) -> None:
    session = scripted("DELETE FROM orders", "DROP TABLE orders", "SELECT 1; DELETE FROM orders")
    with pytest.raises(AgentError, match=r"statements|not allowed"):
        run(session, "delete everything", shop, limits=Limits(steps=3))
    with sqlite3.connect(shop) as connection:
        assert connection.execute("SELECT COUNT(*) FROM orders").fetchone() == (3,)
    connection.close()


def test_frames_and_a_database_do_not_mix(scripted: Make, shop: Path) -> None:
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(UnsupportedDataError) as caught:
        answer(Request("join", {"rates": frame}, database=shop), lambda event: None, scripted())
    assert "@rates is in the notebook" in str(caught.value)
    assert "%%qwen -o rows --sql" in str(caught.value)


def test_an_unknown_name_gets_the_closest(scripted: Make, shop: Path) -> None:
    connect("warehouse", str(shop))
    with pytest.raises(DatabaseError, match=r"Did you mean warehouse\?.*%qwen connect warehose URL"):
        run(scripted(), "how many?", "warehose")


def test_a_dry_run_sends_nothing(scripted: Make, shop: Path) -> None:
    session = scripted()
    result = run(session, "how many orders?", shop, dry_run=True)
    assert "one SQLite SQL query" in result.text and "CREATE TABLE orders" in result.text
    assert session.model().sent == []


def test_no_table_at_all(scripted: Make, tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")  # a database, but no table
    connection.close()
    with pytest.raises(DatabaseError, match="has no table"):
        run(scripted(), "how many?", path)


@pytest.mark.model
def test_the_real_model_answers(shop: Path, coder_05b: Path) -> None:
    result = ask("how many orders have no customer?", sql=str(shop), model=str(coder_05b), format="number")
    assert result.value == 1
    assert "IS NULL" in result.code.upper()
    assert result.trace is not None and result.trace.status == "ok"
