"""One output that every reader can show: the record itself and three views of it."""

from __future__ import annotations

from typing import Any

from qwen_magics.trace.html import to_html
from qwen_magics.trace.markdown import to_markdown
from qwen_magics.trace.spans import MIME, Trace
from qwen_magics.trace.text import to_text

__all__ = ["mime_bundle"]


def mime_bundle(trace: Trace, *, answer_html: str | None = None) -> dict[str, Any]:
    """The trace as a Jupyter MIME bundle.

    Args:
        trace: finished or running.
        answer_html: shown in place of the drawn answer. Whoever passes it has escaped what is in it.
    """
    return {
        MIME: trace.to_dict(),
        "text/html": to_html(trace, answer_html=answer_html),
        "text/markdown": to_markdown(trace),
        "text/plain": to_text(trace),
    }
