"""How long the longest run of days, months or years lasted in which something was so: "the longest unbroken
run of months with a negative balance".

A small model counts all such rows, or the rows of each value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.day_series import day_runs
from qwen_magics.agent.examples.whole.each_group import measure_said, named_so
from qwen_magics.agent.examples.whole.named_rows import is_text, named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.row_times import row_times
from qwen_magics.agent.examples.whole.run_series import is_one_series, series_order, states_of
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME, FALLEN, MEAN, PERCENT, RISEN
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["run_lengths"]

_LONGEST = r"(?:longest|largest|biggest|greatest|maximum|max)"
_STRAIGHT = r"(?:consecutive|successive|straight|uninterrupted|unbroken|continuous|back-to-back)"
_UNIT = r"(?P<{}>day|date|month|quarter|year)s?"
_ON_END = (
    r"(?:in a row|running|on end|in succession|consecutively|one after (?:the other|another)"
    r"|without (?:a |any )?(?:break|interruption|gap))"
)
_RUN = re.compile(
    rf"\b{_LONGEST} (?:{_STRAIGHT} )?(?:run|streak|stretch|spell|sequence|series|chain|string)s?\b"
    rf"(?: of (?:{_STRAIGHT} )?(?:calendar )?{_UNIT.format('a')}\b(?: {_ON_END}\b)?)?"
    rf"|\b(?:{_LONGEST} (?:number|count) of|(?:at (?:the )?most,? )?(?:for )?how many|(?:the )?most)"
    rf" (?:{_STRAIGHT} (?:calendar )?{_UNIT.format('b')}\b|(?:calendar )?{_UNIT.format('c')} {_ON_END}\b)",
    re.IGNORECASE,
)
# "How many months did it last", "number of days".
_LASTED = re.compile(
    rf"\b(?:how many|(?:the )?number of|for how many|count of|(?:give|state|answer) (?:it |this )?in) "
    rf"{_UNIT.format('u')}\b|\bin {_UNIT.format('v')}\b(?=\W*$)|\bhow long\b",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:last(?:s|ed)?|long|as|being|stay(?:s|ed)?|remain(?:s|ed)?|when|where|which|at (?:the )?(?:longest"
    r"|most)|ever|length|number|counted|there|a|an|any|unbroken|uninterrupted|without (?:a |any )?"
    r"(?:break|interruption|gap))\b",
    re.IGNORECASE,
)
_SIGNS = (
    (r"(?:at least|no less than|not less than|no lower than|not below)", ">="),
    (r"(?:at most|no more than|not more than|not above|up to)", "<="),
    (r"(?:above|over|more than|greater than|higher than|larger than|exceeding|exceeded|beyond)", ">"),
    (r"(?:below|under|less than|lower than|fewer than|smaller than)", "<"),
    (r"(?:exactly|equal to)", "="),
)
_LIMIT = re.compile(
    rf"\b(?:of )?(?P<sign>{'|'.join(said for said, _ in _SIGNS)}) (?P<limit>-?\d+(?:\.\d+)?|zero)(?![\w%])"
    r"(?! ?(?:percent|per cent|thousand|million|billion|\d))(?: (?:of|degrees|points|percent))?",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?P<word>negative|positive)\b", re.IGNORECASE)
_NONE = re.compile(
    r"\b(?:with no|without (?:a |any )?(?!break|interruption|gap)|no|zero|of zero|of 0)\b", re.I
)
_OTHER = re.compile(
    rf"\b(?:each|every|per|who|whose|start\w*|beg[ai]n\w*|end(?:s|ed|ing)?|than|same|different|another|its"
    rf"|their|total|sum|median|number one|second|shortest|between|windows?|how much|which|what (?:year|month"
    rf"|day"
    rf"|date)|when did|but|or|both|and)\b|{EXTREME}|{PERCENT}|{MEAN}|{RISEN}|{FALLEN}",
    re.IGNORECASE,
)


# Texts that tell of a moment how it was, not which one of several things it is of.
_OF_MOMENTS = frozenset(
    words_of(
        "weather sky condition conditions summary icon forecast status phase regime signal season weekday dow"
    )
)


@dataclass(frozen=True, slots=True)
class _Condition:
    """What has to be so, in SQL and in words."""

    sql: str
    words: str
    column: str


def run_lengths(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query over one series; of states by day, the days of the calendar in a row."""
    run = _RUN.search(question)
    if run is None or day_runs(question, table, dialect) is not None:
        return None
    rest = f"{question[: run.start()]} ; {question[run.end() :]}"
    said = [run["a"] or run["b"] or run["c"], *(f["u"] or f["v"] for f in _LASTED.finditer(rest))]
    units = {{"date": "day"}.get(u.casefold(), u.casefold()) for u in said if u}
    rest = _LASTED.sub(" ", rest)
    # A run of what?
    if len(units) != 1:
        return None
    (unit,) = units
    found = _measured(rest, table, dialect)
    plain = rest if found is None else found[1]
    # The words for a sign are no rise and no fall.
    if _OTHER.search(re.sub(r"(?i)^\W*(?:what|which) (?:was|is)\b|\bin which\b|\bon which\b", " ", plain)):
        return None
    plain = _LITTLE.sub(" ", plain)
    rows = named_rows(plain, table, dialect)
    if rows is None or says_more(plain, table):
        return None
    where = list(rows.where)
    states = states_of(table)
    if found is not None and is_one_series(table, rows, dialect):
        return _of_rows(table, dialect, unit, found[0], rows.written())
    if len(where) != len(rows.conditions) or not all(is_text(c) and c.categories for c in states):
        return None
    if found is None and len(rows.conditions) == 1:
        conditions, words = where, next(iter(rows.conditions.values()))[1:-1]
    elif found is not None and not rows.conditions and all(_OF_MOMENTS & {*words_of(c.name)} for c in states):
        conditions, words = [found[0].sql], found[0].words
    else:
        return None
    if unit != "day":
        return _of_states(table, dialect, unit, conditions[0], words) if found is None else None
    return _of_days(table, dialect, conditions[0], words)


