"""Lays a SQL text out for reading. Only white space changes: what is copied from a view still runs."""

from __future__ import annotations

import re

__all__ = ["lay_out"]

_CLAUSES = "|".join(
    (
        r"FROM|WHERE|GROUP\s+BY|HAVING|WINDOW|QUALIFY|ORDER\s+BY|LIMIT|OFFSET|UNION|INTERSECT|EXCEPT",
        r"(?:(?:LEFT|RIGHT|FULL|INNER|CROSS|NATURAL|ASOF|ANTI|SEMI)\s+)?(?:OUTER\s+)?JOIN",
    )
)
_TOKEN = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/"""  # these are kept as they are
    rf"""|(?P<open>\()|(?P<close>\))|\s+(?P<clause>(?:{_CLAUSES})\b)|.""",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_LINE = 60
_LONGEST_TEXT = 20_000


def lay_out(sql: str) -> str:
    """Each clause of a long one-line query on its own line; a text that has lines already stays as it is.

    >>> print(lay_out("SELECT name, avg(late) AS d FROM flights JOIN airlines USING (carrier) GROUP BY name"))
    SELECT name, avg(late) AS d
    FROM flights
    JOIN airlines USING (carrier)
    GROUP BY name
    """
    text = sql.strip()
    if len(text) <= _LONGEST_LINE or "\n" in text or len(text) > _LONGEST_TEXT:
        return sql
    depth, parts = 0, []
    for token in _TOKEN.finditer(text):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        parts.append(f"\n{token['clause']}" if token["clause"] and depth == 0 else token[0])
    return "".join(parts)
