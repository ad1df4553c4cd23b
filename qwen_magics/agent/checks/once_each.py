"""What is asked for each species, once for each: not the same row again for every animal of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult

__all__ = ["each_of", "once_each"]

_EACH = re.compile(
    r"\b(?:for|of|in|on|at|has|have|does|do|is|are|how \w+ is) (?:each|every) (\w+)", re.IGNORECASE
)


def each_of(question: str) -> list[str]:
    """The nouns behind "each", in the singular."""
    return [word for noun in _EACH.findall(question) for word in words_of(noun)]


def once_each(things: list[str], result: QueryResult, code: str) -> QueryError | None:
    """A query of plain columns that shows the things themselves, each with the same cells several times."""
    from sqlglot import exp

    rows, cells = len(result.frame), result.frame.astype(str)
    different = len(cells.drop_duplicates()) if rows > 1 else rows
    if rows < 2 * different or rows < 2:
        return None
    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return None
    tree, dialect = found
    if tree.find(exp.Group, exp.AggFunc, exp.Window) or tree.args.get("distinct") or tree.args.get("limit"):
        return None
    shown = [item.unalias() for item in tree.expressions]
    names = [words_of(item.name) for item in shown if isinstance(item, exp.Column)]
    read = [words_of(table.name)[-1:] for table in tree.find_all(exp.Table)]
    # A row of the table is not what may be there only once.
    own = [name for name in names if name and name[-1] in things and name[-1:] not in read]
    if len(own) != 1:
        return None
    tree.set("distinct", exp.Distinct())
    message = f"The result lists {rows} rows, of which only {different} differ."
    return QueryError("repeated_rows", message, f"Write: {written(tree, dialect)}")
