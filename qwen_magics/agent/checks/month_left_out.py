"""A month of the year that the question names and a query does without: "flights in July", and no `month`.

Only where the table has the months as numbers from 1 to 12, or one column of dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.examples.whole.said_months import MONTHS, month_column, month_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Column, Table

__all__ = ["month_left_out"]

_NAME = "|".join(MONTHS)
_SAID = re.compile(
    rf"\b(?:in|during|of|for) (?P<month>{_NAME})\b(?! ?(?:\d{{1,2}}(?!\d)|to\b|through\b"
    rf"|until\b|or\b|and (?:{_NAME})))"
)
_ANY = re.compile(rf"\b(?:{_NAME})\b")
_OTHER = re.compile(
    r"\b(?:than|compared?|versus|vs|before|after|since|until|from (?:"
    + _NAME
    + r")|not|except|excluding|without)\b"
    r"|\b(?:" + _NAME + r")['’]s\b",
)


def month_left_out(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    found = list(_SAID.finditer(question))
    if len(found) != 1 or len(_ANY.findall(question)) != 1 or _OTHER.search(question):
        return silent
    month = found[0]["month"]

    @once
    def check(code: str) -> QueryError | None:
        whole = _limited(code, MONTHS.index(month) + 1, tables, dialect)
        if not whole:
            return None
        return QueryError("month_left_out", f"The question is about {month} only.", f"Write: {whole}")

    return check


def _limited(code: str, number: int, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query with the month; empty where it reads a column of months or dates already."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return ""
    tree, reader = found
    sources = [node.name.casefold() for node in tree.find_all(exp.Table)]
    read = [table for table in tables if [table.name.casefold()] == sources]
    if len(read) != 1 or tree.find(exp.Subquery, exp.Join, exp.With):
        return ""
    names = [words_of(c.name) for c in read[0].columns]
    if any(
        word[:3] == name[:3].casefold() for own in names for word in own for name in MONTHS if len(own) == 1
    ):
        return ""
    column = month_column(read[0])
    used = {node.name.casefold() for node in tree.find_all(exp.Column)}
    periods = [c.name.casefold() for c in read[0].columns if _is_period(c)]
    if column is None or used & set(periods):
        return ""
    condition = month_of(read[0], number, dialect)
    assert isinstance(tree, exp.Select)
    return written(tree.where(condition, dialect=reader), reader)


def _is_date(column: Column) -> bool:
    return column.dtype.startswith(("DATE", "TIMESTAMP"))


def _is_period(column: Column) -> bool:
    """Whether it may tell the month: a date, or what is called so."""
    return _is_date(column) or bool(
        {"month", "date", "time", "day", "week", "quarter"} & set(words_of(column.name))
    )
