"""Runs a recorded run again, on the data of now: without the model, with it, or with it from a step on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as changed
from typing import TYPE_CHECKING, Any

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.asking import answer
from qwen_magics.agent.calling.approvals import Approval, Approver, Decision, Policy, ask_person
from qwen_magics.agent.events import Listener
from qwen_magics.agent.fixing import FIX
from qwen_magics.agent.replay.replay_steps import StepReplayer, recorded_frames
from qwen_magics.agent.replay.resuming import resumed
from qwen_magics.agent.request import Limits, Request
from qwen_magics.agent.session import Session, session
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import QwenMagicsError, TraceError
from qwen_magics.tools.registry import Tool, marked
from qwen_magics.trace.replay import Replay, data_drift, replay, token_changes

if TYPE_CHECKING:
    from qwen_magics.tools.metrics.metric import Metric
    from qwen_magics.trace import Trace

__all__ = ["replay_run", "resume_run"]


def replay_run(
    trace: Trace,
    namespace: Mapping[str, Any],
    *,
    model: bool = False,
    start: int | None = None,
    program: str = "",
    listener: Listener = lambda _: None,
    within: Session = session,
) -> Replay:
    """Run the tool steps of `trace` again with the variables of `namespace` and what is registered now.

    Args:
        model: ask the model again as well, with the recorded parameters and seed, and compare its tokens.
        start: number of the step to begin with; all of them if None.
        program: what step `start` runs instead of its own, confined in the same way.

    Raises:
        TraceError: there is no such step.
        UnsupportedDataError: a variable of a recorded name is no table any more.
        QwenMagicsError: with `model`, what `ask` raises where nothing was recorded.
    """
    registered = _registered(within)
    with StepReplayer(trace, namespace, registered) as steps:
        found = replay(trace, steps.run, data_drift(trace, steps.data()), start=start, program=program)
        frames = steps.frames
    if not model:
        return found
    if "resumed_run" in trace.parameters:
        whole = str(trace.parameters["resumed_run"])[:8]
        msg = f"The model did not begin this run, it went on from run {whole}: replay that one with --model."
        raise TraceError(msg)
    if trace.parameters.get("route") == FIX:
        msg = "This run repaired a cell: run that cell again and, if it fails, %qwen fix."
        raise TraceError(msg)
    tools = _offered(trace, [*marked(namespace.values()), *registered])
    again = _asked_again(_request(trace, frames, tools, tuple(within.toolbox.metrics)), listener, within)
    remarks = (*found.remarks, *_remarks(trace, again))
    return changed(found, tokens=token_changes(trace, again), remarks=remarks)


def resume_run(
    trace: Trace,
    namespace: Mapping[str, Any],
    step: int,
    program: str = "",
    *,
    approver: Approver = ask_person,
    link: str = "",
    listener: Listener = lambda _: None,
    within: Session = session,
) -> Answer:
    """Go on from a step of `trace` to an answer and a trace of its own, on the variables of `namespace`.

    Args:
        step: its number. Its program runs first, and what comes after it is the model's.
        program: what runs in its place; for a call the arguments, as JSON.
        approver: decides over calls that change something; see `ask`.
        link: see `Request`.

    Raises:
        TraceError: no run can go on from there, or a variable or tool of the run is not here.
        ConfigError: arguments that are no JSON object.
        QwenMagicsError: what `ask` raises.
    """
    origin = resumed(trace, step, program)
    tools = _offered(trace, [*marked(namespace.values()), *_registered(within)])
    origin.calls(tools)  # whether they are all here is said before anything is read
    request = _request(trace, recorded_frames(trace, namespace), tools, tuple(within.toolbox.metrics))
    # The session's model: the recorded one may not be on this machine.
    begun = changed(request, model=None, resumed=origin, approve=Policy(), approver=approver, link=link)
    return answer(begun, listener, within)


def _registered(within: Session) -> list[Tool]:
    return [tool for source in within.toolbox.sources for tool in source.tools]


def _offered(trace: Trace, tools: list[Tool]) -> tuple[Tool, ...]:
    """The functions that the run called, and all operations of the APIs that it called one of."""
    called = {str(span.data.get("tool")) for span in trace.spans if span.kind in ("tool", "approval")}
    origins = {name.rpartition(".")[0] for name in called}
    chosen = [tool for tool in tools if tool.full_name in called or (tool.origin and tool.origin in origins)]
    return tuple({tool.full_name: tool for tool in chosen}.values())


def _asked_again(request: Request, listener: Listener, within: Session) -> Trace:
    try:
        result = answer(request, listener, within).trace
    except QwenMagicsError as error:
        if error.trace is None:
            raise
        result = error.trace
    assert result is not None  # the request asks for one
    return result


def _request(
    trace: Trace, frames: Mapping[str, Any], tools: tuple[Tool, ...], metrics: tuple[Metric, ...]
) -> Request:
    recorded = trace.parameters
    kept = ("steps", "tokens", "seconds", "query_seconds")
    limits = {key: recorded[key] for key in kept if key in recorded}
    seed = recorded.get("seed")
    return Request(
        question=trace.question,
        frames=frames,
        database=recorded.get("database") or None,
        model=str(trace.model.get("id") or "") or None,
        format=recorded.get("format", "auto"),
        route=recorded.get("route", "auto"),
        limits=Limits(**limits, rows=recorded.get("rows")),
        params=SamplingParams(
            temperature=float(recorded.get("temperature") or 0.0), seed=None if seed is None else int(seed)
        ),
        tools=tools,
        metrics=metrics,
        approve=Policy((("write", "deny"),)),
        approver=_only_reads,
    )


def _only_reads(approval: Approval) -> Decision:
    return Decision(False, "policy", "a replay only reads")


def _remarks(then: Trace, now: Trace) -> list[str]:
    remarks = []
    for key, what in (("sha256", "weights"), ("quantisation", "quantisation"), ("provider", "provider")):
        if then.model.get(key) != now.model.get(key):
            old, new = (str(side.model.get(key) or "unknown")[:16] for side in (then, now))
            remarks.append(f"The {what} differ: {old} then, {new} now. Tokens can differ for that alone.")
    if then.parameters.get("temperature") and then.parameters.get("seed") is None:
        remarks.append("The run drew a random seed that was not kept, so its tokens are not repeatable.")
    return remarks
