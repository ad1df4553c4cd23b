"""The agent as a contestant: each question through `ask()`, measured from its trace."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evals.evidence import invented
from evals.outcome import Outcome
from evals.question import Category, Question
from evals.scoring import is_right
from evals.sources import Sources
from qwen_magics.agent import ask
from qwen_magics.agent.calling.approvals import Approval, Decision
from qwen_magics.agent.references import find_references
from qwen_magics.agent.session import session
from qwen_magics.config import override
from qwen_magics.errors import DeniedError, ToolError

if TYPE_CHECKING:
    from qwen_magics.agent import Answer
    from qwen_magics.trace import Trace

__all__ = ["Agent"]

_SHOWN = 400
# A call that the server or the policy refused is wrong, but no program that does not run.
_TOLD = (ToolError, DeniedError)


class Agent:
    """Asks with one model.

    Args:
        model: a catalogue name or a folder; loaded here, so that no question pays for it.

    Attributes:
        card: says which weights these are.
    """

    def __init__(self, model: str, seed: int = 0) -> None:
        self._model, self._seed = model, seed
        # What an earlier run left on the disk would make this one look faster than it is.
        override(saved_prompts_mb=0)
        self.card = session.model(model).card

    def answer(self, category: Category, question: Question, sources: Sources) -> Outcome:
        """Ask and score. The office is put back afterwards if a change was asked for."""
        tables = sources.tables(question.source)
        gold = question.gold(tables)
        started = time.perf_counter()
        answer: Answer | None = None
        failure: Exception | None = None
        try:
            answer = ask(question.text, model=self._model, seed=self._seed, **_data(question, sources))
        except Exception as error:
            # What is not of the package's own tree is a defect of it: counted, and seen in what is shown.
            failure = error
        seconds = time.perf_counter() - started
        declined = answer is not None and answer.value is None and not answer.code
        state = sources.tables(question.source) if question.source == "office" else None
        value = None if answer is None else answer.value
        right = failure is None and is_right(value, gold, declined, state, ordered=question.ordered)
        if state is not None and sources.office is not None and category == "api-write":
            sources.office.reset()
        trace = answer.trace if answer is not None else getattr(failure, "trace", None)
        written, failed, repaired = _counts(trace)
        text = answer.text if answer is not None else f"{type(failure).__name__}: {failure}"
        known = [*_names(tables), answer.code, *_reach(trace)] if answer is not None else []
        return Outcome(
            key=question.key,
            category=category,
            right=right,
            first_try=right and not repaired,
            declined=declined,
            runnable=failure is None or isinstance(failure, _TOLD),
            written=written,
            failed=failed,
            invented=() if answer is None else invented(text, question.text, value, known),
            seconds=round(seconds, 2),
            code=answer.code if answer is not None else _last_program(trace),
            shown=text[:_SHOWN],
        )


def _reach(trace: Any) -> list[str]:
    """From when to when the data goes, as queries found where the question asks for another time."""
    spans = [] if trace is None else trace.spans
    return [str(span.data.get("result", "")) for span in spans if span.name == "does the data reach it?"]


def _data(question: Question, sources: Sources) -> dict[str, Any]:
    if question.source == "library":
        return {"sql": str(sources.library)}
    if question.source == "wholesale":
        return {"sql": str(sources.wholesale)}
    if question.source == "office":
        return {"api": "office", "approver": _agree}
    tables = sources.tables(question.source)
    return {"data": {name: tables[name] for name in find_references(question.text)}}


def _agree(approval: Approval) -> Decision:
    return Decision(True, "user", "approved")


def _counts(trace: Trace | None) -> tuple[int, int, bool]:
    """Programs and calls that were tried, those that failed, whether anything was tried again."""
    if trace is None:
        return 0, 0, False
    bound = [span for span in trace.spans if span.kind == "check" and span.name.startswith("bind ")]
    ran = [span for span in trace.spans if span.kind == "tool"]
    failed = sum(span.status == "error" for span in (*bound, *ran))
    return len(bound), failed, any(span.kind == "retry" for span in trace.spans) or len(bound) > 1


def _last_program(trace: Trace | None) -> str:
    data = [span.data for span in trace.spans if span.kind == "check"] if trace is not None else []
    programs = [str(d.get("sql") or d.get("code") or "") for d in data]
    return next((program for program in reversed(programs) if program), "")


def _names(tables: Any) -> Sequence[object]:
    """Names and sizes of the tables, which a refusal lists."""
    found: list[object] = []
    for name, frame in tables.items():
        columns = len(frame.columns)
        found += [name, *frame.columns, columns, *range(1, columns)]
    return found
