"""A DuckDB file: opened read-only and then locked, as the database of the frames is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from qwen_magics.errors import DatabaseError
from qwen_magics.tools.databases.keys import with_key
from qwen_magics.tools.databases.session import Fetched, fetch_first, files_changed
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql import gate
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.names import printable, quote_text

if TYPE_CHECKING:
    from qwen_magics.tools.metrics.template import Template

__all__ = ["DuckDBSession"]

# Given at the opening, so that a second connection of this process shares the database instead of failing.
_LOCK: dict[str, str | bool | int | float | list[str]] = {
    "python_enable_replacements": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "enable_external_access": "false",
    "memory_limit": "4GB",
    "max_temp_directory_size": "0GB",
    "lock_configuration": "true",
}
_HERE = "database_name = current_database() AND NOT internal"
_TABLES = f"""
    SELECT schema_name, table_name, estimated_size, comment FROM duckdb_tables()
    WHERE {_HERE} AND NOT temporary
    UNION ALL
    SELECT schema_name, view_name, NULL, comment FROM duckdb_views() WHERE {_HERE} AND NOT temporary
    ORDER BY 1, 2
"""
_COLUMNS = f"""
    SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() WHERE {_HERE}
    ORDER BY schema_name, table_name, column_index
"""
_KEYS = """
    SELECT schema_name, table_name, constraint_type, constraint_column_names, referenced_table,
    referenced_column_names FROM duckdb_constraints()
    WHERE database_name = current_database()
    AND constraint_type IN ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY')
"""


class DuckDBSession:
    """See `Session`.

    Raises:
        DatabaseError: the file is open for writing, here or elsewhere.
    """

    dialect = DUCKDB
    version = f"DuckDB {duckdb.__version__}"
    guards = "file opened read-only, no external access, configuration locked"
    may_write: bool | None = None
    errors: tuple[type[Exception], ...] = (duckdb.Error, RuntimeError, MemoryError)

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=_LOCK)
        except (duckdb.ConnectionException, duckdb.IOException) as error:
            fix = "Close the connection that writes to it (con.close()), or hand its tables over as @frames."
            msg = f"{path} cannot be opened read-only: {_first_line(error)} {fix}"
            raise DatabaseError(msg) from error

    def catalogue(self) -> tuple[Table, ...]:
        columns: dict[tuple[str, str], list[Column]] = {}
        for schema, table, name, dtype, comment in self.rows(_COLUMNS):
            note = printable(comment or "", 100)
            columns.setdefault((schema, table), []).append(Column(name, _type_name(dtype), note=note))
        keys, joins = self._keys()
        return tuple(
            Table(
                name,
                with_key(columns[schema, name], keys.get((schema, name), [])),
                size or 0,
                tuple(joins.get((schema, name), ())),
                tuple(filter(None, ("a view" if size is None else "", printable(comment or "", 200)))),
                "" if schema == "main" else schema,
                size is None,
            )
            for schema, name, size, comment in self.rows(_TABLES)
            if (schema, name) in columns and printable(name, 200) == name
        )

    def stamp(self) -> object:
        return files_changed(self._path)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._connection.execute(sql).fetchall()
        return rows

    def explain(self, sql: str) -> None:
        self._admit(sql)
        self._connection.execute(f"EXPLAIN {sql}").fetchall()

    def fetch(self, sql: str, limit: int, timeout_s: float) -> Fetched:
        self._admit(sql)
        return fetch_first(self._connection.execute(sql), limit)

    def fetch_template(
        self, template: Template, values: Mapping[str, Any], limit: int, timeout_s: float
    ) -> Fetched:
        sql, arguments = template.bound("dollar", values)
        return fetch_first(self._connection.execute(sql, arguments or None), limit)

    def interrupt(self) -> None:
        self._connection.interrupt()

    def alive(self) -> bool:
        return True

    def close(self) -> None:
        self._connection.close()

    def _admit(self, sql: str) -> None:
        """DuckDB's own parser has to find one SELECT too, and no function that reads its state."""
        gate.one_select(self._connection.extract_statements(sql))
        tree = gate.parse(self.rows(f"SELECT json_serialize_sql({quote_text(sql)})")[0][0])
        gate.refuse_state(tree)

    def _keys(self) -> tuple[dict[tuple[str, str], list[str]], dict[tuple[str, str], list[Join]]]:
        keys: dict[tuple[str, str], list[str]] = {}
        joins: dict[tuple[str, str], list[Join]] = {}
        for schema, table, kind, own, other, others in self.rows(_KEYS):
            if kind == "PRIMARY KEY":
                keys[schema, table] = list(own)
            elif kind == "FOREIGN KEY" and other and others:
                (left, right), *more = zip(own, others, strict=True)
                joins.setdefault((schema, table), []).append(Join(table, left, other, right, tuple(more)))
        return keys, joins


def _type_name(dtype: str) -> str:
    return "VARCHAR" if dtype.startswith("ENUM") else dtype


def _first_line(error: Exception) -> str:
    line = str(error).strip().splitlines()[0].rstrip(".")
    return f"{line}."
