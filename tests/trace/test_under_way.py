from __future__ import annotations

import jsonschema

from qwen_magics.trace import Recorder
from qwen_magics.trace.under_way import running_record, writing_span


def test_text_and_time_since_the_snapshot_are_added(validator: jsonschema.Draft202012Validator) -> None:
    now = [0.0]
    recorder = Recorder("How many?", clock=lambda: now[0])
    with recorder.span("agent", "answer"):
        with recorder.span("check", "bind query"):
            now[0] = 1.0
        with recorder.span("llm", "write query", grammar="root ::= x"):
            snapshot = recorder.snapshot()
            record = running_record(snapshot, "SELECT", 0.5)
    validator.validate(record)
    run, check, writing = record["spans"]
    assert (run["seconds"], check["seconds"], writing["seconds"]) == (1.5, 1.0, 0.5)
    assert record["totals"]["seconds"] == 1.5
    assert writing["data"] == {"completion": "SELECT"}
    assert record["status"] == writing["status"] == "running"


def test_secrets_are_taken_out_of_what_is_being_written() -> None:
    recorder = Recorder("How many?")
    with recorder.span("llm", "write query"):
        record = running_record(recorder.snapshot(), "password=hunter2secret", 0.0)
    assert "hunter2secret" not in str(record)


def test_what_waits_for_approval_is_in_its_span() -> None:
    recorder = Recorder("How many?")
    with recorder.span("agent", "answer"), recorder.span("approval", "approve order", tool="order"):
        snapshot = recorder.snapshot()
        assert writing_span(snapshot) is snapshot.spans[-1]
        record = running_record(snapshot, "Not changed: 5\n\nPOST /orders", 0.0)
    assert record["spans"][-1]["data"]["preview"] == "Not changed: 5\n\nPOST /orders"


def test_text_goes_nowhere_while_a_query_runs() -> None:
    recorder = Recorder("How many?")
    with recorder.span("agent", "answer"):
        with recorder.span("llm", "write query") as span:
            span.set(completion="SELECT 1")
        with recorder.span("tool", "sql"):
            snapshot = recorder.snapshot()
    assert writing_span(snapshot) is None
    record = running_record(snapshot, "late", 0.0)
    assert record["spans"][1]["data"] == {"completion": "SELECT 1"}
