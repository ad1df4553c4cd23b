"""The steps of a run as a tree of HTML `details`, each with its place in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qwen_magics.trace.escape import html, one_line
from qwen_magics.trace.html_parts import DIM, Budget, badge, told
from qwen_magics.trace.html_span import inside
from qwen_magics.trace.outline import KINDS, Step, seconds
from qwen_magics.trace.table import count

__all__ = ["step_list"]

_DEEPEST = 12
_MOST_STEPS = 400
_TRACK = 110  # pixels that stand for the whole run
_LIST = "list-style: none; margin: 4px 0 6px 0; padding: 0"
_NESTED = f"{_LIST}; padding: 0 0 0 12px; border-left: 1px solid rgba(128,128,128,0.3)"
_ROW = "cursor: pointer; padding: 1px 0; overflow: hidden"
_BODY = "margin: 2px 0 10px 18px"
_BAR_COLOURS = {
    "llm": "#4a90d9",
    "tool": "#2e9e5b",
    "check": "#8a8f98",
    "approval": "#b8860b",
    "agent": "#8a8f98",
    "retry": "#8a8f98",
}


def step_list(steps: Sequence[Step], budget: Budget) -> str:
    """The steps, in the order of the tree, nested no deeper than a page can bear."""
    parts: list[str] = []
    depth = -1
    for step in steps[:_MOST_STEPS]:
        wanted = min(step.depth, _DEEPEST)
        # A list may only begin inside an item that is still open, so a level is entered one at a time.
        while depth > wanted:
            parts.append("</li></ul>")
            depth -= 1
        if depth == wanted:
            parts.append("</li>")
        while depth < wanted:
            parts.append(f'<ul style="{_LIST if depth < 0 else _NESTED}">')
            depth += 1
        parts.append(f'<li style="margin: 0">{_step(step, budget)}')
    parts.append("</li></ul>" * (depth + 1))
    hidden = len(steps) - _MOST_STEPS
    if hidden > 0:
        parts.append(f"<p><small>{count(hidden, 'more step')} in the trace's data.</small></p>")
    return "\n".join(parts)


def _step(step: Step, budget: Budget) -> str:
    if step.span.kind == "retry":
        return f'<div style="padding: 1px 0 1px 16px; {DIM}">↻ {_again(step)}</div>'
    opens_to = inside(step, budget)
    if not opens_to:
        return f'<div style="padding: 1px 0 1px 16px">{_line(step)}</div>'
    opened = " open" if step.span.status in ("error", "running", "denied") else ""
    summary = f'<summary style="{_ROW}">{_line(step)}</summary>'
    return f'<details{opened} style="margin: 0">{summary}<div style="{_BODY}">{opens_to}</div></details>'


def _again(step: Step) -> str:
    if step.said or not step.facts:
        return "trying again"
    return told(f"trying again: {step.facts}", 400)


def _line(step: Step) -> str:
    span = step.span
    number = f"{step.number}. " if step.number else ""
    kind = f'<span style="display: inline-block; min-width: 6.2em; {DIM}">{number}{KINDS[span.kind]}</span>'
    remarks = [step.facts]
    if span.status != "ok":
        remarks.insert(0, span.status)
    if span.error and span.error.get("type"):
        remarks[0] += f": {one_line(span.error['type'], 60)}"
    if step.repaired_by:
        remarks.append(f"repaired by step {step.repaired_by}")
    if step.evidence:
        remarks.append("gave the answer")
    if step.depth > _DEEPEST:
        remarks.append(f"level {step.depth + 1:,}")
    facts = " · ".join(html(fact) for fact in remarks if fact)
    name = f"<strong>{html(one_line(span.name, 60))}</strong>"
    detail = f' <span style="{DIM}">· {facts}</span>' if facts else ""
    return f"{badge(span.status)} {kind} {name}{detail} {_time(step)}"


def _time(step: Step) -> str:
    """Seconds, and a bar that shows when in the run they passed."""
    track = f"width: {_TRACK}px; height: 7px; background: rgba(128,128,128,0.14); overflow: hidden"
    # The dot is for readers that take the styles, and with them the bar, out.
    place = "display: inline-block; vertical-align: middle; font-size: 0"
    bar = f'<span style="{place}; {track}">· {_segments(step)}</span>'
    column = "display: inline-block; min-width: 5em; text-align: right"
    time = f'<span style="{column}">{html(seconds(step.span.seconds))}</span>'
    return f'<span style="float: right; {DIM}">{bar}{time}</span>'


def _segments(step: Step) -> str:
    """Reading the prompt is the pale part of a model's bar, writing the full one."""
    begin = round(min(step.offset, 0.985) * _TRACK)
    width = max(2, round(step.share * _TRACK))
    pale = min(width, round(_prefill_share(step.span.data) * width)) if step.span.kind == "llm" else 0
    colour = _BAR_COLOURS[step.span.kind]
    first = _segment(begin, pale, f"{colour}; opacity: 0.5") if pale else ""
    return first + (_segment(0 if pale else begin, width - pale, colour) if width > pale else "")


def _segment(left: int, width: int, background: str) -> str:
    place = f"margin-left: {left}px; width: {width}px; height: 7px; vertical-align: top"
    return f'<span style="display: inline-block; {place}; background: {background}"></span>'


def _prefill_share(data: Mapping[str, Any]) -> float:
    usage = data.get("usage")
    if not isinstance(usage, Mapping):
        return 0.0
    prefill, decode = usage.get("prefill_s"), usage.get("decode_s")
    if not isinstance(prefill, (int, float)) or not isinstance(decode, (int, float)) or prefill + decode <= 0:
        return 0.0
    return min(1.0, max(0.0, prefill / (prefill + decode)))
