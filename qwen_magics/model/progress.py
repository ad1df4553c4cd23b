"""What a long model operation reports while it runs, and how it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from qwen_magics.errors import Cancelled

__all__ = ["Phase", "Progress", "ProgressEvent", "Reporter"]

Phase = Literal["download", "verify", "build", "check"]


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """One step of a pull or build.

    Attributes:
        phase: what is going on.
        done: bytes (download, verify, build) or tokens (check) finished.
        total: the same unit, or None if unknown.
        detail: one short line for a person.
    """

    phase: Phase
    done: int
    total: int | None
    detail: str = ""


Progress = Callable[[ProgressEvent], None]

_INTERVAL_S = 0.1


class Reporter:
    """Passes progress on, ten times a second at most, and turns a cancel into an exception at the next step.

    Args:
        progress: gets every event; None for nobody.
        cancel: set by another thread to stop.
    """

    def __init__(self, progress: Progress | None = None, cancel: threading.Event | None = None) -> None:
        self._progress = progress
        self._cancel = cancel
        self._last: ProgressEvent | None = None
        self._reported_at = 0.0

    def step(self, phase: Phase, done: int, total: int | None, detail: str = "") -> None:
        """Report, and stop here if that was asked for.

        Raises:
            Cancelled: `cancel` was set. What is on the disk by then is used next time.
        """
        self.check()
        last, now = self._last, time.monotonic()
        same = last is not None and (last.phase, last.detail) == (phase, detail)
        if self._progress is None or (same and done != total and now < self._reported_at + _INTERVAL_S):
            return
        self._last, self._reported_at = ProgressEvent(phase, done, total, detail), now
        self._progress(self._last)

    def check(self) -> None:
        """Stop here if that was asked for.

        Raises:
            Cancelled: `cancel` was set.
        """
        if self._cancel is not None and self._cancel.is_set():
            msg = "Stopped. What was fetched so far is kept; the next pull goes on from there."
            raise Cancelled(msg)
