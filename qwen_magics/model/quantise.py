"""Matrices to blocks of integers, in MatMulNBits' layout.

A block is some consecutive inputs (32 to 256) of one output row with one float32 scale; codes are unsigned
around a fixed zero point (128 or 8). Symmetric on purpose: ONNX Runtime's AVX2 kernels before 1.31 multiply
asymmetric 4-bit blocks wrongly when one token is decoded (microsoft/onnxruntime#29853), float zero points
leave the int8 kernels, and the fast CUDA path takes no zero points.
Layout: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MatMulNBits
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BLOCK", "Bits", "QuantisedRows", "dequantise", "pack_nibbles", "quantise_rows"]

Bits = Literal[4, 8]
BLOCK = 32


@dataclass(frozen=True, slots=True)
class QuantisedRows:
    """Some rows of a matrix.

    Attributes:
        codes: uint8 [rows, ceil(in / block), block * bits / 8]; two 4-bit codes per byte, the even one low.
        scales: float32 [rows, ceil(in / block)].
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float32]


def quantise_rows(rows: NDArray[np.float32], bits: Bits, block: int = BLOCK) -> QuantisedRows:
    """Rounds float32 [rows, in] to blocks; a last block that is not full is padded with zeros."""
    blocks = _blocked(rows, block)
    if bits == 8:
        scales = np.abs(blocks).max(axis=-1) * np.float32(1 / 127)
        return QuantisedRows(_codes(blocks, scales, 8), scales)
    scales = _fitted_scales(blocks)
    return QuantisedRows(pack_nibbles(_codes(blocks, scales, 4)), scales)


def dequantise(rows: QuantisedRows, bits: Bits, width: int) -> NDArray[np.float32]:
    """The float32 [rows, width] that the codes stand for."""
    codes = rows.codes
    if bits == 4:
        codes = np.stack([codes & np.uint8(15), codes >> np.uint8(4)], axis=-1).reshape(*codes.shape[:2], -1)
    values = (codes.astype(np.float32) - np.float32(1 << (bits - 1))) * rows.scales[..., None]
    return np.ascontiguousarray(values.reshape(codes.shape[0], -1)[:, :width])


def pack_nibbles(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two codes under 16 per byte, the even one low: [..., n] to [..., n / 2]."""
    return codes[..., 0::2] | (codes[..., 1::2] << np.uint8(4))


def _blocked(rows: NDArray[np.float32], block: int) -> NDArray[np.float32]:
    count, width = rows.shape
    if width % block:
        rows = np.pad(rows, ((0, 0), (0, -width % block)))
    return rows.reshape(count, -1, block)


def _codes(blocks: NDArray[np.float32], scales: NDArray[np.float32], bits: Bits) -> NDArray[np.uint8]:
    zero = np.float32(1 << (bits - 1))
    with np.errstate(divide="ignore"):
        inverse = np.where(scales == 0, np.float32(0), np.float32(1) / scales)
    values = blocks * inverse[..., None]
    np.rint(values, out=values)
    values += zero
    np.clip(values, 0, 2 * zero - 1, out=values)
    return values.astype(np.uint8)


def _fitted_scales(blocks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Per block the signed scale that fits its 4-bit codes with the least error, large values counting most.

    The value of largest magnitude gets code 0 (-8, one step further than +7), hence the sign. Weighting by
    the square of the value and fitting once beat plain rounding, unweighted fits and searches over several
    scales (docs/models-build.md).
    """
    peak = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=-1)[..., None], axis=-1)[..., 0]
    first = peak * np.float32(-1 / 8)
    steps = _codes(blocks, first, 4).astype(np.float32)
    steps -= np.float32(8)
    steps *= blocks  # weights are blocks², so both sums below are of products with `steps * blocks`
    norm = np.einsum("rbi,rbi->rb", steps, steps)
    dot = np.einsum("rbi,rbi,rbi->rb", steps, blocks, blocks)
    return np.where(norm > 0, dot / np.maximum(norm, np.float32(1e-30)), first).astype(np.float32)
