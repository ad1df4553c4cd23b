from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import samples

from qwen_magics.errors import TraceError
from qwen_magics.trace import MIME, Trace, mime_bundle, read_traces


def notebook(path: Path, *outputs: dict[str, Any]) -> Path:
    cells = [{"cell_type": "markdown", "source": "# title"}]
    cells += [
        {"cell_type": "code", "source": "", "outputs": [{"output_type": "display_data", "data": o}]}
        for o in outputs
    ]
    path.write_text(
        json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), encoding="utf-8"
    )
    return path


def test_traces_come_out_as_they_went_in(tmp_path: Path) -> None:
    first, second = samples.ok(), samples.failed()
    path = notebook(tmp_path / "a.ipynb", mime_bundle(first), {"text/plain": "42"}, mime_bundle(second))
    assert [trace.to_dict() for trace in read_traces(path)] == [first.to_dict(), second.to_dict()]
    assert len(read_traces([str(path), path])) == 2
    assert read_traces(path).places[second.trace_id] == (str(path), 4)


def test_the_finished_trace_of_a_run_counts(tmp_path: Path) -> None:
    done = samples.ok().to_dict()
    live = done | {"status": "running"}
    path = notebook(tmp_path / "a.ipynb", {MIME: live}, {MIME: done}, {MIME: live})
    assert [trace.status for trace in read_traces(path)] == ["ok"]


def test_an_unreadable_trace_does_not_hide_the_others(tmp_path: Path) -> None:
    path = notebook(tmp_path / "a.ipynb", {MIME: {"schema": "2.0"}}, mime_bundle(samples.ok()))
    with pytest.warns(UserWarning, match=r"a\.ipynb, cell 2: This trace has schema 2\.0"):
        assert len(read_traces(path)) == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe", "is no notebook"),
        (b"{", "is no notebook"),
        (b"[]", "has no cells"),
    ],
)
def test_what_is_no_notebook_is_named(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "a.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TraceError, match=message):
        read_traces(path)


def test_odd_cells_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(
        json.dumps(
            {"cells": [None, {}, {"outputs": 3}, {"outputs": [None, {"data": []}, {"data": {MIME: 1}}]}]}
        )
    )
    with pytest.warns(UserWarning, match="cell 4"):
        assert read_traces(path) == []


def test_a_trace_is_the_same_after_reading(tmp_path: Path) -> None:
    trace = read_traces(notebook(tmp_path / "a.ipynb", mime_bundle(samples.repaired())))[0]
    assert mime_bundle(trace) == mime_bundle(Trace.from_dict(trace.to_dict()))
