"""The tool steps of a run again, on the data of now: what each of them gives, and whether that is the same.

Knows no tool: the caller hands over a function that runs one step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Any

from qwen_magics.errors import QwenMagicsError, TraceError
from qwen_magics.trace.details import program_of
from qwen_magics.trace.diff import Change, result_changes
from qwen_magics.trace.outline import Step, steps
from qwen_magics.trace.plain import Plain
from qwen_magics.trace.spans import Span, Trace
from qwen_magics.trace.table import count, shape

__all__ = ["Replay", "ReplayedStep", "StepRunner", "data_drift", "replay", "token_changes"]

# Runs one tool step and returns the data that its span would hold now. It raises a TraceError where the step
# cannot be run again, and any other error of this package where it fails; the message says why.
StepRunner = Callable[[Span], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ReplayedStep:
    """One tool step, then and now.

    Attributes:
        outcome: `same`, `changed`, `failed` (now, not then) or `not run`.
        reason: why it failed or was not run; what limits the comparison.
        changes: what differs in the result.
    """

    step: Step
    outcome: str
    reason: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """A run, replayed.

    Attributes:
        trace: the run as it was recorded.
        drift: which data changed since then.
        steps: its tool steps; empty for a run that called none.
        tokens: what the model wrote otherwise, with `model=True`; None if it was not asked again.
        remarks: what else a reader must know, in sentences.
    """

    trace: Trace
    drift: tuple[Change, ...]
    steps: tuple[ReplayedStep, ...]
    tokens: tuple[Change, ...] | None = None
    remarks: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Every tool step was run and gave what it had given, and so did the model if it was asked."""
        return all(step.outcome == "same" for step in self.steps) and not self.tokens

    @property
    def headline(self) -> str:
        """One line: how many steps are the same, and whether the data are."""
        if not self.steps:
            return "This run called no tool, so there is nothing to run again."
        counts = {
            w: sum(s.outcome == w for s in self.steps) for w in ("same", "changed", "failed", "not run")
        }
        told = [f"{number} {word}" for word, number in counts.items() if number]
        return f"{count(len(self.steps), 'tool step')}: {', '.join(told)}{self._data}."

    @property
    def _data(self) -> str:
        if self.drift:
            return "; the data changed since then"
        known = [table.get("fingerprint") for table in self.trace.data]
        if not known:
            return ""
        return "; on the same data" if all(known) else "; a database keeps no fingerprint of its data"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from qwen_magics.trace.replay_views import replay_bundle

        return replay_bundle(self)


def replay(
    trace: Trace,
    run: StepRunner,
    drift: Sequence[Change] = (),
    *,
    start: int | None = None,
    program: str = "",
) -> Replay:
    """Run the tool steps of `trace` that went well, in order, and compare their results.

    Steps that failed then are not run again, and neither are those that wrote something.

    Args:
        start: number of the step to begin with. Calls before it are made all the same: queries read what they
            returned.
        program: what step `start` runs instead of its own.

    Raises:
        TraceError: there is no such tool step, or it has no program that could be replaced.
    """
    done = [step for step in steps(trace) if step.span.kind == "tool" and step.span.status == "ok"]
    if start is None:
        return Replay(trace, tuple(drift), tuple(_replayed(step, run) for step in done))
    first = _first(done, start)
    edited = _edited(first, program) if program.strip() else first
    chosen = [
        edited if step is first else step
        for step in done
        if (step.number or 0) >= start or not program_of(step.span.data)
    ]
    remark = f"From step {start} on{', with the program of this cell' if edited is not first else ''}."
    return Replay(trace, tuple(drift), tuple(_replayed(s, run) for s in chosen), remarks=(remark,))


def _first(done: Sequence[Step], start: int) -> Step:
    for step in done:
        if step.number == start:
            return step
    there = ", ".join(str(step.number) for step in done)
    known = f"Steps that can be run again: {there}." if there else "It has no step that can be run again."
    msg = f"Step {start} of this run is no tool step that went well. {known}"
    raise TraceError(msg)


def _edited(step: Step, program: str) -> Step:
    data = step.span.data
    key = "sql" if data.get("sql") else "code"
    if not program_of(data):
        msg = f"Step {step.number} is a call without a program: leave the cell's body out."
        raise TraceError(msg)
    if program.strip() == program_of(data).strip():
        return step
    return changed(step, span=changed(step.span, data={**data, key: program.strip()}))


def data_drift(trace: Trace, now: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """Which of the recorded tables have another shape or fingerprint now, or are gone."""
    current = {str(table.get("name")): table for table in now}
    changes = []
    for table in trace.data:
        name = str(table.get("name"))
        then, here = _described(table), _described(current[name]) if name in current else "not there"
        # Other versions of pandas may store other dtypes: then the fingerprint differs, and that is said.
        if table.get("fingerprint") is not None and then != here:
            changes.append(Change(name, then, here))
    return tuple(changes)


def token_changes(before: Trace, after: Trace) -> tuple[Change, ...]:
    """What the model wrote otherwise: completions that differ, by number, each after a prompt that did.

    Token ids are compared where both runs kept their digest, else the texts.
    """
    old, new = _completions(before), _completions(after)
    changes = []
    for number in range(max(len(old), len(new))):
        then, now = (side[number] if number < len(side) else {} for side in (old, new))
        if then.get("prompt") != now.get("prompt"):
            changes.append(_change(f"prompt {number + 1}", then.get("prompt"), now.get("prompt")))
        if not _same_tokens(then, now):
            changes.append(_change(f"completion {number + 1}", then.get("completion"), now.get("completion")))
    return tuple(changes)


def _change(what: str, then: object, now: object) -> Change:
    return Change(what, str(then or ""), str(now or ""))


def _completions(trace: Trace) -> list[Mapping[str, Any]]:
    return [span.data for span in trace.spans if span.kind == "llm"]


def _same_tokens(then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    digests = then.get("tokens_sha256"), now.get("tokens_sha256")
    if all(digests):
        return digests[0] == digests[1]
    return then.get("completion") == now.get("completion") and bool(then) == bool(now)


def _replayed(step: Step, run: StepRunner) -> ReplayedStep:
    data = step.span.data
    if data.get("effect") == "write":
        return ReplayedStep(step, "not run", "It writes, and a replay only reads.")
    if not (program_of(data) or data.get("tool")):
        return ReplayedStep(step, "not run", "The trace does not say what was run.")
    try:
        fresh = Plain().fields(run(step.span))
    except TraceError as error:
        return ReplayedStep(step, "not run", str(error))
    except QwenMagicsError as error:
        return ReplayedStep(step, "failed", f"{getattr(error, 'kind', type(error).__name__)}: {error}")
    changes = result_changes(data, {**{k: v for k, v in data.items() if k not in fresh}, **fresh})
    return ReplayedStep(step, "changed" if changes else "same", _limit(data), changes)


def _limit(data: Mapping[str, Any]) -> str:
    """What a comparison cannot see: rows that were not recorded."""
    view = data.get("user_view")
    rows = (
        len(view["rows"])
        if isinstance(view, Mapping) and isinstance(view.get("rows"), (list, tuple))
        else None
    )
    total = data.get("rows")
    if rows is None or not isinstance(total, int) or rows >= total:
        return ""
    return f"The first {rows:,} of {total:,} rows were recorded and compared."


def _described(table: Mapping[str, Any]) -> str:
    told = (shape(table.get("rows"), table.get("columns")), str(table.get("fingerprint") or ""))
    return ", ".join(part for part in told if part)
