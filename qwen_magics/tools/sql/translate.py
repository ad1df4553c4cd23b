"""A query with another dialect's functions → the same query in this one, by sqlglot.

A small model writes `strftime` into PostgreSQL and goes on doing so whatever it is told. What comes out is a
query like any other: it has to pass the gate and to bind before it runs, and it is what the answer shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DIALECTS, Dialect

__all__ = ["translations"]

# Models have read most of these.
_READERS = ("sqlite", "duckdb", "postgres", "mysql")
_REFUSED = re.compile(r"[Ff]unction (\w+)\(\)|no (\w+)\(\) for")


def translations(sql: str, refused: QueryError, dialect: Dialect) -> Iterator[str]:
    """The query as the dialects would mean it that have the function for which it was refused.

    Only those: read as any other, the same words may mean something else and bind all the same.
    """
    found = _REFUSED.search(refused.message)
    if found is None:
        return
    import sqlglot

    for reader in _readers((found[1] or found[2]).casefold(), sql):
        if reader == dialect.name:
            continue
        try:
            texts = sqlglot.transpile(sql, read=reader, write=dialect.name or None)
        except Exception:  # not a query of that dialect, or nothing that sqlglot can say in this one
            continue
        if len(texts) == 1:
            yield texts[0]


def _readers(function: str, sql: str) -> list[str]:
    if function == "strftime":  # both have it, with the arguments the other way round
        return ["sqlite" if re.search(r"(?i)strftime\s*\(\s*'", sql) else "duckdb"]
    if function == "extract":
        return ["postgres"]
    return [name for name in _READERS if function in DIALECTS[name].functions]
