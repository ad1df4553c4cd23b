"""Suggestions at the cursor for JupyterLab's inline completer, over a comm.

A message is answered from a thread, so the kernel is free at once; one request runs at a time, and it ends
when the next one comes, when the front end gives it up, and before any cell runs. Nothing is ever loaded or
fetched because somebody types: without a model in memory there is no suggestion.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from qwen_magics.errors import QwenMagicsError

__all__ = ["TARGET", "Suggestions", "install", "uninstall"]

TARGET = "qwen_magics.inline"


class Suggestions:
    """The comms of this kernel and the one request that may be under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancel = threading.Event()
        self._worker: threading.Thread | None = None

    def opened(self, comm: Any, _message: Mapping[str, Any]) -> None:
        """A front end has opened a comm; what it sends are requests."""
        comm.on_msg(lambda message: self.asked(comm, message["content"]["data"]))
        comm.on_close(lambda _: self.cancel())

    def asked(self, comm: Any, data: Mapping[str, Any]) -> None:
        """Begin with `{"id", "before", "after"}`; `{"cancel": true}` only ends what is under way."""
        self.cancel()
        if data.get("cancel"):
            return
        with self._lock:
            self._cancel = cancel = threading.Event()
            self._worker = threading.Thread(
                target=self._answer, args=(comm, dict(data), cancel), name="qwen-magics-inline", daemon=True
            )
            self._worker.start()

    def cancel(self, *_: Any) -> None:
        """End the request under way, if there is one, and wait for it: less than the time of a token."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is None or not worker.is_alive():
            return
        self._cancel.set()
        worker.join()

    def _answer(self, comm: Any, data: Mapping[str, Any], cancel: threading.Event) -> None:
        text, problem = "", ""
        try:
            text = _suggestion(str(data.get("before", "")), str(data.get("after", "")), cancel)
        except QwenMagicsError as error:  # shown by nobody while typing: no suggestion is no harm
            problem = str(error)
        comm.send({"id": data.get("id"), "text": text, "problem": problem})


def _suggestion(before: str, after: str, cancel: threading.Event) -> str:
    agent = sys.modules.get("qwen_magics.agent")
    model = agent.session.loaded if agent is not None else None
    if model is None:
        return ""
    from qwen_magics.chat.infill import infill

    return infill(model, before, after, cancel=cancel).text


def install(shell: InteractiveShell) -> None:
    """Listen for comms, in a kernel; in a terminal there is nobody to open one."""
    uninstall(shell)
    manager = getattr(getattr(shell, "kernel", None), "comm_manager", None)
    if manager is None:
        return
    suggestions = Suggestions()
    manager.register_target(TARGET, suggestions.opened)
    shell.events.register("pre_execute", suggestions.cancel)
    _installed[shell] = suggestions


def uninstall(shell: InteractiveShell) -> None:
    """Stop listening."""
    suggestions = _installed.pop(shell, None)
    if suggestions is None:
        return
    suggestions.cancel()
    shell.events.unregister("pre_execute", suggestions.cancel)
    targets: dict[str, Any] = shell.kernel.comm_manager.targets  # type: ignore[attr-defined]  # as in `install`
    targets.pop(TARGET, None)


_installed: dict[InteractiveShell, Suggestions] = {}
