"""What every view says, before it is drawn: the answer, one line about the run, its steps as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qwen_magics.trace.details import decision, exchanges, frame_changes, laid_out, language_of, program_of
from qwen_magics.trace.escape import one_line
from qwen_magics.trace.line_diff import line_diff
from qwen_magics.trace.spans import Span, Trace
from qwen_magics.trace.sql_layout import lay_out
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
    "repair_diff",
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
_MOST_READINGS = 8
_REAL_STEPS = ("llm", "tool", "check", "approval")
_CUT = {"length": "stopped at the token limit", "repetition": "stopped because it repeated itself"}


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The answer, its program laid out; `source` names the steps that produced it, empty if unknown.

    `readings` are how a question that fits several columns could be asked instead; `text` then asks which.
    """

    kind: str
    text: str
    code: str
    table: TableView | None
    source: str = ""
    language: str = "sql"
    readings: tuple[str, ...] = ()

    @property
    def is_program(self) -> bool:
        """The program itself was asked for: it is not shown twice."""
        return bool(self.code) and self.text.strip() == self.code.strip()


@dataclass(frozen=True, slots=True)
class Step:
    """One span in its place.

    Attributes:
        number: counts what was done, in order; None for a run inside a run and for retries.
        depth: 0 at the top.
        offset, share: where its time lies in the run's, each 0 to 1.
        repaired_by: number of the later step that succeeded where this one failed.
        repair: that later step itself.
        said: a retry whose reason is the error of the step before it.
        evidence: the answer comes from this step.
    """

    span: Span
    number: int | None
    depth: int
    offset: float
    share: float
    repaired_by: int | None
    repair: Span | None = None
    said: bool = False
    evidence: bool = False

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
    evidence = _evidence(trace)
    result: list[Step] = []
    for span, depth in placed:
        said = span.kind == "retry" and bool(result) and _is_reason(result[-1].span, span)
        offset = min(1.0, max(0.0, _moment(span.started_at, begin) - begin) / length)
        share = min(1.0 - offset, span.seconds / length)
        repair = repairs.get(span.span_id)
        result.append(
            Step(
                span,
                numbers.get(span.span_id),
                depth,
                offset,
                share,
                repaired_by=numbers.get(repair.span_id) if repair else None,
                repair=repair,
                said=said,
                evidence=span.span_id in evidence,
            )
        )
    return result


def answer_view(trace: Trace) -> AnswerView | None:
    """The answer with its table: the answer's own, or that of the step that ran its program."""
    if trace.answer is None:
        return None
    text, code = (str(trace.answer.get(key) or "") for key in ("text", "code"))
    kind = str(trace.answer.get("kind") or "text")
    language = _language(trace, code)
    sources = [step for step in steps(trace) if step.evidence]
    preview = trace.answer.get("preview") or (sources[-1].span.data.get("user_view") if sources else None)
    readings = _readings(trace.answer)
    return AnswerView(
        kind,
        text=lay_out(text) if kind == "sql" else text.partition("\n")[0] if readings else text,
        code=lay_out(code) if language == "sql" else code,
        table=table_view(preview),
        source="; ".join(map(_source, sources[:5])),
        language=language,
        readings=readings,
    )


def _readings(answer: Mapping[str, Any]) -> tuple[str, ...]:
    found = answer.get("readings") if answer.get("status") == "ambiguous" else None
    if not isinstance(found, (list, tuple)):
        return ()
    return tuple(text for text in found if isinstance(text, str) and text.strip())[:_MOST_READINGS]


def repair_diff(step: Step) -> str:
    """What the repair changed in the program of a failed step; empty if the two cannot be compared."""
    if step.repair is None:
        return ""
    failed, good = laid_out(step.span.data), laid_out(step.repair.data)
    return line_diff(failed, good) if failed and good else ""


def _language(trace: Trace, code: str) -> str:
    ran = (span.data for span in trace.spans if code and program_of(span.data) == code)
    return next((language_of(data) for data in ran), "sql")


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


def _repairs(spans: list[Span]) -> dict[str, Span]:
    """For each failed span the next one of its kind, with a later attempt, that went well."""
    found: dict[str, Span] = {}
    latest: dict[str, Span] = {}
    for span in reversed(spans):
        if span.status == "ok":
            latest[span.kind] = span
        elif span.status == "error":
            good = latest.get(span.kind) or latest.get("tool")
            if good is not None and good.attempt > span.attempt:
                found[span.span_id] = good
    return found


def _evidence(trace: Trace) -> set[str]:
    """Span ids of the steps that the answer names, or of the last one that ran its program."""
    if trace.answer is None:
        return set()
    named = trace.answer.get("evidence")
    if isinstance(named, (list, tuple)) and named:
        return {str(span_id) for span_id in named}
    code = trace.answer.get("code")
    tools = [span for span in trace.spans if span.kind == "tool" and span.status == "ok"]
    # A program of several steps ends in the last of them.
    programs = [(span, program_of(span.data)) for span in tools]
    same = [span for span, program in programs if code and program and str(code).endswith(program)]
    return {span.span_id for span in same[-1:]}


def _source(step: Step) -> str:
    tables = step.span.data.get("tables")
    read = f"over {', '.join(map(str, tables))}" if isinstance(tables, (list, tuple)) and tables else ""
    told = " ".join(part for part in (one_line(step.span.name, 60), one_line(read, 200)) if part)
    size = _size(step.span.data)
    return f"step {step.number}: {told}" + (f", {size}" if size else "")


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
    ended = _CUT.get(str(data.get("finish_reason")))
    return [*facts, ended] if ended else facts


def _countable(usage: Mapping[str, Any]) -> bool:
    return all(isinstance(usage.get(k) or 0, (int, float)) for k in ("prompt", "cached", "output", "forced"))


def _tool_facts(data: Mapping[str, Any]) -> list[str]:
    called = exchanges(data)
    facts = [one_line(called[-1].line.partition(" · ")[0], 90)] if called else []
    facts += [f"{count(len(called), 'request')}"] if len(called) > 1 else []
    facts += [change.short for change in frame_changes(data)[:2]]
    approval = data.get("approval")
    facts += [one_line(approval, 40)] if approval and approval != "not needed" else []
    size = _size(data)
    return [*facts, *([size] if size else [])]


def _size(data: Mapping[str, Any]) -> str:
    columns = data.get("columns")
    return shape(data.get("rows"), len(columns) if isinstance(columns, (list, tuple)) else None)


def _check_facts(data: Mapping[str, Any]) -> list[str]:
    result = data.get("result")
    return [one_line(result, 80)] if result and result != "ok" else []


def _approval_facts(data: Mapping[str, Any]) -> list[str]:
    return [line] if (line := decision(data).line) else []


def _retry_facts(data: Mapping[str, Any]) -> list[str]:
    return [one_line(data["reason"], 300)] if data.get("reason") else []


_FACTS = {
    "llm": _llm_facts,
    "tool": _tool_facts,
    "check": _check_facts,
    "approval": _approval_facts,
    "retry": _retry_facts,
}
