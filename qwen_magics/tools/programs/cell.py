"""A program as a cell of the notebook: with its imports, on copies of what it changes, with a link.

The first line names the question's cell and a digest of everything below it. So a front end can tell, without
keeping anything itself, which cell belongs to which question and whether somebody has edited it since.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Collection, Sequence

from qwen_magics.tools.schema import Table

__all__ = ["cell_link", "is_edited", "notebook_cell", "program_cell"]

_IMPORTS = {
    "pd": "import pandas as pd",
    "np": "import numpy as np",
    "stats": "from scipy import stats",
    "sm": "import statsmodels.api as sm",
}
_RESULT = "result"
_HEADER = re.compile(r"# %qwen (?P<link>[0-9a-f]{8})-(?P<digest>[0-9a-f]{8}): .*\n")
_LONGEST_TITLE = 90


def program_cell(source: str, question: str, tables: Sequence[Table], link: str) -> str:
    """The cell for a program that passed the guard: it runs on the notebook's tables, and leaves them alone.

    Args:
        link: names the cell of the question, any text.
    """
    tree = ast.parse(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    changed = [table.name for table in tables if table.name in _changed(tree)]
    copies = {name: _free(f"{name}_copy", names) for name in changed}
    lines = [line for name, line in _IMPORTS.items() if name in names]
    lines += [f"{copy} = {name}.copy()" for name, copy in copies.items()]
    lines += [*([""] if lines else []), _renamed(source, copies)]
    if _RESULT in names:
        lines.append(_RESULT)
    return notebook_cell("\n".join(lines), question, link)


def notebook_cell(body: str, title: str, link: str) -> str:
    """`body` below a line that says where it comes from."""
    body = body.strip("\n") + "\n"
    shown = " ".join(title.split())
    shown = shown if len(shown) <= _LONGEST_TITLE else shown[: _LONGEST_TITLE - 1] + "…"
    return f"# %qwen {_digest(link)}-{_digest(body)}: {shown}\n{body}".rstrip("\n")


def cell_link(cell: str) -> str | None:
    """What links a generated cell to its question; None for any other cell."""
    found = _HEADER.match(cell)
    return found["link"] if found else None


def is_edited(cell: str) -> bool:
    """Whether a generated cell was changed since; a cell that is not generated counts as edited."""
    found = _HEADER.match(cell)
    return found is None or _digest(cell[found.end() :].strip("\n") + "\n") != found["digest"]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _changed(tree: ast.Module) -> set[str]:
    """Names that are assigned to, or into, and those on which a method works in place."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
            found |= _root(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            in_place = any(keyword.arg == "inplace" for keyword in node.keywords)
            if in_place or node.func.attr in {"insert", "pop", "update"}:
                found |= _root(node.func)
    return found


def _root(node: ast.AST) -> set[str]:
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _renamed(source: str, names: dict[str, str]) -> str:
    """The source with these variables under other names; comments and layout stay."""
    lines = [line.encode() for line in source.splitlines()]
    places = [
        (node.lineno - 1, node.col_offset, node.id)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Name) and node.id in names
    ]
    # From the back, so that what was replaced does not move what is still to be.
    for line, column, name in sorted(places, reverse=True):
        text = lines[line]
        lines[line] = text[:column] + names[name].encode() + text[column + len(name.encode()) :]
    return b"\n".join(lines).decode()


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += "_"
    return name
