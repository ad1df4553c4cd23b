"""Foreign names as Python identifiers, which every call format can write."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container

__all__ = ["identifier", "unique"]


def identifier(text: str) -> str:
    """The nearest ASCII identifier.

    >>> identifier("filter[name]"), identifier("2nd"), identifier("class")
    ('filter_name', 'n2nd', 'class_')
    """
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_")[:60] or "value"
    if text.startswith("_") and not text.startswith("__"):
        name = f"_{name}"
    name = f"n{name}" if name[0].isdigit() else name
    return f"{name}_" if keyword.iskeyword(name) else name


def unique(name: str, taken: Container[str]) -> str:
    """`name`, or the first of `name_2`, `name_3` … that is not taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
