"""A SQLite file: opened read-only, with an authoriser that lets SELECT and nothing else through."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import DatabaseError
from qwen_magics.tools.databases import aggregates, scalars
from qwen_magics.tools.databases.keys import with_key
from qwen_magics.tools.databases.session import Fetched, fetch_first, files_changed
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import SQLITE, Dialect
from qwen_magics.tools.sql.names import printable

if TYPE_CHECKING:
    from qwen_magics.tools.metrics.template import Template

__all__ = ["SQLiteSession"]

_ALLOWED = frozenset(
    {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
)
# Besides those of the dialect: what SQLite makes of operators and of words without brackets.
_HARMLESS = frozenset(
    ["->", "->>", "current_date", "current_time", "current_timestamp", "likelihood", "likely", "unlikely"]
)
# A text longer than this cannot be made, so that no function fills the memory.
_MOST_BYTES = 50_000_000
_MOST_COUNTED = 200_000

_TABLES = """
    SELECT name, type FROM sqlite_master
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
"""
_COLUMNS = """
    SELECT m.name, c.name, c.type, c.pk, c."notnull" FROM sqlite_master m, pragma_table_xinfo(m.name) c
    WHERE m.type IN ('table', 'view') AND c.hidden <> 1 ORDER BY m.name, c.cid
"""
_FOREIGN_KEYS = """
    SELECT m.name, k.id, k."table", k."from", k."to" FROM sqlite_master m, pragma_foreign_key_list(m.name) k
    WHERE m.type = 'table' ORDER BY m.name, k.id, k.seq
"""
_UNIQUE = """
    SELECT m.name, min(c.name) FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_info(i.name) c
    WHERE m.type = 'table' AND i."unique" AND NOT i.partial GROUP BY m.name, i.name HAVING count(*) = 1
