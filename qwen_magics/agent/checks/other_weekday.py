"""Another day of the week than the question's: the Sunday of a worked example for its Saturday."""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.weekday_said import NUMBERED, WEEKDAYS, weekdays_said
from qwen_magics.errors import QueryError

__all__ = ["other_weekday"]

_COMPARED = re.compile(
    r"((?:\bDAYNAME\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|\bSTRFTIME\((?:[^()]|\([^()]*\))*'%A'[^()]*\))"
    r"\s*=\s*)'(\w+day)'",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:weekends?|week-?days?|than|except|other|before|after|next|previous)\b", re.IGNORECASE
)


def other_weekday(question: str) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    asked = weekdays_said(question)
    if len(asked) != 1 or _MORE.search(question):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        numbers = {found[2] for found in NUMBERED.finditer(code)}
        number = f"{WEEKDAYS.index(asked[0])}"
        if len(numbers) == 1 and numbers != {number} and code.count("%w") == 1:
            whole = NUMBERED.sub(lambda found: f"{found[1]}'{number}'", code)
            return QueryError("other_weekday", f"The question says {asked[0]}.", f"Write: {whole}")
        taken = {found[2].capitalize() for found in _COMPARED.finditer(code)}
        if len(taken) != 1 or taken == set(asked) or len(weekdays_said(code)) != 1:
            return None
        whole = _COMPARED.sub(lambda found: f"{found[1]}'{asked[0]}'", code)
        return QueryError("other_weekday", f"The question says {asked[0]}.", f"Write: {whole}")

    return check
