"""Room on the disk: checked before anything is written, and explained when it runs out all the same."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from qwen_magics.errors import DiskSpaceError

__all__ = ["file_sizes", "folder_bytes", "free_bytes", "is_full", "readable", "require_space"]

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_RESERVE = 100_000_000  # what a notebook needs to be saved


def readable(size: float) -> str:
    """Bytes for people: `491 MB`, `1.12 GB` (powers of ten, as disks are sold)."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= scale:
            digits = 0 if unit != "GB" or size >= 100e9 else 2 if size < 10e9 else 1
            return f"{size / scale:.{digits}f} {unit}"
    return f"{size:.0f} B"


def free_bytes(folder: Path) -> int:
    """Free bytes of the disk that `folder` is or will be on."""
    while not folder.exists() and folder.parent != folder:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below `folder`."""
    return sum(file_sizes(folder).values())


def file_sizes(folder: Path) -> dict[Path, int]:
    """Bytes of each file below `folder`; files and folders that vanish meanwhile are left out."""
    sizes: dict[Path, int] = {}
    for parent, _, names in os.walk(folder):  # unlike `rglob`, it does not mind that a folder is gone
        for path in (Path(parent, name) for name in names):
            try:
                sizes[path] = path.lstat().st_size
            except OSError:
                continue
    return sizes


def require_space(folder: Path, download: int, build: int, what: str) -> None:
    """Refuse before the first byte if download and build do not fit beside each other.

    Raises:
        DiskSpaceError: with the numbers.
    """
    needed, free = download + build, free_bytes(folder)
    if needed + _RESERVE > free:
        msg = (
            f"{what} needs {readable(needed)} on the disk of {folder} ({readable(download)} to download, "
            f"{readable(build)} to build), and {readable(free)} are free: free "
            f"{readable(needed + _RESERVE - free)}, or set QWEN_MAGICS_HOME to a folder on a larger disk."
        )
        raise DiskSpaceError(msg)


def is_full(error: OSError) -> bool:
    """Whether the system refused to write because of room, a quota or a file-size limit."""
    return error.errno in _FULL
