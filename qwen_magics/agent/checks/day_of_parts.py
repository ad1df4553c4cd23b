"""The day of a text that looks like a moment, where the table has year, month and day as numbers: the text
may be of another time zone, so that its first hours are of the day before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["day_of_parts"]

_PARTS = ("year", "month", "day")
_DAY = re.compile(r"\b(?:dates?|days?|daily)\b(?! of (?:the )?(?:week|month))", re.IGNORECASE)
_OTHER = re.compile(r"\b(?:hours?|minutes?|utc|gmt|time ?zones?|time_\w+|weeks?|weekdays?)\b", re.IGNORECASE)


def day_of_parts(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> Callable[[str], QueryError | None]:
    """A check of queries over one table; it speaks once."""
    texts = _texts(tables[0]) if len(tables) == 1 and dialect.name == "duckdb" else []
    if not texts or not _DAY.search(question) or _OTHER.search(question) is not None:
        return silent
    if any(name.casefold() in question.casefold() for name in texts):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _by_parts(code, texts)
        if not whole:
            return None
        message = "The table has year, month and day as numbers, which tell the day."
        return QueryError("other_day", message, f"Write: {whole}")

    return check


def _texts(table: Table) -> list[str]:
    """Its texts of moments, where its days are told by three whole numbers."""
    parts = [table.column(part) for part in _PARTS]
    whole = all(part is not None and "INT" in part.dtype.upper() for part in parts)
    return [c.name for c in table.columns if c.dtype == "VARCHAR" and _is_moment(c.samples)] if whole else []


def _is_moment(samples: Sequence[str]) -> bool:
    return bool(samples) and all(re.match(r"'\d{4}-\d\d-\d\d[ T]\d\d:\d\d", value) for value in samples)


def _by_parts(code: str, texts: Sequence[str]) -> str:
    """The query with the date of the three for the casts of the text, if it groups by days of it."""
    from sqlglot import exp, parse_one

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or found[0].args.get("group") is None:
        return ""
    tree, reader = found
    names = {name.casefold() for name in texts}
    casts = [c for c in tree.find_all(exp.Cast, exp.TryCast) if _is_of(c.this, names)]
    if not casts or len(casts) != sum(_is_of(c, names) for c in tree.find_all(exp.Column)):
        return ""
    for cast in casts:
        cast.replace(parse_one("MAKE_DATE(year, month, day)", dialect=reader))
    return written(tree, reader)


def _is_of(node: exp.Expr, names: set[str]) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Column) and node.name.casefold() in names
