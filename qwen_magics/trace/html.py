"""The html view of a trace."""

from __future__ import annotations

from qwen_magics.trace.spans import Trace

__all__ = ["to_html"]


def to_html(trace: Trace, *, answer_html: str | None = None) -> str:
    """Draw the trace (for now the answer alone)."""
    import html

    return answer_html or f"<p>{html.escape(str((trace.answer or {}).get('text', '')))}</p>"
