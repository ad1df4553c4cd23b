from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from qwen_magics import agent, config


@dataclass
class ScriptedAgent:
    """Stands in for `agent.answer`: keeps the requests, sends the events, gives or raises what is queued."""

    requests: list[agent.Request] = field(default_factory=list)
    events: list[agent.Event] = field(default_factory=list)
    outcomes: list[agent.Answer | BaseException] = field(default_factory=list)

    def __call__(self, request: agent.Request, listener: Callable[[agent.Event], None]) -> agent.Answer:
        self.requests.append(request)
        for event in self.events:
            listener(event)
        outcome = self.outcomes.pop(0) if self.outcomes else agent.Answer(text="one", value=1, kind="number")
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    @property
    def last(self) -> agent.Request:
        return self.requests[-1]


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> ScriptedAgent:
    fake = ScriptedAgent()
    monkeypatch.setattr(agent, "answer", fake)
    return fake


@pytest.fixture
def bare_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A terminal-like shell of its own, in a folder without settings."""
    monkeypatch.chdir(tmp_path)
    quiet = Config()
    quiet.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance(config=quiet, ipython_dir=str(tmp_path / "ipython"))
    yield shell
    if "qwen_magics" in shell.extension_manager.loaded:
        shell.run_line_magic("unload_ext", "qwen_magics")
    InteractiveShell.clear_instance()
    # At exit each shell would be reset with a garbage collection: minutes for as many as there are here.
    atexit.unregister(shell.atexit_operations)
    config.reset()


@pytest.fixture
def shell(bare_shell: InteractiveShell) -> InteractiveShell:
    bare_shell.run_line_magic("load_ext", "qwen_magics")
    return bare_shell


@pytest.fixture
def published(shell: InteractiveShell) -> list[dict[str, Any]]:
    """Makes `shell` a notebook's and returns what it publishes."""
    shell.kernel = object()  # how a kernel's shell is told from a terminal's
    shell.display_pub = CapturingDisplayPublisher()
    outputs: list[dict[str, Any]] = shell.display_pub.outputs
    return outputs
