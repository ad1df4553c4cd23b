"""The plain text view, for terminals: answer first, at most 100 columns wide, no escape sequences."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

from qwen_magics.trace.escape import one_line, visible
from qwen_magics.trace.limits import cut_middle
from qwen_magics.trace.outline import (
    GLYPHS,
    KINDS,
    AnswerView,
    Step,
    answer_view,
    doing,
    failure,
    metrics,
    seconds,
    steps,
)
from qwen_magics.trace.spans import Trace
from qwen_magics.trace.table import TableView, count

__all__ = ["to_text", "width"]

_WIDTH = 100
_WIDEST_COLUMN = 40
_MOST_STEPS = 60
_LONGEST_TEXT = 4_000


def to_text(trace: Trace) -> str:
    """Draw a trace as lines: answer, table, program, one line about the run, one line per step."""
    answer = answer_view(trace)
    source = _wrapped(f"From {answer.source}.") if answer and answer.source else ""
    parts = [_answer(answer) if answer else "", _program(answer), source, _ending(trace), _run(trace)]
    return "\n\n".join(part for part in parts if part)


def width(text: str) -> int:
    """Columns that a terminal needs for a line: East Asian wide characters take two, combining ones none.

    >>> width("表格"), width("é")
    (4, 1)
    """
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _answer(answer: AnswerView) -> str:
    if answer.is_program:
        return ""
    text = _wrapped(answer.text)
    drawn = _table(answer.table) if answer.table and answer.kind == "table" else ""
    readings = [line for reading in answer.readings for line in _clipped(reading).splitlines()]
    listed = [piece for line in readings for piece in _folded(f"    {line}", "    ")]
    return "\n".join(part for part in (text, *listed, drawn) if part)


def _program(answer: AnswerView | None) -> str:
    if answer is None or not answer.code:
        return ""
    lines = _clipped(answer.code).splitlines()
    return "\n".join(piece for line in lines for piece in _folded(f"    {line}", "      "))


def _ending(trace: Trace) -> str:
    error = failure(trace)
    if error is not None:
        told = [one_line(error.get(key, ""), 500) for key in ("message", "hint")]
        kind = one_line(error.get("type", ""), 80)
        return _wrapped(f"{GLYPHS['error']} {kind}: {' '.join(part for part in told if part)}")
    if trace.status == "cancelled":
        return "Stopped. What had happened until then is recorded."
    return doing(trace) if trace.status == "running" else ""


def _run(trace: Trace) -> str:
    listed = steps(trace)
    lines = _joined([f"{GLYPHS[trace.status]} {trace.status}", *metrics(trace)])
    lines += [line for step in listed[:_MOST_STEPS] for line in _step(step)]
    if len(listed) > _MOST_STEPS:
        lines.append(f"  … {len(listed) - _MOST_STEPS:,} more steps in the trace's data")
    if trace.redactions:
        lines.append(f"  {count(trace.redactions, 'secret')} taken out.")
    for note in trace.notes:
        lines += _folded(f"  {one_line(note, 400)}", "  ")
    return "\n".join(lines)


def _joined(parts: Sequence[str]) -> list[str]:
    """The parts with dots between them, broken only between parts."""
    lines = [parts[0]]
    for part in parts[1:]:
        longer = f"{lines[-1]} · {part}"
        if width(longer) <= _WIDTH:
            lines[-1] = longer
        else:
            lines.append(_fit(f"    {part}", _WIDTH))
    return lines


def _step(step: Step) -> list[str]:
    span = step.span
    indent = "  " * min(step.depth, 8)
    if span.kind == "retry":
        return [] if step.said else [_fit(f"  {indent}    ↻ {step.facts or one_line(span.name, 60)}", _WIDTH)]
    number = f"{step.number}." if step.number else ""
    told = [f"{KINDS[span.kind]}: {one_line(span.name, 40)}", step.facts]
    if span.status != "ok":
        told.insert(1, span.status)
    if step.repaired_by:
        told.append(f"repaired by step {step.repaired_by}")
    if step.evidence:
        told.append("gave the answer")
    shown = f"  {indent}{number:<4}{GLYPHS[span.status]} " + " · ".join(part for part in told if part)
    time = seconds(span.seconds)
    room = _WIDTH - width(time) - 1
    return [_fit(shown, room, pad=True) + " " + time, *_error(step, f"  {indent}      ")]


def _error(step: Step, indent: str) -> list[str]:
    error = step.span.error
    if error is None:
        return []
    told = " ".join(one_line(error.get(key, ""), 300) for key in ("message", "hint")).strip()
    return _folded(f"{indent}{told}", indent) if told else []


def _table(view: TableView) -> str:
    if not view.columns:
        return ""
    columns, widths = _that_fit(view)
    head = [_fit(view.columns[i].name, widths[i]) for i in columns]
    body = [[_fit(row[i].text, widths[i]) for i in columns] for row in view.rows]
    right = [view.columns[i].numeric for i in columns]
    drawn = [_row(cells, [widths[i] for i in columns], right) for cells in (head, *body)]
    drawn.insert(1, "  ".join("─" * widths[i] for i in columns))
    remark = (
        view.remark
        if len(columns) == len(view.columns)
        else f"{len(columns)} of {view.shape.split(' × ')[1]}"
    )
    if remark or not view.rows:
        drawn.append(f"({remark or 'no rows'})")
    return "\n".join(drawn)


def _that_fit(view: TableView) -> tuple[list[int], list[int]]:
    """Which columns fit beside each other, and the width of every column."""
    widths = [
        min(
            _WIDEST_COLUMN,
            max(1, *(width(text) for text in (column.name, *(row[i].text for row in view.rows)))),
        )
        for i, column in enumerate(view.columns)
    ]
    used, fitting = -2, list[int]()
    for i, needed in enumerate(widths):
        used += needed + 2
        if used > _WIDTH and fitting:
            break
        fitting.append(i)
    return fitting, widths


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        " " * (wide - width(cell)) + cell if numeric else cell + " " * (wide - width(cell))
        for cell, wide, numeric in zip(cells, widths, right, strict=True)
    ]
    return "  ".join(padded).rstrip()


def _fit(text: str, most: int, *, pad: bool = False) -> str:
    if width(text) > most:
        kept = ""
        for character in text:
            if width(kept) + _character_width(character) > most - 1:
                break
            kept += character
        text = f"{kept}…"
    return text + " " * (most - width(text)) if pad else text


def _wrapped(text: str) -> str:
    lines = _clipped(text).splitlines()
    return "\n".join(piece for line in lines for piece in _folded(line, ""))


def _clipped(text: str) -> str:
    return visible(cut_middle(text, _LONGEST_TEXT)).strip("\n")


def _folded(line: str, indent: str) -> list[str]:
    """The line in pieces of at most the page's width; white space inside of it is kept."""
    pieces = textwrap.wrap(line.expandtabs(4), _WIDTH, subsequent_indent=indent, replace_whitespace=False)
    return [_fit(piece, _WIDTH) for piece in pieces] or [""]
