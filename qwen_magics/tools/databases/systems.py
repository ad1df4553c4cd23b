"""How each system of servers is kept from writing, limited in time, streamed from and stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["System", "system_of"]


def _no_limit(seconds: float) -> Sequence[str]:
    return ()


def _plain_cursor(driver: Any) -> Any:
    return driver.cursor()


def _cancel_by_driver(engine: Engine, driver: Any) -> None:
    if hasattr(driver, "cancel"):
        driver.cancel()


def _open_for_sure(driver: Any) -> bool:
    return not getattr(driver, "closed", False)


@dataclass(frozen=True)
class System:
    """What differs between systems.

    Attributes:
        begin: statements that make a session read-only.
        guards: the same for people.
        binds_by_cursor: a streaming cursor binds the query before its first row is asked for.
        explain: what before a query binds it without running it; empty if nothing does.
        time_limit: statements that make the server stop a query after so many seconds.
        stream: a cursor that does not fetch all rows at once.
        drains: closing such a cursor reads the rows that are left.
        cancel: stops what runs, from another thread.
        alive: whether the driver still has its connection.
        row_counts: SQL for schema, table and the system's own guess of its rows; empty if it has none.
        hidden: SQL for schema and name of tables that are of no use to a question; empty if there are none.
        may_write: SQL for whether the user has the right to write; empty if it cannot be asked.
    """

    begin: tuple[str, ...] = ()
    guards: str = ""
    binds_by_cursor: bool = False
    explain: str = ""
    time_limit: Callable[[float], Sequence[str]] = _no_limit
    stream: Callable[[Any], Any] = _plain_cursor
    drains: bool = False
    cancel: Callable[[Engine, Any], None] = _cancel_by_driver
    alive: Callable[[Any], bool] = _open_for_sure
    row_counts: str = ""
    hidden: str = ""
    may_write: str = ""


def system_of(name: str, cursor: Any) -> tuple[System, str]:
    """The system behind SQLAlchemy's dialect of that name, and its name and version."""
    if name == "postgresql":
        cursor.execute("SHOW server_version")
        return _POSTGRES, f"PostgreSQL {str(cursor.fetchone()[0]).partition(' ')[0]}"
    if name in {"mysql", "mariadb"}:
        cursor.execute("SELECT VERSION()")
        version = str(cursor.fetchone()[0])
        if "mariadb" in version.casefold():
            return _MARIADB, f"MariaDB {version.partition('-')[0]}"
        return _MYSQL, f"MySQL {version.partition('-')[0]}"
    from qwen_magics.tools.sql.dialects import dialect_of

    return System(), dialect_of(name).title


def _postgres_stream(driver: Any) -> Any:
    # DECLARE … CURSOR FOR takes one SELECT and nothing else, also if the gate had a hole.
    return driver.cursor("qwen_magics")


def _postgres_cancel(engine: Engine, driver: Any) -> None:
    if hasattr(driver, "cancel_safe"):
        driver.cancel_safe(timeout=3)
    elif hasattr(driver, "cancel"):
        driver.cancel()


def _postgres_limit(seconds: float) -> Sequence[str]:
    return (f"SET statement_timeout = {max(1, int(seconds * 1000))}",)


_POSTGRES = System(
    begin=(
        "SET default_transaction_read_only = on",
        "SET standard_conforming_strings = on",
        "SET lock_timeout = '10s'",
        "SET statement_timeout = '60s'",
        # A cursor is planned for its first rows otherwise, and most answers need all of them.
        "SET cursor_tuple_fraction = 1.0",
        "SET DateStyle = 'ISO'",
    ),
    guards="default_transaction_read_only, one SELECT per cursor, statement_timeout",
    binds_by_cursor=True,
    time_limit=_postgres_limit,
    stream=_postgres_stream,
    cancel=_postgres_cancel,
    row_counts="""
        SELECT n.nspname, c.relname, c.reltuples::bigint FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'm')
    """,
    # Parts of a partitioned table, what belongs to an extension, and what this user may not read.
    hidden="""
        SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (
            c.relispartition OR NOT has_table_privilege(c.oid, 'SELECT') OR EXISTS (
                SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'
            )
        )
    """,
    may_write="""
        SELECT EXISTS (
            SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE')
        )
    """,
)


def _mysql_stream(driver: Any) -> Any:
    if type(driver).__module__.startswith("pymysql"):
        from pymysql.cursors import SSCursor

        return driver.cursor(SSCursor)
    return driver.cursor()


def _mysql_cancel(engine: Engine, driver: Any) -> None:
    number = int(driver.thread_id())
    other = engine.raw_connection()
    try:
        other.cursor().execute(f"KILL QUERY {number}")
    finally:
        other.close()


def _mysql_alive(driver: Any) -> bool:
    with suppress(Exception):
        # `reconnect=False`: a new session would not be read-only.
        driver.ping(False)
        return True
    return False


_MYSQL_BEGIN = (
    # No mode that changes what a text means; and a column that is not grouped is an error, not any value.
    "SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO'",
    "SET SESSION TRANSACTION READ ONLY",
    "SET SESSION lock_wait_timeout = 10",
    "SET SESSION group_concat_max_len = 1000000",
    # An average would come with four places.
    "SET SESSION div_precision_increment = 12",
)
_MYSQL_ROWS = (
    "SELECT table_schema, table_name, table_rows FROM information_schema.tables WHERE table_rows IS NOT NULL"
)

_MYSQL_RIGHTS = """
    SELECT COUNT(*) > 0 FROM (
        SELECT privilege_type AS p FROM information_schema.user_privileges
        UNION ALL SELECT privilege_type FROM information_schema.schema_privileges
        UNION ALL SELECT privilege_type FROM information_schema.table_privileges
    ) AS rights WHERE p IN ('INSERT', 'UPDATE', 'DELETE', 'FILE', 'SUPER')
"""

_MYSQL = System(
    begin=_MYSQL_BEGIN,
    guards="SET SESSION TRANSACTION READ ONLY, max_execution_time",
    explain="EXPLAIN",
    time_limit=lambda seconds: (f"SET SESSION max_execution_time = {max(1, int(seconds * 1000))}",),
    stream=_mysql_stream,
    drains=True,
    cancel=_mysql_cancel,
    alive=_mysql_alive,
    row_counts=_MYSQL_ROWS,
    may_write=_MYSQL_RIGHTS,
)

_MARIADB = System(
    begin=_MYSQL_BEGIN,
    guards="SET SESSION TRANSACTION READ ONLY, max_statement_time",
    explain="EXPLAIN",
    time_limit=lambda seconds: (f"SET SESSION max_statement_time = {max(0.001, seconds):.3f}",),
    stream=_mysql_stream,
    drains=True,
    cancel=_mysql_cancel,
    alive=_mysql_alive,
    row_counts=_MYSQL_ROWS,
    may_write=_MYSQL_RIGHTS,
)
