"""Runs of the graph on a device: logits stay there, and steps of few tokens can be recorded and replayed.

Bits depend on the number of rows on a GPU, whose kernels are chosen by size; what `forward` promises for the
CPU holds here only for equal shapes. Hence recorded steps, which always have one of four shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from qwen_magics.engine.cache import KvCache
from qwen_magics.engine.device import Device, DeviceRows
from qwen_magics.engine.forward import Forward
from qwen_magics.engine.signature import GraphSignature

__all__ = ["DeviceForward"]

_STEP_ROWS = (1, 2, 4, 10)  # 10: a token and the longest draft, in pairs
_FIRST_WIDTH = 256
# A recording holds device memory that ONNX Runtime never gives back.
_MOST_RECORDINGS = 96


@dataclass
class _Step:
    """Everything that a recorded step reads and writes, at addresses that never change."""

    graph: int
    binding: Any
    ids: Any
    mask: Any
    keep: Any
    logits: Any


class DeviceForward(Forward):
    """Runs a session over caches that lie on a device.

    Args:
        device: where; holds the small graphs.
        limit: positions that the rotary tables have.
        recorded: run steps of few tokens in fixed shapes, under a graph id each.

    Attributes:
        recordings: how many were made.
    """

    def __init__(
        self,
        session: Any,
        signature: GraphSignature,
        vocab_size: int,
        device: Device,
        *,
        limit: int,
        recorded: bool,
    ) -> None:
        super().__init__(session, signature, vocab_size)
        self._device = device
        self._limit = limit
        self._recorded = recorded
        self.recordings = 0

    def run(  # type: ignore[override]  # rows on the device answer to the same index
        self, cache: KvCache, tokens: Sequence[int], *, keep: int = 1
    ) -> DeviceRows | None:
        """See `Forward.run`; the rows stay on the device."""
        step = self._step(cache, tokens)
        if step is None:
            return self._run_free(cache, tokens, keep)
        rows = step.ids.shape()[1]
        step.ids.update_inplace(np.array([[*tokens, *[tokens[-1]] * (rows - len(tokens))]], dtype=np.int64))
        mask = np.zeros((1, step.mask.shape()[1]), dtype=np.int64)
        mask[0, : len(cache) + rows] = 1
        step.mask.update_inplace(mask)
        if not self.execute(step.binding, len(cache) + rows, graph=step.graph):
            return None
        cache.extend(tokens)
        return DeviceRows(self._device, step.logits, len(tokens) - keep)

    def _run_free(self, cache: KvCache, tokens: Sequence[int], keep: int) -> DeviceRows | None:
        """Any shape, never recorded."""
        filler = self._filler(tokens)
        kept = self._bind(cache, [*tokens, *filler], keep + len(filler))
        logits = self._device.empty((1, kept, self.vocab_size), self._signature.logits_dtype)
        self._binding.bind_ortvalue_output("logits", logits)
        if not self.execute(self._binding, len(cache) + len(tokens)):
            return None
        cache.extend(tokens)
        return DeviceRows(self._device, logits, kept - len(filler) - keep)

    def _step(self, cache: KvCache, tokens: Sequence[int]) -> _Step | None:
        """The recorded step for this cache and so many tokens; None where it has to run free."""
        rows = next((rows for rows in _STEP_ROWS if rows >= len(tokens)), None)
        if not self._recorded or rows is None or len(cache) + rows > self._limit or not len(cache):
            return None
        cache.reserve(len(cache) + rows)
        width = _FIRST_WIDTH
        while width < len(cache) + rows:
            width *= 2
        width = min(width, cache.capacity)
        assert cache.buffers is not None
        recorded, key = cache.buffers.recordings, (rows, width)
        if key not in recorded and self.recordings < _MOST_RECORDINGS:
            self.recordings += 1
            recorded[key] = self._made_step(rows, width, cache)
        return recorded.get(key)

    def _made_step(self, rows: int, width: int, cache: KvCache) -> _Step:
        device = self._device
        step = _Step(
            graph=self.recordings,
            binding=self.new_binding(),
            ids=device.put(np.zeros((1, rows), dtype=np.int64)),
            mask=device.put(np.zeros((1, width), dtype=np.int64)),
            keep=self._make(np.array(rows, dtype=np.int64)),
            logits=device.empty((1, rows, self.vocab_size), self._signature.logits_dtype),
        )
        step.binding.bind_ortvalue_input("input_ids", step.ids)
        step.binding.bind_ortvalue_input("attention_mask", step.mask)
        if self._signature.keeps_logits:
            step.binding.bind_ortvalue_input("num_logits_to_keep", step.keep)
        step.binding.bind_ortvalue_output("logits", step.logits)
        for slot, value in zip(self._signature.slots, cache.values, strict=True):
            step.binding.bind_ortvalue_input(slot.past, value)
            step.binding.bind_ortvalue_output(slot.present, value)
        return step
