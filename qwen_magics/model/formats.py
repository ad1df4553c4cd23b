"""How the matrices of a model are stored, by the name of the quantisation, and how many bytes that takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qwen_magics.model.quantise import BLOCK, Bits

if TYPE_CHECKING:
    from qwen_magics.model.architecture import Architecture

__all__ = ["BITS", "DEFAULT_QUANTISATION", "QUANTISATIONS", "Format", "MatrixFormats", "planned_bytes"]

Format = Literal["fp32", "int8", "int4"]
BITS: dict[Format, Bits] = {"int8": 8, "int4": 4}


@dataclass(frozen=True, slots=True)
class MatrixFormats:
    """How each kind of matrix is stored.

    Attributes:
        attention_in, attention_out, mlp_in, mlp_out: the projections of a layer.
        head: the output matrix, and with it the embedding if the two are tied.
        embedding: the embedding of an untied model.
    """

    attention_in: Format
    attention_out: Format
    mlp_in: Format
    mlp_out: Format
    head: Format
    embedding: Format


DEFAULT_QUANTISATION = "int8"
# `mixed` keeps in 8 bit what costs most accuracy per byte in 4: see docs/models-build.md for the
# measurements.
QUANTISATIONS: dict[str, MatrixFormats] = {
    "int8": MatrixFormats("int8", "int8", "int8", "int8", head="int8", embedding="int8"),
    "int4": MatrixFormats("int4", "int4", "int4", "int4", head="int4", embedding="int4"),
    "mixed": MatrixFormats("int8", "int8", "int4", "int4", head="int8", embedding="int8"),
    "fp32": MatrixFormats("fp32", "fp32", "fp32", "fp32", head="fp32", embedding="fp32"),
}


def planned_bytes(a: Architecture, formats: MatrixFormats, *, tied: bool) -> int:
    """Size of the matrices in the data file; padding between them comes on top."""
    layer = (
        _bytes(a.query_width + 2 * a.kv_width, a.hidden, formats.attention_in)
        + _bytes(a.hidden, a.query_width, formats.attention_out)
        + _bytes(2 * a.intermediate, a.hidden, formats.mlp_in)
        + _bytes(a.hidden, a.intermediate, formats.mlp_out)
    )
    outer = _bytes(a.vocabulary, a.hidden, formats.head)
    if not tied:
        outer += _bytes(a.vocabulary, a.hidden, formats.embedding)
    return a.layers * layer + outer


def _bytes(rows: int, width: int, format_: Format) -> int:
    if format_ == "fp32":
        return rows * width * 4
    return rows * -(-width // BLOCK) * (BLOCK * BITS[format_] // 8 + 4)
