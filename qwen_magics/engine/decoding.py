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

from qwen_magics.engine.cache import KvCache, shared_prefix
from qwen_magics.engine.choosing import Chooser
from qwen_magics.engine.drafting import Draft
from qwen_magics.engine.forward import Forward, Logits, paired
from qwen_magics.engine.generation import FinishReason, Generation, SamplingParams, Usage
from qwen_magics.engine.grammar import TokenGrammar
from qwen_magics.engine.step_cost import StepCost

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
        drafter: guesses what may follow; None for plain decoding.
        cost: learns what steps of several rows cost.
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
        drafter: Draft | None,
        cost: StepCost,
        background: Executor,
    ) -> None:
        self._forward = forward
        self._cache = cache
        self._prompt = prompt
        self._stop_tokens = stop_tokens
        self._grammar = grammar
        self._cancelled = cancelled
        self._chunk = chunk
        self._chooser = Chooser(params, prompt, stop_tokens, on_token)
        self._drafter = drafter
        self._cost = cost
        self._background = background
        self._drafted = self._accepted = self._steps = 0
        self._started = perf_counter()
        self._prefill_s, self._first_s = 0.0, math.nan

    def run(self) -> Generation:
        """Generate until something ends the answer."""
        cached = len(self._cache)
        pending, reason = self._prefill(list(self._prompt[cached:]))
        if self._grammar is not None and reason is None:
            forced, reason = self._chooser.begin(self._grammar.result().start(self._stop_tokens))
            self._note(forced)
            pending += forced
        while reason is None:
            draft = self._draft(len(pending))
            logits = self._advance(pending, draft)
            if logits is None:
                reason = "cancelled"
            else:
                pending, reason = self._verify(logits, draft)
        chooser = self._chooser
        return Generation(
            chooser.tokens,
            reason,
            self._usage(cached),
            chooser.mean_logprob,
            chooser.rejected_mass,
            chooser.logprobs,
        )

    def _usage(self, cached: int) -> Usage:
        total = perf_counter() - self._started
        first_s = total if math.isnan(self._first_s) else self._first_s
        return Usage(
            prompt_tokens=len(self._prompt),
            cached_tokens=cached,
            output_tokens=len(self._chooser.tokens),
            forced_tokens=self._chooser.forced,
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

    def _draft(self, pending: int) -> list[int]:
        # The token that the step chooses after the draft counts as well, hence the 1.
        room = self._chooser.room - 1
        if self._drafter is None or room < 1:
            return []
        return self._drafter.draft(room, self._chooser.matcher, after=pending)

    def _note(self, tokens: list[int]) -> None:
        if self._drafter is not None:
            self._drafter.extend(tokens)

    def _verify(self, logits: Logits, draft: list[int]) -> tuple[list[int], FinishReason | None]:
        """Choose a token per row as far as the draft agrees; the ids to run next, or the reason to end."""
        base, row = len(self._cache) - len(draft), 0
        while True:
            chosen, reason = self._chooser.choose(logits[row])
            if math.isnan(self._first_s):
                self._first_s = perf_counter() - self._started
            self._note(chosen)
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
            if last:
                self._chooser.prepare(self._background)
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
            self._cost.observe(paired(len(self._cache) - before), seconds, before)
        return logits


def chunks(tokens: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Cut `tokens` into runs of at most `size`, which is even so that only the last one can need a filler."""
    for start in range(0, len(tokens), size):
        yield tokens[start : start + size]
