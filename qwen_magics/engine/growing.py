"""The KV cache of graphs that copy it: past tensors go in, longer present ones come out (optimum's exports).

Each run gets new buffers for all positions, which become the past of the next one. They are never written
again, so a fork shares them, and rewinding copies what stays only when the next run asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qwen_magics.engine.cache import KvCache
from qwen_magics.engine.runtime import load_runtime
from qwen_magics.engine.signature import KvSlot

if TYPE_CHECKING:
    from qwen_magics.engine.device import Device

__all__ = ["GrowingCache"]


class GrowingCache(KvCache):
    """The cache of one sequence whose buffers are as long as what they hold.

    Attributes:
        values: `OrtValue`s [1, heads, n, head_dim] with n at least the number of tokens.
        presents: where the run that `reserve` prepared writes; `extend` makes them `values`.
    """

    def __init__(self, slots: Sequence[KvSlot], limit: int, device: Device | None = None) -> None:
        super().__init__(slots, limit, device)
        self.values = [self._blank(slot, 0) for slot in self._slots]
        self._presents = self.values

    @property
    def presents(self) -> list[Any]:
        """Where a run writes."""
        return self._presents

    @property
    def bytes(self) -> int:
        """Memory of the keys and values; what forks share is counted for each."""
        return self.bytes_per_token * int(self.values[0].shape()[2])

    def extend(self, tokens: Sequence[int]) -> None:
        """Count `tokens`, which one run has just appended, as valid."""
        self.values = self._presents
        super().extend(tokens)

    def fork(self, length: int) -> GrowingCache:
        """A cache of its own that begins with the first `length` tokens of this one; nothing is copied."""
        made = GrowingCache(self._slots, self._limit, self._device)
        made.values = made._presents = self.values
        made.tokens = self.tokens[:length]
        return made

    def reserve(self, length: int) -> None:
        """Make buffers for a run up to position `length`, and cut the past to what is valid."""
        used = len(self.tokens)
        if self.values[0].shape()[2] != used:
            self.values = [self._cut(value, used) for value in self.values]
        self._presents = [self._blank(slot, length) for slot in self._slots]
        self.capacity = self._rounded(length)

    def _blank(self, slot: KvSlot, length: int) -> Any:
        shape = (1, slot.heads, length, slot.head_dim)
        if self._device is not None and length:
            return self._device.empty(shape, slot.dtype)
        return load_runtime().OrtValue.ortvalue_from_numpy(np.empty(shape, dtype=slot.dtype))

    def _cut(self, value: Any, length: int) -> Any:
        if self._device is not None and length:
            return self._device.grown(value, length, length)
        # Always a copy: a view would outlive the memory that only `value` keeps alive.
        content = value.numpy()[:, :, :length].copy()
        return load_runtime().OrtValue.ortvalue_from_numpy(content)
