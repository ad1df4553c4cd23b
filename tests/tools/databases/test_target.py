"""Paths and URLs, and that no secret of theirs is ever shown."""

from __future__ import annotations

import sqlite3
import traceback
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_magics.errors import DatabaseError
from qwen_magics.tools.databases import Connection, connect, connections, find
from qwen_magics.tools.databases.target import from_url, parse
from tests.tools.databases.shop import PASSWORD, PASSWORD_IN_URL


@pytest.mark.parametrize("form", ["{}", "sqlite:///{}", "'{}'", "  {} "])
def test_files(sqlite_file: Path, form: str) -> None:
    target = parse(form.format(sqlite_file))
    assert (target.kind, target.path) == ("sqlite", sqlite_file)


def test_the_file_says_what_it_is(duckdb_file: Path) -> None:
    assert parse(str(duckdb_file)).kind == "duckdb"
    with pytest.raises(DatabaseError, match=r"is a DuckDB file\. Write duckdb:///"):
        parse(f"sqlite:///{duckdb_file}")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"a,b\n1,2\n", "df = pd.read_csv("),
        ("x.parquet", b"PAR1....", "df = pd.read_parquet("),
        ("x.db", b"", "an empty file is no database yet"),
        ("x.db", b"hello world, hello", "is no SQLite or DuckDB file"),
    ],
)
def test_files_that_are_no_database(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DatabaseError) as caught:
        parse(str(tmp_path / name))
    assert message in str(caught.value)


def test_nothing_is_made_by_connecting(tmp_path: Path) -> None:
    for where in ("x.db", f"sqlite:///{tmp_path}/x.db", f"duckdb:///{tmp_path}/x.duckdb"):
        with pytest.raises(DatabaseError, match="does not exist"):
            parse(where)
    assert list(tmp_path.iterdir()) == []


def test_memory_is_refused_with_the_way_out() -> None:
    for where in ("sqlite://", "sqlite:///:memory:", "duckdb:///:memory:"):
        with pytest.raises(DatabaseError, match="hand its tables over as @frames"):
            parse(where)


def test_passwords_come_from_the_environment() -> None:
    target = parse("postgresql://ana:$WH@db/shop", {"WH": PASSWORD})
    assert target.url is not None and target.url.password == PASSWORD
    assert target.shown == "postgresql://ana@db/shop"
    with pytest.raises(DatabaseError, match="%env WH="):
        parse("postgresql://ana:${WH}@db/shop", {})


def test_the_driver_is_one_that_is_installed() -> None:
    for where in ("postgres://a@b/c", "postgresql+asyncpg://a@b/c"):
        assert parse(where).url.drivername == "postgresql+psycopg"  # type: ignore[union-attr]
    assert parse("mariadb://a@b/c").url.drivername == "mysql+pymysql"  # type: ignore[union-attr]
    with pytest.raises(DatabaseError, match=r"SQL Server needs a driver: pyodbc or pymssql.*pip install"):
        parse("mssql://a@b/c")


@settings(max_examples=40)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=4, max_size=20))
def test_no_form_of_a_password_is_shown(password: str) -> None:
    from sqlalchemy.engine import URL

    url = URL.create("postgresql", "u", f"#{password}#", "h", 1, "d", {"token": f"!{password}!"})
    target = from_url(url)
    said = f"connection to {url.render_as_string(hide_password=False)} as u with #{password}# failed"
    for text in (target.shown, repr(target), target.scrub(said)):
        assert f"#{password}#" not in text and f"!{password}!" not in text


@pytest.mark.parametrize("where", ["postgresql://a:geheim@@b:x/c", "postgresql://a:geheim@b:port/c"])
def test_a_url_that_cannot_be_read_is_not_repeated(where: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        parse(where)
    assert "geheim" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "where",
    [
        f"postgresql://ana:{PASSWORD_IN_URL}@127.0.0.1:1/shop",
        f"mysql://ana:{PASSWORD_IN_URL}@127.0.0.1:1/shop",
    ],
)
def test_a_server_that_is_not_there(where: str) -> None:
    with pytest.raises(DatabaseError, match="Check host and port") as caught:
        connect("wh", where)
    shown = "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in shown and PASSWORD_IN_URL not in shown
    assert "\n" not in str(caught.value)
    assert "wh" not in connections()


@pytest.mark.parametrize("system", ["postgresql", "mariadb"])
def test_a_wrong_password(where: str, system: str) -> None:
    wrong = where.replace(PASSWORD_IN_URL, "wr0ngwr0ng")
    if system == "postgresql":
        wrong = wrong.replace("ana:", "nobody:")
    with pytest.raises(DatabaseError) as caught:
        connect("wh", wrong)
    assert "wr0ngwr0ng" not in "".join(traceback.format_exception(caught.value))


def test_a_connection_shows_no_password(shop: Connection, system: str) -> None:
    with shop.open() as database:
        for text in (
            repr(shop),
            repr(shop.target),
            shop.target.shown,
            shop.version,
            shop.guards,
            repr(database),
        ):
            assert PASSWORD not in text and PASSWORD_IN_URL not in text


def test_names(sqlite_file: Path) -> None:
    with pytest.raises(DatabaseError, match="cannot be the name"):
        connect("my shop", str(sqlite_file))
    connect("shop", str(sqlite_file))
    assert find("shop") is connections()["shop"]
    assert find(str(sqlite_file)).target.path == sqlite_file
    with pytest.raises(DatabaseError, match=r"Did you mean shop\?"):
        find("shp")


def test_an_engine_will_do(sqlite_file: Path) -> None:
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"sqlite:///{sqlite_file}")
    with find(engine).open() as database:
        assert database.run("SELECT COUNT(*) FROM orders").typed() == ("number", 4)


def test_a_duckdb_that_is_being_written(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "busy.duckdb"
    with duckdb.connect(str(path)) as writer:
        writer.execute("CREATE TABLE t (a INTEGER)")
        writer.execute("CHECKPOINT")
        with pytest.raises(DatabaseError, match=r"con\.close\(\)"):
            connect("busy", str(path))
    assert connect("busy", str(path)).version.startswith("DuckDB")


def test_a_damaged_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4000)
    with pytest.raises(DatabaseError, match=r"file is not a database\. Check that it is whole"):
        connect("broken", str(path))


def test_a_table_made_later_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "grows.db"
    with sqlite3.connect(path) as writer:
        writer.execute("CREATE TABLE a (x INTEGER)")
        connection = connect("grows", str(path))
        writer.execute("CREATE TABLE b (y INTEGER)")
        writer.commit()
        with connection.open() as database:
            assert [table.name for table in database.tables] == ["a", "b"]
        writer.execute("INSERT INTO b VALUES (1), (2)")
        writer.commit()
        with connection.open() as database:
            assert [table.rows for table in database.tables] == [0, 2]
    writer.close()