"""


class SQLiteSession:
    """See `Session`.

    Raises:
        DatabaseError: the file cannot be opened as a database.
    """

    dialect: Dialect
    version = f"SQLite {sqlite3.sqlite_version}"
    guards = "file opened mode=ro, PRAGMA query_only, an authoriser for SELECT alone"
    may_write: bool | None = None
    errors: tuple[type[Exception], ...] = (sqlite3.Error, sqlite3.Warning, OverflowError)

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._open(path)
        except sqlite3.Error as error:
            fix = "Check that it is whole and not encrypted, and that this user may read it and its folder."
            msg = f"{path} cannot be opened read-only: {error}. {fix}"
            raise DatabaseError(msg) from error

    def _open(self, path: Path) -> None:
        address = f"{path.as_uri()}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, check_same_thread=False, isolation_level=None)
        # Texts that are no UTF-8 are data as well.
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for pragma in ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        # Which there are depends on SQLite's version and on how it was built.
        there = frozenset(row[0] for row in self._connection.execute("SELECT name FROM pragma_function_list"))
        for module in (aggregates, scalars):
            module.register(self._connection, there)
        there |= aggregates.STATISTICS | scalars.SCALARS
        self.dialect = replace(SQLITE, functions=tuple(name for name in SQLITE.functions if name in there))
        if hasattr(self._connection, "setlimit"):  # from Python 3.11 on
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)

    def catalogue(self) -> tuple[Table, ...]:
        columns: dict[str, list[Column]] = {}
        keys: dict[str, list[str]] = {}
        unique = {(table.casefold(), column) for table, column in self.rows(_UNIQUE)}
        for table, name, dtype, key, _ in self.rows(_COLUMNS):
            only = (table.casefold(), name) in unique
            columns.setdefault(table, []).append(Column(name, dtype.upper() or "ANY", unique=only))
            if key:
                keys.setdefault(table, []).append(name)
        joins = self._joins(keys)
        shadows = self._shadows()
        tables = []
        for name, kind in self.rows(_TABLES):
            if name not in columns or name in shadows or printable(name, 200) != name:
                continue
            rows, estimated = self._count(name) if kind == "table" else (0, True)
            described = with_key(columns[name], keys.get(name, []))
            notes = () if kind == "table" else ("a view",)
            joined = tuple(joins.get(name, ()))
            tables.append(Table(name, described, rows, joined, notes, estimated=estimated))
        return tuple(tables)

    def stamp(self) -> object:
        return self.rows("PRAGMA schema_version")[0][0], files_changed(self._path, f"{self._path}-wal")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        self._connection.set_authorizer(_anything)
        return self._connection.execute(sql).fetchall()

    def explain(self, sql: str) -> None:
        self._execute(f"EXPLAIN {sql}").close()

    def fetch(self, sql: str, limit: int, timeout_s: float) -> Fetched:
        cursor = self._execute(sql)
        try:
            return fetch_first(cursor, limit)
        finally:
            cursor.close()

    def fetch_template(
        self, template: Template, values: Mapping[str, Any], limit: int, timeout_s: float
    ) -> Fetched:
        sql, arguments = template.bound("named", values)
        # SQLite keeps dates as texts.
        texts = {n: v.isoformat() if isinstance(v, datetime.date) else v for n, v in arguments.items()}
        cursor = self._execute(sql, texts)
        try:
            return fetch_first(cursor, limit)
        finally:
            cursor.close()

    def interrupt(self) -> None:
        self._connection.interrupt()

    def alive(self) -> bool:
        return True

    def close(self) -> None:
        self._connection.close()

    def _execute(self, sql: str, arguments: Mapping[str, Any] | None = None) -> sqlite3.Cursor:
        """Run what a model wrote: whatever it is, the authoriser knows it by its effect, not by its words."""
        functions = frozenset(self.dialect.functions) | _HARMLESS

        def authorise(action: int, first: str | None, second: str | None, *_: str | None) -> int:
            allowed = action in _ALLOWED
            if action == sqlite3.SQLITE_FUNCTION:
                allowed = (second or "").casefold() in functions
            if action == sqlite3.SQLITE_READ and (first or "").casefold().startswith("sqlite_"):
                allowed = False
            return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

        self._connection.set_authorizer(authorise)
        return self._connection.execute(sql, arguments or {})

    def _joins(self, keys: dict[str, list[str]]) -> dict[str, list[Join]]:
        pairs: dict[tuple[str, int, str], list[tuple[str, str]]] = {}
        spelled = {name.casefold(): name for name, _ in self.rows(_TABLES)}
        for table, number, other, column, other_column in self.rows(_FOREIGN_KEYS):
            target = spelled.get(other.casefold())
            position = len(pairs.get((table, number, target or ""), ()))
            own = keys.get(target or "", [])
            # A key that names no column of the other table means its primary key.
            other_column = other_column or (own[position] if position < len(own) else None)
            if target and other_column:
                pairs.setdefault((table, number, target), []).append((column, other_column))
        joins: dict[str, list[Join]] = {}
        for (table, _, target), ((left, right), *more) in pairs.items():
            joins.setdefault(table, []).append(Join(table, left, target, right, tuple(more)))
        return joins

    def _shadows(self) -> set[str]:
        """Tables that virtual tables keep their insides in."""
        try:
            rows = self.rows("SELECT name FROM pragma_table_list WHERE type = 'shadow'")
        except sqlite3.Error:  # before SQLite 3.37
            return set()
        return {row[0] for row in rows}

    def _count(self, table: str) -> tuple[int, bool]:
        """Rows, and whether that is a guess."""
        name = self.dialect.quoted(table)
        found = int(self.rows(f"SELECT count(*) FROM (SELECT 1 FROM {name} LIMIT {_MOST_COUNTED})")[0][0])
        if found < _MOST_COUNTED:
            return found, False
        try:  # the highest row number costs nothing
            return int(self.rows(f"SELECT max(rowid) FROM {name}")[0][0]), True
        except (sqlite3.Error, TypeError):
            return found, True


def _anything(*_: object) -> int:
    # Not None, which Python 3.10 would call.
    return sqlite3.SQLITE_OK
