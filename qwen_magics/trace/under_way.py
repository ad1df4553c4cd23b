"""The record of a run that is still under way, as a live view shows it.

A snapshot is taken when a span changes. Between two of them a model writes and time passes; both are added
here, so that a view can be drawn as often as its reader wants without asking the recorder.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qwen_magics.trace.redact import redact
from qwen_magics.trace.spans import Span, Trace

__all__ = ["running_record", "writing_span"]

# Where the text of a span goes that grows while it runs.
_GROWS = {"llm": "completion", "approval": "preview"}
# Long, and of use to nobody before the end: the finished record has them.
_LATER = frozenset({"grammar", "tokens"})


def writing_span(trace: Trace) -> Span | None:
    """The innermost span under way, if its text grows: a completion, or what waits for approval."""
    running = next((span for span in reversed(trace.spans) if span.status == "running"), None)
    return running if running is not None and running.kind in _GROWS else None


def running_record(snapshot: Trace, text: str, elapsed: float) -> dict[str, Any]:
    """The JSON of `snapshot`, brought up to date.

    Args:
        text: what `writing_span` has by now; secrets are taken out.
        elapsed: seconds since the snapshot was taken.
    """
    writing = writing_span(snapshot)
    spans = tuple(_later(span, elapsed, text if span is writing else "") for span in snapshot.spans)
    seconds = round(float(snapshot.totals.get("seconds", 0.0)) + elapsed, 6)
    return replace(snapshot, spans=spans, totals={**snapshot.totals, "seconds": seconds}).to_dict()


def _later(span: Span, elapsed: float, text: str) -> Span:
    data = {key: value for key, value in span.data.items() if key not in _LATER}
    if text:
        data[_GROWS[span.kind]] = redact(text)[0]
    running = span.status == "running"
    return replace(span, data=data, seconds=round(span.seconds + elapsed, 6) if running else span.seconds)
