"""What of a completion or a result goes into the trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qwen_magics.chat.messages import Completion, ModelCard
from qwen_magics.errors import Cancelled
from qwen_magics.trace.redact import redact

if TYPE_CHECKING:
    from qwen_magics.tools.output import ToolOutput
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.trace.recorder import OpenSpan

__all__ = ["model_record", "record_completion", "record_of_output", "record_result"]


def record_completion(span: OpenSpan, complete: Callable[[], Completion]) -> Completion:
    """Run `complete` and put what the model wrote into `span`, also when it was stopped in the middle."""
    try:
        completion = complete()
    except Cancelled as stop:
        if stop.completion is not None:
            span.set(**_completion_data(stop.completion))
        raise
    span.set(**_completion_data(completion))
    return completion


def _completion_data(completion: Completion) -> dict[str, Any]:
    usage = completion.usage
    return {
        "prompt": completion.prompt,
        "completion": completion.text,
        "finish_reason": completion.finish_reason,
        "mean_logprob": completion.mean_logprob,
        "rejected_mass": completion.rejected_mass,
        **_token_data(completion),
        "usage": {
            "prompt": usage.prompt_tokens,
            "cached": usage.cached_tokens,
            "output": usage.output_tokens,
            "forced": usage.forced_tokens,
            "prefill_s": usage.prefill_s,
            "decode_s": usage.decode_s,
            "ttft_s": usage.time_to_first_token_s,
        },
    }


def _token_data(completion: Completion) -> dict[str, Any]:
    if not completion.pieces or redact(completion.text)[1]:
        return {}  # in pieces a secret would not be recognised
    return {
        "tokens": [[text, None if p is None else round(p, 3), p is None] for text, p in completion.pieces],
        "tokens_sha256": completion.tokens_sha256,
    }


def record_result(span: OpenSpan, result: QueryResult) -> None:
    """Shape, tables and a preview of a query's result."""
    if result.dialect:
        span.set(dialect=result.dialect)
    span.set(
        effect="read",
        approval="not needed",
        tables=list(result.tables),
        rows=result.rows,
        columns=[str(c) for c in result.frame.columns],
        user_view=result.preview(),
    )
    changes = getattr(result, "frame_diff", ())
    if changes:
        span.set(frame_diff=list(changes), language="python", originals=_originals(result))


def _originals(result: QueryResult) -> str:
    return "unchanged" if getattr(result, "unchanged", True) else "changed meanwhile by the notebook"


def record_of_output(output: ToolOutput, rows: int = 20) -> dict[str, Any]:
    """Shape, preview, remarks and requests of a tool's output; `rows` is how many the preview holds."""
    from qwen_magics.tools.result import QueryResult

    frame = output.frame
    return {
        "rows": len(frame),
        "columns": [str(column) for column in frame.columns],
        "user_view": QueryResult(frame, len(frame), False, 0.0, ()).preview(rows),
        "notes": list(output.notes),
        "http": [exchange.to_dict() for exchange in output.exchanges],
        **output.query,
    }


def model_record(card: ModelCard) -> dict[str, Any]:
    """The envelope's `model`."""
    return asdict(card)
