"""What a GPU needs beyond a session: logits and cache stay there, and only chosen ids come back.

Small graphs run by the same provider as the model: they choose a token from a row of logits, or copy a cache
into a larger one (`device_graphs`). They run on the CPU too, where the tests compare them with NumPy.

Steps of few tokens run in fixed shapes at fixed addresses, so that CUDA can record a step once and replay it
(ONNX Runtime's `enable_cuda_graph`; one recording per `gpu_graph_id`): the mask is wider than the sequence
and zero behind it, lone tokens are padded to the next size.
Source: https://onnxruntime.ai/docs/execution-providers/CUDA-ExecutionProvider.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qwen_magics.engine.device_graphs import choosing_model, fetching_model, growing_model
from qwen_magics.engine.runtime import load_runtime
from qwen_magics.engine.sampling import Draw, not_a_number
from qwen_magics.engine.signature import KvSlot

if TYPE_CHECKING:
    import onnx_ir as ir

__all__ = ["Device", "DeviceRow", "DeviceRows", "KvBuffers"]

# Sets of buffers that wait for a sequence. Steps are recorded on buffers, so those in hand save recordings.
_MOST_SPARE = 4


@dataclass
class KvBuffers:
    """The keys and values of one sequence on the device.

    Attributes:
        values: `OrtValue`s [1, heads, capacity, head_dim], one per slot.
        capacity: positions.
        recordings: the steps that were recorded on these addresses, by rows and width of the mask. They live
            as long as the buffers, and no longer.
    """

    values: list[Any]
    capacity: int
    recordings: dict[tuple[int, int], Any] = field(default_factory=dict)


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

    def choose(self, allowed: NDArray[np.bool_] | None, draw: Draw) -> tuple[int, float, float]:
        """The best allowed token, or the one drawn; its log probability, and the probability not allowed.

        Both probabilities are those before penalty and temperature.

        Raises:
            EngineError: the logits are not numbers.
        """
        return self.device.choose(self.value, self.row, allowed, draw)

    def fetch(self) -> NDArray[np.float32]:
        """The row as float32 [vocab] in the host's memory."""
        return self.device.fetch(self.value, self.row)


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
        self._vocab_size, self._logits_dtype = vocab_size, logits_dtype
        self._growing = self._session(growing_model(cache_dtype))
        self._choosing: dict[bool, tuple[Any, Any]] = {}
        self._fetching: Any = None
        self._all = self.put(np.ones(vocab_size, dtype=np.bool_))
        self._none = self.put(np.zeros(vocab_size, dtype=np.bool_))
        # Numbers that recur, and buffers that wait for the next sequence.
        self._rows: dict[int, Any] = {}
        self._penalties: dict[float, Any] = {}
        self._spare: list[KvBuffers] = []

    def empty(self, shape: Sequence[int], dtype: str) -> Any:
        """An `OrtValue` on the device, its content undefined."""
        make = load_runtime().OrtValue.ortvalue_from_shape_and_type
        return make(list(shape), np.dtype(dtype), self.name, 0)

    def put(self, array: NDArray[Any]) -> Any:
        """A copy of an array on the device."""
        return self._make(array, self.name, 0)

    def choose(
        self, value: Any, row: int, allowed: NDArray[np.bool_] | None, draw: Draw
    ) -> tuple[int, float, float]:
        """See `DeviceRow.choose`; four numbers come back from the device."""
        session, binding = self._chooser(drawn=draw.uniform is not None)
        fed = {
            "logits": value,
            "row": self._kept(self._rows, row, np.array([row], dtype=np.int64)),
            "allowed": self._all if allowed is None else self.put(allowed),
            "seen": self._none if draw.seen is None else self.put(self._marked(draw.seen)),
            "penalty": self._kept(self._penalties, draw.penalty, np.array(draw.penalty, dtype=np.float32)),
        }
        # An OrtValue made from an array borrows its memory: both live until the run is over.
        numbers = np.array(draw.temperature, dtype=np.float32), np.array([draw.uniform], dtype=np.float64)
        if draw.uniform is not None:
            fed |= zip(("temperature", "uniform"), map(self._make, numbers), strict=True)
        for name, given in fed.items():
            binding.bind_ortvalue_input(name, given)
        session.run_with_iobinding(binding)
        token, score, total, kept = map(float, binding.get_outputs()[0].numpy())
        if not np.isfinite(total):
            raise not_a_number()
        return int(token), score - float(np.log(total)), min(1.0, max(0.0, 1.0 - kept / total))

    def fetch(self, value: Any, row: int) -> NDArray[np.float32]:
        """See `DeviceRow.fetch`; the other rows stay where they are."""
        if self._fetching is None:
            self._fetching = self._session(fetching_model(self._vocab_size, self._logits_dtype))
        binding = self._fetching.io_binding()
        binding.bind_ortvalue_input("logits", value)
        binding.bind_ortvalue_input("row", self._kept(self._rows, row, np.array([row], dtype=np.int64)))
        binding.bind_output("scores", "cpu")
        self._fetching.run_with_iobinding(binding)
        scores: NDArray[np.float32] = binding.copy_outputs_to_cpu()[0]
        return scores

    def buffers(self, slots: Sequence[KvSlot], capacity: int) -> KvBuffers:
        """Buffers for the keys and values of one sequence; their content counts for nothing."""
        for place, spare in enumerate(self._spare):
            if spare.capacity == capacity:
                return self._spare.pop(place)
        zeros = (np.zeros((1, slot.heads, capacity, slot.head_dim), dtype=slot.dtype) for slot in slots)
        return KvBuffers([self.put(content) for content in zeros], capacity)

    def give_back(self, buffers: KvBuffers) -> None:
        """Keep buffers that no sequence needs any more for the next one, with the steps recorded on them."""
        self._spare = [*self._spare, buffers][-_MOST_SPARE:]

    def _chooser(self, *, drawn: bool) -> tuple[Any, Any]:
        if drawn not in self._choosing:
            model = choosing_model(self._vocab_size, self._logits_dtype, drawn=drawn)
            session = self._session(model)
            binding = session.io_binding()
            binding.bind_output("chosen", "cpu")
            self._choosing[drawn] = session, binding
        return self._choosing[drawn]

    def _kept(self, numbers: dict[Any, Any], key: float, content: NDArray[Any]) -> Any:
        """A number on the device, copied there once."""
        if key not in numbers:
            numbers[key] = self.put(content)
        return numbers[key]

    def _marked(self, tokens: NDArray[np.int64]) -> NDArray[np.bool_]:
        marks = np.zeros(self._vocab_size, dtype=np.bool_)
        marks[tokens] = True
        return marks

    def grown(self, value: Any, used: int, capacity: int, made: Any = None) -> Any:
        """The first `used` positions of a cache tensor in one with `capacity` positions, then zeros.

        Written to `made` where that is given.
        """
        _, heads, _, head_dim = value.shape()
        if made is None:
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
