"""Does the GPU compute what the CPU computes? Asked once per model, runtime and device, at the first load.

Reports of gibberish from particular kernels on particular cards exist, and a wrong answer that looks right is
the worst that can happen here. So the distributions over the next token of a short text are compared, and a
GPU that fails is not used.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qwen_magics.engine.engine import Engine
from qwen_magics.engine.runtime import load_runtime

if TYPE_CHECKING:
    from qwen_magics.model.tokenizer import Tokenizer

__all__ = ["divergence", "fault_of_device"]

_FILE = "device_check.json"
# float16 and other orders of summation stay below 0.01 nats; wrong kernels give several.
_MOST_NATS = 0.05
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
    nats = _kept(path, key)
    if nats is None:
        nats = _measured(engine, directory, tokenizer)
        with contextlib.suppress(OSError):  # a read-only folder is measured each time
            path.write_text(json.dumps({"key": key, "nats": nats}), encoding="utf-8")
    if nats <= _MOST_NATS:
        return None
    return f"it computes something else than the CPU ({nats:.2g} nats apart)"


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


def _measured(engine: Engine, directory: Path, tokenizer: Tokenizer) -> float:
    tokens = tokenizer.encode(_TEXT, special=False)
    reference = Engine(directory, provider="cpu", threads=engine.threads)
    try:
        return divergence(reference.logits(tokens), engine.logits(tokens))
    finally:
        reference.close()


def _kept(path: Path, key: str) -> float | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return float(kept["nats"]) if kept["key"] == key else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
