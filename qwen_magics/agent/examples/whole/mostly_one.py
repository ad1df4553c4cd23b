"""How many things have more than half of their rows with one and the same value: members who took most of
their loans from one genre.

A small model picks a value by itself, or sets the number of rows of the thing against itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.rows_between import place_of, rows_between
from qwen_magics.agent.links.way_sources import table_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["mostly_one"]

_PARTS = {"half": 0.5, "a third": 1 / 3, "one third": 1 / 3, "two thirds": 2 / 3, "a quarter": 0.25}
_PARTS |= {"three quarters": 0.75, "one quarter": 0.25}
_ASKED = re.compile(
    r"^\W*(?:how many|(?:what is )?the number of|count) (?:of )?(?:the |our |all )*(?P<thing>\w+) "
    r"(?:(?:that |who |which )?(?:have|has|had|took|take|made|make|got|did|spent) )(?:[a-z]+ )?"
    rf"(?P<sign>more than|over|at least) (?:(?P<part>{'|'.join(_PARTS)})|(?P<percent>\d+) ?(?:%|percent"
    r"|per cent))"
    r" (?:of )?(?:all )?(?:of )?(?:their|its|his|her|the) (?P<rows>\w+) (?:\w+ )?(?:from|of|in|at|with"
    r"|by|to|on|for) "
    r"(?:one single|a single|one and the same|just one|only one|the same|one) (?P<value>\w+)(?: alone|"
    r" only)?\W*$",
    re.IGNORECASE,
)


def mostly_one(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where the rows are limited, or the way from them is not certain."""
    found = _ASKED.search(" ".join(question.replace("@", "").split()))
    rows = table_of(found["rows"], tables) if found is not None else None
    if found is None or rows is None:
        return None
    thing, value = place_of(found["thing"], tables), place_of(found["value"], tables)
    if thing is None or value is None or thing == value:
        return None
    ways = rows_between([thing, value], tables, question, [rows])
    if ways is None or ways.table is not rows:
        return None
    part = _PARTS[found["part"].casefold()] if found["part"] else int(found["percent"]) / 100
    sign = ">=" if found["sign"].casefold() == "at least" else ">"
    key, by = ways.key(0, thing, dialect), ways.key(1, value, dialect)
    read = [at for at, place in enumerate((thing, value)) if place.column is not None]
    numbers = f"COUNT(*) AS n, SUM(COUNT(*)) OVER (PARTITION BY {key}) AS total"
    known = value.column is not None and value.column.nulls > 0
    shown = f"{key}, {by}" if known else key
    groups = f"SELECT {shown}, {numbers} FROM {ways.source(dialect, *read)} WHERE {key} IS NOT NULL"
    query = f"SELECT COUNT(DISTINCT {_bare(key)}) FROM ({groups} GROUP BY {key}, {by}) AS s"
    query += f" WHERE n {sign} {part:.6g} * total"
    query += f" AND {_bare(by)} IS NOT NULL" if known else ""
    said = f"at least {part:.0%}" if sign == ">=" else f"more than {part:.0%}"
    return Told(f"how many {thing.called} have {said} of their {rows.name} with one {value.called}?", query)


def _bare(dotted: str) -> str:
    """A column as the query around an inner one calls it."""
    return dotted.split(".", 1)[-1]
