"""Read by OpenTelemetry's own readers: its JSON codec, its protocol buffers, its SDK."""

from __future__ import annotations

import base64
import json
from typing import Any

import hostile
import opentelemetry.semconv._incubating.attributes.db_attributes as incubating_db
import opentelemetry.semconv._incubating.attributes.gen_ai_attributes as gen_ai
import pytest
import samples
from google.protobuf import json_format
from opentelemetry.exporter.otlp.json.common.trace_encoder import encode_spans
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto_json.trace.v1.trace import TracesData
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.semconv.attributes import db_attributes, error_attributes, service_attributes
from opentelemetry.semconv.schemas import Schemas
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from qwen_magics.trace import Trace
from qwen_magics.trace.otel import SEMANTIC_CONVENTIONS, to_otlp, to_otlp_lines

EVERY = [*samples.ALL, "hostile"]


def trace_named(name: str) -> Trace:
    return samples.ALL[name]() if name in samples.ALL else hostile.trace_of(hostile.TEXTS[0])


def spans_of(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        span for scope in found["resourceSpans"] for part in scope["scopeSpans"] for span in part["spans"]
    ]


def plain(value: dict[str, Any]) -> Any:
    (kind, held), *_ = value.items()
    if kind == "arrayValue":
        return [plain(item) for item in held["values"]]
    return int(held) if kind == "intValue" else held


def attributes(holder: dict[str, Any]) -> dict[str, Any]:
    return {item["key"]: plain(item["value"]) for item in holder["attributes"]}


@pytest.mark.parametrize("name", EVERY)
def test_opentelemetrys_json_codec_reads_it_without_loss(name: str) -> None:
    lines = list(to_otlp_lines([trace_named(name)]))
    assert len(lines) == 1
    read = TracesData.from_json(lines[0])
    assert spans_of(json.loads(read.to_json())) == spans_of(json.loads(lines[0]))


@pytest.mark.parametrize("name", EVERY)
def test_the_protocol_buffers_know_every_field(name: str) -> None:
    trace = trace_named(name)
    found = to_otlp([trace])
    # Google's JSON mapping has ids in base64; OTLP's has them in hexadecimal. All else is the same.
    for span in spans_of(found):
        for key in ("traceId", "spanId", "parentSpanId"):
            if key in span:
                span[key] = base64.b64encode(bytes.fromhex(span[key])).decode()
    request = json_format.ParseDict(found, ExportTraceServiceRequest(), ignore_unknown_fields=False)
    read = [span for part in request.resource_spans for scope in part.scope_spans for span in scope.spans]
    assert [span.span_id.hex() for span in read] == [span.span_id for span in trace.spans]
    assert [span.parent_span_id.hex() or None for span in read] == [span.parent_id for span in trace.spans]
    for ours, theirs in zip(trace.spans, read, strict=True):
        assert (theirs.end_time_unix_nano - theirs.start_time_unix_nano) / 1e9 == pytest.approx(ours.seconds)
    assert ExportTraceServiceRequest.FromString(request.SerializeToString()) == request


@pytest.mark.parametrize("name", samples.ALL)
def test_the_sdk_would_export_the_same(name: str) -> None:
    found = to_otlp([trace_named(name)])
    exported = encode_spans([_sdk_span(found, span) for span in spans_of(found)])
    assert _normal(json.loads(exported.to_json())) == _normal(found)


def _sdk_span(found: dict[str, Any], span: dict[str, Any]) -> ReadableSpan:
    part = found["resourceSpans"][0]
    scope = part["scopeSpans"][0]
    codes = (StatusCode.UNSET, StatusCode.OK, StatusCode.ERROR)
    return ReadableSpan(
        name=span["name"],
        context=_context(span, "spanId"),
        parent=_context(span, "parentSpanId") if "parentSpanId" in span else None,
        resource=Resource(attributes(part["resource"]), part["schemaUrl"]),
        attributes=attributes(span),
        kind=SpanKind.INTERNAL,
        instrumentation_scope=InstrumentationScope(
            scope["scope"]["name"], scope["scope"].get("version"), scope["schemaUrl"]
        ),
        status=Status(codes[span["status"].get("code", 0)], span["status"].get("message")),
        start_time=int(span["startTimeUnixNano"]),
        end_time=int(span["endTimeUnixNano"]),
    )


def _context(span: dict[str, Any], key: str) -> SpanContext:
    return SpanContext(int(span["traceId"], 16), int(span[key], 16), False, TraceFlags(1))


def _normal(found: dict[str, Any]) -> Any:
    """Without what an SDK adds on its own: flags, and fields that are empty."""
    return [
        {
            **{k: v for k, v in span.items() if k not in ("flags", "attributes") and v},
            "attributes": attributes(span),
        }
        for span in spans_of(found)
    ]


