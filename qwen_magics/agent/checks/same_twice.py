"""The same number in two columns: what a query gives that was to compare two spans, and filters by one."""

from __future__ import annotations

import re

from qwen_magics.errors import QueryError

__all__ = ["same_twice"]

_SELECTED = re.compile(r"^\s*SELECT\s+(.*?)\sFROM\s", re.IGNORECASE | re.DOTALL)
_ARGUMENT = r"\((?:[^()'\"]|'[^']*'|\"[^\"]*\")*\)"
_AGGREGATE = re.compile(
    rf"(?:^|,)\s*((?:AVG|SUM|COUNT|MIN|MAX){_ARGUMENT}) AS (\w+|\"[^\"]+\")(?=\s*(?:,|$))", re.IGNORECASE
)


def same_twice(code: str) -> QueryError | None:
    """The aggregate of that query's columns which stands there twice under two names."""
    selected = _SELECTED.match(code)
    names: dict[str, str] = {}
    for found in _AGGREGATE.finditer(selected[1] if selected else ""):
        whole = re.sub(r"\s+", " ", found[1])
        other = names.setdefault(whole.casefold(), found[2])
        if other != found[2]:
            one = re.sub(r"\((.*)\)$", r"(CASE WHEN … THEN \1 END)", whole.replace("(*)", "(1)"))
            message = f"{other} and {found[2]} are both {whole}: the same number twice."
            both = f"{one} AS {other}, {one} AS {found[2]}"
            hint = f"Give each its own condition, and take that out of WHERE: {both}."
            return QueryError("same_twice", message, hint)
    return None
