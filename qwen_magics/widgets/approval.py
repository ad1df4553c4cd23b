"""How a call that waits for approval looks in a cell, and the question under it.

The question goes through the kernel's `input()`: every frontend draws it, also while the cell runs, when the
click of a widget would not reach the kernel.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qwen_magics.agent.calling.approvals import Approval, Decision

__all__ = ["approval_html", "ask_in_cell"]


def ask_in_cell(approval: Approval) -> Decision:
    """Ask below the display that shows the call."""
    from qwen_magics.agent.calling.approvals import ask_person

    return ask_person(approval, shown=True)


def approval_html(text: str) -> str:
    """The whole of what would run, nothing left out: long ones scroll."""
    box = (
        "border:1px solid var(--jp-warn-color1,#ef6c00);border-left-width:4px;border-radius:2px;"
        "padding:6px 10px;margin:4px 0;max-width:60em"
    )
    body = "margin:4px 0 0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:24em;overflow-y:auto"
    return (
        f'<div style="{box}"><strong>This would run. Answer below.</strong>'
        f'<pre style="{body}">{html.escape(text)}</pre></div>'
    )
