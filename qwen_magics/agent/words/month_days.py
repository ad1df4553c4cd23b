"""A day and a month without a year, "on a December 25": of whatever year the data have."""

from __future__ import annotations

import re

__all__ = ["MONTH_DAY", "month_day_said", "with_month_day"]

_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
MONTH_DAY = (
    rf"(?:\b{_NAME} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_NAME}\b)"
)
"""A day and a month, in either order."""

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)|'\d\d\b")
_RELATIVE = re.compile(
    r"\b(?:last|latest|this|next|current|previous|recent|now|today|ago|newest|year before)\b", re.IGNORECASE
)
# From one day to another is a stretch of days.
_STRETCH = re.compile(
    rf"\b(?:since|until|till|before|after|between|from|through|to|by|than|and|or|[-–]) (?:the )?{MONTH_DAY}",
    re.IGNORECASE,
)
_EXAMPLE = "25 December"


def month_day_said(question: str) -> tuple[int, int] | None:
    """Month and day of the one that a question names, where it has no year and means no stretch of days.

    >>> month_day_said("What was the lowest price on a June 3?")
    (6, 3)
    """
    found = re.findall(MONTH_DAY, question, re.IGNORECASE)
    if len(found) != 1 or _YEAR.search(question) or _RELATIVE.search(question) or _STRETCH.search(question):
        return None
    words = re.findall(r"[a-z]{3,}", found[0].casefold())
    months = [at for at, name in enumerate(_NAMES, 1) if any(name.startswith(word[:3]) for word in words)]
    day = int(re.findall(r"\d+", found[0])[0])
    return (months[0], day) if len(months) == 1 and 1 <= day <= 31 else None


def with_month_day(example: str, query: str, question: str) -> tuple[str, str]:
    """The example with the question's day for its own, 25 December."""
    said = month_day_said(question) if _EXAMPLE in example else None
    if said is None:
        return example, query
    month, day = said
    told = example.replace(_EXAMPLE, f"{day} {_NAMES[month - 1].capitalize()}")
    query = query.replace("'12-25'", f"'{month:02}-{day:02}'")
    return told, re.sub(r"= 12 AND (DAY\(\w+\)|day) = 25", rf"= {month} AND \1 = {day}", query)
