"""How many loans, and a query that counts the different members who made them.

Only where the rows that are asked for lead to what is counted: of each loan there is one member, so that the
number of members is never the number of loans.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.links.way_sources import table_of, way_between
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["other_thing_counted"]

_COUNTED = re.compile(
    r"\b(?:how many|(?:number|count) of)(?: of)?(?: (?:the|our|all|its|their))? (\w+)", re.IGNORECASE
)
_DIFFERENT = re.compile(r"\b(?:different|distinct|unique|separate|individual) (\w+)", re.IGNORECASE)


def other_thing_counted(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    nouns = _COUNTED.findall(question)
    rows = table_of(nouns[0], tables) if len(nouns) == 1 else None
    if rows is None:
        return silent
    different = [table_of(noun, tables) for noun in _DIFFERENT.findall(question)]

    @once
    def check(code: str) -> QueryError | None:
        if "DISTINCT" not in code.upper():
            return None
        counted, whole = _counted(code, rows, [t for t in tables if t not in different])
        if not whole:
            return None
        message = (
            f"The question asks how many {rows.name}, and COUNT(DISTINCT {counted}) counts another thing."
        )
        return QueryError("other_thing", message, f"Write: {whole}")

    return check


def _counted(code: str, rows: Table, tables: Sequence[Table]) -> tuple[str, str]:
    """The key that is counted, and the query that counts the rows; both empty where it counts those."""
    from sqlglot import exp

    found = editable(code)
    if found is None or found[0].find(exp.Subquery, exp.With, exp.Union):
        return "", ""
    tree, dialect = found
    counts = list(tree.find_all(exp.AggFunc))
    nodes = {node.alias_or_name.casefold(): node for node in tree.find_all(exp.Table)}
    read = [node for node in nodes.values() if node.name.casefold() == rows.name.casefold()]
    keys = [c.name for c in rows.columns if c.unique and c.name.casefold().endswith("id")]
    if not counts or any(node != counts[0] for node in counts) or len(read) != 1 or len(keys) != 1:
        return "", ""
    this = counts[0].this
    if (
        not isinstance(counts[0], exp.Count)
        or not isinstance(this, exp.Distinct)
        or len(this.expressions) != 1
    ):
        return "", ""
    column = this.expressions[0]
    thing = _thing(column, nodes, tables) if isinstance(column, exp.Column) else None
    if thing is None or thing is rows or way_between(rows, thing, tables) is None:
        return "", ""
    for count in counts:
        count.this.set("expressions", [exp.column(keys[0], read[0].alias_or_name)])
    return column.sql(), written(tree, dialect)


def _thing(column: exp.Column, nodes: Mapping[str, exp.Table], tables: Sequence[Table]) -> Table | None:
    """The table whose things the column tells apart: its key, or one that leads to it."""
    node = nodes.get(column.table.casefold())
    named = node.name.casefold() if node is not None else ""
    table = next((t for t in tables if t.name.casefold() == named), None)
    own = table.column(column.name) if table is not None else None
    if table is None or own is None:
        return None
    led = [join.other for join in table.joins if join.column == own.name and not join.more]
    if led:
        return next((t for t in tables if t.name == led[0]), None)
    return table if own.unique and own.name.casefold().endswith("id") else None
