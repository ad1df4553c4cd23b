"""How many countries, where a country has many rows: COUNT(DISTINCT country), and not COUNT(*).

The table's own things are its rows, flights in `flights`; what a column of texts repeats is counted once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Column, Table

__all__ = ["counted_values"]

_MANY = re.compile(
    r"^\W*(?:(?:in|of|for|according to|going by|by) @?\w+,? )?(?:how many|count (?:the|all)|(?:(?:what"
    r" is|what's|give|find) )?"
    r"(?:me )?the number of)(?: of)?(?: the| all)? ([\w-]+)\b(?! (?:per|and|of each|,)\b)",
    re.IGNORECASE,
)
_ROWS = re.compile(r"\b(?:rows?|records?|entries|lines|times|each|every|per|cases|observations)\b", re.I)


def counted_values(
    question: str, tables: Sequence[Table], run: Callable[[str], QueryResult] | None
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of queries for one question; it speaks once.

    Args:
        run: the rows of a query: whether the column repeats its values is looked up. None: nothing is said.
    """
    found = _MANY.search(question) if not _ROWS.search(question) else None
    noun = words_of(found[1]) if found is not None else []
    own = {word for table in tables for word in words_of(table.name)[-1:]}
    if run is None or not noun or noun[-1] in own:
        return silent

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        whole = _distinct(result, code, noun[-1], tables)
        if not whole or not _repeats(result, whole, run):
            return None
        message = f"COUNT(*) counts rows, and the question asks how many {found[1] if found else noun[-1]}."
        return QueryError("rows_counted", message, f"Write: {whole}")

    return check


def _distinct(result: QueryResult, code: str, noun: str, tables: Sequence[Table]) -> str:
    """The query that counts the values of the column of that name; empty where it does not count rows."""
    from sqlglot import exp

    found = editable(code)
    if (
        found is None
        or not isinstance(found[0], exp.Select)
        or found[0].find(exp.Join, exp.Subquery, exp.Group)
    ):
        return ""
    tree, dialect = found
    sources = [node.name.casefold() for node in tree.find_all(exp.Table)]
    read = [table for table in tables if [table.name.casefold()] == sources]
    count = tree.expressions[0].unalias() if len(tree.expressions) == 1 else None
    if not read or not isinstance(count, exp.Count) or not _counts_rows(count, noun):
        return ""
    columns = [c for c in read[0].columns if words_of(c.name) == [noun] and _is_text(c)]
    if len(columns) != 1 or _is_settled(tree, columns[0].name) or result.frame.shape != (1, 1):
        return ""
    name = exp.column(columns[0].name, quoted=not columns[0].name.isidentifier())
    count.set("this", exp.Distinct(expressions=[name]))
    return written(tree, dialect)


def _counts_rows(count: exp.Expr, noun: str) -> bool:
    """`COUNT(*)`, or `COUNT(country)`."""
    from sqlglot import exp

    return isinstance(count.this, exp.Star) or (
        isinstance(count.this, exp.Column) and words_of(count.this.name) == [noun]
    )


def _is_text(column: Column) -> bool:
    return column.dtype.startswith(("VARCHAR", "TEXT", "CHAR", "ENUM")) and not column.unique


def _is_settled(tree: exp.Expr, name: str) -> bool:
    """A condition leaves one value of the column, so that its rows are what is counted."""
    from sqlglot import exp

    equal = [node for node in conjuncts(tree) if isinstance(node, (exp.EQ, exp.In))]
    return any(c.name.casefold() == name.casefold() for node in equal for c in node.find_all(exp.Column))


def _repeats(result: QueryResult, whole: str, run: Callable[[str], QueryResult]) -> bool:
    """Whether there are so many rows of each value that nobody would count them: two and more of each."""
    try:
        different = run(whole).frame.iat[0, 0]
    except QueryError:
        return False
    return bool(different > 0 and 2 * different <= result.frame.iat[0, 0])
