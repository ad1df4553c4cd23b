"""Days with some row: the longest series of them in a row, and the longest gap between two of them.

A small model compares rows with rows, or days of the month with each other.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.named_rows import named_rows, says_more
from qwen_magics.agent.examples.whole.row_times import row_times
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["day_gaps", "day_runs"]

_LONGEST = r"(?:longest|largest|biggest|greatest|maximum|max)"
_RUN = re.compile(
    rf"\b{_LONGEST} (?:unbroken |uninterrupted )?(?:run|streak|stretch|spell|sequence|series|number|period"
    rf"|chain)"
    r" of (?:\w+ )?(?:consecutive |successive |back-to-back )?(?:calendar )?(?:days|dates)\b(?: in a row)?"
    rf"|\b(?:{_LONGEST} number of|(?:at most,? )?how many|most|for how many) (?:\w+ )?(?:consecutive "
    rf"|successive )?days"
    r" (?:in a row|running|on end|one after (?:the other|another))",
    re.IGNORECASE,
)
_CONSECUTIVE = re.compile(
    r"\b(?:consecutive|successive|in a row|running|on end|back-to-back|one after)\b", re.I
)
_LITTLE = re.compile(
    r"\bat least (?:one|a|1|some) (?P<one>\w+)|\bat least one\b|\bat (?:the )?(?:longest|most)\b"
    r"|\bwithout (?:a |any )?(?:break|interruption|gap|pause)\b|\bno (?:break|gap|interruption)\b"
    r"|\b(?:on|in|for) (?:each|every)(?: one)?(?: of (?:them|these|those|which))?(?: (?:such "
    r"|single )?(?:day|date)s?)?"
    r"|\b(?:each|every) (?:single )?(?:day|date)\b|\b(?:give|tell|show|name|return)\b[^.?]*\b(?:days"
    r"|number)\b"
    r"|\blast(?:s|ed)\b|\b(?:counted|measured|expressed|loaned|lent)\b",
    re.IGNORECASE,
)
# A measure, a limit, or several series.
_OTHER = re.compile(
    r"\b(?:each|every|per|which|who|whose|when|start\w*|beg[ai]n\w*|ended|more than|less than|fewer|ris\w+"
    r"|rose|f[ae]ll"
    r"|increas\w*|decreas\w*|higher|lower|above|below|average|mean|median|sums?|totals?|highest|lowest"
    r"|same|different|another|its|their|his|her|weeks?|months?|hours?|years?|weekdays?|working|business)\b|%",
    re.IGNORECASE,
)
_DAY = r"(?:calendar )?(?:days?|dates?)"
_GAP = re.compile(
    rf"\b(?:{_LONGEST} (?:gap|pause|break|interval|time|wait|stretch|number of days|period)|most days)\b",
    re.IGNORECASE,
)
_ROWS = r"(?:with|of|having|on which (?:there (?:is|was|were)|we had))"
_TWO = re.compile(
    rf"\b(?:between|from) (?:one|a|any|each) {_DAY}(?P<with> {_ROWS}[^.?;]*?)? (?:and|to|until"
    rf"|till) (?:the|its) "
    rf"(?:next|following|one after)(?: such| one| {_DAY})*"
    rf"|\bbetween (?:any |the )?(?:two )?(?:consecutive |successive "
    rf"|neighbou?ring )?(?P<days>{_DAY})(?= {_ROWS})"
    r"|\bbetween (?:any |the )?(?:two )?(?:consecutive|successive) (?P<rows>\w+)\b(?! of (?:the|an?|one"
    r"|each|every)\b)"
    r"|\bbetween one (?P<one>\w+) and the next(?: one| (?P=one))?\b",
    re.IGNORECASE,
)
_IN_DAYS = re.compile(r"\b(?:days?|dates?|loans?)\b|\bhow long\b", re.IGNORECASE)


def day_runs(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """How many days in a row had a row each, at the longest."""
    found = _RUN.search(question)
    if found is None or not _CONSECUTIVE.search(question):
        return None
    rest = _LITTLE.sub(_one, question.replace(found[0], " "))
    source = _days(rest, question, table, dialect)
    if source is None:
        return None
    first = "CAST(ROW_NUMBER() OVER (ORDER BY day) AS INTEGER)"
    begun = f"day - {first}" if dialect.name == "duckdb" else f"JULIANDAY(day) - {first}"
    query = (
        f"SELECT COUNT(*) AS n FROM (SELECT {begun} AS run FROM {source}) AS runs "
        "GROUP BY run ORDER BY n DESC LIMIT 1"
    )
    told = f"how many days in a row have {table.name}, at the longest?"
    return SpelledOut(told, query, (r"\bOVER\b|RECURSIVE|\bJOIN\b",))


def day_gaps(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """How many days lie between one day with a row and the next, at the longest."""
    gap, two = _GAP.search(question), _TWO.search(question)
    if gap is None or two is None or _CONSECUTIVE.search(question.replace(two[0], " ")):
        return None
    noun = two["rows"] or two["one"]
    if noun is not None and not re.fullmatch(rf"(?i){re.escape(table.name.rstrip('s'))}s?|{_DAY}", noun):
        return None
    with_rows = two["with"] or ""
    rest = _LITTLE.sub(_one, question.replace(gap[0], " ").replace(two[0], f" {with_rows} "))
    source = _days(re.sub(r"(?i)\bin days\b|\bhow many days\b|\bdays\b", " ", rest), question, table, dialect)
    times = row_times(question, table, dialect)
    if source is None or times is None:
        return None
    inner = f"SELECT day, LAG(day) OVER (ORDER BY day) AS previous FROM {source}"
    query = f"SELECT MAX({times.days_between('previous', 'day')}) FROM ({inner}) AS gaps"
    told = f"how many days lie between one day with {table.name} and the next, at the longest?"
    return SpelledOut(told, query, (r"\bOVER\b|\bJOIN\b|SELECT.*SELECT",))


def _one(said: re.Match[str]) -> str:
    """What there is one of stays; how that is said does not."""
    return f" {said['one'] or ''} "


def _days(rest: str, question: str, table: Table, dialect: Dialect) -> str | None:
    """The different days of the rows that are meant, as a source; None where that is not certain."""
    times = row_times(question, table, dialect)
    rows = named_rows(rest, table, dialect)
    if times is None or rows is None or _OTHER.search(rest) or says_more(rest, table, rows):
        return None
    day = times.day()
    if not day or (dialect.name != "duckdb" and dialect.title != "SQLite"):
        return None
    known = f"{dialect.quote_name(times.date.name)} IS NOT NULL" if times.date and times.date.nulls else ""
    return f"(SELECT DISTINCT {day} AS day FROM {source_of(table, dialect)}{rows.written(known)}) AS days"
