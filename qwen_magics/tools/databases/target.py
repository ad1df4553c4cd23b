"""What a user names as a database → where it is, without its secrets wherever it is shown."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, quote_plus, unquote

from qwen_magics.errors import DatabaseError
from qwen_magics.trace.redact import MARK, is_secret_name, redact

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

__all__ = ["Target", "from_url", "install_hint", "parse"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9_+.-]*)://")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|([A-Za-z_]\w*))")
_FILES = {"sqlite": "sqlite", "duckdb": "duckdb"}
_ROW_FILES = frozenset({".csv", ".tsv", ".parquet", ".json", ".jsonl", ".xlsx", ".feather"})
# Drivers that can be waited for in a thread, the best first; and what to install where there is none.
_DRIVERS = {
    "postgresql": (("psycopg", "psycopg"), ("psycopg2", "psycopg2"), ("pg8000", "pg8000")),
    "mysql": (
        ("pymysql", "pymysql"),
        ("mysqldb", "MySQLdb"),
        ("mariadbconnector", "mariadb"),
        ("mysqlconnector", "mysql.connector"),
    ),
    "mssql": (("pyodbc", "pyodbc"), ("pymssql", "pymssql")),
    "oracle": (("oracledb", "oracledb"),),
}
_INSTALL = {
    "postgresql": "pip install 'qwen-magics[sql]'",
    "mysql": "pip install 'qwen-magics[sql]'",
    "mssql": "pip install sqlalchemy pyodbc",
    "oracle": "pip install sqlalchemy oracledb",
    "snowflake": "pip install snowflake-sqlalchemy",
    "bigquery": "pip install sqlalchemy-bigquery",
    "redshift": "pip install sqlalchemy-redshift",
    "trino": "pip install 'trino[sqlalchemy]'",
    "databricks": "pip install databricks-sqlalchemy",
    "clickhouse": "pip install clickhouse-sqlalchemy",
}
_TITLES = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mssql": "SQL Server", "oracle": "Oracle"}
_SAME = {"postgres": "postgresql", "mariadb": "mysql", "sqlserver": "mssql"}
# These answer through an event loop, which a notebook's thread has no use for.
_ASYNC = frozenset(
    {"aiomysql", "aioodbc", "aiosqlite", "asyncmy", "asyncpg", "oracledb_async", "psycopg_async"}
)


@dataclass(frozen=True)
class Target:
    """Where a database is.

    Attributes:
        kind: which session opens it.
        shown: for people: file, or system, user, host and database; never a secret.
        path: the file, for SQLite and DuckDB.
        url: SQLAlchemy's, with the password, for everything else.
        secrets: texts that must not be shown.
    """

    kind: Literal["sqlite", "duckdb", "server"]
    shown: str
    path: Path | None = None
    url: URL | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def scrub(self, text: str) -> str:
        """The text without this target's secrets."""
        for secret in self.secrets:
            text = text.replace(secret, MARK)
        return redact(text)[0]


def parse(text: str, environment: Mapping[str, str] | None = None) -> Target:
    """A path, or a URL of SQLAlchemy's form; `$NAME` in a URL stands for a variable of the environment.

    Raises:
        DatabaseError: no such file, no file that is a database, no driver, or a URL that cannot be read.

    >>> parse("postgresql://ana:hunter2@db.example.org/shop").shown
    'postgresql://ana@db.example.org/shop'
    """
    text = text.strip().strip("\"'")
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _file(Path(text).expanduser())
    system = scheme[1].partition("+")[0].lower()
    if system in _FILES:
        return _file_url(system, text[scheme.end() :])
    return from_url(_url(text, os.environ if environment is None else environment))


def from_url(url: URL) -> Target:
    """The target of a SQLAlchemy URL.

    Raises:
        DatabaseError: as `parse`; also a database in memory, which only its own connection can see.
    """
    system = url.get_backend_name()
    if system in _FILES:
        return _file_url(system, f"/{url.database or ''}")
    url = url.set(drivername=_driver(url.drivername))
    secrets = [str(url.password)] if url.password else []
    for name, values in url.normalized_query.items():
        secrets += [value for value in values if is_secret_name(name)]
    spelled = {form for secret in secrets for form in (secret, quote(secret, safe=""), quote_plus(secret))}
    # The query is left out: it may hold tokens under any name.
    plain = type(url).create(system, url.username, None, url.host, url.port, url.database)
    return Target(
        "server",
        plain.render_as_string(hide_password=True),
        url=url,
        secrets=tuple(sorted((s for s in spelled if len(s) > 2), key=len, reverse=True)),
    )


