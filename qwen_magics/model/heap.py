"""The C heap of this process: giving back what it holds and does not use."""

from __future__ import annotations

import ctypes

__all__ = ["trim_heap"]


def trim_heap() -> None:
    """Return free memory to the system where the C library can (glibc's `malloc_trim`); elsewhere nothing.

    Reading a vocabulary leaves some 40 MB that glibc keeps for the thread that read it, where the weights,
    which load in another one, find no use for it.
    """
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return
    trim(0)
