"""What a question asks to see for each of: the words behind "per", "each" and "every"."""

from __future__ import annotations

import re

from qwen_magics.agent.words.naming import words_of

__all__ = ["groups_said"]

_GROUPS = re.compile(r"\b(?:per|each|every|for all) (\w+)(?: (\w+))?", re.IGNORECASE)


def groups_said(question: str) -> list[list[str]]:
    """One word behind each, and two.

    >>> groups_said("the number of flights per origin of 2013")
    [['origin'], ['origin', 'of']]
    """
    found = _GROUPS.findall(question)
    return [words_of(said) for one, two in found for said in (one, f"{one} {two}".strip())]
