"""A year that the data does not reach: then nothing found is no zero, and no answer.

Told only where a query found nothing, and every date and year of the tables that it read ends before the
years of the question or begins after them; or the tables have equally many rows for each of some years, as a
panel has, and the question's is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import has_days, is_year
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.review import is_empty

if TYPE_CHECKING:
    from qwen_magics.agent.loop import Attempt, QueryTool
    from qwen_magics.tools.schema import Column, Table

__all__ = ["years_beyond"]

_YEAR = re.compile(r"(?<![\w.,$€£-])(?:1[5-9]|20)\d\d(?![\w%]|[.,]\d)")
# What stands before a year, and not before a price of 1600.
_IN_TIME = re.compile(
    r"(?:\b(?:in|during|throughout|years?|summer|autumn|fall|winter|spring|season|quarter"
    r"|jan\w*|feb\w*|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
    r"|(?:end|start|beginning|rest|half|quarter|summer|winter|whole|all|course) of)"
    r"|(?:1[5-9]|20)\d\d(?:,| and| or|, and|, or| to|\s?[-–]))\s?$",
    re.IGNORECASE,
)
# What came before, or is still to come, may well be nothing.
_OPEN = re.compile(
    r"\b(?:before|until|till|prior to|up to|earlier than|after|since|later than|from|as of|by)\b"
    r"(?: the (?:year|end of|start of|beginning of))? $",
    re.IGNORECASE,
)
_LOOK_S = 3.0
_MOST_YEARS = 200


def years_beyond(question: str, attempt: Attempt, tool: QueryTool, tables: Sequence[Table]) -> str:
    """What the data covers instead, as a sentence; empty where it reaches a year of the question.

    All its numbers are of queries that ran for it.

    >>> years_beyond("how many loans were there in 2019?", nothing_found, library, tables)
    'loans.loaned runs from 2022 to 2024.'
    """
    years = _years(question)
    if not years or attempt.result is None or not is_empty(attempt.result):
        return ""
    read = [table for table in tables if re.search(rf"(?<!\w){re.escape(table.name)}(?!\w)", attempt.code)]
    found = [_covered(table, column, years, tool) for table in read for column in _times(table)]
    return " ".join(found) if found and all(found) else ""


def _years(question: str) -> list[int]:
    """Those that the question asks about; none if one of them only begins or ends a time, or may be none."""
    found = list(_YEAR.finditer(question))
    before = [question[: year.start()] for year in found]
    is_open = any(map(_OPEN.search, before))
    return [int(year[0]) for year in found] if not is_open and all(map(_IN_TIME.search, before)) else []


def _times(table: Table) -> Iterator[Column]:
    return (column for column in table.columns if has_days(column) or is_year(column))


def _covered(table: Table, column: Column, years: Sequence[int], tool: QueryTool) -> str:
    """The years that a column has, if none of those asked for is among them; empty if that is not certain."""
    quote = getattr(tool, "dialect", DUCKDB).quote_name
    name, source = quote(column.name), quote(table.name)
    told = f"{table.name}.{column.name}"
    try:
        ends = tool.run(f"SELECT MIN({name}), MAX({name}) FROM {source}", timeout_s=_LOOK_S).frame.iloc[0]
        first, last = (int(str(end)[:4]) for end in ends)
    except (QueryError, ValueError):
        return ""
    if all(year < first or year > last for year in years):
        return f"{told} runs from {first} to {last}."
    return "" if not is_year(column) else _panel(told, source, name, years, tool)


def _panel(told: str, source: str, name: str, years: Sequence[int], tool: QueryTool) -> str:
    """The years of a table with equally many rows for each."""
    known_rows = f"FROM {source} WHERE {name} IS NOT NULL"
    sql = f"SELECT {name} AS y, COUNT(*) AS n {known_rows} GROUP BY {name} ORDER BY {name}"
    try:
        rows = tool.run(sql, timeout_s=_LOOK_S, max_rows=_MOST_YEARS + 1).frame
    except QueryError:
        return ""
    known = [int(year) for year in rows.iloc[:, 0]]
    if len(known) > _MOST_YEARS or rows.iloc[:, 1].nunique() != 1 or not set(known).isdisjoint(years):
        return ""
    step = known[1] - known[0] if len(known) > 1 else 0
    return f"{told} has {', '.join(map(str, known[:2]))}, … {known[-1]}." if step else ""
