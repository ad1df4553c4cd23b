"""Work that can be stopped: it runs in a thread while the calling one waits in Python.

A database's driver holds its thread for as long as a query lasts, and Python hands Ctrl-C to the main thread
between two of its own instructions only. So the main thread waits, and tells the driver when it is enough.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from qwen_magics.errors import QueryError
from qwen_magics.tools.working import Working, wait_for

__all__ = ["Guard"]

T = TypeVar("T")


class Guard:
    """Runs one piece of work at a time.

    Args:
        interrupt: makes the work under way fail soon; called from another thread, perhaps several times, as
            an interrupt between two of a driver's steps is lost.
        every_s: seconds between two calls of `interrupt`.
        patience_s: seconds after which work that does not end is left behind; None waits for ever.
    """

    def __init__(
        self, interrupt: Callable[[], None], *, every_s: float = 0.05, patience_s: float | None = None
    ) -> None:
        self._interrupt = interrupt
        self._every_s = every_s
        self._patience_s = patience_s
        self._busy = threading.Lock()
        self._stopped = threading.Event()
        self.left_behind = False

    def run(self, work: Callable[[], T], timeout_s: float, *, grace_s: float = 0.0) -> T:
        """What `work` returns.

        Args:
            grace_s: waited beyond the timeout, for a system that stops by itself.

        Raises:
            QueryError: `timeout`, or `interrupted` by `stop()`; what the work failed with is its cause.
            KeyboardInterrupt: after the work was stopped.
            Exception: whatever else `work` raises.
        """
        with self._busy:
            self._stopped.clear()
            working = Working(work, "qwen-magics-query")
            timed_out = self._wait(working.done, timeout_s + grace_s)
            if working.outcome and not timed_out:
                return working.outcome[0]
            cause = working.failure
            if timed_out:
                hint = "Filter or aggregate earlier, and check that every join has its ON condition."
                message = f"The query was stopped after {timeout_s:g} seconds."
                raise QueryError("timeout", message, hint) from cause
            if self._stopped.is_set():
                raise QueryError("interrupted", "The query was stopped.") from cause
            raise cause or RuntimeError("query thread ended without an outcome")

    def stop(self) -> None:
        """Stop the work under way, from another thread; its `run` raises QueryError `interrupted`."""
        self._stopped.set()
        self._interrupt()

    def _wait(self, done: threading.Event, timeout_s: float) -> bool:
        """Whether the time ran out; the work has ended then, unless it was left behind."""
        try:
            return not wait_for(done, timeout_s)
        finally:
            self._end(done)

    def _end(self, done: threading.Event) -> None:
        given_up = None if self._patience_s is None else monotonic() + self._patience_s
        while not done.is_set():
            self._interrupt()
            done.wait(self._every_s)
            if given_up is not None and monotonic() > given_up:
                self.left_behind = not done.is_set()
                return
