"""What one step opens to: prompt, completion, program, rows, frame diff, HTTP, approval, error, repair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qwen_magics.trace.details import (
    decision,
    doubtful_tokens,
    exchanges,
    frame_changes,
    json_text,
    laid_out,
)
from qwen_magics.trace.escape import html, one_line
from qwen_magics.trace.html_parts import (
    DIM,
    Budget,
    badge,
    block,
    error_block,
    folded,
    paragraph,
    program,
    table,
)
from qwen_magics.trace.outline import Step, repair_diff, seconds
from qwen_magics.trace.table import count, table_view

__all__ = ["inside"]

# Shown in their own way; everything else of a span's data is shown by name.
_DRAWN = {
    *("prompt", "completion", "grammar", "finish_reason", "usage", "mean_logprob", "rejected_mass"),
    *("tokens", "tokens_sha256", "tool", "arguments", "effect", "approval", "sql", "code", "language"),
    *("dialect", "tables", "rows", "columns", "frame_diff", "http", "model_view", "user_view"),
    *("subject", "result", "reason", "preview", "decision", "by", "edited", "call_id", "originals", "notes"),
}


def inside(step: Step, budget: Budget) -> str:
    """All of a step that its line does not say; empty if there is nothing."""
    span = step.span
    draw = {"llm": _llm, "tool": _tool, "check": _check, "approval": _approval}.get(span.kind, _plain)
    repair = _repair(step, budget)
    if repair and span.kind == "check":
        draw = _nothing  # the repair shows the program of the check as it was and as it became
    parts = [
        error_block(span.error) if span.error else "",
        repair,
        *draw(span.data, budget),
        *_rest(span.data, budget),
    ]
    return "\n".join(part for part in parts if part)


def _repair(step: Step, budget: Budget) -> str:
    changed = repair_diff(step)
    if not changed:
        return ""
    return paragraph(f"Repaired by step {step.repaired_by}:") + block(changed, budget)


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
            ("waited for the model", "queue_s"),
            ("first token after", "ttft_s"),
            ("prompt read in", "prefill_s"),
            ("written in", "decode_s"),
        )
        if isinstance(times.get(key), (int, float)) and times[key] > 0
    ]
    if isinstance(data.get("mean_logprob"), (int, float)):
        facts.append(f"mean log-probability {data['mean_logprob']:.2f}")
    doubtful = doubtful_tokens(data)
    if doubtful:
        facts.append(f"{count(len(doubtful), 'token')} under 50 %: " + " ".join(doubtful[:12]))
    rejected = data.get("rejected_mass")
    if isinstance(rejected, (int, float)) and rejected > 0:
        facts.append(f"{rejected:.1%} of the probability ruled out by the grammar")
    return facts


def _tool(data: Mapping[str, Any], budget: Budget) -> list[str]:
    preview = table_view(data.get("user_view"))
    code = laid_out(data)
    shown = data.get("model_view")
    return [
        program(code, budget) if code else _arguments(data, budget),
        _small(_facts(data)),
        *_http(data, budget),
        table(preview) if preview else _view(data.get("user_view"), budget),
        *_frames(data),
        folded("What the model was shown", block(str(shown), budget)) if shown else "",
    ]


def _facts(data: Mapping[str, Any]) -> list[str]:
    tables = data.get("tables")
    facts = [f"reads {', '.join(map(str, tables))}"] if isinstance(tables, (list, tuple)) and tables else []
    facts += [f"dialect {data['dialect']}"] if data.get("dialect") else []
    facts += [f"{key} {data[key]}" for key in ("effect", "approval", "originals") if data.get(key)]
    notes = data.get("notes")
    return facts + (list(map(str, notes[:5])) if isinstance(notes, (list, tuple)) else [])


def _frames(data: Mapping[str, Any]) -> list[str]:
    parts = []
    for change in frame_changes(data):
        parts.append(paragraph(html(change.headline)))
        parts.append(table(change.table) if change.table else "")
    return parts


def _http(data: Mapping[str, Any], budget: Budget) -> list[str]:
    parts = []
    for one in exchanges(data):
        mark = badge("error" if one.failed else "ok")
        parts.append(paragraph(f"{mark} <code>{html(one.line)}</code>"))
        parts.append(folded("Request body", block(one.request, budget), opened=True) if one.request else "")
        parts.append(folded("Reply", block(one.response, budget)) if one.response else "")
    return parts


def _check(data: Mapping[str, Any], budget: Budget) -> list[str]:
    code = laid_out(data)
    return [program(code, budget) if code else ""]


def _nothing(data: Mapping[str, Any], budget: Budget) -> list[str]:
    return []


def _approval(data: Mapping[str, Any], budget: Budget) -> list[str]:
    asked = decision(data)
    facts = [f"{key} {data[key]}" for key in ("tool", "effect") if data.get(key)]
    return [
        _small(facts),
        block(asked.shown, budget) if asked.shown else "",
        paragraph("Edited to:") + block(asked.edited, budget) if asked.edited else "",
    ]


def _plain(data: Mapping[str, Any], budget: Budget) -> list[str]:
    facts = [f"{key} {data[key]}" for key in ("tool", "effect", "approval", "reason") if data.get(key)]
    return [_small(facts), _arguments(data, budget)]


def _arguments(data: Mapping[str, Any], budget: Budget) -> str:
    return block(json_text(data["arguments"]), budget) if data.get("arguments") else ""


def _view(value: object, budget: Budget) -> str:
    return block(value if isinstance(value, str) else json_text(value), budget) if value else ""


def _rest(data: Mapping[str, Any], budget: Budget) -> list[str]:
    unknown = {key: value for key, value in data.items() if key not in _DRAWN}
    return [folded("More", block(json_text(unknown), budget))] if unknown else []


def _small(facts: Sequence[str]) -> str:
    shown = " · ".join(html(one_line(fact, 300)) for fact in facts)
    return f'<p style="margin: 0 0 4px 0"><small style="{DIM}">{shown}</small></p>' if shown else ""
