"""Takes down what happens while it happens. Any thread may write, and read by `snapshot()`."""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from qwen_magics.errors import QueryError, ToolError
from qwen_magics.trace.limits import DEFAULT_LIMITS, Limits
from qwen_magics.trace.plain import Plain
from qwen_magics.trace.shrink import shrink
from qwen_magics.trace.spans import Span, SpanKind, SpanStatus, Trace, TraceStatus
from qwen_magics.trace.versions import package_versions

__all__ = ["OpenSpan", "Recorder"]

# A stop is no failure. (`errors.Cancelled` is a KeyboardInterrupt.)
_STOPS = (KeyboardInterrupt, asyncio.CancelledError, GeneratorExit)


class OpenSpan:
    """A span under way; made by `Recorder.span`. After the end of the run it ignores what is set."""

    def __init__(self, recorder: Recorder, span: Span, began: float) -> None:
        self._recorder = recorder
        self._span = span
        self._began = began
        self._outcome: SpanStatus | None = None

    @property
    def span_id(self) -> str:
        return self._span.span_id

    def set(self, **data: Any) -> None:
        """Add to the span's data, or replace what is there, such as a completion that grows."""
        self._recorder._update(self, data=data)

    def fail(self, type: str, message: str, hint: str = "") -> None:
        """Mark the span as failed, without an exception."""
        self._outcome = "error"
        self._recorder._update(self, error={"type": type, "message": message, "hint": hint})

    def deny(self, reason: str = "") -> None:
        """Mark the span as refused by the user, or by there being nobody to ask."""
        self._outcome = "denied"
        self._recorder._update(self, data={"reason": reason} if reason else {})


