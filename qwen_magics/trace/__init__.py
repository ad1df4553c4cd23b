"""The record of a run: taking it down, keeping it small and clean, showing it, reading it back, comparing it.

Knows nothing of agents, models or notebooks' kernels.
"""

from __future__ import annotations

from qwen_magics.trace.bundle import mime_bundle
from qwen_magics.trace.diff import diff
from qwen_magics.trace.otel import to_otlp, to_otlp_lines
from qwen_magics.trace.read import Traces, read_traces
from qwen_magics.trace.recorder import OpenSpan, Recorder
from qwen_magics.trace.script import to_script
from qwen_magics.trace.scrub import scrub
from qwen_magics.trace.spans import MIME, SCHEMA, Span, Trace

__all__ = [
    "MIME",
    "SCHEMA",
    "OpenSpan",
    "Recorder",
    "Span",
    "Trace",
    "Traces",
    "diff",
    "mime_bundle",
    "read_traces",
    "scrub",
    "to_otlp",
    "to_otlp_lines",
    "to_script",
]
