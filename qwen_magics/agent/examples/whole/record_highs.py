"""In how many of its days, months, quarters or years a series was higher, or lower, than in all before.

A small model compares with the average of all rows, or with a part of a time that comes again each year.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.each_group import measure_said, named_so
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.run_series import is_one_series, series_order
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.patterns.phrases import MEAN, PERCENT
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["record_highs"]

_UNIT = r"(?:day|date|month|quarter|year)"
_TIMES = re.compile(
    rf"\b(?:(?:in|on|for|during) )?(?:how many|what number of) (?:of (?:the|its|all) )?(?:different )?"
    rf"(?:(?P<unit>{_UNIT})|time)s\b|\bhow often\b",
    re.IGNORECASE,
)
_HIGHER = r"(?P<high>higher|greater|larger|bigger|more|warmer|hotter|better)"
_LOWER = r"(?P<low>lower|less|smaller|fewer|colder|cooler|worse)"
_ALL = r"(?:in |on |at |for |during )?(?:all|any|every|each)(?: one)?(?: of)?(?: (?:the|its|other))*"
_EARLIER = r"(?:earlier|previous|preceding|prior|past)"
_BEFORE = (
    rf"(?:{_ALL} {_EARLIER} (?:{_UNIT}s?|ones?|values?|rows?)\b(?: before(?: it)?\b)?"
    rf"|{_ALL} (?:{_UNIT}s?|ones?|values?) (?:before|earlier|so far|(?:that )?(?:came|went|lay) before)(?:"
    rf" it)?\b"
    r"|ever before\b|ever\b(?! (?:since|after))|(?:in )?(?:all|everything) (?:that (?:came|went) )?before\b)"
)
_RECORD = (
    r"(?:(?:set(?:s|ting)?|reach(?:es|ed)?|hit(?:s)?|mark(?:s|ed)?|made|make|was|is|were|be|at|post(?:s"
    r"|ed)?)(?: at)? )?"
    r"(?:an? |its |the )?(?:new (?:all-time |record )?|all-time |record )(?P<end>highs?|lows?|maximum"
    r"|minimum|peaks?)\b"
    r"(?: so far)?"
)
_SO = re.compile(
    rf"\b(?:{_HIGHER}|{_LOWER}) than (?:it (?:was|had been|is) )?{_BEFORE}|\b{_RECORD}", re.IGNORECASE
)
_FIRST_OUT = re.compile(
    rf"[.;,(]? ?\b(?:(?:do not|don['’]t|not|never|without) (?:count|includ)\w*|leav\w+ out|ignor\w+|exclud\w+"
    rf"|skip\w*) the (?:very )?first(?: (?:{_UNIT}|one|row|value))?\b\)?"
    rf"|[.;,(]? ?\bthe (?:very )?first(?: (?:{_UNIT}|one|row|value))? (?:does not|doesn['’]t|is not)"
    rf" (?:count\w*"
    r"|included)\b\)?",
    re.IGNORECASE,
)
_OTHER = re.compile(
    rf"\b(?:each|every|per|which|when|who|first|last|second|total|sum|running|in a row|consecutive|years?"
    rf" before"
    rf"|and|or|but|both|than|since|same)\b|{MEAN}|{PERCENT}",
    re.IGNORECASE,
)
_LITTLE = re.compile(r"\b(?:it|its|be|been|set|did|does|do|had|there|value|values|level)\b", re.IGNORECASE)


def record_highs(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query over one series; the first row has none before and does not count."""
    said = _FIRST_OUT.sub(" ", question)
    times, so = _TIMES.search(said), _SO.search(said)
    if times is None or so is None or len(list(_SO.finditer(said))) > 1:
        return None
    unit = {"date": "day"}.get((times["unit"] or "").casefold(), (times["unit"] or "").casefold())
    # "Than in all years before" of a table of quarters compares with whole years.
    own = {u.casefold() for u in re.findall(rf"(?i)\b({_UNIT})s?\b", so[0])}
    if own - {unit, "date"} and unit:
        return None
    rest = said.replace(times[0], " ").replace(so[0], " ")
    if _OTHER.search(rest):
        return None
    number = measure_said(rest, table)
    order = series_order(table, unit or next(iter(own), ""), dialect)
    if number is None or not order:
        return None
    plain = _LITTLE.sub(" ", named_so(rest, number))
    rows = named_rows(plain, table, dialect)
    if rows is None or says_more(plain, table) or not is_one_series(table, rows, dialect):
        return None
    low = so["low"] is not None or re.match(r"(?i)low|min", so["end"] or "") is not None
    function, sign, word = ("MIN", "<", "lower") if low else ("MAX", ">", "higher")
    value = dialect.quote_name(number.name)
    before = "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    extreme = f"{function}({value}) OVER (ORDER BY {', '.join(order)} {before}) AS earlier"
    inner = f"SELECT {value}, {extreme} FROM {source_of(table, dialect)}{rows.written()}"
    query = f"SELECT COUNT(*) FROM ({inner}) AS s WHERE {value} {sign} earlier"
    told = f"in how many {unit or 'row'}s was {number.name} {word} than in all before?"
    return SpelledOut(told, query, (r"SELECT.*SELECT|\bJOIN\b",))
