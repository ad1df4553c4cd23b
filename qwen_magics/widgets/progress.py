"""How far a download or build is, in words: amounts, speed, time left."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.model.disk import readable

if TYPE_CHECKING:
    from qwen_magics.model.progress import ProgressEvent

__all__ = ["ProgressMeter", "duration", "fraction"]

_VERBS = {"download": "Downloading", "verify": "Checking", "build": "Building", "check": "Testing"}
_IN_BYTES = ("download", "verify", "build")
_WINDOW_S = 10.0  # the speed is that of the last seconds: a resumed download does not start at full speed


class ProgressMeter:
    """Turns events into a line; remembers enough of them to know the speed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._phase = ""
        self._seen: deque[tuple[float, int]] = deque()

    def line(self, event: ProgressEvent) -> str:
        """Such as `Downloading: 123 MB of 491 MB, 12 MB/s, 30 s left (part 3)`.

        An event without amounts is news in words, such as a source that refused.
        """
        if event.phase != self._phase:
            self._phase = event.phase
            self._seen.clear()
        if event.total is None and not event.done:
            return event.detail
        now = self._clock()
        self._seen.append((now, event.done))
        while now - self._seen[0][0] > _WINDOW_S and len(self._seen) > 2:
            self._seen.popleft()
        verb = _VERBS.get(event.phase, event.phase.capitalize())
        detail = f" ({event.detail})" if event.detail else ""
        return f"{verb}: {', '.join(self._amounts(event))}{detail}"

    def _amounts(self, event: ProgressEvent) -> list[str]:
        shown = readable if event.phase in _IN_BYTES else "{:,}".format
        parts = [f"{shown(event.done)} of {shown(event.total)}" if event.total else shown(event.done)]
        speed = self._speed()
        if speed <= 0:
            return parts
        if event.phase in _IN_BYTES:
            parts.append(f"{readable(speed)}/s")
        if event.total and event.done < event.total:
            parts.append(f"{duration((event.total - event.done) / speed)} left")
        return parts

    def _speed(self) -> float:
        (first, before), (last, now) = self._seen[0], self._seen[-1]
        return (now - before) / (last - first) if last - first > 0.2 else 0.0


def fraction(event: ProgressEvent) -> float | None:
    """Done so far, 0 to 1; None where the total is not known."""
    return min(1.0, event.done / event.total) if event.total else None


def duration(seconds: float) -> str:
    """Seconds for people.

    >>> duration(4.2), duration(95)
    ('4 s', '1 min 35 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
