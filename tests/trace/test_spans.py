from __future__ import annotations

import copy
from typing import Any

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from qwen_magics.errors import TraceError
from qwen_magics.trace import Trace, mime_bundle

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def saved() -> dict[str, Any]:
    return copy.deepcopy(samples.repaired().to_dict())


def test_unknown_keys_of_a_later_minor_version_are_ignored() -> None:
    value = saved() | {"schema": "1.7", "novelty": {"x": 1}}
    value["spans"][0]["novelty"] = 1
    assert len(Trace.from_dict(value).spans) == len(value["spans"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "2.0"}, r"schema 2\.0, this package reads 1\.x"),
        ({"schema": 1}, "`schema` of the trace must be a string, it is a int"),
        ({"spans": {}}, "`spans` of the trace must be an array"),
        ({"status": "fine"}, "it must be one of running, ok, error"),
        ({"question": None}, "`question` of the trace must be a string"),
        ({"answer": "42"}, "`answer` of the trace must be an object"),
    ],
)
def test_damage_of_the_envelope_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(TraceError, match=message):
        Trace.from_dict(saved() | change)


@pytest.mark.parametrize("value", [None, [], "x", 3])
def test_something_else_is_no_trace(value: object) -> None:
    with pytest.raises(TraceError, match="must be a JSON object"):
        Trace.from_dict(value)


def test_damaged_spans_are_left_out_with_a_note() -> None:
    value = saved()
    whole = len(value["spans"])
    value["spans"][2] = {"span_id": 7}
    value["spans"].append("nonsense")
    trace = Trace.from_dict(value)
    assert len(trace.spans) == whole - 1
    assert trace.notes[-1].startswith("2 damaged spans left out: `span_id` of the span must be a string")
    assert "2 damaged spans" in mime_bundle(trace)["text/html"]


def test_circles_and_lost_parents_become_roots() -> None:
    value = saved()
    first, second = value["spans"][:2]
    first["parent_id"], second["parent_id"] = second["span_id"], "f" * 16
    trace = Trace.from_dict(value)
    assert [trace.spans[0].parent_id, trace.spans[1].parent_id] == [None, None]
    assert first["name"] in mime_bundle(trace)["text/plain"]


@given(st.sampled_from(sorted(samples.repaired().to_dict())), JSON)
def test_any_value_in_a_field_of_the_envelope_is_read_or_refused(key: str, value: Any) -> None:
    try:
        trace = Trace.from_dict(saved() | {key: value})
    except TraceError:
        return
    assert set(mime_bundle(trace)) >= {"text/html", "text/markdown", "text/plain"}


@given(st.integers(0, 5), st.sampled_from(sorted(samples.repaired().to_dict()["spans"][0])), JSON)
def test_any_value_in_a_field_of_a_span_is_read_or_left_out(number: int, key: str, value: Any) -> None:
    trace = saved()
    trace["spans"][number][key] = value
    assert set(mime_bundle(Trace.from_dict(trace))) >= {"text/html", "text/markdown", "text/plain"}


@given(
    st.sampled_from(["llm", "tool", "check", "retry", "approval"]),
    st.sampled_from(
        (
            *(
                "usage",
                "prompt",
                "completion",
                "user_view",
                "columns",
                "rows",
                "tables",
                "arguments",
                "sql",
                "code",
            ),
            *("approval", "reason", "mean_logprob", "rejected_mass", "finish_reason", "result", "model_view"),
        )
    ),
    JSON,
)
def test_any_value_in_the_data_of_a_span_is_drawn(kind: str, key: str, value: Any) -> None:
    trace = saved()
    trace["spans"][3] |= {"kind": kind, "data": {key: value}}
    assert set(mime_bundle(Trace.from_dict(trace))) >= {"text/html", "text/markdown", "text/plain"}


@given(st.dictionaries(st.sampled_from(["kind", "text", "code", "preview", "value"]), JSON))
def test_any_answer_is_drawn(answer: dict[str, Any]) -> None:
    assert mime_bundle(Trace.from_dict(saved() | {"answer": answer}))["text/html"]
