"""How much a measured number changed from each row to the next of a series, with the running total of that.

A small model counts rows, one for each time, instead of reading the number; or it limits the rows to the year
before it looks at the one before.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.each_group import measure_said, moment_of, named_so
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, limited, year_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME, PERCENT
from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["step_changes"]

_CHANGE = re.compile(
    r"\b(?:(?:by )?how (?:much|many(?= per ?cent)) (?:did|does|has) |by what percentage did )?(?:the )?"
    r"(?:changes?|changed|differences?)\b",
    re.IGNORECASE,
)
_UNIT = r"(?P<{0}>day|week|month|quarter|year)"
_STEPS = re.compile(
    rf"\b(?:{_UNIT.format('a')}[- ](?:by|over|on|to)[- ](?:day|week|month|quarter|year)"
    rf"|(?:from|between|for|in|of|against) (?:one|each|every) {_UNIT.format('b')}"
    rf"(?: (?:to|and|against|over|from|compared (?:to|with)) (?:the |its )?(?:next|following|previous"
    rf"|preceding"
    rf"|one before|{_UNIT.format('f')} before|last)(?: one| {_UNIT.format('e')})?)?"
    rf"|(?:from|against|over|on|versus|compared (?:to|with)) the (?:previous|preceding|prior)"
    rf" {_UNIT.format('c')}"
    rf"|(?:over|against|from) the {_UNIT.format('d')} before)\b",
    re.IGNORECASE,
)
_RUNNING = re.compile(
    r"[,;]?\s*\b(?:and |with |plus |along with |together with |next to it |beside it )+(?:also )?(?:a |the "
    r"|its |their )?"
    r"(?:running|cumulative) (?:total|sum)s?(?: of (?:it|them|these|those|the|that)(?: changes?)?)?"
    r"(?:,? (?:since|from|starting (?:in|with)) (?:January|the (?:start|beginning))"
    r"(?: of (?:that|the|this) (?:same )?year)?)?\b",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"\b(?:through|throughout|in|for|during|of|within)(?: the)?(?: months of)?(?: year)? ((?:1[5-9]"
    r"|20)\d\d)\b(?!-)",
    re.I,
)
_OTHER = re.compile(
    rf"\b(?:averages?|means?|medians?|totals?|sums?|number of|counts?|which|when|who|running|cumul\w+|moving"
    rf"|absolute|same|than|above|below|more|less|fell|rose|since|until|between|and|year before|last year)\b"
    rf"|{EXTREME}",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    rf"\b(?:list|show|each|every|next|it|{'|'.join(('day', 'week', 'month', 'quarter', 'year'))})\b", re.I
)


def step_changes(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, over a table of numbers by time that has a row for each of the steps."""
    when, running = moment_of(table), _RUNNING.search(question)
    rest = _RUNNING.sub(" ", question)
    steps = list(_STEPS.finditer(rest))
    if when is None or not steps or len(_CHANGE.findall(rest)) != 1:
        return None
    units = {unit.casefold() for step in steps for unit in step.groups() if unit}
    # Whether the days of a column called date are a day apart is not known here.
    if (
        len(units) != 1
        or not _is_by(when, units)
        or any(not is_number(c) for c in table.columns if c is not when)
    ):
        return None
    for step in steps:
        rest = rest.replace(step[0], " ")
    years = _YEAR.findall(rest)
    rest = _CHANGE.sub(" ", _YEAR.sub(" ", rest))
    percent = re.search(PERCENT, rest, re.IGNORECASE) is not None
    rest = re.sub(rf"(?:\bin |\bas (?:a )?)?{PERCENT}", " ", rest, flags=re.IGNORECASE)
    number = measure_said(rest, table)
    if number is None or len(years) > 1 or (percent and running) or _OTHER.search(named_so(rest, number)):
        return None
    # What the numbers are of: "nonfarm jobs".
    said = re.sub(
        rf"(?<!\w)({re.escape(number.name)}) [a-z]+(?= from\b| in\b| of\b|[ ]*[.,;?]|[ ]*$)",
        r"\1",
        named_so(rest, number),
    )
    plain = _LITTLE.sub(" ", said)
    if says_more(plain, table) or limited(plain, table, dialect) != "":
        return None
    of_year = year_of(table, years[0], dialect) if years else ("", "")
    if years and when.dtype.startswith(("VARCHAR", "TEXT", "CHAR")):
        # Days that are texts begin with their year.
        of_year = when.name, f"{dialect.quote_name(when.name)} LIKE '{years[0]}-%'"
    if of_year is None:
        return None
    name = dialect.quote_name
    value, time = name(number.name), name(when.name)
    earlier = f"LAG({value}) OVER (ORDER BY {time})"
    change = f"100.0 * ({value} - {earlier}) / {earlier}" if percent else f"{value} - {earlier}"
    query = f"SELECT {time}, {change} AS change FROM {source_of(table, dialect)}"
    if years or running:
        where = f" WHERE {of_year[1]}" if years else ""
        total = f", SUM(change) OVER (ORDER BY {time}) AS running" if running else ""
        query = f"SELECT {time}, change{total} FROM ({query}) AS s{where}"
    told = f"change of {number.name}{' in percent' * percent} from each {when.name} to the next"
    told += ", and its running total" if running else ""
    told += f", of {years[0]}" if years else ""
    return SpelledOut(told, f"{query} ORDER BY {time}", (r"\bLAG\b|\bLEAD\b|\bJOIN\b|SELECT.*SELECT",))


def _is_by(when: Column, units: set[str]) -> bool:
    return words_of(when.name) == list(units) or (is_year(when) and units == {"year"})
