"""One extreme within another: on the island with the most rows, the species with the fewest there.

A small model takes the first step for both. (`whole.best_of_chosen` chooses the first by a mean.)
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import measure_said
from qwen_magics.agent.examples.whole.named_rows import is_text
from qwen_magics.agent.examples.whole.same_members import understood
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import LOW, MEAN
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["chain_of_extremes"]

_MOST = r"(?P<{0}>most|fewest|least|(?:highest|largest|greatest|lowest|smallest) number of)"
_FIRST = re.compile(
    r"\b(?:take|find|consider|look at|pick|choose|in|at|for|on|of|within) the (?P<group>[a-z]\w*),? "
    rf"(?:with|that has|which has|having|that had) the {_MOST.format('how')} (?P<rows>\w+)\b"
    r"(?= ?[,;:.?!]|$)",
    re.IGNORECASE,
)
_FREQUENT = r"(?:frequent|common|often|numerous|frequently)"
_THERE = (
    r"(?: (?:there|in it|on it|at it|of it|in (?:that|this) \w+|on (?:that|this) \w+|at (?:that|this) \w+))?"
)
_SECOND = (
    # "the species that is least frequent there"
    re.compile(
        rf"\b(?:the|which|what) (?P<thing>[a-z]\w*){_THERE},? (?:(?:that|which) )?(?:is|are|was|were|occurs?"
        rf"|appears?) (?:the )?(?P<end>most|least) {_FREQUENT}{_THERE}",
        re.IGNORECASE,
    ),
    # "the least frequent species there", "its rarest species"
    re.compile(
        rf"\b(?:the|its) (?:(?P<end>most|least) {_FREQUENT}|(?P<word>rarest|commonest)) "
        rf"(?P<thing>[a-z]\w*){_THERE}",
        re.IGNORECASE,
    ),
    # "which city in it has the most of them?", "the city with the fewest there"
    re.compile(
        rf"\b(?:the|which|what) (?P<thing>[a-z]\w*){_THERE} (?:has|have|had|with|shows) "
        rf"the {_MOST.format('end')}"
        rf"(?: of (?:them|these|those))?(?: (?P<rows>\w+))?{_THERE}(?= ?[,;:.?!]|$)",
        re.IGNORECASE,
    ),
)
_OTHER = re.compile(
    r"\b(?:each|every|per ?cent\w*|percent\w*|shares?|differ\w*|ratios?|times|than|between|not|or|second"
    r"|third|two|three|five|ten|unknown|missing)\b|%",
    re.IGNORECASE,
)
_ASIDE = re.compile(rf"\b(?:find|there|it|them|{_FREQUENT})\b", re.IGNORECASE)
_FEW = re.compile(rf"{LOW}|\brarest\b", re.IGNORECASE)
_FIGURES = {"AVG": "average", "SUM": "total", "MAX": "highest", "MIN": "lowest"}
_ROWS = frozenset(["row", "record", "entry", "observation", "there", "overall"])


def chain_of_extremes(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split())
    first = _FIRST.search(asked)
    if first is None or len(tables) != 1 or _OTHER.search(asked):
        return None
    table, rest = tables[0], f"{asked[: first.start()]} ; {asked[first.end() :]}"
    second = next(filter(None, (pattern.search(rest) for pattern in _SECOND)), None)
    if second is None or not _are_rows(first["rows"], table):
        return None
    rows = second.groupdict().get("rows")
    group, thing = group_in(first["group"], table), group_in(second["thing"], table)
    if group is None or thing is None or group is thing or not is_text(group) or not is_text(thing):
        return None
    if rows and not _are_rows(rows, table):
        return None
    rest = _ASIDE.sub(" ", f"{rest[: second.start()]} {rest[second.end() :]}")
    function = _function(rest)
    number = measure_said(rest, table) if function else None
    if (function and number is None) or function is None or not understood(rest, table, number or group):
        return None
    name, source = dialect.quote_name, source_of(table, dialect)
    inner = _most(group, first["how"], "", table, dialect)
    there = f"{name(group.name)} = ({inner})"
    end = second.groupdict().get("end") or second.groupdict().get("word") or ""
    that = _most(thing, end, there, table, dialect)
    which = f"of the {group.name} with the {_said(first['how'])} rows, "
    which += f"the {thing.name} with the {_said(end)} there"
    if number is None:
        return Told(which, that)
    figure = f"SELECT {function}({name(number.name)}) FROM {source}"
    query = f"{figure} WHERE {there} AND {name(thing.name)} = ({that})"
    return Told(f"{which}: {_FIGURES[function]} {number.name} of its rows there", query)


def _most(column: Column, how: str, where: str, table: Table, dialect: Dialect) -> str:
    name = dialect.quote_name(column.name)
    known = f"{name} IS NOT NULL" if column.nulls else ""
    conditions = " AND ".join(filter(None, (where, known)))
    limited = f" WHERE {conditions}" if conditions else ""
    down = "" if _FEW.search(how) else " DESC"
    groups = f"SELECT {name} FROM {source_of(table, dialect)}{limited} GROUP BY {name}"
    return f"{groups} ORDER BY COUNT(*){down} LIMIT 1"


def _said(how: str) -> str:
    return "fewest" if _FEW.search(how) else "most"


def _are_rows(noun: str, table: Table) -> bool:
    said, own = words_of(noun), words_of(table.name)
    return bool(said) and (said == own or said == own[-1:] or said[0] in _ROWS)


def _function(rest: str) -> str | None:
    """What is taken of its rows; empty for nothing, None where it is not certain."""
    found = [
        function
        for function, pattern in (
            ("AVG", MEAN),
            ("SUM", r"\b(?:total|sum)\b"),
            ("MAX", r"\b(?:highest|largest|maximum)\b"),
            ("MIN", r"\b(?:lowest|smallest|minimum)\b"),
        )
        if re.search(pattern, rest, re.IGNORECASE)
    ]
    return None if len(found) > 1 else "".join(found)