def test_every_name_is_one_of_the_pinned_conventions_or_ours() -> None:
    known = {value for value in vars(gen_ai).values() if isinstance(value, str)}
    for module in (db_attributes, incubating_db, error_attributes, service_attributes):
        known |= {value for value in vars(module).values() if isinstance(value, str)}
    used = {
        key for name in EVERY for span in spans_of(to_otlp([trace_named(name)])) for key in attributes(span)
    }
    assert {key for key in used if not key.startswith("qwen_magics.")} <= known
    assert SEMANTIC_CONVENTIONS in {schema.value.rpartition("/")[2] for schema in Schemas}


GOOD = "SELECT count(*) AS late FROM flights WHERE arr_delay > 60"
RUN = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "qwen-magics",
    "gen_ai.request.model": "qwen2.5-coder-0.5b",
    "gen_ai.request.seed": 0,
    "gen_ai.request.max_tokens": 512,
    "gen_ai.request.temperature": 0.0,
    "gen_ai.usage.input_tokens": 1004,
    "gen_ai.usage.output_tokens": 25,
    "gen_ai.usage.cache_read.input_tokens": 412,
    "qwen_magics.usage.forced_tokens": 7,
    "qwen_magics.status": "ok",
    "qwen_magics.answer.code": GOOD,
    "gen_ai.input.messages": '[{"role": "user", "parts": [{"type": "text", "content": '
    '"How many flights in @flights arrived more than an hour late?"}]}]',
}
MODEL = {
    "gen_ai.operation.name": "text_completion",
    "gen_ai.response.model": "qwen2.5-coder-0.5b",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.response.time_to_first_chunk": pytest.approx(2.1 * 0.47),
    "gen_ai.usage.input_tokens": 472,
    "gen_ai.usage.output_tokens": 11,
    "gen_ai.usage.cache_read.input_tokens": 0,
    "qwen_magics.usage.forced_tokens": 3,
    "qwen_magics.mean_logprob": -0.21,
    "qwen_magics.rejected_mass": 0.034,
    "qwen_magics.grammar": samples.GRAMMAR,
    "qwen_magics.attempt": 1,
}
TOOL = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "sql",
    "gen_ai.tool.type": "datastore",
    "gen_ai.tool.call.arguments": f'{{"sql": "{GOOD}"}}',
    "gen_ai.tool.call.result": '{"columns": ["late"], "rows": [[27789]], '
    '"total_rows": 1, "truncated": false}',
    "db.system.name": "duckdb",
    "db.query.text": GOOD,
    "db.response.returned_rows": 1,
    "qwen_magics.effect": "read",
    "qwen_magics.approval": "not needed",
}


def test_a_run_in_the_words_of_the_conventions() -> None:
    spans = spans_of(to_otlp([samples.repaired()]))
    run, model, check, *_ = spans
    assert [span["name"] for span in spans[:3]] == [
        "invoke_agent qwen-magics",
        "text_completion qwen2.5-coder-0.5b",
        "check bind query",
    ]
    assert spans[-1]["name"] == "execute_tool sql"
    assert attributes(run) | RUN == attributes(run)
    assert attributes(model) | MODEL == attributes(model)
    said = {key: json.loads(attributes(model)[f"gen_ai.{key}.messages"]) for key in ("input", "output")}
    assert said["input"][0]["parts"][0]["content"] == samples.repaired().spans[1].data["prompt"]
    assert said["output"][0]["parts"][0]["content"] == "SELECT count(*) FROM flights WHERE delay > 60"
    assert attributes(check)["error.type"] == "unknown_column"
    assert check["status"] == {
        "message": "There is no column `delay` in flights. Did you mean arr_delay or dep_delay?",
        "code": 2,
    }
    assert attributes(spans[-1]) | TOOL == attributes(spans[-1])
    again = attributes(spans[4])
    assert (again["gen_ai.usage.cache_read.input_tokens"], again["qwen_magics.attempt"]) == (412, 2)


def test_times_are_those_of_the_run() -> None:
    run, model, check, *_ = spans_of(to_otlp([samples.repaired()]))
    began = 1_795_426_200_000_000_000  # 2026-11-23T09:30:00Z
    assert [int(span["startTimeUnixNano"]) - began for span in (run, model, check)] == [0, 0, 2_100_000_000]
    assert int(model["endTimeUnixNano"]) - began == 2_100_000_000


@pytest.mark.parametrize("name", samples.ALL)
def test_without_content_no_text_of_the_run_is_in_it(name: str) -> None:
    trace = trace_named(name)
    shown = json.dumps(to_otlp([trace], content=False), ensure_ascii=False)
    assert trace.question not in shown
    for text in ("SELECT", "CREATE TABLE", "ExpressJet", "27789", "no column", "127.0.0.1", "units"):
        assert text not in shown
