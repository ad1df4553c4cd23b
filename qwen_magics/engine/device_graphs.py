"""The small graphs of a device: choosing a token, fetching a row of logits, growing a cache.

Drawing follows `sampling`: the sums of blocks come first, then the place within one block, in float64.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import onnx_ir as ir

__all__ = ["choosing_model", "fetching_model", "growing_model"]

_LOWEST = float(np.finfo(np.float32).min)
_OPSET = 21
_BLOCK = 512


def choosing_model(vocab_size: int, dtype: str, *, drawn: bool) -> ir.Model:
    """A token from one row of logits, the best one or a drawn one.

    Inputs: logits [1, rows, vocab]; row [1]; allowed, seen [vocab]; penalty []; and if `drawn` temperature []
    and uniform [1], float64. Output `chosen` [4] in float32, which one copy brings to the host: the token
    (exact below 16 million); its score below the largest; the sums of exp of such scores, of all and of those
    allowed. Scores are those before the penalty.
    """
    import onnx_ir as ir

    build = _Nodes()
    logits, row, scores = _row(build, vocab_size, dtype)
    allowed, seen = (_input(name, ir.DataType.BOOL, [vocab_size]) for name in ("allowed", "seen"))
    penalty = _input("penalty", ir.DataType.FLOAT, [])
    inputs = [logits, row, allowed, seen, penalty]
    zero = build.constant("zero", np.array(0, dtype=np.float32))
    shifted = build.add("Sub", scores, _largest(build, scores))
    weights = build.add("Exp", shifted)
    positive = build.add("Greater", scores, zero)
    divided, multiplied = build.add("Div", scores, penalty), build.add("Mul", scores, penalty)
    less = build.add("Where", positive, divided, multiplied)
    penalised = build.add("Where", seen, less, scores)
    masked = build.add("Where", allowed, penalised, build.constant("lowest", np.array(_LOWEST, np.float32)))
    if drawn:
        temperature = _input("temperature", ir.DataType.FLOAT, [])
        uniform = _input("uniform", ir.DataType.DOUBLE, [1])
        inputs += [temperature, uniform]
        below = build.add("Sub", masked, _largest(build, masked))
        chances = build.add("Exp", build.add("Div", below, temperature))
        token = _drawn(build, build.add("Where", allowed, chances, zero), uniform, vocab_size)
    else:
        token = build.add("ArgMax", masked, axis=0, keepdims=1)
    found = [
        build.add("Cast", token, to=int(ir.DataType.FLOAT)),
        build.add("Gather", shifted, token, axis=0),
        build.add("ReduceSum", weights, keepdims=1),
        build.add("ReduceSum", build.add("Where", allowed, weights, zero), keepdims=1),
    ]
    return build.model(inputs, [build.add("Concat", *found, name="chosen", axis=0)], [ir.DataType.FLOAT])


def fetching_model(vocab_size: int, dtype: str) -> ir.Model:
    """logits [1, rows, vocab], row [1] → scores [vocab] in float32."""
    import onnx_ir as ir

    build = _Nodes()
    logits, row, scores = _row(build, vocab_size, dtype, name="scores")
    return build.model([logits, row], [scores], [ir.DataType.FLOAT])


def _row(
    build: _Nodes, vocab_size: int, dtype: str, *, name: str = ""
) -> tuple[ir.Value, ir.Value, ir.Value]:
    """The inputs logits [1, rows, vocab] and row [1], and that row in float32 [vocab]."""
    import onnx_ir as ir

    logits = _input("logits", _float_type(dtype), [1, "rows", vocab_size])
    row = _input("row", ir.DataType.INT64, [1])
    flat = build.constant("flat", np.array([vocab_size], dtype=np.int64))
    picked = build.add("Reshape", build.add("Gather", logits, row, axis=1), flat)
    return logits, row, build.add("Cast", picked, name=name, to=int(ir.DataType.FLOAT))


def _largest(build: _Nodes, scores: ir.Value) -> ir.Value:
    """The largest of scores [vocab]: [1]. CUDA's ArgMax does without cuDNN, its ReduceMax does not."""
    return build.add("Gather", scores, build.add("ArgMax", scores, axis=0, keepdims=1), axis=0)


