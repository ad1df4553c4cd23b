"""A value that has more words than the question's: `maker = 'ACME WORKS'` where it says the maker ACME, and
the column has 'ACME' as well.

A small model takes the value of the samples. Told only where the column has exactly what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["whole_values"]

_WORD = re.compile(r"[^\s,;:()]+")
_SHORTEST = 3


def whole_values(
    question: str,
    tables: Sequence[Table],
    dialect: Dialect = DUCKDB,
    run: Callable[[str], QueryResult] | None = None,
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of queries for one question; it speaks once.

    Args:
        run: the rows of a query: whether the column has the shorter value. None: nothing is said.
    """
    if run is None or not question:
        return silent

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        from sqlglot import exp

        found = editable(code)
        if found is None:
            return None
        tree, reader = found
        for condition, literal in _compared(tree):
            said = _said(literal.this, question)
            owner = _owner(condition, tree, tables)
            # With the shorter one beside it, both are meant.
            both = any(node.this == said for node in tree.find_all(exp.Literal))
            if not said or both or owner is None or not _has(owner, condition.this.name, said, dialect, run):
                continue
            wrong = literal.this
            literal.set("this", said)
            message = f"The question says {said!r}, and {condition.this.name} has just that beside {wrong!r}."
            return QueryError("longer_value", message, f"Write: {written(tree, reader)}")
        return None

    return check


def _compared(tree: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    """Conditions that a column is one text, and the texts."""
    from sqlglot import exp

    for condition in tree.find_all(exp.EQ):
        column, literal = condition.this, condition.expression
        if isinstance(column, exp.Column) and isinstance(literal, exp.Literal) and literal.is_string:
            yield condition, literal


def _said(value: str, question: str) -> str:
    """The first words of a value, as far as the question has them and not the whole; spelled as they are."""
    words = _WORD.findall(value)
    if len(words) < 2 or value.casefold() in question.casefold():
        return ""
    for end in range(len(words) - 1, 0, -1):
        first = value[: value.index(words[end])].rstrip(" ,;:(") if end else ""
        if len(first) >= _SHORTEST and re.search(rf"(?<![\w-]){re.escape(first)}(?![\w-])", question):
            # A later word of the value in the question may be what tells it apart.
            later = any(re.search(rf"(?i)(?<!\w){re.escape(w)}(?!\w)", question) for w in words[end:])
            return "" if later else first
    return ""


def _owner(condition: exp.Expr, tree: exp.Expr, tables: Sequence[Table]) -> Table | None:
    """The one table of the query that has the column."""
    from sqlglot import exp

    read = {node.name.casefold() for node in tree.find_all(exp.Table)}
    here = [t for t in tables if t.name.casefold() in read and t.column(condition.this.name)]
    return here[0] if len(here) == 1 else None


def _has(table: Table, column: str, value: str, dialect: Dialect, run: Callable[[str], QueryResult]) -> bool:
    name = dialect.quote_name
    source = f"{name(table.schema)}.{name(table.name)}" if table.schema else name(table.name)
    literal = value.replace("'", "''")
    try:
        rows = run(f"SELECT COUNT(*) FROM {source} WHERE {name(column)} = '{literal}'").frame
    except QueryError:
        return False
    return bool(len(rows)) and int(rows.iat[0, 0]) > 0
