"""What a tool tells while it runs, such as that a server is busy. Who listens is none of its business."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["listening", "tell"]

_listener: ContextVar[Callable[[str], None] | None] = ContextVar("qwen_magics_news", default=None)


def tell(text: str) -> None:
    """One line for whoever watches the run; nothing happens where nobody does."""
    listener = _listener.get()
    if listener is not None:
        listener(text)


@contextmanager
def listening(listener: Callable[[str], None]) -> Iterator[None]:
    """Give the lines of everything that runs inside to `listener`."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
