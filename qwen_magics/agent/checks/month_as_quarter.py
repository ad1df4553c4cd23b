"""The quarter of a text that looks like a moment, where the table has the month itself as a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.examples.whole.month_quarters import quarter_of_month
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["month_as_quarter"]

_QUARTER = re.compile(r"\bQUARTER\s*\(|\bEXTRACT\s*\(\s*QUARTER\b|'quarter'", re.IGNORECASE)
_QUERY = re.compile(r"\W*(SELECT|WITH)\b", re.IGNORECASE)


def month_as_quarter(
    tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> Callable[[str], QueryError | None]:
    """A check of queries over one table; it speaks once."""
    quarter = quarter_of_month(tables[0], dialect) if len(tables) == 1 else ""
    if not quarter:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        if not _QUERY.match(code) or not _QUARTER.search(code):
            return None
        return QueryError(
            "other_quarter", "The table has months as numbers.", f"Write the quarter as {quarter}."
        )

    return check
