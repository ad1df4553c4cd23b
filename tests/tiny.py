"""A tiny random Qwen with a real byte-level tokenizer, built into a model directory in about a second."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import numpy as np

from qwen_magics.model.build import build
from qwen_magics.model.tokenizer import _BYTES
from qwen_magics.model.vocabulary import tokenizer_json

__all__ = ["build_tiny", "tiny_config", "tiny_tokenizer_json", "tiny_weights", "write_safetensors"]

Family = Literal["qwen2", "qwen3"]

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
    "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}"
    "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)


def _tables() -> tuple[dict[str, int], list[str]]:
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
    vocab, merges = _tables()
    added = [(len(vocab) + i, text, special) for i, (text, special) in enumerate(ADDED)]
    return tokenizer_json(vocab, merges, added)


def vocabulary_size() -> int:
    """Width of the logits: the tokenizer's, padded to a multiple of 64 as Qwen's are padded to 128."""
    size = len(_tables()[0]) + len(ADDED)
    return -(-size // 64) * 64


def tiny_config(family: Family = "qwen2", **changes: Any) -> dict[str, Any]:
    """A config.json that transformers accepts too."""
    config: dict[str, Any] = {
        "model_type": family,
        "architectures": ["Qwen2ForCausalLM" if family == "qwen2" else "Qwen3ForCausalLM"],
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16 if family == "qwen2" else 32,
        "vocab_size": vocabulary_size(),
        "max_position_embeddings": 1024,
        "rope_theta": 10000.0,
        "rms_norm_eps": 1e-6,
        "hidden_act": "silu",
        "tie_word_embeddings": True,
    }
    return config | changes


def tiny_weights(config: dict[str, Any], seed: int = 0) -> dict[str, np.ndarray]:
    """Random float32 tensors under transformers' names, large enough for every part to matter."""
    rng = np.random.default_rng(seed)
    hidden, inner, head = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    query, kv = config["num_attention_heads"] * head, config["num_key_value_heads"] * head

    def normal(*shape: int, scale: float = 0.15) -> np.ndarray:
        return rng.standard_normal(shape, dtype=np.float32) * np.float32(scale)

    def norm(width: int) -> np.ndarray:
        return 1 + normal(width)

    weights = {
        "model.embed_tokens.weight": normal(config["vocab_size"], hidden, scale=0.5),
        "model.norm.weight": norm(hidden),
    }
    if not config["tie_word_embeddings"]:
        weights["lm_head.weight"] = normal(config["vocab_size"], hidden)
    for i in range(config["num_hidden_layers"]):
        layer: dict[str, np.ndarray] = {
            "input_layernorm.weight": norm(hidden),
            "post_attention_layernorm.weight": norm(hidden),
            "self_attn.q_proj.weight": normal(query, hidden),
            "self_attn.k_proj.weight": normal(kv, hidden),
            "self_attn.v_proj.weight": normal(kv, hidden),
            "self_attn.o_proj.weight": normal(hidden, query),
            "mlp.gate_proj.weight": normal(inner, hidden),
            "mlp.up_proj.weight": normal(inner, hidden),
            "mlp.down_proj.weight": normal(hidden, inner),
        }
        if config["model_type"] == "qwen2":
            layer |= {
                f"self_attn.{p}_proj.bias": normal(w, scale=0.5)
                for p, w in (("q", query), ("k", kv), ("v", kv))
            }
        else:
            layer |= {"self_attn.q_norm.weight": norm(head), "self_attn.k_norm.weight": norm(head)}
        weights |= {f"model.layers.{i}.{name}": value for name, value in layer.items()}
    return weights


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
