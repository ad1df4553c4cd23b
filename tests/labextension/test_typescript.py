"""The unit tests of the extension's own code run in vitest; this makes them part of the whole."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "labextension"
VITEST = SOURCE / "node_modules" / ".bin" / "vitest"


def test_vitest() -> None:
    if not VITEST.exists():
        reason = "the extension's build tools are not here: run scripts/labextension"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    done = subprocess.run([VITEST, "run"], cwd=SOURCE, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
