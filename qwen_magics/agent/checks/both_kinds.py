"""A figure of the rows with a flag and of those without it, where a query does not tell the two apart: it
adds up the flag itself, or does not read it. See `examples.whole.both_flags`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.whole.both_flags import flag_sides
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["both_kinds"]


def both_kinds(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> Callable[[str], QueryError | None]:
    """A check of queries for one question."""
    found = flag_sides(question, tables, dialect)

    def check(code: str) -> QueryError | None:
        if found is None or not re.match(r"\W*SELECT\b", code, re.IGNORECASE):
            return None
        flag = rf"(?:\w+\.)?[\"`]?{re.escape(found.flag)}[\"`]?"
        # An alias, a table of that name or the sum of the flag tell nothing apart.
        rest = re.sub(rf"\bAS +[\"`]?\w+|\b(?:SUM|AVG|COUNT|MIN|MAX)\( *{flag} *\)", " ", code, flags=re.I)
        if re.search(rf"(?<![\w'.]){flag}(?!\w|\.\w)", rest, re.IGNORECASE):
            return None
        message = f"The question asks for each kind of {found.flag}, and the query does not tell them apart."
        return QueryError("both_kinds", message, f"Write: {found.query}")

    return check