def _measured(rest: str, table: Table, dialect: Dialect) -> tuple[_Condition, str] | None:
    """The one condition on a number, and the question without it."""
    limits, negative, none = list(_LIMIT.finditer(rest)), _NEGATIVE.search(rest), _NONE.search(rest)
    if len(limits) > 1 or sum(map(bool, (limits, negative, none))) != 1:
        return None
    if limits:
        sign = next(s for said, s in _SIGNS if re.fullmatch(said, limits[0]["sign"], re.IGNORECASE))
        said, limit = limits[0][0], {"zero": "0"}.get(limits[0]["limit"].casefold(), limits[0]["limit"])
    elif negative is not None:
        sign, limit, said = "<" if negative["word"].casefold() == "negative" else ">", "0", negative[0]
    else:
        assert none is not None
        sign, limit, said = "=", "0", none[0]
    bare = rest.replace(said, " ", 1)
    number = measure_said(bare, table) if _names_one(bare, table) else None
    if number is None:
        return None
    name = dialect.quote_name(number.name)
    return _Condition(f"{name} {sign} {limit}", f"{number.name} {sign} {limit}", name), named_so(bare, number)


def _names_one(text: str, table: Table) -> bool:
    """Whether a measure is named at all: of a table with one number, another thing may be meant."""
    numbers = [c for c in table.columns if measure_said(c.name, table) is not None]
    return any(named_so(text, c) != text or re.search(rf"(?i)\b{re.escape(c.name)}\b", text) for c in numbers)


def _of_rows(table: Table, dialect: Dialect, unit: str, so: _Condition, where: str) -> SpelledOut | None:
    order = ", ".join(series_order(table, unit, dialect))
    if not order:
        return None
    run = f"SUM(CASE WHEN {so.sql} THEN 0 ELSE 1 END) OVER (ORDER BY {order}) AS run"
    inner = f"SELECT {so.column}, {run} FROM {source_of(table, dialect)}{where}"
    query = f"SELECT COUNT(*) AS n FROM ({inner}) AS s WHERE {so.sql} GROUP BY run ORDER BY n DESC LIMIT 1"
    return _told(query, unit, so.words)


def _of_states(table: Table, dialect: Dialect, unit: str, so: str, words: str) -> SpelledOut | None:
    """Of a table whose one text is a state of each row."""
    if len(states_of(table)) != 1:
        return None
    column = so.partition(" = ")[0]
    return _of_rows(table, dialect, unit, _Condition(so, words, column), "")


def _of_days(table: Table, dialect: Dialect, so: str, words: str) -> SpelledOut | None:
    times = row_times("", table, dialect)
    day = times.day() if times is not None else ""
    if not day or not series_order(table, "day", dialect) or dialect.title not in ("DuckDB", "SQLite"):
        return None
    first = "CAST(ROW_NUMBER() OVER (ORDER BY day) AS INTEGER)"
    begun = f"day - {first}" if dialect.name == "duckdb" else f"JULIANDAY(day) - {first}"
    days = f"(SELECT DISTINCT {day} AS day FROM {source_of(table, dialect)} WHERE {so}) AS days"
    query = f"SELECT COUNT(*) AS n FROM (SELECT {begun} AS run FROM {days}) AS runs "
    return _told(f"{query}GROUP BY run ORDER BY n DESC LIMIT 1", "day", words)


def _told(query: str, unit: str, words: str) -> SpelledOut:
    told = f"how many {unit}s in a row have {words}, at the longest?"
    return SpelledOut(told, query, (r"\bOVER\b|RECURSIVE|\bJOIN\b",))
