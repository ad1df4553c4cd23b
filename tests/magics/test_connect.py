"""`%qwen connect` and `--sql` in a shell; and JupySQL's connections."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics.tools.databases import connections
from tests.magics.conftest import ScriptedAgent


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("CREATE TABLE orders (id INTEGER, customer_id INTEGER REFERENCES customers)")
        connection.execute("INSERT INTO customers VALUES (1, 'Ada'), (2, 'Grace')")
        connection.execute("CREATE VIEW names AS SELECT name FROM customers")
    connection.close()
    return path


def said(shell: InteractiveShell, capsys: pytest.CaptureFixture[str], line: str) -> str:
    capsys.readouterr()
    result = shell.run_cell(line)
    assert result.success, result.error_in_exec
    return capsys.readouterr().out


def test_connect_says_what_there_is(
    shell: InteractiveShell, shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(shell, capsys, f"%qwen connect shop {shop}")
    assert "shop: SQLite" in text and "3 tables and views" in text and "query_only" in text
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "customers 2 2" in lines and "orders 0 2 customers" in lines and "names (view) – 1" in lines
    assert "%%qwen --sql shop" in text
    text = said(shell, capsys, "%qwen connect")
    assert "shop.db" in text and "SQLite" in text
    assert "shop: SQLite" in said(shell, capsys, "%qwen connect shop")


def test_a_path_with_spaces(
    shell: InteractiveShell, shop: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "my data").mkdir()
    shop.rename(tmp_path / "my data" / "shop.db")
    assert "shop: SQLite" in said(shell, capsys, '%qwen connect shop "my data/shop.db"')


def test_a_mistake_is_one_line(shell: InteractiveShell, shop: Path) -> None:
    for line, message in (
        ("%qwen connect shop nothing.db", "The file nothing.db does not exist"),
        (f"%qwen connect 1x {shop}", "cannot be the name"),
        ("%qwen connect warehouse", "There is no database 'warehouse'"),
    ):
        error = shell.run_cell(line).error_in_exec
        assert isinstance(error, UsageError) and message in str(error) and "\n" not in str(error)


def test_the_flag_goes_into_the_request(shell: InteractiveShell, scripted: ScriptedAgent) -> None:
    assert shell.run_cell("%%qwen --sql shop\nhow many orders?").success
    assert scripted.last.database == "shop"
    assert shell.run_cell("%qwen --sql sqlite:///shop.db how many orders?").success
    assert scripted.last.database == "sqlite:///shop.db"


def test_unloading_forgets(shell: InteractiveShell, shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(shell, capsys, f"%qwen connect shop {shop}")
    assert "shop" in connections()
    shell.run_line_magic("unload_ext", "qwen_magics")
    shell.run_line_magic("load_ext", "qwen_magics")
    assert "shop" not in connections()


def _jupysql(monkeypatch: pytest.MonkeyPatch, **urls: str) -> None:
    """What JupySQL 0.11 keeps: connections by alias or URL, each with its engine inside.

    JupySQL itself is not among the tests' packages: it reports its use.
    """
    import sqlalchemy

    made: dict[str, Any] = {}
    for alias, url in urls.items():
        engine = sqlalchemy.create_engine(url)
        made[alias if alias != "nameless" else url] = SimpleNamespace(
            _connection_sqlalchemy=SimpleNamespace(engine=engine)
        )
    module = SimpleNamespace(ConnectionManager=SimpleNamespace(connections=made))
    monkeypatch.setitem(sys.modules, "sql.connection.connection", module)


def test_jupysql_connections_are_found(
    shell: InteractiveShell, shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _jupysql(monkeypatch, wh=f"sqlite:///{shop}", nameless=f"sqlite:///{shop}", mem="sqlite://")
    text = said(shell, capsys, "%qwen connect")
    assert "wh " in text and "shop " in text and "mem" not in text
    error = shell.run_cell("%qwen connect mem").error_in_exec
    assert isinstance(error, UsageError) and "in memory" in str(error)
