"""A comparison of two runs as HTML, Markdown and text."""

from __future__ import annotations

from collections.abc import Sequence

from qwen_magics.trace.diff import Change, StepDiff, TraceDiff
from qwen_magics.trace.escape import fenced, html, markdown, one_line, visible
from qwen_magics.trace.html_parts import Budget, block, folded, page, paragraph, table
from qwen_magics.trace.line_diff import line_diff
from qwen_magics.trace.outline import GLYPHS, KINDS, Step, metrics, seconds
from qwen_magics.trace.spans import Trace
from qwen_magics.trace.table import Cell, Column, TableView, count

__all__ = ["change_lines", "diff_bundle"]

_MARKS = {"same": "=", "changed": "≠", "only in A": "−", "only in B": "+"}
_SHORT = 100
_LONGEST = 8_000


def diff_bundle(found: TraceDiff) -> dict[str, str]:
    """The comparison as a MIME bundle of text/html, text/markdown and text/plain."""
    return {"text/html": _html(found), "text/markdown": _markdown(found), "text/plain": _text(found)}


def change_lines(change: Change) -> str:
    """Both texts of a change: on one line if they are short, else as a line diff."""
    before, after = change.before, change.after
    if "\n" not in before + after and len(before) + len(after) <= _SHORT:
        return f"{before or '–'} → {after or '–'}"
    return line_diff(before, after)[:_LONGEST]


def _headline(found: TraceDiff) -> str:
    if found.same:
        return "The runs are the same, step by step."
    counts = {word: sum(step.outcome == word for step in found.steps) for word in _MARKS}
    told = [f"{count(number, 'step')} {word}" for word, number in counts.items() if number]
    return ", ".join(told) + "."


def _run(name: str, trace: Trace) -> str:
    return f"{name}: {one_line(trace.question, 160)} — {GLYPHS[trace.status]} " + " · ".join(
        [trace.status, *metrics(trace), f"{trace.trace_id[:8]}, {trace.started_at}"]
    )


def _line(step: StepDiff) -> str:
    """A step with its numbers in both runs, such as `≠ 3 → 5. tool sql · changed: result`."""
    shown = step.before or step.after
    assert shown is not None
    numbers = [str(side.number) for side in (step.before, step.after) if side and side.number]
    number = " → ".join(dict.fromkeys(numbers))
    told = [
        f"{KINDS[shown.span.kind]} {one_line(shown.span.name, 60)}",
        _times(step.before, step.after),
        step.outcome + (": " + ", ".join(change.what for change in step.changes) if step.changes else ""),
    ]
    return f"{_MARKS[step.outcome]} {number + '. ' if number else ''}" + " · ".join(told)


def _times(before: Step | None, after: Step | None) -> str:
    return " → ".join(dict.fromkeys(seconds(side.span.seconds) for side in (before, after) if side))


def _envelope(changes: Sequence[Change]) -> TableView:
    head = (Column("", False), Column("A", False), Column("B", False))
    rows = [
        (Cell(change.what), *(Cell(one_line(side or "–", 120)) for side in (change.before, change.after)))
        for change in changes
    ]
    return TableView(head, tuple(rows), len(rows), len(head))


def _html(found: TraceDiff) -> str:
    budget = Budget()
    parts = [
        paragraph(f"<strong>{html(_headline(found))}</strong>"),
        paragraph(html(_run("A", found.before))),
        paragraph(html(_run("B", found.after))),
        table(_envelope(found.envelope)) if found.envelope else "",
        *(_html_step(step, budget) for step in found.steps),
    ]
    return page([part for part in parts if part])


def _html_step(step: StepDiff, budget: Budget) -> str:
    inside = "".join(
        paragraph(html(change.what)) + block(change_lines(change), budget) for change in step.changes
    )
    # What an unchanged step did stands in the traces.
    return folded(_line(step), inside) if inside else paragraph(html(_line(step)))


def _markdown(found: TraceDiff) -> str:
    parts = [f"**{markdown(_headline(found))}**"]
    parts += [f"- {markdown(_run(name, trace))}" for name, trace in (("A", found.before), ("B", found.after))]
    parts += [f"- {markdown(_change(change))}" for change in found.envelope]
    for step in found.steps:
        parts.append(markdown(_line(step)))
        for change in step.changes:
            parts += [markdown(change.what), fenced(change_lines(change), "diff")]
    return "\n\n".join(parts) + "\n"


def _text(found: TraceDiff) -> str:
    parts = [_headline(found), "", _run("A", found.before), _run("B", found.after), ""]
    parts += [_change(change) for change in found.envelope]
    for step in found.steps:
        parts.append(_line(step))
        for change in step.changes:
            parts += [f"    {change.what}", *(f"      {line}" for line in change_lines(change).splitlines())]
    return "\n".join(visible(part) for part in parts)


def _change(change: Change) -> str:
    before, after = (one_line(side or "–", 120) for side in (change.before, change.after))
    return f"{change.what}: {before} → {after}"
