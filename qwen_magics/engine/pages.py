"""Weights in pages of 2 MB, where the system has them (Linux 6.1 and newer).

A decoding step reads every weight once. In pages of 4 kB that misses the processor's page table cache all the
time: a step of Qwen2.5-0.5B takes 11 % less in large ones (docs/engine.md). ONNX Runtime allocates with malloc,
and glibc's own switch counts only at a process' start, so the memory that loading added is asked for
afterwards: `madvise(MADV_COLLAPSE)`, see madvise(2). Memory that was there before, such as the user's tables,
is left alone.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path

__all__ = ["Range", "anonymous_memory", "collapse", "difference"]

Range = tuple[int, int]

_MAPS = Path("/proc/self/maps")
_HUGE = 2 << 20
_MADV_COLLAPSE = 25


def anonymous_memory() -> list[Range]:
    """Addresses [start, end) of writable private memory without a file, in order; empty where unknown."""
    try:
        lines = _MAPS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        # 55d8c3e00000-55d8c4200000 rw-p 00000000 00:00 0    [heap]
        addresses, access, _, _, inode, *name = line.split(maxsplit=5)
        if access == "rw-p" and inode == "0" and name in ([], ["[heap]"]):
            start, end = (int(address, 16) for address in addresses.split("-"))
            found.append((start, end))
    return found


def difference(after: Sequence[Range], before: Sequence[Range]) -> list[Range]:
    """What `after` covers and `before` does not; ranges of each are in order and do not overlap."""
    left = []
    for start, end in after:
        for taken, free in before:
            if free <= start or taken >= end:
                continue
            if taken > start:
                left.append((start, taken))
            start = free
        if start < end:
            left.append((start, end))
    return left


def collapse(ranges: Sequence[Range]) -> int:
    """Put whole 2 MB blocks of `ranges` into large pages; bytes for which the system did it."""
    done = 0
    for first, last in ranges:
        start, end = -(-first // _HUGE) * _HUGE, last // _HUGE * _HUGE
        if start < end and _madvise(start, end - start) == 0:
            done += end - start
    return done


def _madvise(start: int, length: int) -> int:
    """0 if it worked. Frees the GIL while the kernel copies."""
    try:
        function = ctypes.CDLL(None).madvise
    except (OSError, TypeError, AttributeError):  # Windows
        return -1
    function.argtypes, function.restype = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int], ctypes.c_int
    return int(function(start, length, _MADV_COLLAPSE))
