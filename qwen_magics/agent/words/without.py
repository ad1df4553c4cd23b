"""Rows that a question wants because a column has nothing in them: "those without a return date"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import ASIDE
from qwen_magics.tools.schema import Column, Table

__all__ = ["empty_columns"]

_NAMED = r"(\w+(?: \w+){0,2})"
_WITHOUT = re.compile(
    rf"\b(?:without|with no|lacking|ha(?:s|ve|d|ving) no|missing)(?: (?:an?|any|the|its|their))? {_NAMED}"
    rf"|\b(?:whose|where(?: the| their)?) {_NAMED}? (?:is|are|was) (?:missing|empty|null|blank|absent"
    r"|not (?:given|known|recorded|filled in))",
    re.IGNORECASE,
)
_LEFT_OUT = re.compile(
    r"\b(?:ignor|exclud|skip|disregard|leav|drop|omit|except|apart|besides|not count|discard|remov)\w*", re.I
)


def empty_columns(question: str, tables: Sequence[Table]) -> list[Column]:
    """The columns with missing values that are to have none; not where such rows are left aside."""
    if re.search(ASIDE, question, re.IGNORECASE) or _LEFT_OUT.search(question):
        return []
    phrases = ["".join(found) for found in _WITHOUT.findall(" ".join(question.split()))]
    columns = [column for table in tables for column in table.columns if column.nulls]
    return [c for c in columns if any(_begins(phrase, c) or _begins_last(phrase, c) for phrase in phrases)]


def _begins(phrase: str, column: Column) -> bool:
    own, said = words_of(column.name), words_of(phrase)
    return bool(own) and said[: len(own)] == own


def _begins_last(phrase: str, column: Column) -> bool:
    """All of the phrase, as in "whose shipped_on is missing"."""
    own = words_of(column.name)
    return bool(own) and words_of(phrase)[-len(own) :] == own
