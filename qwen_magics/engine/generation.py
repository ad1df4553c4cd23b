"""What goes into and comes out of one generation: plain values, token ids only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["FinishReason", "Generation", "SamplingParams", "Usage"]

FinishReason = Literal["stop", "length", "grammar", "repetition", "cancelled"]


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How the next token is chosen. The defaults are greedy.

    Attributes:
        temperature: 0 is greedy; then every field below but `repetition_penalty` is ignored.
        top_k: keep the k most probable tokens; 0 keeps all.
        top_p: keep the smallest set whose probability reaches p (nucleus sampling, arXiv:1904.09751).
        min_p: drop tokens under min_p times the largest probability (arXiv:2407.01082).
        repetition_penalty: divides positive and multiplies negative logits of tokens seen (arXiv:1909.05858).
        seed: makes sampling reproducible; None draws fresh entropy.
        max_tokens: most tokens to generate, forced ones included.
        stop_tokens: ids that end the answer and are not part of it, besides the model's own.
        repeats: end the answer once it has said the same that often in a row (`engine.repetition`); 0 never
            does. For programs: equal items of a list may be meant.
        speculate: guess tokens from the prompt and verify several per step; the tokens stay the same.
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    seed: int | None = None
    max_tokens: int = 512
    stop_tokens: frozenset[int] = field(default_factory=frozenset)
    repeats: int = 0
    speculate: bool = True


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and seconds of one generation.

    Attributes:
        prompt_tokens: length of the prompt.
        cached_tokens: how many of them the KV cache already held.
        output_tokens: tokens generated, forced ones included, the stop token not.
        forced_tokens: how many of those the grammar dictated (no sampling, computed beside another token).
        drafted_tokens: guesses from the prompt that ran beside another token.
        accepted_tokens: how many of them the model would have chosen; they are part of the output.
        steps: runs of the graph after the prompt's.
        prefill_s: seconds computing the prompt and what the grammar forces right after it.
        decode_s: seconds from the first sampled token to the end.
        time_to_first_token_s: seconds from the call to the first sampled token (forced ones may come before).
    """

    prompt_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    forced_tokens: int = 0
    drafted_tokens: int = 0
    accepted_tokens: int = 0
    steps: int = 0
    prefill_s: float = 0.0
    decode_s: float = 0.0
    time_to_first_token_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Generation:
    """Result of `Engine.generate`.

    Attributes:
        tokens: generated ids, without the stop token.
        finish_reason: `stop` (a stop token), `grammar` (it is complete and allows nothing more), `length`,
            `repetition` (it said the same over and over), or `cancelled`.
        usage: tokens and seconds.
        mean_logprob: mean natural-log probability of the sampled (not forced) tokens before penalty, grammar
            and filters; nan if none.
        rejected_mass: mean probability that the grammar had to take away per sampled token (0 without a
            grammar). A large share says that the model wanted to write something else.
        logprobs: natural-log probability of each of `tokens` as for the mean; None where the grammar
            dictated it.
    """

    tokens: list[int]
    finish_reason: FinishReason
    usage: Usage
    mean_logprob: float = float("nan")
    rejected_mass: float = 0.0
    logprobs: Sequence[float | None] = ()
