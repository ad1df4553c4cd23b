"""Reads a Qwen GGUF: its metadata, its tensors (dequantised a few rows at a time) and its tokenizer.

The header is parsed here rather than by the `gguf` package's reader, which takes ten seconds over 300,000
vocabulary strings and does not notice a truncated file. Dequantisation of every block format is the
package's.
Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import math
import mmap
import re
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qwen_magics.errors import DamagedModelError, UnsupportedModelError
from qwen_magics.model.architecture import Architecture
from qwen_magics.model.vocabulary import tokenizer_from_gguf
from qwen_magics.model.weights import Int8Blocks, TokenizerFiles

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

__all__ = ["GgufSource"]

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_PIECE = re.compile(r"(.+)-\d{5}-of-(\d{5})\.gguf")
_BLOCK_NAMES = {
    "input_layernorm.weight": "attn_norm.weight",
    "post_attention_layernorm.weight": "ffn_norm.weight",
    "self_attn.q_proj.weight": "attn_q.weight",
    "self_attn.k_proj.weight": "attn_k.weight",
    "self_attn.v_proj.weight": "attn_v.weight",
    "self_attn.o_proj.weight": "attn_output.weight",
    "self_attn.q_proj.bias": "attn_q.bias",
    "self_attn.k_proj.bias": "attn_k.bias",
    "self_attn.v_proj.bias": "attn_v.bias",
    "self_attn.q_norm.weight": "attn_q_norm.weight",
    "self_attn.k_norm.weight": "attn_k_norm.weight",
    "mlp.gate_proj.weight": "ffn_gate.weight",
    "mlp.up_proj.weight": "ffn_up.weight",
    "mlp.down_proj.weight": "ffn_down.weight",
}
_TOP_NAMES = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}


@dataclass(frozen=True, slots=True)
class _Tensor:
    shape: tuple[int, ...]  # as in numpy: slowest first (GGUF stores the fastest first)
    type_name: str
    data: NDArray[np.uint8]  # [rows, bytes of a row]; a vector is one row


class _Cursor:
    """Walks over the header; running off the end means a truncated file."""

    def __init__(self, data: mmap.mmap, path: Path) -> None:
        self.data, self.path, self.at = data, path, 0

    def scalar(self, code: str) -> Any:
        try:
            (value,) = struct.unpack_from("<" + code, self.data, self.at)
        except struct.error as exc:
            raise _truncated(self.path) from exc
        self.at += struct.calcsize("<" + code)
        return value

    def string(self) -> str:
        size = self.scalar("Q")
        end = self.at + size
        if end > len(self.data):
            raise _truncated(self.path)
        raw, self.at = self.data[self.at : end], end
        return raw.decode("utf-8", errors="replace")

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            inner, count = self.scalar("I"), self.scalar("Q")
            if count > len(self.data):
                raise _truncated(self.path)
            return self.array(inner, count)
        if kind not in _SCALARS:
            msg = f"{self.path.name} has the impossible metadata type {kind}; download the file again."
            raise DamagedModelError(msg)
        return self.scalar(_SCALARS[kind])

    def array(self, kind: int, count: int) -> list[Any]:
        if kind not in _SCALARS:
            return [self.value(kind) for _ in range(count)]
        size = struct.calcsize(_SCALARS[kind]) * count
        if self.at + size > len(self.data):
            raise _truncated(self.path)
        values = struct.unpack_from(f"<{count}{_SCALARS[kind]}", self.data, self.at)
        self.at += size
        return list(values)


class GgufSource:
    """An open GGUF file; of a split one, any piece names them all.

    Raises:
        DamagedModelError: not a GGUF, truncated, or a piece, tensor or key is missing.
        UnsupportedModelError: another architecture, or a tensor type that cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.metadata: dict[str, Any] = {}
        self._tensors: dict[str, _Tensor] = {}
        for piece in _pieces(path):
            self._read(piece)

    def __enter__(self) -> GgufSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        # The maps go when the last array that views them does.
        self._tensors.clear()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and _gguf_name(name) in self._tensors

    @cached_property
    def architecture(self) -> Architecture:
        return Architecture.from_gguf(
            self.metadata,
            vocabulary=self.shape("model.embed_tokens.weight")[0],
            has_output="lm_head.weight" in self,
        )

    def shape(self, name: str) -> tuple[int, ...]:
        return self._tensor(name).shape

    def vector(self, name: str) -> NDArray[np.float32]:
        tensor = self._tensor(name)
        return self._dequantised(tensor, tensor.data).reshape(-1)

    def rows(self, name: str, start: int, stop: int) -> NDArray[np.float32]:
        tensor = self._tensor(name)
        return self._dequantised(tensor, tensor.data[start:stop])

    def int8_blocks(self, name: str, start: int, stop: int) -> Int8Blocks | None:
        tensor = self._tensor(name)
        unpack = _UNPACK.get(tensor.type_name)
        return None if unpack is None else unpack(tensor.data[start:stop])

    def tokenizer_files(self) -> TokenizerFiles:
        return tokenizer_from_gguf(self.metadata)

    def _tensor(self, name: str) -> _Tensor:
        try:
            return self._tensors[_gguf_name(name)]
        except KeyError as exc:
            msg = f"{self.path.name} has no tensor {_gguf_name(name)!r}; download the file again."
            raise DamagedModelError(msg) from exc

    def _dequantised(self, tensor: _Tensor, raw: NDArray[np.uint8]) -> NDArray[np.float32]:
        from gguf import GGMLQuantizationType
        from gguf.quants import dequantize

        if tensor.type_name == "F32":
            return raw.view(np.float32)
        if tensor.type_name == "F16":
            return raw.view(np.float16).astype(np.float32)
        if (unpack := _UNPACK.get(tensor.type_name)) is not None:  # much faster than going row by row
            return unpack(raw).values()
        try:
            return dequantize(raw, GGMLQuantizationType[tensor.type_name])
        except NotImplementedError as exc:
            usual = "Q8_0, Q6_K, Q5_K_M or Q4_K_M"
            msg = f"tensor type {tensor.type_name} cannot be read; use a {usual} file of this model."
            raise UnsupportedModelError(msg) from exc

    def _read(self, path: Path) -> None:
        data = _open(path)
        cursor = _Cursor(data, path)
        if data[:4] != b"GGUF":
            msg = f"{path.name} is not a GGUF file; download it again."
            raise DamagedModelError(msg)
        cursor.at = 4
        if (version := cursor.scalar("I")) not in (2, 3):
            msg = f"{path.name} has GGUF version {version}; only little-endian versions 2 and 3 can be read."
            raise UnsupportedModelError(msg)
        tensors, keys = cursor.scalar("Q"), cursor.scalar("Q")
        for _ in range(keys):
            key = cursor.string()
            self.metadata.setdefault(key, cursor.value(cursor.scalar("I")))
        entries = [_entry(cursor) for _ in range(tensors)]
        step = int(self.metadata.get("general.alignment", 32))
        base = -(-cursor.at // step) * step
        values = np.frombuffer(data, dtype=np.uint8)
        for name, dims, kind, offset in entries:
            self._tensors[name] = _placed(path, name, dims, kind, values[base + offset :])


def _entry(cursor: _Cursor) -> tuple[str, tuple[int, ...], int, int]:
    name = cursor.string()
    dims = tuple(cursor.scalar("Q") for _ in range(cursor.scalar("I")))
    return name, dims[::-1], cursor.scalar("I"), cursor.scalar("Q")


def _placed(path: Path, name: str, shape: tuple[int, ...], kind: int, data: NDArray[np.uint8]) -> _Tensor:
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

    try:
        type_ = GGMLQuantizationType(kind)
        block, size = GGML_QUANT_SIZES[type_]
    except (ValueError, KeyError) as exc:
        msg = f"tensor {name!r} of {path.name} has the unknown type {kind}; upgrade the gguf package."
        raise UnsupportedModelError(msg) from exc
    width, rows = shape[-1] if shape else 1, math.prod(shape[:-1])
    row_bytes = width // block * size
    if width % block or rows * row_bytes > len(data):
        raise _truncated(path)
    return _Tensor(shape, type_.name, data[: rows * row_bytes].reshape(rows, row_bytes))


def _pieces(path: Path) -> list[Path]:
    """All files of a split GGUF (`name-00001-of-00003.gguf`), or the one that it is."""
    match = _PIECE.fullmatch(path.name)
    if match is None:
        return [path]
    count = int(match[2])
    return [path.with_name(f"{match[1]}-{i:05}-of-{count:05}.gguf") for i in range(1, count + 1)]


def _open(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except FileNotFoundError as exc:
        msg = f"there is no file {path}; check the path."
        raise DamagedModelError(msg) from exc
    except ValueError as exc:
        msg = f"{path.name} is empty; download it again."
        raise DamagedModelError(msg) from exc


def _truncated(path: Path) -> DamagedModelError:
    return DamagedModelError(f"{path.name} is truncated or damaged; delete it and download it again.")


def _gguf_name(name: str) -> str:
    if name in _TOP_NAMES:
        return _TOP_NAMES[name]
    _, _, layer, rest = name.split(".", 3) if name.count(".") > 2 else ("", "", "", name)
    return f"blk.{layer}.{_BLOCK_NAMES.get(rest, rest)}"


def _unpack_q8_0(raw: NDArray[np.uint8]) -> Int8Blocks:
    blocks = raw.reshape(raw.shape[0], -1, 34)
    return _blocks(blocks, blocks[:, :, 2:] ^ np.uint8(0x80))


def _unpack_q5_0(raw: NDArray[np.uint8]) -> Int8Blocks:
    blocks = raw.reshape(raw.shape[0], -1, 22)
    high = np.unpackbits(blocks[:, :, 2:6], axis=-1, bitorder="little") << np.uint8(4)
    low = _nibbles(blocks[:, :, 6:])
    return _blocks(blocks, (low | high) + np.uint8(128 - 16))


def _unpack_q4_0(raw: NDArray[np.uint8]) -> Int8Blocks:
    blocks = raw.reshape(raw.shape[0], -1, 18)
    return _blocks(blocks, _nibbles(blocks[:, :, 2:]) + np.uint8(128 - 8))


def _nibbles(packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """GGUF's order: the low halves of all bytes, then the high halves."""
    return np.concatenate([packed & np.uint8(15), packed >> np.uint8(4)], axis=-1)


def _blocks(blocks: NDArray[np.uint8], codes: NDArray[np.uint8]) -> Int8Blocks:
    scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16)[:, :, 0].astype(np.float32)
    return Int8Blocks(codes.reshape(codes.shape[0], -1), scales)


# Symmetric blocks of 32: exactly an 8-bit MatMulNBits with zero point 128, so nothing is lost by converting
# them.
_UNPACK = {"Q8_0": _unpack_q8_0, "Q5_0": _unpack_q5_0, "Q4_0": _unpack_q4_0}
