"""The decoder in plain numpy, float32, straight from a checkpoint: what a built graph is measured against.

It shares no code with the graph, so it also notices a graph that is wrong, and it holds one layer at a time:
no float32 copy of the model is ever made, on disk or in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from qwen_magics.model.architecture import Architecture
    from qwen_magics.model.weights import WeightSource

__all__ = ["reference_logits"]

_HEAD_ROWS = 16384


def reference_logits(
    source: WeightSource,
    tokens: Sequence[int],
    *,
    head: str,
    embedding: str,
    tick: Callable[[int], None] = lambda layer: None,
) -> NDArray[np.float32]:
    """Logits of every position.

    Args:
        source: the checkpoint.
        tokens: ids, at most a few hundred: the result is [tokens, vocabulary] float32.
        head: name of the output matrix.
        embedding: name of the embedding (the same as `head` for a tied model).
        tick: called after each layer with the number of layers done.
    """
    a = source.architecture
    hidden = np.stack([source.rows(embedding, token, token + 1)[0] for token in tokens])
    rotary = _rotary(a, len(tokens))
    for layer in range(a.layers):
        hidden = _layer(source, f"model.layers.{layer}", hidden, rotary)
        tick(layer + 1)
    normed = _norm(hidden, source.vector("model.norm.weight"), a.rms_epsilon)
    logits = np.empty((len(tokens), a.vocabulary), np.float32)
    for start in range(0, a.vocabulary, _HEAD_ROWS):
        stop = min(start + _HEAD_ROWS, a.vocabulary)
        logits[:, start:stop] = normed @ source.rows(head, start, stop).T
    return logits


def _layer(
    source: WeightSource,
    name: str,
    hidden: NDArray[np.float32],
    rotary: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> NDArray[np.float32]:
    epsilon = source.architecture.rms_epsilon
    normed = _norm(hidden, source.vector(f"{name}.input_layernorm.weight"), epsilon)
    mixed = _attention(source, f"{name}.self_attn", normed, rotary)
    hidden = hidden + mixed @ _matrix(source, f"{name}.self_attn.o_proj.weight").T
    normed = _norm(hidden, source.vector(f"{name}.post_attention_layernorm.weight"), epsilon)
    gate = normed @ _matrix(source, f"{name}.mlp.gate_proj.weight").T
    up = normed @ _matrix(source, f"{name}.mlp.up_proj.weight").T
    # Clipped only where exp would overflow; there the sigmoid is 0 to float32 precision anyway.
    active = gate / (1 + np.exp(-np.maximum(gate, np.float32(-80)))) * up
    return np.asarray(hidden + active @ _matrix(source, f"{name}.mlp.down_proj.weight").T, np.float32)


def _attention(
    source: WeightSource,
    name: str,
    normed: NDArray[np.float32],
    rotary: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> NDArray[np.float32]:
    a, length = source.architecture, len(normed)
    query = _turned(_heads(source, f"{name}.q", normed, a.heads), rotary)
    key = _turned(_heads(source, f"{name}.k", normed, a.kv_heads), rotary)
    value = _heads(source, f"{name}.v", normed, a.kv_heads)
    grouped = query.reshape(a.kv_heads, a.heads // a.kv_heads, length, a.head_dim)
    scores = grouped @ key[:, None].swapaxes(-1, -2) * np.float32(a.head_dim**-0.5)
    scores[..., np.triu(np.ones((length, length), bool), 1)] = -np.inf
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    mixed = scores @ value[:, None]
    return np.asarray(
        mixed.reshape(a.heads, length, a.head_dim).swapaxes(0, 1).reshape(length, -1), np.float32
    )


def _heads(source: WeightSource, name: str, normed: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """Projects to [heads, tokens, head_dim], with what the family adds: a bias, or a norm per head."""
    a = source.architecture
    values = normed @ _matrix(source, f"{name}_proj.weight").T
    if a.qkv_bias:
        values = values + source.vector(f"{name}_proj.bias")
    split = values.reshape(len(normed), heads, a.head_dim).swapaxes(0, 1)
    if a.qk_norm and not name.endswith(".v"):
        split = _norm(split, source.vector(f"{name}_norm.weight"), a.rms_epsilon)
    return split


def _rotary(a: Architecture, length: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    inverse = a.rope_theta ** -(np.arange(0, a.head_dim, 2, dtype=np.float64) / a.head_dim)
    angles = np.outer(np.arange(length), inverse)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def _turned(
    heads: NDArray[np.float32], rotary: tuple[NDArray[np.float32], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Rotates each head's first half against its second (the "neox" order)."""
    cos, sin = rotary
    first, second = np.split(heads, 2, axis=-1)
    return np.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)


def _norm(values: NDArray[np.float32], weight: NDArray[np.float32], epsilon: float) -> NDArray[np.float32]:
    mean = np.mean(np.square(values), axis=-1, keepdims=True)
    return np.asarray(values / np.sqrt(mean + np.float32(epsilon)) * weight, np.float32)


def _matrix(source: WeightSource, name: str) -> NDArray[np.float32]:
    return source.rows(name, 0, source.shape(name)[0])
