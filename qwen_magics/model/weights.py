"""What the builder asks of a checkpoint, whichever file format it came in.

Tensors go by transformers' names (`model.layers.0.mlp.up_proj.weight`); a matrix is [out, in] and is read a
few rows at a time, so that no checkpoint ever has to fit into memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from qwen_magics.model.architecture import Architecture

__all__ = ["Int8Blocks", "TokenizerFiles", "WeightSource"]


@dataclass(frozen=True, slots=True)
class Int8Blocks:
    """Rows of a matrix that are 8-bit blocks already, symmetric about 128.

    Attributes:
        codes: uint8 [rows, in].
        scales: float32 [rows, in / 32].
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float32]

    def values(self) -> NDArray[np.float32]:
        """What the codes stand for: [rows, in]."""
        blocks = self.codes.reshape(*self.scales.shape, -1).astype(np.float32)
        blocks -= np.float32(128)
        blocks *= self.scales[..., None]
        return blocks.reshape(self.codes.shape)


@dataclass(frozen=True, slots=True)
class TokenizerFiles:
    """The three text files of a model directory that are not weights.

    Attributes:
        tokenizer: content of tokenizer.json.
        config: content of tokenizer_config.json as a mapping.
        chat_template: Jinja text, empty if the checkpoint has none.
    """

    tokenizer: str
    config: dict[str, Any]
    chat_template: str


class WeightSource(Protocol):
    """A checkpoint that can be read tensor by tensor. Used as a context manager: it holds files open."""

    @property
    def architecture(self) -> Architecture: ...

    @property
    def path(self) -> Path: ...

    def __contains__(self, name: object) -> bool: ...

    def shape(self, name: str) -> tuple[int, ...]:
        """Shape as transformers has it: (out, in) or (width,); DamagedModelError if it is not there."""

    def vector(self, name: str) -> NDArray[np.float32]:
        """A one-dimensional tensor."""

    def rows(self, name: str, start: int, stop: int) -> NDArray[np.float32]:
        """Rows [start, stop) of a matrix, dequantised: [stop - start, in]."""

    def int8_blocks(self, name: str, start: int, stop: int) -> Int8Blocks | None:
        """The same rows without any loss, or None where the file's format has no such form."""

    def tokenizer_files(self) -> TokenizerFiles: ...

    def close(self) -> None: ...
