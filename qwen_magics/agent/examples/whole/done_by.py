"""What was begun in a year and done by a day: two dates of a row, each with its own condition.

A small model compares both with the one day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import table_of
from qwen_magics.agent.words.deadlines import DUE_NAMES
from qwen_magics.agent.words.naming import alike, name_parts, words_of
from qwen_magics.agent.words.on_a_day import ON_A_DAY, day_said
from qwen_magics.tools.schema import Column, Table, has_days
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["done_by"]

_WERE = r"(?:were|was|had been|have been|has been|came|had|got)"
_SIGNS = {
    "by": "<=",
    "until": "<=",
    "no later than": "<=",
    "on or before": "<=",
    "before": "<",
    "after": ">",
}
_ASKED = re.compile(
    r"^\W*(?P<what>how many|what (?:percent(?:age)?|per cent|share)(?= of))(?: of)?(?: all)?(?: the)? "
    rf"(?P<rows>\w+) (?:(?:that|which) )?(?:{_WERE} )?(?P<begun>\w+)(?: out)? (?:in|during) (?:the year )?"
    rf"(?P<year>(?:19|20)\d\d),?(?: and)? (?:{_WERE} )?(?:already |all )?(?P<done>\w+)(?: back)? "
    rf"(?P<when>{'|'.join(sorted(_SIGNS, key=len, reverse=True))}) (?:the )?(?:{ON_A_DAY})\W*$",
    re.IGNORECASE,
)
_BEGUN = frozenset(
    words_of("made taken begun started opened placed ordered issued created registered lent sold booked")
)


def done_by(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query over the one table that has both dates; None where it is not certain which they are."""
    asked = " ".join(question.replace("@", "").split())
    found, day = _ASKED.search(asked), day_said(question)
    table = table_of(found["rows"], tables) if found is not None else None
    if found is None or day is None or table is None:
        return None
    dates = [column for column in table.columns if has_days(column)]
    done = _called(found["done"], dates)
    begun = _called(found["begun"], dates) or _first(found["begun"], [c for c in dates if c is not done])
    if done is None or begun is None or begun is done:
        return None
    name = dialect.quote_name
    start, end, sign = name(begun.name), name(done.name), _SIGNS[found["when"].casefold()]
    year = f"EXTRACT(YEAR FROM {start}) = {found['year']}"
    if dialect.title == "SQLite":
        year = f"STRFTIME('%Y', {start}) = '{found['year']}'"
    condition, source = f"{end} {sign} '{day}'", source_of(table, dialect)
    told = (
        f"{table.name} with {begun.name} in {found['year']} and {done.name} {found['when'].casefold()} {day}"
    )
    if found["what"].casefold() == "how many":
        return Told(f"how many {told}", f"SELECT COUNT(*) FROM {source} WHERE {year} AND {condition}")
    share = f"100.0 * SUM(CASE WHEN {condition} THEN 1 ELSE 0 END) / COUNT(*)"
    return Told(f"what percentage of {told}", f"SELECT {share} FROM {source} WHERE {year}")


def _called(verb: str, dates: Sequence[Column]) -> Column | None:
    """The date that is called by what was done: `returned`, or `return_date`."""
    said = words_of(verb)
    found = [c for c in dates if said and any(alike(part, said[0]) for part in name_parts(c))]
    return found[0] if len(found) == 1 else None


def _first(verb: str, dates: Sequence[Column]) -> Column | None:
    """The date of when it began: the only one that every row has and that is no deadline."""
    plain = [c for c in dates if not DUE_NAMES & set(name_parts(c)) and not c.nulls]
    return plain[0] if verb.casefold() in _BEGUN and len(plain) == 1 else None
