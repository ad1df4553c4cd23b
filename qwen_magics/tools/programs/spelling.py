"""Columns in another letter case than theirs, put right before a program is bound.

SQL takes `horsepower` for `Horsepower`; pandas does not, and a small model that wrote SQL's spelling once
does not find the other one by being told. Only names that certainly mean a column are touched: texts that are
compared with cells, and names that the program makes itself, stay as they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from qwen_magics.tools.schema import Table

__all__ = ["with_spelling"]

_NAMING = frozenset({"name", "names", "value_name", "var_name"})


def with_spelling(source: str, tables: Sequence[Table]) -> str:
    """`source` with the columns of `tables` in their own spelling.

    >>> with_spelling('result = cars["horsepower"].max()', tables)
    'result = cars["Horsepower"].max()'
    """
    spellings = _spellings(tables)
    tree = ast.parse(source)
    kept = set(_defined(tree))
    texts = {id(node) for node in _compared(tree)}
    # From the end, so that the positions before stay true.
    places = sorted(_constants(tree), key=lambda place: (place[0].lineno, place[0].col_offset), reverse=True)
    for node, name in places:
        right = spellings.get(_folded(name))
        if right is None or name == right or id(node) in texts or name in kept:
            continue
        source = _replaced(source, node, right)
    return source


def _spellings(tables: Sequence[Table]) -> dict[str, str]:
    """Folded name → the one column that it can mean."""
    found: dict[str, set[str]] = {}
    for table in tables:
        for column in table.columns:
            found.setdefault(_folded(column.name), set()).add(column.name)
    return {folded: next(iter(names)) for folded, names in found.items() if len(names) == 1}


def _folded(name: str) -> str:
    return re.sub(r"[ _]+", "_", name.casefold())


def _constants(tree: ast.AST) -> Iterator[tuple[ast.Constant, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno == node.end_lineno:
            yield node, node.value


def _compared(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for part in node.comparators:
                # `a["x"] == b["y"]` has columns on the right, too: only bare texts are values.
                yield from [part] if isinstance(part, ast.Constant) else []
                yield from part.elts if isinstance(part, (ast.List, ast.Tuple, ast.Set)) else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "isin":
            yield from (child for argument in node.args for child in ast.walk(argument))


def _defined(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            yield from (text for _, text in _constants(node.slice))
        elif isinstance(node, ast.keyword) and node.arg is not None:
            yield node.arg
            if node.arg in _NAMING:
                yield from (text for _, text in _constants(node.value))
        elif isinstance(node, ast.Dict):
            yield from (text for value in node.values for _, text in _constants(value))
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Attribute) for t in node.targets):
            yield from (text for _, text in _constants(node.value))


def _replaced(source: str, node: ast.Constant, text: str) -> str:
    assert node.end_col_offset is not None
    lines = source.splitlines(keepends=True)
    # Columns of a syntax tree count bytes.
    line = lines[node.lineno - 1].encode()
    changed = line[: node.col_offset] + _quoted(text).encode() + line[node.end_col_offset :]
    lines[node.lineno - 1] = changed.decode()
    return "".join(lines)


def _quoted(text: str) -> str:
    # In double quotes, as the model writes texts.
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
