"""A question in words of its own with its query, over tables that are there."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Told"]


@dataclass(frozen=True, slots=True)
class Told:
    """What is asked, in words, and the query of it."""

    told: str
    query: str

    def text(self) -> str:
        """Question and query in its fence."""
        return f"Question: {self.told}\n```sql\n{self.query}\n```"
