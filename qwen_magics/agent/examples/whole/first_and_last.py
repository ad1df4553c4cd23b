"""The first and the last value of each group in time: both, or the one as a multiple of the other.

A small model takes the lowest and the highest for them.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.each_group import (
    EachGroup,
    each_group,
    is_finest,
    measure_said,
    moment_of,
    named_so,
)
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.patterns.phrases import PERCENT
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["first_and_last"]

_FIRST = r"(?:first|earliest|initial|opening|starting|oldest)"
_LAST = r"(?:last|latest|final|closing|ending|newest|most recent)"
_ENDS = re.compile(rf"\b{_FIRST}\b(?! (?:half|quarter|\d|two|three|five|ten)\b)", re.IGNORECASE)
_LASTS = re.compile(rf"\b{_LAST}\b(?! (?:half|quarter|\d|two|three|five|ten)\b)", re.IGNORECASE)
_WHICH = re.compile(
    r"\b(?:for|of|in|at)? ?\b(?:which|what) (?:one )?(?P<thing>\w+)(?:['’]s?)?\b", re.IGNORECASE
)
_TIMES = re.compile(
    r"\b(?:multiples?|ratios?|quotients?|factors?|how many times|multiplied|multiply|times (?:as|its|the"
    r"|their)"
    r"|divided by)\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    r"\b(?:(?:the )?(?:largest|biggest|highest|greatest|most|maximum|by (?:the )?most))\b", re.IGNORECASE
)
_LEAST = re.compile(r"\b(?:smallest|lowest|least|minimum)\b", re.IGNORECASE)
# Beside the two, something else is asked for, or another figure of them.
_OTHER = re.compile(
    r"\b(?:averages?|means?|medians?|totals?|sums?|number of|counts?|how many (?!times\b)|second|third|before"
    r"|previous|next|rank\w*|share|running|moving|days?|between|since|until|than|percent\w*|per ?cent"
    r"|difference"
    r"|change[ds]?|growth|grow|grew|ris\w+|rose|fell|fall\w*|gain\w*|name|names)\b|%",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b(?:when|dates?|days?|months?|years?)\b", re.IGNORECASE)
_LITTLE = re.compile(
    rf"\b(?:{_FIRST}|{_LAST}|is|are|its|their|the|by (?:date|time|day|year|month)|in time|on record|recorded"
    r"|known|respectively|observed|measured|value|chronologically|available|largest|biggest|highest|greatest"
    r"|smallest|lowest|did|does)\b",
    re.IGNORECASE,
)


def first_and_last(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query over a table with one row for each of them and each time."""
    if not _ENDS.search(question) or not _LASTS.search(question) or _OTHER.search(question):
        return None
    when, group, which = moment_of(table), each_group(question, table, dialect), False
    if group is None:
        found = _WHICH.search(question)
        column = group_in(found["thing"], table) if found is not None else None
        if found is None or column is None:
            return None
        group, which = EachGroup(column, dialect.quote_name(column.name), "", found[0]), True
    if when is None:
        return None
    by = rf"[(]?\b(?:by|in order of) (?:the |its )?(?:date|day|month|year|time|{re.escape(when.name)})\b[)]?"
    rest = re.sub(by, " ", question, flags=re.IGNORECASE)
    if _TIME.search(rest) or re.search(rf"(?i)(?<!\w){re.escape(when.name)}s?(?!\w)", rest):
        return None  # when they were is asked for
    rest = rest.replace(group.said, " ")
    number = measure_said(rest, table)
    if group.unit or number is None or not is_finest(group.column, table):
        return None
    ratio, end = _TIMES.search(rest) is not None, _end(rest) if which else ""
    plain = _MOST.sub(" ", _LEAST.sub(" ", _TIMES.sub(" ", _LITTLE.sub(" ", named_so(rest, number)))))
    rows = named_rows(plain, table, dialect, {when.name})
    if (
        rows is None
        or group.expression in rows.conditions
        or says_more(plain, table)
        or (which and (not ratio or not end))
    ):
        return None
    if re.search(PERCENT, question, re.IGNORECASE):
        return None
    name = dialect.quote_name
    value, time, key = name(number.name), name(when.name), group.expression
    source, where = source_of(table, dialect), rows.written(f"{value} IS NOT NULL" if number.nulls else "")
    if dialect.name == "duckdb":
        first, last = f"ARG_MIN({value}, {time})", f"ARG_MAX({value}, {time})"
    else:
        first, last = "MAX(CASE WHEN up = 1 THEN {0} END)", "MAX(CASE WHEN down = 1 THEN {0} END)"
        first, last = first.format(value), last.format(value)
        places = ", ".join(
            f"ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY {time}{order}) AS {called}"
            for order, called in (("", "up"), (" DESC", "down"))
        )
        source, where = f"(SELECT {key}, {value}, {places} FROM {source}{where}) AS s", ""
    times = f"1.0 * {last} / {first}"
    if which:
        query = f"SELECT {key} FROM {source}{where} GROUP BY {key} ORDER BY {times}{end} LIMIT 1"
        told = f"which {group.column.name} has the {'highest' if end == ' DESC' else 'lowest'} ratio of its "
        told += f"last {number.name} to its first, by {when.name}?"
    else:
        figures = f"{times} AS ratio" if ratio else f"{first} AS first_value, {last} AS last_value"
        query = f"SELECT {key}, {figures} FROM {source}{where} GROUP BY {key}"
        told = f"of each {group.column.name}, "
        told += "the last divided by the first" if ratio else "the first and the last"
        told += f" {number.name} by {when.name}"
    # The lowest and the highest are others.
    needed = (r"ARG_|MIN_BY|MAX_BY|\bFIRST|\bLAST|\bOVER\b|ORDER BY|\bJOIN\b|SELECT.*SELECT",)
    return SpelledOut(told, query, needed)


def _end(rest: str) -> str:
    """Which end of the ratios is meant, in ORDER BY; empty where that is not said."""
    high, low = _MOST.search(rest), _LEAST.search(rest)
    if bool(high) == bool(low):
        return ""
    return " DESC" if high else " ASC"
