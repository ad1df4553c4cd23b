"""Configurations and random weights of tiny Qwens; numpy only, so that the golden script can use it beside
torch.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

__all__ = ["Family", "tiny_config", "tiny_weights"]

Family = Literal["qwen2", "qwen3"]
# What tiny.py's tokenizer needs, padded to a multiple of 64 as Qwen's are padded to 128.
VOCABULARY = 384


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
        "vocab_size": VOCABULARY,
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
