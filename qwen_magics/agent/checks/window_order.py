"""Windows whose order many rows share: put right where the question leaves no doubt what is meant; see
`tools.sql.window_order`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from qwen_magics.agent.words.patterns.phrases import MEAN

__all__ = ["windows_ordered"]

# Of rows that are to be added up first, none is the one before another.
_ADDED_UP = re.compile(
    r"\b(?:totals?|sums?|summed|combined|altogether|together|overall|number of|worldwide|whole|entire)\b"
    rf"|(?<!moving )(?<!rolling )(?<!running )(?<!sliding ){MEAN}",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"\b(?:same|corresponding|equivalent) (?:calendar )?(quarter|month|week|day)\b", re.IGNORECASE
)
_YEAR_BEFORE = re.compile(
    r"\byear (?:before|earlier|ago|previously|back|prior)\b|\b(?:previous|last|preceding|prior) year\b"
    r"|\byear[- ](?:on|over)[- ]year\b|\byear[- ]earlier\b|\byoy\b",
    re.IGNORECASE,
)


class _Reorder(Protocol):
    """SQL and parts of the year → the query with its windows in order; `rows`: those over rows too."""

    def __call__(self, sql: str, same: tuple[str, ...] = (), *, rows: bool = True) -> str: ...


def windows_ordered(question: str, reorder: _Reorder) -> Callable[[str], str]:
    """What puts the windows of the queries for `question` in order.

    Args:
        reorder: of a database, which looks up what tells its rows apart.
    """
    same = tuple(unit.casefold() for unit in _SAME.findall(question)) if _YEAR_BEFORE.search(question) else ()
    rows = _ADDED_UP.search(question) is None
    return lambda sql: reorder(sql, same, rows=rows)
