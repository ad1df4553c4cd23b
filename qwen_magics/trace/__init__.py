"""The record of a run: taking it down, keeping it small and clean, showing it, reading it back.

Knows nothing of agents, models or notebooks' kernels.
"""

from __future__ import annotations

from qwen_magics.trace.bundle import mime_bundle
from qwen_magics.trace.read import read_traces
from qwen_magics.trace.recorder import OpenSpan, Recorder
from qwen_magics.trace.spans import MIME, SCHEMA, Span, Trace

__all__ = ["MIME", "SCHEMA", "OpenSpan", "Recorder", "Span", "Trace", "mime_bundle", "read_traces"]
