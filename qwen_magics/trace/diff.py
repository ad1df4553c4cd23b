"""Two runs, step by step: which steps are the same, which differ and in what, which only one of them has.

Times and token counts are no differences: they vary from run to run.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from qwen_magics.trace.details import decision, exchanges, frame_changes, json_text, laid_out
from qwen_magics.trace.escape import one_line
from qwen_magics.trace.outline import Step, steps
from qwen_magics.trace.spans import Span, Trace
from qwen_magics.trace.table import shape

__all__ = ["Change", "StepDiff", "TraceDiff", "diff", "result_changes", "same_values"]

_TOLERANCE = 1e-9
_MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: its name and both texts, of one line or many; empty where one is missing."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StepDiff:
    """A step of one run beside the same step of the other; None where a run has no such step."""

    before: Step | None
    after: Step | None
    changes: tuple[Change, ...] = ()

    @property
    def outcome(self) -> str:
        """`same`, `changed`, `only in A` or `only in B`."""
        if self.before is None or self.after is None:
            return "only in B" if self.before is None else "only in A"
        return "changed" if self.changes else "same"


@dataclass(frozen=True, slots=True)
class TraceDiff:
    """Two runs beside each other.

    Attributes:
        before, after: the runs, called A and B where they are drawn.
        envelope: what differs in status, question, answer, model, parameters, data and versions.
        steps: all steps of both, in order.
    """

    before: Trace
    after: Trace
    envelope: tuple[Change, ...]
    steps: tuple[StepDiff, ...]

    @property
    def same(self) -> bool:
        """Nothing differs but versions, times and token counts."""
        told = any(not change.what.startswith("version") for change in self.envelope)
        return not told and all(step.outcome == "same" for step in self.steps)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        from qwen_magics.trace.diff_views import diff_bundle

        return diff_bundle(self)


def diff(before: Trace, after: Trace) -> TraceDiff:
    """Compare two runs, of one notebook or two, on the same data or not."""
    old, new = steps(before), steps(after)
    matcher = SequenceMatcher(None, [_key(s) for s in old], [_key(s) for s in new], autojunk=False)
    pairs: list[StepDiff] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pairs += [
                StepDiff(a, b, _step_changes(a.span, b.span)) for a, b in zip(old[i:j], new[k:m], strict=True)
            ]
        else:
            pairs += [StepDiff(step, None) for step in old[i:j]]
            pairs += [StepDiff(None, step) for step in new[k:m]]
    return TraceDiff(before, after, _envelope(before, after), tuple(pairs))


def result_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What differs between the results that two `tool` spans hold.

    Numbers count as equal within a relative 1e-9, since parallel sums differ in their last digits; rows that
    came in another order count as equal too.
    """
    old, new = before.get("user_view"), after.get("user_view")
    changes = [Change("size", _size(before), _size(after))]
    if not _same_view(old, new):
        changes.append(Change("result", _view(old), _view(new)))
    return tuple(change for change in changes if change.before != change.after)


def same_values(old: object, new: object) -> bool:
    """Equality of JSON values, numbers within a relative 1e-9."""
    if _is_number(old) and _is_number(new):
        return math.isclose(old, new, rel_tol=_TOLERANCE, abs_tol=1e-12)  # type: ignore[arg-type]
    if isinstance(old, (list, tuple)) and isinstance(new, (list, tuple)):
        return len(old) == len(new) and all(map(same_values, old, new))
    return old == new


def _key(step: Step) -> tuple[str, str, int]:
    return step.span.kind, step.span.name, step.depth


def _step_changes(before: Span, after: Span) -> tuple[Change, ...]:
    old, new = before.data, after.data
    pairs = [
        ("status", before.status, after.status),
        ("error", _error(before.error), _error(after.error)),
        ("prompt", _text(old, "prompt"), _text(new, "prompt")),
        ("completion", _text(old, "completion"), _text(new, "completion")),
        ("program", laid_out(old), laid_out(new)),
        ("arguments", _arguments(old), _arguments(new)),
        ("requests", _requests(old), _requests(new)),
        ("frames", _frames(old), _frames(new)),
        ("decision", _decision(before), _decision(after)),
        ("reason", _text(old, "reason"), _text(new, "reason")),
    ]
    changes = tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])
    return changes + (result_changes(old, new) if before.kind == "tool" else ())


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _error(error: Mapping[str, str] | None) -> str:
    return " ".join(error.get(key, "") for key in ("type", "message", "hint")).strip() if error else ""