class Recorder:
    """The record of one run, from its question to `finish()`.

    Args:
        question: as the user asked it.
        model, parameters, data: the envelope's; see `Trace`.
        clock: seconds, monotonic.
        started_at: when the run began; now if None.
        limits: what is kept of large values.
        versions: package versions; those of the installed packages if None.

    `on_change` is called, outside of any lock, in the thread of the change, after each of them.
    """

    def __init__(
        self,
        question: str,
        *,
        model: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        data: Sequence[Mapping[str, Any]] = (),
        clock: Callable[[], float] = time.monotonic,
        started_at: datetime | None = None,
        limits: Limits = DEFAULT_LIMITS,
        versions: Mapping[str, str] | None = None,
    ) -> None:
        self.on_change: Callable[[Recorder], None] | None = None
        self._clock = clock
        self._limits = limits
        self._plain = Plain(limits)
        self._lock = threading.RLock()
        self._spans: dict[str, OpenSpan] = {}
        self._open = threading.local()
        self._dropped = 0
        self._began = clock()
        self._started_at = (started_at or datetime.now(timezone.utc)).astimezone(timezone.utc)
        self._final: Trace | None = None
        self._envelope = Trace(
            trace_id=uuid.uuid4().hex,
            started_at=_iso(self._started_at),
            status="running",
            question=self._plain.text(question),
            model=self._plain.fields(model or {}),
            parameters=self._plain.fields(parameters or {}),
            versions=dict(package_versions() if versions is None else versions),
            data=tuple(self._plain.fields(table) for table in data),
        )

    @contextmanager
    def span(self, kind: SpanKind, name: str, /, attempt: int = 1, **data: Any) -> Iterator[OpenSpan]:
        """Record what happens inside the `with` block, as a part of the span around it.

        An exception marks the span as failed (with type, message and hint), a KeyboardInterrupt as cancelled;
        both go on.
        """
        span = self._start(kind, name, attempt, data)
        try:
            yield span
        except _STOPS:
            self._end(span, "cancelled")
            raise
        except BaseException as exc:
            span.fail(*_describe(exc))
            self._end(span, "error")
            raise
        else:
            self._end(span, span._outcome or "ok")

    def snapshot(self) -> Trace:
        """The run so far; the finished trace after `finish()`."""
        with self._lock:
            return self._final or self._build("running")

    def finish(
        self,
        status: TraceStatus,
        answer: Mapping[str, Any] | None = None,
        *,
        error: BaseException | None = None,
    ) -> Trace:
        """Close the record; open spans are marked as cancelled. A second call changes nothing."""
        with self._lock:
            if self._final is None:
                for span in self._spans.values():
                    if span._span.status == "running":
                        self._close(span, "cancelled")
                self._envelope = replace(
                    self._envelope,
                    answer=None if answer is None else self._plain.fields(answer),
                    error=None if error is None else self._error(*_describe(error)),
                )
                self._final = self._build(status)
            final = self._final
        self._changed()
        return final

    def _start(self, kind: SpanKind, name: str, attempt: int, data: Mapping[str, Any]) -> OpenSpan:
        now = self._clock()
        with self._lock:
            span = OpenSpan(
                self,
                Span(
                    span_id=f"{len(self._spans) + self._dropped + 1:016x}",
                    parent_id=self._parent(),
                    kind=kind,
                    name=self._plain.text(name, line=True),
                    started_at=_iso(self._started_at + timedelta(seconds=now - self._began)),
                    seconds=0.0,
                    status="running",
                    attempt=attempt,
                    data=self._plain.fields(data),
                ),
                now,
            )
            if self._final is None:
                self._keep(span)
        self._stack().append(span)
        self._changed()
        return span

    def _keep(self, span: OpenSpan) -> None:
        if len(self._spans) >= self._limits.spans:
            self._dropped += 1
            return
        self._spans[span.span_id] = span

    def _end(self, span: OpenSpan, status: SpanStatus) -> None:
        stack = self._stack()
        if span in stack:
            del stack[stack.index(span) :]
        with self._lock:
            if self._final is None:
                self._close(span, status)
        self._changed()

    def _close(self, span: OpenSpan, status: SpanStatus) -> None:
        seconds = max(0.0, self._clock() - span._began)
        span._span = replace(span._span, status=status, seconds=round(seconds, 6))

    def _update(
        self, span: OpenSpan, *, data: Mapping[str, Any] | None = None, error: Mapping[str, str] | None = None
    ) -> None:
        with self._lock:
            if self._final is not None:
                return
            merged = {**span._span.data, **self._plain.fields(data or {})}
            kept = span._span.error if error is None else self._error(**error)
            span._span = replace(span._span, data=merged, error=kept)
        self._changed()

    def _error(self, type: str, message: str, hint: str) -> dict[str, str]:
        text = self._plain.text
        return {
            "type": text(type, line=True),
            "message": text(message, line=True),
            "hint": text(hint, line=True),
        }

    def _parent(self) -> str | None:
        stack = self._stack()
        if stack:
            return stack[-1].span_id
        # A helper thread: its spans belong to the run that is open.
        return next((s.span_id for s in self._spans.values() if s._span.status == "running"), None)

    def _stack(self) -> list[OpenSpan]:
        if not hasattr(self._open, "stack"):
            self._open.stack = []
        stack: list[OpenSpan] = self._open.stack
        return stack

    def _changed(self) -> None:
        if self.on_change is not None:
            self.on_change(self)

    def _build(self, status: TraceStatus) -> Trace:
        now = self._clock()
        spans = tuple(_until(span, now) for span in self._spans.values())
        trace = replace(
            self._envelope,
            status=status,
            spans=spans,
            totals=_totals(spans, max(0.0, now - self._began)),
            redactions=self._plain.redactions,
            notes=self._notes(),
        )
        return shrink(trace, self._limits)

    def _notes(self) -> tuple[str, ...]:
        notes = []
        if self._plain.cuts:
            notes.append(f"{self._plain.cuts:,} long values were cut; each says how much is missing.")
        if self._dropped:
            notes.append(f"{self._dropped:,} steps after the first {self._limits.spans:,} were not recorded.")
        return tuple(notes)


def _until(span: OpenSpan, now: float) -> Span:
    if span._span.status != "running":
        return span._span
    return replace(span._span, seconds=round(max(0.0, now - span._began), 6))


def _describe(exc: BaseException) -> tuple[str, str, str]:
    if isinstance(exc, (QueryError, ToolError)):
        return exc.kind, exc.message, exc.hint
    return type(exc).__name__, str(exc), ""


def _totals(spans: Sequence[Span], seconds: float) -> dict[str, Any]:
    tokens = {"prompt": 0, "cached": 0, "output": 0, "forced": 0}
    decode_s = 0.0
    for span in spans:
        usage = span.data.get("usage")
        if span.kind != "llm" or not isinstance(usage, Mapping):
            continue
        for key in tokens:
            tokens[key] += int(_number(usage.get(key)))
        decode_s += _number(usage.get("decode_s"))
    return {
        "steps": sum(span.kind in ("llm", "tool", "check", "approval") for span in spans),
        "seconds": round(seconds, 6),
        "tokens": tokens,
        "tokens_per_second": round(tokens["output"] / decode_s, 2) if decode_s > 0 else None,
    }


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def _iso(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
