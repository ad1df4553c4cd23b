"""What a database has to offer to be asked: the few things in which systems differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["Fetched", "Session"]


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """Rows as the driver gave them; `more` if there were more than were asked for."""

    names: Sequence[str]
    rows: list[tuple[Any, ...]]
    more: bool


class Session(Protocol):
    """One open, read-only connection. Every method but `interrupt` runs in one thread at a time.

    Attributes:
        dialect: what it speaks.
        version: the system and its version, for people.
        guards: how it is kept from writing, for people; empty where only the parser guards.
        errors: what its driver raises.
    """

    dialect: Dialect
    version: str
    guards: str
    errors: tuple[type[Exception], ...]

    def catalogue(self) -> tuple[Table, ...]:
        """All tables and views in reach, with types, keys and comments; no values."""
        ...

    def stamp(self) -> object:
        """Something that differs after the tables have changed; None if that cannot be known cheaply."""
        ...

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query of ours."""
        ...

    def explain(self, sql: str) -> None:
        """Bind the query without running it."""
        ...

    def fetch(self, sql: str, limit: int, timeout_s: float) -> Fetched:
        """The first `limit` rows; the system stops by itself after about `timeout_s`, where it can."""
        ...

    def interrupt(self) -> None:
        """Make what runs now fail, from another thread."""
        ...

    def alive(self) -> bool:
        """Whether the connection can still be used, after an error."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...
