"""A column that is called a median and is an average: the name says what was meant.

A small model that does not think of MEDIAN writes `AVG(price) AS median`, and `SUM(price) AS average`. Told
only where the name and the question agree, and of queries without inner ones: the mean of the middle rows is
a median.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp

__all__ = ["other_aggregate"]

# What people call an aggregate → its name.
_CALLED = {
    "median": "MEDIAN",
    "average": "AVG",
    "avg": "AVG",
    "mean": "AVG",
    "total": "SUM",
    "sum": "SUM",
    "highest": "MAX",
    "max": "MAX",
    "maximum": "MAX",
    "lowest": "MIN",
    "min": "MIN",
    "minimum": "MIN",
}


def other_aggregate(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question."""
    asked = {_CALLED[word] for word in words_of(question) if word in _CALLED}

    def check(code: str) -> QueryError | None:
        found = editable(code) if asked else None
        if found is None or _is_nested(found[0]):
            return None
        tree, dialect = found
        for item in tree.expressions:
            meant = _meant(item)
            if meant not in asked or (computed := _aggregate(item)) in ("", meant):
                continue
            message = f"{item.alias} is a {computed}, and the question asks for the {meant}."
            _replace(item, meant)
            return QueryError("other_aggregate", message, f"Write: {written(tree, dialect)}")
        return None

    return check


def _is_nested(tree: exp.Expr) -> bool:
    from sqlglot import exp

    return len(list(tree.find_all(exp.Select))) != 1


def _meant(item: exp.Expr) -> str:
    """The aggregate that the name speaks of; empty for none or several."""
    said = {_CALLED[word] for word in words_of(item.alias) if word in _CALLED}
    return said.pop() if len(said) == 1 else ""


def _aggregate(item: exp.Expr) -> str:
    """The name of the plain aggregate of one column that the item is; empty for anything else."""
    from sqlglot import exp

    kinds = {exp.Avg: "AVG", exp.Sum: "SUM", exp.Max: "MAX", exp.Min: "MIN", exp.Median: "MEDIAN"}
    name = kinds.get(type(item.this), "")
    return name if name and isinstance(item.this.this, exp.Column) else ""


def _replace(item: exp.Expr, meant: str) -> None:
    from sqlglot import exp

    item.set("this", exp.func(meant, item.this.this.copy()))
