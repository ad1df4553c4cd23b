"""Choosing the next token from logits: greedy, or drawn at random after filters.

Order, as in Hugging Face transformers: repetition penalty, grammar, temperature, top-k, top-p, min-p, draw.
With z the (penalised, masked) logits and p = softmax(z / temperature):

* repetition penalty r on every token seen: z / r if z > 0 else z * r   (CTRL, arXiv:1909.05858)
* top-k: the k largest p
* top-p: the smallest set of largest p whose sum reaches top_p           (nucleus sampling, arXiv:1904.09751)
* min-p: every p of at least min_p * max(p)                              (arXiv:2407.01082)

Top-p looks at the distribution that top-k left, renormalised. Equal probabilities rank by token id. At
least one token always survives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import ConfigError, EngineError

__all__ = ["Draw", "Sampler", "best", "check_params", "filtered", "not_a_number"]

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ids = NDArray[np.int64]
_BLOCK = 512
# A temperature below float32's range means greedy, which this already is.
_COLDEST = 1e-30


@dataclass(frozen=True, slots=True)
class Draw:
    """How one token is chosen where no filter asks for an order.

    Attributes:
        temperature: above 0 if `uniform` is given.
        uniform: 0 to 1, which of the cumulated probability to take; None takes the most probable token.
        penalty: on the logits of the tokens `seen`, [n]; None if there are none.
    """

    temperature: float = 0.0
    uniform: float | None = None
    penalty: float = 1.0
    seen: Ids | None = None


class Sampler:
    """Draws the tokens of one generation. Same seed, same logits, same tokens.

    Args:
        params: checked here.
        seen: tokens that the repetition penalty already counts (the prompt).

    Raises:
        ConfigError: a parameter is out of range.
    """

    def __init__(self, params: SamplingParams, seen: Iterable[int] = ()) -> None:
        check_params(params)
        self._params = params
        self._random = np.random.default_rng(params.seed)
        self._seen = set(seen) if params.repetition_penalty != 1.0 else None

    @property
    def greedy(self) -> bool:
        """Whether the most probable token is taken, with no randomness."""
        return self._params.temperature == 0.0

    @property
    def filters(self) -> bool:
        """Whether tokens have to be ranked before one is drawn."""
        params = self._params
        return not self.greedy and (params.top_k > 0 or params.top_p < 1.0 or params.min_p > 0.0)

    def draw(self) -> Draw:
        """What `pick` would do, for doing it elsewhere; takes a random number as `pick` does."""
        return Draw(
            max(self._params.temperature, _COLDEST),
            None if self.greedy else self._random.random(),
            self._params.repetition_penalty,
            self._seen_ids() if self._seen else None,
        )

    def _seen_ids(self) -> Ids:
        seen = self._seen or set()
        return np.fromiter(seen, dtype=np.int64, count=len(seen))

    def observe(self, tokens: Iterable[int]) -> None:
        """Count tokens as seen that were not drawn here (forced by a grammar)."""
        if self._seen is not None:
            self._seen.update(tokens)

    def penalised(self, logits: Floats) -> Floats:
        """Logits [vocab] after the repetition penalty: the same array if there is none, a copy otherwise."""
        if not self._seen:
            return logits
        ids = self._seen_ids()
        penalty = np.float32(self._params.repetition_penalty)
        scores = logits.copy()
        values = scores[ids]
        scores[ids] = np.where(values > 0, values / penalty, values * penalty)
        return scores

    def pick(self, scores: Floats, allowed: Bools | None = None) -> int:
        """The next token.

        Args:
            scores: penalised logits [vocab], float32.
            allowed: [vocab], what the grammar permits; None permits all.

        Raises:
            EngineError: the logits are not numbers, so the weights or the kernels are broken.
        """
        candidates = None if allowed is None else np.flatnonzero(allowed)
        values = scores if candidates is None else scores[candidates]
        index = best(values) if self.greedy else self._draw(values)
        return index if candidates is None else int(candidates[index])

    def _draw(self, values: Floats) -> int:
        ids, weights = filtered(values, self._params)
        place = _place(weights, self._random.random())
        return place if ids is None else int(ids[place])


def best(values: Floats) -> int:
    """Index of the largest value; the first of equals.

    Raises:
        EngineError: the largest value is not finite.
    """
    index = int(values.argmax())
    if not np.isfinite(values[index]):
        raise not_a_number()
    return index


def not_a_number() -> EngineError:
    """The error for logits that are not finite."""
    return EngineError(
        "The model's output is not a number: its weights are damaged or a kernel fails here. "
        "Run `%qwen doctor`, then `qwen-magics pull` the model again or use provider 'cpu'."
    )


def filtered(values: Floats, params: SamplingParams) -> tuple[Ids | None, Floats]:
    """Indices that survive top-k, top-p and min-p (None: all), with their weights.

    `values` are logits before temperature; a weight is the probability relative to the largest. The order is
    by falling weight where a filter ranked them, by index otherwise.
    """
    weights = _weights(values, params.temperature)
    ids: Ids | None = None
    if 0 < params.top_k < len(weights):
        # Partition finds the k-th largest in linear time; sorting all 151,936 would cost more than the model.
        floor = np.partition(weights, -params.top_k)[-params.top_k]
        ids = _ranked(weights, np.flatnonzero(weights >= floor))[: params.top_k]
    if params.top_p < 1.0:
        ids = _nucleus(weights, ids, params.top_p)
    if params.min_p > 0.0:
        # The largest weight is 1 by construction.
        kept = np.flatnonzero((weights if ids is None else weights[ids]) >= params.min_p)
        ids = kept if ids is None else ids[kept]
    return ids, weights if ids is None else weights[ids]


def _place(weights: Floats, uniform: float) -> int:
    """Where the cumulative weights pass `uniform` (0 to 1) of their sum.

    Sums of blocks come first: accumulating 151,936 numbers one by one in float64 would take 2 ms.
    """
    sums = np.cumsum(np.add.reduceat(weights, np.arange(0, len(weights), _BLOCK)).astype(np.float64))
    target = uniform * sums[-1]
    block = min(int(np.searchsorted(sums, target, side="right")), len(sums) - 1)
    start = block * _BLOCK
    edges = np.cumsum(weights[start : start + _BLOCK].astype(np.float64)) + (
        sums[block - 1] if block else 0.0
    )
    inside = min(int(np.searchsorted(edges, target, side="right")), len(edges) - 1)
    return start + inside


def _weights(values: Floats, temperature: float) -> Floats:
    """exp((z - max z) / temperature), in one array: page faults of more cost more than the arithmetic."""
    with np.errstate(over="ignore"):
        weights: Floats = values - values[best(values)]
        weights /= np.float32(max(temperature, _COLDEST))
    np.exp(weights, out=weights)
    return weights


def _nucleus(weights: Floats, ids: Ids | None, top_p: float) -> Ids:
    kept = weights if ids is None else weights[ids]
    total = float(kept.sum(dtype=np.float64))
    # Tokens under (1 - p) / n of the mass hold less than 1 - p together, so the nucleus lies in the others.
    likely = np.flatnonzero(kept >= (1.0 - top_p) * total / len(kept))
    ranked = _ranked(weights, likely if ids is None else ids[likely])
    reached = np.cumsum(weights[ranked].astype(np.float64)) >= top_p * total
    return ranked[: int(reached.argmax()) + 1] if reached.any() else ranked


def _ranked(weights: Floats, ids: Ids) -> Ids:
    """`ids` by falling weight, equal weights by rising id."""
    return ids[np.lexsort((ids, -weights[ids]))]


def check_params(params: SamplingParams) -> None:
    """Refuse parameters that have no meaning.

    Raises:
        ConfigError: names the field, its value and the range.
    """
    penalty = params.repetition_penalty
    rules: list[tuple[str, Any, bool, str]] = [
        ("temperature", params.temperature, 0.0 <= params.temperature < float("inf"), "0 (greedy) or more"),
        ("top_k", params.top_k, params.top_k >= 0, "0 (off) or more"),
        ("top_p", params.top_p, 0.0 < params.top_p <= 1.0, "above 0, at most 1 (off)"),
        ("min_p", params.min_p, 0.0 <= params.min_p <= 1.0, "from 0 (off) to 1"),
        ("repetition_penalty", penalty, 0.0 < penalty < float("inf"), "above 0"),
        ("repeats", params.repeats, params.repeats == 0 or params.repeats > 1, "0 (off), or 2 or more"),
        ("max_tokens", params.max_tokens, params.max_tokens >= 1, "1 or more"),
        ("seed", params.seed, params.seed is None or params.seed >= 0, "0 or more, or None"),
    ]
    for name, value, valid, wanted in rules:
        if not valid:
            msg = f"{name} is {value}; it must be {wanted}."
            raise ConfigError(msg)
