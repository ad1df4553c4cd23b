"""The groups beside their figures: "how many authors of each country" is no answer without the countries.

A small model writes `SELECT COUNT(*) … GROUP BY country`: right numbers of nobody knows what. Where the
question says "each" of just that column, or "by" and its name at the end, it is put before them, which
changes no row.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import parsed

__all__ = ["groups_shown"]

_EACH = re.compile(r"\b(?:each|every)((?:[ _-]\w+){1,3})", re.IGNORECASE)
# "… of the books, by genre?": at the end of a sentence it says what the groups are.
_BY_AT_END = re.compile(
    r"(?<!divided)(?<!ordered)(?<!ranked)(?<!sorted) (?:by|per) (?:the )?(\w+(?: \w+)?)\W*$", re.IGNORECASE
)
_END = re.compile(r"(?<=[.?!;])\s+")
# What asks for an order or a part of the groups may want no more than the figure.
_OTHER = ("limit", "offset", "distinct", "qualify", "with_")


def groups_shown(question: str, dialect: Dialect) -> Callable[[str], str]:
    """What puts the column of the groups into a query that shows nothing but figures of them."""
    said = [set(words_of(found[1])) for found in _EACH.finditer(question)]
    said += [set(words_of(found[1])) for found in map(_BY_AT_END.search, _END.split(question)) if found]
    return (lambda sql: _shown(sql, said, dialect)) if said else str


def _shown(sql: str, said: list[set[str]], dialect: Dialect) -> str:
    from sqlglot import exp

    tree = parsed(sql, dialect)
    if not isinstance(tree, exp.Select) or any(tree.args.get(part) for part in _OTHER):
        return sql
    group = tree.args.get("group")
    keys = group.expressions if group is not None else []
    if len(keys) != 1 or not isinstance(keys[0], exp.Column) or not tree.expressions:
        return sql
    key = keys[0]
    own = {word for word in words_of(key.name) if word != "id"}
    plain = all(
        item.find(exp.AggFunc) is not None and item.find(exp.Window, exp.Subquery) is None
        for item in tree.expressions
    )
    if not plain or not own or not any(own <= words for words in said):
        return sql
    tree.set("expressions", [key.copy(), *tree.expressions])
    return tree.sql(dialect=dialect.name)
