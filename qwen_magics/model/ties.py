"""Whether a checkpoint's embedding and output matrix are one and the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from qwen_magics.model.weights import WeightSource

__all__ = ["is_tied", "outer_names"]

_ROWS = 64
# Two quantised copies of one matrix differ by a few per cent; two trained matrices are nearly orthogonal.
_SAME = 0.9


def is_tied(source: WeightSource) -> bool:
    """Looks at the configuration, and where that is silent (GGUF) at the first rows of both matrices."""
    tied = source.architecture.tied
    if tied is not None:
        return tied
    stop = min(_ROWS, source.architecture.vocabulary)
    first = source.rows("model.embed_tokens.weight", 0, stop).ravel()
    second = source.rows("lm_head.weight", 0, stop).ravel()
    scale = float(np.linalg.norm(first) * np.linalg.norm(second))
    return scale > 0 and float(first @ second) / scale > _SAME


def outer_names(source: WeightSource) -> tuple[str, str]:
    """Names of the output matrix and the embedding to use.

    A tied model has one for both: where a GGUF holds two copies, the output's, which is kept at higher
    precision.
    """
    head = "lm_head.weight" if "lm_head.weight" in source else "model.embed_tokens.weight"
    return (head, head) if is_tied(source) else (head, "model.embed_tokens.weight")
