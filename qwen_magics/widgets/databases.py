"""What `%qwen connect` shows: a database that was just opened, or all that are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.errors import DatabaseError
from qwen_magics.widgets.reports import Report

if TYPE_CHECKING:
    from qwen_magics.agent import Event
    from qwen_magics.tools.databases import Connection
    from qwen_magics.tools.schema import Table

__all__ = ["connect_report"]

_MOST_SHOWN = 25


def connect_report(words: Sequence[str], listener: Callable[[Event], None]) -> Report:
    """`connect` lists, `connect NAME` opens again and reads the tables anew, `connect NAME URL` connects.

    Raises:
        DatabaseError: it cannot be opened.
    """
    from qwen_magics.agent import Event
    from qwen_magics.tools.databases import connect, connections, find

    if not words:
        return _list(list(connections().values()))
    listener(Event("status", f"Connecting {words[0]}"))
    if len(words) == 2:
        return _opened(connect(words[0], words[1]))
    connection = find(words[0])
    connection.refresh()
    return _opened(connection)


def _list(known: Sequence[Connection]) -> Report:
    if not known:
        return Report(
            "No database is connected.", (), [], "Connect one: %qwen connect shop sqlite:///shop.db"
        )
    rows = []
    for connection in known:
        try:
            with connection.open() as database:
                state, tables = connection.version, f"{len(database.tables):,}"
        except DatabaseError as error:
            state, tables = str(error), "–"
        rows.append((connection.name, connection.target.shown, state, tables))
    return Report("", ("name", "where", "system", "tables"), rows, "Ask one: %%qwen --sql NAME")


def _opened(connection: Connection) -> Report:
    with connection.open() as database:
        tables = database.tables
    count = f"{len(tables):,} {'table' if len(tables) == 1 else 'tables and views'}"
    title = f"{connection.name}: {connection.version}, {count}, {connection.target.shown}"
    guards = f"Read-only by the parser; {connection.guards}." if connection.guards else _PARSER_ONLY
    guards += _MAY_WRITE if connection.may_write else ""
    shown = sorted(tables, key=lambda table: -table.rows)[:_MOST_SHOWN]
    rows = [(_name(table), _rows(table), str(len(table.columns)), _joins(table)) for table in shown]
    more = f"{len(tables) - len(shown):,} more tables. " if len(tables) > len(shown) else ""
    note = f"{more}{guards} Ask: %%qwen --sql {connection.name}"
    return Report(title, ("table", "rows", "columns", "leads to"), rows, note)


_PARSER_ONLY = "Read-only by the parser, and never committed: better connect with a user who may only SELECT."
_MAY_WRITE = " The user has the right to write; one who may only SELECT is safer."


def _name(table: Table) -> str:
    name = f"{table.schema}.{table.name}" if table.schema else table.name
    return f"{name} (view)" if "a view" in table.notes else name


def _rows(table: Table) -> str:
    if table.estimated:
        return f"about {table.rows:,}" if table.rows else "–"
    return f"{table.rows:,}"


def _joins(table: Table) -> str:
    return ", ".join(dict.fromkeys(join.other for join in table.joins))
