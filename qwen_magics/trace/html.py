"""The HTML view: static, without scripts, links or images.

It is shown where little is allowed. JupyterLab's sanitiser takes out `<style>`, `var()`, `gap`, `role` and
`data-*`; GitHub takes out inline styles as well. So the structure is plain HTML that reads well bare
(`details`, `table`, `pre`, lists), and inline styles only refine it. Colours are translucent greys and mid
tones that do on light and dark; text keeps the colour of the page. `mathjax_ignore` keeps MathJax from
reading `$` in a text as a formula, and what stands in a formula as commands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qwen_magics.trace.escape import html, one_line
from qwen_magics.trace.html_parts import (
    DIM,
    Budget,
    badge,
    block,
    error_block,
    fact_list,
    folded,
    page,
    paragraph,
    program,
    table,
)
from qwen_magics.trace.html_steps import step_list
from qwen_magics.trace.limits import cut_middle
from qwen_magics.trace.outline import AnswerView, answer_view, current, doing, failure, metrics, steps
from qwen_magics.trace.spans import Trace
from qwen_magics.trace.table import count, shape

__all__ = ["to_html"]

_RUN = "margin: 10px 0 2px 0; padding: 6px 0 0 0; border-top: 1px solid rgba(128,128,128,0.3)"
_BIG = "font-size: 1.7em; font-weight: 600; line-height: 1.3"
_BIGGEST_NUMBER = 40
_SHORT_TEXT = 90
_LONGEST_TAIL = 1_500


def to_html(trace: Trace, *, answer_html: str | None = None) -> str:
    """Draw a trace: the answer and its program, then one line about the run that opens to all of its steps.

    Args:
        trace: finished or running; a running one is open and shows what is being written.
        answer_html: shown in place of the drawn answer; its author has escaped what is in it.
    """
    budget = Budget()
    answer = answer_view(trace)
    parts = [
        answer_html if answer_html is not None else _answer(answer) if answer else "",
        _readings(answer.readings) if answer else "",
        program(answer.code, budget) if answer and answer.code and not answer.is_program else "",
        _remarks([f"From {answer.source}."]) if answer and answer.source else "",
        _ending(trace),
        _run(trace, budget),
    ]
    return page([part for part in parts if part])


def _answer(answer: AnswerView) -> str:
    if answer.is_program:
        return program(answer.code, Budget())
    if answer.kind == "number" and len(answer.text) <= _BIGGEST_NUMBER:
        return _big(answer)
    text = answer.text.strip()
    drawn = table(answer.table) if answer.table and answer.kind == "table" else ""
    if not text:
        return drawn
    if drawn:
        return paragraph(f"<strong>{html(one_line(text, 400))}</strong>") + drawn
    if len(text) <= _SHORT_TEXT and "\n" not in text:
        return paragraph(f'<strong style="font-size: 1.25em; font-weight: 600">{html(text)}</strong>')
    return f'<div style="margin: 0 0 8px 0; white-space: pre-wrap">{html(text)}</div>'


def _readings(readings: Sequence[str]) -> str:
    items = "".join(f"<li><code>{html(cut_middle(reading, 2_000))}</code></li>" for reading in readings)
    return f'<ul style="margin: 0 0 8px 0">{items}</ul>' if items else ""


def _big(answer: AnswerView) -> str:
    label = answer.table.columns[0].name if answer.table and len(answer.table.columns) == 1 else ""
    # A name that the query gave (`avg_delay`) says something; one of DuckDB's own (`count_star()`) does not.
    unit = f' <small style="{DIM}">{html(label)}</small>' if label and "(" not in label else ""
    return paragraph(f'<strong style="{_BIG}">{html(answer.text)}</strong>{unit}')


def _ending(trace: Trace) -> str:
    """What is said in place of an answer."""
    error = failure(trace)
    if error is not None:
        return error_block(error)
    if trace.status == "cancelled":
        return paragraph("<strong>Stopped.</strong> What had happened until then is recorded below.")
    if trace.status == "running":
        return _progress(trace)
    return ""


def _progress(trace: Trace) -> str:
    span = current(trace)
    text = span.data.get("completion") if span is not None and span.kind == "llm" else None
    head = paragraph(f"<strong>{html(doing(trace))}</strong>")
    if not isinstance(text, str) or not text:
        return head
    # The end is what changes; the whole stands in the step below.
    shown = text if len(text) <= _LONGEST_TAIL else "…" + text[-_LONGEST_TAIL:]
    return head + block(f"{shown}▌", Budget())


def _run(trace: Trace, budget: Budget) -> str:
    opened = " open" if trace.status in ("running", "error", "denied") else ""
    line = f'{badge(trace.status)} <strong>{trace.status}</strong> <span style="{DIM}">· '
    line += " · ".join(html(part) for part in metrics(trace)) + "</span>"
    question = paragraph(f'<span style="{DIM}">Question:</span> <bdi>{html(trace.question[:4_000])}</bdi>')
    inside = [question, step_list(steps(trace), budget), _remarks(_notes(trace)), _facts(trace)]
    body = "\n".join(part for part in inside if part)
    summary = f'<summary style="cursor: pointer">{line}</summary>'
    return f'<details{opened} style="{_RUN}">\n{summary}\n{body}\n</details>'


def _notes(trace: Trace) -> list[str]:
    return [*([f"{count(trace.redactions, 'secret')} taken out."] if trace.redactions else []), *trace.notes]


def _remarks(remarks: Sequence[str]) -> str:
    shown = " ".join(html(remark) for remark in remarks if remark)
    return f'<p style="margin: 6px 0"><small style="{DIM}">{shown}</small></p>' if shown else ""


def _facts(trace: Trace) -> str:
    tables = [
        f"{one_line(table.get('name', '?'), 60)} ({shape(table.get('rows'), table.get('columns'))})"
        for table in trace.data
    ]
    rows = {
        "Data": ", ".join(tables),
        "Model": _pairs(trace.model),
        "Parameters": _pairs(trace.parameters),
        "Versions": _pairs(trace.versions),
        "Run": f"{trace.trace_id}, started {trace.started_at}",
    }
    inside = fact_list({key: value for key, value in rows.items() if value})
    return folded("Model, parameters, data, versions", inside)


def _pairs(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in values.items() if value not in (None, ""))
