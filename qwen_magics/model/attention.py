"""The attention of each layer: GroupQueryAttention over a cache that is read and written in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import onnx_ir as ir

from qwen_magics.model.emitter import MICROSOFT, Emitter
from qwen_magics.model.few_tokens import FewTokens, Given, attributes

if TYPE_CHECKING:
    from qwen_magics.model.architecture import Architecture

__all__ = ["Attention"]

_INT32 = ir.DataType.INT32


class Attention:
    """Emits the attention of each layer.

    Args:
        emit: gets the nodes.
        ids, mask: the graph's inputs [batch, tokens] and [batch, positions], int64.
        rotary: tables of cosines and sines.
        float_type: of activations, keys and values.

    Attributes:
        past, present: inputs and outputs [batch, kv_heads, positions, head_dim], per layer keys and values.
    """

    def __init__(
        self,
        emit: Emitter,
        architecture: Architecture,
        ids: ir.Value,
        mask: ir.Value,
        rotary: tuple[ir.Value, ir.Value],
        float_type: ir.DataType,
    ) -> None:
        self.emit, self.a, self._float = emit, architecture, float_type
        self.past = self._caches("past_key_values", "past_sequence")
        self.present = self._caches("present", "total_sequence")
        self._given = Given(ids, mask, *self._lengths(mask), *rotary)
        self._few: FewTokens | None = None
        # Only float32's kernel gives bits that do not depend on the shape.
        if architecture.heads > architecture.kv_heads and float_type == ir.DataType.FLOAT:
            self._few = FewTokens(emit, architecture, self._given, self.past[0])

    @property
    def optional_inputs(self) -> list[ir.Value]:
        """Inputs of the graph that have a default."""
        return [] if self._few is None else [self._few.most]

    def layer(self, layer: int, projected: Sequence[ir.Value]) -> ir.Value:
        """Attention [batch, tokens, heads * head_dim] of `projected`: Q, K, V as one value, or three."""
        name = f"layers.{layer}/attention"
        past, present = (cache[2 * layer : 2 * layer + 2] for cache in (self.past, self.present))
        if self._few is None:
            return self._plain(self.emit, name, [*projected, None, None][:3], past, present)
        branch = Emitter()
        caches = [ir.Value(name=f"{name}/many/{kind}") for kind in ("key", "value")]
        out = self._plain(branch, f"{name}/many", [*projected, None, None][:3], past, caches)
        many = branch.graph(f"{name}/many", [out, *caches])
        few = self._few.layer(f"{name}/few", projected, past)
        return self.emit.choose(self._few.condition, few, many, name, [ir.Value(name=name), *present])[0]

    def _plain(
        self,
        emit: Emitter,
        name: str,
        projected: Sequence[ir.Value | None],
        past: Sequence[ir.Value],
        present: Sequence[ir.Value],
    ) -> ir.Value:
        given, out = self._given, ir.Value(name=name)
        inputs = [*projected, *past, given.last, given.width, given.cos, given.sin]
        outputs = [out, *present]
        emit.add("GroupQueryAttention", inputs, name, outputs, attributes(self.a, self.a.heads), MICROSOFT)
        return out

    def _caches(self, prefix: str, length: str) -> list[ir.Value]:
        shape = ir.Shape(["batch", self.a.kv_heads, length, self.a.head_dim])
        places = [f"{layer}.{kind}" for layer in range(self.a.layers) for kind in ("key", "value")]
        return [
            ir.Value(name=f"{prefix}.{place}", shape=shape, type=ir.TensorType(self._float))
            for place in places
        ]

    def _lengths(self, mask: ir.Value) -> tuple[ir.Value, ir.Value]:
        """Per row the last position, and the width of the mask: both int32, as the operator wants them."""
        emit = self.emit
        axis = emit.constant("mask/axis", np.array([1], np.int64))
        one = emit.constant("mask/one", np.array(1, np.int64))
        # Added up in float32, exact up to 16 million: CUDA adds integers by cuDNN, which nothing else needs.
        ones = emit.op("Cast", [mask], "mask/ones", to=int(ir.DataType.FLOAT))
        row = emit.op("ReduceSum", [ones, axis], "mask/sum", keepdims=0)
        length = emit.op("Cast", [row], "mask/length", to=int(_INT32))
        itself = emit.constant("mask/itself", np.array(1, np.int32))
        width = emit.op("Gather", [emit.op("Shape", [mask], "mask/shape"), one], "mask/width", axis=0)
        return (
            emit.op("Sub", [length, itself], "mask/seqlens_k"),
            emit.op("Cast", [width], "mask/total_length", to=int(_INT32)),
        )
