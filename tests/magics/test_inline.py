"""Suggestions over a comm: one at a time, never in the way of a cell. What they say is in tests/chat."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics.errors import EngineError
from qwen_magics.widgets import inline


class Comm:
    """A front end's end of the line."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.answered = threading.Event()
        self.ask: Callable[[dict[str, Any]], None] = lambda _: None

    def on_msg(self, act: Callable[[dict[str, Any]], None]) -> None:
        self.ask = lambda data: act({"content": {"data": data}})

    def on_close(self, act: Callable[[object], None]) -> None:
        self.close = act

    def send(self, data: dict[str, Any]) -> None:
        self.sent.append(data)
        self.answered.set()


@pytest.fixture
def comm() -> Comm:
    return Comm()


@pytest.fixture
def kernel_shell(bare_shell: InteractiveShell, comm: Comm) -> InteractiveShell:
    """A shell whose kernel takes comms."""
    targets: dict[str, Any] = {}
    manager = SimpleNamespace(targets=targets, register_target=targets.__setitem__)
    bare_shell.kernel = SimpleNamespace(comm_manager=manager)
    bare_shell.run_line_magic("load_ext", "qwen_magics")
    targets[inline.TARGET](comm, {})
    return bare_shell


def until_cancelled(before: str, after: str, cancel: threading.Event) -> str:
    assert cancel.wait(20)
    return ""


def test_without_a_loaded_model_there_is_no_suggestion(kernel_shell: InteractiveShell, comm: Comm) -> None:
    comm.ask({"id": 1, "before": "x = ", "after": ""})
    assert comm.answered.wait(20)
    assert comm.sent == [{"id": 1, "text": "", "problem": ""}]


def test_a_question_ends_the_one_before(
    kernel_shell: InteractiveShell, comm: Comm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inline, "_suggestion", until_cancelled)
    for number in (1, 2):
        comm.ask({"id": number, "before": "x", "after": ""})
    assert [one["id"] for one in comm.sent] == [1]
    comm.ask({"cancel": True})
    assert [one["id"] for one in comm.sent] == [1, 2]


def test_it_has_ended_before_a_cell_runs(
    kernel_shell: InteractiveShell, comm: Comm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inline, "_suggestion", until_cancelled)
    kernel_shell.user_ns["sent"] = comm.sent
    comm.ask({"id": 1, "before": "x", "after": ""})
    assert kernel_shell.run_cell("ended = len(sent)").success
    assert kernel_shell.user_ns["ended"] == 1


def test_an_error_of_the_engine_is_told_and_harms_nothing(
    kernel_shell: InteractiveShell, comm: Comm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> str:
        msg = "out of memory"
        raise EngineError(msg)

    monkeypatch.setattr(inline, "_suggestion", fails)
    comm.ask({"id": 1, "before": "x", "after": ""})
    assert comm.answered.wait(20)
    assert comm.sent == [{"id": 1, "text": "", "problem": "out of memory"}]


def test_unloading_stops_listening(kernel_shell: InteractiveShell) -> None:
    kernel_shell.run_line_magic("unload_ext", "qwen_magics")
    assert kernel_shell.kernel.comm_manager.targets == {}
