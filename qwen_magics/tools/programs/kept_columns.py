"""Columns that a program leaves out and then groups or pivots by, put in again before it is bound.

`t[t["year"] > 2000][["month", "rain"]].pivot_table(index="year", …)` has no `year` left to be the index. What
is meant can only be a selection that has it. Only selections of a table's own columns are touched.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence

from qwen_magics.tools.schema import Table

__all__ = ["with_kept"]

# Which arguments of a method are columns; of those without a name, the first.
_NAMED = {
    "groupby": ("by",),
    "pivot": ("index", "columns", "values"),
    "pivot_table": ("index", "columns", "values"),
    "set_index": ("keys",),
    "sort_values": ("by",),
}
_FIRST = frozenset(["groupby", "set_index", "sort_values"])


def with_kept(source: str, tables: Sequence[Table]) -> str:
    """`source` with the columns that are used in each selection that is made of a table.

    >>> with_kept('result = t[t["a"] > 1][["b"]].groupby("a").sum()', tables)
    'result = t[t["a"] > 1][["b", "a"]].groupby("a").sum()'
    """
    tree = ast.parse(source)
    columns = {table.name: {column.name for column in table.columns} for table in tables}
    stored = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    columns = {name: held for name, held in columns.items() if name not in stored}
    # What is put into it later on may be the column that is missing.
    changed = {
        part.value.id
        for part in ast.walk(tree)
        if isinstance(part, ast.Subscript | ast.Attribute)
        and isinstance(part.ctx, ast.Store)
        and isinstance(part.value, ast.Name)
    }
    made = {
        statement.targets[0].id: statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Name)
        and stored.count(statement.targets[0].id) == 1
        and statement.targets[0].id not in changed
    }
    missing: dict[ast.List, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _NAMED:
            value = node.func.value
            value = made.get(value.id, value) if isinstance(value, ast.Name) else value
            selection, table = _selection(value)
            if selection is None or table not in columns:
                continue
            held = [*_texts(selection), *missing.get(selection, [])]
            left = [name for name in dict.fromkeys(_used(node)) if name not in held]
            if left and columns[table] >= {*left, *held}:
                missing.setdefault(selection, []).extend(left)
    return _filled(source, missing) if missing else source


def _selection(value: ast.expr) -> tuple[ast.List | None, str]:
    """The list of columns that is selected last, and the table that it is selected from."""
    if not isinstance(value, ast.Subscript):
        return None, ""
    chosen: ast.expr | None = value.slice
    if isinstance(chosen, ast.Tuple):  # .loc[rows, columns]
        is_loc = isinstance(value.value, ast.Attribute) and value.value.attr == "loc"
        chosen = chosen.elts[-1] if is_loc and len(chosen.elts) == 2 else None
    if not isinstance(chosen, ast.List) or not chosen.elts or len(_texts(chosen)) != len(chosen.elts):
        return None, ""
    rows: ast.expr = value.value
    while isinstance(rows, ast.Subscript | ast.Attribute):
        if isinstance(rows, ast.Attribute) and rows.attr != "loc":
            return None, ""
        if isinstance(rows, ast.Subscript) and isinstance(rows.slice, ast.Constant | ast.List | ast.Tuple):
            return None, ""  # columns have been selected before
        rows = rows.value
    return (chosen, rows.id) if isinstance(rows, ast.Name) else (None, "")


def _texts(node: ast.expr) -> list[str]:
    parts = node.elts if isinstance(node, ast.List) else [node]
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def _used(call: ast.Call) -> Iterator[str]:
    assert isinstance(call.func, ast.Attribute)
    if call.args and call.func.attr in _FIRST:
        yield from _texts(call.args[0])
    for keyword in call.keywords:
        if keyword.arg in _NAMED[call.func.attr]:
            yield from _texts(keyword.value)


def _filled(source: str, missing: dict[ast.List, list[str]]) -> str:
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    # From the end, so that the positions before stay true; they count bytes.
    for node, names in sorted(
        missing.items(), key=lambda m: (m[0].elts[-1].lineno, m[0].elts[-1].col_offset), reverse=True
    ):
        last = node.elts[-1]
        assert last.end_lineno is not None
        line = lines[last.end_lineno - 1]
        more = "".join(f", {json.dumps(name, ensure_ascii=False)}" for name in names)
        lines[last.end_lineno - 1] = line[: last.end_col_offset] + more.encode() + line[last.end_col_offset :]
    return b"".join(lines).decode()
