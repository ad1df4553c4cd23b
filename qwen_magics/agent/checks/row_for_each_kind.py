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
    """One figure for each value of the one column that all conditions are about; else empty."""
    from sqlglot import exp

    columns, values, inner = set[str](), list[str](), set[str]()
    for figure in tree.expressions:
        cases = list(figure.find_all(exp.Case))
        aggregate = figure.unalias()
        if len(cases) != 1 or aggregate.this is not cases[0] or len(cases[0].args["ifs"]) != 1:
            return ""
        branch = cases[0].args["ifs"][0]
        test = branch.this
        if not isinstance(test, exp.EQ) or not isinstance(test.this, exp.Column):
            return ""
        if not isinstance(test.expression, exp.Literal):
            return ""
        columns.add(test.this.sql(dialect=dialect))
        values.append(test.expression.sql(dialect=dialect))
        value = branch.args["true"].sql(dialect=dialect)
        inner.add("COUNT(*)" if value == "1" else f"{aggregate.sql_name()}({value})")
    if len(columns) != 1 or len(inner) != 1 or len(set(values)) < len(values):
        return ""
    (column,), (figure,) = columns, inner
    whole = tree.copy()
    assert isinstance(whole, exp.Select)
    whole = whole.select(column, figure, append=False, dialect=dialect)
    whole = whole.where(f"{column} IN ({', '.join(values)})", dialect=dialect).group_by(
        column, dialect=dialect
    )
    return written(whole, dialect)
