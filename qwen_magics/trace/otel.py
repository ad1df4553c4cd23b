"""Traces as OpenTelemetry spans: OTLP in its JSON form, by the semantic conventions for generative AI.

Pinned to semantic conventions 1.41.0, the last release that holds the GenAI conventions; they are all in the
state "development" there. What the conventions have no name for is under `qwen_magics.`. Sources: OTLP 1.x,
"JSON Protobuf Encoding" (ids in hexadecimal, 64-bit integers as strings); semantic-conventions v1.41.0,
docs/gen-ai.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from qwen_magics.trace.spans import Span, Trace

__all__ = ["SEMANTIC_CONVENTIONS", "to_otlp", "to_otlp_lines"]

SEMANTIC_CONVENTIONS = "1.41.0"

_SCHEMA_URL = f"https://opentelemetry.io/schemas/{SEMANTIC_CONVENTIONS}"
_PROVIDER = "qwen_magics"
_INTERNAL = 1  # SpanKind: the model runs in the same process
_UNSET, _OK, _ERROR = 0, 1, 2
_STATUS = {"ok": _OK, "error": _ERROR, "cancelled": _ERROR, "denied": _ERROR, "running": _UNSET}
_LARGEST_INTEGER = 2**63 - 1


def to_otlp(traces: Iterable[Trace], *, content: bool = True) -> dict[str, Any]:
    """An ExportTraceServiceRequest (the same as TracesData) as JSON values.

    Args:
        content: False leaves out prompts, completions, programs, arguments and results; names, times, token
            counts and errors' types stay.
    """
    return {"resourceSpans": [_resource_spans(trace, content) for trace in traces]}


def to_otlp_lines(traces: Iterable[Trace], *, content: bool = True) -> Iterator[str]:
    """One line of JSON per trace, as the OpenTelemetry Collector's file exporter writes and reads them."""
    for trace in traces:
        yield json.dumps(to_otlp([trace], content=content), ensure_ascii=False, separators=(",", ":"))


def _resource_spans(trace: Trace, content: bool) -> dict[str, Any]:
    version = trace.versions.get("qwen-magics", "")
    resource = {"service.name": "qwen-magics", "service.version": version or None}
    spans = [_span(trace, span, content) for span in trace.spans]
    return {
        "resource": {"attributes": _attributes(resource)},
        "scopeSpans": [
            {
                "scope": {"name": "qwen_magics", **({"version": version} if version else {})},
                "spans": spans,
                "schemaUrl": _SCHEMA_URL,
            }
        ],
        "schemaUrl": _SCHEMA_URL,
    }


def _span(trace: Trace, span: Span, content: bool) -> dict[str, Any]:
    start = _nanoseconds(span.started_at or trace.started_at)
    name, attributes = _DESCRIBED.get(span.kind, _other)(trace, span)
    attributes |= {"qwen_magics.kind": span.kind, "qwen_magics.attempt": span.attempt}
    if content:
        attributes |= _CONTENT.get(span.kind, _no_content)(trace, span)
    if span.status not in ("ok", "running"):
        attributes["error.type"] = (span.error or {}).get("type") or span.status
    return {
        "traceId": _hexadecimal(trace.trace_id, 32),
        "spanId": _hexadecimal(span.span_id, 16),
        **({"parentSpanId": _hexadecimal(span.parent_id, 16)} if span.parent_id else {}),
        "name": name,
        "kind": _INTERNAL,
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + round(span.seconds * 1e9)),
        "attributes": _attributes(attributes),
        "status": _status(span, content),
    }


def _status(span: Span, content: bool) -> dict[str, Any]:
    message = " ".join((span.error or {}).get(key, "") for key in ("message", "hint")).strip()
    code = _STATUS[span.status]
    # A default value is left out, as in every JSON form of protocol buffers.
    return {**({"message": message} if message and content else {}), **({"code": code} if code else {})}


def _agent(trace: Trace, span: Span) -> tuple[str, dict[str, Any]]:
    tokens = trace.totals.get("tokens") or {}
    return "invoke_agent qwen-magics", {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.provider.name": _PROVIDER,
        "gen_ai.agent.name": "qwen-magics",
        **_request(trace),
        "gen_ai.usage.input_tokens": tokens.get("prompt"),
        "gen_ai.usage.output_tokens": tokens.get("output"),
        "gen_ai.usage.cache_read.input_tokens": tokens.get("cached"),
        "qwen_magics.usage.forced_tokens": tokens.get("forced"),
        "qwen_magics.status": trace.status,
    }


def _request(trace: Trace) -> dict[str, Any]:
    seed, tokens = trace.parameters.get("seed"), trace.parameters.get("tokens")
    return {
        "gen_ai.request.model": trace.model.get("id"),
        "gen_ai.request.temperature": _real(trace.parameters.get("temperature")),
        "gen_ai.request.seed": seed if isinstance(seed, int) else None,
        "gen_ai.request.max_tokens": tokens if isinstance(tokens, int) else None,
    }


