"""The first row of a period, compared with the one before the period, unless the question keeps to it."""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.neighbours import with_neighbours

__all__ = ["compared_outside"]

# The first one is to have nothing, or what lies before the period is not to be looked at.
_WITHIN = re.compile(
    r"\b(?:within|inside|restrict\w*|limit\w*|confin\w*|filter\w*|keep\w*|using only"
    r"|only (?:the )?(?:data|rows|years|months|days|period|values|readings)|ignor\w+|disregard\w*"
    r"|leav(?:e|ing) (?:out|off|empty|blank)"
    r"|nulls?|empty|blank|missing|nan|no (?:value|change|difference|figure|predecessor|previous|earlier))\b"
    r"|\bfirst (?:year|month|day|week|quarter|row|one|date)\b"
    r"|\b(?:there is|has|have|having) (?:none|nothing)\b",
    re.IGNORECASE,
)


def compared_outside(question: str, dialect: Dialect) -> Callable[[str], str]:
    """What puts the period of such a query behind the comparison; see `tools.sql.neighbours`."""
    if _WITHIN.search(question):
        return str
    return lambda sql: with_neighbours(sql, dialect)
