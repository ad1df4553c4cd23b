"""Token ids to text while they come, with an eye on stop strings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

__all__ = ["TextStream"]


class _Detokenizer(Protocol):
    def push(self, token: int) -> str: ...

    def flush(self) -> str: ...


class TextStream:
    """Collects text and holds back whatever could still become a stop string.

    >>> stream.push(9707)  # 'Hello'
    'Hello'
    """

    def __init__(self, detokenizer: _Detokenizer, stop: Sequence[str] = ()) -> None:
        self._detokenizer = detokenizer
        self._stop = tuple(s for s in stop if s)
        self._held = ""
        self.text = ""
        self.stopped = False

    def push(self, token: int) -> str:
        """Text that is certain now; sets `stopped` once a stop string is complete."""
        return "" if self.stopped else self._take(self._detokenizer.push(token))

    def flush(self) -> str:
        """The rest, when no more tokens come."""
        if self.stopped:
            return ""
        out = self._take(self._detokenizer.flush())
        if not self.stopped:
            out += self._emit(self._held)
            self._held = ""
        return out

    def _take(self, new: str) -> str:
        self._held += new
        found = [at for s in self._stop if (at := self._held.find(s)) >= 0]
        if found:
            self.stopped = True
            out, self._held = self._held[: min(found)], ""
            return self._emit(out)
        keep = self._possible_stop()
        out, self._held = self._held[: len(self._held) - keep], self._held[len(self._held) - keep :]
        return self._emit(out)

    def _possible_stop(self) -> int:
        # Longest tail of the held text that is the beginning of a stop string.
        longest = max(map(len, self._stop), default=1) - 1
        for n in range(min(longest, len(self._held)), 0, -1):
            if any(s.startswith(self._held[-n:]) for s in self._stop):
                return n
        return 0

    def _emit(self, text: str) -> str:
        self.text += text
        return text
