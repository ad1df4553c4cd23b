"""A grammar for engines that have none: llguidance's Python as a logits processor of transformers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import llguidance.torch
import torch
from llguidance import LLMatcher, LLTokenizer

__all__ = ["Grammars", "GuidedLogits"]

_END = 151645


class Grammars:
    """Compiles for one tokenizer."""

    def __init__(self, tokenizer_json: Path, vocab_size: int) -> None:
        self._vocab_size = vocab_size
        self._tokenizer = LLTokenizer(tokenizer_json.read_text("utf-8"), n_vocab=vocab_size, eos_token=_END)

    def processor(self, lark: str) -> GuidedLogits:
        """A processor at the grammar's beginning."""
        matcher = LLMatcher(self._tokenizer, LLMatcher.grammar_from_lark(lark), log_level=0)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        return GuidedLogits(matcher, llguidance.torch.allocate_token_bitmask(1, self._vocab_size))


class GuidedLogits:
    """Masks what the grammar does not allow next. Follows one sequence from the prompt's end on.

    Only the winner's bit is looked at where it is allowed, as this project's engine does.
    """

    def __init__(self, matcher: LLMatcher, bits: torch.Tensor) -> None:
        self._matcher, self._bits = matcher, bits
        self._seen: int | None = None

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        if self._seen is not None:
            self._matcher.consume_tokens(input_ids[0, self._seen :].tolist())
        self._seen = input_ids.shape[1]
        if self._matcher.is_stopped():
            return _only(scores, [_END])
        llguidance.torch.fill_next_token_bitmask(self._matcher, self._bits, 0)
        best = int(scores[0].argmax())
        if self._bits[0, best >> 5] >> (best & 31) & 1:
            return scores
        llguidance.torch.apply_token_bitmask_inplace(scores, self._bits)
        return scores


def _only(scores: torch.Tensor, tokens: Sequence[int]) -> torch.Tensor:
    masked = torch.full_like(scores, -torch.inf)
    masked[:, list(tokens)] = 0
    return masked
