"""Does the GPU compute what the CPU computes? Asked once per model, runtime and device, at the first load.

Reports of gibberish from particular kernels on particular cards exist, and a wrong answer that looks right is
the worst that can happen here. So the distributions over the next token of a short text are compared, and the
tokens that the GPU writes by itself (other kernels: few rows, recorded steps, choosing there) have to be ones
that the CPU finds likely. A GPU that fails is not used.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qwen_magics.engine.engine import Engine
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.engine.runtime import load_runtime
from qwen_magics.errors import EngineError

if TYPE_CHECKING:
    from qwen_magics.model.tokenizer import Tokenizer

__all__ = ["behind_best", "divergence", "fault_of_device"]

_FILE = "device_check.json"
# float16 and other orders of summation stay below 0.01 nats; wrong kernels give several.
_MOST_NATS = 0.05
# Of equally good tokens each may take another; a wrong token is several nats behind the best.
_MOST_BEHIND = 2.0
_PROMPT, _WRITTEN = 12, 32
_TEXT = (
    "SELECT a.name, count(*) AS flights FROM airlines AS a JOIN flights AS f ON a.carrier = f.carrier "
    "WHERE f.arr_delay > 15 GROUP BY a.name ORDER BY flights DESC LIMIT 10"
)


def fault_of_device(engine: Engine, directory: Path, tokenizer: Tokenizer) -> str | None:
    """A clause that says what is wrong with the device that `engine` runs on; None if nothing is.

    The result is kept beside the model where that folder can be written to.
    """
    key = f"{load_runtime().__version__}, {engine.provider.reason}"
    path = directory / _FILE
    found = _kept(path, key)
    if found is None:
        found = _measured(engine, directory, tokenizer)
        content = {"key": key, "nats": found[0], "behind": found[1]}
        with contextlib.suppress(OSError):  # a read-only folder is measured each time
            path.write_text(json.dumps(content), encoding="utf-8")
    nats, behind = found
    if nats > _MOST_NATS:
        return f"it computes something else than the CPU ({nats:.2g} nats apart)"
    if behind > _MOST_BEHIND:
        return f"it writes tokens that the CPU would not write ({behind:.2g} nats behind the best)"
    return None


def divergence(reference: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Mean KL divergence in nats of softmax(other) from softmax(reference), rows of logits [n, vocab].

    Infinite where `other` is not finite.
    """
    if not np.isfinite(other).all():
        return float("inf")
    ours, theirs = _log_softmax(reference), _log_softmax(other)
    return float((np.exp(ours) * (ours - theirs)).sum(axis=-1).mean())


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    result: NDArray[np.float64] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def behind_best(rows: NDArray[np.float32], tokens: Sequence[int]) -> float:
    """How far the logit of any of `tokens` is below the largest of its row, [n, vocab]; 0 without tokens."""
    chosen = rows[np.arange(len(tokens)), list(tokens)]
    return float((rows.max(axis=-1) - chosen).max(initial=0.0))


def _measured(engine: Engine, directory: Path, tokenizer: Tokenizer) -> tuple[float, float]:
    tokens = tokenizer.encode(_TEXT, special=False)
    prompt = tokens[:_PROMPT]
    reference = Engine(directory, provider="cpu", threads=engine.threads)
    try:
        nats = divergence(reference.logits(tokens), engine.logits(tokens))
        try:
            written = engine.generate(prompt, SamplingParams(max_tokens=_WRITTEN)).tokens
        except EngineError:  # logits that are not numbers
            return nats, float("inf")
        rows = reference.logits([*prompt, *written])[len(prompt) - 1 :]
        return nats, behind_best(rows[: len(written)], written)
    finally:
        reference.close()


def _kept(path: Path, key: str) -> tuple[float, float] | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return (float(kept["nats"]), float(kept["behind"])) if kept["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
