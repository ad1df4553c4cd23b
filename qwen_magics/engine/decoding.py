"""One answer under way: prefill in chunks, then a token (and what the grammar forces after it) per step.

The loop keeps one invariant: every id in the cache was run, and every emitted id not yet run is in `pending`.
Leaving it at any point, by cancellation or an exception, therefore leaves a cache that the next call can use.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from qwen_magics.engine.cache import KvCache
from qwen_magics.engine.forward import Forward, Logits
from qwen_magics.engine.generation import FinishReason, Generation, SamplingParams, Usage
from qwen_magics.engine.grammar import TokenMatcher, unpacked
from qwen_magics.engine.sampling import Sampler

__all__ = ["Decoding", "chunks"]


class Decoding:
    """Generates one answer.

    Args:
        forward: what runs.
        cache: what it appends to, already rewound to a prefix of `prompt`.
        prompt: all prompt ids.
        stop_tokens: ids that end the answer, the model's own included.
        matcher: the grammar's position, or None.
        on_token: called with each id of the answer, in order.
        cancelled: asked before every run.
        chunk: most tokens per run.
    """

    def __init__(
        self,
        forward: Forward,
        cache: KvCache,
        prompt: Sequence[int],
        params: SamplingParams,
        *,
        stop_tokens: frozenset[int],
        matcher: TokenMatcher | None,
        on_token: Callable[[int], None] | None,
        cancelled: Callable[[], bool],
        chunk: int,
    ) -> None:
        self._forward = forward
        self._cache = cache
        self._prompt = prompt
        self._params = params
        self._stop_tokens = stop_tokens
        self._matcher = matcher
        self._on_token = on_token
        self._cancelled = cancelled
        self._chunk = chunk
        self._sampler = Sampler(params, prompt)
        self._tokens: list[int] = []
        self._forced = 0
        self._logprobs: list[float] = []
        self._rejected: list[float] = []
        # Kept between steps: a fresh 600 kB array costs as much in page faults as the sums over it.
        self._weights = np.empty(0, dtype=np.float32)

    def run(self) -> Generation:
        """Generate until something ends the answer."""
        started = perf_counter()
        cached = len(self._cache)
        prefill_s, first_s = 0.0, math.nan
        pending = list(self._prompt[cached:])
        while True:
            forced, reason = self._force()
            if reason is not None:
                break
            before = perf_counter()
            logits = self._advance(pending + forced)
            if math.isnan(first_s):
                prefill_s = perf_counter() - before
            if logits is None:
                reason = "cancelled"
                break
            token = self._choose(logits[0])
            if math.isnan(first_s):
                first_s = perf_counter() - started
            reason = self._accept(token)
            if reason is not None:
                break
            pending = [token]
        total = perf_counter() - started
        first_s = total if math.isnan(first_s) else first_s
        usage = Usage(
            prompt_tokens=len(self._prompt),
            cached_tokens=cached,
            output_tokens=len(self._tokens),
            forced_tokens=self._forced,
            prefill_s=prefill_s,
            decode_s=total - first_s,
            time_to_first_token_s=first_s,
        )
        return Generation(
            self._tokens, reason, usage, _mean(self._logprobs, math.nan), _mean(self._rejected, 0.0)
        )

    def _force(self) -> tuple[list[int], FinishReason | None]:
        """Emit what the grammar dictates next; those ids, and the reason if the answer ends here."""
        if self._matcher is None:
            return [], None
        forced = self._matcher.forced()
        for token in forced:
            if token in self._stop_tokens:
                return forced, "stop"
            self._forced += 1
            self._emit(token)
            if len(self._tokens) == self._params.max_tokens:
                last = self._matcher.stopped and token == forced[-1]
                return forced, "grammar" if last else "length"
        self._sampler.observe(forced)
        return forced, "grammar" if self._matcher.stopped else None

    def _accept(self, token: int) -> FinishReason | None:
        """Emit a sampled id; the reason if the answer ends with or before it."""
        if token in self._stop_tokens:
            return "stop"
        if self._matcher is not None:
            self._matcher.consume([token])
        self._sampler.observe([token])
        self._emit(token)
        if self._matcher is not None and self._matcher.stopped:
            return "grammar"
        return "length" if len(self._tokens) == self._params.max_tokens else None

    def _emit(self, token: int) -> None:
        self._tokens.append(token)
        if self._on_token is not None:
            self._on_token(token)

    def _advance(self, tokens: Sequence[int]) -> Logits | None:
        """Run `tokens` in chunks; logits [1, vocab] after the last, or None if cancelled."""
        logits = None
        for part in chunks(tokens, self._chunk):
            if self._cancelled():
                return None
            logits = self._forward.run(self._cache, part)
            if logits is None:
                return None
        return logits

    def _choose(self, logits: Logits) -> int:
        """The next token, and its statistics before penalty, grammar and filters."""
        allowed = None if self._matcher is None else unpacked(self._matcher.mask(), len(logits))
        weights = self._weights if self._weights.shape == logits.shape else np.empty_like(logits)
        np.exp(np.subtract(logits, logits.max(), out=weights), out=weights)
        self._weights = weights
        total = float(weights.sum())
        token = self._pick(self._sampler.penalised(logits), allowed)
        self._logprobs.append(math.log(max(float(weights[token]), 1e-45) / total))
        if allowed is not None:
            # Refused weights become 0 in place; the sum of the rest is what the grammar left.
            weights *= allowed
            self._rejected.append(min(1.0, max(0.0, 1.0 - float(weights.sum()) / total)))
        return token

    def _pick(self, scores: Logits, allowed: NDArray[np.bool_] | None) -> int:
        if allowed is not None and self._sampler.greedy:
            # The model's own choice is mostly a legal one; then 151,936 scores need no masking.
            token = self._sampler.pick(scores)
            if allowed[token]:
                return token
        return self._sampler.pick(scores, allowed)


def chunks(tokens: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Cut `tokens` into runs of at most `size`, none of one token unless there is only one (see `cache`)."""
    start = 0
    while start < len(tokens):
        end = start + size - (len(tokens) - start == size + 1)
        yield tokens[start:end]
        start = end


def _mean(values: Sequence[float], empty: float) -> float:
    return sum(values) / len(values) if values else empty
