from __future__ import annotations

import json
from pathlib import Path

import pytest
import samples
from test_read import notebook

from qwen_magics.errors import TraceError
from qwen_magics.trace import MIME, mime_bundle, read_traces
from qwen_magics.trace.notebooks import scrub_notebook
from qwen_magics.trace.scrub import SCRUBBED


def test_a_copy_without_values(tmp_path: Path) -> None:
    source = notebook(
        tmp_path / "a.ipynb",
        mime_bundle(samples.ok()),
        {"text/plain": "42"},
        {MIME: {"schema": "9"}, "text/html": "Frontier"},
    )
    done = scrub_notebook(source)
    assert (done.path, done.traces, done.removed, done.others) == (tmp_path / "a.scrubbed.ipynb", 1, 1, 1)
    written = done.path.read_text(encoding="utf-8")
    assert "Frontier" not in written and "21.92" not in written
    assert [SCRUBBED in trace.notes for trace in read_traces(done.path)] == [True]
    assert "Frontier" in source.read_text(encoding="utf-8")
    assert [c.get("source") for c in json.loads(written)["cells"]] == ["# title", "", "", ""]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    source = notebook(tmp_path / "a.ipynb", mime_bundle(samples.ok()))
    before = source.read_bytes()
    with pytest.raises(TraceError, match=r"cannot be written \(File exists\). Name another file"):
        scrub_notebook(source, source)
    assert source.read_bytes() == before
