"""The wheel, installed where there is no Node.js."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.browser.lab import ROOT, Lab

pytestmark = pytest.mark.browser


def run(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_wheel_brings_the_extension_where_there_is_no_node(extended: Lab, tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    run(*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path / "dist", ROOT)
    (wheel,) = (tmp_path / "dist").iterdir()
    home = tmp_path / "fresh"
    venv.create(home)
    run(*pip, "--python", home / "bin" / "python", "install", "--quiet", "--no-deps", wheel)
    # JupyterLab comes from the environment of the tests; the extension must come from the wheel.
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "jupyter.pth").write_text("\n".join(site.getsitepackages()))
    listed = run(
        *(home / "bin" / "python", "-m", "jupyterlab.labextensions", "list"),
        PATH=str(home / "bin"),  # no Node.js
        JUPYTER_PREFER_ENV_PATH="1",
        HOME=str(tmp_path),
    )
    assert str(home / "share" / "jupyter" / "labextensions") in listed
    (line,) = (line for line in listed.splitlines() if "qwen-magics" in line)
    assert "enabled" in line
    assert "OK" in line