def _url(text: str, environment: Mapping[str, str]) -> URL:
    if importlib.util.find_spec("sqlalchemy") is None:
        msg = "A database server needs SQLAlchemy. Install it: pip install 'qwen-magics[sql]'"
        raise DatabaseError(msg)
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in environment:
            msg = f"The environment has no variable {name}, which the URL names. Set it: %env {name}=…"
            raise DatabaseError(msg)
        return quote(environment[name], safe="")

    try:
        return make_url(_VARIABLE.sub(value, text))
    except (ArgumentError, ValueError) as error:
        msg = (
            "The URL cannot be read. Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with special "
            "characters of the password as %40 for @, %2F for /."
        )
        raise DatabaseError(msg) from _without_text(error)


def _without_text(error: Exception) -> Exception:
    """The same kind of error without its words, which repeat the URL."""
    return type(error)("the URL is left out here")


def _driver(drivername: str) -> str:
    """SQLAlchemy's full name of an installed driver for the system."""
    system, _, driver = drivername.partition("+")
    system = _SAME.get(system, system)
    if driver and driver not in _ASYNC:
        return f"{system}+{driver}"
    known = _DRIVERS.get(system)
    if known is None:
        return system
    for name, module in known:
        if importlib.util.find_spec(module.partition(".")[0]) is not None:
            return f"{system}+{name}"
    names = " or ".join(module for _, module in known)
    msg = f"{_TITLES[system]} needs a driver: {names}, and none is installed. Install one: {_INSTALL[system]}"
    raise DatabaseError(msg)


def install_hint(system: str) -> str:
    """What to install so that SQLAlchemy knows the system."""
    return _INSTALL.get(_SAME.get(system, system), f"pip install the SQLAlchemy dialect of {system}")


def _file_url(system: str, rest: str) -> Target:
    # SQLAlchemy's form: sqlite:///relative, sqlite:////absolute; Windows: sqlite:///C:\folder\file.
    path = unquote(rest.partition("?")[0]).removeprefix("/")
    if path in {"", ":memory:"}:
        msg = (
            f"A {_title(system)} in memory is seen by its own connection only. Save it into a file, or hand "
            "its tables over as @frames."
        )
        raise DatabaseError(msg)
    return _file(Path(path).expanduser(), system)


def _file(path: Path, system: str | None = None) -> Target:
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except IsADirectoryError:
        head = b""
    except OSError as error:
        reason = (
            "does not exist" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        )
        fix = "Write a URL such as postgresql://USER@HOST/DATABASE, or the path of a SQLite or DuckDB file."
        msg = f"The file {path} {reason}. {fix}"
        raise DatabaseError(msg) from error
    found = "sqlite" if head.startswith(b"SQLite format 3") else "duckdb" if head[8:12] == b"DUCK" else None
    if found is None or (system is not None and system != found):
        raise DatabaseError(_no_database(path, system, found))
    return Target("sqlite" if found == "sqlite" else "duckdb", str(path), path=path.absolute())


def _no_database(path: Path, system: str | None, found: str | None) -> str:
    if found is not None:
        return f"{path} is a {_title(found)} file. Write {found}:///{path}, or just the path."
    wanted = _title(system) if system else "SQLite or DuckDB"
    if path.suffix.lower() in _ROW_FILES:
        reader = {".parquet": "parquet", ".json": "json", ".xlsx": "excel"}.get(path.suffix.lower(), "csv")
        fix = f"Read it: df = pd.read_{reader}({str(path)!r}), then ask about @df."
        return f"{path} holds rows, no {wanted} database. {fix}"
    return f"{path} is no {wanted} file. Check the path; an empty file is no database yet."


def _title(system: str | None) -> str:
    return {"sqlite": "SQLite", "duckdb": "DuckDB"}.get(system or "", str(system))
