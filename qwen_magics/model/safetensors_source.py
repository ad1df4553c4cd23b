"""Reads a folder of safetensors as transformers saves it: config.json, one or more .safetensors,
tokenizer.json.

Format: https://huggingface.co/docs/safetensors (8 bytes header size, JSON header, raw little-endian data).
"""

from __future__ import annotations

import json
import mmap
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qwen_magics.errors import DamagedModelError, UnsupportedModelError
from qwen_magics.model.architecture import Architecture
from qwen_magics.model.weights import Int8Blocks, TokenizerFiles

if TYPE_CHECKING:
    from types import TracebackType

    from numpy.typing import NDArray

__all__ = ["SafetensorsSource"]

_WIDTHS = {"F32": 4, "F16": 2, "BF16": 2}
_INDEX = "model.safetensors.index.json"


class SafetensorsSource:
    """An open folder of safetensors.

    Raises:
        DamagedModelError: a file is missing, truncated or no safetensors.
        UnsupportedModelError: another architecture, or a tensor that is not F32, F16 or BF16.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = _read_json(path / "config.json")
        if "quantization_config" in self.config:
            msg = f"{path.name} is quantised already; build from the original weights or from a GGUF instead."
            raise UnsupportedModelError(msg)
        self._tensors: dict[str, tuple[NDArray[np.uint8], str, tuple[int, ...]]] = {}
        for file in self._files():
            self._read(file)

    def __enter__(self) -> SafetensorsSource:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._tensors.clear()

    def __contains__(self, name: object) -> bool:
        return name in self._tensors

    @cached_property
    def architecture(self) -> Architecture:
        return Architecture.from_config(self.config)

    def shape(self, name: str) -> tuple[int, ...]:
        return self._tensor(name)[2]

    def vector(self, name: str) -> NDArray[np.float32]:
        raw, kind, _ = self._tensor(name)
        return _floats(raw, kind)

    def rows(self, name: str, start: int, stop: int) -> NDArray[np.float32]:
        raw, kind, shape = self._tensor(name)
        width = shape[1] * _WIDTHS[kind]
        return _floats(raw[start * width : stop * width], kind).reshape(stop - start, shape[1])

    def int8_blocks(self, name: str, start: int, stop: int) -> Int8Blocks | None:
        return None

    def tokenizer_files(self) -> TokenizerFiles:
        tokenizer = _read_text(self.path / "tokenizer.json")
        config = (
            _read_json(self.path / "tokenizer_config.json")
            if (self.path / "tokenizer_config.json").exists()
            else {}
        )
        own = self.path / "chat_template.jinja"
        template = _read_text(own) if own.exists() else config.get("chat_template", "")
        if isinstance(template, list):  # several named templates: the default one
            template = next((t["template"] for t in template if t.get("name") == "default"), "")
        return TokenizerFiles(tokenizer, config, str(template or ""))

    def _files(self) -> list[Path]:
        if (self.path / _INDEX).exists():
            return [
                self.path / name
                for name in sorted(set(_read_json(self.path / _INDEX)["weight_map"].values()))
            ]
        if files := sorted(self.path.glob("*.safetensors")):
            return files
        msg = f"{self.path} holds no .safetensors file; give a GGUF file or a folder that has some."
        raise DamagedModelError(msg)

    def _tensor(self, name: str) -> tuple[NDArray[np.uint8], str, tuple[int, ...]]:
        try:
            return self._tensors[name]
        except KeyError as exc:
            msg = f"{self.path.name} has no tensor {name!r}; download the folder again from its publisher."
            raise DamagedModelError(msg) from exc

    def _read(self, file: Path) -> None:
        data = _open(file)
        if len(data) < 8 or (size := int(data[:8].view("<u8")[0])) > len(data) - 8:
            raise _truncated(file)
        try:
            header = json.loads(data[8 : 8 + size].tobytes())
        except ValueError as exc:
            raise _truncated(file) from exc
        body = data[8 + size :]
        for name, entry in header.items():
            if name != "__metadata__":
                self._tensors[name] = self._placed(name, entry, body, file)

    @staticmethod
    def _placed(name: str, entry: dict[str, Any], body: NDArray[np.uint8], file: Path) -> Any:
        kind, shape = entry["dtype"], tuple(entry["shape"])
        if kind not in _WIDTHS:
            msg = f"tensor {name!r} has type {kind}: only {', '.join(_WIDTHS)} can be built."
            raise UnsupportedModelError(msg)
        start, stop = entry["data_offsets"]
        if stop > len(body) or stop - start != int(np.prod(shape, dtype=np.int64)) * _WIDTHS[kind]:
            raise _truncated(file)
        return body[start:stop], kind, shape


def _open(file: Path) -> NDArray[np.uint8]:
    try:
        with file.open("rb") as handle:
            return np.frombuffer(mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ), dtype=np.uint8)
    except (FileNotFoundError, ValueError) as exc:
        msg = f"{file} is missing or empty; download the folder again."
        raise DamagedModelError(msg) from exc


def _floats(raw: NDArray[np.uint8], kind: str) -> NDArray[np.float32]:
    if kind == "BF16":  # the upper half of a float32
        return (raw.view(np.uint16).astype(np.uint32) << np.uint32(16)).view(np.float32)
    return raw.view(np.float32 if kind == "F32" else np.float16).astype(np.float32, copy=False)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        msg = f"{path.parent} has no {path.name}; download the whole folder of the model."
        raise DamagedModelError(msg) from exc


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(_read_text(path))
    except ValueError as exc:
        msg = f"{path} is no valid JSON; download it again."
        raise DamagedModelError(msg) from exc
    return dict(value)


def _truncated(file: Path) -> DamagedModelError:
    return DamagedModelError(f"{file} is truncated or damaged; delete it and download it again.")
