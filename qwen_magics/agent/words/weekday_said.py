"""Days of the week in a worked example: the question's Saturday for its Sunday.

A small model copies the day of the example as well as its columns.
"""

from __future__ import annotations

import re

__all__ = ["NUMBERED", "WEEKDAYS", "weekdays_said", "with_weekdays"]

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_DAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})(?=s?\b)", re.IGNORECASE)
NUMBERED = re.compile(r"(STRFTIME\('%w', (?:[^()]|\([^()]*\))+\) = )'([0-6])'")
"""A day of the week as SQLite compares it: what stands before the number, and the number."""


def weekdays_said(text: str) -> list[str]:
    """The different days of the week, in the order in which they stand there."""
    return list(dict.fromkeys(found.capitalize() for found in _DAY.findall(text)))


def with_weekdays(example: str, query: str, question: str) -> tuple[str, str]:
    """The example with the days of the question, where it has as many of them.

    >>> with_weekdays("sales on Sundays?", "… DAYNAME(day) = 'Sunday'", "How many on Friday?")
    ('sales on Fridays?', "… DAYNAME(day) = 'Friday'")
    """
    here, asked = weekdays_said(example), weekdays_said(question)
    if not here or len(here) != len(asked):
        return example, query
    instead = dict(zip(here, asked, strict=True))
    numbers = {f"{WEEKDAYS.index(old)}": f"{WEEKDAYS.index(new)}" for old, new in instead.items()}
    told = _DAY.sub(lambda found: instead[found[1].capitalize()], example)
    query = _DAY.sub(lambda found: instead.get(found[1].capitalize(), found[1]), query)
    return told, NUMBERED.sub(lambda found: f"{found[1]}'{numbers.get(found[2], found[2])}'", query)
