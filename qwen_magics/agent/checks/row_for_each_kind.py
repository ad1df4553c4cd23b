"""A row for each of two kinds, where a query has a column for each: "one row for each, please"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["row_for_each_kind"]

_ROWS = re.compile(
    r"\b(?:(?:one|a|a single|a separate|its own|their own) (?:row|line)s? (?:for|per) (?:each|both|every"
    r"|either)(?: (?:one|kind|of (?:them|the two|these|those)))?(?=\W*(?:please|thanks)?\W*$|[.,;])"
    r"|(?:one|a|a single|a separate) (?:row|line)s? (?:for|per) (?:each|every) (?:value|kind"
    r"|state|status|group|type|case)\b"
    r"|(?:in|as|on|into) (?:two|three|separate) (?:separate )?(?:rows|lines)"
    r"|each (?:one )?(?:in|on) (?:a|its own|one|a separate) (?:row|line)|(?:two|three) rows"
    r"|one (?:row|line) each|a (?:row|line) each|one below the other|below each other|under each other)\b",
    re.IGNORECASE,
)


def row_for_each_kind(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    if _ROWS.search(question) is None:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _as_rows(code)
        if not whole:
            return None
        return QueryError(
            "columns_for_rows", "The question asks for rows, and these are columns.", f"Write: {whole}"
        )

    return check


def _as_rows(code: str) -> str:
    """The query with its figures below each other; empty where it has groups, or one figure."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or found[0].find(exp.Group, exp.SetOperation):
        return ""
    tree, dialect = found
    figures = list(tree.expressions)
    if len(figures) < 2 or not all(figure.unalias().find(exp.AggFunc) for figure in figures):
        return ""
    parts = []
    for figure in figures:
        part = tree.copy()
        name = figure.alias or figure.sql(dialect=dialect)
        label = exp.alias_(exp.Literal.string(name.replace("_", " ")), "kind")
        part.set("expressions", [label, exp.alias_(figure.unalias().copy(), "value")])
        parts.append(written(part, dialect))
    return _grouped(tree, dialect) or " UNION ALL ".join(parts)


def _grouped(tree: exp.Expr, dialect: str) -> str:
    """The figures for each value of the one column that all conditions are about; else empty."""
    from sqlglot import exp

    figures: dict[str, list[str]] = {}
    columns = set[str]()
    for item in tree.expressions:
        part = _part(item, dialect)
        if part is None:
            return ""
        column, value, figure = part
        columns.add(column)
        figures.setdefault(value, []).append(figure)
    shown = next(iter(figures.values()), [])
    # Each value has the same figures, none of them twice.
    alike = all(sorted(own) == sorted(shown) for own in figures.values()) and len(set(shown)) == len(shown)
    if len(columns) != 1 or len(figures) < 2 or not alike:
        return ""
    (column,) = columns
    whole = tree.copy()
    assert isinstance(whole, exp.Select)
    whole = whole.select(column, *shown, append=False, dialect=dialect)
    whole = whole.where(f"{column} IN ({', '.join(figures)})", dialect=dialect).group_by(
        column, dialect=dialect
    )
    return written(whole, dialect)


def _part(item: exp.Expr, dialect: str) -> tuple[str, str, str] | None:
    """The column and the value of the one condition of a figure, and the figure without it."""
    from sqlglot import exp

    cases, aggregate = list(item.find_all(exp.Case)), item.unalias()
    if (
        not isinstance(aggregate, exp.AggFunc)
        or len(cases) != 1
        or aggregate.this is not cases[0]
        or len(cases[0].args["ifs"]) != 1
    ):
        return None
    branch = cases[0].args["ifs"][0]
    test = branch.this
    if not isinstance(test, exp.EQ) or not isinstance(test.this, exp.Column):
        return None
    if not isinstance(test.expression, exp.Literal):
        return None
    true = branch.args["true"].sql(dialect=dialect)
    figure = "COUNT(*)" if true == "1" else f"{aggregate.sql_name()}({true})"
    return test.this.sql(dialect=dialect), test.expression.sql(dialect=dialect), figure
