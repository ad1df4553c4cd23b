"""The magics with real weights: an answer, a stop in the middle, and another answer after it."""

from __future__ import annotations

import _thread
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from qwen_magics import agent
from qwen_magics.trace.outline import steps

pytestmark = pytest.mark.model

TRACE = "application/vnd.qwen-magics.trace.v1+json"


@pytest.fixture
def ready(shell: InteractiveShell, coder_05b: Path) -> Iterator[InteractiveShell]:
    shell.user_ns["orders"] = pd.DataFrame({"id": range(5), "customer": ["a", None, "b", None, "c"]})
    assert shell.run_cell("%config QwenMagics.provider = 'cpu'").success
    assert shell.run_cell("%qwen use qwen2.5-coder-0.5b").success
    yield shell
    agent.session.unload()


def interrupt_when_writing(monkeypatch: pytest.MonkeyPatch) -> list[threading.Timer]:
    """Presses the stop button 50 ms after the first piece of text."""
    timers: list[threading.Timer] = []
    answer = agent.answer

    def watched(request: Any, listener: Any) -> Any:
        def on_event(event: agent.Event) -> None:
            listener(event)
            if event.kind == "text" and not timers:
                timers.append(threading.Timer(0.05, _thread.interrupt_main))
                timers[0].start()

        return answer(request, on_event)

    monkeypatch.setattr(agent, "answer", watched)
    return timers


def test_answer_stop_answer(
    ready: InteractiveShell, published: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ready.run_cell("%qwen reset").success
    assert ready.run_cell(
        "%%qwen -o missing --format number\nhow many rows of @orders have no customer?"
    ).success
    assert ready.user_ns["missing"] == 2
    assert published[-1]["data"][TRACE]["status"] == "ok"

    with monkeypatch.context() as patch:
        timers = interrupt_when_writing(patch)
        stopped = ready.run_cell("%qwen write a long poem about the sea, at least forty lines")
        assert timers, "the model wrote nothing"
        timers[0].join()
    assert isinstance(stopped.error_in_exec, UsageError)
    assert str(stopped.error_in_exec) == "Stopped."
    trace = published[-1]["data"][TRACE]
    assert trace["status"] == "cancelled"
    assert any(span["kind"] == "llm" and span["data"].get("completion") for span in trace["spans"])

    again = ready.run_cell("rows = %qwen --format number how many rows are in @orders?")
    assert again.success, again.error_in_exec
    assert ready.user_ns["rows"] == 5

    # Weights, prompt and parameters are the same, so are the tokens; the stopped run counts as one, too.
    assert ready.run_cell("%qwen replay 3 --model").success
    shown = published[-1]["data"]["text/plain"]
    assert "1 tool step: 1 same; on the same data." in shown
    completions = sum(span["kind"] == "llm" for span in agent.session.runs.find("3").to_dict()["spans"])
    assert f"Completions with the same tokens: {completions} of {completions}." in shown

    # Another program in the place of its own, with a column that is not there: the model mends it.
    step = next(step.number for step in steps(agent.session.runs.find("1")) if step.span.name == "sql")
    edited = "SELECT count(*) AS n FROM orders WHERE custmer IS NULL"
    assert ready.run_cell(f"%%qwen replay 1 --from {step} --continue\n{edited}").success
    trace = published[-1]["data"][TRACE]
    assert trace["parameters"]["resumed_step"] == step
    names = [span["name"] for span in trace["spans"]]
    assert names[:4] == ["answer", "go on from a step", "bind query", "retry"]
    assert names[4] == "write query" and names[-1] == "sql"
    assert trace["spans"][-1]["data"]["user_view"]["rows"] == [[ready.user_ns["_qwen"].value]]
