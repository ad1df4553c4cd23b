"""One process at a time fetches or builds a model; the others wait and say so."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from qwen_magics.model.progress import Reporter

__all__ = ["locked"]

_POLL_S = 0.2


@contextmanager
def locked(path: Path, name: str, reporter: Reporter) -> Iterator[None]:
    """Hold the lock file `path`, after waiting for whoever holds it. A killed process holds nothing."""
    lock = FileLock(path)
    started = time.monotonic()
    while True:
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            waited = int(time.monotonic() - started)
            detail = f"Waiting {waited} s for another notebook or process that is fetching {name}"
            reporter.step("download", 0, None, detail)
            time.sleep(_POLL_S)
    try:
        yield
    finally:
        lock.release()
