"""Tables, columns, types, keys and comments of a server, by SQLAlchemy's inspector."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from qwen_magics.tools.databases.keys import with_key
from qwen_magics.tools.databases.systems import System
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.names import printable, quote_text

if TYPE_CHECKING:
    from sqlalchemy import Engine, Inspector

__all__ = ["crawl"]

_SYSTEM_SCHEMA_NAMES = """
    information_schema pg_catalog pg_toast mysql performance_schema sys guest db_owner db_accessadmin
    db_securityadmin db_ddladmin db_backupoperator db_datareader db_datawriter db_denydatareader
    db_denydatawriter crdb_internal pg_extension system
"""
_SYSTEM_SCHEMAS = frozenset(_SYSTEM_SCHEMA_NAMES.split())
_MOST_SCHEMAS = 30
# Beyond these, asking a server for each table would take minutes; types and keys still come in bulk.
_MOST_CATEGORIES = 20

Key = tuple[str, str]


def crawl(engine: Engine, connection: Any, system: System) -> tuple[Table, ...]:
    """All tables and views that the user may see, those of the default schema first."""
    from sqlalchemy import inspect

    inspector = inspect(engine)
    guesses = {(row[0], row[1]): int(row[2] or 0) for row in _rows(connection, system.row_counts)}
    hidden = {(row[0], row[1]) for row in _rows(connection, system.hidden)}
    default = inspector.default_schema_name or ""
    tables: list[Table] = []
    for schema in _schemas(inspector, default):
        found = _schema(inspector, schema, "" if schema == default else schema or "", guesses)
        tables += [table for table in found if (schema or "", table.name) not in hidden]
    return tuple(tables)


def _schemas(inspector: Inspector, default: str) -> list[str | None]:
    with suppress(NotImplementedError):
        names = [name for name in inspector.get_schema_names() if name.casefold() not in _SYSTEM_SCHEMAS]
        names = [name for name in names if not name.startswith("pg_")]
        if not default and not names:
            return [None]
        # MySQL's databases are schemas to each other: one that the URL names is the only one that is meant.
        if default and inspector.dialect.name in {"mysql", "mariadb"}:
            return [default]
        first: list[str | None] = [default] if default else []
        return first + [name for name in names if name != default][:_MOST_SCHEMAS]
    return [None]


def _schema(inspector: Inspector, schema: str | None, shown: str, guesses: dict[Key, int]) -> list[Table]:
    from sqlalchemy.engine.reflection import ObjectKind

    columns = inspector.get_multi_columns(schema=schema, kind=ObjectKind.ANY)
    views = {*inspector.get_view_names(schema=schema)}
    keys = _optional(lambda: inspector.get_multi_pk_constraint(schema=schema, kind=ObjectKind.TABLE))
    foreign = _optional(lambda: inspector.get_multi_foreign_keys(schema=schema, kind=ObjectKind.TABLE))
    unique = _optional(lambda: inspector.get_multi_unique_constraints(schema=schema, kind=ObjectKind.TABLE))
    comments = _optional(lambda: inspector.get_multi_table_comment(schema=schema, kind=ObjectKind.TABLE))
    tables = []
    for at in sorted(columns, key=lambda at: at[1]):
        name = at[1]
        if printable(name, 200) != name or not columns[at]:
            continue
        single = {k["column_names"][0] for k in unique.get(at) or () if len(k["column_names"]) == 1}
        made = [_column(inspector, item, item["name"] in single) for item in columns[at]]
        key = [str(part) for part in (keys.get(at) or {}).get("constrained_columns") or ()]
        note = printable((comments.get(at) or {}).get("text") or "", 200)
        rows = guesses.get((schema or "", name), 0)
        tables.append(
            Table(
                name,
                with_key(made, key),
                max(rows, 0),
                _joins(name, foreign.get(at) or ()),
                tuple(part for part in ("a view" if name in views else "", note) if part),
                shown,
                estimated=True,
            )
        )
    return tables


def _optional(ask: Any) -> dict[Any, Any]:
    """What a dialect tells, or nothing from one that does not know of such things."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return dict(ask())
    except (NotImplementedError, SQLAlchemyError):
        return {}


def _column(inspector: Inspector, item: Any, unique: bool) -> Column:
    kind = item["type"]
    values: Sequence[str] | None = getattr(kind, "enums", None)
    categories = None
    if values and len(values) <= _MOST_CATEGORIES and all(printable(v) == v for v in values):
        categories = tuple(quote_text(value) for value in values)
    note = printable(item.get("comment") or "", 100)
    return Column(
        str(item["name"]), _type_name(inspector, kind), categories=categories, unique=unique, note=note
    )


def _type_name(inspector: Inspector, kind: Any) -> str:
    from sqlalchemy.exc import SQLAlchemyError

    if getattr(kind, "enums", None):
        return "VARCHAR"
    try:
        name = str(kind.compile(dialect=inspector.dialect))
    except (SQLAlchemyError, NotImplementedError):
        return "UNKNOWN"
    # Collations and widths of display say nothing to somebody who asks.
    name = re.sub(r" COLLATE .*| CHARACTER SET \S+| WITHOUT TIME ZONE|(?<=INT|GER)\(\d+\)", "", name)
    return printable(name, 40)


def _joins(table: str, keys: Iterable[Any]) -> tuple[Join, ...]:
    found = []
    for key in keys:
        pairs = list(zip(key["constrained_columns"], key["referred_columns"], strict=False))
        if pairs:
            (left, right), *more = pairs
            found.append(Join(table, left, key["referred_table"], right, tuple(more)))
    return tuple(found)


def _rows(connection: Any, sql: str) -> list[Any]:
    if not sql:
        return []
    cursor = connection.cursor()
    try:
        cursor.execute(sql)
        return list(cursor.fetchall())
    finally:
        cursor.close()
