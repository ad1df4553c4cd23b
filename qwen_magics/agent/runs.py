"""The records of the runs of this session, failed and stopped ones too, and how a run is named."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qwen_magics.errors import QwenMagicsError, TraceError

if TYPE_CHECKING:
    from qwen_magics.trace import Trace, Traces

__all__ = ["Runs", "is_run_name"]

_MOST = 200
_NUMBER = re.compile(r"-?[1-9]\d{0,5}")
_ID = re.compile(r"(?=.*\d)[0-9a-f]{6,32}")
_IN_NOTEBOOK = re.compile(r"(?P<path>.+\.ipynb)(?::(?P<run>-?[1-9]\d{0,5}|[0-9a-f]{8,32}))?")


class Runs:
    """The traces of the session, oldest first. The numbers stay when old runs are let go of."""

    def __init__(self) -> None:
        self._traces: deque[tuple[int, Trace]] = deque(maxlen=_MOST)
        self._last = 0

    def __len__(self) -> int:
        return len(self._traces)

    def __iter__(self) -> Iterator[tuple[int, Trace]]:
        """Number and trace of each run."""
        return iter(list(self._traces))

    def add(self, trace: Trace | None) -> None:
        """Keep the record of a run; nothing without one."""
        if trace is not None:
            self._last += 1
            self._traces.append((self._last, trace))

    @contextmanager
    def recorded(self, wanted: bool = True) -> Iterator[None]:
        """Keep the record that an error or a stop inside carries, if one is `wanted`."""
        try:
            yield
        except (QwenMagicsError, KeyboardInterrupt) as end:
            self.add(getattr(end, "trace", None) if wanted else None)
            raise

    def clear(self) -> int:
        """Forget all runs; how many there were. Counting begins anew."""
        count, self._last = len(self._traces), 0
        self._traces.clear()
        return count

    def find(self, name: str = "-1") -> Trace:
        """A run by its number (`-1` is the last), the beginning of its id, or `notebook.ipynb:2`.

        `notebook.ipynb:9f31c2d4` is a run by its id that need not be in the saved notebook yet.

        Raises:
            TraceError: there is none; the message lists what there is.
        """
        saved = _IN_NOTEBOOK.fullmatch(name)
        if saved is not None:
            return self._saved(Path(saved["path"]), saved["run"] or "-1")
        found = [trace for number, trace in self._traces if str(number) == name]
        found += self._by_id(name) if _ID.fullmatch(name) else []
        if not found and name.startswith("-") and int(name) + len(self._traces) >= 0:
            return self._traces[int(name)][1]
        if not found:
            raise TraceError(self._missing(name))
        return found[-1]

    def _by_id(self, beginning: str) -> list[Trace]:
        return [trace for _, trace in self._traces if trace.trace_id.startswith(beginning)]

    def _saved(self, path: Path, run: str) -> Trace:
        if _NUMBER.fullmatch(run):
            return _from_notebook(path, int(run))
        found = self._by_id(run) or [t for t in _read(path) if t.trace_id.startswith(run)]
        if not found:
            msg = f"There is no run {run} in {path} as it was saved: save the notebook, and run this again."
            raise TraceError(msg)
        return found[-1]

    def _missing(self, name: str) -> str:
        if not self._traces:
            return "Nothing was asked yet in this session. Name a saved run: notebook.ipynb:1"
        first, last = self._traces[0][0], self._traces[-1][0]
        return f"There is no run {name}. Runs {first} to {last} are there; `%qwen history` lists them."


def is_run_name(word: str) -> bool:
    """Whether a word can only be meant as a run.

    >>> [is_run_name(word) for word in ("3", "-1", "9f31c2", "a.ipynb:2", "a.ipynb:9f31c2d4", "orders")]
    [True, True, True, True, True, False]
    """
    return any(pattern.fullmatch(word) for pattern in (_NUMBER, _ID, _IN_NOTEBOOK))


def _read(path: Path) -> Traces:
    from qwen_magics.trace import read_traces

    return read_traces(path)


def _from_notebook(path: Path, number: int) -> Trace:
    traces = _read(path)
    at = number - 1 if number > 0 else number + len(traces)
    if not 0 <= at < len(traces):
        msg = f"{path} has {len(traces)} runs; there is no run {number} in it."
        raise TraceError(msg)
    return traces[at]
