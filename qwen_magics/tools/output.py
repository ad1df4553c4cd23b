"""What a tool gave, as a value: the whole for the user, a table for further questions. Knows no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qwen_magics.tools.records import find_records, to_frame

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Exchange", "ToolOutput", "output_of"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request with its answer, without any header that could hold a secret.

    Attributes:
        method, url: as sent.
        status: of the reply; None if none came.
        request_body: as sent, empty for none.
        response_body: its beginning.
        response_bytes: its whole length, decoded.
        seconds: from sending to the last byte.
        error: why no reply came.
    """

    method: str
    url: str
    status: int | None
    request_body: str = ""
    response_body: str = ""
    response_bytes: int = 0
    content_type: str = ""
    seconds: float = 0.0
    error: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As the trace's `exchange`."""
        return {
            "method": self.method,
            "url": self.url,
            "status": self.status,
            "request_body": self.request_body or None,
            "request_bytes": len(self.request_body.encode()),
            "response_bytes": self.response_bytes,
            "content_type": self.content_type or None,
            "response_body": self.response_body or None,
            "seconds": round(self.seconds, 6),
            "error": self.error or None,
        }


@dataclass(frozen=True, slots=True, eq=False)
class ToolOutput:
    """The outcome of one call.

    Attributes:
        value: what came back, whole: a JSON value, or whatever a Python function returned.
        frame: its records as a table; one row for a single object or value.
        notes: what the reader must know, such as that a limit cut the result.
        exchanges: the HTTP requests it took.
        query: the SELECT that gave it, as the trace's `sql`, `tables`, `dialect`, `connection` and `table`.
        about: what each row is, said to a model beside the table's columns; only from code that is ours.
    """

    value: Any
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = field(default=())
    about: str = ""
    query: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_single(self) -> bool:
        """One value rather than a table or an object."""
        bare = self.value is None or isinstance(self.value, str) or not hasattr(self.value, "__len__")
        return self.frame.shape == (1, 1) and bare


def output_of(
    value: Any,
    name: str,
    *,
    notes: Sequence[str] = (),
    exchanges: Sequence[Exchange] = (),
    about: str = "",
) -> ToolOutput:
    """The output for a returned value; `name` labels a bare value's only column."""
    frame, more = to_frame(find_records(value), name)
    return ToolOutput(value, frame, (*notes, *more), tuple(exchanges), about)
