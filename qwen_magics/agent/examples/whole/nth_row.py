"""When the 1000th loan was made: the row that comes at that place in time.

A small model takes the first row, or the last.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.row_times import RowTimes, row_times
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME
from qwen_magics.tools.schema import Table, has_days
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["nth_row"]

_ORDINALS = {
    word: number
    for number, word in enumerate(
        [
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        2,
    )
} | {"twentieth": 20, "fiftieth": 50, "hundredth": 100, "thousandth": 1000, "millionth": 10**6}
_NTH = re.compile(
    rf"\b(?P<of>the |its |our |their )?(?:one )?(?P<n>\d{{1,3}}(?:,?\d{{3}})*(?=st|nd|rd|th)"
    rf"|{'|'.join(_ORDINALS)})"
    r"(?:st|nd|rd|th)?(?: ever)?(?: (?P<kind>\w+))? (?P<rows>\w+)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:on|at|in) (?:which|what) (?P<at>date|day|year)\b|\b(?:what|which) (?:was|is) the (?P<was>date|day"
    r"|year)(?: of| on which| when| that| in which)?\b|\bwhen (?=was|were|did|is)\b"
    r"|\b(?:the|a) (?P<the>date|day) (?:of|on which|when)\b",
    re.IGNORECASE,
)
_UP = re.compile(
    r",? ?\(?\b(?:(?:count(?:ed|ing)?|going|start(?:ed|ing)?|ordered|sorted|in order)(?: forward| up| on)? "
    r"(?:from|with|at|by|of)(?: the)? (?:earliest|oldest|first|beginning|start|date|time)(?: one| on)?"
    r"|in (?:chronological|time) order|chronologically|in order of (?:time|date))\b\)?",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:each|every|per|which (?!date|day|year)|who|whose|how|last|latest|newest|before|after|since|from"
    r" the"
    r"|until|most|least|highest|lowest|largest|smallest|running|reach\w*|pass\w*|exceed\w*|and|or|different"
    r"|distinct|unique|new|total|sum|quarter|month|week|century|birthday|anniversary)\b"
    rf"|{EXTREME}",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:made|make|took|take|place|happen(?:ed)?|occur(?:red)?|record(?:ed)?|come|came|in|all|ever|data"
    r"|place[ds]?|it)\b",
    re.IGNORECASE,
)


def nth_row(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if the rows that are counted are the table's and the time of a row is certain."""
    nth, when = _NTH.search(question), _WHEN.search(question)
    if nth is None or when is None:
        return None
    # "The tenth crime film", "the 3rd loan ended".
    own, kind, behind = words_of(table.name)[-1:], nth["kind"] or "", nth["rows"]
    if words_of(behind) == own:
        behind = ""
    elif words_of(kind) == own:
        kind = ""
    else:
        return None
    rest = f"{question[: nth.start()]} {kind} {behind} {question[nth.end() :]}"
    rest = _UP.sub(" ", rest).replace(when[0], " ", 1)
    if _OTHER.search(rest):
        return None
    times = _times(question, rest, table, dialect)
    day = times.day() if times is not None else ""
    if times is None or times.date is None or not day:
        return None
    plain = _LITTLE.sub(" ", rest)
    parts = words_of(times.date.name)
    said = re.sub(r"\w+", lambda w: " " if any(alike(o, w[0].casefold()) for o in parts) else w[0], plain)
    rows = named_rows(said, table, dialect)
    if rows is None or says_more(said, table):
        return None
    number = _ORDINALS.get(nth["n"].casefold()) or int(nth["n"].replace(",", ""))
    name = dialect.quote_name(times.date.name)
    asked = (when["at"] or when["was"] or "").casefold()
    shown = times.unit("year")[0] if asked == "year" and times.unit("year") else name
    known = f"{name} IS NOT NULL" if times.date.nulls else ""
    query = f"SELECT {shown} FROM {source_of(table, dialect)}{rows.written(known)} ORDER BY {name} LIMIT 1"
    told = f"{times.date.name} of row number {number} of {table.name} by {times.date.name}"
    return SpelledOut(told, f"{query} OFFSET {number - 1}", (r"\bOFFSET\b|\bOVER\b|SELECT.*SELECT",))


def _times(question: str, rest: str, table: Table, dialect: Dialect) -> RowTimes | None:
    """Of several dates the one that is named, or the one that is called like the rows: `loaned` of loans."""
    dates = [column for column in table.columns if has_days(column)]
    if len(dates) < 2:
        return row_times("", table, dialect)
    said = [w for w in words_of(rest) if len(w) > 3]
    named = [c for c in dates if any(alike(part, word) for part in words_of(c.name) for word in said)]
    own = [c for c in dates if any(alike(part, words_of(table.name)[-1]) for part in words_of(c.name))]
    found = named or own
    return RowTimes(found[0], {}, dialect) if len(found) == 1 else None
