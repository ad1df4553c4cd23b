"""How many rows there are per thing on average, where those without any count as well: loans per member.

A small model averages the numbers of those that have rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import table_of, way_between
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["all_per_thing"]

_ASKED = re.compile(
    r"^\W*(?:on average,? )?(?:how many|(?:what is )?the (?:average|mean) number of) (?P<rows>\w+) "
    r"(?:(?:are|were|is|did|do|does) (?:there )?)?"
    r"(?:(?:per|for each|for every|of each|of every) (?P<per>\w+)|(?:does|do|did|has|have) (?:a|each"
    r"|every) (?P<has>\w+) "
    r"(?:has|have|had|make|made)?)"
    r"(?: ?on average)?\W+",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"^(?:(?:the )?(?P<thing>\w+) (?:without|with no|that have no|who have no|with zero|that never had"
    r"|who never had)"
    r" (?:an?y? |single |one )*(?P<rows>\w+) (?:should |must |are to |also |are |do |be |have to )*"
    r"(?:counts?|counted|included?|to be (?:counted|included))(?: too| also| as well|,? too| with zero|"
    r" as zero| as 0)*"
    r"|(?:count|counting|include|including) (?:also |the )*(?P<also>\w+) (?:without|with no|that have no"
    r"|who have no)"
    r" (?:an?y? |single |one )*(?P<none>\w+))(?:,? too| as well)?\W*$",
    re.IGNORECASE,
)


def all_per_thing(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The ratio of the two numbers; None unless it is said that things without rows count."""
    asked = " ".join(question.replace("@", "").split())
    found = _ASKED.search(asked)
    every = _ALL.search(asked[found.end() :]) if found is not None else None
    if found is None or every is None:
        return None
    if "average" not in found[0].casefold() and "mean" not in found[0].casefold():
        return None
    rows, thing = table_of(found["rows"], tables), table_of(found["per"] or found["has"], tables)
    same = (
        table_of(every["thing"] or every["also"], tables),
        table_of(every["rows"] or every["none"], tables),
    )
    if rows is None or thing is None or same != (thing, rows):
        return None
    way = way_between(rows, thing, tables)
    if way is None:
        return None
    name = dialect.quote_name
    above = f"(SELECT COUNT(*) FROM {name(rows.name)})"
    if (column := rows.column(way[0].column)) is not None and column.nulls:
        above = f"(SELECT COUNT({name(column.name)}) FROM {name(rows.name)})"
    query = f"SELECT 1.0 * {above} / COUNT(*) FROM {name(thing.name)}"
    return Told(f"number of {rows.name} divided by the number of all {thing.name}", query)
