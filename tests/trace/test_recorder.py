from __future__ import annotations

import json
import threading
from typing import Any

import pytest
import samples

from qwen_magics.errors import Cancelled, QueryError
from qwen_magics.trace import Recorder, Trace
from qwen_magics.trace.limits import Limits


@pytest.mark.parametrize("name", samples.ALL)
def test_samples_obey_the_schema_and_survive_a_file(name: str, validator: Any) -> None:
    trace = samples.ALL[name]()
    saved = json.loads(json.dumps(trace.to_dict(), allow_nan=False))
    validator.validate(saved)
    assert Trace.from_dict(saved).to_dict() == saved


def test_totals_are_those_of_the_completions() -> None:
    totals = samples.repaired().totals
    assert totals["steps"] == 5
    assert totals["tokens"] == {"prompt": 472 + 532, "cached": 412, "output": 25, "forced": 7}
    assert totals["tokens_per_second"] == pytest.approx(25 / (2.1 / 2 + 1.2 / 2), abs=0.01)
    assert totals["seconds"] == pytest.approx(2.1 + 0.006 + 1.2 + 0.006 + 0.041)


def test_spans_form_a_tree_in_the_order_of_their_beginning() -> None:
    spans = samples.ok().spans
    assert [span.kind for span in spans] == ["agent", "llm", "check", "tool"]
    assert [span.parent_id for span in spans] == [None, *[spans[0].span_id] * 3]
    assert spans[2].started_at == "2026-11-23T09:30:02.100Z"


def test_a_query_error_is_recorded_and_goes_on() -> None:
    recorder = Recorder("q")
    with pytest.raises(QueryError), recorder.span("tool", "sql"):
        raise QueryError("unknown_column", "There is no column `x`.", "Did you mean y?")
    span = recorder.finish("error").spans[0]
    assert span.status == "error"
    assert span.error == {
        "type": "unknown_column",
        "message": "There is no column `x`.",
        "hint": "Did you mean y?",
    }


@pytest.mark.parametrize("stop", [KeyboardInterrupt, Cancelled])
def test_a_stop_is_no_failure(stop: type[BaseException]) -> None:
    recorder = Recorder("q")
    with pytest.raises(stop), recorder.span("agent", "a"), recorder.span("llm", "b") as span:
        span.set(completion="SELECT")
        raise stop
    trace = recorder.finish("cancelled")
    assert [(s.status, s.error) for s in trace.spans] == [("cancelled", None)] * 2
    assert trace.spans[1].data["completion"] == "SELECT"


def test_open_spans_are_closed_at_the_end_and_later_changes_are_ignored() -> None:
    clock = samples.Clock()
    recorder = Recorder("q", clock=clock)
    context = recorder.span("llm", "b")
    span = context.__enter__()
    clock.wait(2)
    trace = recorder.finish("cancelled")
    span.set(completion="too late")
    context.__exit__(None, None, None)
    assert (trace.spans[0].status, trace.spans[0].seconds) == ("cancelled", 2)
    assert recorder.finish("ok") is recorder.snapshot() is trace
    assert "completion" not in trace.spans[0].data


def test_a_snapshot_runs() -> None:
    trace = samples.running()
    assert trace.status == "running"
    assert trace.spans[-1].status == "running"
    assert trace.spans[-1].seconds == pytest.approx(0.7)
    assert trace.spans[-1].data["completion"].endswith("WHE")


def test_failing_and_denying_without_an_exception() -> None:
    recorder = Recorder("q")
    with recorder.span("check", "a") as span:
        span.fail("empty", "no rows", "widen the filter")
    with recorder.span("approval", "b") as span:
        span.deny("nobody to ask")
    first, second = recorder.finish("denied").spans
    assert (first.status, first.error) == (
        "error",
        {"type": "empty", "message": "no rows", "hint": "widen the filter"},
    )
    assert (second.status, second.data["reason"]) == ("denied", "nobody to ask")


def test_every_change_is_announced_outside_of_the_lock() -> None:
    recorder = Recorder("q")
    seen: list[Trace] = []

    def look(changed: Recorder) -> None:
        # Another thread must be able to read while the listener runs.
        thread = threading.Thread(target=lambda: seen.append(changed.snapshot()))
        thread.start()
        thread.join(timeout=5)
        assert not thread.is_alive()

    recorder.on_change = look
    with recorder.span("llm", "a") as span:
        span.set(completion="x")
    recorder.finish("ok")
    assert [t.spans[0].status for t in seen] == ["running", "running", "ok", "ok"]


def test_spans_of_helper_threads_belong_to_the_run() -> None:
    recorder = Recorder("q")

    def work() -> None:
        with recorder.span("tool", "t"), recorder.span("check", "c"):
            pass

    with recorder.span("agent", "a"):
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    trace = recorder.finish("ok")
    root = trace.spans[0].span_id
    assert len({span.span_id for span in trace.spans}) == 17
    assert [span.parent_id for span in trace.spans if span.kind == "tool"] == [root] * 8
    tools = {span.span_id for span in trace.spans if span.kind == "tool"}
    assert {span.parent_id for span in trace.spans if span.kind == "check"} == tools


def test_secrets_stay_out_and_are_counted() -> None:
    recorder = Recorder("use postgresql://me:hunter2@db/shop", parameters={"api_key": "k"})
    with recorder.span("tool", "http", arguments={"headers": {"Authorization": "Bearer abc.def123"}}) as span:
        span.fail("HTTPError", "token refused: Bearer abcdef1234567890")
    trace = recorder.finish("ok", {"kind": "text", "text": "password=hunter2", "code": ""})
    dumped = json.dumps(trace.to_dict())
    assert trace.redactions == 5
    for secret in ("hunter2", "abc.def", "abcdef12"):
        assert secret not in dumped


def test_too_many_spans_are_counted() -> None:
    recorder = Recorder("q", limits=Limits(spans=3))
    for _ in range(5):
        with recorder.span("tool", "t"):
            pass
    trace = recorder.finish("ok")
    assert len(trace.spans) == 3
    assert trace.notes == ("2 steps after the first 3 were not recorded.",)
