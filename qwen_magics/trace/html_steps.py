"""The steps of a run as a tree of HTML `details`, each with its place in time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from qwen_magics.trace.escape import html, one_line
from qwen_magics.trace.html_parts import DIM, Budget, badge, block, error_block, folded, program, table
from qwen_magics.trace.outline import KINDS, Step, seconds
from qwen_magics.trace.table import count, table_view

__all__ = ["step_list"]

_DEEPEST = 12
_MOST_STEPS = 400
_TRACK = 110  # pixels that stand for the whole run
_LIST = "list-style: none; margin: 4px 0 6px 0; padding: 0"
_NESTED = f"{_LIST}; padding: 0 0 0 12px; border-left: 1px solid rgba(128,128,128,0.3)"
_ROW = "cursor: pointer; padding: 1px 0"
_BODY = "margin: 2px 0 10px 18px"
_BAR_COLOURS = {
    "llm": "#4a90d9",
    "tool": "#2e9e5b",
    "check": "#8a8f98",
    "approval": "#b8860b",
    "agent": "#8a8f98",
    "retry": "#8a8f98",
}
# Shown in their own way; everything else of a span's data is shown by name.
_DRAWN = {
    "prompt", "completion", "grammar", "finish_reason", "usage", "mean_logprob", "rejected_mass", "tool", "arguments",
    "effect", "approval", "sql", "code", "tables", "rows", "columns", "model_view", "user_view", "subject", "result", "reason",
}  # fmt: skip


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
        return f'<div style="padding: 1px 0 1px 16px; {DIM}">↻ {html(step.facts or step.span.name)}</div>'
    inside = _inside(step, budget)
    if not inside:
        return f'<div style="padding: 1px 0 1px 16px">{_line(step)}</div>'
    opened = " open" if step.span.status in ("error", "running", "denied") else ""
    summary = f'<summary style="{_ROW}">{_line(step)}</summary>'
    return f'<details{opened} style="margin: 0">{summary}<div style="{_BODY}">{inside}</div></details>'


def _line(step: Step) -> str:
    span = step.span
    number = f"{step.number}. " if step.number else ""
    kind = f'<span style="display: inline-block; min-width: 4.2em; {DIM}">{number}{KINDS[span.kind]}</span>'
    told = [step.facts]
    if span.status != "ok":
        told.insert(0, span.status)
    if span.error and span.error.get("type"):
        told[0] += f": {one_line(span.error['type'], 60)}"
    if step.repaired_by:
        told.append(f"repaired by step {step.repaired_by}")
    if step.depth > _DEEPEST:
        told.append(f"level {step.depth + 1:,}")
    facts = " · ".join(html(fact) for fact in told if fact)
    name = f"<strong>{html(one_line(span.name, 60))}</strong>"
    detail = f' <span style="{DIM}">· {facts}</span>' if facts else ""
    return f"{badge(span.status)} {kind} {name}{detail} {_time(step)}"


def _time(step: Step) -> str:
    """Seconds, and a bar that shows when in the run they passed."""
    begin = round(min(step.offset, 0.985) * _TRACK)
    width = max(2, round(step.share * _TRACK))
    bar = (
        f'<span style="display: inline-block; width: {_TRACK}px; height: 7px; background: rgba(128,128,128,0.14); '
        f'text-align: left; vertical-align: middle; overflow: hidden">{_segments(step, begin, width)}</span>'
    )
    time = f'<span style="display: inline-block; min-width: 5em; text-align: right">{seconds(step.span.seconds)}</span>'
    return f'<span style="float: right; {DIM}">{bar}{time}</span>'


def _segments(step: Step, begin: int, width: int) -> str:
    colour = _BAR_COLOURS[step.span.kind]
    prefill = _prefill_share(step.span.data) if step.span.kind == "llm" else 0.0
    first = min(width, round(prefill * width))
    style = "display: inline-block; height: 7px; vertical-align: top"
    parts = []
    if first:
        # Reading the prompt is the pale part, writing the full one.
        parts.append(
            f'<span style="{style}; margin-left: {begin}px; width: {first}px; background: {colour}; opacity: 0.5">'
        )
        parts.append("</span>")
        begin = 0
    if width > first:
        parts.append(
            f'<span style="{style}; margin-left: {begin}px; width: {width - first}px; background: {colour}"></span>'
        )
    return "".join(parts)


def _prefill_share(data: Mapping[str, Any]) -> float:
    usage = data.get("usage")
    if not isinstance(usage, Mapping):
        return 0.0
    prefill, decode = usage.get("prefill_s"), usage.get("decode_s")
    if not isinstance(prefill, (int, float)) or not isinstance(decode, (int, float)) or prefill + decode <= 0:
        return 0.0
    return min(1.0, max(0.0, prefill / (prefill + decode)))


def _inside(step: Step, budget: Budget) -> str:
    span = step.span
    parts = [error_block(span.error) if span.error else ""]
    draw = {"llm": _llm, "tool": _tool, "check": _check}.get(span.kind, _plain)
    parts += [*draw(span.data, budget), *_rest(span.data, budget)]
    return "\n".join(part for part in parts if part)


def _llm(data: Mapping[str, Any], budget: Budget) -> list[str]:
    return [
        block(str(data["completion"]), budget) if data.get("completion") else "",
        _small(_confidence(data)),
        folded("Prompt as sent", block(str(data["prompt"]), budget)) if data.get("prompt") else "",
        folded("Grammar", block(str(data["grammar"]), budget)) if data.get("grammar") else "",
    ]


def _confidence(data: Mapping[str, Any]) -> list[str]:
    usage = data.get("usage")
    times = usage if isinstance(usage, Mapping) else {}
    facts = [
        f"{name} {seconds(float(times[key]))}"
        for name, key in (
            ("first token after", "ttft_s"),
            ("prompt read in", "prefill_s"),
            ("written in", "decode_s"),
        )
        if isinstance(times.get(key), (int, float)) and times[key] > 0
    ]
    if isinstance(data.get("mean_logprob"), (int, float)):
        facts.append(f"mean log-probability {data['mean_logprob']:.2f}")
    rejected = data.get("rejected_mass")
    if isinstance(rejected, (int, float)) and rejected > 0:
        facts.append(f"{rejected:.1%} of the probability ruled out by the grammar")
    return facts


def _tool(data: Mapping[str, Any], budget: Budget) -> list[str]:
    preview = table_view(data.get("user_view"))
    code = data.get("sql") or data.get("code")
    tables = data.get("tables")
    facts = [f"reads {', '.join(map(str, tables))}"] if isinstance(tables, (list, tuple)) and tables else []
    facts += [f"{key} {data[key]}" for key in ("effect", "approval") if data.get(key)]
    return [
        program(str(code), budget) if code else _arguments(data, budget),
        _small(facts),
        table(preview) if preview else _view(data.get("user_view"), budget),
        folded("What the model was shown", block(str(data["model_view"]), budget))
        if data.get("model_view")
        else "",
    ]


def _check(data: Mapping[str, Any], budget: Budget) -> list[str]:
    code = data.get("sql") or data.get("code")
    return [program(str(code), budget) if code else ""]


def _plain(data: Mapping[str, Any], budget: Budget) -> list[str]:
    facts = [f"{key} {data[key]}" for key in ("tool", "effect", "approval", "reason") if data.get(key)]
    return [_small(facts), _arguments(data, budget)]


def _arguments(data: Mapping[str, Any], budget: Budget) -> str:
    return block(_json(data["arguments"]), budget) if data.get("arguments") else ""


def _view(value: object, budget: Budget) -> str:
    return block(value if isinstance(value, str) else _json(value), budget) if value else ""


def _rest(data: Mapping[str, Any], budget: Budget) -> list[str]:
    unknown = {key: value for key, value in data.items() if key not in _DRAWN}
    return [folded("More", block(_json(unknown), budget))] if unknown else []


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def _small(facts: Sequence[str]) -> str:
    shown = " · ".join(html(one_line(fact, 300)) for fact in facts)
    return f'<p style="margin: 0 0 4px 0"><small style="{DIM}">{shown}</small></p>' if shown else ""
