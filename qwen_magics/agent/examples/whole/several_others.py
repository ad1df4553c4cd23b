"""How many things have to do with more than so many DIFFERENT others, or what they have on average: books
with copies at three or more branches, neighbourhoods with deaths of more than one type.

A small model counts the rows of each thing, or groups by what is to be counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.links.rows_between import Place, Rows, place_of, rows_between, tables_in
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["several_others"]

_NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)"
_QUANTITY = (
    rf"(?:(?:more than|over) (?P<above>{_NUMBER})(?: single)?|at least (?P<least>{_NUMBER})"
    rf"|(?P<from>{_NUMBER}) or more|(?P<several>several|multiple)|(?:exactly|just|only) (?P<just>{_NUMBER}))"
)
_OF = r"(?:(?:of )?(?:the|our|all)(?: the)? |of )?"
_FIGURE = r"(?:average|mean)(?: number of)? (?P<value>[\w ]{1,30}?)(?: \(\w+\))? (?:of|over|among) "
_ASKED = re.compile(
    r"^\W*(?:(?P<many>how many|(?:what is )?the number of|count) |what (?:is|was) the " + _FIGURE + ")"
    rf"{_OF}(?:different |distinct )?(?P<thing>\w+)(?: (?:in|of|from) (?:the )?@?(?P<source>\w+))?"
    rf"(?P<between>(?: [a-z@_'’]+){{0,7}}?) {_QUANTITY} (?P<other>(?:different|distinct|separate) )?"
    r"(?P<counted>\w+)(?: each)?\W*$",
    re.IGNORECASE,
)
# "At three branches" are different ones; three books that were borrowed may be one that came back twice.
_PLACED = re.compile(r"\b(?:at|in|from|for|by|to|of|with|on|through|under|across) *$", re.IGNORECASE)
# What limits the things, or their rows.
_LIMITED = re.compile(
    r"\b(?:not|never|no|without|only|late|early|delayed|cancell?ed|overdue|unpaid|paid|open|lost|before|after|"
    r"since|during|same|new|old|first|last|each|every|per|whose|but|and|or|than|average|mean|total)\b",
    re.IGNORECASE,
)


def several_others(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where anything but things, their rows and what these differ in is said."""
    asked = " ".join(question.replace("@", "").split())
    found = _ASKED.search(asked)
    if found is None or not found["between"].strip() or _LIMITED.search(found["between"]):
        return None
    named = tables_in(f"{found['between']} {found['source'] or ''}", tables)
    thing, counted = _place(found["thing"], named, tables), _place(found["counted"], named, tables)
    if thing is None or counted is None or thing == counted or _is_limited(found["between"], named):
        return None
    if thing.column is None and counted.table is thing.table:
        return None  # what each thing has one of
    if found["source"] and not tables_in(found["source"], tables):
        return None
    # Deaths of more than one type, where "Death" is one of them, limit nothing.
    if any(counted.column not in [c for _, c in value.owners] for value in linked_values(asked, tables)):
        return None
    own = counted.column is None and _leads(counted.table, thing, tables)
    if own and found["other"] is None and not found["value"]:
        return None  # rows of the thing itself: no kind of its own
    rows = rows_between([thing, counted] if not own else [thing], tables, asked, named)
    if rows is None or (own and rows.table is not counted.table):
        return None
    if not own and not found["other"] and not _is_distinct(found["between"], counted, rows):
        return None
    having = (
        f"HAVING {'COUNT(*)' if own else f'COUNT(DISTINCT {rows.key(1, counted, dialect)})'} {_bound(found)}"
    )
    key, name = rows.key(0, thing, dialect), dialect.quote_name
    read = () if own or counted.column is None else (1,)
    said = f"{thing.called} that have {rows.table.name} of {_bound(found)} different {counted.called}"
    if thing.column is not None:
        if found["value"]:
            return None
        known = f"{rows.source(dialect, 0, *read)} WHERE {key} IS NOT NULL"
        query = f"SELECT {key} FROM {known} GROUP BY {key} {having}"
        return Told(f"how many {said}?", f"SELECT COUNT(*) FROM ({query}) AS s")
    up = f"{name(thing.table.name)}.{name(rows.ways[0][-1].other_column)}"
    if found["value"]:
        values = named_numbers(found["value"], thing.table)
        if len(values) != 1 or len(words_of(found["value"])) > len(words_of(values[0].name)):
            return None
        inner = f"SELECT {key} FROM {rows.source(dialect, *read)} GROUP BY {key} {having}"
        outer = f"SELECT AVG({name(values[0].name)}) FROM {name(thing.table.name)}"
        column = name(rows.ways[0][-1].other_column)
        return Told(f"average {values[0].name} of {said}", f"{outer} WHERE {column} IN ({inner})")
    # Rows that lead to no thing make no group.
    query = f"SELECT {up} FROM {rows.source(dialect, 0, *read)} GROUP BY {up} {having}"
    return Told(f"how many {said}?", f"SELECT COUNT(*) FROM ({query}) AS s")


def _place(noun: str, named: Sequence[Table], tables: Sequence[Table]) -> Place | None:
    """Of the tables that are named first: "type" is a column of many."""
    return place_of(noun, tables) or place_of(noun, named)


def _leads(table: Table, thing: Place, tables: Sequence[Table]) -> bool:
    found = rows_between([thing], [t for t in tables if t in (table, thing.table)], "")
    return found is not None and found.table is table


def _is_distinct(between: str, counted: Place, rows: Rows) -> bool:
    """Whether different ones are meant without saying so; rows of nothing but keys repeat none."""
    keys = {join.column for join in rows.table.joins}
    plain = {column.name for column in rows.table.columns} <= keys
    return counted.column is not None or plain or _PLACED.search(between) is not None


def _is_limited(between: str, named: Sequence[Table]) -> bool:
    """Whether a word is a column of which rows may have no value: loans that were returned."""
    words = set(words_of(between)) - {word for table in named for word in words_of(table.name)}
    columns = [column for table in named for column in table.columns]
    return any(set(words_of(c.name)) <= words for c in columns if c.nulls or c.categories)


def _bound(found: re.Match[str]) -> str:
    if found["several"]:
        return "> 1"
    for group, sign in (("above", ">"), ("least", ">="), ("from", ">="), ("just", "=")):
        if said := found[group]:
            return f"{sign} {NUMBERS.get(said.casefold(), said)}"
    return "> 1"
