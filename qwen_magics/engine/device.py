"""What a GPU needs beyond a session: logits and cache stay there, and only chosen ids come back.

Two small graphs run by the same provider as the model: one chooses a token from a row of logits, one copies a
cache into a larger one. Both run on the CPU too, where the tests compare them with NumPy.

Steps of few tokens run in fixed shapes at fixed addresses, so that CUDA can record a step once and replay it
(ONNX Runtime's `enable_cuda_graph`; one recording per `gpu_graph_id`): the mask is wider than the sequence
and zero behind it, lone tokens are padded to the next size.
Source: https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qwen_magics.engine.runtime import load_runtime

if TYPE_CHECKING:
    import onnx_ir as ir

__all__ = ["Device", "DeviceRow", "DeviceRows"]

_LOWEST = float(np.finfo(np.float32).min)
_OPSET = 21


@dataclass(frozen=True)
class DeviceRows:
    """Logits [rows, vocab] that lie on the device; indexing gives a row."""

    device: Device
    value: Any
    first: int

    def __getitem__(self, row: int) -> DeviceRow:
        return DeviceRow(self.device, self.value, self.first + row)


@dataclass(frozen=True)
class DeviceRow:
    """One row of logits on the device."""

    device: Device
    value: Any
    row: int

    def greedy(self, allowed: NDArray[np.bool_] | None) -> tuple[int, float, float]:
        """The most probable allowed token, its log probability, and the probability that is not allowed."""
        return self.device.choose(self.value, self.row, allowed)

    def fetch(self) -> NDArray[np.float32]:
        """The row as float32 [vocab] in the host's memory."""
        values: NDArray[np.float32] = self.value.numpy()[0, self.row].astype(np.float32)
        return values


class Device:
    """Small graphs on the provider that runs the model.

    Args:
        name: `cpu` or `cuda`.
        vocab_size: width of the logits.
        logits_dtype, cache_dtype: numpy names of the graph's types.
    """

    def __init__(self, name: str, vocab_size: int, logits_dtype: str, cache_dtype: str) -> None:
        self.name = name
        self._cache_dtype = cache_dtype
        self._make = load_runtime().OrtValue.ortvalue_from_numpy
        self._head = self._session(_head_model(vocab_size, logits_dtype))
        self._growing = self._session(_growing_model(cache_dtype))
        self._all = np.ones(vocab_size, dtype=np.bool_)

    def empty(self, shape: Sequence[int], dtype: str) -> Any:
        """An `OrtValue` on the device, its content undefined."""
        make = load_runtime().OrtValue.ortvalue_from_shape_and_type
        return make(list(shape), np.dtype(dtype), self.name, 0)

    def put(self, array: NDArray[Any]) -> Any:
        """A copy of an array on the device."""
        return self._make(array, self.name, 0)

    def choose(self, value: Any, row: int, allowed: NDArray[np.bool_] | None) -> tuple[int, float, float]:
        """See `DeviceRow.greedy`; four numbers come back from the device."""
        binding = self._head.io_binding()
        mask = self._all if allowed is None else allowed
        fed = self._make(np.array([row], dtype=np.int64)), self.put(mask)
        binding.bind_ortvalue_input("logits", value)
        binding.bind_ortvalue_input("row", fed[0])
        binding.bind_ortvalue_input("allowed", fed[1])
        for name in ("token", "score", "total", "kept"):
            binding.bind_output(name, "cpu")
        self._head.run_with_iobinding(binding)
        token, score, total, kept = (float(out.reshape(-1)[0]) for out in binding.copy_outputs_to_cpu())
        return int(token), score - float(np.log(total)), min(1.0, max(0.0, 1.0 - kept / total))

    def grown(self, value: Any, used: int, capacity: int) -> Any:
        """The first `used` positions of a cache tensor in one with `capacity` positions, then zeros."""
        _, heads, _, head_dim = value.shape()
        made = self.empty((1, heads, capacity, head_dim), self._cache_dtype)
        binding = self._growing.io_binding()
        end = np.array([used], dtype=np.int64)
        rest = np.array([1, heads, capacity - used, head_dim], dtype=np.int64)
        binding.bind_ortvalue_input("old", value)
        binding.bind_ortvalue_input("end", self._make(end))
        binding.bind_ortvalue_input("rest", self._make(rest))
        binding.bind_ortvalue_output("new", made)
        self._growing.run_with_iobinding(binding)
        return made

    def _session(self, model: ir.Model) -> Any:
        import onnx_ir as ir

        from qwen_magics.engine.session import providers_of, session_options

        content = ir.serde.serialize_model(model).SerializeToString()
        return load_runtime().InferenceSession(content, session_options(1), providers=providers_of(self.name))


