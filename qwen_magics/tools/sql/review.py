"""What the data says against a result that came without an error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Table

__all__ = ["review"]


def review(
    tree: dict[str, Any],
    result: QueryResult,
    tables: Sequence[Table],
    query: Callable[[str], list[tuple[Any, ...]]],
) -> list[QueryError]:
    """Findings computed from the data; empty if nothing speaks against the result."""
    return []
