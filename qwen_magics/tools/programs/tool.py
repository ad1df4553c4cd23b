"""Pandas programs over the tables of one question, with the same three steps as SQL: check, run, review."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from numbers import Real
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import QueryError
from qwen_magics.tools.fingerprint import fingerprint
from qwen_magics.tools.programs.allowed import BUILTINS
from qwen_magics.tools.programs.binding import bind_columns, text_comparisons
from qwen_magics.tools.programs.counting import counted_columns
from qwen_magics.tools.programs.guard import Program, guard
from qwen_magics.tools.programs.kept_columns import with_kept
from qwen_magics.tools.programs.modern import modernised
from qwen_magics.tools.programs.process import WorkerProcess
from qwen_magics.tools.programs.series_groups import with_groups
from qwen_magics.tools.programs.spelling import with_spelling
from qwen_magics.tools.programs.wire import decode_frame
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Table, closest

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ProgramResult", "ProgramTool"]

_LIBRARIES = {"stats": "scipy", "sm": "statsmodels"}
_MEMORY_BYTES = 4 * 2**30


@dataclass(frozen=True, slots=True, eq=False)
class ProgramResult(QueryResult):
    """The table that a program computed.

    Attributes:
        frame_diff: tables that the program made or changed, before and after, as a trace keeps them.
        unchanged: the tables that were handed over have the same fingerprints as before.
    """

    frame_diff: tuple[Mapping[str, Any], ...] = ()
    unchanged: bool = True


class ProgramTool:
    """Runs programs over `frames` in a process of their own; a context manager.

    Args:
        frames: table name → frame of plain types, as `FrameDatabase.prepared` has them.
        tables: their description.
        memory_bytes: what a program may use besides the tables, where the operating system holds to it.
    """

    def __init__(
        self,
        frames: Mapping[str, pd.DataFrame],
        tables: Sequence[Table],
        *,
        memory_bytes: int = _MEMORY_BYTES,
    ) -> None:
        self._frames = frames
        self._tables = tuple(tables)
        self._memory_bytes = memory_bytes
        self._worker: WorkerProcess | None = None
        self._before: dict[str, str] | None = None

    def __enter__(self) -> ProgramTool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def start(self, libraries: frozenset[str] = frozenset()) -> None:
        """Begin to load a worker, so that it is ready when the program is written; returns at once."""
        if self._worker is not None and self._worker.alive and libraries <= self._worker.libraries:
            return
        self.close()
        self._worker = WorkerProcess(self._frames, libraries, self._memory_bytes)

    def close(self) -> None:
        """End the worker. A later program starts another one."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()

    def check(self, source: str) -> str:
        """The program, normalised, if everything in it is allowed and its columns exist; nothing is run.

        Raises:
            QueryError: with a computed hint.
        """
        return self._admit(source).source

    def run(self, source: str, *, timeout_s: float = 60, max_rows: int | None = None) -> ProgramResult:
        """The table that the program computes.

        Args:
            timeout_s: seconds after which its process is killed.
            max_rows: rows after which the result is cut; None keeps all that fit.

        Raises:
            QueryError: refused, failed, `timeout`, `memory`, `crashed` or `no_result`.
            KeyboardInterrupt: the process is killed first; the next program gets another one.
        """
        program = self._admit(source)
        self._before = self._before or self._fingerprints()
        started = perf_counter()
        self.start(program.libraries)
        assert self._worker is not None
        request = {"source": program.source, "builtins": BUILTINS, "max_rows": max_rows}
        header, blocks = self._worker.run(request, timeout_s)
        if "error" in header:
            kind, message, hint = (str(part) for part in header["error"])
            raise QueryError(kind, message, hint)
        frame, truncated = _decoded(header, blocks), bool(header.get("truncated"))
        seconds, unchanged = perf_counter() - started, self._before == self._fingerprints()
        return ProgramResult(
            frame,
            len(frame),
            truncated,
            seconds,
            program.tables,
            frame_diff=tuple(header["frames"]),
            unchanged=unchanged,
        )

    def review(self, source: str, result: QueryResult) -> list[QueryError]:
        """What the data says against a result that came without an error: `letter_case`, `no_such_value`,
        `all_null`, `every_column`.
        """
        counted = list(counted_columns(self._admit(source).source)) if result.frame.shape[1] > 2 else []
        if counted:
            return counted[:1]
        if result.rows and not result.frame.isna().all(axis=None) and not _is_zero(result.frame):
            return []
        findings = self._missing_texts(source)
        if not findings and result.rows and result.frame.isna().all(axis=None):
            hint = "Check the filters and the keys of merges."
            findings.append(QueryError("all_null", "The result has no values.", hint))
        return findings

    def _fingerprints(self) -> dict[str, str]:
        return {name: fingerprint(frame) for name, frame in self._frames.items()}

    def _admit(self, source: str) -> Program:
        program = guard(source, self._tables)
        spelt = with_groups(with_spelling(program.source, self._tables), self._tables)
        spelt = with_kept(spelt, self._tables)
        spelt = modernised(spelt, self._tables)
        if spelt != program.source:
            program = guard(spelt, self._tables)
        for name in sorted(program.libraries):
            if find_spec(_LIBRARIES[name]) is None:
                instead = "np.polyfit or np.corrcoef"
                message = f"{name} needs {_LIBRARIES[name]}, which is not installed."
                raise QueryError(
                    "not_installed", message, f"Use {instead}, or pip install {_LIBRARIES[name]}."
                )
        bind_columns(ast.parse(program.source), self._tables)
        return program

    def _missing_texts(self, source: str) -> list[QueryError]:
        findings = []
        for column, text in text_comparisons(ast.parse(self._admit(source).source)):
            known = self._values(column)
            if known is None or text in known:
                continue
            same = [value for value in known if value.casefold().strip() == text.casefold().strip()]
            near = same or closest(text, known, count=3, cutoff=0.5) or known[:5]
            kind = "letter_case" if same else "no_such_value"
            offered = ", ".join(repr(value) for value in near[:3])
            findings.append(QueryError(kind, f"No {column} is {text[:60]!r}.", f"There is {offered}."))
        return findings

    def _values(self, column: str) -> list[str] | None:
        """All values of a text column that only one table has, if they are few."""
        found = [item for table in self._tables if (item := table.column(column)) is not None]
        if len(found) != 1 or found[0].categories is None or found[0].dtype != "VARCHAR":
            return None
        return [value[1:-1].replace("''", "'") for value in found[0].categories]


def _decoded(header: Mapping[str, Any], blocks: Sequence[bytes]) -> pd.DataFrame:
    try:
        return decode_frame(header, blocks)
    except (ValueError, TypeError, KeyError, IndexError) as exc:
        message = f"What the program sent back is no table ({exc})."
        raise QueryError("crashed", message, "Return a table of plain values.") from exc


def _is_zero(frame: pd.DataFrame) -> bool:
    """A single number that is zero: what a filter that matches nothing gives."""
    if frame.shape != (1, 1):
        return False
    cell = frame.iat[0, 0]
    return isinstance(cell, Real) and float(cell) == 0.0
