"""How many rows there are per day of a span whose length the question gives: flights per day of each origin
in a year of 365 days.

A small model averages over the days of the month, or over the days that have rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import table_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["per_days"]

_ASKED = re.compile(
    r"^\W*(?:on average,? )?(?:how many|(?:what is )?the (?:average |mean )?number of) (?P<rows>\w+) "
    r"(?:per|a|each) (?P<unit>day|week|month)\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"(?:, )?(?:[(])?(?:(?:which|that) (?:has|had|is|was)|an?|with|of|assum\w+|taking|take|count\w*"
    r"|divid\w+ by|it"
    r" (?:has|had))(?: (?:year|month|quarter|span|period))? "
    r"(?:of |as |with |has |had )*(?P<number>\d{1,3}) (?P<unit>day|week|month)s(?:[)])?",
    re.IGNORECASE,
)
_EACH = re.compile(r"\b(?:(?:from|at|of|in|for|by) )?(?:each|every) (?P<group>\w+)", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(?:left|leave|leaves|took off|were there|are there|happened|on average|average)\b", re.I
)


def per_days(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The number of rows divided by that of the days, for each group if one is named."""
    asked = " ".join(question.replace("@", "").split())
    found, length = _ASKED.search(asked), _LENGTH.search(asked)
    if found is None or length is None or length.start() < found.end() or len(tables) != 1:
        return None
    table = table_of(found["rows"], tables)
    if table is None or length["unit"].casefold() != found["unit"].casefold():
        return None
    rest = f"{asked[found.end() : length.start()]} {asked[length.end() :]}"
    each = list(_EACH.finditer(rest))
    group = group_in(each[0]["group"], table) if len(each) == 1 else None
    if len(each) > 1 or (each and group is None):
        return None
    where = limited(
        _WORDS.sub(" ", _EACH.sub(" ", rest)), table, dialect, {group.name} if group else frozenset()
    )
    if where is None:
        return None
    figure, source = f"COUNT(*) / {length['number']}.0", source_of(table, dialect)
    told = f"number of {table.name} divided by {length['number']} {length['unit']}s"
    if group is None:
        return Told(told, f"SELECT {figure} FROM {source}{where}")
    key = dialect.quote_name(group.name)
    return Told(
        f"{told}, for each {group.name}", f"SELECT {key}, {figure} FROM {source}{where} GROUP BY {key}"
    )
