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
            outcome: list[T] = []
            failure: list[BaseException] = []
            done = threading.Event()

            def target() -> None:
                try:
                    outcome.append(work())
                except BaseException as error:  # handed over to the waiting thread
                    failure.append(error)
                finally:
                    done.set()

            threading.Thread(target=target, name="qwen-magics-query", daemon=True).start()
            timed_out = self._wait(done, timeout_s + grace_s)
            if outcome and not timed_out:
                return outcome[0]
            cause = failure[0] if failure else None
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
        """Whether the time ran out; the work has ended then, unless it was left behind.

        An event, not `Thread.join`: before Python 3.13 a join ended by Ctrl-C takes the thread for dead.
        """
        deadline = monotonic() + timeout_s
        try:
            # Short waits: a long one cannot be interrupted on Windows.
            while not done.is_set() and monotonic() < deadline:
                done.wait(min(0.1, max(0.0, deadline - monotonic())))
            return not done.is_set()
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
