"""Traces with anything in any field, as a hand or a bug may have left them: all that one is for works."""

from __future__ import annotations

import copy
import json
from typing import Any

import samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.proto_json.trace.v1.trace import TracesData

from qwen_magics.errors import TraceError
from qwen_magics.trace import Trace, Traces, diff, mime_bundle, scrub, to_otlp_lines, to_script
from qwen_magics.trace.replay import data_drift, replay

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
RUNS = {name: make().to_dict() for name, make in samples.ALL.items()}
# Every field that any sample has, as a path.
FIELDS = sorted(
    {(name, key) for name, run in RUNS.items() for key in run}
    | {
        (name, number, "data", key)
        for name, run in RUNS.items()
        for number, span in enumerate(run["spans"])
        for key in span["data"]
    },
    key=str,
)


def everything(trace: Trace) -> None:
    """All that a trace is for."""
    whole = samples.repaired()
    mime_bundle(trace)
    mime_bundle(scrub(trace))
    diff(trace, whole)._repr_mimebundle_()
    diff(whole, trace)._repr_mimebundle_()
    again = replay(trace, lambda span: span.data, data_drift(trace, whole.data))
    again._repr_mimebundle_()
    to_script(trace)
    for line in to_otlp_lines([trace]):
        TracesData.from_json(line)
    assert len(Traces([trace, whole]).runs) == 2
    Traces([trace, whole]).steps["rows"].sum()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FIELDS), JSON)
def test_any_value_in_any_field(path: tuple[Any, ...], value: Any) -> None:
    name, *inside, last = path
    saved = copy.deepcopy(RUNS[name])
    holder: Any = saved
    for key in ("spans", *inside) if inside else ():
        holder = holder[key]
    holder[last] = value
    try:
        trace = Trace.from_dict(json.loads(json.dumps(saved)))
    except TraceError:
        return
    everything(trace)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(FIELDS))
def test_any_field_missing(path: tuple[Any, ...]) -> None:
    name, *inside, last = path
    saved = copy.deepcopy(RUNS[name])
    holder: Any = saved
    for key in ("spans", *inside) if inside else ():
        holder = holder[key]
    del holder[last]
    try:
        trace = Trace.from_dict(saved)
    except TraceError:
        return
    everything(trace)
