from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from qwen_magics.cli import main
from qwen_magics.trace import MIME, Trace, mime_bundle
from qwen_magics.widgets.logs import FORMATS

sys.path.insert(0, str(Path(__file__).parent / "trace"))
import samples


@pytest.fixture
def path(tmp_path: Path) -> Path:
    cells = [
        {"outputs": [{"data": mime_bundle(make())}]}
        for make in (samples.ok, samples.repaired, samples.failed, samples.web)
    ]
    file = tmp_path / "shop.ipynb"
    file.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return file


def logs(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main(["logs", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_a_line_per_run(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = logs(capsys, path).splitlines()
    assert len(lines) == 5
    assert lines[2].startswith(
        "shop.ipynb:2   2026-11-23 09:30:00  ✓ ok     3.35 s  5      How many flights in"
    )
    assert lines[3].endswith("There is no column `fare` in flights.")


@pytest.mark.parametrize(
    ("query", "cells"),
    [
        ("LARGEST AVERAGE", [1]),
        ("arr_delay > 60", [2]),
        ("27,789", [2]),
        ("no column", [2, 3]),
        ("put_stock", [4]),
        ("BIND QUERY", [1, 2, 3]),
        ("fare2", [3]),
        ("flights where delay", [2]),
        ("nowhere", []),
    ],
)
def test_search(path: Path, capsys: pytest.CaptureFixture[str], query: str, cells: list[int]) -> None:
    found = json.loads(logs(capsys, path, "-q", query, "--json"))
    assert [row["place"] for row in found] == [f"shop.ipynb:{cell}" for cell in cells]


def test_what_a_stopped_run_had_written_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "stopped.ipynb"
    cells = [{"outputs": [{"data": mime_bundle(samples.cancelled())}]}]
    file.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert "stopped.ipynb:1" in logs(capsys, file, "-q", "as n from fl")


def test_nothing_found_is_said(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert logs(capsys, path, "--status", "denied") == "No run found.\n"
    assert "shop.ipynb:3" in logs(capsys, path.parent, "--status", "error")


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_is_the_trace(path: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    out = logs(capsys, path, "--format", form)
    rows = json.loads(out) if form == "json" else [json.loads(line) for line in out.splitlines()]
    assert [Trace.from_dict(row).status for row in rows] == ["ok", "ok", "error", "ok"]


def test_exports(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(json.loads(logs(capsys, path, "--format", "otlp"))["resourceSpans"]) == 4
    lines = logs(capsys, path, "--format", "otlp-jsonl").splitlines()
    assert [len(json.loads(line)["resourceSpans"]) for line in lines] == [1] * 4
    script = logs(capsys, path, "--format", "script")
    compile(script, "script", "exec")
    assert "# %% shop.ipynb:2" in script
    assert "✗ 2. check" not in logs(capsys, path, "--format", "text", "-q", "largest")


def test_a_page_that_needs_nothing_else(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soup = BeautifulSoup(logs(capsys, path, "--format", "html"), "html.parser")
    assert [h.get_text() for h in soup.find_all("h2")][3].endswith("in the shop to 40 shop.ipynb:4")
    assert len(soup.find_all(class_="qm-trace")) == 4
    assert not soup.find_all(["script", "img", "link", "a", "iframe"])
    policy = soup.find("meta", {"http-equiv": True})
    assert policy is not None and "default-src 'none'" in policy["content"]
    assert logs(capsys, path, "--format", "markdown").count("## ") == 4


def test_scrubbed(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # The search sees the values, the output does not.
    out = logs(capsys, path, "-q", "27,789", "--format", "jsonl", "--scrub")
    assert "27789" not in out and len(out.splitlines()) == 1


def test_an_unreadable_trace_is_a_warning(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text(json.dumps({"cells": [{"outputs": [{"data": {MIME: {"schema": "2.0"}}}]}]}))
    assert main(["logs", str(path)]) == 0
    out, err = capsys.readouterr()
    assert out == "No run found.\n"
    assert err.startswith("qwen-magics: ") and "shop.ipynb, cell 1: This trace has schema 2.0" in err


def test_a_missing_notebook_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["logs", "nowhere.ipynb"]) == 1
    assert capsys.readouterr().err.startswith("qwen-magics: The notebook nowhere.ipynb cannot be read")


def test_nothing_acts_on_a_terminal(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = json.loads(path.read_text(encoding="utf-8"))
    saved["cells"][1]["outputs"][0]["data"][MIME]["spans"][-1]["data"]["sql"] = "SELECT '\x1b]0;x\x07'"
    path.write_text(json.dumps(saved), encoding="utf-8")
    for form in FORMATS:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        assert "\x1b" not in logs(capsys, path, "--format", form)
