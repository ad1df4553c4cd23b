"""Whole queries over several tables, written out where a question and the keys leave one way only.

For kinds that a small model does not reach from an example over other tables: things that have every one of
something, things none of whose rows is of a kind, the number of rows of one table for each row of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qwen_magics.agent.links.compared import ways_up
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["worked_ways"]

_ASKED = r"^\W*(?:(?P<many>how many|(?:the )?number of|count)|which|what|who|list|name|show)\b"
_EVERY = (
    r"\b(?:have|has|had|who|that|did|is|are|was|were)\b(?! there\b)\W+\w[^?]*?\b(?:every (?:single )?one of"
    r"|each and every|every single|each of|all(?: of)?)\W+(?:(?:our|the|their|its|these) )?(?:\w+ )?"
    r"(?P<goal>\w+)\W*$"
)
_SUMMED = r"\b(together|combined|in total|altogether|overall|average|most|each)\b(?! (of|and every))"
_NONE_OF = (
    r"\b(?:not|never|n't) (?:yet |ever )?(?P<done>\w+) (?:even )?(?:a single one|a single|one single|any|one)"
    r"(?: one)? of (?:their|its|his|her|the|them)\W+(?P<row>\w+)"
    r"|\bnone of (?:their|whose|its|his|her|the) (?P<rows>\w+) (?:is|are|was|were|got|(?:has|have|had) been)"
    r" (?:yet )?(?P<state>\w+)"
)
_RATIO_OF_NUMBERS = (
    r"\bnumber of (?P<above>\w+)\b[^.?]*\b(?:divided by|relative to|in relation to|over|to)\b[^.?]*?"
    r"\bnumber of (?P<below>\w+)\b"
)
_GROUP = r"\b(?:each|every|by|per)\W+(?P<group>\w+)"


def worked_ways(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """The query as a comment; empty for a question of another kind, or where the way is not certain.

    >>> worked_ways("How many readers have borrowed from every one of our shelves?", library)
    '-- readers with every one of shelves: SELECT COUNT(*) FROM (SELECT loans.reader_id FROM loans JOIN …'
    """
    makers = (_with_every, _with_none, _per_row)
    return next(filter(None, (make(question, tables, dialect) for make in makers)), "")


def _with_every(question: str, tables: Sequence[Table], dialect: Dialect) -> str:
    first = question.split("?")[0]
    found, asked = re.search(_EVERY, first, re.IGNORECASE), re.match(_ASKED, first, re.IGNORECASE)
    if found is None or asked is None or re.search(_SUMMED, first, re.IGNORECASE):
        return ""
    goal, thing = _table(found["goal"], tables), _first_table(first[asked.end() :], tables)
    if goal is None or thing is None or goal is thing:
        return ""
    rows = [
        (len(thing_way) + len(goal_way), table.name, thing_way, goal_way)
        for table in tables
        for thing_way, goal_way in _two_ways(table, thing, goal, tables)
    ]
    rows.sort(key=lambda row: row[0])
    if not rows or (len(rows) > 1 and rows[0][0] == rows[1][0]):
        return ""
    _, start, thing_way, goal_way = rows[0]
    key, other = _end(thing_way, dialect), _end(goal_way, dialect)
    source = _source(start, (*thing_way[:-1], *goal_way[:-1]), dialect)
    total = f"(SELECT COUNT(*) FROM {dialect.quote_name(goal.name)})"
    query = f"SELECT {key} FROM {source} GROUP BY {key} HAVING COUNT(DISTINCT {other}) = {total}"
    return f"-- {thing.name} with every one of {goal.name}: {_counted(query, asked)}"


def _with_none(question: str, tables: Sequence[Table], dialect: Dialect) -> str:
    found, asked = re.search(_NONE_OF, question, re.IGNORECASE), re.match(_ASKED, question, re.IGNORECASE)
    if found is None or asked is None:
        return ""
    rows, thing = _table(found["row"] or found["rows"], tables), _first_table(question[asked.end() :], tables)
    way = ways_up(rows.name, tables).get(thing.name, []) if rows and thing else []
    state = next(iter(words_of(found["done"] or found["state"])), "")
    flags = [c for c in rows.columns if alike(words_of(c.name)[0], state)] if rows and way else []
    condition = _true(flags[0]) if len(flags) == 1 else ""
    if rows is None or thing is None or not condition:
        return ""
    flag = f"{dialect.quote_name(rows.name)}.{dialect.quote_name(flags[0].name)}"
    key, source = _end(way, dialect), _source(rows.name, way[:-1], dialect)
    none = f"SUM(CASE WHEN {flag} {condition} THEN 1 ELSE 0 END) = 0"
    query = f"SELECT {key} FROM {source} GROUP BY {key} HAVING {none}"
    return f"-- {thing.name} with {rows.name}, none of them {state}: {_counted(query, asked)}"


def _per_row(question: str, tables: Sequence[Table], dialect: Dialect) -> str:
    found = re.search(_RATIO_OF_NUMBERS, question, re.IGNORECASE)
    above, below = (found and _table(found[side], tables) for side in ("above", "below"))
    if (
        not above
        or not below
        or above is below
        or len(way := ways_up(above.name, tables).get(below.name, [])) != 1
    ):
        return ""
    keys = [c.name for c in below.columns if c.name == way[0].other_column]
    ups = ways_up(below.name, tables)
    for each in re.finditer(_GROUP, question, re.IGNORECASE):
        group = words_of(each["group"])
        columns = [(t, c) for t in tables if t.name in ups for c in t.columns if words_of(c.name) == group]
        if len(columns) == 1 and keys:
            name, (table, column) = dialect.quote_name, columns[0]
            by = f"{name(table.name)}.{name(column.name)}"
            source = _source(below.name, ups[table.name], dialect)
            one, many = f"{name(below.name)}.{name(keys[0])}", f"{name(above.name)}.{name(way[0].column)}"
            ratio = f"1.0 * COUNT({many}) / COUNT(DISTINCT {one})"
            joined = f"{source} LEFT JOIN {name(above.name)} ON {way[0].spelled(dialect)}"
            return (
                f"-- {above.name} per row of {below.name}: SELECT {by}, {ratio} FROM {joined} GROUP BY {by}"
            )
    return ""


def _two_ways(
    table: Table, thing: Table, goal: Table, tables: Sequence[Table]
) -> Iterator[tuple[list[Join], list[Join]]]:
    """The ways from each row to its thing, and to its goal without going through the thing."""
    if table.name in (thing.name, goal.name):
        return
    others = [t for t in tables if t is not thing]
    to_thing = ways_up(table.name, [t for t in tables if t is not goal]).get(thing.name)
    to_goal = ways_up(table.name, others).get(goal.name)
    if to_thing and to_goal:
        yield to_thing, to_goal


def _table(word: str, tables: Sequence[Table]) -> Table | None:
    said = words_of(word)
    return next((t for t in tables if said and words_of(t.name) in (said, [f"{said[0]}e"])), None)


def _first_table(text: str, tables: Sequence[Table]) -> Table | None:
    """The table that the first words name: "how many of our readers"."""
    return next(filter(None, (_table(word, tables) for word in re.findall(r"\w+", text)[:4])), None)


def _end(way: Sequence[Join], dialect: Dialect) -> str:
    return f"{dialect.quote_name(way[-1].table)}.{dialect.quote_name(way[-1].column)}"


def _source(start: str, way: Sequence[Join], dialect: Dialect) -> str:
    name = dialect.quote_name
    return " ".join(
        (name(start), *(f"JOIN {name(j.other)} ON {j.spelled(dialect)}" for j in dict.fromkeys(way)))
    )


def _counted(query: str, asked: re.Match[str]) -> str:
    return f"SELECT COUNT(*) FROM ({query}) AS s" if asked["many"] else query


def _true(column: Column) -> str:
    """How SQL says that it is so, for a column of truths, of 0 and 1, or of the day on which it was done."""
    if column.dtype.startswith(("DATE", "TIMESTAMP")):
        return "IS NOT NULL"
    if column.dtype == "BOOLEAN":
        return "IS TRUE"
    is_flag = bool(column.samples) and set(column.samples) <= {"0", "1"}
    return "= 1" if is_flag else ""
