"""Whether a query has what every answer to a question of its kind has; if not, the whole query is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.examples.whole.spelled_kinds import spelled_out
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["spelled"]


def spelled(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; see `agent.examples.whole.spelled_kinds`."""
    whole = spelled_out(question, tables, dialect) if question and tables else None
    if whole is None:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        if not whole.is_missed(code):
            return None
        hint = f"Write: {whole.query}"
        return QueryError("step_missing", f"Asked for is: {whole.told}.", hint, query=whole.query)

    return check
