"""Approving, editing and refusing in a real kernel, through the channel that every frontend draws."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.kernel.conftest import Kernel, Ran

TRACE = "application/vnd.qwen-magics.trace.v1+json"
# A scripted model in the kernel's session; everything else is what a notebook has.
SETUP = """
from qwen_magics import agent, tool
from tests.scripted_model import ScriptedModel

kept = []

@tool(effect="write")
def add_note(order_id: int, text: str) -> int:
    "Add a note to an order."
    kept.append((order_id, text))
    return len(kept)

def scripted(*args, **kwargs):
    return ScriptedModel(['add_note(order_id=7, text="call Bob")'])

agent.session.model = scripted
"""
QUESTION = "%qwen -t add_note Add a note to order 7: call Bob"


@pytest.fixture(scope="module")
def prepared(start_kernel: Callable[..., Kernel]) -> Kernel:
    kernel = start_kernel()
    assert kernel.run(SETUP).status == "ok"
    return kernel


@pytest.fixture
def kernel(prepared: Kernel) -> Kernel:
    prepared.run("kept.clear()")
    return prepared


def kept(kernel: Kernel, expected: str) -> bool:
    return kernel.run(f"assert kept == {expected}, kept").status == "ok"


def approval(ran: Ran) -> dict[str, object]:
    spans = ran.shown[TRACE]["spans"]
    return dict(next(span for span in spans if span["kind"] == "approval"))


def test_yes_runs_it_after_showing_it(kernel: Kernel) -> None:
    ran = kernel.run_answering(QUESTION, "y")
    assert ran.status == "ok" and kept(kernel, "[(7, 'call Bob')]")
    assert ran.prompts == ["add_note: Run it? [y] yes, [n] no, [e] edit: "]
    shown = [shown for shown in ran.displays if "This would run" in shown.get("text/html", "")]
    assert "add_note(order_id=7, text=&quot;call Bob&quot;)" in shown[-1]["text/html"]
    assert approval(ran)["status"] == "ok"
    # What stays in the notebook is the answer, not the question.
    assert "This would run" not in ran.shown["text/html"]


def test_no_leaves_everything_as_it_was(kernel: Kernel) -> None:
    ran = kernel.run_answering(QUESTION, "n")
    assert ran.status == "error" and kept(kernel, "[]")
    assert "you refused it. Nothing was changed." in ran.text + ran.error
    assert "Traceback" not in ran.text
    assert ran.shown[TRACE]["status"] == "denied" and approval(ran)["status"] == "denied"


def test_an_edit_is_shown_again_before_it_runs(kernel: Kernel) -> None:
    ran = kernel.run_answering(QUESTION, "e", 'text="call Eve"', "y")
    assert ran.status == "ok" and kept(kernel, "[(7, 'call Eve')]")
    assert len(ran.prompts) == 3
    shown = [shown["text/html"] for shown in ran.displays if "This would run" in shown.get("text/html", "")]
    assert "call Bob" in shown[0] and "call Eve" in shown[-1]


def test_a_frontend_that_cannot_ask_denies(kernel: Kernel) -> None:
    ran = kernel.run_answering(QUESTION)
    assert ran.status == "error" and kept(kernel, "[]")
    assert "nobody can answer here" in ran.text + ran.error
    assert "--approve add_note=allow" in ran.text + ran.error


def test_a_rule_runs_it_where_nobody_can_be_asked(kernel: Kernel) -> None:
    ran = kernel.run_answering(QUESTION.replace("-t", "--approve add_note=allow -t"))
    assert ran.status == "ok" and kept(kernel, "[(7, 'call Bob')]")


def test_ask_in_python_asks_too(kernel: Kernel) -> None:
    code = "from qwen_magics import ask\nprint(ask('Add a note to order 7: call Bob', tools=[add_note]).text)"
    ran = kernel.run_answering(code, "y")
    assert kept(kernel, "[(7, 'call Bob')]") and "Done: add_note" in ran.text
    # Nothing was displayed before: the question holds all of it.
    assert ran.prompts[0].startswith('add_note(order_id=7, text="call Bob")\n\nRun it?')


def test_a_stop_at_the_question_changes_nothing(kernel: Kernel) -> None:
    request = kernel.start(QUESTION, allow_stdin=True)
    assert "Run it?" in kernel.prompt()
    kernel.manager.interrupt_kernel()
    ran = kernel.result(request)
    assert ran.status == "error" and "Stopped" in ran.text + ran.error
    assert kept(kernel, "[]")
    assert kernel.run_answering(QUESTION, "y").status == "ok"
