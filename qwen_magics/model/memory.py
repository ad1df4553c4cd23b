"""How much memory this process may use: the machine's, or less where a cgroup grants less.

The memory of a GPU is the caller's business.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from qwen_magics.model.cgroup import cgroup_folders, read_setting

__all__ = ["available_memory", "cgroup_memory"]


def available_memory(root: Path = Path("/")) -> int:
    """Bytes granted, used or not: the choice of a model must not change from one session to the next."""
    granted = cgroup_memory(root)
    machine = _machine_memory()
    return machine if granted is None else min(machine, granted)


def cgroup_memory(root: Path = Path("/")) -> int | None:
    """Smallest limit, in bytes, of this process's cgroup (v1 or v2) and its ancestors; None without one."""
    limits = [limit for folder in cgroup_folders("memory", root) if (limit := _limit(folder)) is not None]
    return min(limits, default=None)


def _limit(folder: Path) -> int | None:
    text = read_setting(folder / "memory.max") or read_setting(folder / "memory.limit_in_bytes")
    # "max", or a file that is not there: no limit here. Version 1 writes a number near 2**63 instead.
    return int(text) if text.isdigit() and 0 < int(text) < 1 << 60 else None


def _machine_memory() -> int:
    if sys.platform == "win32":
        return _windows_memory()
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _windows_memory() -> int:
    import ctypes

    # MEMORYSTATUSEX: two 32-bit words (the first is the size of the structure), then seven 64-bit numbers.
    buffer = (ctypes.c_uint64 * 8)()
    buffer[0] = ctypes.sizeof(buffer)
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    kernel.GlobalMemoryStatusEx(ctypes.byref(buffer))
    return int(buffer[1])
