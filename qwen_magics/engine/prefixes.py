"""Which cached sequence a new prompt continues. Several are kept: notebooks must not push each other out.

A prompt takes the sequence that shares the longest prefix with it. Where the shared part is the smaller part
of that sequence (a system prompt in front of another schema), it is copied into a sequence of its own and
the old one stays; otherwise (another question on the same schema) the sequence is rewound and goes on.
Copying costs 25 kB per token on Qwen2.5-0.5B: milliseconds, where computing takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qwen_magics.engine.cache import KvCache, shared_prefix

__all__ = ["PrefixCache"]


class PrefixCache:
    """Sequences by recency of use, within a budget of memory.

    Args:
        make: makes an empty sequence.
        budget: bytes that all sequences together may take; the one in use stays whatever it takes.

    Attributes:
        sequences: the least recently used one first.
    """

    def __init__(self, make: Callable[[], KvCache], budget: int) -> None:
        self._make = make
        self._budget = budget
        self.sequences: list[KvCache] = []

    @property
    def bytes(self) -> int:
        """Memory of all sequences."""
        return sum(sequence.bytes for sequence in self.sequences)

    def take(self, prompt: Sequence[int]) -> KvCache:
        """A sequence that holds a prefix of `prompt` and nothing else; at least one token is left to compute.

        The last token's logits are wanted and not cached, hence that one token.
        """
        prompt = list(prompt)
        best, shared = self._closest(prompt)
        shared = min(shared, len(prompt) - 1)
        if best is None or shared == 0:
            best = self._make()
        elif len(best) - shared > shared:
            best = best.fork(shared)
        else:
            self.sequences.remove(best)
            best.rewind(shared)
        self.sequences.append(best)
        self.trim()
        return best

    def trim(self) -> None:
        """Drop the least recently used sequences until the rest fits the budget."""
        while len(self.sequences) > 1 and self.bytes > self._budget:
            self.sequences.pop(0).release()

    def clear(self) -> None:
        """Drop all sequences and their memory."""
        while self.sequences:
            self.sequences.pop().release()

    def _closest(self, prompt: list[int]) -> tuple[KvCache | None, int]:
        best, longest = None, 0
        for sequence in reversed(self.sequences):  # of equals, the most recent
            shared = shared_prefix(sequence.tokens, prompt)
            if shared > longest:
                best, longest = sequence, shared
        return best, longest
