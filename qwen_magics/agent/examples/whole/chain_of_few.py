"""The few groups with the most rows, and then the one of them with the highest mean of something: of the ten
destinations with the most flights, the one with the highest average delay, by its name in another table.

A small model orders by the mean alone, or leaves out the figure that is asked for beside the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in
from qwen_magics.agent.examples.whole.each_group import measure_said, named_so
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import limited
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import label_of, table_of
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.agent.words.patterns.phrases import EXTREME, FEW, LOW
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["chain_of_few", "keys_called", "named_in_other"]

_FIRST = re.compile(
    rf"^\W*(?:take|of|among|amongst|consider|pick|find|for|from|out of|look at) the (?P<few>{FEW}) "
    r"(?P<things>[a-z]\w*)(?: ?[(](?P<keys>\w+(?:,? and |, | \+ )\w+|\w+)[)])? "
    r"(?:with|that have|which have|having|that had|which had) the "
    r"(?P<how>most|fewest|largest number of|highest number of) (?P<rows>\w+)[,.:;] ",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"^(?:which|what)(?: one)?(?: of (?:them|these|those)| \w+ of (?:them|these|those))? "
    rf"(?:has|had|have|shows?|is the one with) the (?P<end>{EXTREME}) (?P<function>average|mean|total) "
    r"(?P<value>[\w ]{2,40}?)(?P<rest>[,.?;:](?: .*)?)?$",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\b(?:and |with )?(?:that|the|its|this) (?:average|mean|total|figure|value|number)\b"
    r"|\band how (?:much|high)(?: (?:it|that) is)?\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b(?:full )?(?:\w+ )?(?:name|title)s?\b(?: (?:from|in|by|according to))?", re.IGNORECASE)
_LITTLE = re.compile(
    r"\b(?:give|return|tell|show|me|in|"
    r"minutes|hours|days|percent|and|with|from|according|also|please|its|it)\b",
    re.I,
)


def chain_of_few(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split())
    first = _FIRST.search(asked)
    second = _SECOND.search(asked[first.end() :]) if first is not None else None
    if first is None or second is None or len(tables) > 2:  # the rows, and what has names
        return None
    rows = table_of(first["rows"], tables)
    if rows is None:
        return None
    other = next((table for table in tables if table is not rows), None)
    keys = _keys(first, rows)
    number = measure_said(second["value"], rows)
    rest = second["rest"] or ""
    join = _join(keys, rows, other) if other is not None else None
    label = label_of(other) if other is not None and _NAME.search(rest) else None
    if not keys or number is None or (other is not None and (join is None or label is None)):
        return None
    if says_more(named_so(second["value"], number), rows) or limited(second["value"], rows, dialect) != "":
        return None
    with_figure = _FIGURE.search(rest) is not None
    left = (
        _LITTLE.sub(" ", _NAME.sub(" ", _FIGURE.sub(" ", rest)))
        if other
        else _LITTLE.sub(" ", _FIGURE.sub(" ", rest))
    )
    known = set(words_of(" ".join((other.name if other else "", *(c.name for c in keys), first["things"]))))
    if set(words_of(left)) - known:
        return None
    name = dialect.quote_name
    key, value = ", ".join(name(c.name) for c in keys), name(number.name)
    function = "SUM" if second["function"].casefold() == "total" else "AVG"
    few = int(NUMBERS.get(first["few"].casefold(), first["few"])) if _is_number(first["few"]) else 0
    if not few:
        return None
    most = "" if re.match(LOW, first["how"], re.IGNORECASE) else " DESC"
    end = "" if re.search(LOW, second["end"], re.IGNORECASE) else " DESC"
    inner = (
        f"SELECT {key}, {function}({value}) AS figure FROM {name(rows.name)} GROUP BY {key} "
        f"ORDER BY COUNT(*){most} LIMIT {few}"
    )
    source = f"({inner}) AS top"
    shown = key
    if other is not None and label is not None and join is not None:
        key_there = f"{name(other.name)}.{name(join.other_column)}"
        source += f" JOIN {name(other.name)} ON top.{name(join.column)} = {key_there}"
        shown = f"{name(other.name)}.{name(label.name)}"
    shown += ", figure" if with_figure else ""
    query = f"SELECT {shown} FROM {source} ORDER BY figure{end} LIMIT 1"
    told = f"of the {few} {key} with the {'most' if most else 'fewest'} {rows.name}, the one with the "
    told += f"{'highest' if end else 'lowest'} {'total' if function == 'SUM' else 'average'} {number.name}"
    return Told(told + (", and that figure" if with_figure else ""), query)


def _keys(first: re.Match[str], rows: Table) -> list[Column]:
    """The columns in brackets, or the one that the things are called by."""
    if first["keys"]:
        named = [rows.column(word) for word in re.split(r",? and |, | \+ ", first["keys"])]
        return [c for c in named if c is not None] if all(named) else []
    return keys_called(first["things"], rows)


def keys_called(things: str, rows: Table) -> list[Column]:
    """The one column that things are called by, also by a short form: `dest` of destinations."""
    column = group_in(things, rows)
    if column is not None:
        return [column]
    said = words_of(things)
    short = [
        c for c in rows.columns if len(said) == 1 and words_of(c.name) and alike(words_of(c.name)[0], said[0])
    ]
    short = [c for c in short if len(words_of(c.name)) == 1]
    return short if len(short) == 1 else []


def named_in_other(key: Column, rows: Table, other: Table, dialect: Dialect) -> tuple[str, str] | None:
    """The join to the table that has the names of the keys, and the name as it is spelled there."""
    join, label = _join([key], rows, other), label_of(other)
    if join is None or label is None:
        return None
    name = dialect.quote_name
    return f" JOIN {name(other.name)} ON {join.spelled(dialect)}", f"{name(other.name)}.{name(label.name)}"


def _join(keys: Sequence[Column], rows: Table, other: Table) -> Join | None:
    joins = [
        j for j in rows.joins or other.joins if j.table == rows.name and j.other == other.name and not j.more
    ]
    found = [j for j in joins if len(keys) == 1 and j.column == keys[0].name]
    return found[0] if len(found) == 1 else None


def _is_number(said: str) -> bool:
    return said.isdecimal() or said.casefold() in NUMBERS
