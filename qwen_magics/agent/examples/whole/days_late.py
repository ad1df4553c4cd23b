"""How late the latest was, or those that were late on average: days from when it was due to when it was done.

A small model subtracts texts, or the dates the wrong way round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.named_rows import NamedRows, says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut, limited
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.words.deadlines import DONE, LATE, due_and_done
from qwen_magics.agent.words.mentions import Asked
from qwen_magics.tools.schema import Table, has_days
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["days_late"]

_MOST = re.compile(
    r"\b(?:longest|largest|highest|greatest|biggest|maximum|most|at (?:most|worst)|the latest)\b",
    re.IGNORECASE,
)
_DAYS = re.compile(r"\bdays?\b|\bhow (?:late|long)\b", re.IGNORECASE)
_MEAN = re.compile(r"\b(?:on average|averages?|mean)\b", re.IGNORECASE)
# An average over all of them is another one: only where those that were late are meant.
_LATE_ONES = re.compile(
    rf"\b(?:that|which|those) (?:(?:were|was|are|came|have been|had been|got) )?(?:{DONE} |back )?(?:{LATE})"
    r"|\blate (?!on\b|for\b|by\b|was\b|were\b|is\b|are\b)\w+s\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:which|who|whose|each|every|per|averages?|mean|median|total|sum|share|percent\w*|two|three|first"
    r"|last"
    r"|never|yet|still|most often|how often|how many (?!days)\w+|when|name|early|earlier|before|oldest"
    r"|newest|by (?:an?|the|one)"
    r"|on (?:a|one) single)\b|\d|%",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    rf"{LATE}|\b{DONE}\b|\b(?:due|dates?|deadlines?|lent|borrowed|loaned|(?:too )?late|overdue|passed|delayed"
    r"|by how many|after|past|beyond|delays?|back|ever|out)\b",
    re.IGNORECASE,
)


def days_late(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query over the one table that has both dates; None where it is about some of its rows."""
    if not re.search(LATE, question, re.IGNORECASE) or not _DAYS.search(question):
        return None
    mean = _MEAN.search(question) is not None and not _MOST.search(question)
    if not _MOST.search(question) and (not mean or not _LATE_ONES.search(question)):
        return None
    question = _MEAN.sub(" ", question) if mean else question
    question = re.sub(r"(?i)\bwhen (?:it|they) (?:was|were|came|got)\b", " ", question)
    if _OTHER.search(question) or linked_values(question, tables):
        return None
    pairs = [(table, due_and_done(question, [c for c in table.columns if has_days(c)])) for table in tables]
    found = [(table, pair) for table, pair in pairs if pair]
    if len(found) != 1:
        return None
    (table, (due, done)) = found[0]
    rest = _LITTLE.sub(" ", _MOST.sub(" ", question))
    if limited(rest, table, dialect) != "" or not _are_said(question, table):
        return None
    # Whose they are, or what kind of things, limits them: "returned by students".
    for other in tables:
        rest = re.sub(rf"(?i)\b{re.escape(other.name.removesuffix('s'))}s?\b", " ", rest)
    if says_more(rest, table, NamedRows({}, ())):
        return None
    one, two = (dialect.quote_name(c.name) for c in (due, done))
    if dialect.name == "duckdb":
        days = f"DATE_DIFF('day', {one}, {two})"
    elif dialect.title == "SQLite":
        days = f"CAST(JULIANDAY({two}) - JULIANDAY({one}) AS INTEGER)"
    else:
        return None
    if mean:
        told = f"the average number of days from {due.name} to {done.name}, of those that were late"
        query = f"SELECT AVG({days}) FROM {source_of(table, dialect)} WHERE {two} > {one}"
        return SpelledOut(told, query, (r"\bAVG\b",))
    told = f"the largest number of days from {due.name} to {done.name}"
    return SpelledOut(told, f"SELECT MAX({days}) FROM {source_of(table, dialect)}", (r"\bMAX\b|\bDESC\b",))


def _are_said(question: str, table: Table) -> bool:
    """Whether no name stands in it that limits the rows, of a table that is joined."""
    words = Asked(question, table.columns, table.name).text
    return re.search(r"(?<=[a-z,;:(] )(?!I\b)[A-Z]\w+", words.replace(table.name, "")) is None
