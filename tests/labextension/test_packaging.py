"""One wheel holds Python and the prebuilt extension; where there is no Node.js it installs as well."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import qwen_magics

SOURCE = Path(__file__).parents[2] / "labextension"
HOME = "data/share/jupyter/labextensions/qwen-magics/"


def test_the_wheel_holds_the_extension_once(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    names = archive.namelist()
    inside = {name.partition(HOME)[2]: name for name in names if HOME in name}
    assert not [name for name in names if "labextension" in name and HOME not in name]
    assert not [name for name in names if "node_modules" in name or name.endswith(".map")]
    package = json.loads(archive.read(inside["package.json"]))
    assert {package["jupyterlab"]["_build"]["load"], "install.json"} <= set(inside)


def test_jupyterlab_finds_it_where_there_is_no_node(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "prefix"
    # Without --ignore-installed pip would take the package out of this environment first.
    options = ["--quiet", "--no-deps", "--ignore-installed", "--prefix", target]
    command = [sys.executable, "-m", "pip", "install", *options, wheel]
    subprocess.run(command, check=True, capture_output=True)
    binaries = tmp_path / "bin"
    binaries.mkdir()
    environment = {**os.environ, "PATH": str(binaries), "JUPYTER_PATH": str(target / "share" / "jupyter")}
    assert shutil.which("node", path=environment["PATH"]) is None
    command = [sys.executable, "-m", "jupyterlab.labextensions", "list", "--verbose"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    lines = (listed.stdout + listed.stderr).splitlines()
    here = next(i for i, line in enumerate(lines) if str(target) in line)
    line = next(line for line in lines[here:] if "qwen-magics" in line)
    assert f"v{qwen_magics.__version__}" in line
    assert "enabled" in line and "OK" in line and "(python, qwen-magics)" in line


def test_both_halves_have_one_version() -> None:
    package = json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == qwen_magics.__version__


def test_the_lock_file_names_no_registry() -> None:
    lock = (SOURCE / "yarn.lock").read_text(encoding="utf-8")
    assert "://" not in lock
