"""A real IPython kernel in a process of its own, as JupyterLab starts it."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).parents[2]
PATIENCE_S = 180.0


@dataclass
class Ran:
    """What one cell gave: its displays (updates included), its printed text, its error, what it asked."""

    displays: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""
    error: str = ""
    status: str = ""
    prompts: list[str] = field(default_factory=list)

    @property
    def shown(self) -> dict[str, Any]:
        return self.displays[-1] if self.displays else {}


class Kernel:
    """Runs cells and can interrupt one in the middle."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager = manager
        self._client = client

    def run(self, code: str, *, interrupt_when: Callable[[dict[str, Any]], bool] | None = None) -> Ran:
        """Run a cell to its end; send one interrupt at the first display for which `interrupt_when` holds."""
        return self.result(self.start(code), interrupt_when=interrupt_when)

    def start(self, code: str, *, allow_stdin: bool | None = None) -> str:
        """Send a cell and return at once; `result` takes what this gives."""
        return self._client.execute(code, allow_stdin=allow_stdin)

    def prompt(self) -> str:
        """Wait until the cell that runs asks on standard input."""
        return str(self._client.get_stdin_msg(timeout=PATIENCE_S)["content"]["prompt"])

    def run_answering(self, code: str, *answers: str) -> Ran:
        """Run a cell that asks on standard input; without answers as a frontend that has nobody to ask."""
        return self.result(self.start(code, allow_stdin=bool(answers)), answers=list(answers))

    def result(
        self,
        request: str,
        *,
        interrupt_when: Callable[[dict[str, Any]], bool] | None = None,
        answers: list[str] | None = None,
    ) -> Ran:
        """Wait for a cell that was sent; `answers` are typed, one for each time that it asks."""
        ran, sent = Ran(), False
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if answers:
                self._answer(answers, ran)
            try:
                message = self._client.get_iopub_msg(timeout=0.1 if answers else 1)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                ran.status = self._reply(request)
                return ran
            shown = self._note(message, ran)
            if shown is not None and not sent and interrupt_when is not None and interrupt_when(shown):
                sent = True
                self.manager.interrupt_kernel()
        pytest.fail(f"the kernel did not answer within {PATIENCE_S:.0f} s")

    def _answer(self, answers: list[str], ran: Ran) -> None:
        if self._client.stdin_channel.msg_ready():
            ran.prompts.append(self._client.get_stdin_msg(timeout=1)["content"]["prompt"])
            self._client.input(answers.pop(0))

    def _reply(self, request: str) -> str:
        while True:
            reply = self._client.get_shell_msg(timeout=30)
            if reply["parent_header"].get("msg_id") == request:
                return str(reply["content"]["status"])

    def _note(self, message: dict[str, Any], ran: Ran) -> dict[str, Any] | None:
        kind, content = message["msg_type"], message["content"]
        if kind in ("display_data", "update_display_data", "execute_result"):
            ran.displays.append(content["data"])
            return dict(content["data"])
        if kind == "stream":
            ran.text += content["text"]
        elif kind == "error":
            ran.error = f"{content['ename']}: {content['evalue']}"
        return None


@pytest.fixture(scope="module")
def start_kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Kernel]]:
    """Starts kernels with the extension loaded; all are ended after the module's tests."""
    started: list[tuple[KernelManager, BlockingKernelClient]] = []

    def start(**environment: str) -> Kernel:
        # Sockets in the file system: no port is opened, and newer kernels warn about plain TCP.
        sockets = tmp_path_factory.mktemp("kernel") / "kernel"
        manager = KernelManager(kernel_name="python3", transport="ipc", ip=str(sockets))
        manager.start_kernel(env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, cwd=str(ROOT))
        client = manager.blocking_client()
        client.start_channels()
        started.append((manager, client))
        client.wait_for_ready(timeout=60)
        kernel = Kernel(manager, client)
        assert kernel.run("%load_ext qwen_magics").status == "ok"
        return kernel

    yield start
    for manager, client in started:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
