"""One number where one for each of something is asked for: "how many products per category have …?"

A rate per hour or per head is one number, and so is a mean; so what stands behind "per" has to be a table
whose
things have names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written
from qwen_magics.tools.sql.labelling import labels_of

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["number_per_group"]

_ASKED = re.compile(
    r"^\W*(?:what (?:is|are) |give me |show(?: me)? )?(?:the )?"
    r"(?:how many|number of|count of) (?:\w+ ){1,3}?per (\w+)\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"\b(?:averag\w*|mean|avg|median|typical\w*|rate|ratio|most|least|max\w*|min\w*|highest|lowest)\b",
    re.IGNORECASE,
)


def number_per_group(
    question: str, tables: Sequence[Table]
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question."""
    asked = _ASKED.search(question)
    found = _group(asked[1], tables) if asked is not None and not _ONE.search(question) else None

    def check(result: QueryResult, code: str) -> QueryError | None:
        if found is None or result.frame.shape != (1, 1):
            return None
        table, column = found
        message = f"The question asks for a number per {words_of(table)[-1]}, and the result is one number."
        query = _grouped(code, table, column)
        hint = f"Write: {query}" if query else f"Group by {table}.{column}."
        return QueryError("one_for_each", message, hint)

    return check


def _group(noun: str, tables: Sequence[Table]) -> tuple[str, str] | None:
    """The table that the noun names, with the one column that its things are called by."""
    named = [table for table in tables if words_of(table.name) == words_of(noun)]
    labels = labels_of(named[0]) if len(named) == 1 else []
    return (named[0].name, labels[0].name) if len(labels) == 1 else None


def _grouped(code: str, table: str, column: str) -> str:
    """The query with a number of rows for each; empty where it does not read the table, or has groups."""
    from sqlglot import exp

    found = editable(code)
    if found is None:
        return ""
    tree, dialect = found
    if not isinstance(tree, exp.Select) or tree.args.get("group"):
        return ""
    read = [node.alias_or_name for node in tree.find_all(exp.Table) if node.name == table]
    if len(read) != 1 or tree.find(exp.Subquery, exp.With, exp.Window) or tree.args.get("limit"):
        return ""
    counts = [node for item in tree.expressions for node in item.find_all(exp.Count)]
    if len(tree.expressions) != 1 or len(counts) != 1:
        return ""
    # A number of groups, or of all rows: in each group, its rows.
    shown = exp.column(column, read[0])
    tree.set("expressions", [shown, exp.Count(this=exp.Star())])
    return written(tree.group_by(shown.copy(), copy=False), dialect)
