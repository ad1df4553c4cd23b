"""Days in a worked example, where a table has year, month and day as numbers: a day is all three together.

The `day` alone goes from 1 to 31, and a small model copies whatever stands in the example.
"""

from __future__ import annotations

import re
from collections.abc import Set

__all__ = ["OF_MONTH", "WHOLE_DAY", "with_whole_day"]

WHOLE_DAY = ("year", "month", "day")
"""What tells a day."""

OF_MONTH = re.compile(
    r"\bdays? (?:number )?of (?:the|a|each|every|any|that|all) months?\b|\bmonth[- ]?days?\b"
    r"|\bdays? (?:number )?(?:1|one|from 1) (?:to|through|-|–) (?:28|29|30|31)\b|\bday numbers?\b|`day`"
    r"|\bcolumn day\b|\bday column\b|\b\d{1,2}(?:st|nd|rd|th) of (?:the|each|every) month\b",
    re.IGNORECASE,
)
"""Said of the one from 1 to 31."""

_ONE_DAY = re.compile(r"\bDISTINCT day\b|\bGROUP BY day(?=\)|\s*$)", re.IGNORECASE)
_KEY = re.compile(r"(?<=\bSELECT )day(?=,| FROM)", re.IGNORECASE)


def with_whole_day(query: str, periods: Set[str], asked: str, dialect: str = "DuckDB") -> str:
    """The query that counts and groups by whole days.

    Args:
        periods: parts of a time that the table has as columns.
        asked: the question; one about days of the month is left alone.
        dialect: as people call it.

    >>> with_whole_day("SELECT day, COUNT(*) FROM t GROUP BY day", {"year", "month", "day"}, "per day?")
    'SELECT year, month, day, COUNT(*) FROM t GROUP BY year, month, day'
    """
    parts = _ONE_DAY.findall(query)
    if not periods >= set(WHOLE_DAY) or len(parts) != 1 or OF_MONTH.search(asked):
        return query
    if re.search(r"\b(?:month|quarter|week)\b", query):
        return query
    whole = ", ".join(WHOLE_DAY)
    one = "MAKE_DATE(year, month, day)" if dialect == "DuckDB" else "year * 10000 + month * 100 + day"
    if parts[0].upper().startswith("DISTINCT"):
        return _ONE_DAY.sub(f"DISTINCT {one}", query)
    # What an outer query puts in order by the day would still go by one part of it.
    if re.search(r"\b(?:ORDER|PARTITION) BY day\b", query):
        return query
    return _KEY.sub(whole, _ONE_DAY.sub(f"GROUP BY {whole}", query))
