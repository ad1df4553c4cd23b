"""What a run tells whoever watches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from qwen_magics.model.progress import ProgressEvent
    from qwen_magics.trace import Trace

__all__ = ["Event", "Listener"]


@dataclass(frozen=True, slots=True)
class Event:
    """One piece of news.

    Attributes:
        kind: `status` (one line about what happens now), `text` (a piece of what the model writes),
            `progress` (a download or build), or `approval` (a call waits for a person).
        text: the line, the piece, or exactly what would run.
        trace: the run so far, where there is one.
        progress: bytes or tensors done, for `progress`.
    """

    kind: Literal["status", "text", "progress", "approval"]
    text: str
    trace: Trace | None = None
    progress: ProgressEvent | None = None


Listener = Callable[[Event], None]
