"""The KV cache: tokens whose keys and values are computed, and the buffers that hold them.

Each buffer is bound both as past and as present, so a run appends in place and nothing is copied per token.
The number of valid positions lives in `tokens` alone: what a buffer holds behind them is never read, because
the attention mask is as wide as the valid positions. Rewinding is therefore dropping token ids.

Reuse must not change an answer. Runs of two or more tokens compute the same bits however a text is cut
into them, but matrix kernels for a single token round differently, and 8-bit activations amplify that (logits
differ by up to 0.3 on Qwen2.5-0.5B). So only positions that a cold prefill would reproduce are reused; those
that decoding appended one by one are computed again, at prefill speed, when a later prompt contains them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from qwen_magics.engine.runtime import load_runtime
from qwen_magics.engine.signature import KvSlot

__all__ = ["KvCache"]

_FIRST_CAPACITY = 256


class KvCache:
    """The cache of one sequence.

    Several can live beside each other: a run reads and writes the one whose `values` are bound.

    Attributes:
        tokens: ids whose keys and values are valid, in order.
        prefilled: how many leading ones were computed as a cold prefill would.
        capacity: positions the buffers have room for.
        values: `OrtValue`s [1, heads, capacity, head_dim], one per slot. A new list after growth.
    """

    def __init__(self, slots: Sequence[KvSlot], limit: int, device: str = "cpu") -> None:
        self._slots = tuple(slots)
        self._limit = limit
        self._device = device
        self.tokens: list[int] = []
        self.prefilled = 0
        self.capacity = 0
        self.values: list[Any] = []

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def bytes(self) -> int:
        """Memory that the buffers take."""
        per_token = sum(slot.heads * slot.head_dim * np.dtype(slot.dtype).itemsize for slot in self._slots)
        return per_token * self.capacity

    def reusable(self, prompt: Sequence[int]) -> int:
        """How many leading tokens of `prompt` need not be computed again.

        At least two are left over (of a prompt that has them): the last one's logits are wanted and not
        cached, and a run of one would round differently.
        """
        most = max(0, min(self.prefilled, len(prompt) - 2))
        pairs = zip(self.tokens[:most], prompt, strict=False)
        return next((position for position, (cached, wanted) in enumerate(pairs) if cached != wanted), most)

    def rewind(self, length: int) -> None:
        """Forget everything from position `length` on."""
        self.prefilled = min(self.prefilled, length)
        del self.tokens[length:]

    def extend(self, tokens: Sequence[int]) -> None:
        """Count `tokens`, which one run has just appended, as valid."""
        as_prefill = self.prefilled == len(self.tokens) and len(tokens) > 1
        self.tokens.extend(tokens)
        if as_prefill:
            self.prefilled = len(self.tokens)

    def reserve(self, length: int) -> None:
        """Make room for `length` positions; capacity doubles, so copying stays a constant factor."""
        if length <= self.capacity:
            return
        capacity = max(_FIRST_CAPACITY, self.capacity)
        while capacity < length:
            capacity *= 2
        capacity = min(capacity, self._limit)
        # Only complete sets are swapped in: a failed allocation leaves the old cache valid.
        old = self.values or [None] * len(self._slots)
        values = [self._grown(slot, value, capacity) for slot, value in zip(self._slots, old, strict=True)]
        self.values, self.capacity = values, capacity

    def _grown(self, slot: KvSlot, old: Any, capacity: int) -> Any:
        # Zeros come from untouched pages: a position costs memory only once it is written.
        content = np.zeros((1, slot.heads, capacity, slot.head_dim), dtype=slot.dtype)
        used = len(self.tokens)
        if old is not None and used:
            content[:, :, :used] = old.numpy()[:, :, :used]
        return load_runtime().OrtValue.ortvalue_from_numpy(content, self._device, 0)
