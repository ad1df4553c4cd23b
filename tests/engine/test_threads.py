"""Cores that the cgroup grants, on folders that look like the kernel's."""

from __future__ import annotations

from pathlib import Path

import pytest

from qwen_magics.engine.threads import available_threads, cgroup_quota, physical_cores


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def test_no_cgroup_is_no_limit(tmp_path: Path) -> None:
    assert cgroup_quota(tmp_path) is None
    assert available_threads(tmp_path) >= 1


@pytest.mark.parametrize(
    ("content", "expected"), [("200000 100000", 2.0), ("max 100000", None), ("", None), ("junk", None)]
)
def test_version_two(content: str, expected: float | None, tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "0::/user/notebook")
    write(tmp_path, "sys/fs/cgroup/user/notebook/cpu.max", content)
    assert cgroup_quota(tmp_path) == expected


def test_the_tightest_ancestor_binds(tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "0::/user/notebook")
    write(tmp_path, "sys/fs/cgroup/user/notebook/cpu.max", "400000 100000")
    write(tmp_path, "sys/fs/cgroup/user/cpu.max", "150000 100000")
    assert cgroup_quota(tmp_path) == 1.5


def test_a_container_sees_its_limit_at_the_mount(tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "0::/docker/abc")
    write(tmp_path, "sys/fs/cgroup/cpu.max", "300000 100000")
    assert cgroup_quota(tmp_path) == 3.0


def test_version_one(tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "4:memory:/a\n1:cpu,cpuacct:/a\n0::/")
    write(tmp_path, "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "250000")
    write(tmp_path, "sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000")
    write(tmp_path, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1")
    write(tmp_path, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000")
    assert cgroup_quota(tmp_path) == 2.5


def test_hyper_threads_count_once(tmp_path: Path) -> None:
    for cpu, siblings in enumerate(["0,2", "1,3", "0,2", "1,3"]):
        write(tmp_path, f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list", siblings)
    assert physical_cores(frozenset(range(4)), tmp_path) == 2
    assert physical_cores(frozenset([0, 2]), tmp_path) == 1
    assert physical_cores(frozenset([8, 9]), tmp_path) == 2


def test_a_fraction_of_a_core_is_one_thread(tmp_path: Path) -> None:
    write(tmp_path, "proc/self/cgroup", "0::/")
    write(tmp_path, "sys/fs/cgroup/cpu.max", "20000 100000")
    assert available_threads(tmp_path) == 1
