"""A table of the query under its name in the singular: `plane.seats` where FROM has `planes`.

Small models name the table once as it is called and then as one of its rows is. Where one table of the query
is meant and nothing else has that name, it is put right before anybody is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.parsing import parsed

__all__ = ["as_read"]


def as_read(sql: str, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with its tables' own names or aliases before their columns; as it was where two are as near.

    It has to be bound like any other.

    >>> as_read("SELECT plane.seats FROM planes", fleet, DUCKDB)
    'SELECT planes.seats FROM planes'
    """
    from sqlglot import exp

    tree = parsed(sql, dialect)
    if tree is None:
        return sql
    known = {table.name.casefold(): table for table in tables}
    read = list(tree.find_all(exp.Table))
    taken = {node.alias_or_name.casefold() for node in read} | {
        node.alias.casefold() for node in tree.find_all(exp.Subquery, exp.CTE)
    }
    for column in list(tree.find_all(exp.Column)):
        said = column.table.casefold()
        if not said or said in taken:
            continue
        meant = {
            node.alias_or_name
            for node in read
            if (table := known.get(node.name.casefold())) is not None
            and table.column(column.name)
            and _is_one_of(said, node.name.casefold())
        }
        if len(meant) == 1:
            sql = _instead(column.table, meant.pop(), column.name, sql, dialect)
    return sql


def _is_one_of(one: str, other: str) -> bool:
    """Whether they are singular and plural of one word."""
    return bool(_forms(one) & _forms(other))


def _forms(name: str) -> set[str]:
    """What a name may be in the singular, itself included."""
    forms = {name, name.removesuffix("s")}
    if name.endswith("ies"):
        forms.add(f"{name[:-3]}y")
    if re.search(r"(s|x|z|ch|sh)es$", name):
        forms.add(name[:-2])
    return {form for form in forms if len(form) > 1}


def _instead(wrong: str, right: str, column: str, sql: str, dialect: Dialect) -> str:
    after = rf"[\"`\]]?\s*\.\s*[\"`\[]?(?i:{re.escape(column)})(?!\w)"
    pattern = rf"(?<![\w.'])[\"`\[]?(?i:{re.escape(wrong)})(?={after})[\"`\]]?"
    return re.sub(pattern, lambda _: dialect.quote_name(right), sql)