def _head_model(vocab_size: int, dtype: str) -> ir.Model:
    """logits [1, rows, vocab], row [1], allowed [vocab] → token, its score, sums of exp (all, allowed)."""
    import onnx_ir as ir

    kind = ir.DataType.FLOAT16 if dtype == "float16" else ir.DataType.FLOAT
    logits = _input("logits", kind, [1, "rows", vocab_size])
    row = _input("row", ir.DataType.INT64, [1])
    allowed = _input("allowed", ir.DataType.BOOL, [vocab_size])
    build = _Nodes()
    flat = build.constant("flat", np.array([vocab_size], dtype=np.int64))
    lowest = build.constant("lowest", np.array(_LOWEST, dtype=np.float32))
    zero = build.constant("zero", np.array(0, dtype=np.float32))
    scores = build.add(
        "Cast",
        [build.add("Reshape", [build.add("Gather", [logits, row], axis=1), flat])],
        to=int(ir.DataType.FLOAT),
    )
    largest = build.add("ReduceMax", [scores], keepdims=0)
    shifted = build.add("Sub", [scores, largest])
    weights = build.add("Exp", [shifted])
    masked = build.add("Where", [allowed, shifted, lowest])
    outputs = [
        build.add("ArgMax", [masked], name="token", axis=0, keepdims=0),
        build.add("ReduceMax", [masked], name="score", keepdims=0),
        build.add("ReduceSum", [weights], name="total", keepdims=0),
        build.add("ReduceSum", [build.add("Where", [allowed, weights, zero])], name="kept", keepdims=0),
    ]
    return build.model([logits, row, allowed], outputs, [ir.DataType.INT64, *[ir.DataType.FLOAT] * 3])


def _growing_model(dtype: str) -> ir.Model:
    """old [1, heads, length, dim], end [1], rest [4] (shape added) → new [1, heads, capacity, dim]."""
    import onnx_ir as ir

    kind = ir.DataType.FLOAT16 if dtype == "float16" else ir.DataType.FLOAT
    old = _input("old", kind, [1, "heads", "length", "dim"])
    end, rest = _input("end", ir.DataType.INT64, [1]), _input("rest", ir.DataType.INT64, [4])
    build = _Nodes()
    zero = build.constant("zero", np.array([0], dtype=dtype))
    start, axis = (build.constant(n, np.array([v], dtype=np.int64)) for n, v in (("start", 0), ("axis", 2)))
    used = build.add("Slice", [old, start, end, axis])
    new = build.add("Concat", [used, build.add("Expand", [zero, rest])], name="new", axis=2)
    return build.model([old, end, rest], [new], [kind])


def _input(name: str, kind: ir.DataType, shape: list[int | str]) -> ir.Value:
    import onnx_ir as ir

    return ir.Value(name=name, shape=ir.Shape(shape), type=ir.TensorType(kind))


class _Nodes:
    """Collects the nodes of a small graph."""

    def __init__(self) -> None:
        self._nodes: list[ir.Node] = []
        self._constants: list[ir.Value] = []

    def add(self, kind: str, inputs: list[ir.Value], *, name: str = "", **attributes: int) -> ir.Value:
        import onnx_ir as ir

        out = ir.Value(name=name or f"{kind}_{len(self._nodes)}")
        self._nodes.append(ir.node(kind, inputs, attributes, outputs=[out], name=f"{out.name}/{kind}"))
        return out

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
