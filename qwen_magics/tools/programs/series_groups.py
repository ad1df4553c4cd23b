"""A column by itself that is grouped by the name of another one, put right before a program is bound.

`(t["a"] + t["b"]).groupby("k")` has no `k` to find: the sum is one column with the rows of `t`. What is meant
can only be `.groupby(t["k"])`. Only what certainly has the rows of one table is touched.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from qwen_magics.tools.schema import Table

__all__ = ["with_groups"]

# Methods and accessors that leave a column its rows.
_SAME_ROWS = frozenset(
    (
        *("abs", "add", "astype", "between", "bfill", "clip", "cumsum", "diff", "div", "ffill", "fillna"),
        *("isin", "isna", "isnull", "mul", "notna", "notnull", "pct_change", "pow", "rank", "replace"),
        *("round", "shift", "sub", "where"),
    )
)
# Methods of a column that give a single number.
_NUMBER = frozenset(("count", "max", "mean", "median", "min", "nunique", "sem", "std", "sum", "var"))
_PARTS = frozenset(("date", "day", "dayofweek", "dayofyear", "hour", "minute", "month", "quarter", "year"))
_ANY = ""  # a number: of the rows of whatever it is combined with


def with_groups(source: str, tables: Sequence[Table]) -> str:
    """`source` with the table before the name of a column by which a bare column is grouped.

    >>> with_groups('result = t["a"].groupby("k").sum()', tables)
    'result = t["a"].groupby(t["k"]).sum()'
    """
    tree = ast.parse(source)
    edits = list(_edits(tree, {table.name: {c.name for c in table.columns} for table in tables}))
    if not edits:
        return source
    lines = [line.encode() for line in source.splitlines(keepends=True)]
    # From the end, so that the positions before stay true; they count bytes.
    for node, text in sorted(edits, key=lambda edit: (edit[0].lineno, edit[0].col_offset), reverse=True):
        line = lines[node.lineno - 1]
        lines[node.lineno - 1] = line[: node.col_offset] + text.encode() + line[node.end_col_offset :]
    return b"".join(lines).decode()


def _edits(tree: ast.Module, columns: dict[str, set[str]]) -> Iterator[tuple[ast.Constant, str]]:
    stored = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    columns = {name: held for name, held in columns.items() if name not in stored}
    rows: dict[str, str] = {}
    for statement in tree.body:
        if not isinstance(statement, ast.Assign):
            continue
        for node in ast.walk(statement.value):
            yield from _grouped(node, rows, columns)
        target = statement.targets[0]
        if len(statement.targets) == 1 and isinstance(target, ast.Name) and stored.count(target.id) == 1:
            of = _rows(statement.value, rows, columns)
            if of is not None:
                rows[target.id] = of


def _grouped(
    node: ast.AST, rows: dict[str, str], columns: dict[str, set[str]]
) -> Iterator[tuple[ast.Constant, str]]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    if node.func.attr != "groupby" or len(node.args) != 1:
        return
    table = _rows(node.func.value, rows, columns)
    if not table:
        return
    keys = node.args[0].elts if isinstance(node.args[0], (ast.List, ast.Tuple)) else [node.args[0]]
    for key in keys:
        if isinstance(key, ast.Constant) and key.value in columns[table]:
            yield key, f"{table}[{ast.unparse(key).replace(chr(39), chr(34))}]"


def _rows(node: ast.expr, rows: dict[str, str], columns: dict[str, set[str]]) -> str | None:
    """The table whose rows `node` has as one column; `_ANY` for a number, None where that is not certain."""
    if isinstance(node, ast.Constant):
        return _ANY if isinstance(node.value, (int, float)) else None
    if isinstance(node, ast.Name):
        return rows.get(node.id)
    if isinstance(node, ast.Subscript):
        known = isinstance(node.value, ast.Name) and node.value.id in columns
        name = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return node.value.id if known and isinstance(name, str) else None  # type: ignore[attr-defined]
    if isinstance(node, ast.UnaryOp):
        return _rows(node.operand, rows, columns)
    if isinstance(node, ast.BinOp):
        return _both(_rows(node.left, rows, columns), _rows(node.right, rows, columns))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        right = node.comparators[0]
        text = isinstance(right, ast.Constant) and isinstance(right.value, str)
        return _both(_rows(node.left, rows, columns), _ANY if text else _rows(right, rows, columns))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        of = _rows(node.func.value, rows, columns)
        return _ANY if of and node.func.attr in _NUMBER else of if node.func.attr in _SAME_ROWS else None
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute):
        accessor = node.value
        return _rows(accessor.value, rows, columns) if accessor.attr == "dt" and node.attr in _PARTS else None
    return None


def _both(left: str | None, right: str | None) -> str | None:
    if left is None or right is None:
        return None
    return left or right if not left or not right or left == right else None
