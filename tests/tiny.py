"""A tiny random Qwen with a real byte-level tokenizer, built into a model directory in about a second."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter

from qwen_magics.model.build import build
from qwen_magics.model.gguf_source import _gguf_name
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


def write_gguf(
    path: Path,
    config: dict[str, Any],
    tensors: dict[str, np.ndarray],
    *,
    types: dict[str, GGMLQuantizationType] | None = None,
    bare: bool = False,
    change: Callable[[GGUFWriter], None] = lambda writer: None,
) -> Path:
    """The same checkpoint as a GGUF.

    `types` says which tensors are quantised bytes already; `bare` leaves the metadata out, as later pieces of
    a split file do; `change` adds to the metadata.
    """
    writer = GGUFWriter(path, config["model_type"])
    if not bare:
        _write_metadata(writer, config)
        _write_vocabulary(writer, config["vocab_size"])
        change(writer)
    for name, value in tensors.items():
        writer.add_tensor(_gguf_name(name), value, raw_dtype=(types or {}).get(name))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _write_metadata(writer: GGUFWriter, config: dict[str, Any]) -> None:
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])


def _write_vocabulary(writer: GGUFWriter, size: int) -> None:
    vocab, merges = tiny_tables()
    texts = [*vocab, *(text for text, _ in ADDED)]
    kinds = [1] * len(vocab) + [3 if special else 4 for _, special in ADDED]
    padding = size - len(texts)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(texts + [f"[PAD{len(texts) + i}]" for i in range(padding)])
    writer.add_token_types(kinds + [5] * padding)
    writer.add_token_merges(merges)
    writer.add_chat_template(CHAT_TEMPLATE)
