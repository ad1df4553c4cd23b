"""Questions, stops and mistakes in a real kernel with the real 0.5B."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.kernel.conftest import Kernel

pytestmark = pytest.mark.model

Start = Callable[..., Kernel]
TRACE = "application/vnd.qwen-magics.trace.v1+json"
DATA = """
import pandas as pd
orders = pd.DataFrame({"customer": ["Ada", "Grace", "Ada"], "total": [10.0, 20.0, 30.0]})
"""
QUESTION = "%qwen How many rows are in @orders?"


@pytest.fixture(scope="module")
def kernel(start_kernel: Start, coder_05b: Path) -> Kernel:
    kernel = start_kernel()
    kernel.run(DATA)
    assert kernel.run("%qwen use qwen2.5-coder-0.5b").status == "ok"
    return kernel


def test_a_question_ends_with_one_output_that_holds_answer_and_trace(kernel: Kernel) -> None:
    ran = kernel.run("%%qwen -o rows\nHow many rows are in @orders?")
    assert ran.status == "ok" and ran.error == ""
    assert set(ran.shown) == {TRACE, "text/html", "text/markdown", "text/plain"}
    assert ran.shown[TRACE]["status"] == "ok"
    assert ran.shown["text/plain"].splitlines()[0] == "3"
    assert kernel.run("assert rows == 3, rows").status == "ok"


def test_the_query_is_streamed_while_it_is_written(kernel: Kernel) -> None:
    # Long, and asked for the first time: a query that was written before is there at once.
    ran = kernel.run(
        "%qwen Which customer and total have the @orders over 15? Sort them by total, then customer"
    )
    seen = [shown.get("text/plain", "") for shown in ran.displays[:-1]]
    assert any("Writing a query" in text for text in seen)
    assert any("SELECT" in text for text in seen)


def test_nothing_is_written_to_stderr_on_a_machine_without_gpu(kernel: Kernel) -> None:
    assert kernel.run(QUESTION).text == ""


def stopped_at(kernel: Kernel, code: str, phase: str) -> Any:
    ran = kernel.run(code, interrupt_when=lambda shown: phase in shown.get("text/plain", ""))
    assert ran.status == "error", "the stop came too late to be tested"
    assert "Stopped" in ran.text + ran.error
    assert "Traceback" not in ran.text
    return ran


WIDE = "%qwen What are the averages of measure_1 to measure_30 in @wide?"


@pytest.mark.parametrize(
    ("phase", "question"),
    [
        ("Reading", WIDE),
        # Beside the tables of a question the model is loaded unseen; without any, it is waited for.
        ("Loading", "%qwen Explain what a left join is, in ten sentences."),
        ("Writing a query", WIDE),
        ("SELECT", WIDE),
    ],
)
def test_a_stop_in_any_phase_leaves_a_usable_kernel(kernel: Kernel, phase: str, question: str) -> None:
    # A long prompt that no cache holds, and a model that is not loaded, so that there is time to stop in
    # each phase.
    kernel.run("%qwen unload")
    kernel.run('wide = pd.DataFrame({f"measure_{i}": [float(i), None] for i in range(60)})')
    ran = stopped_at(kernel, question, phase)
    if TRACE in ran.shown:
        assert ran.shown[TRACE]["status"] == "cancelled"
    again = kernel.run(QUESTION)
    assert again.status == "ok" and again.shown["text/plain"].splitlines()[0] == "3"


def test_a_runaway_query_can_be_stopped(kernel: Kernel) -> None:
    code = """
import _thread
import threading
from qwen_magics.tools.frames import FrameDatabase
big = pd.DataFrame({"n": range(200_000)})
threading.Timer(2, _thread.interrupt_main).start()
with FrameDatabase({"big": big}) as database:
    database.run("SELECT count(*) FROM big AS a, big AS b WHERE a.n * b.n % 7 = 3")
"""
    ran = kernel.run(code)
    assert ran.error.startswith("KeyboardInterrupt")
    assert kernel.run(QUESTION).status == "ok"


@pytest.mark.parametrize(
    ("question", "fix"),
    [
        ("%qwen How many rows are in @ordres?", "@orders"),
        ("%qwen --fromat table How many rows are in @orders?", "--format"),
        ("%qwen -m qwen2.5-codr-0.5b How many rows are in @orders?", "qwen2.5-coder-0.5b"),
        ("%qwen", "%qwen how many"),
        ("%qwen What is {{orders.totals}}?", "orders.totals"),
        ("%qwen How many rows are in @pd?", "@pd"),
    ],
)
def test_a_mistake_gets_one_line_with_the_fix(kernel: Kernel, question: str, fix: str) -> None:
    ran = kernel.run(question)
    said = ran.text + ran.error
    assert ran.status == "error" and "Traceback" not in said
    assert fix in said
    assert len([line for line in ran.text.splitlines() if line.strip()]) <= 1
    assert kernel.run("1 + 1").status == "ok"


def test_a_question_longer_than_the_context_is_refused_with_the_numbers(kernel: Kernel) -> None:
    kernel.run('long = "word " * 40_000')
    ran = kernel.run("%qwen Summarise for @orders: {{long}}")
    assert ran.status == "error"
    assert "32,768" in ran.text + ran.error
    assert kernel.run(QUESTION).status == "ok"


def test_braces_and_dollars_reach_the_model_unchanged(kernel: Kernel) -> None:
    question = 'Is {"a": {"b": $HOME}} in @orders? Use $total and {x}.'
    ran = kernel.run(f"%%qwen --dry-run\n{question}")
    assert question.replace("@orders", "orders") in ran.shown["text/plain"]


def test_two_kernels_answer_at_the_same_time(start_kernel: Start, kernel: Kernel) -> None:
    other = start_kernel()
    other.run(DATA + "%qwen use qwen2.5-coder-0.5b")
    # Both are asked before either has answered.
    sent = kernel.start(QUESTION)
    assert other.run(QUESTION).shown["text/plain"].splitlines()[0] == "3"
    assert kernel.result(sent).shown["text/plain"].splitlines()[0] == "3"
