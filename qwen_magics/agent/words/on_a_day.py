"""What was so on a day: which date says when it began and which when it ended, and the day that is said."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from qwen_magics.agent.words.naming import name_parts, words_of
from qwen_magics.tools.schema import Column

__all__ = ["ON_A_DAY", "STATE", "begun_and_ended", "day_said", "with_day"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:[a-z]*)"
_YEAR = r"(?:19|20)\d\d"
ON_A_DAY = (
    rf"(?:\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_NAME},? {_YEAR}\b"
    rf"|\b{_NAME} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}\b"
    rf"|\b{_YEAR}-\d\d-\d\d\b|\b(?:end|close) of (?:the year )?{_YEAR}\b)"
)
"""A day in a question, or the last one of a year."""

STATE = (
    r"(?:\b(?:was|were|had been|are|is) (?:still |already |then |currently |all )?(?:out|open|active|employed"
    r"|lent|running|in force|in stock|under way|underway|on loan|outstanding|in effect|valid|on the books"
    r"|borrowed|occupied|in progress|ongoing|unfinished|unreturned|pending|in use|rented|hired out"
    r"|checked out|live)\b"
    r"|\bstill (?:out|open|active|employed|running|on loan|outstanding|unreturned|borrowed|in use|unpaid)\b"
    r"|\bor not at all\b|\b(?:(?:or )?not|\w+n['\u2019]t|yet to be|yet to have) "
    r"(?:yet |been |come |gone |given |brought |handed ){0,3}"
    r"(?:returned|back|ended|closed|finished|left|completed|settled|paid|repaid|delivered|resolved|received)"
    r"(?: yet)?,? (?:by|on|at|as of|until|before) )"
)
"""What lasts from one date to another."""

_DUE = frozenset(words_of("due deadline promised planned scheduled agreed expected required target valid"))
_ENDED = frozenset(
    words_of(
        "returned return ended end closed left finished completed until resolved departed settled paid"
        " shipped delivered cancelled expired terminated"
    )
)
_EXAMPLE = datetime.date(2023, 6, 30)


def begun_and_ended(question: str, dates: Sequence[Column]) -> list[Column]:
    """The two columns, if the question is about what was so on a day and there is one of each; else none.

    What has not ended has no such date.
    """
    if not re.search(STATE, question, re.IGNORECASE) or not re.search(ON_A_DAY, question, re.IGNORECASE):
        return []
    plain = [column for column in dates if not _DUE & set(name_parts(column)) and column.dtype == "DATE"]
    # Missing values of large tables are not all counted.
    ended = [c for c in plain if c.nulls] or [c for c in plain if _ENDED & set(name_parts(c))]
    begun = [column for column in plain if column not in ended]
    return [begun[0], ended[0]] if len(begun) == 1 == len(ended) else []


def with_day(example: str, query: str, question: str) -> tuple[str, str]:
    """The example with the one day of the question for its own, 30 June 2023.

    >>> with_day("open on 30 June 2023?", "… <= '2023-06-30'", "out at the end of 2024?")
    ('open on 31 December 2024?', "… <= '2024-12-31'")
    """
    day = day_said(question)
    if day is None or f"{_EXAMPLE}" not in query:
        return example, query
    told = example.replace(_spoken(_EXAMPLE), _spoken(day))
    return told, query.replace(f"{_EXAMPLE}", f"{day}")


def day_said(question: str) -> datetime.date | None:
    """The one day of a question."""
    found = {_day(said[0]) for said in re.finditer(ON_A_DAY, question, re.IGNORECASE)}
    return next(iter(found)) if len(found) == 1 else None


def _spoken(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"


def _day(said: str) -> datetime.date | None:
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", said):
            return datetime.date.fromisoformat(said)
        numbers = [int(number) for number in re.findall(r"\d+", said)]
        if len(numbers) == 1:
            return datetime.date(numbers[0], 12, 31)
        name = re.search(_NAME, said, re.IGNORECASE)
        month = _MONTHS.index(name[0][:3].casefold()) + 1 if name is not None else 0
        return datetime.date(numbers[1], month, numbers[0])
    except ValueError:
        return None
