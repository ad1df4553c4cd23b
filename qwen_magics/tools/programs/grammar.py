"""placeholder"""

from __future__ import annotations
from collections.abc import Sequence
from qwen_magics.tools.schema import Table

__all__ = ["program_grammar"]


def program_grammar(tables: Sequence[Table], *, ending: str = "") -> str | None:
    return None
