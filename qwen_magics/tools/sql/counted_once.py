"""Joins whose key repeats on both sides, and which are right all the same: nothing is counted twice.

One side is filtered to one row per key (one country's, by year), or nothing but means of groups of that key
are taken, in which every row of a group comes equally often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.filters import conditions, spelled
from qwen_magics.tools.sql.gate import Tree, nodes
from qwen_magics.tools.sql.names import quote_name

__all__ = ["filtered_to_one", "means_by_key"]

Query = Callable[[str], list[tuple[Any, ...]]]

_COUNTED = frozenset({"sum", "count", "count_star", "median", "mode", "corr"})


def means_by_key(tree: Tree, columns: Sequence[str]) -> bool:
    """Whether the outermost SELECT takes means alone, of groups by one of the columns that are joined by.

    Args:
        columns: names of the key on both sides.
    """
    names = {str(node.get("function_name")) for node in nodes(tree) if node.get("class") == "FUNCTION"}
    if names & _COUNTED:
        return False
    wanted = {column.casefold() for column in columns}
    groups = tree.get("group_expressions") or ()
    return any((group.get("column_names") or [""])[-1].casefold() in wanted for group in groups)


def filtered_to_one(tree: Tree, alias: str, table: Table, columns: Sequence[str], query: Query) -> bool:
    """Whether each key is there once among a table's rows that meet the query's conditions on it alone."""
    import duckdb

    own = list(_own(tree, alias, table, query))
    if not own:
        return False
    keys = ", ".join(quote_name(column) for column in dict.fromkeys(columns))
    source = f"{quote_name(table.name)} AS {quote_name(alias)}"
    try:
        count = f"SELECT count(*), count(DISTINCT ({keys})) FROM {source} WHERE {' AND '.join(own)}"
        rows, different = query(count)[0]
    except duckdb.Error:
        return False  # a condition needs the rest of the query
    return bool(rows == different)


def _own(tree: Tree, alias: str, table: Table, query: Query) -> Iterator[str]:
    """The conditions of WHERE that read columns of the table and no others."""
    for condition in conditions(tree):
        read = [node["column_names"] for node in nodes(condition) if node.get("column_names")]
        if read and all(_is_of(names, alias, table) for names in read):
            yield spelled(tree, condition, query)


def _is_of(names: Sequence[str], alias: str, table: Table) -> bool:
    if len(names) > 1:
        return names[0].casefold() == alias.casefold()
    # One that two tables have would not have been bound.
    return table.column(names[0]) is not None
