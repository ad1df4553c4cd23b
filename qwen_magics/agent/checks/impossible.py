"""Ranges that hold nothing: months from 12 to 2 are December OR January and February."""

from __future__ import annotations

import re

from qwen_magics.errors import QueryError

__all__ = ["impossible"]

_NUMBER = r"(-?\d+(?:\.\d+)?)"
# The same expression on both sides of AND, in SQL or in pandas.
_BOTH = re.compile(
    rf"(?P<what>[\w.\"'\[\]]+(?:\([^()]*\))?)\s*>=?\s*{_NUMBER}\)?\s*(?:&|\bAND\b)\s*\(?(?P=what)\s*<=?\s*{_NUMBER}",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"(?P<what>[\w.\"]+(?:\([^()]*\))?)\s+BETWEEN\s+{_NUMBER}\s+AND\s+{_NUMBER}", re.IGNORECASE
)


def impossible(code: str) -> QueryError | None:
    """What is wrong with a program that asks for numbers above one and below a smaller one."""
    for pattern in (_BOTH, _BETWEEN):
        for found in pattern.finditer(code):
            what, low, high = found["what"], found[2], found[3]
            if float(low) > float(high):
                message = f"No {what} is both at least {low} and at most {high}."
                return QueryError("never_true", message, f"Write OR: at least {low}, or at most {high}.")
    return None
