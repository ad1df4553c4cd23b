"""Work in a thread of its own, while the calling one waits in a way that Ctrl-C ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

__all__ = ["Working", "wait_for"]

T = TypeVar("T")


class Working(Generic[T]):
    """One piece of work, begun at once.

    Attributes:
        done: set when it has ended.
        outcome: holds what it returned, if it did.
        failure: what it raised; it is for the waiting thread to raise.
    """

    def __init__(self, work: Callable[[], T], name: str) -> None:
        self.done = threading.Event()
        self.outcome: list[T] = []
        self.failure: BaseException | None = None
        threading.Thread(target=self._run, args=(work,), name=name, daemon=True).start()

    def _run(self, work: Callable[[], T]) -> None:
        try:
            self.outcome.append(work())
        except BaseException as error:  # handed over to the waiting thread
            self.failure = error
        finally:
            self.done.set()


def wait_for(done: threading.Event, timeout_s: float) -> bool:
    """Whether `done` was set in time.

    An event, not `Thread.join`: before Python 3.13 a join ended by Ctrl-C takes the thread for dead.
    """
    deadline = monotonic() + timeout_s
    # Short waits: a long one cannot be interrupted on Windows.
    while not done.is_set() and monotonic() < deadline:
        done.wait(min(0.1, max(0.0, deadline - monotonic())))
    return done.is_set()
