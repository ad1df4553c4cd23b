"""The tokens of one answer: chosen from logits, or dictated by the grammar; what ends it; its statistics.

Knows neither the graph nor the cache: whoever runs them hands over one row of logits at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qwen_magics.engine.generation import FinishReason, SamplingParams
from qwen_magics.engine.grammar import TokenMatcher
from qwen_magics.engine.repetition import goes_round
from qwen_magics.engine.sampling import Draw, Sampler

__all__ = ["Chooser", "RemoteRow"]

Logits = NDArray[np.float32]


class RemoteRow(Protocol):
    """Logits [vocab] that lie elsewhere: see `device.DeviceRow`."""

    def choose(self, allowed: NDArray[np.bool_] | None, draw: Draw) -> tuple[int, float, float]: ...

    def fetch(self) -> Logits: ...


class Chooser:
    """Writes one answer.

    Args:
        params: how to choose.
        prompt: what the repetition penalty counts as seen.
        stop_tokens: ids that end the answer, the model's own included.
        on_token: called with each id of the answer, in order.

    Attributes:
        tokens: the answer so far, without a stop token.
        logprobs: of each of them, see `Generation.logprobs`.
        forced: how many of them the grammar dictated.
        matcher: the grammar's position; None without a grammar.
    """

    def __init__(
        self,
        params: SamplingParams,
        prompt: Sequence[int],
        stop_tokens: frozenset[int],
        on_token: Callable[[int], None] | None = None,
    ) -> None:
        self._params = params
        self._stop_tokens = stop_tokens
        self._on_token = on_token
        self._sampler = Sampler(params, prompt)
        self.tokens: list[int] = []
        self.logprobs: list[float | None] = []
        self.forced = 0
        self.matcher: TokenMatcher | None = None
        self._logprobs: list[float] = []
        self._rejected: list[float] = []
        self._mask: Future[NDArray[np.bool_]] | None = None
        # Kept between tokens: a fresh 600 kB array costs as much in page faults as the sums over it.
        self._weights = np.empty(0, dtype=np.float32)

    @property
    def mean_logprob(self) -> float:
        """See `Generation.mean_logprob`."""
        return _mean(self._logprobs, math.nan)

    @property
    def rejected_mass(self) -> float:
        """See `Generation.rejected_mass`."""
        return _mean(self._rejected, 0.0)

    @property
    def room(self) -> int:
        """Tokens that the answer may still take."""
        return self._params.max_tokens - len(self.tokens)

    def begin(self, matcher: TokenMatcher) -> tuple[list[int], FinishReason | None]:
        """Take a grammar; what it dictates at the very start, and the reason if the answer ends with it."""
        self.matcher = matcher
        return self._force()

    def prepare(self, background: Executor) -> None:
        """Compute the mask of the next token elsewhere, while the graph runs."""
        if self.matcher is not None:
            self._mask = background.submit(self.matcher.allowed)

    def choose(self, logits: Logits | RemoteRow) -> tuple[list[int], FinishReason | None]:
        """Choose from logits [vocab]; the ids that the answer goes on with, and the reason if it ends.

        More than one id comes where the grammar dictates what follows; none where an end token was chosen.
        """
        token = self._pick(logits)
        if token in self._stop_tokens:
            return [], "stop"
        if self.matcher is not None:
            self.matcher.consume([token])
        self._emit(token, self._logprobs[-1])
        if self.room == 0:
            complete = self.matcher is not None and self.matcher.stopped
            return [token], "grammar" if complete else "length"
        if self._params.repeats and goes_round(self.tokens, self._params.repeats):
            return [token], "repetition"
        forced, reason = self._force()
        return [token, *forced], reason

    def _force(self) -> tuple[list[int], FinishReason | None]:
        """Emit what the grammar dictates next."""
        if self.matcher is None:
            return [], None
        forced = self.matcher.forced()
        for place, token in enumerate(forced):
            if token in self._stop_tokens:
                return forced[:place], "stop"
            self.forced += 1
            self._emit(token)
            if self.room == 0:
                last = self.matcher.stopped and place == len(forced) - 1
                return forced[: place + 1], "grammar" if last else "length"
        return forced, "grammar" if self.matcher.stopped else None

    def _emit(self, token: int, logprob: float | None = None) -> None:
        self._sampler.observe([token])
        self.tokens.append(token)
        self.logprobs.append(logprob)
        if self._on_token is not None:
            self._on_token(token)

    def _pick(self, logits: Logits | RemoteRow) -> int:
        """The next token; keeps its statistics as they were before penalty, grammar and filters."""
        allowed = None if self.matcher is None else self._next_mask(self.matcher)
        if isinstance(logits, np.ndarray):
            return self._pick_here(logits, allowed)
        if self._sampler.filters:
            return self._pick_here(logits.fetch(), allowed)
        token, logprob, rejected = logits.choose(allowed, self._sampler.draw())
        self._logprobs.append(logprob)
        if allowed is not None:
            self._rejected.append(rejected)
        return token

    def _pick_here(self, logits: Logits, allowed: NDArray[np.bool_] | None) -> int:
        weights = self._weights if self._weights.shape == logits.shape else np.empty_like(logits)
        np.exp(np.subtract(logits, logits.max(), out=weights), out=weights)
        self._weights = weights
        total = float(weights.sum())
        token = self._sampled(self._sampler.penalised(logits), allowed)
        self._logprobs.append(math.log(max(float(weights[token]), 1e-45) / total))
        if allowed is not None:
            # Refused weights become 0 in place; the sum of the rest is what the grammar left.
            weights *= allowed
            self._rejected.append(min(1.0, max(0.0, 1.0 - float(weights.sum()) / total)))
        return token

    def _next_mask(self, matcher: TokenMatcher) -> NDArray[np.bool_]:
        mask, self._mask = self._mask, None
        return matcher.allowed() if mask is None else mask.result()

    def _sampled(self, scores: Logits, allowed: NDArray[np.bool_] | None) -> int:
        if allowed is not None and self._sampler.greedy:
            # The model's own choice is mostly a legal one; then 151,936 scores need no masking.
            token = self._sampler.pick(scores)
            if allowed[token]:
                return token
        return self._sampler.pick(scores, allowed)


def _mean(values: Sequence[float], empty: float) -> float:
    return sum(values) / len(values) if values else empty
