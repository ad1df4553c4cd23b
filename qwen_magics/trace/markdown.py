"""The Markdown view, GitHub-flavoured: reads well where HTML is not shown.

Text of models, tools and data stands in code blocks, or escaped so that nothing in it acts: no link, no
image, no mention, no formula, no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qwen_magics.trace.details import decision, exchanges, frame_changes, laid_out, language_of
from qwen_magics.trace.escape import fenced, markdown, one_line
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
    repair_diff,
    seconds,
    steps,
)
from qwen_magics.trace.spans import Trace
from qwen_magics.trace.table import TableView, count

__all__ = ["to_markdown"]

_MOST_STEPS = 100
_LONGEST_BLOCK = 8_000
_LONGEST_VIEW = 200_000
_DEEPEST = 6


def to_markdown(trace: Trace) -> str:
    """Draw a trace: answer, table, program, a line about the run, then its steps as a list."""
    answer = answer_view(trace)
    parts = [
        *(_answer(answer) if answer else []),
        _ending(trace),
        _code(answer.code, answer.language) if answer and answer.code else "",
        f"From {markdown(answer.source)}." if answer and answer.source else "",
        _summary(trace),
        *_steps(trace),
        *(f"*{markdown(note)}*" for note in _notes(trace)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _answer(answer: AnswerView) -> list[str]:
    if answer.is_program:
        return []
    text = answer.text.strip()
    if "\n" in text or len(text) > 400:
        shown = "\n\n".join(
            markdown(p) for p in re.split(r"\n\s*\n", cut_middle(text, _LONGEST_BLOCK)) if p.strip()
        )
    else:
        shown = f"**{markdown(text)}**" if text else ""
    readings = (fenced(cut_middle(reading, 2_000)) for reading in answer.readings)
    return [shown, *readings, _table(answer.table) if answer.table and answer.kind == "table" else ""]


def _ending(trace: Trace) -> str:
    error = failure(trace)
    if error is not None:
        return _error(error.get("type", ""), error.get("message", ""), error.get("hint", ""))
    if trace.status == "cancelled":
        return "**Stopped.** What had happened until then is recorded below."
    return f"**{markdown(doing(trace))}**" if trace.status == "running" else ""


def _error(kind: str, message: str, hint: str) -> str:
    told = [f"**{GLYPHS['error']} {markdown(one_line(kind, 80))}**", markdown(one_line(message, 1_000))]
    return " ".join([*told, f"*{markdown(one_line(hint, 500))}*" if hint else ""]).strip()


def _summary(trace: Trace) -> str:
    return " · ".join(
        [f"{GLYPHS[trace.status]} **{trace.status}**", *(markdown(part) for part in metrics(trace))]
    )


def _notes(trace: Trace) -> list[str]:
    return [*([f"{count(trace.redactions, 'secret')} taken out."] if trace.redactions else []), *trace.notes]


def _steps(trace: Trace) -> list[str]:
    listed = steps(trace)
    room, parts = _LONGEST_VIEW, list[str]()
    shown: set[str] = set()
    for step in listed[:_MOST_STEPS]:
        drawn = _step(step, _blocks(step, shown) if room > 0 else [])
        room -= len(drawn)
        parts.append(drawn)
    if len(listed) > _MOST_STEPS:
        parts.append(f"*{len(listed) - _MOST_STEPS:,} more steps in the trace's data.*")
    # One list: a loose one would break at the code blocks.
    return ["\n".join(parts)] if parts else []


def _step(step: Step, blocks: list[str]) -> str:
    span = step.span
    indent = "  " * min(step.depth, _DEEPEST)
    if span.kind == "retry":
        why = f": {markdown(step.facts)}" if step.facts and not step.said else ""
        return f"{indent}- ↻ trying again{why}"
    number = f"{step.number}\\. " if step.number else ""
    told = [
        f"{GLYPHS[span.status]} {number}{KINDS[span.kind]} **{markdown(one_line(span.name, 60))}**",
        span.status if span.status != "ok" else "",
        markdown(step.facts),
        markdown(seconds(span.seconds)),
        f"repaired by step {step.repaired_by}" if step.repaired_by else "",
        "gave the answer" if step.evidence else "",
    ]
    line = f"{indent}- " + " · ".join(part for part in told if part)
    if span.error:
        blocks = [_error(*(span.error.get(k, "") for k in ("type", "message", "hint"))), *blocks]
    inner = f"{indent}  "
    return "\n".join([line, *("\n" + _indented(block, inner) for block in blocks)])


def _blocks(step: Step, shown: set[str]) -> list[str]:
    """The texts of a step; what an earlier step has shown already is left out."""
    data, kind = step.span.data, step.span.kind
    asked = decision(data) if kind == "approval" else None
    changed = repair_diff(step)
    texts = [
        (data.get("completion") if kind == "llm" else None, ""),
        ("" if changed else laid_out(data) if kind in ("tool", "check") else None, language_of(data)),
        (asked.shown if asked else None, ""),
        (data.get("model_view"), ""),
    ]
    blocks = []
    for text, language in texts:
        if not isinstance(text, str) or " ".join(text.split()) in (*shown, ""):
            continue
        shown.add(" ".join(text.split()))
        blocks.append(_code(text, language))
    blocks += [f"Repaired by step {step.repaired_by}:", _code(changed, "diff")] if changed else []
    blocks += ["Edited to:", _code(asked.edited, "json")] if asked and asked.edited else []
    return [*blocks, *_http(data), *_frames(data)]


def _http(data: Mapping[str, Any]) -> list[str]:
    blocks = []
    for one in exchanges(data):
        blocks.append(f"{GLYPHS['error' if one.failed else 'ok']} {markdown(one.line)}")
        blocks += [_code(one.request, "")] if one.request else []
    return blocks


def _frames(data: Mapping[str, Any]) -> list[str]:
    blocks = []
    for change in frame_changes(data):
        blocks.append(markdown(change.headline))
        blocks += [_table(change.table)] if change.table else []
    return blocks


def _indented(block: str, indent: str) -> str:
    return "\n".join(f"{indent}{line}" if line else "" for line in block.split("\n"))


def _code(text: str, language: str) -> str:
    return fenced(cut_middle(text, _LONGEST_BLOCK), language)


def _table(view: TableView) -> str:
    if not view.columns:
        return ""
    head = "| " + " | ".join(markdown(column.name) for column in view.columns) + " |"
    rule = "|" + "|".join(" ---: " if column.numeric else " --- " for column in view.columns) + "|"
    rows = [
        "| " + " | ".join(f"*{cell.text}*" if cell.null else markdown(cell.text) for cell in row) + " |"
        for row in view.rows
    ]
    remark = view.remark or ("" if view.rows else "no rows")
    return "\n".join([head, rule, *rows]) + (f"\n\n*{markdown(remark)}*" if remark else "")
