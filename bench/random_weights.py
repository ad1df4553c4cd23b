"""Weights of a Qwen's true shapes with random content, for machines where the real ones are not at hand.

How fast a model runs depends on its shapes and types, not on what the weights say. Nothing of the size of the
model is generated: each matrix is a window into one pool of random codes.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qwen_magics.errors import DamagedModelError
from qwen_magics.model.architecture import Architecture
from qwen_magics.model.quantise import BLOCK
from qwen_magics.model.vocabulary import tokenizer_json
from qwen_magics.model.weights import Int8Blocks, TokenizerFiles

__all__ = ["SHAPES", "RandomWeights"]

# https://huggingface.co/Qwen/Qwen2.5-Coder-0.5B/blob/main/config.json, and likewise 1.5B and 7B
SHAPES = {
    "0.5b": Architecture("qwen2", 24, 896, 4864, 14, 2, 64, 151936, 32768, 1e6, 1e-6, True),
    "1.5b": Architecture("qwen2", 28, 1536, 8960, 12, 2, 128, 151936, 32768, 1e6, 1e-6, True),
    "7b": Architecture("qwen2", 28, 3584, 18944, 28, 4, 128, 152064, 32768, 1e6, 1e-6, False),
}
_POOL = 1 << 26
# Codes lie evenly about 128: a mean other than 0 adds up, and overflows float16 in 28 layers of the 7B.
# Standard deviation of the weights, as Qwen's are initialised (`initializer_range`).
_SPREAD = 0.02


class RandomWeights:
    """A `WeightSource` of random blocks of 8 bit, or of 4 bit in the middle of them.

    Args:
        architecture: the shapes.
        bits: 4 or 8; anything else is made of 8-bit blocks.
    """

    def __init__(self, architecture: Architecture, bits: int) -> None:
        self.architecture, self.path = architecture, Path("random")
        self._shapes = architecture.tensor_shapes()
        if not architecture.tied:
            self._shapes["lm_head.weight"] = self._shapes["model.embed_tokens.weight"]
        random = np.random.default_rng(0)
        low, high = (121, 136) if bits == 4 else (1, 256)
        self._pool = random.integers(low, high, _POOL, dtype=np.uint8)
        self._scale = np.float32(_SPREAD / self._pool[:100_000].std())

    def __contains__(self, name: object) -> bool:
        return name in self._shapes

    def shape(self, name: str) -> tuple[int, ...]:
        if name not in self._shapes:
            raise DamagedModelError(name)
        return self._shapes[name]

    def vector(self, name: str) -> NDArray[np.float32]:
        width = self._shapes[name][0]
        values = np.full(width, 1.0 if name.endswith("norm.weight") else 0.0, dtype=np.float32)
        noise = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(width, dtype=np.float32)
        return values + np.float32(0.1) * noise

    def rows(self, name: str, start: int, stop: int) -> NDArray[np.float32]:
        return self.int8_blocks(name, start, stop).values()

    def int8_blocks(self, name: str, start: int, stop: int) -> Int8Blocks:
        rows, width = stop - start, self._shapes[name][1]
        offset = zlib.crc32(f"{name} {start}".encode()) % (_POOL - rows * width)
        codes = self._pool[offset : offset + rows * width].reshape(rows, width)
        return Int8Blocks(codes, np.full((rows, width // BLOCK), self._scale, dtype=np.float32))

    def tokenizer_files(self) -> TokenizerFiles:
        """Letters and the special tokens, at Qwen's ids."""
        vocab = {chr(33 + place): place for place in range(90)}
        names = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
        added = [(151643 + place, name, True) for place, name in enumerate(names)]
        return TokenizerFiles(tokenizer_json(vocab, [], added), {}, "")

    def close(self) -> None:
        """Nothing is open."""
