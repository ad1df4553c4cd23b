"""A trace for sharing: values out, shape kept.

What stays: steps, statuses, times, token counts, sizes, names of tables and columns, the build of programs
and texts. What goes: cells, literals, words of the question and of answers that are none of ours, bodies and
addresses of requests, names that the model or the data made up, digests by which a value could be guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from qwen_magics.trace.details import program_of
from qwen_magics.trace.masking import HOLE, Mask, schema_names
from qwen_magics.trace.spans import Span, Trace

__all__ = ["SCRUBBED", "scrub"]

SCRUBBED = "Scrubbed: values were taken out, the shape was kept."

_KEPT_MODEL = ("sha256", "quantisation", "call_format", "context_length")
_PARAMETERS = (
    *(
        "steps",
        "tokens",
        "seconds",
        "query_seconds",
        "rows",
        "samples",
        "temperature",
        "seed",
        "format",
        "route",
    ),
    "database",
)
_USAGE = ("prompt", "cached", "output", "forced", "queue_s", "prefill_s", "decode_s", "ttft_s")
_WORDS = {
    *("read", "write", "stop", "length", "grammar", "repetition", "cancelled", "allowed", "denied"),
    *("edited", "user", "policy", "nobody", "sql", "result", "python", "ok", "unchanged"),
}
_CHOICES = {"auto", "number", "text", "table", "chart", "json", "sql", "python"}
_DTYPE = re.compile(
    r"(?:bool(?:ean)?|object|str(?:ing)?|category|(?:u?int|float|complex)\d{1,3}|date(?:time64)?|timedelta64)"
    r"(?:\[(?:s|ms|us|ns|D|pyarrow|python)(?:, ?UTC)?\])?",
    re.IGNORECASE,
)
_TYPE = re.compile(r"[A-Za-z_][\w.]{0,60}")
_VERSION = re.compile(r"[\w.+!-]{1,64}")
_CONTENT_TYPE = re.compile(r"(?:application|text|image)/[a-z0-9.+-]{1,40}")
_PROGRAM = re.compile(r"\s*(?:SELECT|WITH|FROM)\b", re.IGNORECASE)


def scrub(trace: Trace) -> Trace:
    """The trace without values. Scrubbing it again changes nothing more."""
    return _Scrub(trace).run()


class _Scrub:
    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._mask = Mask(_known_names(trace))
        programs = {program_of(span.data) for span in trace.spans}
        self._programs = {*programs, str((trace.answer or {}).get("code") or "")} - {""}
        self._fields = self._field_scrubbers()

    def run(self) -> Trace:
        trace = self._trace
        notes = [note for note in trace.notes if note != SCRUBBED]
        return replace(
            trace,
            # Programs first: names in them get their new names in the order of reading.
            spans=tuple(self._span(span) for span in trace.spans),
            question=self._mask.prose(trace.question),
            answer=None if trace.answer is None else self._answer(trace.answer),
            error=self._error(trace.error),
            model=self._model(trace.model),
            parameters={
                key if key in _PARAMETERS else self._mask.name(key): self._parameter(value)
                for key, value in trace.parameters.items()
            },
            versions={
                self._mask.name(k) if not _VERSION.fullmatch(k) else k: v if _VERSION.fullmatch(v) else HOLE
                for k, v in trace.versions.items()
            },
            data=tuple(self._table_of_data(table) for table in trace.data),
            notes=(*map(self._mask.prose, notes), SCRUBBED),
        )

    def _field_scrubbers(self) -> dict[str, Callable[[Any], Any]]:
        mask = self._mask
        return {
            "prompt": self._prose,
            "completion": self._completion,
            "sql": self._program,
            "code": self._program,
            "usage": lambda usage: _numbers(usage, _USAGE),
            "mean_logprob": _number,
            "rejected_mass": _number,
            "rows": _number,
            "tables": self._names,
            "columns": self._names,
            "tool": self._prose,
            "user_view": self._value,
            "frame_diff": lambda changes: [self._frame_change(c) for c in _mappings(changes)],
            "http": lambda given: [self._exchange(one) for one in _mappings(given)],
            "notes": lambda notes: [mask.prose(str(note)) for note in notes] if _is_list(notes) else HOLE,
            "subject": _word(mask),
            **dict.fromkeys(("effect", "finish_reason", "decision", "by", "language"), _word(mask)),
            **dict.fromkeys(("reason", "result", "approval", "dialect", "originals"), self._prose),
        }

    def _span(self, span: Span) -> Span:
        # Digests, grammars and tokens hold the values once more.
        gone = ("tokens", "tokens_sha256")
        data = {
            self._key(key): self._fields[key](value)
            if key in self._fields and value is not None
            else self._value(value)
            for key, value in span.data.items()
            if key not in gone
        }
        return replace(span, name=self._mask.prose(span.name), error=self._error(span.error), data=data)

    def _key(self, key: str) -> str:
        return key if key in _DATA_KEYS else self._mask.name(key)

    def _answer(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        kept: dict[str, Any] = {
            "kind": answer.get("kind") if str(answer.get("kind")).isalpha() else "text",
            "text": self._answer_text(answer),
            "code": self._program(str(answer.get("code") or "")),
        }
        for key in ("value", "preview"):
            if key in answer:
                kept[key] = self._value(answer[key])
        if _is_list(answer.get("evidence")):
            ids = {span.span_id for span in self._trace.spans}
            kept["evidence"] = [one for one in answer["evidence"] if one in ids]
        return kept

    def _answer_text(self, answer: Mapping[str, Any]) -> str:
        text = str(answer.get("text") or "")
        if answer.get("kind") == "number":
            return "0"
        # A single value out of the data may be a plain word; a sentence is ours or the model's.
        is_value = answer.get("kind") == "text" and bool(answer.get("code")) and bool(text)
        return HOLE if is_value else str(self._completion(text))

    def _error(self, error: Mapping[str, str] | None) -> dict[str, str] | None:
        if error is None:
            return None
        kind = error.get("type", "")
        told = {key: self._mask.prose(error.get(key, "")) for key in ("message", "hint")}
        return {"type": kind if _TYPE.fullmatch(kind) else HOLE, **told}

    def _model(self, model: Mapping[str, Any]) -> dict[str, Any]:
        kept = {key: model[key] for key in _KEPT_MODEL if _VERSION.fullmatch(str(model.get(key, " ")))}
        for key, stand_in in (("id", "a local model"), ("provider", "a server")):
            if key in model:
                kept[key] = model[key] if _VERSION.fullmatch(str(model[key])) else stand_in
        return kept

    def _parameter(self, value: Any) -> Any:
        if isinstance(value, str):
            return value if value in _CHOICES else self._mask.prose(value)
        return value if _is_scalar(value) else HOLE

    def _table_of_data(self, table: Mapping[str, Any]) -> dict[str, Any]:
        sizes = {key: table[key] for key in ("rows", "columns") if isinstance(table.get(key), int)}
        return {"name": self._mask.name(str(table.get("name", HOLE))), **sizes}

    def _prose(self, value: Any) -> Any:
        return self._mask.prose(value) if isinstance(value, str) else self._value(value)

    def _program(self, value: Any) -> Any:
        return self._mask.program(value) if isinstance(value, str) else self._value(value)

    def _completion(self, value: Any) -> Any:
        if not isinstance(value, str):
            return self._value(value)
        is_program = _PROGRAM.match(value) or value.strip() in self._programs
        return self._mask.program(value) if is_program else self._mask.prose(value)

    def _names(self, value: Any) -> Any:
        if not _is_list(value):
            return HOLE
        return [
            {**item, "name": self._mask.name(str(item.get("name")))}
            if isinstance(item, Mapping)
            else None
            if item is None
            else self._mask.name(str(item))
            for item in value
        ]

    def _frame_change(self, change: Mapping[str, Any]) -> dict[str, Any]:
        sides = {key: self._frame(change.get(key)) for key in ("before", "after")}
        return {"name": self._mask.name(str(change.get("name"))), **sides}

    def _frame(self, frame: Any) -> dict[str, Any] | None:
        if not isinstance(frame, Mapping):
            return None
        columns = [
            {
                "name": self._mask.name(str(column.get("name"))),
                "dtype": dtype if _DTYPE.fullmatch(dtype := str(column.get("dtype"))) else HOLE,
                **_numbers(column, ("nulls",)),
            }
            for column in _mappings(frame.get("columns"))
        ]
        return {"rows": 0, **_numbers(frame, ("rows", "total_columns")), "columns": columns}

    def _exchange(self, one: Mapping[str, Any]) -> dict[str, Any]:
        method, content = str(one.get("method")), str(one.get("content_type")).partition(";")[0]
        kept: dict[str, Any] = {
            "method": method if method.isalpha() and len(method) < 10 else HOLE,
            "url": _address(str(one.get("url"))),
            "status": one.get("status") if isinstance(one.get("status"), int) else None,
            **_numbers(one, ("request_bytes", "response_bytes", "seconds")),
        }
        if _CONTENT_TYPE.fullmatch(content):
            kept["content_type"] = content
        kept |= {key: HOLE for key in ("request_body", "response_body") if one.get(key)}
        return kept | ({"error": self._mask.prose(str(one["error"]))} if one.get("error") else {})

    def _value(self, value: Any) -> Any:
        """A value of any form: its form stays."""
        if isinstance(value, Mapping):
            if "columns" in value and _is_list(value.get("rows")):
                return self._table(value)
            return {self._mask.name(str(key)): self._value(item) for key, item in value.items()}
        if _is_list(value):
            return [self._value(item) for item in value]
        if value is None:
            return None
        return 0 if isinstance(value, (int, float)) and not isinstance(value, bool) else HOLE

    def _table(self, table: Mapping[str, Any]) -> dict[str, Any]:
        kept = {key: table[key] for key in ("total_rows", "truncated") if isinstance(table.get(key), int)}
        rows = [self._value(row) for row in table["rows"]]
        return {"columns": self._names(table["columns"]), "rows": rows, **kept}


# Keys of the schema; any other could be a value.
_DATA_KEYS = frozenset(
    [
        "prompt",
        "completion",
        "grammar",
        "finish_reason",
        "usage",
        "mean_logprob",
        "rejected_mass",
        "tool",
        "call_id",
        "arguments",
        "effect",
        "approval",
        "sql",
        "code",
        "language",
        "dialect",
        "tables",
        "rows",
        "columns",
        "originals",
        "notes",
        "frame_diff",
        "http",
        "model_view",
        "user_view",
        "subject",
        "result",
        "preview",
        "decision",
        "by",
        "edited",
        "reason",
    ]
)


def _known_names(trace: Trace) -> set[str]:
    """Names that are no values: of the data, of the tables' descriptions in the prompts, of tools."""
    names = {str(table.get("name")) for table in trace.data}
    for span in trace.spans:
        names |= schema_names(str(span.data.get("prompt") or ""))
        if span.kind in ("tool", "approval"):
            names.update(re.findall(r"[^\W\d]\w*", str(span.data.get("tool") or "")))
        for change in _mappings(span.data.get("frame_diff")):
            before = change.get("before")
            columns = before.get("columns") if isinstance(before, Mapping) else None
            names |= {str(column.get("name")) for column in _mappings(columns)}
    return names


def _word(mask: Mask) -> Callable[[Any], Any]:
    known = (None, *_WORDS)  # no set: a damaged trace may hold a list there
    return lambda value: value if value in known else mask.prose(str(value))


def _address(url: str) -> str:
    """Scheme and depth of a path; hosts of a company are its own business."""
    try:
        parts = urlsplit(url[:5_000])
    except ValueError:  # brackets that enclose no address
        return HOLE
    scheme = parts.scheme if parts.scheme in ("http", "https") else HOLE
    depth = sum(bool(part) for part in parts.path.split("/"))
    return f"{scheme}://{HOLE}" + f"/{HOLE}" * min(depth, 20) + (f"?{HOLE}" if parts.query else "")


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if _is_list(value) else []  # type: ignore[attr-defined]


def _is_list(value: object) -> bool:
    return isinstance(value, (list, tuple))


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, (bool, int, float))


def _number(value: Any) -> Any:
    return value if isinstance(value, (int, float)) else None


def _numbers(values: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    given = values if isinstance(values, Mapping) else {}
    return {key: given[key] for key in keys if isinstance(given.get(key), (int, float))}
