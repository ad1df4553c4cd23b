"""Things that have to do with every value of a column of another table: members with books of every genre."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import column_of, key_of, label_of, spelled, table_of, with_joins
from qwen_magics.agent.links.way_sources import way_between as way_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["every_value"]

_ASKED = re.compile(
    r"^\W*(?:(?P<many>how many|(?:what is )?the number of)|which|what|list(?: the)?|name(?: the)?"
    r"|show(?: the)?)"
    r" (?:of (?:our|the|all) |our |the |different )?(?P<thing>\w+)\b(?P<between>[^?.;:]{1,90}?)"
    r" (?:every(?: single| one of the| one of our)?|each and every|all(?: of)?(?: the| our)?) "
    r"(?:kinds? of |different |existing )?(?P<value>\w+)(?: that there (?:is|are)| there (?:is|are)| we"
    r" have)?\W*$",
    re.IGNORECASE,
)
# It is the thing itself that has them all: "how many loans are there in every branch" has a number for each.
_HAS = re.compile(r"\b(?:have|has|had|who|that|did)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:each|per|total|average|mean|most|least|together|are there|were there)\b", re.IGNORECASE
)


def every_value(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of the things, or of their number; None where it is not certain which rows say so."""
    found = _ASKED.search(" ".join(question.split()))
    if found is None or not _HAS.search(found["between"]) or _OTHER.search(found["between"]):
        return None
    thing, place = table_of(found["thing"], tables), column_of(found["value"], tables)
    if thing is None or place is None or place[0] is thing or not _is_text(place[1]):
        return None
    owner, column = place
    rows = [
        (len(way) + len(up), table, way, up)
        for table in tables
        if table is not thing and (way := way_of(table, thing, tables, owner)) is not None
        if (up := () if table is owner else way_of(table, owner, tables, thing)) is not None
    ]
    rows.sort(key=lambda row: row[0])
    if not rows or (len(rows) > 1 and rows[0][0] == rows[1][0]):
        return None
    _, start, way, up = rows[0]
    name, value = dialect.quote_name, spelled(owner, column, dialect)
    total = f"(SELECT COUNT(DISTINCT {name(column.name)}) FROM {name(owner.name)})"
    key, ways = key_of(way, dialect), (way[:-1], up)
    label = label_of(thing)
    shown = key
    if not found["many"] and label is not None:
        ways, key = (way, up), f"{name(thing.name)}.{name(way[-1].other_column)}"
        shown = spelled(thing, label, dialect)
        key = f"{key}, {shown}"
    groups = f"SELECT {shown} FROM {with_joins(start, ways, dialect)} GROUP BY {key}"
    query = f"{groups} HAVING COUNT(DISTINCT {value})"
    if found["many"]:
        whole = f"SELECT COUNT(*) FROM ({query} = {total}) AS s"
        return Told(f"how many of {thing.name} have to do with every {column.name}?", whole)
    return Told(f"which of {thing.name} have to do with every {column.name}?", f"{query} = {total}")


def _is_text(column: Column) -> bool:
    return column.dtype.startswith(("VARCHAR", "TEXT", "CHAR"))
