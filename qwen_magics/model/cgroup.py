"""The cgroups that bind this process, version 1 and 2. What they limit is read by the callers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

__all__ = ["cgroup_folders", "read_setting"]


def cgroup_folders(controller: str, root: Path = Path("/")) -> Iterator[Path]:
    """Every folder of `controller` (`cpu`, `memory`) whose limit binds this process, innermost first."""
    for line in read_setting(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        base = root / "sys/fs/cgroup" / (controller if controllers else "")
        # In a container the path is the host's and does not exist below the mount: then its parents do.
        relative = Path(path.lstrip("/"))
        yield base / relative
        yield from (base / parent for parent in relative.parents)


def read_setting(path: Path) -> str:
    """Content of a file of the kernel, stripped; empty if it is not there."""
    try:
        return path.read_text().strip()
    except OSError:
        return ""
