"""When a moving average is at its highest or lowest: "in which year is the 11-year moving average highest?"

A small model gives all averages, or the highest of those that have fewer rows than they should.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.each_group import measure_said, moment_of, named_so
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.tools.schema import Table, is_year
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["moving_peaks"]

_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join(n for n in NUMBERS if n.isascii())})"
_UNIT = r"(?:day|week|month|quarter|year|row|point|value|period|term|reading)"
_MOVING = re.compile(
    rf"\b(?:an? |the |its )?(?:centred )?{_NUMBER}[- ](?P<unit>{_UNIT})s? (?:long )?"
    r"(?:moving |rolling |running |trailing |sliding )(?:averages?|means?)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"\b(?:at (?:its|the|their) )?(?:highest|lowest|peaks?|peaked|largest|smallest|maximum|minimum"
    r"|greatest)\b",
    re.I,
)
_LOW = re.compile(r"\b(?:lowest|smallest|minimum)\b", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:(?:in|on|for|at) )?(?:which|what) (?P<unit>\w+)\b|\bwhen\b", re.IGNORECASE)
_BACK = re.compile(
    rf"[(,]? ?\b(?:the|that|this|each) (?P<u>\w+) (?:itself )?(?:and|plus) the (?P<m>\d+|\w+)"
    rf"(?: {_UNIT}s?)? (?:before|preceding|previous)(?: it)?\b ?[)]?",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:each|every|per|centred|centered|after|following|difference|change\w*|above|below|median|total|sum"
    r"|how (?:much|many|high)|weighted|exponential\w*|and (?:what|how))\b",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:smooth\w*|with|using|does|do|reach\w*|take|compute|it|its|is|at|value|year)\b", re.I
)


def moving_peaks(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query over a table whose rows are as far apart as the units of the window."""
    moving = _MOVING.search(question)
    rest = f"{question[: moving.start()]} {question[moving.end() :]}" if moving is not None else ""
    back = _BACK.search(rest)
    rest = _BACK.sub(" ", rest)
    end, asked, when = _END.search(rest), _WHEN.search(rest), moment_of(table)
    if moving is None or end is None or asked is None or when is None or _OTHER.search(rest):
        return None
    number = int(NUMBERS.get(moving["n"].casefold(), moving["n"]))
    if (
        back is not None
        and int(NUMBERS.get(back["m"].casefold(), "0") if not back["m"].isdigit() else back["m"])
        != number - 1
    ):
        return None
    unit = moving["unit"].casefold()
    # Whether days are a day apart is not known here.
    if (
        not (is_year(when) and unit == "year")
        and words_of(when.name) != [unit]
        and unit not in ("row", "point")
    ):
        return None
    if asked["unit"] and words_of(asked["unit"]) not in (words_of(when.name), ["date"]):
        return None
    bare = _END.sub(" ", _WHEN.sub(" ", rest))
    column = measure_said(bare, table)
    if column is None:
        return None
    plain = _LITTLE.sub(" ", named_so(bare, column))
    rows = named_rows(plain, table, dialect, {when.name})
    if rows is None or says_more(plain, table):
        return None
    name = dialect.quote_name
    # Of several series, one.
    texts = [c for c in table.columns if not is_number(c) and c.name != when.name]
    if any(name(c.name) not in rows.conditions for c in texts):
        return None
    value, time = name(column.name), name(when.name)
    frame = f"OVER (ORDER BY {time} ROWS BETWEEN {number - 1} PRECEDING AND CURRENT ROW)"
    inner = (
        f"SELECT {time}, AVG({value}) {frame} AS moving, COUNT({value}) {frame} AS n "
        f"FROM {source_of(table, dialect)}{rows.written()}"
    )
    down, word = ("", "lowest") if _LOW.search(end[0]) else (" DESC", "highest")
    query = f"SELECT {time} FROM ({inner}) AS s WHERE n = {number} ORDER BY moving{down} LIMIT 1"
    told = f"in which {when.name} is the moving average of {column.name} over {number} rows {word}?"
    return SpelledOut(told, query, (r"\bOVER\b|\bJOIN\b|SELECT.*SELECT",))
