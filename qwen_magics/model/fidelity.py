"""How far a built graph is from the weights it was built from.

Mean Kullback-Leibler divergence (nats per token) of the graph's next-token distribution from that of a
float32 reference of the same weights, and how often both put the same token first, over a short mixed text: a
conversation, SQL, Chinese, Python, prose, JSON. Both quantisation of weights and of activations count.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qwen_magics.errors import DamagedModelError
from qwen_magics.model.progress import Progress, ProgressEvent
from qwen_magics.model.reference import reference_logits
from qwen_magics.model.ties import outer_names
from qwen_magics.model.tokenizer import Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qwen_magics.model.weights import WeightSource

__all__ = [
    "Fidelity",
    "Forward",
    "compare_logits",
    "graph_logits",
    "join",
    "measure_fidelity",
    "self_test_text",
]

# Takes token ids and yields their logits in order, a few positions at a time: [n, vocabulary] each.
Forward = Callable[[Sequence[int]], Iterator["NDArray[np.float32]"]]
_CHUNK = 32
_MOST_TOKENS = 448


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Agreement with float32 of the same weights.

    Attributes:
        kl: mean divergence in nats per token; 0 is identical.
        kl_worst: the largest one of a single token.
        top1: share of positions where both prefer the same token.
        tokens: positions measured.
    """

    kl: float
    kl_worst: float
    top1: float
    tokens: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def self_test_text() -> str:
    """The text that ships with the package for this measurement."""
    return files("qwen_magics.model").joinpath("self_test.txt").read_text(encoding="utf-8")


def measure_fidelity(
    source: WeightSource,
    directory: Path,
    *,
    text: str | None = None,
    forward: Forward | None = None,
    progress: Progress | None = None,
) -> Fidelity:
    """Compares a model directory with its checkpoint.

    Args:
        source: the checkpoint that the directory was built from.
        directory: needs model.onnx and tokenizer.json.
        text: what to measure on; by default `self_test_text()`. The first 448 tokens count.
        forward: how to run the graph; by default ONNX Runtime on the CPU.
        progress: told about phase `check`, in layers of the reference.

    Raises:
        DamagedModelError: the weights hold values that are no numbers.
    """
    report = progress or (lambda event: None)
    layers = source.architecture.layers
    tokens = Tokenizer.from_directory(directory).encode(self_test_text() if text is None else text)[
        :_MOST_TOKENS
    ]
    head, embedding = outer_names(source)
    reference = reference_logits(
        source,
        tokens,
        head=head,
        embedding=embedding,
        tick=lambda done: report(ProgressEvent("check", done, layers + 1, "comparing with float32")),
    )
    run = forward or (lambda ids: graph_logits(directory, ids))
    result = compare_logits(reference, run(tokens))
    if not math.isfinite(result.kl):
        msg = f"the weights in {source.path} hold values that are no numbers; get the model again."
        raise DamagedModelError(msg)
    report(ProgressEvent("check", layers + 1, layers + 1, f"{result.kl:.4f} nats from float32"))
    return result


def graph_logits(directory: Path, tokens: Sequence[int]) -> Iterator[NDArray[np.float32]]:
    """Runs the graph of a directory over tokens on the CPU, in chunks, and yields the logits of each."""
    # Must be set before the first import: the wheels send telemetry otherwise.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # it warns about the input that has a default
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(
        str(directory / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )
    names = [output.name for output in session.get_outputs()]
    past = {
        entry.name: _first_past(entry, len(tokens))
        for entry in session.get_inputs()
        if entry.name.startswith("past_key_values")
    }
    for start in range(0, len(tokens), _CHUNK):
        chunk = np.array([tokens[start : start + _CHUNK]], np.int64)
        mask = np.ones((1, start + chunk.shape[1]), np.int64)
        logits, *present = session.run(None, {"input_ids": chunk, "attention_mask": mask, **past})
        past = {
            name.replace("present", "past_key_values"): v for name, v in zip(names[1:], present, strict=True)
        }
        yield logits[0].astype(np.float32, copy=False)


def _first_past(entry: Any, tokens: int) -> NDArray[Any]:
    # The CPU's attention fails on an empty cache in float16, so that one begins at its full length.
    half = entry.type == "tensor(float16)"
    shape = (1, entry.shape[1], tokens if half else 0, entry.shape[3])
    return np.zeros(shape, np.float16 if half else np.float32)


def join(parts: Sequence[Fidelity]) -> Fidelity:
    """The figures of several texts as those of one; the texts count by their tokens."""
    tokens = sum(part.tokens for part in parts)
    return Fidelity(
        kl=round(sum(part.kl * part.tokens for part in parts) / tokens, 6),
        kl_worst=max(part.kl_worst for part in parts),
        top1=round(sum(part.top1 * part.tokens for part in parts) / tokens, 4),
        tokens=tokens,
    )


def compare_logits(reference: NDArray[np.float32], parts: Iterator[NDArray[np.float32]]) -> Fidelity:
    """Compares logits [tokens, vocabulary] with the same in parts, one after the other."""
    divergences, same, at = [], 0, 0
    for part in parts:
        expected, at = _log_softmax(reference[at : at + len(part)]), at + len(part)
        got = _log_softmax(part)
        divergences.append(np.sum(np.exp(expected) * (expected - got), axis=-1, dtype=np.float64))
        same += int(np.sum(expected.argmax(axis=-1) == got.argmax(axis=-1)))
    all_of_them = np.concatenate(divergences)
    kl, worst = float(all_of_them.mean()), float(all_of_them.max())
    return Fidelity(
        kl=round(kl if not kl < 0 else 0.0, 6), kl_worst=round(worst, 4), top1=round(same / at, 4), tokens=at
    )


def _log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True)), np.float32)
