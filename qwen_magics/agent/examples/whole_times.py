"""Parts of a year in a worked example: rows that go by quarters are in order by the year first."""

from __future__ import annotations

import re
from collections.abc import Set

__all__ = ["with_whole_time"]

# The longest first; a month lies in its year, and no day in its quarter alone.
_AROUND = {
    "quarter": ("year",),
    "month": ("year",),
    "week": ("year",),
    "day": ("year", "month"),
    "hour": ("year", "month", "day"),
}


def with_whole_time(query: str, periods: Set[str]) -> str:
    """The query whose windows go by the whole time, where they go by one part of it.

    Args:
        periods: parts of a time that the table has as columns.

    >>> with_whole_time("SELECT LAG(x) OVER (ORDER BY month) FROM t", {"year", "month"})
    'SELECT LAG(x) OVER (ORDER BY year, month) FROM t'
    """
    # Groups of a part of the year may be all that is meant; the runs of a series are none.
    if "GROUP BY" in query.replace("GROUP BY run ", "") or "PARTITION BY" in query:
        return query
    for unit, around in _AROUND.items():
        order = re.compile(rf"(?<=OVER \(ORDER BY ){unit}(?=\)| ROWS)")
        if periods >= {unit, *around} and order.search(query):
            whole = ", ".join((*around, unit))
            return re.sub(rf"(?<=\bSELECT ){unit}\b(?= FROM|,)", whole, order.sub(whole, query))
    return query
