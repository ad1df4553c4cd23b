"""Which condition of a query without a result no row meets, and what there is instead.

Only conditions with a text are judged (`name LIKE 'Abc%'`, `DAYNAME(day) = 'Sun'`, `day = '2013'`): a number
or a range that matches nothing may well be the answer. Each is run alone, as the query spells it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import closest
from qwen_magics.tools.sql.gate import Tree, nodes
from qwen_magics.tools.sql.names import printable, quote_text

__all__ = ["conditions", "constant_text", "spelled", "unmet"]

Query = Callable[[str], list[tuple[Any, ...]]]

_MOST_VALUES = 2_000
_EQUAL = frozenset({"COMPARE_EQUAL", "COMPARE_IN"})
_LIKE = frozenset({"~~", "~~*", "contains", "prefix", "starts_with", "suffix"})
_FEW, _LONGEST = 5, 120


def unmet(tree: Tree, query: Query) -> Iterator[QueryError]:
    """A finding `no_match` for each condition of the outermost WHERE that no row meets.

    Args:
        query: runs SQL of ours on the same tables.
    """
    import duckdb

    for condition in conditions(tree):
        text = next((text for node in nodes(condition) if (text := constant_text(node)) is not None), None)
        if text is None or not _is_judged(condition):
            continue
        rows = _column(tree, condition, query)
        try:
            if query(f"SELECT count(*) FROM ({rows}) AS t(v) WHERE v")[0][0]:
                continue
        except duckdb.Error:
            continue  # it needs the rest of the query, such as an alias
        shown = _item(rows)
        hint = _instead(tree, condition, text, query)
        yield QueryError("no_match", f"No row meets {printable(shown, _LONGEST)}.", hint)


def conditions(tree: Tree) -> list[Tree]:
    """The conditions of the outermost WHERE, all of which a row has to meet."""
    where = tree.get("where_clause")
    if not isinstance(where, dict):
        return []
    return list(where["children"]) if where.get("type") == "CONJUNCTION_AND" else [where]


def _is_judged(condition: Tree) -> bool:
    return condition.get("type") in _EQUAL or condition.get("function_name") in _LIKE


def _instead(tree: Tree, condition: Tree, text: str, query: Query) -> str:
    """The values that the other side of the condition has, those nearest to the text first."""
    side = _other_side(condition)
    if side is None:
        return ""
    rows = _column(tree, side, query)
    found = query(f"SELECT DISTINCT v::VARCHAR FROM ({rows}) AS t(v) LIMIT {_MOST_VALUES}")
    values = sorted(value for (value,) in found if value is not None)
    wanted = text.strip("%_ ")
    parts = [value for value in values if wanted and wanted.casefold() in value.casefold()]
    near = parts[:_FEW] or closest(wanted, values, count=3, cutoff=0.5) or values[:_FEW]
    listed = ", ".join(quote_text(printable(value)) for value in near)
    return f"There {'is' if len(near) == 1 else 'are'}: {listed}." if listed else ""


def _other_side(condition: Tree) -> Tree | None:
    """What is compared with the text."""
    sides = [condition.get("left"), condition.get("right")]
    for argument in (*(condition.get("children") or ()), *(condition.get("arguments") or ())):
        sides.append(argument.get("expression", argument))
    return next(
        (s for s in sides if isinstance(s, dict) and any("column_names" in n for n in nodes(s))), None
    )


def spelled(tree: Tree, condition: Tree, query: Query) -> str:
    """A condition of the query as SQL.

    Args:
        query: runs SQL of ours on the same tables.
    """
    return _item(_column(tree, condition, query))


def _item(rows: str) -> str:
    return rows.removeprefix("SELECT ").partition(" FROM ")[0]


def _column(tree: Tree, item: Tree, query: Query) -> str:
    """SQL of one column over the query's FROM."""
    bare = {"select_list": [item], "where_clause": None, "modifiers": [], "having": None, "qualify": None}
    node = {**tree, **bare, "group_expressions": [], "group_sets": []}
    whole = {"error": False, "statements": [{"node": node, "named_param_map": []}]}
    return str(query(f"SELECT json_deserialize_sql({quote_text(json.dumps(whole))})")[0][0])


def constant_text(node: Tree) -> str | None:
    """The constant text of a node, as the two versions of the tree spell it."""
    if node.get("class") != "CONSTANT":
        return None
    literal = node.get("literal")
    if isinstance(literal, dict):
        return str(literal["text"]) if literal.get("kind") == "STRING" else None
    value = node.get("value") or {}
    is_text = isinstance(value, dict) and (value.get("type") or {}).get("id") == "VARCHAR"
    return str(value["value"]) if is_text and not value.get("is_null") else None
