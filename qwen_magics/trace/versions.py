"""Versions of what took part in a run, read from the installed distributions without importing them."""

from __future__ import annotations

import functools
import platform
from importlib import metadata

__all__ = ["package_versions"]

_DISTRIBUTIONS = (
    "qwen-magics",
    "onnxruntime-gpu",
    "onnxruntime",
    "llguidance",
    "tokenizers",
    "duckdb",
    "pandas",
    "numpy",
)


@functools.lru_cache(maxsize=1)
def package_versions() -> dict[str, str]:
    """Python and the distributions that are installed, by name."""
    found = {"python": platform.python_version()}
    for name in _DISTRIBUTIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
