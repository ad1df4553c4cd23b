"""The weight matrices of a graph: reads their rows, quantises them, writes them, and makes the node that
multiplies.

Matrices that take the same input (Q, K, V) are stacked and become one node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx_ir as ir

from qwen_magics.model.formats import FloatType, Format
from qwen_magics.model.quantise import BLOCK, QuantisedRows, pack_nibbles, quantise_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qwen_magics.model.external_data import ExternalData, Region
    from qwen_magics.model.weights import WeightSource

__all__ = ["MatrixWriter", "StoredMatrix", "gather_inputs", "matmul_inputs"]

# float32 values held at once: 64 MB, small beside the model and large enough for numpy to be quick.
_CHUNK_VALUES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredMatrix:
    """A matrix in the data file: [rows, width], in blocks unless `scales` is None."""

    rows: int
    width: int
    format: Format
    codes: Region
    scales: Region | None
    floats: ir.DataType

    @property
    def bytes(self) -> int:
        return self.codes.length + (0 if self.scales is None else self.scales.length)

    @property
    def blocks(self) -> int:
        return -(-self.width // self.format.block)

    @property
    def quantised(self) -> bool:
        return self.scales is not None

    @property
    def attributes(self) -> dict[str, int]:
        """What an operator that reads the blocks has to know about them."""
        return {"bits": self.format.bits, "block_size": self.format.block}


class MatrixWriter:
    """Moves matrices from a checkpoint into the data file.

    Args:
        source: where the weights come from.
        data: where they go.
        tick: called with the name of each matrix and its bytes once it is written.
        floats: type of scales, vectors and tables.
    """

    def __init__(
        self,
        source: WeightSource,
        data: ExternalData,
        tick: Callable[[str, int], None],
        floats: FloatType = "float32",
    ) -> None:
        self._source, self._data, self._tick = source, data, tick
        self._floats = np.dtype(floats)

    def store(self, names: Sequence[str], format_: Format) -> StoredMatrix:
        """Writes matrices of equal width stacked on top of each other."""
        shapes = [self._source.shape(name) for name in names]
        rows, width = sum(shape[0] for shape in shapes), shapes[0][1]
        format_ = format_.fitted(width)
        if format_.plain:
            region = self._data.write(self._plain(names, np.dtype(f"float{format_.bits}")))
            stored = StoredMatrix(rows, width, format_, region, None, self.float_type)
        else:
            scales: list[NDArray[Any]] = []
            codes = self._data.write(self._codes(names, format_, scales))
            written = self._data.write(scales)
            stored = StoredMatrix(rows, width, format_, codes, written, self.float_type)
        self._tick(names[0], stored.bytes)
        return stored

    @property
    def float_type(self) -> ir.DataType:
        """Type of all that is no code."""
        return ir.DataType.from_numpy(self._floats)

    @property
    def output_name(self) -> str:
        """The output matrix, which serves both ends of a tied model: a GGUF keeps two copies, this one at
        higher precision.
        """
        return "lm_head.weight" if "lm_head.weight" in self._source else "model.embed_tokens.weight"

    def plain(self, name: str, values: NDArray[np.float32]) -> ir.Value:
        """A table that is no weight."""
        table = values.astype(self._floats)
        return self._data.write([table]).tensor(name, self.float_type, table.shape)

    def vector(self, names: Sequence[str]) -> NDArray[Any]:
        """One-dimensional tensors end to end."""
        return np.concatenate([self._source.vector(name) for name in names]).astype(self._floats)

    def _chunks(self, names: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        for name in names:
            rows, width = self._source.shape(name)
            step = max(1, _CHUNK_VALUES // width)
            for start in range(0, rows, step):
                yield name, start, min(start + step, rows)

    def _plain(self, names: Sequence[str], dtype: np.dtype[Any]) -> Iterator[NDArray[Any]]:
        for chunk in self._chunks(names):
            yield self._source.rows(*chunk).astype(dtype, copy=False)

    def _codes(
        self, names: Sequence[str], format_: Format, scales: list[NDArray[Any]]
    ) -> Iterator[NDArray[np.uint8]]:
        """Yields the codes; collects the scales, which are few and go behind them."""
        for chunk in self._chunks(names):
            quantised = self._quantised(chunk, format_)
            scales.append(quantised.scales.astype(self._floats, copy=False))
            yield quantised.codes

    def _quantised(self, chunk: tuple[str, int, int], format_: Format) -> QuantisedRows:
        bits = format_.bits
        assert bits in (4, 8)
        return self._copied(chunk, format_) or quantise_rows(self._source.rows(*chunk), bits, format_.block)

    def _copied(self, chunk: tuple[str, int, int], format_: Format) -> QuantisedRows | None:
        """The checkpoint's own blocks, where they are of this format already."""
        exact = self._source.int8_blocks(*chunk) if format_.block == BLOCK else None
        if exact is None or exact.codes.shape[1] % BLOCK:
            return None
        codes = exact.codes.reshape(exact.codes.shape[0], -1, BLOCK)
        if format_.bits == 8:
            return QuantisedRows(codes, exact.scales)
        if codes.min() >= 120 and codes.max() <= 135:  # Q4_0: its sixteen steps are our sixteen steps
            return QuantisedRows(pack_nibbles(codes - np.uint8(120)), exact.scales)
        return None


def matmul_inputs(stored: StoredMatrix, name: str) -> list[ir.Value]:
    """The initializers that a multiplication by a stored matrix takes."""
    if stored.scales is None:
        return [stored.codes.tensor(f"{name}.weight", stored.floats, (stored.rows, stored.width))]
    shape = (stored.rows, stored.blocks, stored.format.block * stored.format.bits // 8)
    return [
        stored.codes.tensor(f"{name}.codes", ir.DataType.UINT8, shape),
        stored.scales.tensor(f"{name}.scales", stored.floats, (stored.rows * stored.blocks,)),
    ]


def gather_inputs(stored: StoredMatrix, name: str) -> list[ir.Value]:
    """The initializers that a lookup of rows takes: the same bytes, as GatherBlockQuantized wants them."""
    if stored.scales is None:
        return [stored.codes.tensor(f"{name}.weight", stored.floats, (stored.rows, stored.width))]
    shape = (stored.rows, stored.width * stored.format.bits // 8)
    return [
        stored.codes.tensor(f"{name}.codes", ir.DataType.UINT8, shape),
        stored.scales.tensor(f"{name}.scales", stored.floats, (stored.rows, stored.blocks)),
    ]
