"""Only what is done: "payments that have come in" leaves out those whose date of payment is missing.

Told once, and only where one date of the one table that is read can mean it: it is named
as what is done, and the query does not speak of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.deadlines import DONE
from qwen_magics.agent.words.naming import name_parts, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written
from qwen_magics.tools.sql.names import quote_name

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Column, Table

__all__ = ["done_only"]

_IN = r"(?:come (?:in|back)|arrived|been (?:made good|cleared))"
_CLAUSE = re.compile(
    rf"\b\w+s (?:that|which|who) (?:have|has) (?:already |actually |really |now )*"
    rf"(?:(?:been )?({DONE})|{_IN})\b"
    r"(?! (?:too |so )?(?:late|early|after|past|on time|in time|before|within|more|less|only|by|in|at|to|on"
    r"|with|from|twice|again|and not|or not|than|yet|for|back)\b)",
    re.IGNORECASE,
)
_NAMES = frozenset(
    words_of("paid payment returned delivered delivery arrived arrival received shipped settled repaid done")
)


def done_only(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question, which speaks once."""
    found = _CLAUSE.search(question)
    said = set(words_of(found[1] or "")) or _NAMES if found is not None else set[str]()
    if not said:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        from sqlglot import exp

        query = editable(code)
        if query is None:
            return None
        tree, dialect = query
        column = _date(_one_table(code, tables), said)
        if column is None or re.search(rf"(?i)(?<!\w){re.escape(column.name)}(?!\w)", code):
            return None
        whole = tree.copy()
        if isinstance(whole, exp.Select):
            whole.where(f"{quote_name(column.name)} IS NOT NULL", copy=False)
        message = f"Those that are done have a {column.name}, and the query takes all."
        return QueryError("not_done", message, f"Write: {written(whole, dialect)}")

    return check


def _one_table(code: str, tables: Sequence[Table]) -> list[Table]:
    """The one table that a plain query reads; none where it reads more, or has inner queries."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or found[0].find(exp.Subquery, exp.With):
        return []
    read = {node.name.casefold() for node in found[0].find_all(exp.Table)}
    return [table for table in tables if {table.name.casefold()} == read]


def _date(read: Sequence[Table], said: set[str] | frozenset[str]) -> Column | None:
    """The one date that is named as what is done; missing values of large tables are not all counted."""
    columns = [column for table in read for column in table.columns if set(name_parts(column)) & said]
    dates = [column for column in columns if column.dtype.startswith(("DATE", "TIMESTAMP"))]
    return dates[0] if len(dates) == 1 else None
