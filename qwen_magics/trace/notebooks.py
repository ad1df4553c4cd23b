"""A saved notebook with its traces scrubbed. Everything else in it stays as it is, and is counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qwen_magics.errors import TraceError
from qwen_magics.trace.bundle import mime_bundle
from qwen_magics.trace.read import load_notebook, outputs_of
from qwen_magics.trace.scrub import scrub
from qwen_magics.trace.spans import MIME, Trace

__all__ = ["ScrubbedNotebook", "scrub_notebook"]

_UNREADABLE = "A trace that could not be read was taken out."


@dataclass(frozen=True, slots=True)
class ScrubbedNotebook:
    """What was written where.

    Attributes:
        path: the new file.
        traces: how many were scrubbed.
        removed: how many were taken out, since they could not be read.
        others: outputs that are no traces; they are as they were.
    """

    path: Path
    traces: int
    removed: int
    others: int


def scrub_notebook(source: Path, target: Path | None = None) -> ScrubbedNotebook:
    """Write a copy of a notebook whose traces hold no values, `name.scrubbed.ipynb` beside it by default.

    Raises:
        TraceError: the notebook cannot be read, or the file is there already.
    """
    path = target or source.with_suffix(".scrubbed.ipynb")
    notebook = load_notebook(source)
    counts = {"traces": 0, "removed": 0, "others": 0}
    for _, output in outputs_of(notebook):
        counts[_scrub(output)] += 1
    try:
        with path.open("x", encoding="utf-8") as file:
            json.dump(notebook, file, ensure_ascii=False, indent=1)
    except OSError as exc:
        msg = f"{path} cannot be written ({exc.strerror}). Name another file: %qwen scrub {source} NEW.ipynb"
        raise TraceError(msg) from exc
    return ScrubbedNotebook(path, **counts)


def _scrub(output: dict[str, Any]) -> str:
    data = output.get("data")
    if not isinstance(data, dict) or MIME not in data:
        return "others"
    try:
        output["data"] = mime_bundle(scrub(Trace.from_dict(data[MIME])))
    except TraceError:
        output["data"] = {"text/plain": _UNREADABLE}
        return "removed"
    return "traces"
