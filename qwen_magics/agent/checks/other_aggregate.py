"""A column that is called a median and is an average: the name says what was meant.

A small model that does not think of MEDIAN writes `AVG(price) AS median`, and `SUM(price) AS average`. Told
only where the name and the question agree, and of queries without inner ones: the mean of the middle rows is
a median. A question that speaks of a median alone has no average in it, whatever the column is called.

Other checks write their hints from the query that the model wrote; so that none carries such a mistake on,
they are given the query as it was meant (`as_meant`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp

__all__ = ["as_meant", "other_aggregate"]

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
    asked = _asked(question)

    def check(code: str) -> QueryError | None:
        message, query = _put_right(asked, code)
        return QueryError("other_aggregate", message, f"Write: {query}") if message else None

    return check


def as_meant(question: str) -> Callable[[str], str]:
    """What gives a query with the aggregates that its names and the question speak of; else as it is."""
    asked = _asked(question)
    return lambda code: _put_right(asked, code)[1]


def _asked(question: str) -> frozenset[str]:
    return frozenset(_CALLED[word] for word in words_of(question) if word in _CALLED)


def _put_right(asked: frozenset[str], code: str) -> tuple[str, str]:
    """What is wrong, and the query with it put right; nothing and the query as it is where nothing is."""
    found = editable(code) if asked else None
    if found is None or _is_nested(found[0]):
        return "", code
    tree, dialect = found
    for item in tree.expressions:
        meant = _meant(item)
        if meant not in asked or (computed := _aggregate(item)) in ("", meant):
            continue
        message = f"{item.alias} is a {computed}, and the question asks for the {meant}."
        _replace(item, meant)
        return message, written(tree, dialect)
    if "MEDIAN" in asked and "AVG" not in asked and _takes_means_for_medians(tree):
        return "The query takes an average, and the question asks for the median.", written(tree, dialect)
    return "", code


def _takes_means_for_medians(tree: exp.Expr) -> bool:
    """Whether it had means of columns, which are now medians, and no median."""
    from sqlglot import exp

    means = [mean for mean in tree.find_all(exp.Avg) if mean.find_ancestor(exp.Window) is None]
    names = [column.name for mean in means for column in mean.find_all(exp.Column)]
    if not all(map(_is_of_rows, means)):
        return False
    if not means or tree.find(exp.Median, exp.PercentileCont, exp.PercentileDisc, exp.Quantile, exp.Distinct):
        return False
    # A column of medians has a mean.
    if any("median" in words_of(name) for name in names) or "median" in tree.sql().casefold():
        return False
    for mean in means:
        mean.replace(exp.func("MEDIAN", mean.this.copy()))
    return True


def _is_of_rows(mean: exp.Expr) -> bool:
    """Whether it is the mean of a column, or of one under conditions on texts: by numbers of rows, the mean
    of the middle ones is a median.
    """
    from sqlglot import exp

    if isinstance(mean.this, exp.Column):
        return True
    literals = list(mean.find_all(exp.Literal))
    return isinstance(mean.this, exp.Case) and bool(literals) and all(item.is_string for item in literals)


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
