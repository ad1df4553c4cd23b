"""How many threads a run may use: the cores that affinity and the cgroup quota really grant.

ONNX Runtime counts the machine's cores. In a container with a quota of two cores on a machine of 64 that
makes 64 threads fight for two, and decoding becomes many times slower.
"""

from __future__ import annotations

import math
import os
from pathlib import Path

from qwen_magics.model.cgroup import cgroup_folders, read_setting

__all__ = ["available_threads", "cgroup_quota", "physical_cores"]


def available_threads(root: Path = Path("/")) -> int:
    """Threads worth starting: physical cores of our affinity mask, at most the quota, at least 1."""
    cores = physical_cores(_affinity(), root)
    quota = cgroup_quota(root)
    # A quota of 1.5 cores is used up best by two threads: with one, half a core is never used.
    return max(1, cores if quota is None else min(cores, math.ceil(quota)))


def cgroup_quota(root: Path = Path("/")) -> float | None:
    """Smallest CPU quota, in cores, of this process's cgroup (v1, v2) and its ancestors; or None."""
    limits = [limit for folder in cgroup_folders("cpu", root) if (limit := _folder_quota(folder)) is not None]
    return min(limits, default=None)


def physical_cores(cpus: frozenset[int], root: Path = Path("/")) -> int:
    """Distinct physical cores among logical `cpus`.

    Matrix kernels fill a core's vector units with one thread; its hyper-thread sibling only adds contention.
    """
    cores = set()
    for cpu in cpus:
        siblings = root / f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list"
        cores.add(read_setting(siblings) or str(cpu))
    return max(1, len(cores))


def _affinity() -> frozenset[int]:
    if hasattr(os, "sched_getaffinity"):
        return frozenset(os.sched_getaffinity(0))
    return frozenset(range(os.cpu_count() or 1))


def _folder_quota(folder: Path) -> float | None:
    fields = read_setting(folder / "cpu.max").split()
    if len(fields) != 2:
        fields = [read_setting(folder / "cpu.cfs_quota_us"), read_setting(folder / "cpu.cfs_period_us")]
    try:
        quota, period = float(fields[0]), float(fields[1])
    except ValueError:
        # "max", or a file that is not there: no limit at this level.
        return None
    return quota / period if quota > 0 and period > 0 else None
