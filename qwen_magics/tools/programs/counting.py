"""Programs that count every column where rows are meant: pandas does so wherever no column is named."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from qwen_magics.errors import QueryError

__all__ = ["counted_columns"]


def counted_columns(source: str) -> Iterator[QueryError]:
    """A finding `every_column`, with what counts rows instead, for each such call.

    >>> [f.hint for f in counted_columns('result = t.groupby("a").count()')]
    ["Write t.groupby('a').size()."]
    """
    for node in ast.walk(ast.parse(source)):
        instead = _instead(node) if isinstance(node, ast.Call) else None
        if instead is not None:
            message = "Every column is counted on its own."
            yield QueryError("every_column", message, f"Write {instead}.")


def _instead(call: ast.Call) -> str | None:
    function = call.func
    if not isinstance(function, ast.Attribute):
        return None
    if function.attr == "count" and not call.args and _is_grouped(function.value):
        return f"{ast.unparse(function.value)}.size()"
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if function.attr != "pivot_table" or call.args or "values" in given:
        return None
    how, index, columns = (given.get(name) for name in ("aggfunc", "index", "columns"))
    if index is None or columns is None or not (isinstance(how, ast.Constant) and how.value == "count"):
        return None
    table = ast.unparse(function.value)
    return f"pd.crosstab({', '.join(f'{table}[{ast.unparse(_bare(key))}]' for key in (index, columns))})"


def _is_grouped(node: ast.expr) -> bool:
    """`t.groupby(…)` itself: with a column chosen of it, that column is what is counted."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "groupby"


def _bare(key: ast.expr) -> ast.expr:
    return key.elts[0] if isinstance(key, ast.List) and len(key.elts) == 1 else key
