"""A figure without the few lowest and highest values: "the mean if the 100 lowest and highest are left out".

A small model leaves out the least and the greatest value, wherever they stand.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.figures import SMALL_NUMBERS
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, limited, number_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["trimmed"]

_LOW, _HIGH = r"(?:lowest|smallest|least|bottom|minimum)", r"(?:highest|largest|greatest|biggest|top|maximum)"
_N = rf"(?P<{{}}>\d[\d,]*|{'|'.join(SMALL_NUMBERS)})"
_ENDS = tuple(
    re.compile(part, re.IGNORECASE)
    for one, two in ((_LOW, _HIGH), (_HIGH, _LOW))
    for part in (
        rf"\b(?:the )?{_N.format('n')} (?P<first>{one})(?: \w+)? (?:and|as well as) (?:also )?(?:the )?"
        rf"(?:{_N.format('m')} )?{two}",
        rf"\b(?:the )?(?P<first>{one}) (?:and|and the) {two} {_N.format('n')}(?![\w.]*%| ?per ?cent)",
        rf"\b(?:the )?(?P<first>{one}) {_N.format('n')} (?:and|as well as) (?:the )?{two} {_N.format('m')}",
        rf"\b(?:the )(?P<first>{one})(?: \w+)? and (?:the )?(?:single )?{two}(?= (?:value|one|figure)?s?)",
    )
)
_OUT = re.compile(
    r"\b(?:left? (?:out|aside)|leav(?:e|ing) (?:out|aside)|without|exclud(?:e|es|ed|ing)|ignor(?:e|ed|ing)"
    r"|drop(?:s|ped|ping)?|remov(?:e|ed|ing)|discard(?:s|ed|ing)?|trimm\w+|cut(?:ting)? (?:off|away)|except"
    r"|disregard(?:ed|ing)?|thrown? (?:out|away)|not count(?:ed|ing))\b",
    re.IGNORECASE,
)
_FIGURES = (
    (r"\b(?:averages?|means?|avg)\b", "AVG", "average"),
    (r"\bmedians?\b", "MEDIAN", "median"),
    (r"\b(?:totals?|sums?)\b", "SUM", "total"),
)
_MORE = re.compile(r"\b(?:each|every|per|which|who|percent\w*|difference|two-sided)\b|%", re.IGNORECASE)


def trimmed(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if the question says how many values of one number are left out at either end."""
    figures = [found for found in _FIGURES if re.search(found[0], question, re.IGNORECASE)]
    ends = next((found for part in _ENDS if (found := part.search(question))), None)
    if len(figures) != 1 or ends is None or not _OUT.search(question) or _MORE.search(question):
        return None
    said = ends.groupdict()
    counts = [_number(said.get("n") or "1"), _number(said.get("m") or said.get("n") or "1")]
    if re.fullmatch(_HIGH, ends["first"], re.IGNORECASE):
        counts.reverse()
    rest = f"{question[: ends.start()]} {question[ends.end() :]}"
    number = number_of(rest, table)
    where = limited(_OUT.sub(" ", rest), table, dialect)
    if number is None or where is None:
        return None
    _, function, word = figures[0]
    name, source = dialect.quote_name(number.name), source_of(table, dialect)
    known = f"{where or ' WHERE '}{' AND ' if where else ''}{name} IS NOT NULL"
    query = (
        f"SELECT {function}({name}) FROM (SELECT {name}, ROW_NUMBER() OVER (ORDER BY {name}) AS lowest, "
        f"ROW_NUMBER() OVER (ORDER BY {name} DESC) AS highest FROM {source}{known}) AS ranked "
        f"WHERE lowest > {counts[0]} AND highest > {counts[1]}"
    )
    told = f"{word} {number.name} without the {counts[0]} lowest and the {counts[1]} highest"
    window = r"\b(?:ROW_NUMBER|RANK|NTILE|PERCENT_RANK)\b|\bLIMIT\b.*\bLIMIT\b|\bOFFSET\b"
    return SpelledOut(told, query, (rf"\b{function}\s*\(", window))


def _number(said: str) -> int:
    return SMALL_NUMBERS.get(said.casefold()) or int(said.replace(",", ""))