def _drawn(build: _Nodes, weights: ir.Value, uniform: ir.Value, vocab_size: int) -> ir.Value:
    """Where the cumulative weights [vocab] pass `uniform` of their sum: [1]."""
    blocks = -(-vocab_size // _BLOCK)
    padding = build.constant("padding", np.zeros(blocks * _BLOCK - vocab_size, dtype=np.float32))
    shape = build.constant("blocks", np.array([blocks, _BLOCK], dtype=np.int64))
    table = build.add("Reshape", build.add("Concat", weights, padding, axis=0), shape)
    one = build.constant("one", np.array([1], dtype=np.int64))
    ends = _cumulated(build, build.add("ReduceSum", table, one, keepdims=0))
    last = build.constant("last", np.array([blocks - 1], dtype=np.int64))
    target = build.add("Mul", uniform, build.add("Gather", ends, last, axis=0))
    block = _passed(build, ends, target, blocks - 1)
    before = build.constant("before", np.zeros(1, dtype=np.float64))
    start = build.add("Gather", build.add("Concat", before, ends, axis=0), block, axis=0)
    flat = build.constant("block", np.array([_BLOCK], dtype=np.int64))
    inside = _cumulated(build, build.add("Reshape", build.add("Gather", table, block, axis=0), flat))
    place = _passed(build, build.add("Add", inside, start), target, _BLOCK - 1)
    token = build.add("Add", build.add("Mul", block, flat), place)
    most = build.constant("most", np.array([vocab_size - 1], dtype=np.int64))
    return build.add("Min", token, most)


def _cumulated(build: _Nodes, values: ir.Value) -> ir.Value:
    import onnx_ir as ir

    axis = build.constant(f"axis{build.count}", np.array(0, dtype=np.int64))
    return build.add("CumSum", build.add("Cast", values, to=int(ir.DataType.DOUBLE)), axis)


def _passed(build: _Nodes, ends: ir.Value, target: ir.Value, most: int) -> ir.Value:
    """How many of the rising `ends` are not above `target`, at most `most`: [1]."""
    import onnx_ir as ir

    # Summed in float32, which CUDA does without cuDNN and which is exact up to 16 million.
    passed = build.add("Cast", build.add("LessOrEqual", ends, target), to=int(ir.DataType.FLOAT))
    count = build.add("Cast", build.add("ReduceSum", passed, keepdims=1), to=int(ir.DataType.INT64))
    return build.add("Min", count, build.constant(f"most{build.count}", np.array([most], dtype=np.int64)))


def growing_model(dtype: str) -> ir.Model:
    """old [1, heads, length, dim], end [1], rest [4] (shape added) → new [1, heads, capacity, dim]."""
    import onnx_ir as ir

    kind = _float_type(dtype)
    old = _input("old", kind, [1, "heads", "length", "dim"])
    end, rest = _input("end", ir.DataType.INT64, [1]), _input("rest", ir.DataType.INT64, [4])
    build = _Nodes()
    zero = build.constant("zero", np.array([0], dtype=dtype))
    start, axis = (build.constant(n, np.array([v], dtype=np.int64)) for n, v in (("start", 0), ("axis", 2)))
    used = build.add("Slice", old, start, end, axis)
    new = build.add("Concat", used, build.add("Expand", zero, rest), name="new", axis=2)
    return build.model([old, end, rest], [new], [kind])


def _float_type(dtype: str) -> ir.DataType:
    import onnx_ir as ir

    return ir.DataType.FLOAT16 if dtype == "float16" else ir.DataType.FLOAT


def _input(name: str, kind: ir.DataType, shape: list[int | str]) -> ir.Value:
    import onnx_ir as ir

    return ir.Value(name=name, shape=ir.Shape(shape), type=ir.TensorType(kind))


class _Nodes:
    """Collects the nodes of a small graph."""

    def __init__(self) -> None:
        self._nodes: list[ir.Node] = []
        self._constants: list[ir.Value] = []

    def add(self, kind: str, *inputs: ir.Value, name: str = "", **attributes: int) -> ir.Value:
        import onnx_ir as ir

        out = ir.Value(name=name or f"{kind}_{len(self._nodes)}")
        self._nodes.append(ir.node(kind, list(inputs), attributes, outputs=[out], name=f"{out.name}/{kind}"))
        return out

    @property
    def count(self) -> int:
        """Nodes so far."""
        return len(self._nodes)

    def constant(self, name: str, value: NDArray[Any]) -> ir.Value:
        import onnx_ir as ir

        tensor = ir.tensor(value, name=name)
        made = ir.Value(
            name=name, shape=ir.Shape(value.shape), type=ir.TensorType(tensor.dtype), const_value=tensor
        )
        self._constants.append(made)
        return made

    def model(
        self, inputs: list[ir.Value], outputs: list[ir.Value], kinds: Sequence[ir.DataType]
    ) -> ir.Model:
        import onnx_ir as ir

        for value, kind in zip(outputs, kinds, strict=True):
            value.type = ir.TensorType(kind)
        graph = ir.Graph(
            inputs,
            outputs,
            nodes=self._nodes,
            initializers=self._constants,
            opset_imports={"": _OPSET},
            name="device",
        )
        return ir.Model(graph, ir_version=10, producer_name="qwen-magics")
