"""What every view says, before it is drawn: the answer, one line about the run, its steps as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qwen_magics.trace.escape import one_line
from qwen_magics.trace.spans import Span, Trace
from qwen_magics.trace.table import TableView, count, shape, table_view

__all__ = [
    "GLYPHS",
    "KINDS",
    "AnswerView",
    "Step",
    "answer_view",
    "current",
    "doing",
    "failure",
    "metrics",
    "seconds",
    "steps",
]

GLYPHS = {"ok": "✓", "error": "✗", "cancelled": "■", "denied": "⊘", "truncated": "…", "running": "▸"}
KINDS = {
    "agent": "run",
    "llm": "model",
    "tool": "tool",
    "check": "check",
    "approval": "approval",
    "retry": "retry",
}
_REAL_STEPS = ("llm", "tool", "check", "approval")


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The answer; `step` is the number of the step that produced it."""

    kind: str
    text: str
    code: str
    table: TableView | None
    step: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """One span in its place.

    Attributes:
        number: counts what was done, in order; None for a run inside a run and for retries.
        depth: 0 at the top.
        offset, share: where its time lies in the run's, each 0 to 1.
        repaired_by: number of the later step that succeeded where this one failed.
        said: a retry whose reason is the error of the step before it.
    """

    span: Span
    number: int | None
    depth: int
    offset: float
    share: float
    repaired_by: int | None
    said: bool = False

    @property
    def facts(self) -> str:
        """The few figures that a line about it shows, such as `812 tokens in, 41 out`."""
        facts = _FACTS[self.span.kind](self.span.data) if self.span.kind in _FACTS else []
        if self.span.attempt > 1 and self.span.kind != "retry":
            facts.insert(0, f"attempt {self.span.attempt}")
        return ", ".join(facts)


def steps(trace: Trace) -> list[Step]:
    """All spans in the order of the tree. A single run at the top is left out: its parts are the steps."""
    placed = list(_walk(trace))
    numbers: dict[str, int] = {}
    for span, _ in placed:
        if span.kind in _REAL_STEPS:
            numbers[span.span_id] = len(numbers) + 1
    repairs = _repairs([span for span, _ in placed])
    begin, length = _window(trace)
    result: list[Step] = []
    for span, depth in placed:
        said = span.kind == "retry" and bool(result) and _is_reason(result[-1].span, span)
        offset = min(1.0, max(0.0, _moment(span.started_at, begin) - begin) / length)
        share = min(1.0 - offset, span.seconds / length)
        repaired = numbers.get(repairs.get(span.span_id, ""))
        result.append(Step(span, numbers.get(span.span_id), depth, offset, share, repaired, said))
    return result


def answer_view(trace: Trace) -> AnswerView | None:
    """The answer with its table: the answer's own, or that of the step that ran its program."""
    if trace.answer is None:
        return None
    text, code = (str(trace.answer.get(key) or "") for key in ("text", "code"))
    source = _evidence(trace, code)
    preview = trace.answer.get("preview") or (source.span.data.get("user_view") if source else None)
    kind = str(trace.answer.get("kind") or "text")
    return AnswerView(kind, text, code, table_view(preview), source.number if source else None)


def failure(trace: Trace) -> Mapping[str, str] | None:
    """What ended the run: the error that it ended with, or that of the last step that failed."""
    if trace.status not in ("error", "truncated", "denied"):
        return None
    if trace.error:
        return trace.error
    errors = [span for span in trace.spans if span.error]
    run = next((span for span in errors if span.kind == "agent"), None)
    return (run or errors[-1]).error if errors else None


def metrics(trace: Trace) -> list[str]:
    """Steps, seconds, tokens, speed, model: the parts of the summary line that are there."""
    totals = trace.totals
    tokens = totals.get("tokens") or {}
    done = int(totals.get("steps") or 0)
    parts = [count(done, "step"), seconds(totals.get("seconds") or 0.0)]
    if tokens.get("prompt") or tokens.get("output"):
        parts.append(_tokens(tokens))
    if totals.get("tokens_per_second"):
        parts.append(f"{totals['tokens_per_second']:.0f} tokens/s")
    model = " ".join(str(trace.model[key]) for key in ("id", "quantisation") if trace.model.get(key))
    if trace.model.get("provider"):
        model = f"{model} on {trace.model['provider']}" if model else str(trace.model["provider"])
    return [one_line(part, 120) for part in (*parts, model) if part]


def doing(trace: Trace) -> str:
    """What a running trace is at, such as `Write query (attempt 2)…`."""
    span = current(trace)
    if span is None or span.kind == "agent":
        return "Working…"
    name = one_line(span.name, 80)
    again = f" (attempt {span.attempt})" if span.attempt > 1 else ""
    return f"{name[:1].upper()}{name[1:]}{again}…"


