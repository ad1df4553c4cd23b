"""The most rows that one thing has: the largest number of loans that any one member has not returned.

A small model counts all rows, or shows the thing instead of the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.chain_rows import SomeRows, happened, rows_named, source_to
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import table_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["any_one_most"]

_DOES = r"(?:(?:has|have|had|did|does|is|was|ever) ){0,3}"
_ONE = r"(?:any|a|one) (?:one|single|individual) (?P<thing>[a-z]\w*)"
_ASKED = re.compile(
    r"(?:(?:what|which|how (?:many|high|large))(?:['’]s| is| was| are) |give |show |find |tell"
    r" )?(?:me )?(?:the )?"
    r"(?:(?:largest|highest|greatest|maximum|biggest|record) (?:number|count) of |most"
    r" )(?P<rows>[\w -]{2,40}?) "
    rf"(?:that |which )?(?:(?:for|of|by|from|per|with|in|at|to) )?(?:{_ONE})"
    rf"(?: {_DOES}(?P<denied>not |never )?(?:yet )?(?P<verb>[a-z]+)?(?: out| so far| yet| at once)?)?",
    re.IGNORECASE,
)
_HAVE = frozenset(
    ["have", "has", "had", "make", "made", "get", "got", "take", "taken", "show", "hold", "own"]
)
_TIMES = frozenset(["day", "date", "week", "month", "quarter", "year", "hour", "time", "go", "row", "value"])


def any_one_most(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of the one number; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split()).strip(" ?.!")
    found = _ASKED.fullmatch(asked)
    if found is None or words_of(found["thing"])[-1] in _TIMES:
        return None
    said = words_of(asked)
    thing = table_of(found["thing"], tables)
    rows = _rows(found, thing, tables, said, dialect)
    if rows is None or rows.table is thing:
        return None
    place = (
        source_to(rows.table, thing, tables, dialect, said)
        if thing is not None
        else _own_group(found["thing"], rows.table, dialect)
    )
    if place is None:
        return None
    source, key = place
    where = " AND ".join(filter(None, (rows.where, f"{key} IS NOT NULL")))
    inner = f"SELECT COUNT(*) AS n FROM {source} WHERE {where} GROUP BY {key}"
    told = f"the largest number of {rows.called or rows.table.name} of any one {found['thing']}"
    return Told(told, f"SELECT MAX(n) FROM ({inner}) AS s")


def _rows(
    found: re.Match[str], thing: Table | None, tables: Sequence[Table], said: Sequence[str], dialect: Dialect
) -> SomeRows | None:
    """What is counted; a verb may say more of it, as "has not returned"."""
    named = rows_named(found["rows"], tables, dialect)
    verb = (found["verb"] or "have").casefold()
    if named is None:
        return None
    own = thing is not None and happened(verb, thing, tables, said) is named.table
    if verb in _HAVE or own:
        return None if found["denied"] else named
    denied = "un" if found["denied"] else ""
    limited = rows_named(f"{denied}{verb} {named.table.name}", tables, dialect)
    if limited is None or limited.table is not named.table or not limited.where:
        return None
    where = " AND ".join(filter(None, (named.where, limited.where)))
    return SomeRows(named.table, where, limited.called)


def _own_group(noun: str, rows: Table, dialect: Dialect) -> tuple[str, str] | None:
    """The rows' own column that the things are called by."""
    column = group_in(noun, rows)
    return None if column is None else (source_of(rows, dialect), dialect.quote_name(column.name))
