"""Runs the steps of a recorded run again, on the data of now, with or without the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace as changed
from typing import TYPE_CHECKING, Any

from qwen_magics.agent.asking import answer
from qwen_magics.agent.events import Listener
from qwen_magics.agent.request import Limits, Request
from qwen_magics.agent.session import Session, session
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import QwenMagicsError, TraceError
from qwen_magics.tools.registry import tool_of
from qwen_magics.trace.replay import Replay, StepRunner, data_drift, replay, token_changes

if TYPE_CHECKING:
    from qwen_magics.tools.frames import FrameDatabase
    from qwen_magics.trace import Span, Trace

__all__ = ["replay_run"]


def replay_run(
    trace: Trace,
    namespace: Mapping[str, Any],
    *,
    model: bool = False,
    listener: Listener = lambda _: None,
    runners: Mapping[str, StepRunner] | None = None,
    within: Session = session,
) -> Replay:
    """Run the tool steps of `trace` again with the variables of `namespace`.

    Args:
        model: ask the model again as well, with the recorded parameters and seed, and compare its tokens.
        runners: how to run the steps of further tools, by the tool's name.

    Raises:
        UnsupportedDataError: a variable of a recorded name is no table any more.
        QwenMagicsError: with `model`, what `ask` raises where nothing was recorded.
    """
    frames = {name: namespace[name] for name in _names(trace) if name in namespace}
    with ExitStack() as stack:
        database = stack.enter_context(_database(frames)) if frames else None
        drift = data_drift(trace, database.fingerprints() if database else [])
        own = {"sql": lambda span: _query(span, trace, database)}
        found = replay(trace, _chosen({**own, **(runners or {})}, namespace), drift)
    return _with_model(found, frames, listener, within) if model else found


def _names(trace: Trace) -> list[str]:
    return [str(table.get("name")) for table in trace.data]


def _database(frames: Mapping[str, Any]) -> FrameDatabase:
    from qwen_magics.tools.frames import FrameDatabase

    return FrameDatabase(frames)


def _chosen(runners: Mapping[str, StepRunner], namespace: Mapping[str, Any]) -> StepRunner:
    def run(span: Span) -> Mapping[str, Any]:
        tool = str(span.data.get("tool") or span.name)
        if tool in runners:
            return runners[tool](span)
        return _called(tool, span, namespace)

    return run


def _query(span: Span, trace: Trace, database: FrameDatabase | None) -> Mapping[str, Any]:
    missing = [name for name in _names(trace) if database is None or name not in database.names]
    if database is None or missing:
        msg = (
            f"There is no variable {', '.join(missing) or 'for its tables'} here: run the cells that make it."
        )
        raise TraceError(msg)
    if span.data.get("dialect"):
        msg = f"It ran on a {span.data['dialect']} connection; only queries over variables are run again."
        raise TraceError(msg)
    result = database.run(str(span.data["sql"]))
    recorded = span.data.get("user_view")
    rows = len(recorded["rows"]) if isinstance(recorded, Mapping) and "rows" in recorded else 20
    return {
        "rows": result.rows,
        "columns": [str(column) for column in result.frame.columns],
        "user_view": result.preview(max(rows, 1)),
    }


def _called(tool: str, span: Span, namespace: Mapping[str, Any]) -> Mapping[str, Any]:
    """A read-only function of the notebook, called with the recorded arguments."""
    function = namespace.get(tool)
    if span.data.get("http") or not callable(function):
        msg = f"The tool {tool} cannot be run again from here."
        raise TraceError(msg)
    if tool_of(function).effect != "read":
        msg = f"The tool {tool} writes, and a replay only reads."
        raise TraceError(msg)
    return {"user_view": _shown(function, span)}


def _shown(function: Callable[..., Any], span: Span) -> Any:
    try:
        value = function(**span.data.get("arguments", {}))
    except Exception as error:  # whatever the user's function raises
        msg = f"It failed now: {type(error).__name__}: {error}"
        raise TraceError(msg) from error
    # A result is recorded as a text or as a number; a text that held a number is compared as such.
    return str(value) if isinstance(span.data.get("user_view"), str) else value


def _with_model(found: Replay, frames: Mapping[str, Any], listener: Listener, within: Session) -> Replay:
    again = _asked_again(found.trace, frames, listener, within)
    return changed(
        found, tokens=token_changes(found.trace, again), remarks=tuple(_remarks(found.trace, again))
    )


def _asked_again(trace: Trace, frames: Mapping[str, Any], listener: Listener, within: Session) -> Trace:
    try:
        result = answer(_request(trace, frames), listener, within).trace
    except QwenMagicsError as error:
        if error.trace is None:
            raise
        result = error.trace
    assert result is not None  # the request asks for one
    return result


def _request(trace: Trace, frames: Mapping[str, Any]) -> Request:
    recorded = trace.parameters
    limits = {
        key: recorded[key] for key in ("steps", "tokens", "seconds", "query_seconds") if key in recorded
    }
    seed = recorded.get("seed")
    return Request(
        question=trace.question,
        frames=frames,
        model=str(trace.model.get("id") or "") or None,
        format=recorded.get("format", "auto"),
        limits=Limits(**limits, rows=recorded.get("rows")),
        params=SamplingParams(
            temperature=float(recorded.get("temperature") or 0.0), seed=None if seed is None else int(seed)
        ),
    )


def _remarks(then: Trace, now: Trace) -> list[str]:
    remarks = []
    for key, what in (
        ("sha256", "weights"),
        ("quantisation", "quantisation"),
        ("provider", "provider"),
    ):
        if then.model.get(key) != now.model.get(key):
            old, new = (str(side.model.get(key) or "unknown")[:16] for side in (then, now))
            remarks.append(f"The {what} differ: {old} then, {new} now. Tokens can differ for that alone.")
    if then.parameters.get("temperature") and then.parameters.get("seed") is None:
        remarks.append("The run drew a random seed that was not kept, so its tokens are not repeatable.")
    return remarks
