"""Why a program is refused, as one line with what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from qwen_magics.errors import QueryError
from qwen_magics.tools.programs.allowed import ATTRIBUTES, BUILTINS, module_names
from qwen_magics.tools.schema import closest

__all__ = ["refused_attribute", "refused_statement", "unknown_name"]

_STATEMENTS: dict[str, tuple[str, str]] = {
    "Import": ("import is not allowed.", "pd and np are there already; leave the import out."),
    "ImportFrom": ("import is not allowed.", "pd, np and stats are there already; leave the import out."),
    "While": ("while is not allowed.", "Use methods of whole columns, or for."),
    "With": ("with is not allowed.", "Files are out of reach."),
    "Try": ("try is not allowed.", "Filter the rows that would fail."),
    "Starred": ("* is not allowed here.", "Write the items out."),
    "NamedExpr": (":= is not allowed.", "Assign in a line of its own."),
    "Delete": ("del is not allowed.", "Use drop(columns=[…])."),
    "ClassDef": ("class is not allowed.", "Use tables and plain functions."),
}
_INSTEAD = {
    "query": 'Filter in brackets: df[df["x"] > 0].',
    "eval": 'Compute with columns: df["x"] + df["y"].',
    "pipe": "Call the method itself.",
    "format": "Use an f-string, or round().",
    "plot": "Return the numbers; charts are drawn with --format chart.",
    "hist": "Return the numbers; charts are drawn with --format chart.",
    "append": "Use pd.concat([a, b]).",
    "random": "Leave chance out of the answer.",
}


def refused_statement(node: ast.AST, tables: Sequence[str]) -> QueryError:
    """For a kind of syntax that is not in the list."""
    name = type(node).__name__
    message, hint = _STATEMENTS.get(name, (f"{name} is not allowed.", ""))
    return QueryError("not_allowed", message, hint or f"Use {', '.join(tables)} with methods of pandas.")


def refused_attribute(
    name: str, tables: Sequence[str], columns: Collection[str], *, of: str = ""
) -> QueryError:
    """For an attribute, or a function of a module, that is not in the list."""
    shown = f"{of}.{name}" if of else f".{name}"
    if name.startswith("_"):
        return QueryError("attribute_not_allowed", f"{shown} is not allowed: it begins with an underscore.")
    if name in columns and not of:
        hint = f'Read the column in brackets: ["{name}"].'
        return QueryError("attribute_not_allowed", f"{shown} means something else in pandas.", hint)
    if name in _INSTEAD:
        return QueryError("attribute_not_allowed", f"{shown} is not allowed.", _INSTEAD[name])
    if name.startswith(("read_", "to_")):
        hint = f"Files and the network are out of reach; use {', '.join(tables)}."
        return QueryError("attribute_not_allowed", f"{shown} is not allowed.", hint)
    candidates = set(columns) if of else ATTRIBUTES | set(columns)
    near = closest(name, candidates, cutoff=0.75)
    hint = f"Did you mean {of}.{near[0]}?" if near else "Use methods of pandas."
    return QueryError("attribute_not_allowed", f"{shown} is not allowed.", hint)


def unknown_name(name: str, known: Sequence[str], columns: Collection[str]) -> QueryError:
    """For a bare name that nothing defines."""
    message = f"There is no {name}."
    if name in columns:
        return QueryError(
            "unknown_name", message, f'It is a column: {known[0] if known else "df"}["{name}"].'
        )
    if name.startswith("_"):
        return QueryError("not_allowed", f"{name} is not allowed.")
    near = closest(name, [*known, *sorted(BUILTINS | module_names())], cutoff=0.7)
    tables = ", ".join(known[:6])
    return QueryError("unknown_name", message, f"Did you mean {near[0]}?" if near else f"There are {tables}.")