def current(trace: Trace) -> Span | None:
    """The innermost span under way."""
    return next((span for span in reversed(trace.spans) if span.status == "running"), None)


def seconds(value: float) -> str:
    """A duration with about three digits.

    >>> seconds(0.0042), seconds(3.456), seconds(187)
    ('4 ms', '3.46 s', '3 min 7 s')
    """
    if value < 0.0005:
        return "<1 ms"
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    if value < 99.95:
        return f"{value:.3g} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes:,} min {rest} s"


def _walk(trace: Trace) -> Iterator[tuple[Span, int]]:
    # A stack of its own: a trace may be nested deeper than Python calls may be.
    children: dict[str | None, list[Span]] = {}
    known = {span.span_id for span in trace.spans}
    for span in trace.spans:
        children.setdefault(span.parent_id if span.parent_id in known else None, []).append(span)
    top = children.get(None, [])
    if len(top) == 1 and top[0].kind == "agent":
        top = children.get(top[0].span_id, [])
    stack = [(span, 0) for span in reversed(top)]
    while stack:
        span, depth = stack.pop()
        yield span, depth
        stack.extend((child, depth + 1) for child in reversed(children.get(span.span_id, [])))


def _is_reason(failed: Span, retry: Span) -> bool:
    return failed.error is not None and failed.error.get("message", "") in str(retry.data.get("reason", ""))


def _repairs(spans: list[Span]) -> dict[str, str]:
    """For each failed span the next one of its kind, with a later attempt, that went well."""
    found: dict[str, str] = {}
    latest: dict[str, Span] = {}
    for span in reversed(spans):
        if span.status == "ok":
            latest[span.kind] = span
        elif span.status == "error":
            good = latest.get(span.kind) or latest.get("tool")
            if good is not None and good.attempt > span.attempt:
                found[span.span_id] = good.span_id
    return found


def _evidence(trace: Trace, code: str) -> Step | None:
    tools = [s for s in steps(trace) if s.span.kind == "tool" and s.span.status == "ok"]
    same = [s for s in tools if code and s.span.data.get("sql", s.span.data.get("code")) == code]
    return same[-1] if same else None


def _window(trace: Trace) -> tuple[float, float]:
    begin = _moment(trace.started_at, 0.0)
    ends = [_moment(span.started_at, begin) + span.seconds for span in trace.spans]
    length = max([trace.totals.get("seconds") or 0.0, *(end - begin for end in ends)], default=0.0)
    return begin, length if length > 0 else 1.0


def _moment(text: str, default: float) -> float:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError, OSError):
        return default


def _tokens(tokens: Mapping[str, Any]) -> str:
    prompt, cached, output, forced = (
        int(tokens.get(k) or 0) for k in ("prompt", "cached", "output", "forced")
    )
    inside = f"{prompt:,} tokens in" + (f" ({cached:,} cached)" if cached else "")
    return f"{inside}, {output:,} out" + (f" ({forced:,} forced)" if forced else "")


def _llm_facts(data: Mapping[str, Any]) -> list[str]:
    usage = data.get("usage")
    facts = [_tokens(usage)] if isinstance(usage, Mapping) and _countable(usage) else []
    reason = data.get("finish_reason")
    return [*facts, "stopped at the token limit"] if reason == "length" else facts


def _countable(usage: Mapping[str, Any]) -> bool:
    return all(isinstance(usage.get(k) or 0, (int, float)) for k in ("prompt", "cached", "output", "forced"))


def _tool_facts(data: Mapping[str, Any]) -> list[str]:
    rows, columns = data.get("rows"), data.get("columns")
    size = shape(rows, len(columns) if isinstance(columns, (list, tuple)) else None)
    facts = [size] if size else []
    approval = data.get("approval")
    return [*facts, *([one_line(approval, 40)] if approval and approval != "not needed" else [])]


def _check_facts(data: Mapping[str, Any]) -> list[str]:
    result = data.get("result")
    return [one_line(result, 80)] if result and result != "ok" else []


def _approval_facts(data: Mapping[str, Any]) -> list[str]:
    return [one_line(data[key], 60) for key in ("approval", "reason") if data.get(key)]


def _retry_facts(data: Mapping[str, Any]) -> list[str]:
    return [one_line(data["reason"], 300)] if data.get("reason") else []


_FACTS = {
    "llm": _llm_facts,
    "tool": _tool_facts,
    "check": _check_facts,
    "approval": _approval_facts,
    "retry": _retry_facts,
}
