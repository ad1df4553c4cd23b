"""Weights in pages of 2 MB, where the system has them (Linux 6.1 and newer).

A decoding step reads every weight once. In pages of 4 kB that misses the processor's page table cache all
the time: a step of Qwen2.5-0.5B takes 11 % less in large ones (docs/engine.md). ONNX Runtime allocates with
malloc, and glibc's own switch counts only at a process' start, so the memory that loading added is asked for
afterwards: `madvise(MADV_COLLAPSE)`, see madvise(2). Memory that was there before, such as the user's tables,
is left alone.
"""

from __future__ import annotations

import ctypes
import mmap
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
    """Put whole 2 MB blocks of `ranges` into large pages; bytes for which the system did it.

    Blocks of which an eighth or more is free are left alone: a large page would fill what was given back.
    """
    done = 0
    for first, last in ranges:
        for start, end in _filled(-(-first // _HUGE) * _HUGE, last // _HUGE * _HUGE):
            if _call("madvise", start, end - start, ctypes.c_int(_MADV_COLLAPSE)) == 0:
                done += end - start
    return done


def _filled(start: int, end: int) -> list[Range]:
    """Where memory is behind the addresses [start, end), in whole blocks; neighbours are joined."""
    if start >= end:
        return []
    per_block = _HUGE // mmap.PAGESIZE
    resident = (ctypes.c_ubyte * ((end - start) // mmap.PAGESIZE))()
    if _call("mincore", start, end - start, resident) != 0:
        return []
    found: list[Range] = []
    for block in range(start, end, _HUGE):
        first = (block - start) // mmap.PAGESIZE
        if sum(page & 1 for page in resident[first : first + per_block]) * 8 <= per_block * 7:
            continue
        if found and found[-1][1] == block:
            found[-1] = (found[-1][0], block + _HUGE)
        else:
            found.append((block, block + _HUGE))
    return found


def _call(name: str, start: int, length: int, argument: object) -> int:
    """0 if it worked. Frees the GIL while the kernel works."""
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (OSError, TypeError, AttributeError):  # Windows
        return -1
    return int(function(ctypes.c_void_p(start), ctypes.c_size_t(length), argument))
