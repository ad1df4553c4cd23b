"""What a database has to offer to be asked: the few things in which systems differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import Dialect

if TYPE_CHECKING:
    from qwen_magics.tools.metrics.template import Template

__all__ = ["MOST_CELLS", "Fetched", "Session", "fetch_first", "files_changed"]

# Rows come as Python objects, of some 60 bytes each.
MOST_CELLS = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """Rows as the driver gave them; `more` if there were more than were asked for."""

    names: Sequence[str]
    rows: list[tuple[Any, ...]]
    more: bool


def fetch_first(cursor: Any, limit: int) -> Fetched:
    """The first rows of a cursor that has executed, as far as they fit into memory."""
    names = [str(item[0]) for item in cursor.description]
    limit = min(limit, MOST_CELLS // max(1, len(names)))
    rows = [tuple(row) for row in cursor.fetchmany(limit + 1)]
    return Fetched(names, rows[:limit], len(rows) > limit)


def files_changed(*paths: Path | str) -> tuple[int, ...]:
    """When the files that are there were last written to, in nanoseconds."""
    return tuple(Path(path).stat().st_mtime_ns for path in paths if Path(path).exists())


class Session(Protocol):
    """One open, read-only connection. Every method but `interrupt` runs in one thread at a time.

    Attributes:
        dialect: what it speaks.
        version: the system and its version, for people.
        guards: how it is kept from writing, for people; empty where only the parser guards.
        may_write: whether the database's user could write if nothing else stopped it; None if nobody knows.
        errors: what its driver raises.
    """

    dialect: Dialect
    version: str
    guards: str
    may_write: bool | None
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

    def fetch_template(
        self, template: Template, values: Mapping[str, Any], limit: int, timeout_s: float
    ) -> Fetched:
        """The first rows of a template that was admitted and bound before, with its values as parameters."""
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
