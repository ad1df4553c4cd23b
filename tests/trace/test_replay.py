from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import hostile
import pytest
import samples
from test_hostile import assert_html_is_harmless, assert_markdown_is_harmless

from qwen_magics.errors import QueryError, TraceError
from qwen_magics.trace import Span
from qwen_magics.trace.replay import data_drift, replay, token_changes


def as_recorded(span: Span) -> Mapping[str, Any]:
    return {key: span.data[key] for key in ("rows", "columns", "user_view") if key in span.data}


def test_the_same_result_is_the_same() -> None:
    found = replay(samples.repaired(), as_recorded)
    assert [(step.step.number, step.outcome) for step in found.steps] == [(5, "same")]
    assert found.same
    assert found.headline == "1 tool step: 1 same; on the same data."


def test_another_result_is_changed_and_shown() -> None:
    found = replay(samples.repaired(), lambda span: {**as_recorded(span), "rows": 2})
    assert found.steps[0].outcome == "changed"
    shown = found._repr_mimebundle_()["text/plain"]
    assert "≠ 5. sql · changed: size" in shown
    assert "1 row × 1 column → 2 rows × 1 column" in shown


def test_failures_and_what_cannot_be_run_say_why() -> None:
    def fails(span: Span) -> Mapping[str, Any]:
        raise QueryError("unknown_column", "There is no column `late`.", "Did you mean arr_delay?")

    def cannot(span: Span) -> Mapping[str, Any]:
        raise TraceError("There is no variable flights here.")

    failed, not_run = (replay(samples.ok(), run).steps[0] for run in (fails, cannot))
    assert (failed.outcome, failed.reason) == (
        "failed",
        "unknown_column: There is no column `late`. Did you mean arr_delay?",
    )
    assert (not_run.outcome, not_run.reason) == ("not run", "There is no variable flights here.")


def test_from_a_step_on_calls_before_it_are_made_too() -> None:
    trace, ran = samples.web(), []

    def run(span: Span) -> Mapping[str, Any]:
        ran.append(span.name)
        return as_recorded(span)

    numbers = [step.step.number for step in replay(trace, run).steps]
    found = replay(trace, run, start=numbers[-1])
    assert ran == ["get_stock", "get_stock"]
    assert [step.step.number for step in found.steps] == numbers
    assert found.remarks == (f"From step {numbers[-1]} on.",)


def test_a_step_runs_with_another_program() -> None:
    ran = []

    def run(span: Span) -> Mapping[str, Any]:
        ran.append(span.data["sql"])
        return as_recorded(span)

    trace = samples.repaired()
    recorded = replay(trace, run, start=5).steps[0].step.span.data["sql"]
    found = replay(trace, run, start=5, program="SELECT 1\n")
    assert ran == [recorded, "SELECT 1"]
    assert "with the program of this cell" in found._repr_mimebundle_()["text/plain"]


def test_a_step_that_cannot_be_the_first_names_those_that_can() -> None:
    with pytest.raises(TraceError, match=r"Step 2 .* Steps that can be run again: 5\."):
        replay(samples.repaired(), as_recorded, start=2)
    call = next(step.step for step in replay(samples.web(), as_recorded).steps)
    with pytest.raises(TraceError, match="is a call without a program"):
        replay(samples.web(), as_recorded, start=call.number, program="SELECT 1")


def test_what_wrote_is_never_run_again() -> None:
    ran = []

    def run(span: Span) -> Mapping[str, Any]:
        ran.append(span.name)
        return as_recorded(span)

    found = replay(samples.web(), run)
    assert ran == ["get_stock"]
    assert [step.outcome for step in found.steps] == ["same", "not run"]
    assert not found.same


def test_rows_beyond_the_recorded_ones_are_said_not_to_be_compared() -> None:
    run = samples.ok()
    *others, last = run.spans
    trace = replace(run, spans=(*others, replace(last, data={**last.data, "rows": 5_000})))
    assert (
        replay(trace, as_recorded).steps[0].reason == "The first 16 of 5,000 rows were recorded and compared."
    )


def test_drift_of_the_data() -> None:
    then, now = samples.ok(), [samples.AIRLINES, {**samples.FLIGHTS, "rows": 9, "fingerprint": "full:2"}]
    assert [(c.what, c.before, c.after) for c in data_drift(then, now)] == [
        ("flights", "336,776 rows × 19 columns, b1946ac92492d234", "9 rows × 19 columns, full:2")
    ]
    assert [c.after for c in data_drift(then, [])] == ["not there"] * 2
    assert data_drift(then, then.data) == ()


def test_tokens_are_compared_by_their_digest_where_there_is_one() -> None:
    run = samples.repaired()
    assert token_changes(run, samples.repaired()) == ()
    first = run.spans[1]
    other = replace(first, data={**first.data, "completion": "SELECT 1", "prompt": "P"})
    changed = replace(run, spans=(run.spans[0], other, *run.spans[2:]))
    assert [change.what for change in token_changes(run, changed)] == ["prompt 1", "completion 1"]
    digests = [
        replace(run, spans=(run.spans[0], replace(first, data={**first.data, "tokens_sha256": digest * 64})))
        for digest in "ab"
    ]
    assert [change.what for change in token_changes(*digests)] == ["completion 1"]
    same = replay(run, as_recorded)
    assert same.same and not replace(same, tokens=token_changes(run, changed)).same
    # A completion that only one of the two wrote.
    assert [change.what for change in token_changes(run, digests[0])] == ["prompt 2", "completion 2"]


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_nothing_acts_in_a_replay(text: str) -> None:
    def run(span: Span) -> Mapping[str, Any]:
        if span.data.get("code"):
            raise TraceError(text)
        return {"rows": 1, "user_view": {"columns": [text], "rows": [[text]]}}

    trace = hostile.trace_of(text)
    found = replace(replay(trace, run, data_drift(trace, [])), tokens=token_changes(trace, samples.ok()))
    bundle = found._repr_mimebundle_()
    assert_html_is_harmless(bundle["text/html"])
    assert_markdown_is_harmless(bundle["text/markdown"])
    assert not hostile.UNSEEN.search(bundle["text/plain"])