def _llm(trace: Trace, span: Span) -> tuple[str, dict[str, Any]]:
    usage = span.data.get("usage")
    counts = usage if isinstance(usage, Mapping) else {}
    reason = span.data.get("finish_reason")
    model = str(trace.model.get("id") or "")
    return f"text_completion {model}".strip(), {
        "gen_ai.operation.name": "text_completion",
        "gen_ai.provider.name": _PROVIDER,
        **_request(trace),
        "gen_ai.response.model": model or None,
        "gen_ai.response.finish_reasons": [reason] if isinstance(reason, str) else None,
        "gen_ai.response.time_to_first_chunk": _real(counts.get("ttft_s")),
        "gen_ai.output.type": "text",
        "gen_ai.usage.input_tokens": counts.get("prompt"),
        "gen_ai.usage.output_tokens": counts.get("output"),
        "gen_ai.usage.cache_read.input_tokens": counts.get("cached"),
        "qwen_magics.usage.forced_tokens": counts.get("forced"),
        "qwen_magics.mean_logprob": _real(span.data.get("mean_logprob")),
        "qwen_magics.rejected_mass": _real(span.data.get("rejected_mass")),
    }


def _tool(trace: Trace, span: Span) -> tuple[str, dict[str, Any]]:
    data, name = span.data, str(span.data.get("tool") or span.name)
    return f"execute_tool {name}", {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.type": "datastore" if data.get("sql") else "function",
        "gen_ai.tool.call.id": data.get("call_id"),
        **({"db.system.name": str(data.get("dialect") or "duckdb")} if data.get("sql") else {}),
        "db.response.returned_rows": data.get("rows") if data.get("sql") else None,
        "qwen_magics.effect": data.get("effect"),
        "qwen_magics.approval": data.get("approval"),
    }


def _other(trace: Trace, span: Span) -> tuple[str, dict[str, Any]]:
    kept = ("tool", "decision", "by", "subject", "call_id")
    return f"{span.kind} {span.name}".strip(), {f"qwen_magics.{key}": span.data.get(key) for key in kept}


def _agent_content(trace: Trace, span: Span) -> dict[str, Any]:
    answer = str((trace.answer or {}).get("text") or "")
    output = [_message("assistant", answer, finish_reason="stop")] if trace.answer else None
    return {
        "gen_ai.input.messages": _json([_message("user", trace.question)]),
        "gen_ai.output.messages": _json(output) if output else None,
        "qwen_magics.answer.code": (trace.answer or {}).get("code") or None,
    }


def _llm_content(trace: Trace, span: Span) -> dict[str, Any]:
    data = span.data
    reason = str(data.get("finish_reason") or "")
    output = (
        [_message("assistant", str(data["completion"]), finish_reason=reason)]
        if "completion" in data
        else None
    )
    return {
        "gen_ai.input.messages": _json([_message("user", str(data["prompt"]))]) if "prompt" in data else None,
        "gen_ai.output.messages": _json(output) if output else None,
        "qwen_magics.grammar": data.get("grammar"),
    }


def _tool_content(trace: Trace, span: Span) -> dict[str, Any]:
    data = span.data
    kept = {key: data[key] for key in ("frame_diff", "http", "edited", "preview") if data.get(key)}
    return {
        "gen_ai.tool.call.arguments": _json(data["arguments"]) if data.get("arguments") else None,
        "gen_ai.tool.call.result": _json(data["user_view"]) if data.get("user_view") is not None else None,
        "db.query.text": data.get("sql"),
        "qwen_magics.code": data.get("code"),
        **{f"qwen_magics.{key}": _json(value) for key, value in kept.items()},
    }


def _other_content(trace: Trace, span: Span) -> dict[str, Any]:
    kept = {
        key: span.data[key] for key in ("reason", "result", "sql", "code", "preview") if span.data.get(key)
    }
    edited = {key: _json(span.data[key]) for key in ("arguments", "edited") if span.data.get(key)}
    return {f"qwen_magics.{key}": value for key, value in {**kept, **edited}.items()}


def _no_content(trace: Trace, span: Span) -> dict[str, Any]:
    return {}


_DESCRIBED = {"agent": _agent, "llm": _llm, "tool": _tool}
_CONTENT = {
    "agent": _agent_content,
    "llm": _llm_content,
    "tool": _tool_content,
    **dict.fromkeys(("check", "approval", "retry"), _other_content),
}


def _message(role: str, text: str, **more: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": "text", "content": text}], **more}


def _attributes(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in values.items() if value is not None]


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int) and abs(value) <= _LARGEST_INTEGER:
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_value(item) for item in value]}}
    return {"stringValue": value if isinstance(value, str) else _json(value)}


def _real(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _hexadecimal(text: str, digits: int) -> str:
    """An id of that length; of a damaged one, digits that stand for it."""
    if re.fullmatch(rf"[0-9a-f]{{{digits}}}", text) and text.strip("0"):
        return text
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:digits]


def _nanoseconds(moment: str) -> int:
    try:
        parsed = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    except ValueError:
        return 0
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=timezone.utc)
    # In integers: a float holds no nanoseconds of our time.
    elapsed = parsed - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return max(0, (elapsed.days * 86_400 + elapsed.seconds) * 10**9 + elapsed.microseconds * 1_000)
