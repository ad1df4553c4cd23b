"""A matrix for each group where one figure for each is meant: `groupby("a")[["b", "c"]].corr()` has each
column with itself, and every figure twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.agent.words.patterns.programs import MATRIX
from qwen_magics.errors import QueryError

__all__ = ["own_pairs"]

_MATRIX = re.compile(MATRIX, re.IGNORECASE)
_NAME = r"(?:\"[^\"\n]+\"|'[^'\n]+')"
_GROUPED = re.compile(
    rf"^result = (?P<of>[^\n]*\.groupby\((?:{_NAME}|\[[^\]\n]*\])\))"
    rf"\[\[(?P<one>{_NAME}), ?(?P<other>{_NAME})\]\]\.(?P<call>corr|cov)\((?P<with>[^()\n]*)\)"
    r"(?:\.reset_index\(\))?\s*$",
    re.MULTILINE,
)


def own_pairs(question: str) -> Callable[[str], QueryError | None]:
    """A check of programs for one question."""
    is_wanted = _MATRIX.search(question) is not None

    def check(code: str) -> QueryError | None:
        found = None if is_wanted else _GROUPED.search(code)
        if found is None:
            return None
        given = f", {found['with']}" if found["with"] else ""
        each = f"lambda g: g[{found['one']}].{found['call']}(g[{found['other']}]{given})"
        program = f"{code[: found.start()]}result = {found['of']}.apply({each})"
        message = "The result has each column with itself, and every figure twice."
        return QueryError("own_pairs", message, f"Write: {program}")

    return check
