"""Do the columns that a program names exist? Found by following tables through it, before anything runs.

Only what is certain is judged: where the columns of an expression cannot be known (behind a pivot, an
aggregate, a function), nothing is said, and a wrong name fails when the program runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from qwen_magics.errors import QueryError
from qwen_magics.tools.programs.merge_keys import key_hint
from qwen_magics.tools.schema import Table, closest

__all__ = ["bind_columns", "text_comparisons"]

Columns = frozenset[str]

# The result has the columns of the table that the method is called on.
_SAME = frozenset(
    (
        *(
            "bfill",
            "clip",
            "convert_dtypes",
            "copy",
            "drop_duplicates",
            "dropna",
            "ffill",
            "fillna",
            "groupby",
        ),
        *(
            "head",
            "infer_objects",
            "mask",
            "nlargest",
            "nsmallest",
            "replace",
            "round",
            "sample",
            "sort_index",
        ),
        *("sort_values", "tail", "where"),
    )
)
# The table itself has other columns afterwards.
_CHANGING = frozenset({"insert", "pop", "update"})
# Which arguments of a method name columns of the table: positions, then keywords.
_NAMING: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "groupby": ((0,), ("by",)),
    "sort_values": ((0,), ("by",)),
    "set_index": ((0,), ("keys",)),
    "drop_duplicates": ((0,), ("subset",)),
    "dropna": ((), ("subset",)),
    "nlargest": ((1,), ("columns",)),
    "nsmallest": ((1,), ("columns",)),
    "pivot": ((), ("index", "columns", "values")),
    "pivot_table": ((0, 1, 2), ("index", "columns", "values")),
    "melt": ((0, 1), ("id_vars", "value_vars")),
    "explode": ((0,), ("column",)),
    "resample": ((), ("on",)),
    "rolling": ((), ("on",)),
}


def bind_columns(tree: ast.Module, tables: Sequence[Table]) -> None:
    """Raise QueryError `unknown_column` for a name that certainly is no column, with the closest that is."""
    _Binder(tables).run(tree.body)


def text_comparisons(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Column and text of each `…["column"] == "text"` and `…["column"].isin(["text", …])`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq):
            column, texts = _key(node.left), _texts(node.comparators[0])
        elif _is_method(node, "isin"):
            assert isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            column, texts = _key(node.func.value), _texts(node.args[0]) if node.args else []
        else:
            continue
        if column is not None:
            yield from ((column, text) for text in texts)


class _Binder:
    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._known: dict[str, Columns | None] = {
            table.name: frozenset(column.name for column in table.columns) for table in tables
        }

    def run(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            if isinstance(statement, ast.Assign):
                self._assign(statement)
            elif isinstance(statement, (ast.Expr, ast.AugAssign)):
                self._columns(statement.value)
            else:
                # Branches, loops and functions: whatever they assign to is no longer known.
                for node in ast.walk(statement):
                    if isinstance(getattr(node, "ctx", None), ast.Store):
                        self._forget(node)

    def _assign(self, statement: ast.Assign) -> None:
        columns = self._columns(statement.value)
        for target in statement.targets:
            if isinstance(target, ast.Name):
                self._known[target.id] = columns
                continue
            base = target.value if isinstance(target, (ast.Subscript, ast.Attribute)) else None
            added = _texts(target.slice) if isinstance(target, ast.Subscript) else []
            if isinstance(base, ast.Name) and (known := self._known.get(base.id)) is not None:
                # `df["new"] = …` adds one; `df.columns = …` and `df.loc[…] = …` may do anything.
                self._known[base.id] = known | set(added) if added else None
            elif target is not None:
                self._forget(target)

    def _forget(self, target: ast.AST) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self._known[node.id] = None

    def _columns(self, node: ast.expr) -> Columns | None:
        """The columns of the table that `node` is, None if it is none or not known; checks all inside."""
        if isinstance(node, ast.Name):
            return self._known.get(node.id)
        if isinstance(node, ast.Subscript):
            return self._of_subscript(node)
        if isinstance(node, ast.Call):
            return self._of_call(node)
        if isinstance(node, (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)):
            return None  # their variables are other tables
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._columns(child)
        return None

    def _of_subscript(self, node: ast.Subscript) -> Columns | None:
        known = self._columns(node.value)
        if isinstance(node.value, ast.Attribute) and node.value.attr in {"loc", "at"}:
            known = self._columns(node.value.value)
            return self._of_loc(node, known)
        self._columns(node.slice)
        if known is None:
            return None
        names = _texts(node.slice)
        self._check(names, known)
        if isinstance(node.slice, ast.List):
            return frozenset(names)
        return None if names else known if not isinstance(node.slice, ast.Constant) else None

    def _of_loc(self, node: ast.Subscript, known: Columns | None) -> Columns | None:
        self._columns(node.slice)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if known is None or len(parts) != 2:
            return known if len(parts) == 1 and isinstance(parts[0], ast.Compare) else None
        names = _texts(parts[1])
        self._check(names, known)
        return frozenset(names) if isinstance(parts[1], ast.List) else None

    def _of_call(self, node: ast.Call) -> Columns | None:
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            self._columns(argument)
        if not isinstance(node.func, ast.Attribute):
            return None
        if _is_pandas(node.func.value) and node.func.attr == "merge" and len(node.args) == 2:
            # `pd.merge(a, b, …)` is `a.merge(b, …)`.
            left = self._columns(node.args[0])
            return None if left is None else self._of_merge(node, left, node.args[1])
        known, method = self._columns(node.func.value), node.func.attr
        if known is None:
            return None
        self._check_arguments(node, method, known)
        if method in _CHANGING or any(keyword.arg == "inplace" for keyword in node.keywords):
            self._forget(node.func.value)
        if method == "merge":
            return self._of_merge(node, known, node.args[0] if node.args else None)
        if method == "assign":
            return known | {keyword.arg for keyword in node.keywords if keyword.arg}
        if method == "reset_index":
            return known | {"index"}
        if method == "groupby" and not node.args and not node.keywords:
            return None
        return known if method in _SAME else None

    def _check_arguments(self, node: ast.Call, method: str, known: Columns) -> None:
        positions, keywords = _NAMING.get(method, ((), ()))
        for position in positions:
            if position < len(node.args):
                self._check(_texts(node.args[position]), known)
        for keyword in node.keywords:
            if keyword.arg in keywords:
                self._check(_texts(keyword.value), known)

    def _of_merge(self, node: ast.Call, known: Columns, right: ast.expr | None) -> Columns | None:
        other = self._columns(right) if right is not None else None
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        if other is None:
            return None
        on = _texts(given["on"]) if "on" in given else []
        for side, word in ((known, "left_on"), (other, "right_on")):
            self._check([*on, *(_texts(given[word]) if word in given else [])], side, merging=True)
        if "suffixes" in given:
            return None
        return known | other | {f"{name}{end}" for name in known & other for end in ("_x", "_y")}

    def _check(self, names: Iterable[str], known: Columns, *, merging: bool = False) -> None:
        for name in names:
            if name not in known:
                near = closest(name, sorted(known), count=2, cutoff=0.5)
                offered = ", ".join(repr(item) for item in (near or sorted(known)[:12]))
                hint = f"Did you mean {offered}?" if near else f"There are: {offered}."
                hint = (key_hint(name, known, self._tables) if merging else "") or hint
                raise QueryError("unknown_column", f"There is no column {name[:60]!r}.", hint)


def _is_pandas(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "pd"


def _texts(node: ast.expr) -> list[str]:
    """`"a"` and `["a", "b"]` as a list; anything that is not wholly text is empty."""
    items = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    texts = [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    return texts if len(texts) == len(items) else []


def _key(node: ast.expr) -> str | None:
    """The column of `table["column"]` or `table.column`."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return node.slice.value if isinstance(node.slice.value, str) else None
    return node.attr if isinstance(node, ast.Attribute) else None


def _is_method(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name
