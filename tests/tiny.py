"""A tiny random Qwen with a real byte-level tokenizer, built into a model directory in about a second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from qwen_magics.model.build import build
from qwen_magics.model.tokenizer import _BYTES
from qwen_magics.model.vocabulary import tokenizer_json
from tests.tiny_checkpoint import Family, tiny_config, tiny_weights

__all__ = [
    "build_tiny",
    "tiny_config",
    "tiny_tables",
    "tiny_tokenizer_json",
    "tiny_weights",
    "write_checkpoint",
    "write_safetensors",
]

ADDED = (
    *((name, True) for name in ("<|endoftext|>", "<|im_start|>", "<|im_end|>")),
    *((name, False) for name in ("<tool_call>", "</tool_call>", "<think>", "</think>", "<|fim_prefix|>")),
)
_WORDS = (
    "the",
    "in",
    "er",
    "on",
    "SELECT",
    "FROM",
    "WHERE",
    "count",
    "system",
    "user",
    "assistant",
    "flights",
    "airlines",
)
_BYTE_TOKENS = {byte: character for character, byte in _BYTES.items()}
CHAT_TEMPLATE = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)


def tiny_tables() -> tuple[dict[str, int], list[str]]:
    """All bytes, then the prefixes of some words (with and without a leading space) as merges."""
    vocab = {_BYTE_TOKENS[byte]: byte for byte in range(256)}
    merges: list[str] = []
    for word in [*_WORDS, *(f" {word}" for word in _WORDS)]:
        characters = [_BYTE_TOKENS[byte] for byte in word.encode()]
        for end in range(1, len(characters)):
            left, right = "".join(characters[:end]), characters[end]
            if left + right not in vocab:
                vocab[left + right] = len(vocab)
                merges.append(f"{left} {right}")
    return vocab, merges


def tiny_tokenizer_json() -> str:
    vocab, merges = tiny_tables()
    added = [(len(vocab) + i, text, special) for i, (text, special) in enumerate(ADDED)]
    return tokenizer_json(vocab, merges, added)


def write_safetensors(path: Path, tensors: dict[str, np.ndarray]) -> None:
    """The format in ten lines, so that tests need no further package."""
    header: dict[str, Any] = {}
    at = 0
    for name, value in tensors.items():
        kind = {"float32": "F32", "float16": "F16", "uint16": "BF16", "int8": "I8"}[value.dtype.name]
        header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [at, at + value.nbytes]}
        at += value.nbytes
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(v.tobytes() for v in tensors.values()))


def write_checkpoint(folder: Path, config: dict[str, Any], tensors: dict[str, np.ndarray]) -> Path:
    """A folder as transformers saves it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text(tiny_tokenizer_json(), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {"tokenizer_class": "Qwen2Tokenizer", "eos_token": "<|im_end|>", "chat_template": CHAT_TEMPLATE}
        )
    )
    write_safetensors(folder / "model.safetensors", tensors)
    return folder


def build_tiny(
    path: Path,
    *,
    family: Family = "qwen2",
    quantisation: str = "fp32",
    seed: int = 0,
    check: bool = False,
    **changes: Any,
) -> Path:
    """Builds a model directory at `path`; `changes` go into the config (`tie_word_embeddings=False`, …)."""
    config = tiny_config(family, **changes)
    source = write_checkpoint(path.parent / f"{path.name}-source", config, tiny_weights(config, seed))
    return build(source, path, quantisation=quantisation, check=check)
