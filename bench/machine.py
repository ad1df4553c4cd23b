"""What the figures depend on besides the engines: the machine, its load, the commit."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path
from typing import Any

from bench.environments import ROOT
from qwen_magics.trace.versions import package_versions

__all__ = ["describe_machine", "load_average"]

# Instruction sets that decide which kernels run.
_FEATURES = (
    "avx2",
    "avx512f",
    "avx512_vnni",
    "avx_vnni",
    "avx512_bf16",
    "amx_int8",
    "asimddp",
    "i8mm",
    "sve",
)


def describe_machine() -> dict[str, Any]:
    """CPU, its vector instructions, memory, system, versions of this interpreter, commit."""
    cpuinfo = Path("/proc/cpuinfo")
    fields = _first_processor(cpuinfo.read_text()) if cpuinfo.exists() else {}
    flags = set((fields.get("flags") or fields.get("Features") or "").split())
    return {
        "cpu": fields.get("model name") or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "features": [name for name in _FEATURES if name in flags],
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.machine()}",
        "versions": package_versions(),
        "commit": _commit(),
    }


def load_average() -> float:
    """Of the last minute, other processes included."""
    return round(os.getloadavg()[0], 2)


def _first_processor(text: str) -> dict[str, str]:
    block = text.split("\n\n")[0]
    pairs = (line.split(":", 1) for line in block.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _commit() -> str:
    if shutil.which("git") is None:
        return "unknown"
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=10"], cwd=ROOT, capture_output=True, text=True
    )
    return done.stdout.strip() or "unknown"
