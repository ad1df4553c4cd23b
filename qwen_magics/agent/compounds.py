"""Measures that are known to be computed of others, one of which the data lack: no body mass index without a
height.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.naming import words_of
from qwen_magics.agent.strange import vocabulary

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["lacking"]

# What is asked for, the part that it needs, and all that this or the measure itself may be called.
_COMPOUNDS = (
    (
        re.compile(r"\bbody[- ]mass[- ]ind(?:ex|exes|ices)\b|\bBMIs?\b|\bquetelet", re.IGNORECASE),
        "height",
        re.compile(
            r"bmi|ind(?:e?x|ices?)|quetelet|hei\w*|hgt|hts?|h|stature|tall|len\w*|cm|m|inche?|in|ft|feet|size"
        ),
    ),
)


def lacking(question: str, tables: Sequence[Table]) -> str | None:
    """The part that the asked measure needs and no name resembles; None where nothing is certain."""
    known = {word for text in vocabulary(tables) for word in words_of(text)}
    for asked, part, names in _COMPOUNDS:
        if asked.search(question) and not any(names.fullmatch(word) for word in known):
            return part
    return None
