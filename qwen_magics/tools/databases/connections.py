"""The databases of this session by name: made by `%qwen connect`, or found in JupySQL."""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import DatabaseError
from qwen_magics.tools.databases.keys import with_likely_joins
from qwen_magics.tools.databases.target import Target, from_url, parse
from qwen_magics.tools.schema import Table, closest

if TYPE_CHECKING:
    from qwen_magics.tools.databases.database import Database
    from qwen_magics.tools.databases.session import Session

__all__ = ["Connection", "connect", "connections", "find", "forget"]


class Connection:
    """A database that questions may name; nothing is open between two of them.

    Attributes:
        name: as `--sql` takes it.
        target: where it is.
        version: the system and its version; empty before it was opened.
        guards: how a session is kept from writing besides the parser; empty if nothing else does.
        may_write: whether its user has the right to write; None if that is not known.
    """

    def __init__(self, name: str, target: Target) -> None:
        self.name = name
        self.target = target
        self.version = ""
        self.guards = ""
        self.may_write: bool | None = None
        self._lock = threading.Lock()
        self._catalogue: tuple[object, tuple[Table, ...]] | None = None
        self._values: dict[str, Table] = {}

    def __repr__(self) -> str:
        return f"Connection({self.name!r}, {self.target.shown!r})"

    def open(self) -> Database:
        """An open database, with the catalogue from the first time unless its tables have changed.

        Raises:
            DatabaseError: it cannot be opened or read.
        """
        from qwen_magics.tools.databases.database import Database

        session = _session(self.target)
        try:
            tables = self._tables(session)
        except Exception as error:
            session.close()
            if isinstance(error, session.errors):
                text = " ".join(self.target.scrub(str(error)).split())[:300]
                msg = f"{self.target.shown} cannot be read: {text}. Check that it is a whole database."
                raise DatabaseError(msg) from None
            raise
        self.version, self.guards = session.version, session.guards
        self.may_write = session.may_write
        return Database(self.name, self.target, session, tables, self._values)

    def refresh(self) -> None:
        """Forget what is known of the tables; the next question reads them again."""
        self._catalogue = None
        self._values.clear()

    def _tables(self, session: Session) -> tuple[Table, ...]:
        with self._lock:
            stamp = session.stamp()
            if self._catalogue is None or self._catalogue[0] != stamp:
                self._values.clear()
                self._catalogue = (stamp, with_likely_joins(session.catalogue()))
            return self._catalogue[1]


_connections: dict[str, Connection] = {}
# Those that were named by their place only, so that a second question does not read the tables again.
_unnamed: dict[Target, Connection] = {}


def connect(name: str, where: str) -> Connection:
    """Remember a database under a name, after opening it once.

    Args:
        where: a URL or the path of a file; see `target.parse`.

    Raises:
        DatabaseError: the name cannot be one, or the database cannot be opened; nothing is remembered then.
    """
    if not name.isidentifier():
        fix = "Write letters, digits and _: %qwen connect shop URL"
        msg = f"{name!r} cannot be the name of a connection. {fix}"
        raise DatabaseError(msg)
    connection = Connection(name, parse(where))
    connection.open().close()
    _connections[name] = connection
    return connection


def connections() -> Mapping[str, Connection]:
    """All databases by name; those that JupySQL has connected come last."""
    found = dict(_connections)
    for alias, engine in _jupysql_engines().items():
        if alias not in found:
            with suppress(DatabaseError):  # a database in memory, say: it is JupySQL's alone
                found[alias] = _connections.setdefault(alias, Connection(alias, from_url(engine.url)))
    return MappingProxyType(found)


def find(name: Any) -> Connection:
    """The database of that name, or at that URL or path, or behind a SQLAlchemy engine.

    Raises:
        DatabaseError: there is none; the message names the closest.
    """
    if isinstance(name, Connection):
        return name
    if hasattr(name, "url") and hasattr(name, "dialect"):
        return _at(from_url(name.url))
    text = str(name)
    known = connections()
    if text in known:
        return known[text]
    if text in _jupysql_engines():
        return Connection(text, from_url(_jupysql_engines()[text].url))  # says why it cannot be used
    if not text.isidentifier():
        return _at(parse(text))
    near = closest(text, known)
    hint = f"Did you mean {near[0]}? " if near else ""
    listed = f"Connected: {', '.join(known)}. " if known else ""
    msg = f"There is no database {text!r}. {hint}{listed}Connect it first: %qwen connect {text} URL"
    raise DatabaseError(msg)


def forget() -> None:
    """Forget all connections, as when the extension is unloaded."""
    _connections.clear()
    _unnamed.clear()


def _at(target: Target) -> Connection:
    return _unnamed.setdefault(target, Connection("database", target))


def _session(target: Target) -> Session:
    if target.kind == "sqlite":
        from qwen_magics.tools.databases.sqlite import SQLiteSession

        assert target.path is not None
        return SQLiteSession(target.path)
    if target.kind == "duckdb":
        from qwen_magics.tools.databases.duckdb_file import DuckDBSession

        assert target.path is not None
        return DuckDBSession(target.path)
    from qwen_magics.tools.databases.server import ServerSession

    return ServerSession(target)


def _jupysql_engines() -> dict[str, Any]:
    """JupySQL's connections by alias, if this process has loaded it; it is not imported for this."""
    module = sys.modules.get("sql.connection.connection") or sys.modules.get("sql.connection")
    manager = getattr(module, "ConnectionManager", None)
    found: dict[str, Any] = {}
    for alias, connection in dict(getattr(manager, "connections", None) or {}).items():
        engine = getattr(getattr(connection, "_connection_sqlalchemy", None), "engine", None)
        if engine is not None:
            found[_plain_alias(str(alias), engine)] = engine
    return found


def _plain_alias(alias: str, engine: Any) -> str:
    """The user's alias; without one JupySQL takes the URL, and here it is its database's name."""
    if "://" not in alias:
        return alias
    database = str(engine.url.database or engine.url.get_backend_name())
    stem = database.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    return stem or engine.url.get_backend_name()
