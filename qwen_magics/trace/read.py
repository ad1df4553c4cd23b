"""Traces out of saved notebooks, without a kernel and without nbformat."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import TraceError
from qwen_magics.trace.spans import MIME, Trace

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Traces", "load_notebook", "outputs_of", "read_traces"]


class Traces(list[Trace]):
    """Traces out of notebooks, a list that gives frames as well.

    Attributes:
        places: notebook and number of the cell, counted from 1, by trace id.
    """

    def __init__(
        self, traces: Iterable[Trace] = (), places: Mapping[str, tuple[str, int]] | None = None
    ) -> None:
        super().__init__(traces)
        self.places = dict(places or {})

    @property
    def runs(self) -> pd.DataFrame:
        """One row per run: notebook, cell, question, status, answer, code, model, tokens, seconds, …"""
        from qwen_magics.trace.frames import runs_frame

        return runs_frame(self, self.places)

    @property
    def steps(self) -> pd.DataFrame:
        """One row per step of all runs: kind, attempt, status, seconds, tokens, program, error, …"""
        from qwen_magics.trace.frames import steps_frame

        return steps_frame(self)

    def _repr_html_(self) -> str:
        return str(self.runs[["notebook", "cell", "status", "question", "answer", "seconds"]]._repr_html_())


def read_traces(notebooks: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> Traces:
    """The traces of one or several notebooks, in the order of their cells, each run once.

    A trace that cannot be read is left out with a warning that names notebook and cell. A folder stands for
    the notebooks right in it.

    Raises:
        TraceError: a file is missing or is no notebook.

    >>> read_traces("analysis.ipynb").runs[["question", "seconds"]]
    """
    single = isinstance(notebooks, (str, os.PathLike))
    paths = [Path(notebooks)] if single else [Path(path) for path in notebooks]  # type: ignore[arg-type,union-attr]
    found: dict[str, Trace] = {}
    places: dict[str, tuple[str, int]] = {}
    for path in _files(paths):
        for number, trace in _traces(path):
            # A live display and the final one show the same run: the finished trace counts.
            if trace.trace_id not in found or found[trace.trace_id].status == "running":
                found[trace.trace_id] = trace
                places[trace.trace_id] = (str(path), number)
    return Traces(found.values(), places)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.ipynb")) if path.is_dir() else [path]


def _traces(path: Path) -> Iterator[tuple[int, Trace]]:
    for number, output in outputs_of(load_notebook(path)):
        data = output.get("data")
        if not isinstance(data, dict) or MIME not in data:
            continue
        try:
            yield number, Trace.from_dict(data[MIME])
        except TraceError as exc:
            warnings.warn(f"{path}, cell {number}: {exc}", stacklevel=4)


def load_notebook(path: Path) -> dict[str, Any]:
    """The JSON of a notebook of format 4.

    Raises:
        TraceError: the file is missing or is no notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        msg = f"The notebook {path} cannot be read ({exc.strerror}). Give the path of an .ipynb file."
        raise TraceError(msg) from exc
    except ValueError as exc:  # neither UTF-8 nor JSON
        msg = f"{path} is no notebook ({exc}). Give the path of an .ipynb file."
        raise TraceError(msg) from exc
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        msg = f"{path} has no cells: it is no notebook of format 4. Save it with Jupyter to convert it."
        raise TraceError(msg)
    return notebook


def outputs_of(notebook: dict[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every output of a notebook with the number of its cell, counted from 1."""
    for number, cell in enumerate(notebook["cells"], start=1):
        outputs = cell.get("outputs") if isinstance(cell, dict) else None
        for output in outputs if isinstance(outputs, list) else []:
            if isinstance(output, dict):
                yield number, output
