"""What percentage of things have a row in another table, or more than so many of them.

"What percentage of all loans led to a fine?" takes one figure from fines and one from loans.
A small model counts in one of the two and joins neither, or puts an aggregate into another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.key_ways import KeyWay
from qwen_magics.agent.links.way_sources import key_of, table_of, way_between, with_joins
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["having_some"]

_PERCENT = r"(?:percent(?:age)?|per cent|%)"
_SHARE = rf"(?P<share>{_PERCENT}|share|proportion|fraction|part)"
_ALL = r"(?:(?:all|the|our|these|those|of) ){0,3}"
_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|once|twice)"
# How many of the rows: any, none, or a number of them.
_QUANTITY = (
    r"(?:(?P<none>no|not (?:a single|one|any)|zero|without (?:an?|any)|not an?|never (?:an?|any))"
    rf"|(?P<over>more than|over) (?P<above>{_NUMBER})|at least (?P<least>{_NUMBER})"
    rf"|(?P<from>{_NUMBER}) or more|(?P<several>several|multiple)"
    rf"|(?:exactly|just|only) (?P<just>{_NUMBER})|an?|any|some)"
)
_REST = (
    r"(?:(?:that|which|who) )?(?P<verb>(?:"
    r"(?!(?:than|least|exactly|only|just|no|without|over|each|every|per)\b)[a-z'’]+"
    r" ){0,4}?)"
    rf"{_QUANTITY} (?:(?:different|distinct|single|separate) )?(?P<rows>\w+)(?: each| or more)?\W*$"
)
_ASKED = (
    re.compile(
        rf"^\W*(?:what|which|how large a|how big a|how many) {_SHARE} of {_ALL}(?P<thing>\w+) {_REST}", re.I
    ),
    re.compile(
        rf"^\W*(?:of|among|out of) {_ALL}(?P<thing>\w+),? (?:what|which|how many|how large a) {_SHARE}"
        rf" {_REST}",
        re.I,
    ),
)
_DENIED = re.compile(r"\b(?:never|not|none)\b|n['’]t\b", re.IGNORECASE)


def having_some(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of the share; None where the question limits the things or the rows, or the way is open."""
    asked = " ".join(question.split())
    found = next(filter(None, (pattern.search(asked) for pattern in _ASKED)), None)
    thing = table_of(found["thing"], tables) if found is not None else None
    rows = table_of(found["rows"], tables) if found is not None else None
    if found is None or thing is None or rows is None or thing is rows:
        return None
    ways = _rows_of(thing, rows, tables)
    bound = _bound(found)
    denied = _DENIED.search(found["verb"]) is not None
    if ways is None or (denied and bound != "> 0"):
        return None
    hundred = "100.0" if re.fullmatch(_PERCENT, found["share"], re.IGNORECASE) else "1.0"
    start, way, counted = ways
    name = dialect.quote_name
    key = f"{name(thing.name)}.{name(way[-1].other_column)}"
    source = with_joins(start, (way, counted[:-1]), dialect)
    many = f"COUNT(DISTINCT {key_of(counted, dialect)})" if counted else "COUNT(*)"
    having = "" if bound in ("> 0", "= 0") else f" HAVING {many} {bound}"
    group = f"SELECT {key} FROM {source} GROUP BY {key}{having}"
    part = (
        f"(SELECT COUNT(*) FROM ({group}) AS s)"
        if having
        else f"(SELECT COUNT(DISTINCT {key}) FROM {source})"
    )
    none = denied or bound == "= 0"
    whole = f"(COUNT(*) - {part})" if none else part
    query = f"SELECT {hundred} * {whole} / COUNT(*) FROM {name(thing.name)}"
    said = "no" if none else {"> 0": "at least one"}.get(bound, f"{bound} ")
    share = "percentage" if hundred == "100.0" else "share"
    return Told(f"what {share} of all {thing.name} has {said.strip()} {rows.name}?", query)


def _rows_of(thing: Table, rows: Table, tables: Sequence[Table]) -> tuple[Table, KeyWay, KeyWay] | None:
    """The table whose rows are counted for each thing, the way to this, and the way to what is counted."""
    if (way := way_between(rows, thing, tables)) is not None:
        return rows, way, ()
    if way_between(thing, rows, tables) is not None:
        return None
    found = sorted(_between(thing, rows, tables), key=lambda two: len(two[1]) + len(two[2]))
    lengths = [len(way) + len(counted) for _, way, counted in found]
    return found[0] if found and lengths.count(lengths[0]) == 1 else None


def _between(thing: Table, rows: Table, tables: Sequence[Table]) -> Iterator[tuple[Table, KeyWay, KeyWay]]:
    for table in tables:
        if table in (thing, rows):
            continue
        way, counted = way_between(table, thing, tables, rows), way_between(table, rows, tables, thing)
        if way is not None and counted is not None:
            yield table, way, counted


def _bound(found: re.Match[str]) -> str:
    """What the number of rows has to be."""
    if found["none"]:
        return "= 0"
    if found["several"]:
        return "> 1"
    if found["above"]:
        return f"> {_number(found['above'])}"
    if least := found["least"] or found["from"]:
        return f">= {_number(least)}" if _number(least) > 1 else "> 0"
    return f"= {_number(found['just'])}" if found["just"] else "> 0"


def _number(said: str) -> int:
    folded = said.casefold()
    return {"once": 1, "twice": 2}.get(folded) or int(NUMBERS.get(folded, folded))
