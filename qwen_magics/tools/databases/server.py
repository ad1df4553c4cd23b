"""Any system that SQLAlchemy reaches, by its driver's own cursor, made read-only where the system can be."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import DatabaseError
from qwen_magics.tools.databases.crawl import crawl
from qwen_magics.tools.databases.session import Fetched, fetch_first
from qwen_magics.tools.databases.systems import System, system_of
from qwen_magics.tools.databases.target import Target, install_hint
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import dialect_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from qwen_magics.tools.metrics.template import Template

__all__ = ["ServerSession"]

_CONNECT_TIMEOUT_S = 15


class ServerSession:
    """See `Session`.

    Raises:
        DatabaseError: no driver, no server, no access; the message has no secrets.
    """

    def __init__(self, target: Target) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        self._target = target
        self._engine = _engine(target)
        dbapi: Any = self._engine.dialect.dbapi
        self.errors: tuple[type[Exception], ...] = (dbapi.Error, dbapi.Warning, SQLAlchemyError)
        try:
            self._connection = self._engine.raw_connection()
            self._driver: Any = self._connection.driver_connection
            self._system, version = self._begin()
            self.may_write = self._rights()
        except Exception as error:  # drivers raise whatever they like while connecting
            raise _refused(target, error) from None
        self.version = version
        self.guards = self._system.guards
        self.dialect = replace(dialect_of(self._engine.dialect.name), title=version.partition(" ")[0])

    def catalogue(self) -> tuple[Table, ...]:
        with warnings.catch_warnings():
            # Types that SQLAlchemy does not know are shown as the database names them.
            warnings.simplefilter("ignore")
            tables = crawl(self._engine, self._connection, self._system)
        self._connection.rollback()
        return tables

    def stamp(self) -> object:
        return None

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]

    def explain(self, sql: str) -> None:
        if self._system.binds_by_cursor:
            with self._cursor(stream=True) as cursor:
                cursor.execute(sql)
        elif self._system.explain:
            self.rows(f"{self._system.explain} {sql}")

    def fetch(self, sql: str, limit: int, timeout_s: float) -> Fetched:
        return self._fetched((sql,), limit, timeout_s)

    def fetch_template(
        self, template: Template, values: Mapping[str, Any], limit: int, timeout_s: float
    ) -> Fetched:
        dbapi: Any = self._engine.dialect.dbapi
        # psycopg's own style is named, whatever it says.
        style = "pyformat" if self._engine.dialect.name == "postgresql" else str(dbapi.paramstyle)
        return self._fetched(template.bound(style, values), limit, timeout_s)

    def _fetched(self, statement: Sequence[Any], limit: int, timeout_s: float) -> Fetched:
        for setting in self._system.time_limit(timeout_s):
            with self._cursor() as cursor:
                cursor.execute(setting)
                self._connection.commit()
        with self._cursor(stream=True) as cursor:
            cursor.execute(*statement)
            fetched = fetch_first(cursor, limit)
            if fetched.more:
                self._end_stream(cursor)
            return fetched

    def interrupt(self) -> None:
        with suppress(Exception):  # the query may have ended meanwhile, the server may be gone
            self._system.cancel(self._engine, self._driver)

    def alive(self) -> bool:
        return self._system.alive(self._driver)

    def close(self) -> None:
        with suppress(Exception):  # a lost connection is closed already
            self._connection.close()
        self._engine.dispose()

    def _begin(self) -> tuple[System, str]:
        """Make the session read-only, for good."""
        with self._cursor() as cursor:
            system, version = system_of(self._engine.dialect.name, cursor)
            for statement in system.begin:
                cursor.execute(statement)
            self._connection.commit()
        return system, version

    def _rights(self) -> bool | None:
        if not self._system.may_write:
            return None
        try:
            return bool(self.rows(self._system.may_write)[0][0])
        except self.errors:
            return None  # a user who may not even look that up

    @contextmanager
    def _cursor(self, *, stream: bool = False) -> Iterator[Any]:
        cursor = self._system.stream(self._driver) if stream else self._driver.cursor()
        try:
            yield cursor
        finally:
            with suppress(Exception):  # after a failure the server may refuse even this
                cursor.close()
            with suppress(Exception):
                self._driver.rollback()

    def _end_stream(self, cursor: Any) -> None:
        """Tell the server that the other rows are not wanted; closing would read them all."""
        if self._system.drains:
            self.interrupt()
            with suppress(Exception):  # the interruption itself
                cursor.fetchall()


def _engine(target: Target) -> Engine:
    import sqlalchemy
    from sqlalchemy.exc import NoSuchModuleError
    from sqlalchemy.pool import NullPool

    assert target.url is not None
    name = target.url.get_backend_name()
    arguments = {"connect_timeout": _CONNECT_TIMEOUT_S} if name in {"postgresql", "mysql"} else {}
    if target.url.drivername.endswith(("pg8000", "mariadbconnector")):  # they call it otherwise
        arguments = {}
    try:
        return sqlalchemy.create_engine(
            target.url, poolclass=NullPool, connect_args=arguments, hide_parameters=True
        )
    except (NoSuchModuleError, ImportError, ModuleNotFoundError) as error:
        reason = f"no driver is installed for {target.url.drivername}"
        msg = f"{target.shown} cannot be connected: {reason}. Install it: {install_hint(name)}"
        raise DatabaseError(msg) from error


def _refused(target: Target, error: Exception) -> DatabaseError:
    text = " ".join(target.scrub(str(getattr(error, "orig", None) or error)).split())
    lowered = text.casefold()
    if any(word in lowered for word in ("password", "authentication", "access denied", "1045")):
        fix = (
            "Check user and password; postgresql://USER:$NAME@… takes it from the environment variable NAME."
        )
    elif any(word in lowered for word in ("unknown database", "does not exist", "1049")):
        fix = "Check the name of the database, the last part of the URL."
    else:
        fix = "Check host and port, and that the server runs."
    return DatabaseError(f"{target.shown} cannot be connected: {text[:300].rstrip('.')}. {fix}")
