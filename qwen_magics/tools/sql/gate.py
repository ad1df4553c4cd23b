"""What may run: exactly one SELECT, over the registered tables only.

DuckDB's own parser decides, not patterns: `extract_statements` counts and types the statements,
`json_serialize_sql` gives the tree in which tables and table functions are looked up. The connection is
locked as well (`tools.frames`), so that each of the two would do alone against reading files; this one also
refuses writes to the connection itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import closest

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "MAX_LENGTH",
    "nodes",
    "normalise",
    "one_select",
    "parse",
    "refuse_other_sources",
    "refuse_state",
    "tables_read",
    "unknown_table",
]

MAX_LENGTH = 20_000

# Table functions that make rows out of nothing but their arguments.
_HARMLESS_SOURCES = frozenset({"unnest", "range", "generate_series"})
# Scalars that read settings, secrets or other state of the connection instead of the data.
_STATE = (
    "current_setting",
    "getenv",
    "getvariable",
    "nextval",
    "currval",
    "which_secret",
    "write_log",
    "query",
)
_STATE_PREFIXES = ("pg_", "duckdb_", "pragma_", "has_", "parse_duckdb_log", "json_execute", "from_substrait")

Tree = dict[str, Any]


def normalise(sql: str) -> str:
    """Without surrounding space and trailing semicolons.

    Raises:
        QueryError: empty or unreasonably long.
    """
    text = sql.strip().rstrip(";").rstrip()
    if not text:
        raise QueryError("empty", "The query is empty.", "Write one SELECT statement.")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise QueryError("syntax", "The query has undecodable characters.", "Write plain Unicode text.")
    if len(text) > MAX_LENGTH:
        raise QueryError(
            "too_long", f"The query has {len(text):,} characters.", f"At most {MAX_LENGTH:,} are allowed."
        )
    return text


def one_select(statements: Sequence[duckdb.Statement]) -> None:
    """Refuse anything but a single SELECT.

    Raises:
        QueryError: `not_select`, `several_statements`.
    """
    if len(statements) > 1:
        message = f"There are {len(statements)} statements."
        raise QueryError(
            "several_statements", message, "Write exactly one SELECT; use WITH for intermediate steps."
        )
    kind = statements[0].type.name if statements else "no statement"
    if kind != "SELECT":
        raise QueryError(
            "not_select", f"{kind} is not allowed.", "Write one SELECT statement; the data is read-only."
        )


def parse(serialized: str) -> Tree:
    """The statement's tree from `json_serialize_sql`'s answer.

    Raises:
        QueryError: `syntax`, `not_select`, `too_deep`.
    """
    try:
        answer: Tree = json.loads(serialized)
    except RecursionError:
        raise QueryError("too_deep", "The query is nested too deeply.", "Split it into WITH steps.") from None
    if answer.get("error"):
        message = str(answer.get("error_message", "The query cannot be parsed."))
        kind = "syntax" if answer.get("error_type") == "parser" else "not_select"
        raise QueryError(kind, message.splitlines()[0], "Write one plain SELECT statement.")
    tree: Tree = answer["statements"][0]["node"]
    return tree


def nodes(tree: Tree) -> Iterator[Tree]:
    """Every object of the tree, outer ones first."""
    pending: list[Any] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            yield node
            pending.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            pending.extend(reversed(node))


def tables_read(tree: Tree) -> list[str]:
    """Names in FROM that are no CTE, in order of appearance; as the query spells them."""
    named = _cte_names(tree)
    found = [node["table_name"] for node in nodes(tree) if node.get("type") == "BASE_TABLE"]
    return list(dict.fromkeys(name for name in found if name.casefold() not in named))


def refuse_other_sources(tree: Tree, tables: Sequence[str]) -> None:
    """Refuse every source of rows but the given tables, and functions that read the connection's own state.

    Raises:
        QueryError: `unknown_table`, `function_not_allowed`, `parameter`.
    """
    known = {name.casefold() for name in tables} | _cte_names(tree)
    for node in nodes(tree):
        check = _CHECKS.get(str(node.get("type") or ""))
        if check is not None:
            check(node, known, tables)
        elif node.get("class") == "FUNCTION":
            _function(node, known, tables)


def refuse_state(tree: Tree) -> None:
    """Refuse functions that read more than their arguments: files, settings, other state of the connection.

    Raises:
        QueryError: `function_not_allowed`, `not_select`, `parameter`.
    """
    for node in nodes(tree):
        check = _CHECKS.get(str(node.get("type") or ""))
        if check is not None and check is not _base_table:
            check(node, set(), ())
        elif node.get("class") == "FUNCTION":
            _function(node, set(), ())


def _cte_names(tree: Tree) -> set[str]:
    """Names bound by WITH. A base table of that name anywhere else binds to nothing else: only views are
    registered.
    """
    maps = (node["cte_map"]["map"] for node in nodes(tree) if isinstance(node.get("cte_map"), dict))
    return {entry["key"].casefold() for entries in maps for entry in entries}


def _base_table(node: Tree, known: set[str], tables: Sequence[str]) -> None:
    name = str(node.get("table_name", ""))
    if node.get("schema_name") or node.get("catalog_name") or name.casefold() not in known:
        raise unknown_table(name, tables)


def unknown_table(name: str, tables: Sequence[str]) -> QueryError:
    """The error for a table that is not there, with the closest one that is."""
    near = closest(name, tables)
    hint = f'Did you mean "{near[0]}"?' if near else f"Tables: {', '.join(tables)}."
    return QueryError("unknown_table", f'There is no table "{name}".', hint)


def _table_function(node: Tree, _known: set[str], _tables: Sequence[str]) -> None:
    name = str(node.get("function", {}).get("function_name", "")).casefold()
    if name not in _HARMLESS_SOURCES:
        raise _not_allowed(name)


def _function(node: Tree, _known: set[str], _tables: Sequence[str]) -> None:
    name = str(node.get("function_name", "")).casefold()
    if name in _STATE or name.startswith(_STATE_PREFIXES):
        raise _not_allowed(name)


def _show(_node: Tree, _known: set[str], _tables: Sequence[str]) -> None:
    raise QueryError(
        "not_select", "DESCRIBE, SHOW and SUMMARIZE are not allowed.", "Write one SELECT statement."
    )


def _parameter(_node: Tree, _known: set[str], _tables: Sequence[str]) -> None:
    raise QueryError("parameter", "The query has a parameter (? or $1).", "Write the value itself.")


def _not_allowed(name: str) -> QueryError:
    hint = "Select from the tables of the question only."
    return QueryError("function_not_allowed", f"The function {name}() is not allowed.", hint)


_CHECKS: dict[str, Callable[[Tree, set[str], Sequence[str]], None]] = {
    "BASE_TABLE": _base_table,
    "TABLE_FUNCTION": _table_function,
    "SHOW_REF": _show,
    "VALUE_PARAMETER": _parameter,
}
