"""Brings a trace under its total size: the longest texts give first, tables next, until it fits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qwen_magics.trace.limits import Limits, cut_middle
from qwen_magics.trace.spans import Span, Trace

__all__ = ["shrink"]

_STEPS = ((8_000, 50), (2_000, 20), (400, 5), (80, 1))


def shrink(trace: Trace, limits: Limits) -> Trace:
    """The trace, or a smaller one whose `notes` say what was done."""
    size = _size(trace)
    if size <= limits.total:
        return trace
    smaller = trace
    for text, rows in _STEPS:
        smaller = replace(trace, spans=tuple(_cut(span, text, rows) for span in trace.spans))
        if _size(smaller) <= limits.total:
            break
    else:
        smaller = replace(
            smaller, spans=_within(smaller.spans, limits.total - _size(replace(smaller, spans=())))
        )
    note = f"The trace had {size:,} characters, {limits.total:,} are kept: long texts, tables"
    dropped = len(trace.spans) - len(smaller.spans)
    note += f" and {dropped:,} later steps were cut." if dropped else " were cut."
    return replace(smaller, notes=(*smaller.notes, note))


def _size(trace: Trace) -> int:
    return len(json.dumps(trace.to_dict(), ensure_ascii=False))


def _cut(span: Span, text: int, rows: int) -> Span:
    return replace(span, data={key: _shorter(value, text, rows) for key, value in span.data.items()})


def _shorter(value: Any, text: int, rows: int) -> Any:
    if isinstance(value, str):
        return cut_middle(value, text)
    if isinstance(value, Mapping):
        return {key: _shorter(item, text, rows) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shorter(item, text, rows) for item in value[:rows]]
    return value


def _within(spans: tuple[Span, ...], room: int) -> tuple[Span, ...]:
    kept = []
    for span in spans:
        room -= len(json.dumps(span.to_dict(), ensure_ascii=False)) + 2
        if room < 0:
            break
        kept.append(span)
    return tuple(kept)
