"""Traces of every version that was ever written stay readable. A new version adds a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qwen_magics.trace import SCHEMA, Trace, diff, mime_bundle, scrub, to_otlp, to_script

FILES = sorted((Path(__file__).parent / "golden").glob("*/*.json"))


def read(path: Path) -> dict[str, Any]:
    saved: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return saved


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_it_is_read_whole_and_shown(path: Path, validator: Any) -> None:
    saved = read(path)
    assert saved["schema"] == path.parent.name
    validator.validate(saved)
    trace = Trace.from_dict(saved)
    assert trace.to_dict() == saved
    assert diff(trace, Trace.from_dict(saved)).same
    for view in ("text/html", "text/markdown", "text/plain"):
        shown = mime_bundle(trace)[view]
        assert "tokens" in shown or path.stem in ("cancelled", "web")
        assert "left out" not in shown
    assert mime_bundle(scrub(trace)) and to_otlp([trace]) and to_script(trace)


def test_the_version_of_now_and_all_before_have_files() -> None:
    versions = {path.parent.name for path in FILES}
    assert versions == {f"1.{minor}" for minor in range(int(SCHEMA.partition(".")[2]) + 1)}


def test_a_later_minor_version_is_read_as_far_as_it_is_known() -> None:
    saved = read(FILES[0]) | {"schema": "1.9", "later": {"a": 1}}
    saved["spans"] = [span | {"later": 1} for span in saved["spans"]]
    trace = Trace.from_dict(saved)
    assert trace.schema == "1.9"
    assert len(trace.spans) == len(saved["spans"])


@pytest.mark.parametrize("path", FILES[:3], ids=lambda path: path.stem)
def test_a_damaged_one_shows_what_it_has(path: Path) -> None:
    saved = read(path)
    saved["spans"][1] = {"kind": 7}
    saved["spans"].append("lost")
    for key in ("answer", "totals", "versions", "data", "parameters"):
        saved.pop(key)
    trace = Trace.from_dict(saved)
    assert len(trace.spans) == len(saved["spans"]) - 2
    for view in ("text/html", "text/markdown", "text/plain"):
        assert "2 damaged spans left out" in mime_bundle(trace)[view].replace("\\", "")
