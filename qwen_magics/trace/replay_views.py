"""A replay as HTML, Markdown and text."""

from __future__ import annotations

from qwen_magics.trace.diff import Change
from qwen_magics.trace.diff_views import change_lines
from qwen_magics.trace.escape import fenced, html, markdown, one_line, visible
from qwen_magics.trace.html_parts import Budget, badge, block, folded, page, paragraph
from qwen_magics.trace.outline import GLYPHS
from qwen_magics.trace.replay import Replay, ReplayedStep

__all__ = ["replay_bundle"]

_STATUS = {"same": "ok", "changed": "truncated", "failed": "error", "not run": "denied"}
_GLYPHS = {"same": "=", "changed": "≠", "failed": GLYPHS["error"], "not run": GLYPHS["denied"]}


def replay_bundle(replay: Replay) -> dict[str, str]:
    """The replay as a MIME bundle of text/html, text/markdown and text/plain."""
    return {"text/html": _html(replay), "text/markdown": _markdown(replay), "text/plain": _text(replay)}


def _run(replay: Replay) -> str:
    trace = replay.trace
    return f"Run {trace.trace_id[:8]} of {trace.started_at}: {one_line(trace.question, 160)}"


def _remarks(replay: Replay) -> list[str]:
    remarks = list(replay.remarks)
    if replay.tokens is not None:
        total = sum(span.kind == "llm" for span in replay.trace.spans)
        other = sum(change.what.startswith("completion") for change in replay.tokens)
        remarks.insert(
            0,
            f"Completions with the same tokens: {max(0, total - other)} of {total}.",
        )
    return remarks


def _line(step: ReplayedStep) -> str:
    told = step.outcome + (": " + ", ".join(change.what for change in step.changes) if step.changes else "")
    number = f"{step.step.number}. " if step.step.number else ""
    return " · ".join(
        part for part in (f"{number}{one_line(step.step.span.name, 60)}", told, step.reason) if part
    )


def _drift(change: Change) -> str:
    return f"{change.what}: {change.before} → {change.after}"


def _html(replay: Replay) -> str:
    budget = Budget()
    parts = [
        paragraph(f"<strong>{html(replay.headline)}</strong>"),
        paragraph(html(_run(replay))),
        *(paragraph(f"Data: {html(_drift(change))}") for change in replay.drift),
        *(_html_step(step, budget) for step in replay.steps),
        *(paragraph(html(remark)) for remark in _remarks(replay)),
        *(folded(change.what, block(change_lines(change), budget)) for change in replay.tokens or ()),
    ]
    return page(parts)


def _html_step(step: ReplayedStep, budget: Budget) -> str:
    head = paragraph(f"{badge(_STATUS[step.outcome])} {html(_line(step))}")
    changes = (
        folded(change.what, block(change_lines(change), budget), opened=True) for change in step.changes
    )
    return head + "".join(changes)


def _markdown(replay: Replay) -> str:
    parts = [f"**{markdown(replay.headline)}**", markdown(_run(replay))]
    parts += [f"- {markdown(_drift(change))}" for change in replay.drift]
    for step in replay.steps:
        parts.append(f"{_GLYPHS[step.outcome]} {markdown(_line(step))}")
        for change in step.changes:
            parts += [markdown(change.what), fenced(change_lines(change), "diff")]
    parts += [markdown(remark) for remark in _remarks(replay)]
    for change in replay.tokens or ():
        parts += [markdown(change.what), fenced(change_lines(change), "diff")]
    return "\n\n".join(parts) + "\n"


def _text(replay: Replay) -> str:
    lines = [replay.headline, _run(replay), *(f"Data: {_drift(change)}" for change in replay.drift)]
    for step in replay.steps:
        lines.append(f"  {_GLYPHS[step.outcome]} {_line(step)}")
        lines += _indented(step.changes)
    return "\n".join(visible(line) for line in [*lines, *_remarks(replay), *_indented(replay.tokens or ())])


def _indented(changes: tuple[Change, ...]) -> list[str]:
    lines = []
    for change in changes:
        lines += [f"      {change.what}", *(f"        {line}" for line in change_lines(change).splitlines())]
    return lines
