"""How many countries each continent has, where a country has many rows: COUNT(DISTINCT country).

`counted_values` is the same of a single number.
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
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Column, Table

__all__ = ["per_group_values"]

_BETWEEN = (
    r"(?: (?:are|were|is|was) there| does @?\w+ (?:have|list|hold|know|contain)| exist"
    r"| do we have| (?:is|are|were) listed)?"
)
_MANY = re.compile(
    rf"\b(?:how many|numbers? of) (?:the )?(?P<noun>[a-z][\w-]*){_BETWEEN} (?:per|(?:in|on|of"
    rf"|for|at|by|within|does|has) (?:each|every)) "
    rf"(?:of the )?(?P<group>\w+)\b"
    rf"|\b(?:for|in|on|of) (?:each|every) (?P<group2>\w+),? (?:how many|(?:show |give "
    rf"|list )?(?:me )?the number of) (?P<noun2>[a-z][\w-]*)"
    r"(?= (?:it|are|there|does|do|has|belong|is|we)\b|[.?,]|\W*$)"
    r"|\bhow many (?P<noun3>[a-z][\w-]*) (?:does|do|did|has) (?:each"
    r"|every) (?P<group3>\w+) (?:have|has|contain|include)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:rows?|records?|entries|lines|times|cases|observations|average|mean|total|percent\w*|share)\b", re.I
)


def per_group_values(
    question: str, tables: Sequence[Table], run: Callable[[str], QueryResult] | None
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of queries for one question; it speaks once.

    Args:
        run: the rows of a query: whether the column repeats its values is looked up. None: nothing is said.
    """
    found = list(_MANY.finditer(question)) if not _OTHER.search(question) else []
    if run is None or len(found) != 1:
        return silent
    noun = words_of(next(filter(None, (found[0][n] for n in ("noun", "noun2", "noun3")))))
    own = {word for table in tables for word in words_of(table.name)[-1:]}
    if not noun or noun[-1] in own:
        return silent

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        name, whole = _distinct(code, noun[-1], tables)
        if not whole or not _repeats(result, whole, run):
            return None
        message = f"COUNT(*) counts rows, and a {name} has several of them."
        return QueryError("rows_counted", message, f"Write: {whole}")

    return check


def _distinct(code: str, noun: str, tables: Sequence[Table]) -> tuple[str, str]:
    """The column of that name, and the query that counts its values in each group; empty for another."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return "", ""
    tree, dialect = found
    group = tree.args.get("group")
    sources = [node.name.casefold() for node in tree.find_all(exp.Table)]
    read = [table for table in tables if [table.name.casefold()] == sources]
    counts = list(tree.find_all(exp.Count))
    if group is None or not read or not counts or tree.find(exp.Join, exp.Subquery, exp.Window, exp.Case):
        return "", ""
    columns = [c for c in read[0].columns if words_of(c.name) == [noun] and _is_text(c)]
    grouped = {c.name.casefold() for c in group.find_all(exp.Column)}
    settled = {c.name.casefold() for node in conjuncts(tree) for c in node.find_all(exp.Column)}
    if len(columns) != 1 or columns[0].name.casefold() in grouped | settled:
        return "", ""
    for count in counts:
        if not isinstance(count.this, exp.Star) and not (
            isinstance(count.this, exp.Column) and words_of(count.this.name) == [noun]
        ):
            return "", ""
        name = exp.column(columns[0].name, quoted=not columns[0].name.isidentifier())
        count.set("this", exp.Distinct(expressions=[name]))
    return columns[0].name, written(tree, dialect)


def _is_text(column: Column) -> bool:
    return column.dtype.startswith(("VARCHAR", "TEXT", "CHAR", "ENUM")) and not column.unique


def _repeats(result: QueryResult, whole: str, run: Callable[[str], QueryResult]) -> bool:
    """Whether there are so many rows of each value that nobody would count them: two and more of each."""
    try:
        meant = run(whole).frame
    except QueryError:
        return False
    rows, values = result.frame.select_dtypes("number"), meant.select_dtypes("number")
    if rows.shape != values.shape or not rows.size:
        return False
    return bool(2 * values.iloc[:, -1].sum() <= rows.iloc[:, -1].sum())
