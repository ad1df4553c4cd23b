"""Traces as pandas frames: one row per run, or one row per step. pandas is imported when a frame is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from qwen_magics.trace.details import program_of
from qwen_magics.trace.outline import answer_view, failure, steps
from qwen_magics.trace.spans import Trace

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RUN_COLUMNS", "STEP_COLUMNS", "runs_frame", "steps_frame"]

RUN_COLUMNS = (
    *("notebook", "cell", "trace_id", "started_at", "status", "question", "kind", "answer", "code", "error"),
    *("model", "quantisation", "provider", "seed", "temperature", "steps", "seconds", "tokens_prompt"),
    *("tokens_cached", "tokens_output", "tokens_forced", "tokens_per_second", "redactions"),
)
STEP_COLUMNS = (
    *(
        "trace_id",
        "step",
        "span_id",
        "parent_id",
        "kind",
        "name",
        "attempt",
        "status",
        "started_at",
        "seconds",
    ),
    *("tokens_prompt", "tokens_cached", "tokens_output", "tokens_forced", "rows", "tool", "program"),
    *("error_type", "error", "evidence"),
)
_WHOLE = (
    *("cell", "seed", "steps", "redactions", "step", "attempt", "rows"),
    *("tokens_prompt", "tokens_cached", "tokens_output", "tokens_forced"),
)
_REAL = ("seconds", "temperature", "tokens_per_second")


def runs_frame(traces: Iterable[Trace], places: Mapping[str, tuple[str, int]] | None = None) -> pd.DataFrame:
    """One row per run, with the columns of `RUN_COLUMNS`.

    Args:
        places: notebook and number of the cell by trace id.
    """
    return _frame([_run(trace, (places or {}).get(trace.trace_id)) for trace in traces], RUN_COLUMNS)


def steps_frame(traces: Iterable[Trace]) -> pd.DataFrame:
    """One row per step of all runs, in order, with the columns of `STEP_COLUMNS`."""
    return _frame([row for trace in traces for row in _steps(trace)], STEP_COLUMNS)


def _frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(columns))
    frame["started_at"] = pd.to_datetime(frame["started_at"], utc=True, errors="coerce", format="ISO8601")
    # Counts stay whole numbers where some are missing.
    for name in columns:
        if name in _WHOLE:
            frame[name] = pd.array([_whole(row.get(name)) for row in rows], dtype="Int64")
        elif name in _REAL:
            frame[name] = pd.array([_real(row.get(name)) for row in rows], dtype="Float64")
    return frame


def _whole(value: object) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
    return value if fits else None  # type: ignore[return-value]


def _real(value: object) -> float | None:
    fits = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300
    return float(value) if fits else None  # type: ignore[arg-type]


def _run(trace: Trace, place: tuple[str, int] | None) -> dict[str, Any]:
    answer, error = answer_view(trace), failure(trace)
    tokens = trace.totals.get("tokens") or {}
    seed = trace.parameters.get("seed")
    return {
        "notebook": place[0] if place else None,
        "cell": place[1] if place else None,
        "trace_id": trace.trace_id,
        "started_at": trace.started_at,
        "status": trace.status,
        "question": trace.question,
        "kind": answer.kind if answer else None,
        "answer": answer.text if answer else None,
        "code": trace.answer.get("code") if trace.answer else None,
        "error": error.get("message") if error else None,
        "model": trace.model.get("id"),
        "quantisation": trace.model.get("quantisation"),
        "provider": trace.model.get("provider"),
        "seed": seed,
        "temperature": trace.parameters.get("temperature"),
        "steps": trace.totals.get("steps"),
        "seconds": trace.totals.get("seconds"),
        **{f"tokens_{key}": tokens.get(key) for key in ("prompt", "cached", "output", "forced")},
        "tokens_per_second": trace.totals.get("tokens_per_second"),
        "redactions": trace.redactions,
    }


def _steps(trace: Trace) -> list[dict[str, Any]]:
    rows = []
    for step in steps(trace):
        span, error = step.span, step.span.error or {}
        usage = span.data.get("usage")
        counts = usage if isinstance(usage, Mapping) else {}
        rows.append(
            {
                "trace_id": trace.trace_id,
                "step": step.number,
                **{
                    key: getattr(span, key)
                    for key in ("span_id", "parent_id", "kind", "name", "attempt", "status")
                },
                "started_at": span.started_at,
                "seconds": span.seconds,
                **{f"tokens_{key}": counts.get(key) for key in ("prompt", "cached", "output", "forced")},
                "rows": span.data.get("rows"),
                "tool": span.data.get("tool"),
                "program": program_of(span.data) or None,
                "error_type": error.get("type"),
                "error": error.get("message"),
                "evidence": step.evidence,
            }
        )
    return rows
