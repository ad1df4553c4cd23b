"""One virtual environment per peer, with pinned versions, made where they are missing."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PLOT", "ROOT", "WORKERS", "Environment", "python_of"]

ROOT = Path(__file__).parent.parent
WORKERS = Path(__file__).parent / "workers"


@dataclass(frozen=True, slots=True)
class Environment:
    """A folder under `.venvs/` and what is installed in it; no requirements: the running interpreter."""

    name: str
    requirements: tuple[str, ...] = ()


PLOT = Environment("plot", ("matplotlib==3.11.2",))


def python_of(environment: Environment) -> str:
    """Its interpreter; makes the environment first if it is missing or holds other versions."""
    if not environment.requirements:
        return sys.executable
    folder = ROOT / ".venvs" / environment.name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, wanted = folder / ".installed", _digest(environment.requirements)
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return str(python)
    print(f"Making .venvs/{environment.name}: {' '.join(environment.requirements)}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *environment.requirements], check=True)
    stamp.write_text(wanted)
    return str(python)


def _digest(requirements: Sequence[str]) -> str:
    return hashlib.sha256("\n".join((sys.version, *requirements)).encode()).hexdigest()
