"""The decoder as an ONNX graph, in the operators that ONNX Runtime has fast kernels for.

    ids → embedding → [ norm → QKV → attention (rotary, cache) → O → norm → SwiGLU ] × layers → norm → logits

Inputs beyond the usual layout have defaults, so that a runtime that does not know them never has to feed
them: `num_logits_to_keep` (int64 scalar, 0 = all) and, in float32, `max_grouped_tokens` (see `few_tokens`).
Positions whose logits nobody wants leave the graph right after the last attention, which is all that they
are needed for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import onnx_ir as ir

from qwen_magics.model.attention import Attention
from qwen_magics.model.emitter import MICROSOFT, Emitter
from qwen_magics.model.formats import CANDIDATES, Format, MatrixFormats
from qwen_magics.model.matrices import MatrixWriter, StoredMatrix, gather_inputs, matmul_inputs

if TYPE_CHECKING:
    from qwen_magics.model.architecture import Architecture

__all__ = ["build_graph"]

_OPSETS = {"": 21, MICROSOFT: 1}
_IR_VERSION = 10
_INT64 = ir.DataType.INT64
_END = np.iinfo(np.int64).max


def build_graph(
    architecture: Architecture, writer: MatrixWriter, formats: MatrixFormats, *, tied: bool
) -> ir.Model:
    """Writes all weights through `writer` and returns the graph that refers to them.

    Args:
        architecture: sizes of the model.
        writer: moves matrices from the checkpoint into the data file.
        formats: how to store them.
        tied: whether one matrix serves as embedding and output.
    """
    return _Decoder(architecture, writer, formats).build(tied=tied)


class _Decoder:
    def __init__(self, architecture: Architecture, writer: MatrixWriter, formats: MatrixFormats) -> None:
        self.a, self.writer, self.formats = architecture, writer, formats
        self.emit = Emitter()
        self.inputs: list[ir.Value] = []
        self._tables: dict[int, list[ir.Value]] = {}  # by place in the data file: a tied one serves twice

    def build(self, *, tied: bool) -> ir.Model:
        ids = self._input("input_ids", _INT64, ["batch", "sequence"])
        mask = self._input("attention_mask", _INT64, ["batch", "total_sequence"])
        head, embedding = self._outer_matrices(tied=tied)
        hidden = self._rows(embedding, ids, "embedding")
        self.attention = Attention(
            self.emit, self.a, ids, mask, self._rotary_tables(), self.writer.float_type
        )
        keep = self._keep(ids)
        normed = self._first_norm(hidden)
        for layer in range(self.a.layers):
            hidden, normed = self._layer(layer, hidden, normed, keep)
        logits = self._logits(normed, head)
        logits.type = ir.TensorType(self.writer.float_type)
        logits.shape = ir.Shape(["batch", "kept", self.a.vocabulary])
        graph = ir.Graph(
            [*self.inputs, *self.attention.optional_inputs, *self.attention.past],
            [logits, *self.attention.present],
            nodes=self.emit.nodes,
            initializers=self.emit.initializers,
            opset_imports=_OPSETS,
            name=self.a.family,
        )
        return ir.Model(graph, ir_version=_IR_VERSION, producer_name="qwen-magics")

    def _outer_matrices(self, *, tied: bool) -> tuple[StoredMatrix, StoredMatrix]:
        if not tied:
            embedding = self.writer.store(["model.embed_tokens.weight"], self.formats.embedding)
            return self.writer.store(["lm_head.weight"], self.formats.head), embedding
        shared = self.writer.store([self.writer.output_name], self.formats.head)
        return shared, shared

    def _input(self, name: str, dtype: ir.DataType, shape: list[str | int]) -> ir.Value:
        value = ir.Value(name=name, shape=ir.Shape(shape), type=ir.TensorType(dtype))
        self.inputs.append(value)
        return value

    def _rows(self, stored: StoredMatrix, ids: ir.Value, name: str) -> ir.Value:
        """The rows of a matrix that `ids` name: [*ids, width]."""
        offset = stored.codes.offset
        table = "lm_head.rows" if self._tables else "model.embed_tokens"
        if offset not in self._tables:
            self._tables[offset] = self.emit.external(gather_inputs(stored, table))
        values = self._tables[offset]
        if not stored.quantised:
            return self.emit.op("Gather", [values[0], ids], name)
        attributes = {**stored.attributes, "gather_axis": 0, "quantize_axis": 1}
        return self.emit.microsoft("GatherBlockQuantized", [values[0], ids, values[1]], name, **attributes)

    def _logits(self, normed: ir.Value, head: StoredMatrix) -> ir.Value:
        """All logits from the output matrix, or all from its coarse copy and the best ones anew from it."""
        if self.formats.shortlist is None:
            return self._multiply(normed, head, "lm_head", out="logits")
        coarse = self.writer.store([self.writer.output_name], self.formats.shortlist)
        rough = self._multiply(normed, coarse, "shortlist")
        most = min(CANDIDATES, self.a.vocabulary)
        count = self.emit.constant("candidates/count", np.array([most], np.int64))
        outputs = ["candidates/rough", "candidates"]
        best = self.emit.add("TopK", [rough, count], "candidates", outputs, {"axis": -1, "sorted": 0})[1]
        rows = self._rows(head, best, "candidates/rows")
        last = self.emit.constant("candidates/axis", np.array([-1], np.int64))
        column = self.emit.op("Unsqueeze", [normed, last], "candidates/column")
        products = self.emit.op("MatMul", [rows, column], "candidates/products")
        exact = self.emit.op("Squeeze", [products, last], "candidates/exact")
        return self.emit.op("ScatterElements", [rough, best, exact], "logits", axis=-1)

    def _rotary_tables(self) -> tuple[ir.Value, ir.Value]:
        half = np.arange(0, self.a.head_dim, 2, dtype=np.float64) / self.a.head_dim
        angles = np.outer(np.arange(self.a.context_length, dtype=np.float64), self.a.rope_theta**-half)
        cos, sin = np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)
        tables = self.emit.external(
            [self.writer.plain("cos_cache", cos), self.writer.plain("sin_cache", sin)]
        )
        return tables[0], tables[1]

    def _keep(self, ids: ir.Value) -> tuple[ir.Value, ...]:
        """Slice's starts, ends and axes: from (length - n) mod length on, which for n = 0 is everything.

        Computed from a Shape, because ONNX Runtime leaves on the CPU what follows one. Anything else would be
        copied from the GPU in the middle of a run, and CUDA records no run with such a copy
        (core/framework/fallback_cpu_capability.cc).
        """
        keep = self.emit.constant("num_logits_to_keep", np.array(0, np.int64))
        self.inputs.append(keep)  # an input with a default
        length = self.emit.add("Shape", [ids], "keep/length", ["keep/length"], {"start": 1, "end": 2})[0]
        kept = self.emit.op("Min", [length, keep], "keep/kept")
        first = self.emit.op("Sub", [length, kept], "keep/first")
        starts = self.emit.op("Mod", [first, length], "keep/starts")
        return (
            starts,
            self.emit.constant("keep/ends", np.array([_END])),
            self.emit.constant("keep/axes", np.array([1])),
        )

    def _first_norm(self, hidden: ir.Value) -> ir.Value:
        weight = self._vector("model.layers.0.input_layernorm.weight")
        return self.emit.op(
            "SimplifiedLayerNormalization",
            [hidden, weight],
            "layers.0/norm",
            axis=-1,
            epsilon=self.a.rms_epsilon,
            stash_type=1,
        )

    def _layer(
        self,
        layer: int,
        hidden: ir.Value,
        normed: ir.Value,
        keep: tuple[ir.Value, ...],
    ) -> tuple[ir.Value, ir.Value]:
        name = f"layers.{layer}"
        last = layer == self.a.layers - 1
        mixed = self._attention(layer, normed)
        if last:
            mixed = self.emit.op("Slice", [mixed, *keep], f"{name}/kept")
            hidden = self.emit.op("Slice", [hidden, *keep], f"{name}/kept_residual")
        projected = self._project(
            mixed, [f"model.{name}.self_attn.o_proj"], self.formats.attention_out, f"{name}/o"
        )
        hidden, normed = self._add_norm(
            hidden, projected, f"model.{name}.post_attention_layernorm", f"{name}/mlp_norm"
        )
        update = self._mlp(name, normed)
        following = "model.norm" if last else f"model.layers.{layer + 1}.input_layernorm"
        return self._add_norm(hidden, update, following, f"{name}/next_norm")

    def _attention(
        self,
        layer: int,
        normed: ir.Value,
    ) -> ir.Value:
        name, a = f"layers.{layer}", self.a
        modules = [f"model.{name}.self_attn.{letter}_proj" for letter in "qkv"]
        packed = self._project(normed, modules, self.formats.attention_in, f"{name}/qkv")
        if a.qkv_bias:
            bias = self.emit.constant(f"{name}.qkv.bias", self.writer.vector([f"{m}.bias" for m in modules]))
            packed = self.emit.op("Add", [packed, bias], f"{name}/qkv_bias")
        inputs = self._normed_heads(name, packed) if a.qk_norm else [packed]
        return self.attention.layer(layer, inputs)

    def _normed_heads(self, name: str, packed: ir.Value) -> list[ir.Value]:
        """Qwen3: Q and K are normalised per head, so the packed projection is taken apart first."""
        a = self.a
        widths = self.emit.constant(
            f"{name}/widths", np.array([a.query_width, a.kv_width, a.kv_width], np.int64)
        )
        names = [f"{name}/{letter}" for letter in "qkv"]
        parts = self.emit.add("Split", [packed, widths], f"{name}/split", names, {"axis": -1})
        return [
            self._normed_head(name, "q", parts[0], a.heads),
            self._normed_head(name, "k", parts[1], a.kv_heads),
            parts[2],
        ]

    def _normed_head(self, name: str, letter: str, value: ir.Value, heads: int) -> ir.Value:
        by_head = self.emit.constant(
            f"{name}/{letter}/heads", np.array([0, 0, heads, self.a.head_dim], np.int64)
        )
        joined = self.emit.constant(
            f"{name}/{letter}/joined", np.array([0, 0, heads * self.a.head_dim], np.int64)
        )
        weight = self._vector(f"model.{name}.self_attn.{letter}_norm.weight")
        split = self.emit.op("Reshape", [value, by_head], f"{name}/{letter}/by_head")
        normed = self.emit.op(
            "SimplifiedLayerNormalization",
            [split, weight],
            f"{name}/{letter}/norm",
            axis=-1,
            epsilon=self.a.rms_epsilon,
            stash_type=1,
        )
        return self.emit.op("Reshape", [normed, joined], f"{name}/{letter}/normed")

    def _mlp(self, name: str, normed: ir.Value) -> ir.Value:
        gate = self._project(normed, [f"model.{name}.mlp.gate_proj"], self.formats.mlp_in, f"{name}/gate")
        up = self._project(normed, [f"model.{name}.mlp.up_proj"], self.formats.mlp_in, f"{name}/up")
        active = self.emit.microsoft("QuickGelu", [gate], f"{name}/silu", alpha=1.0)
        both = self.emit.op("Mul", [active, up], f"{name}/gated")
        return self._project(both, [f"model.{name}.mlp.down_proj"], self.formats.mlp_out, f"{name}/down")

    def _add_norm(
        self, hidden: ir.Value, update: ir.Value, norm: str, name: str
    ) -> tuple[ir.Value, ir.Value]:
        """Residual sum and its norm, in one node: (sum, normed)."""
        inputs = [hidden, update, self._vector(f"{norm}.weight")]
        values = self.emit.add(
            "SkipSimplifiedLayerNormalization",
            inputs,
            name,
            [name, "", "", f"{name}/sum"],
            {"epsilon": self.a.rms_epsilon},
            MICROSOFT,
        )
        return values[3], values[0]

    def _project(self, value: ir.Value, modules: Sequence[str], format_: Format, name: str) -> ir.Value:
        return self._multiply(value, self.writer.store([f"{m}.weight" for m in modules], format_), name)

    def _multiply(self, value: ir.Value, stored: StoredMatrix, name: str, out: str | None = None) -> ir.Value:
        weights = self.emit.external(matmul_inputs(stored, name))
        if not stored.quantised:
            return self.emit.microsoft("FusedMatMul", [value, *weights], out or name, transB=1)
        attributes = {"K": stored.width, "N": stored.rows, "accuracy_level": 4, **stored.attributes}
        return self.emit.microsoft("MatMulNBits", [value, *weights], out or name, **attributes)

    def _vector(self, name: str) -> ir.Value:
        return self.emit.constant(name, self.writer.vector([name]))
