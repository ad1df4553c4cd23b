"""Grammars over token ids: which tokens may come next, and which must (llguidance).

The compiler gets the tokenizer as data (the bytes of each token); what the tokens mean is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qwen_magics.errors import GrammarError
from qwen_magics.model.heap import trim_heap

__all__ = ["GrammarCompiler", "TokenGrammar", "TokenMatcher", "unpacked"]

_PARSER_ITEMS = 200_000


class GrammarCompiler:
    """Compiles Lark grammars for one tokenizer. Its token table takes about a second: keep it.

    Args:
        tokens: the bytes of each token, as many as the logits are wide; empty where an id stands for nothing.
        special: ids of tokens that only a grammar's `<name>` means, never text.
        encode: text to ids, without the special ones.
        eos_token: id that the grammar allows once it may end.
    """

    def __init__(
        self,
        tokens: Sequence[bytes],
        special: Iterable[int],
        encode: Callable[[str], list[int]],
        eos_token: int,
    ) -> None:
        self._tokens: Sequence[bytes] = tokens
        self._special = sorted(special)
        self._encode = encode
        self._vocab_size = len(tokens)
        self._eos_token = eos_token

    @cached_property
    def _table(self) -> Any:
        from llguidance import LLTokenizer, TokenizerWrapper

        # Not by its text: llguidance would read the same seven megabytes again and keep a second tokenizer.
        source = _Tokens(self._tokens, self._special, self._encode, self._eos_token)
        try:
            wrapper = TokenizerWrapper(source)
            # Slices are tables of what JSON strings may hold: 38 MB and half of the time here, to compute
            # such a mask at once instead of in 1.5 ms, which pass while the model runs anyway.
            table = LLTokenizer(wrapper, n_vocab=self._vocab_size, eos_token=self._eos_token, slices=[])
        except ValueError as exc:
            msg = f"The tokenizer cannot be used for grammars: {exc}. Pull or build the model again."
            raise GrammarError(msg) from exc
        # The table has copies of its own, but keeps what it encodes with.
        self._tokens = source.tokens = wrapper.tokens = []
        trim_heap()
        return table

    def prepare(self) -> None:
        """Build the token table now (about 1 s) instead of at the first `compile`."""
        _ = self._table

    def compile(self, lark: str) -> TokenGrammar:
        """Compile a grammar in llguidance's Lark dialect.

        Raises:
            GrammarError: it does not compile; the message is llguidance's, with line and column.
        """
        from llguidance import LLMatcher, LLParserLimits

        # A mask over wide tables comes near the default of 50,000 items, and running into it ends the answer.
        limits = LLParserLimits(step_max_items=_PARSER_ITEMS)
        matcher = LLMatcher(self._table, LLMatcher.grammar_from_lark(lark), log_level=0, limits=limits)
        if matcher.is_error():
            msg = f"The grammar does not compile: {matcher.get_error()}"
            raise GrammarError(msg)
        return TokenGrammar(matcher, self._vocab_size)


class _Tokens:
    """What llguidance asks of a tokenizer, under its names."""

    bos_token_id = None

    def __init__(
        self,
        tokens: Sequence[bytes],
        special: Sequence[int],
        encode: Callable[[str], list[int]],
        eos_token: int,
    ) -> None:
        self.tokens, self.special_token_ids, self.eos_token_id = list(tokens), special, eos_token
        self._encode = encode

    def __call__(self, text: str | bytes) -> list[int]:
        if isinstance(text, bytes):  # llguidance tries which of the two is taken
            raise TypeError
        return self._encode(text)


class TokenGrammar:
    """A compiled grammar. Immutable: every generation starts its own matcher."""

    def __init__(self, matcher: Any, vocab_size: int) -> None:
        self._matcher = matcher
        self._vocab_size = vocab_size

    def start(self, stop_tokens: Iterable[int] = ()) -> TokenMatcher:
        """A matcher at the beginning. `stop_tokens` may end the answer wherever the grammar may end."""
        return TokenMatcher(self._matcher.deep_copy(), self._vocab_size, stop_tokens)


class TokenMatcher:
    """Position in a grammar while one answer is generated."""

    def __init__(self, matcher: Any, vocab_size: int, stop_tokens: Iterable[int] = ()) -> None:
        self._matcher = matcher
        self._vocab_size = vocab_size
        self._stop_tokens = sorted(stop_tokens)

    @property
    def stopped(self) -> bool:
        """The grammar is complete and allows nothing more."""
        return bool(self._matcher.is_stopped())

    @property
    def accepting(self) -> bool:
        """The answer may end here."""
        return bool(self._matcher.is_accepting())

    def forced(self) -> list[int]:
        """The tokens that must come next, already consumed; empty if there is a choice.

        Raises:
            GrammarError: the grammar's limits are exceeded.
        """
        tokens = [int(token) for token in self._matcher.compute_ff_tokens()]
        if tokens:
            self.consume(tokens)
        self._check()
        return tokens

    def mask(self) -> NDArray[np.uint8]:
        """What may come next, one bit per token, lowest bit first: [ceil(vocab / 8)] (padded to 32 bits).

        Raises:
            GrammarError: the grammar's limits are exceeded.
        """
        bits = np.frombuffer(bytearray(self._matcher.compute_bitmask()), dtype=np.uint8)
        self._check()
        if self.accepting:
            for token in self._stop_tokens:
                bits[token >> 3] |= np.uint8(1 << (token & 7))
        return bits

    def allowed(self) -> NDArray[np.bool_]:
        """The mask as booleans [vocab]."""
        return unpacked(self.mask(), self._vocab_size)

    def valid_prefix(self, tokens: Sequence[int]) -> int:
        """How many of `tokens`, one after the other, the grammar allows from here; nothing is consumed."""
        return int(self._matcher.validate_tokens(list(tokens)))

    def consume(self, tokens: Sequence[int]) -> None:
        """Advance over tokens that were generated.

        Raises:
            GrammarError: one of them is not allowed.
        """
        if not self._matcher.consume_tokens(list(tokens)):
            self._check()

    def _check(self) -> None:
        if self._matcher.is_error():
            msg = f"The grammar cannot go on: {self._matcher.get_error()}"
            raise GrammarError(msg)


def unpacked(bits: NDArray[np.uint8], vocab_size: int) -> NDArray[np.bool_]:
    """A mask as booleans [vocab]; tokens beyond its end are not allowed."""
    flags = np.unpackbits(bits, bitorder="little", count=min(vocab_size, bits.size * 8)).view(np.bool_)
    return np.pad(flags, (0, vocab_size - flags.size)) if flags.size < vocab_size else flags
