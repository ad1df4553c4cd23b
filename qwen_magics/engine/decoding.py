"""One answer under way: prefill in chunks, then steps of several tokens each.

A step runs the token chosen last, what the grammar forces after it, and a draft of what may follow. Each row
of its logits then chooses a token as if it had been alone; the draft is kept as far as it agrees.

The loop keeps one invariant: every id in the cache was run, and every emitted id not yet run is pending.
Leaving it at any point, by cancellation or an exception, therefore leaves a cache that the next call can use.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from qwen_magics.engine.cache import KvCache, shared_prefix
from qwen_magics.engine.drafting import Drafter, DraftMemory
from qwen_magics.engine.forward import Forward, Logits
from qwen_magics.engine.generation import FinishReason, Generation, SamplingParams, Usage
from qwen_magics.engine.grammar import TokenGrammar, TokenMatcher, unpacked
from qwen_magics.engine.sampling import Sampler

__all__ = ["Decoding", "chunks"]


class Decoding:
    """Generates one answer.

    Args:
        forward: what runs.
        cache: what it appends to; it holds a true prefix of `prompt`.
        prompt: all prompt ids.
        stop_tokens: ids that end the answer, the model's own included.
        grammar: what constrains the answer. While it is still being compiled, the prompt is computed.
        on_token: called with each id of the answer, in order.
        cancelled: asked before every run.
        chunk: most prompt tokens per run.
        memory: what the engine's earlier answers taught about drafting.
        background: computes the grammar's next mask while the graph runs.
    """

    def __init__(
        self,
        forward: Forward,
        cache: KvCache,
        prompt: Sequence[int],
        params: SamplingParams,
        *,
        stop_tokens: frozenset[int],
        grammar: Future[TokenGrammar] | None,
        on_token: Callable[[int], None] | None,
        cancelled: Callable[[], bool],
        chunk: int,
        memory: DraftMemory,
        background: Executor,
    ) -> None:
        self._forward = forward
        self._cache = cache
        self._prompt = prompt
        self._params = params
        self._stop_tokens = stop_tokens
        self._grammar = grammar
        self._matcher: TokenMatcher | None = None
        self._on_token = on_token
        self._cancelled = cancelled
        self._chunk = chunk
        self._sampler = Sampler(params, prompt)
        self._drafter = Drafter(prompt, memory, stop_tokens) if params.speculate else None
        self._memory = memory
        self._background = background
        self._mask: Future[NDArray[np.uint8]] | None = None
        self._tokens: list[int] = []
        self._forced = self._drafted = self._accepted = self._steps = 0
        self._logprobs: list[float] = []
        self._rejected: list[float] = []
        self._started = perf_counter()
        self._prefill_s, self._first_s = 0.0, math.nan
        # Kept between steps: a fresh 600 kB array costs as much in page faults as the sums over it.
        self._weights = np.empty(0, dtype=np.float32)

    def run(self) -> Generation:
        """Generate until something ends the answer."""
        cached = len(self._cache)
        pending, reason = self._prefill(list(self._prompt[cached:]))
        if self._grammar is not None and reason is None:
            self._matcher = self._grammar.result().start(self._stop_tokens)
            forced, reason = self._force()
            pending += forced
        while reason is None:
            draft = self._draft()
            logits = self._advance(pending, draft)
            if logits is None:
                reason = "cancelled"
            else:
                pending, reason = self._verify(logits, draft)
        mean_logprob, rejected = _mean(self._logprobs, math.nan), _mean(self._rejected, 0.0)
        return Generation(self._tokens, reason, self._usage(cached), mean_logprob, rejected)

    def _usage(self, cached: int) -> Usage:
        total = perf_counter() - self._started
        first_s = total if math.isnan(self._first_s) else self._first_s
        return Usage(
            prompt_tokens=len(self._prompt),
            cached_tokens=cached,
            output_tokens=len(self._tokens),
            forced_tokens=self._forced,
            drafted_tokens=self._drafted,
            accepted_tokens=self._accepted,
            steps=self._steps,
            prefill_s=self._prefill_s,
            decode_s=total - first_s,
            time_to_first_token_s=first_s,
        )

    def _prefill(self, prompt: list[int]) -> tuple[list[int], FinishReason | None]:
        """Compute the prompt, but for its last chunk, while the grammar is not ready; what is left."""
        parts = list(chunks(prompt, self._chunk))
        while len(parts) > 1 and self._grammar is not None and not self._grammar.done():
            if self._advance(parts.pop(0), []) is None:
                return [], "cancelled"
        return [token for part in parts for token in part], None

    def _draft(self) -> list[int]:
        # The token that the step chooses after the draft counts as well, hence the 1.
        room = self._params.max_tokens - len(self._tokens) - 1
        return [] if self._drafter is None or room < 1 else self._drafter.draft(room, self._matcher)

    def _verify(self, logits: Logits, draft: list[int]) -> tuple[list[int], FinishReason | None]:
        """Choose a token per row as far as the draft agrees; the ids to run next, or the reason to end."""
        base, row = len(self._cache) - len(draft), 0
        while True:
            token = self._choose(logits[row])
            if math.isnan(self._first_s):
                self._first_s = perf_counter() - self._started
            reason = self._accept(token)
            # An end token is no part of the answer and stays out of the cache.
            chosen = [] if reason == "stop" else [token]
            if reason is None:
                forced, reason = self._force()
                chosen += forced
            agreed = shared_prefix(chosen, draft[row:])
            row += agreed
            if reason is None and self._cancelled():
                reason = "cancelled"
            if reason is not None or agreed < len(chosen):
                break
        self._cache.rewind(base + row)
        self._accepted += row
        if self._drafter is not None:
            self._drafter.observe(row)
        return chosen[agreed:], reason

    def _force(self) -> tuple[list[int], FinishReason | None]:
        """Emit what the grammar dictates next; those ids, and the reason if the answer ends here."""
        if self._matcher is None:
            return [], None
        forced = self._matcher.forced()
        for place, token in enumerate(forced):
            if token in self._stop_tokens:
                return forced[:place], "stop"
            self._forced += 1
            self._emit([token])
            if len(self._tokens) == self._params.max_tokens:
                last = self._matcher.stopped and place == len(forced) - 1
                return forced[: place + 1], "grammar" if last else "length"
        return forced, "grammar" if self._matcher.stopped else None

    def _accept(self, token: int) -> FinishReason | None:
        """Emit a sampled id; the reason if the answer ends with or before it."""
        if token in self._stop_tokens:
            return "stop"
        if self._matcher is not None:
            self._matcher.consume([token])
        self._emit([token])
        if self._matcher is not None and self._matcher.stopped:
            return "grammar"
        return "length" if len(self._tokens) == self._params.max_tokens else None

    def _emit(self, tokens: list[int]) -> None:
        self._sampler.observe(tokens)
        if self._drafter is not None:
            self._drafter.extend(tokens)
        for token in tokens:
            self._tokens.append(token)
            if self._on_token is not None:
                self._on_token(token)

    def _advance(self, tokens: Sequence[int], draft: Sequence[int]) -> Logits | None:
        """Run `tokens` in chunks, the draft with the last of them.

        Logits [1 + len(draft), vocab] after the last token and after each drafted one; None if cancelled.
        """
        started, logits = perf_counter(), None
        before, parts = len(self._cache), list(chunks(tokens, self._chunk))
        for part in parts:
            if self._cancelled():
                return None
            last = part is parts[-1]
            if last and self._matcher is not None:
                # Of use for the first row; a graph that computes leaves a moment for it.
                self._mask = self._background.submit(self._matcher.mask)
            logits = self._forward.run(
                self._cache, [*part, *draft] if last else part, keep=1 + len(draft) if last else 1
            )
            if logits is None:
                return None
        self._drafted += len(draft)
        seconds = perf_counter() - started
        if math.isnan(self._first_s):
            self._prefill_s += seconds
        else:
            self._steps += 1
            self._memory.cost.observe(max(2, len(self._cache) - before), seconds)
        return logits

    def _choose(self, logits: Logits) -> int:
        """The next token, and its statistics before penalty, grammar and filters."""
        allowed = None if self._matcher is None else unpacked(self._next_mask(), len(logits))
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

    def _next_mask(self) -> NDArray[np.uint8]:
        """The grammar's mask for the next token: the one computed during the run, or one made now."""
        assert self._matcher is not None
        mask, self._mask = self._mask, None
        return self._matcher.mask() if mask is None else mask.result()

    def _pick(self, scores: Logits, allowed: NDArray[np.bool_] | None) -> int:
        if allowed is not None and self._sampler.greedy:
            # The model's own choice is mostly a legal one; then 151,936 scores need no masking.
            token = self._sampler.pick(scores)
            if allowed[token]:
                return token
        return self._sampler.pick(scores, allowed)


def chunks(tokens: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Cut `tokens` into runs of at most `size`, none of one token unless there is only one.

    A lone token takes a filler (see `forward`), for which the last position of a full context has no room.
    """
    start = 0
    while start < len(tokens):
        end = start + size - (len(tokens) - start == size + 1)
        yield tokens[start:end]
        start = end


def _mean(values: Sequence[float], empty: float) -> float:
    return sum(values) / len(values) if values else empty
