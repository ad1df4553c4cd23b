"""Spans of time as numbers, where the question asks for days or hours: 574, not `574 days 00:00:00`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["in_units"]

_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_ASKED = re.compile(
    rf"\b(?:how many|in|(?:the )?(?:total |average |mean |median )?(?:number|count) of|for how many)"
    rf"(?: \w+)? ({'|'.join(_SECONDS)})s?\b|\b({'|'.join(_SECONDS)})s (?:passed|between|from|elapsed"
    rf"|lie|does|did|do)\b",
    re.IGNORECASE,
)


def in_units(frame: pd.DataFrame, question: str) -> pd.DataFrame:
    """The frame with each span as a number of the one unit that the question names; else as it is."""
    spans = [place for place, dtype in enumerate(frame.dtypes) if dtype.kind == "m"]
    units = {(found[1] or found[2]).casefold() for found in _ASKED.finditer(question)} if spans else set()
    if len(units) != 1:
        return frame
    seconds = _SECONDS[units.pop()]
    out = frame.copy(deep=False)
    for place in spans:
        numbers = frame.iloc[:, place].dt.total_seconds() / seconds
        whole = numbers.notna().all() and (numbers % 1 == 0).all()
        out.isetitem(place, numbers.astype("int64") if whole else numbers)
    return out
