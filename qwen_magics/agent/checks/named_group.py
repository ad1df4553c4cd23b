"""Groups by another column than the one that stands beside the group's name: "each time zone (tzone of …)".

Told with the query grouped by that column, where it has one group and reads the column's table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written
from qwen_magics.tools.sql.labelling import LABELS

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["named_group"]

_GROUP = re.compile(r"\b(?:each|every|per|by) (?:[\w-]+ ){1,3}\((?:the )?(?:column )?(\w+)[^)]{0,60}\)", re.I)
# Another thing is told of the group: "each airline (name and number)".
_SEVERAL = re.compile(r"\([^)]*(?:,|\band\b|\bor\b)[^)]*\)")


def named_group(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question, which speaks once."""
    found = _GROUP.search(question)
    column = found[1] if found is not None and not _SEVERAL.search(found[0]) else ""
    owners = [table.name for table in tables if table.column(column)] if column else []
    if len(owners) != 1:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        query = editable(code)
        if query is None or not _regrouped(query[0], column, owners[0]):
            return None
        message = f"The groups that the question asks for are those of {column}."
        return QueryError("other_group", message, f"Write: {written(*query)}")

    return check


def _regrouped(tree: exp.Expr, column: str, owner: str) -> bool:
    """Whether the query had one other column as its group, which is the asked one now."""
    from sqlglot import exp

    key = _key(tree)
    if key is None or len(list(tree.find_all(exp.Select))) != 1:
        return False
    read = list(tree.find_all(exp.Table))
    own = [node for node in read if node.name.casefold() == owner.casefold()]
    used = {found.name.casefold() for found in tree.find_all(exp.Column)}
    if len(own) != 1 or column.casefold() in used:
        return False
    right = exp.column(column, table=own[0].alias_or_name if len(read) > 1 else None)
    for place in (*tree.expressions, tree.args.get("group"), tree.args.get("order")):
        for found in list(place.find_all(exp.Column)) if place is not None else ():
            if found == key:
                found.replace(right.copy())
    return True


def _key(tree: exp.Expr) -> exp.Column | None:
    """The one column that the query groups by; a name that was put beside a key is taken out again."""
    from sqlglot import exp

    group = tree.args.get("group")
    keys = list(group.expressions) if group is not None else []
    names = [k for k in keys if isinstance(k, exp.Column) and k.name.casefold() in LABELS]
    if group is not None and len(keys) == 2 and len(names) == 1:
        keys.remove(names[0])
        tree.set("expressions", [item for item in tree.expressions if item.unalias() != names[0]])
        group.set("expressions", keys)
    return keys[0] if len(keys) == 1 and isinstance(keys[0], exp.Column) else None
