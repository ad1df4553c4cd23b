"""The text view of a trace."""

from __future__ import annotations

from qwen_magics.trace.spans import Trace

__all__ = ["to_text"]


def to_text(trace: Trace) -> str:
    """Draw the trace (for now the answer alone)."""
    return str((trace.answer or {}).get("text", ""))
