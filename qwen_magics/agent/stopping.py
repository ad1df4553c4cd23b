"""Ctrl-C that cannot get lost.

Python raises `KeyboardInterrupt` in whatever runs at that moment. If that is code that a library calls from C
and whose exceptions it drops (an optional import, a finaliser, a failed attribute lookup), the stop vanishes
and the run goes on. So the signal is remembered as well as raised, and the run looks at the next event. A
library may also turn the stop into an error of its own, as DuckDB does ("Query interrupted"): a stop too.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["remembered_stop"]


@contextmanager
def remembered_stop() -> Iterator[Callable[[], None]]:
    """Yields a check that raises `KeyboardInterrupt` if an interrupt came since and was swallowed.

    An error that ends the block after an interrupt becomes `KeyboardInterrupt`, with the error as its cause.

    Outside of the main thread, which alone gets signals, the check never raises.
    """
    came = threading.Event()

    def check() -> None:
        if came.is_set():
            came.clear()
            raise KeyboardInterrupt

    previous = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        yield check
        return

    def remember(number: int, frame: FrameType | None) -> None:
        came.set()
        previous(number, frame)

    signal.signal(signal.SIGINT, remember)
    try:
        yield check
    except Exception as error:
        if came.is_set():
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, previous)
