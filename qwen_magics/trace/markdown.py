"""The markdown view of a trace."""

from __future__ import annotations

from qwen_magics.trace.spans import Trace

__all__ = ["to_markdown"]


def to_markdown(trace: Trace) -> str:
    """Draw the trace (for now the answer alone)."""
    return str((trace.answer or {}).get("text", ""))
