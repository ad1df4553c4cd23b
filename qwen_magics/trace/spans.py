"""What a run leaves behind: pure values, no I/O. The format is `schema-v1.json`; see `docs/traces.md`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from qwen_magics.errors import TraceError

__all__ = ["MIME", "SCHEMA", "Span", "SpanKind", "SpanStatus", "Trace", "TraceStatus"]

MIME = "application/vnd.qwen-magics.trace.v1+json"
SCHEMA = "1.1"

SpanKind = Literal["agent", "llm", "tool", "check", "approval", "retry"]
SpanStatus = Literal["running", "ok", "error", "cancelled", "denied"]
TraceStatus = Literal["running", "ok", "error", "cancelled", "denied", "truncated"]

_NO_TOTALS: dict[str, Any] = {
    "steps": 0,
    "seconds": 0.0,
    "tokens": {"prompt": 0, "cached": 0, "output": 0, "forced": 0},
    "tokens_per_second": None,
}


@dataclass(frozen=True, slots=True)
class Span:
    """One thing that happened.

    Attributes:
        span_id: 16 hexadecimal digits, unique within the trace.
        parent_id: the span that this one was part of; None at the top.
        kind: `agent` (a run), `llm` (one completion), `tool`, `check`, `approval`, `retry` (why it went on).
        name: a few words for people.
        started_at: ISO 8601 in UTC.
        seconds: wall time; so far, if `status` is `running`.
        status: how it ended.
        attempt: 1 for the first try.
        error: `{"type", "message", "hint"}` of a failure.
        data: what belongs to the kind; see the schema.
    """

    span_id: str
    parent_id: str | None
    kind: SpanKind
    name: str
    started_at: str
    seconds: float
    status: SpanStatus
    attempt: int = 1
    error: Mapping[str, str] | None = None
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, in the order of the schema."""
        return {
            "span_id": self.span_id,
            "parent_id": self.parent_id,
            "kind": self.kind,
            "name": self.name,
            "started_at": self.started_at,
            "seconds": self.seconds,
            "status": self.status,
            "attempt": self.attempt,
            "error": dict(self.error) if self.error else None,
            "data": dict(self.data),
        }

    @classmethod
    def from_dict(cls, value: object) -> Span:
        """Read one span; keys of a later minor version are ignored.

        Raises:
            TraceError: a field is missing or of the wrong type.
        """
        raw = _Fields(value, "span")
        error = raw.optional("error", Mapping, None)
        return cls(
            span_id=raw.required("span_id", str),
            parent_id=raw.optional("parent_id", str, None),
            kind=raw.choice("kind", get_args(SpanKind)),
            name=raw.optional("name", str, ""),
            started_at=raw.optional("started_at", str, ""),
            seconds=raw.number("seconds"),
            status=raw.choice("status", get_args(SpanStatus)),
            attempt=int(raw.number("attempt", 1)),
            error=None if error is None else {k: str(error.get(k, "")) for k in ("type", "message", "hint")},
            data=raw.optional("data", Mapping, {}),
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """The record of one run.

    Attributes:
        schema: version of the format, `major.minor`.
        trace_id: 32 hexadecimal digits.
        started_at: ISO 8601 in UTC.
        status: how the run ended; `running` in a snapshot, `truncated` when a limit ended it.
        question: as the user asked it.
        answer: `{"kind", "text", "code", "value", "preview"}`; None without an answer.
        error: `{"type", "message", "hint"}` of what ended the run.
        model: `{"id", "sha256", "quantisation", "provider", …}`.
        parameters: sampling, seed and limits.
        versions: package versions by distribution name.
        data: `{"name", "rows", "columns", "fingerprint"}` of each table that was handed over.
        totals: steps, seconds, tokens (prompt, cached, output, forced) and tokens_per_second.
        redactions: how many secrets were taken out.
        notes: what was cut or could not be read, in sentences.
        spans: in the order in which they began.
    """

    trace_id: str
    started_at: str
    status: TraceStatus
    question: str
    answer: Mapping[str, Any] | None = None
    error: Mapping[str, str] | None = None
    model: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    data: tuple[Mapping[str, Any], ...] = ()
    totals: Mapping[str, Any] = field(default_factory=lambda: dict(_NO_TOTALS))
    redactions: int = 0
    notes: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    schema: str = SCHEMA

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, in the order of the schema."""
        return {
            "schema": self.schema,
            "trace_id": self.trace_id,
            "started_at": self.started_at,
            "status": self.status,
            "question": self.question,
            "answer": dict(self.answer) if self.answer is not None else None,
            "error": dict(self.error) if self.error else None,
            "model": dict(self.model),
            "parameters": dict(self.parameters),
            "versions": dict(self.versions),
            "data": [dict(table) for table in self.data],
            "totals": dict(self.totals),
            "redactions": self.redactions,
            "notes": list(self.notes),
            "spans": [span.to_dict() for span in self.spans],
        }

    @classmethod
    def from_dict(cls, value: object) -> Trace:
        """Read a trace of any 1.x version. Damaged spans are left out, and `notes` says how many.

        Raises:
            TraceError: it is no trace, or of another major version.
        """
        raw = _Fields(value, "trace")
        schema = raw.required("schema", str)
        if schema.partition(".")[0] != SCHEMA.partition(".")[0]:
            msg = f"This trace has schema {schema[:20]}, this package reads 1.x. Install a newer qwen-magics."
            raise TraceError(msg)
        spans, damaged = _read_spans(raw.optional("spans", list, []))
        notes = [str(note) for note in raw.optional("notes", list, [])]
        error = raw.optional("error", Mapping, None)
        return cls(
            schema=schema,
            trace_id=raw.required("trace_id", str),
            started_at=raw.optional("started_at", str, ""),
            status=raw.choice("status", get_args(TraceStatus)),
            question=raw.required("question", str),
            answer=raw.optional("answer", Mapping, None),
            error=None if error is None else {k: str(error.get(k, "")) for k in ("type", "message", "hint")},
            model=raw.optional("model", Mapping, {}),
            parameters=raw.optional("parameters", Mapping, {}),
            versions={str(k): str(v) for k, v in raw.optional("versions", Mapping, {}).items()},
            data=tuple(table for table in raw.optional("data", list, []) if isinstance(table, Mapping)),
            totals=_totals(raw.optional("totals", Mapping, {})),
            redactions=int(raw.number("redactions")),
            notes=(*notes, *damaged),
            spans=spans,
        )

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        # Imported when it is drawn: a trace as such is a value that knows no view.
        from qwen_magics.trace.bundle import mime_bundle

        return mime_bundle(self)


def _read_spans(values: Iterable[object]) -> tuple[tuple[Span, ...], list[str]]:
    spans: dict[str, Span] = {}
    problems: list[str] = []
    for value in values:
        try:
            span = Span.from_dict(value)
        except TraceError as exc:
            problems.append(str(exc))
            continue
        # A parent must come before its children: with that, no chain of parents can run in a circle.
        if span.parent_id is not None and span.parent_id not in spans:
            span = _without_parent(span)
        if span.span_id in spans:
            problems.append(f"The span id {span.span_id[:16]} occurs twice.")
            continue
        spans[span.span_id] = span
    if not problems:
        return tuple(spans.values()), []
    count = len(problems)
    return tuple(spans.values()), [
        f"{count} damaged {'span' if count == 1 else 'spans'} left out: {problems[0]}"
    ]


def _without_parent(span: Span) -> Span:
    return Span.from_dict(span.to_dict() | {"parent_id": None})


def _totals(raw: Mapping[str, Any]) -> dict[str, Any]:
    tokens = raw.get("tokens")
    counts = tokens if isinstance(tokens, Mapping) else {}
    rate = raw.get("tokens_per_second")
    return {
        "steps": int(_finite(raw.get("steps"))),
        "seconds": _finite(raw.get("seconds")),
        "tokens": {key: int(_finite(counts.get(key))) for key in ("prompt", "cached", "output", "forced")},
        "tokens_per_second": _finite(rate) if rate is not None else None,
    }


def _finite(value: object, default: float = 0.0) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return default
    return float(value) if abs(value) < 1e300 and math.isfinite(value) else default


class _Fields:
    """The fields of a JSON object, each read with a check that names it."""

    def __init__(self, value: object, owner: str) -> None:
        if not isinstance(value, Mapping):
            msg = f"A {owner} must be a JSON object, this is a {type(value).__name__}."
            raise TraceError(msg)
        self._value = value
        self._owner = owner

    def required(self, key: str, kind: type[str]) -> str:
        if key not in self._value:
            msg = f"The {self._owner} has no `{key}`: it is no qwen-magics {self._owner}, or it is damaged."
            raise TraceError(msg)
        return cast(str, self._typed(key, kind))

    def optional(self, key: str, kind: type[Any], default: Any) -> Any:
        return default if self._value.get(key) is None else self._typed(key, kind)

    def choice(self, key: str, choices: tuple[str, ...]) -> Any:
        value = self.required(key, str)
        if value not in choices:
            msg = f"`{key}` of the {self._owner} is {value[:40]!r}, it must be one of {', '.join(choices)}."
            raise TraceError(msg)
        return value

    def number(self, key: str, default: float = 0.0) -> float:
        return _finite(self._value.get(key, default), default)

    def _typed(self, key: str, kind: type[Any]) -> Any:
        value = self._value[key]
        if not isinstance(value, kind):
            msg = f"`{key}` of the {self._owner} must be {_JSON_NAMES[kind]}, it is a {type(value).__name__}."
            raise TraceError(msg)
        return value


_JSON_NAMES: dict[type[Any], str] = {str: "a string", list: "an array", Mapping: "an object"}
