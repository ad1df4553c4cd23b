"""The KV cache of one sequence: tokens whose keys and values are computed, and the buffers that hold them.

Each buffer is bound both as past and as present, so a run appends in place and nothing is copied per token.
The number of valid positions lives in `tokens` alone: what a buffer holds behind them is never read, because
the attention mask is as wide as the valid positions. Rewinding is therefore dropping token ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from qwen_magics.engine.runtime import load_runtime
from qwen_magics.engine.signature import KvSlot

if TYPE_CHECKING:
    from qwen_magics.engine.device import Device, KvBuffers

__all__ = ["KvCache", "shared_prefix"]

_FIRST_CAPACITY = 256
_Bytes: TypeAlias = bytes  # in the class that name is a property


class KvCache:
    """The cache of one sequence.

    Several live beside each other: a run reads and writes the one whose `values` are bound.

    Args:
        slots: the graph's cache tensors.
        limit: most positions that will ever be asked for.
        device: where the buffers lie; None is the host.

    Attributes:
        tokens: ids whose keys and values are valid, in order.
        capacity: positions the buffers have room for.
        values: `OrtValue`s [1, heads, capacity, head_dim], one per slot. A new list after growth.
        buffers: what `values` belong to where they lie on a device.
    """

    def __init__(self, slots: Sequence[KvSlot], limit: int, device: Device | None = None) -> None:
        self._slots = tuple(slots)
        self._limit = limit
        self._device = device
        self.tokens: list[int] = []
        self.capacity = 0
        self.values: list[Any] = []
        self.buffers: KvBuffers | None = None
        self._written = 0

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def presents(self) -> list[Any]:
        """Where a run writes: the buffers that it reads."""
        return self.values

    @property
    def bytes(self) -> int:
        """Memory that the buffers take once they are full."""
        return self.bytes_per_token * self.capacity

    @property
    def bytes_written(self) -> int:
        """Memory that the buffers take now: of the positions that were ever written."""
        return self.bytes_per_token * max(self._written, len(self.tokens))

    @property
    def bytes_per_token(self) -> int:
        """Memory of one position in all layers."""
        return sum(slot.heads * slot.head_dim * np.dtype(slot.dtype).itemsize for slot in self._slots)

    def rewind(self, length: int) -> None:
        """Forget everything from position `length` on."""
        self._written = max(self._written, len(self.tokens))
        del self.tokens[length:]

    def extend(self, tokens: Sequence[int]) -> None:
        """Count `tokens`, which one run has just appended, as valid."""
        self.tokens.extend(tokens)

    def copy(self, start: int, end: int) -> _Bytes:
        """The keys and values of the positions [start, end), one slot after the other; on the host only."""
        return b"".join(value.numpy()[:, :, start:end].tobytes() for value in self.values)

    def put(self, start: int, tokens: Sequence[int], content: _Bytes) -> None:
        """Take `content`, as `copy` gave it, for the keys and values of `tokens`, from position `start` on.

        What stood behind `start` is forgotten. There has to be room.
        """
        end, offset = start + len(tokens), 0
        for slot, value in zip(self._slots, self.values, strict=True):
            shape = (slot.heads, len(tokens), slot.head_dim)
            block = np.frombuffer(content, slot.dtype, int(np.prod(shape)), offset).reshape(shape)
            # Only behind `start` anything is written that counts: a failure leaves the cache as it was.
            value.numpy()[0, :, start:end] = block
            offset += block.nbytes
        self.rewind(start)
        self.tokens.extend(tokens)

    def fork(self, length: int) -> KvCache:
        """A cache of its own that begins with the first `length` tokens of this one."""
        made = KvCache(self._slots, self._limit, self._device)
        made._take_over(self.values, length, made._rounded(length))
        made.tokens = self.tokens[:length]
        return made

    def release(self) -> None:
        """Nobody asks for this sequence any more: a device keeps its buffers for the next one."""
        if self._device is not None and self.buffers is not None:
            self._device.give_back(self.buffers)
            self.tokens, self.values, self.buffers, self.capacity = [], [], None, 0

    def reserve(self, length: int) -> None:
        """Make room for `length` positions; capacity doubles, so copying stays a constant factor."""
        if length <= self.capacity:
            return
        self._take_over(self.values, len(self.tokens), self._rounded(length))

    def _rounded(self, length: int) -> int:
        capacity = max(_FIRST_CAPACITY, self.capacity)
        while capacity < length:
            capacity *= 2
        return min(capacity, self._limit)

    def _take_over(self, old: Sequence[Any], used: int, capacity: int) -> None:
        """Buffers of `capacity` positions that begin with the first `used` ones of `old`."""
        # Only complete sets are swapped in: a failed allocation leaves the old cache valid.
        if self._device is None:
            pairs = zip(self._slots, old or [None] * len(self._slots), strict=True)
            self.values = [_grown(slot, value, capacity, used) for slot, value in pairs]
        else:
            before, made = self.buffers, self._device.buffers(self._slots, capacity)
            for value, new in zip(old, made.values, strict=True) if used else ():
                self._device.grown(value, used, capacity, new)
            self.values, self.buffers = made.values, made
            if before is not None:
                self._device.give_back(before)
        self.capacity = capacity


def _grown(slot: KvSlot, old: Any, capacity: int, used: int) -> Any:
    # Zeros come from untouched pages: a position costs memory only once it is written.
    content = np.zeros((1, slot.heads, capacity, slot.head_dim), dtype=slot.dtype)
    if old is not None and used:
        content[:, :, :used] = old.numpy()[:, :, :used]
    return load_runtime().OrtValue.ortvalue_from_numpy(content)


def shared_prefix(tokens: Sequence[int], others: Sequence[int]) -> int:
    """How many leading tokens are equal."""
    most = min(len(tokens), len(others))
    if tokens[:most] == others[:most]:  # the common case, at the speed of C
        return most
    return next(i for i in range(most) if tokens[i] != others[i])