def _arguments(data: Mapping[str, Any]) -> str:
    arguments = data.get("arguments")
    # A query is an argument of its tool as well: said once, as the program.
    rest = (
        {k: v for k, v in arguments.items() if v != data.get("sql")} if isinstance(arguments, Mapping) else {}
    )
    return json_text(rest) if rest else ""


def _requests(data: Mapping[str, Any]) -> str:
    # Sizes and times of a reply vary; method, URL and status are what was asked and answered.
    lines = [f"{one.line.partition(' · ')[0]}\n{one.request}".strip() for one in exchanges(data)]
    return "\n".join(lines)


def _frames(data: Mapping[str, Any]) -> str:
    return "\n".join(change.headline for change in frame_changes(data))


def _decision(span: Span) -> str:
    if span.kind != "approval":
        return ""
    asked = decision(span.data)
    return f"{asked.line}\n{asked.edited}".strip()


def _size(data: Mapping[str, Any]) -> str:
    columns = data.get("columns")
    return shape(data.get("rows"), len(columns) if isinstance(columns, (list, tuple)) else None)


def _same_view(old: object, new: object) -> bool:
    if not _is_table(old) or not _is_table(new):
        return same_values(old, new)
    assert isinstance(old, Mapping) and isinstance(new, Mapping)
    if old["columns"] != new["columns"]:
        return False
    rows, others = (sorted(view.get("rows") or [], key=_rounded) for view in (old, new))
    return same_values(old.get("rows"), new.get("rows")) or same_values(rows, others)


def _rounded(row: Any) -> list[str]:
    cells = row if isinstance(row, (list, tuple)) else [row]
    return [f"{cell:.6g}" if _is_number(cell) else repr(cell) for cell in cells]


def _is_table(view: object) -> bool:
    return (
        isinstance(view, Mapping)
        and isinstance(view.get("columns"), (list, tuple))
        and isinstance(view.get("rows") or [], (list, tuple))
    )


def _view(view: object) -> str:
    if not _is_table(view):
        return "" if view is None else view if isinstance(view, str) else json_text(view)
    assert isinstance(view, Mapping)
    rows: Sequence[Any] = view.get("rows") or []
    lines = [_row(view["columns"]), *(_row(row) for row in list(rows)[:_MOST_ROWS])]
    return "\n".join(lines)


def _row(cells: object) -> str:
    if not isinstance(cells, (list, tuple)):
        return one_line(cells)
    return ", ".join(one_line("null" if cell is None else cell, 60) for cell in cells)


def _envelope(before: Trace, after: Trace) -> tuple[Change, ...]:
    pairs = [
        ("status", before.status, after.status),
        ("question", before.question, after.question),
        ("answer", _answer(before), _answer(after)),
        ("error", _error(before.error), _error(after.error)),
        *_mapping_pairs("model", before.model, after.model),
        *_mapping_pairs("parameter", before.parameters, after.parameters),
        *_mapping_pairs("data", _data(before), _data(after)),
        *_mapping_pairs("version of", before.versions, after.versions),
    ]
    return tuple(Change(*pair) for pair in pairs if pair[1] != pair[2])


def _answer(trace: Trace) -> str:
    return str(trace.answer.get("text") or "") if trace.answer else ""


def _data(trace: Trace) -> dict[str, str]:
    return {
        one_line(table.get("name"), 60): " ".join(
            part
            for part in (shape(table.get("rows"), table.get("columns")), str(table.get("fingerprint") or ""))
            if part
        )
        for table in trace.data
    }


def _mapping_pairs(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (f"{what} {one_line(key, 60)}", _shown(old.get(key)), _shown(new.get(key)))
        for key in dict.fromkeys([*old, *new])
    ]


def _shown(value: object) -> str:
    return "" if value is None else one_line(value, 200)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
