"""The worker as the kernel sees it: start it, give it tables, run a program, stop it at any moment.

A thread cannot be stopped and shares the kernel's memory; a fork of a kernel with ONNX Runtime's and Arrow's
threads can hang, and has its secrets. A fresh process costs 0.4 s, beside the model's own work, and can
simply be killed: so time, memory and Ctrl-C hold also inside one long call of numpy.
"""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

from qwen_magics.errors import QueryError
from qwen_magics.tools.programs.wire import read_message
from qwen_magics.tools.working import Working, wait_for

__all__ = ["START_TIMEOUT_S", "WorkerProcess"]

T = TypeVar("T")
Reply = tuple[dict[str, Any], list[bytes]]

START_TIMEOUT_S = 120.0
# All of the environment that libraries need to be found and loaded; no keys, no proxies, no home.
_KEPT = ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ", "LANG", "LC_ALL", "TZDIR")
# One thread of each: threads of many libraries in several processes only slow each other down.
_SINGLE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from qwen_magics.tools.programs.worker import main; main()"
)


class WorkerProcess:
    """One worker with the tables of one question; `start` returns at once, the worker loads meanwhile.

    Args:
        frames: table name → prepared frame, plain types only.
        libraries: `stats`, `sm`.
        memory_bytes: what programs may use besides the tables.
    """

    def __init__(self, frames: Mapping[str, Any], libraries: frozenset[str], memory_bytes: int) -> None:
        self.libraries = libraries
        self._process = _start()
        setup = {"frames": dict(frames), "libraries": libraries, "memory_bytes": memory_bytes}
        self._loading = Working(lambda: self._exchange(setup), "qwen-magics-worker")

    @property
    def alive(self) -> bool:
        """Whether it can still run programs."""
        return self._loading.failure is None and self._process.poll() is None

    def run(self, request: Mapping[str, Any], timeout_s: float) -> Reply:
        """Run one program; the time to load is not counted.

        Raises:
            QueryError: `timeout`, `crashed`.
            KeyboardInterrupt: the worker was killed first.
        """
        self._wait(self._loading.done, START_TIMEOUT_S, "The worker did not start")
        if (failure := self._loading.failure) is not None:
            raise QueryError("crashed", f"The worker did not start ({failure}).") from failure
        return self._in_thread(lambda: self._exchange(request), timeout_s)

    def kill(self) -> None:
        """End it now, whatever it does."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _close(stream)

    def _exchange(self, request: Mapping[str, Any]) -> Reply:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        # Large columns go over as they are, without a second copy inside the pickle.
        data = pickle.dumps(request, protocol=5)
        stdin.write(struct.pack(">Q", len(data)))
        stdin.write(data)
        stdin.flush()
        return read_message(cast(BinaryIO, stdout))

    def _in_thread(self, work: Callable[[], T], timeout_s: float) -> T:
        working = Working(work, "qwen-magics-program")
        self._wait(working.done, timeout_s, "The program was stopped")
        if working.failure is not None:
            raise self._crash(working.failure)
        return working.outcome[0]

    def _wait(self, done: threading.Event, timeout_s: float, what: str) -> None:
        """Wait in short steps, so that Ctrl-C is heard everywhere; kill the worker if it took too long."""
        try:
            wait_for(done, timeout_s)
        finally:
            stopped = not done.is_set()
            if stopped:
                self.kill()
                done.wait()
        if stopped:
            hint = "Use methods of whole columns instead of loops, and filter earlier."
            raise QueryError("timeout", f"{what} after {timeout_s:g} seconds.", hint)

    def _crash(self, failure: BaseException) -> QueryError:
        self.kill()
        if isinstance(failure, (EOFError, OSError, ValueError)):
            code = self._process.returncode
            message = f"The program ended its process (status {code})."
            return QueryError("crashed", message, "It may need too much memory: filter or aggregate earlier.")
        raise failure


def _start() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= dict.fromkeys(_SINGLE, "1")
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, _paths()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=Path(sys.executable).parent,
        # Ctrl-C in a terminal goes to the kernel, which decides what to stop.
        start_new_session=True,
    )


def _paths() -> str:
    """The kernel's places to import from, without the notebook's folder: a `json.py` there is not ours."""
    import json

    import qwen_magics

    here = os.path.abspath(os.curdir)
    own = str(Path(qwen_magics.__file__).parents[1])
    found = [path for path in sys.path if path and os.path.abspath(path) != here]
    return json.dumps([*found, *([] if own in found else [own])])


def _close(stream: Any) -> None:
    try:
        stream.close()
    except OSError:  # what was still to be written has no reader
        return
