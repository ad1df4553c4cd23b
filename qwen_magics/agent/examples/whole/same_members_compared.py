"""Groups whose figure of one year, or of one kind, is above that of another: the sites with a higher mean
yield in 1932 than in 1931.

A small model compares the rows of the one with the mean of all groups of the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import is_finest, measure_said
from qwen_magics.agent.examples.whole.fell_groups import grouped
from qwen_magics.agent.examples.whole.named_rows import is_text
from qwen_magics.agent.examples.whole.same_members import understood, yearly
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import MEAN
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["same_members_compared"]

_LESS = r"(?:less|lower|fewer|lighter|shorter|smaller|younger|cheaper|slower|colder|cooler|poorer|worse)"
_HOW = (
    r"(?P<how>more|less|better|worse|(?:high|low|great|larg|small|bigg|few|long|short|heavi|light|old|young"
    r"|new|warm|cold|hott|cool|wett|dri|rich|poor|fast|slow|cheap|dear|strong|weak|tall|deep|wid|thick|thinn)er)"
)
_BY = r"(?:in|for|among|of|under|with) (?:the year |the )?"
_TWO = (
    rf"than (?:(?:it|they|that) (?:was|were|had been|has been|have been|had|did) )?{_BY}"
    r"(?P<two>[\w .'’-]{1,30}?)(?=[?.!,;]|$| in \w+\W*$)"
)
_THAN = (
    re.compile(
        rf"\b{_HOW}\b(?P<noun>(?: (?!in\b|for\b|among\b|than\b|of\b)\w+){{0,4}}) "
        rf"{_BY}(?P<one>[\w .'’-]{{1,30}}?) {_TWO}",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<noun>)\b{_BY}(?P<one>[\w.'’-]{{1,30}}) {_HOW} {_TWO}", re.IGNORECASE),
)
_THING = re.compile(
    r"\b(?:(?P<count>(?:in |at |on |for )?how many(?: of the)?|^\W*count (?:all )?(?:the )?)"
    r"|which|what|(?:list|name) (?:all )?(?:the )?)"
    r" ?(?P<thing>[a-z]\w*)(?:['’]s?)?",
    re.IGNORECASE,
)
_TOTAL = re.compile(r"\b(?:totals?|sums?|combined|in total|altogether)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:each|every|per ?cent\w*|percent\w*|shares?|chang\w+|differ\w*|ratios?|times|or|not|than|between"
    r"|by|at least|at most|rank\w*|median|highest|lowest|most|least|maximum|minimum|only|also|but|always"
    r"|never|half|twice|double|previous|earlier|before|after|number of)\b|%",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def same_members_compared(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None where a word of it is not understood."""
    asked, group = grouped(" ".join(question.replace("@", "").split()), tables)
    than = next(filter(None, (pattern.search(asked) for pattern in _THAN)), None)
    rest = f"{asked[: than.start()]} {than['noun']} ; {asked[than.end() :]}" if than is not None else ""
    lead = _THING.search(rest)
    if than is None or lead is None or len(tables) != 1 or lead.start() > than.start():
        return None
    table, thing = tables[0], group_in(lead["thing"], tables[0])
    if thing is None or not is_text(thing) or _OTHER.search(rest):
        return None
    sides = _sides(than["one"], than["two"], table, dialect)
    rest = re.sub(r"(?i)\bwhose\b", " ", f"{rest[: lead.start()]} {rest[lead.end() :]}")
    number = measure_said(rest, table)
    if sides is None or number is None or not understood(rest, table, number):
        return None
    if not _says(rest, number):
        return None
    column, one, two = sides
    function = "AVG" if re.search(MEAN, rest, re.IGNORECASE) else "SUM" if _TOTAL.search(rest) else ""
    if column is thing or (not function and not (column is yearly(table) and is_finest(thing, table))):
        return None
    sign = "<" if re.fullmatch(_LESS, than["how"], re.IGNORECASE) else ">"
    name, source = dialect.quote_name, source_of(table, dialect)
    key, value, side = name(thing.name), name(number.name), name(column.name)
    first, second = (
        f"{function or 'MAX'}(CASE WHEN {side} = {one_of} THEN {value} END)" for one_of in (one, two)
    )
    query = f"SELECT {key} FROM {source} GROUP BY {key} HAVING {first} {sign} {second}"
    if group is not None:
        if not lead["count"] or group in (thing, column) or not is_finest(thing, table):
            return None
        of = name(group.name)
        query = query.replace(f"SELECT {key}", f"SELECT {key}, {of}").replace(f"BY {key}", f"BY {key}, {of}")
        query = f"SELECT {of}, COUNT(*) FROM ({query}) AS those GROUP BY {of}"
    elif lead["count"]:
        query = f"SELECT COUNT(*) FROM ({query}) AS those"
    figure = {"AVG": "average ", "SUM": "total "}.get(function, "")
    side_said = "a lower" if sign == "<" else "a higher"
    each = f"for each {group.name}, " if group is not None else ""
    told = f"{each}{'how many' if lead['count'] else 'which'} {thing.name} have {side_said} "
    told += f"{figure}{number.name}"
    return Told(f"{told} for {column.name} {one} than for {two}", query)


def _sides(one: str, two: str, table: Table, dialect: Dialect) -> tuple[Column, str, str] | None:
    """The column of both, and the two literals."""
    times = yearly(table)
    if _YEAR.fullmatch(one) and _YEAR.fullmatch(two):
        return (times, one, two) if times is not None and one != two else None
    values = [_value(said, table) for said in (one, two)]
    first, second = values
    if first is None or second is None or first[0] is not second[0] or first[1] == second[1]:
        return None
    return first[0], first[1], second[1]


def _value(said: str, table: Table) -> tuple[Column, str] | None:
    """The one listed value that a side is, with nothing but the table's name beside it."""
    found = linked_values(said, [table])
    if len(found) != 1 or len(found[0].owners) != 1:
        return None
    column = found[0].owners[0][1]
    more = (
        set(words_of(said)) - set(words_of(found[0].literal)) - set(words_of(f"{table.name} {column.name}"))
    )
    return None if more or re.search(r"\d", said) else (column, found[0].literal)


def _says(rest: str, number: Column) -> bool:
    """Whether the number is named; or the table has no other and the question has a word for what it is."""
    parts = words_of(number.name)
    return any(word[:3] == part[:3] for word in words_of(rest) for part in parts)
