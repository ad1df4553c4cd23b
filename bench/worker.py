"""A worker process: one engine in its own environment, asked over JSON lines.

Workers that are not asked anything are stopped (SIGSTOP), so that threads which spin or poll between runs
take no time from the one that is measured.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any

__all__ = ["Worker", "WorkerError"]

_CAN_STOP = hasattr(signal, "SIGSTOP")


class WorkerError(Exception):
    """A worker that failed, died or took too long."""


class Worker:
    """One engine, stopped between calls.

    Args:
        command: interpreter and script.
        log: where its stderr goes.
        environment: variables besides the present ones.

    Attributes:
        started: when the process was started, on `perf_counter`'s clock.
    """

    def __init__(self, command: Sequence[str], log: Path, environment: dict[str, str]) -> None:
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self.started = perf_counter()
        with log.open("w") as stderr:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                env={**os.environ, **environment},
            )
        self._running = True

    def call(self, op: str, *, timeout: float = 600.0, **fields: Any) -> dict[str, Any]:
        """Ask and wait.

        Raises:
            WorkerError: an error reply (the worker lives on), no reply in time, or the process is gone.
        """
        self._resume()
        try:
            self._write({"op": op, **fields})
            reply: dict[str, Any] = json.loads(self._read(op, timeout))
        finally:
            self._pause()
        if "error" in reply:
            raise WorkerError(reply["error"])
        return reply

    def close(self) -> None:
        """End the process."""
        self._resume()
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError as exc:
            raise WorkerError(self._obituary()) from exc

    def _read(self, op: str, timeout: float) -> str:
        stdout = self._process.stdout
        assert stdout is not None
        # A reply is one line, written at once, and never asked for before the last one was read.
        if not select.select([stdout], [], [], timeout)[0]:
            self._process.kill()
            msg = f"no reply to {op} within {timeout:.0f} s"
            raise WorkerError(msg)
        line = stdout.readline()
        if not line:
            raise WorkerError(self._obituary())
        return line

    def _obituary(self) -> str:
        status = self._process.wait(timeout=10)
        tail = " | ".join(self._log.read_text(errors="replace").splitlines()[-3:])
        return f"the worker ended with status {status}: {tail}"

    def _pause(self) -> None:
        if _CAN_STOP and self._process.poll() is None:
            self._process.send_signal(signal.SIGSTOP)
            self._running = False

    def _resume(self) -> None:
        if not self._running and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._running = True
