"""A run that goes on from a step of another: the steps before come from that trace, the model does the rest.

The step's program, edited or not, stands where the model's would: it is checked, run and reviewed as one, and
what is wrong with it goes back to the model. Calls before it are made again, if they only read: queries need
the tables that they returned, and a trace holds no more than their first rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qwen_magics.agent.formats.call import Call
from qwen_magics.agent.loop import Attempt, QueryLoop
from qwen_magics.errors import ConfigError, QueryError, TraceError
from qwen_magics.trace.details import language_of, program_of
from qwen_magics.trace.outline import Step, steps
from qwen_magics.trace.replay import data_drift

if TYPE_CHECKING:
    from qwen_magics.agent.prompts import Language
    from qwen_magics.tools.registry import Tool
    from qwen_magics.trace import Span, Trace

__all__ = ["Resumed", "resumed"]

_LANGUAGES = ("sql", "python")


@dataclass(frozen=True, slots=True)
class Resumed:
    """Where a run begins.

    Attributes:
        trace, step: the run that it goes on from, and that run's step.
        program: what is run in the step's place; empty for a call.
        arguments: of the call that is made in the step's place; None for a program.
        edited: it is not what was recorded.
    """

    trace: Trace
    step: Step
    program: str = ""
    arguments: Mapping[str, Any] | None = None
    edited: bool = False

    @property
    def language(self) -> str:
        """`sql` or `python`; empty for a call."""
        return _language(self.step.span) if self.program else ""

    @property
    def parameters(self) -> dict[str, Any]:
        """What the new trace says of its origin."""
        program = "edited" if self.edited else "as recorded"
        return {
            "resumed_run": self.trace.trace_id,
            "resumed_step": self.step.number,
            "resumed_with": program,
        }

    def told(self, data: Sequence[Mapping[str, Any]]) -> str:
        """The origin in a line; `data` are the tables of now, as an envelope lists them."""
        changed = ", ".join(change.what for change in data_drift(self.trace, data))
        parts = (
            f"run {self.trace.trace_id[:8]}, step {self.step.number}",
            self.edited and f"with other {'arguments' if self.arguments is not None else 'code'}",
            changed and f"{changed} changed since then",
        )
        return ", ".join(part for part in parts if part)

    def begin(self, loop: QueryLoop) -> QueryLoop:
        """The loop with the program as the model's first, if it is one of its language."""
        if self.language != loop.language.name:
            return loop
        return replace(loop, given=self.program, failed=tuple(self._failed(loop.language)))

    def _failed(self, language: Language) -> Iterator[Attempt]:
        """Programs of the steps before that failed: the model is not to write them again."""
        for step in self._before():
            error, code = step.span.error, program_of(step.span.data)
            if error and _language(step.span) == language.name and code != self.program:
                problem = QueryError(error["type"], error["message"], error["hint"])
                yield Attempt(code, None, (problem,), language)

    def calls(self, tools: Sequence[Tool]) -> tuple[list[Call], Call | None]:
        """The calls before the step that went well, and the step's own if it is one.

        Raises:
            TraceError: one of them is to a tool that is not there.
        """
        before = [_call(s.span, tools) for s in self._before() if _is_call(s.span) and s.span.status == "ok"]
        own = None if self.arguments is None else _call(self.step.span, tools, self.arguments)
        return before, own

    def _before(self) -> list[Step]:
        return [s for s in steps(self.trace) if s.number is not None and s.number < (self.step.number or 0)]


def resumed(trace: Trace, number: int, program: str = "") -> Resumed:
    """Where a run that goes on from step `number` of `trace` begins.

    Args:
        program: what stands in the place of the step's own program, or of its arguments as JSON.

    Raises:
        TraceError: no run can go on from that step.
        ConfigError: arguments that are no JSON object.
    """
    able = [step for step in steps(trace) if step.number is not None and _can_begin(step.span)]
    step = next((step for step in able if step.number == number), None)
    if step is None:
        there = ", ".join(str(step.number) for step in able)
        known = f"Steps that can be: {there}." if there else "The run has no step that can be."
        msg = f"Step {number} of this run is no program and no call to go on from. {known}"
        raise TraceError(msg)
    if _is_call(step.span):
        return _resumed_call(trace, step, program)
    own = program_of(step.span.data).strip()
    code = program.strip().rstrip(";").rstrip() or own
    return Resumed(trace, step, code, edited="".join(code.split()) != "".join(own.split()))


def _resumed_call(trace: Trace, step: Step, text: str) -> Resumed:
    own = dict(step.span.data["arguments"])
    if not text.strip():
        return Resumed(trace, step, arguments=own)
    try:
        arguments = json.loads(text)
    except ValueError as error:
        msg = f"The arguments of step {step.number} cannot be read as JSON: {error}."
        raise ConfigError(msg) from error
    if not isinstance(arguments, dict):
        msg = f"The arguments of step {step.number} must be a JSON object, such as {json.dumps(own)}."
        raise ConfigError(msg)
    return Resumed(trace, step, arguments=arguments, edited=arguments != own)


def _can_begin(span: Span) -> bool:
    return _is_call(span) or (span.kind in ("tool", "check") and _language(span) in _LANGUAGES)


def _is_call(span: Span) -> bool:
    if span.kind != "tool" or program_of(span.data) or not span.data.get("tool"):
        return False
    return isinstance(span.data.get("arguments"), Mapping)


def _language(span: Span) -> str:
    """Of the span's program; empty where it has none, or is the check of a call."""
    if not program_of(span.data) or (span.kind == "check" and span.data.get("subject") not in _LANGUAGES):
        return ""
    return language_of(span.data)


def _call(span: Span, tools: Sequence[Tool], arguments: Mapping[str, Any] | None = None) -> Call:
    name = str(span.data.get("tool"))
    tool = next((tool for tool in tools if tool.full_name == name), None)
    if tool is None:
        msg = f"There is no tool {name} here: register its API, or run the cell that defines it with @tool."
        raise TraceError(msg)
    return Call(tool.name, dict(span.data["arguments"]) if arguments is None else arguments)
