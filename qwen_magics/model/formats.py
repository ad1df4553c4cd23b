"""How the matrices of a model are stored, by the name of the quantisation, and how many bytes that takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from qwen_magics.model.quantise import BLOCK

if TYPE_CHECKING:
    from qwen_magics.model.architecture import Architecture

__all__ = [
    "CANDIDATES",
    "DEFAULT_QUANTISATION",
    "QUANTISATIONS",
    "FloatType",
    "Format",
    "MatrixFormats",
    "planned_bytes",
]


FloatType = Literal["float32", "float16"]


@dataclass(frozen=True, slots=True)
class Format:
    """How a matrix is stored.

    Attributes:
        bits: of one weight; 16 and 32 are floating point, without blocks.
        block: most weights that share a scale, a power of two; 1 where there are no scales.
    """

    bits: Literal[4, 8, 16, 32]
    block: int = BLOCK

    def fitted(self, width: int) -> Format:
        """The same with the largest block that divides `width`: padding would be read in vain."""
        block = self.block
        while block > BLOCK and width % block:
            block //= 2
        return replace(self, block=block)

    @property
    def plain(self) -> bool:
        """Whether the weights are floating point."""
        return self.bits >= 16

    @property
    def name(self) -> str:
        return f"{'fp' if self.plain else 'int'}{self.bits}"


# Blocks of 32 keep a GGUF's own 8-bit blocks without loss. Larger ones round once more, but have fewer scales
# to read and to multiply with: the kernels are up to a third quicker (docs/models-build.md).
# In 256 only what follows the activation function: activations are rounded in the same blocks, and gate and
# up in 256 cost the 1.5B four times the error of all else together.
_EXACT, _QUICK, _QUICKEST = Format(8), Format(8, 128), Format(8, 256)
_SMALL, _SMALL_QUICK = Format(4), Format(4, 128)
# Logits per position that a `shortlist` has computed again: 64 are as quick, and 20 % further from float32.
CANDIDATES = 128


@dataclass(frozen=True, slots=True)
class MatrixFormats:
    """How each kind of matrix is stored.

    Attributes:
        attention_in, attention_out, mlp_in, mlp_out: the projections of a layer.
        head: the output matrix, and with it the embedding if the two are tied.
        embedding: the embedding of an untied model.
        shortlist: a second, coarse copy of the output matrix. All logits come from it, and the largest
            `CANDIDATES` of each position are computed again from `head`, of which only those rows are read.
        floats: type of everything that is no code: scales, activations, cache and logits.
    """

    attention_in: Format
    attention_out: Format
    mlp_in: Format
    mlp_out: Format
    head: Format
    embedding: Format
    shortlist: Format | None = None
    floats: FloatType = "float32"


def _all(format_: Format, floats: FloatType = "float32") -> MatrixFormats:
    return MatrixFormats(format_, format_, format_, format_, head=format_, embedding=format_, floats=floats)


DEFAULT_QUANTISATION = "mixed"
# Chosen by measurement: the table is in docs/models-build.md.
QUANTISATIONS: dict[str, MatrixFormats] = {
    "int8": _all(_EXACT),
    "int4": _all(_SMALL),
    "mixed": MatrixFormats(
        _QUICK, _QUICK, _QUICK, _QUICKEST, head=_EXACT, embedding=_EXACT, shortlist=_SMALL_QUICK
    ),
    "fp32": _all(Format(32, 1)),
    # For CUDA, whose attention takes float16 only, and whose fast product of weights in blocks wants float16,
    # no zero points, and in small builds of ONNX Runtime blocks of 32 (contrib_ops/cuda/quantization).
    "int8-fp16": _all(_EXACT, "float16"),
    "int4-fp16": _all(_SMALL, "float16"),
    "fp16": _all(Format(16, 1), "float16"),
}


def planned_bytes(a: Architecture, formats: MatrixFormats, *, tied: bool) -> int:
    """Size of the matrices in the data file; padding between them comes on top."""
    layer = [
        (a.query_width + 2 * a.kv_width, a.hidden, formats.attention_in),
        (a.hidden, a.query_width, formats.attention_out),
        (2 * a.intermediate, a.hidden, formats.mlp_in),
        (a.hidden, a.intermediate, formats.mlp_out),
    ]
    outer = [formats.head, *([] if tied else [formats.embedding])]
    outer += [] if formats.shortlist is None else [formats.shortlist]
    matrices = layer * a.layers + [(a.vocabulary, a.hidden, format_) for format_ in outer]
    scale = 2 if formats.floats == "float16" else 4
    return sum(_bytes(*matrix, scale) for matrix in matrices)


def _bytes(rows: int, width: int, format_: Format, scale: int) -> int:
    if format_.plain:
        return rows * width * format_.bits // 8
    block = format_.fitted(width).block
    return rows * -(-width // block) * (block * format_.bits // 8 + scale)
