"""A grammar for engines that take a function over logits: llguidance's Python."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from llguidance import LLMatcher, LLTokenizer
from numpy.typing import NDArray

__all__ = ["Grammars", "Guide"]

_END = 151645


class Grammars:
    """Compiles for one tokenizer."""

    def __init__(self, tokenizer_json: Path, vocab_size: int) -> None:
        self._vocab_size = vocab_size
        self._tokenizer = LLTokenizer(tokenizer_json.read_text("utf-8"), n_vocab=vocab_size, eos_token=_END)

    def start(self, lark: str) -> Guide:
        """A guide at the grammar's beginning."""
        matcher = LLMatcher(self._tokenizer, LLMatcher.grammar_from_lark(lark), log_level=0)
        if matcher.is_error():
            raise ValueError(matcher.get_error())
        return Guide(matcher, self._vocab_size)


class Guide:
    """Follows one sequence from the prompt's end on."""

    def __init__(self, matcher: LLMatcher, vocab_size: int) -> None:
        self._matcher, self._vocab_size = matcher, vocab_size
        self._seen: int | None = None

    def refused(self, sequence: Sequence[int], best: int) -> NDArray[np.bool_] | None:
        """Which tokens may not come after `sequence`, prompt included; None if `best` may.

        Only the winner's bit is looked at where it is allowed, as this project's engine does.
        """
        if self._seen is not None:
            self._matcher.consume_tokens([int(token) for token in sequence[self._seen :]])
        self._seen = len(sequence)
        if self._matcher.is_stopped():
            return np.arange(self._vocab_size) != _END
        bits = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        if bits[best >> 3] >> (best & 7) & 1:
            return None
        return np.unpackbits(bits, bitorder="little", count=self._vocab_size) == 0
