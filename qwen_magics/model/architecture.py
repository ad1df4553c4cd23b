"""The shape of a Qwen decoder, read from a GGUF's metadata or a `config.json`.

Only dense decoders whose mathematics this package builds itself are accepted; everything else is named in an
`UnsupportedModelError`, because a graph that is nearly right answers nonsense without failing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from qwen_magics.errors import DamagedModelError, UnsupportedModelError

__all__ = ["Architecture", "Family"]

Family = Literal["qwen2", "qwen3"]
_FAMILIES: tuple[Family, ...] = ("qwen2", "qwen3")
# Both spellings of "no scaling": GGUF's and transformers'.
_PLAIN_ROPE = (None, "none", "default")


@dataclass(frozen=True, slots=True)
class Architecture:
    """Sizes and constants of one model.

    Attributes:
        family: `qwen2` has biases on Q, K and V; `qwen3` has none but normalises every Q and K head.
        layers, hidden, intermediate, heads, kv_heads, head_dim: sizes of the decoder.
        vocabulary: width of the logits, padding rows included.
        context_length: positions that the model was trained for.
        rope_theta: base of the rotary embedding.
        rms_epsilon: epsilon of every RMS norm.
        tied: whether the output matrix is the embedding; None if only the weights can tell (GGUF does not
            say).
    """

    family: Family
    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_dim: int
    vocabulary: int
    context_length: int
    rope_theta: float
    rms_epsilon: float
    tied: bool | None

    @property
    def qkv_bias(self) -> bool:
        return self.family == "qwen2"

    @property
    def qk_norm(self) -> bool:
        return self.family == "qwen3"

    @property
    def query_width(self) -> int:
        return self.heads * self.head_dim

    @property
    def kv_width(self) -> int:
        return self.kv_heads * self.head_dim

    @classmethod
    def from_gguf(cls, metadata: Mapping[str, Any], *, vocabulary: int, has_output: bool) -> Architecture:
        """Reads the `<arch>.*` keys of a GGUF; `has_output`: the file holds an output matrix of its own."""
        with _numbers():
            return cls._of_gguf(metadata, vocabulary, has_output)

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Architecture:
        """Reads a transformers `config.json` (versions 4 and 5 spell the rotary settings differently)."""
        with _numbers():
            return cls._of_config(config)

    def tensor_shapes(self) -> dict[str, tuple[int, ...]]:
        """All tensors but the output matrix, by transformers' names."""
        layer: dict[str, tuple[int, ...]] = {
            "input_layernorm.weight": (self.hidden,),
            "post_attention_layernorm.weight": (self.hidden,),
            "self_attn.q_proj.weight": (self.query_width, self.hidden),
            "self_attn.k_proj.weight": (self.kv_width, self.hidden),
            "self_attn.v_proj.weight": (self.kv_width, self.hidden),
            "self_attn.o_proj.weight": (self.hidden, self.query_width),
            "mlp.gate_proj.weight": (self.intermediate, self.hidden),
            "mlp.up_proj.weight": (self.intermediate, self.hidden),
            "mlp.down_proj.weight": (self.hidden, self.intermediate),
        }
        if self.qkv_bias:
            layer["self_attn.q_proj.bias"] = (self.query_width,)
            layer |= dict.fromkeys(("self_attn.k_proj.bias", "self_attn.v_proj.bias"), (self.kv_width,))
        if self.qk_norm:
            layer |= dict.fromkeys(("self_attn.q_norm.weight", "self_attn.k_norm.weight"), (self.head_dim,))
        outer = {
            "model.embed_tokens.weight": (self.vocabulary, self.hidden),
            "model.norm.weight": (self.hidden,),
        }
        layers = range(self.layers)
        return outer | {f"model.layers.{i}.{name}": shape for i in layers for name, shape in layer.items()}

    @classmethod
    def _of_gguf(cls, metadata: Mapping[str, Any], vocabulary: int, has_output: bool) -> Architecture:
        family = _family(str(_need(metadata, "general.architecture")))

        def key(name: str) -> Any:
            return _need(metadata, f"{family}.{name}")

        _refuse_scaled_rope(metadata.get(f"{family}.rope.scaling.type"))
        heads, hidden = int(key("attention.head_count")), int(key("embedding_length"))
        return cls(
            family=family,
            layers=int(key("block_count")),
            hidden=hidden,
            intermediate=int(key("feed_forward_length")),
            heads=heads,
            kv_heads=int(metadata.get(f"{family}.attention.head_count_kv", heads)),
            head_dim=int(metadata.get(f"{family}.attention.key_length", hidden // heads)),
            vocabulary=vocabulary,
            context_length=int(key("context_length")),
            rope_theta=float(metadata.get(f"{family}.rope.freq_base", 10000.0)),
            rms_epsilon=float(key("attention.layer_norm_rms_epsilon")),
            tied=None if has_output else True,
        )._checked()

    @classmethod
    def _of_config(cls, config: Mapping[str, Any]) -> Architecture:
        family = _family(str(_need(config, "model_type")))
        rope = dict(config.get("rope_scaling") or {}) | dict(config.get("rope_parameters") or {})
        _refuse_scaled_rope(rope.get("rope_type", rope.get("type")))
        if config.get("use_sliding_window"):
            msg = "sliding-window attention cannot be built; set use_sliding_window to false in config.json."
            raise UnsupportedModelError(msg)
        if (act := config.get("hidden_act", "silu")) != "silu":
            msg = f"activation {act!r} cannot be built: only 'silu', which every released Qwen uses."
            raise UnsupportedModelError(msg)
        if family == "qwen3" and config.get("attention_bias"):
            msg = "attention_bias in a Qwen3 cannot be built: released Qwen3 models have none."
            raise UnsupportedModelError(msg)
        heads, hidden = int(_need(config, "num_attention_heads")), int(_need(config, "hidden_size"))
        return cls(
            family=family,
            layers=int(_need(config, "num_hidden_layers")),
            hidden=hidden,
            intermediate=int(_need(config, "intermediate_size")),
            heads=heads,
            kv_heads=int(config.get("num_key_value_heads") or heads),
            head_dim=int(config.get("head_dim") or (128 if family == "qwen3" else hidden // heads)),
            vocabulary=int(_need(config, "vocab_size")),
            context_length=int(config.get("max_position_embeddings", 32768)),
            rope_theta=float(config.get("rope_theta") or rope.get("rope_theta") or 10000.0),
            rms_epsilon=float(config.get("rms_norm_eps", 1e-6)),
            tied=bool(config.get("tie_word_embeddings", False)),
        )._checked()

    def _checked(self) -> Architecture:
        sizes = (
            self.layers,
            self.hidden,
            self.intermediate,
            self.heads,
            self.kv_heads,
            self.head_dim,
            self.vocabulary,
        )
        if min(*sizes, self.context_length) <= 0 or self.heads % self.kv_heads or self.head_dim % 2:
            msg = f"the model's sizes contradict each other ({self}); get the file again."
            raise DamagedModelError(msg)
        return self


@contextmanager
def _numbers() -> Iterator[None]:
    try:
        yield
    except (TypeError, ValueError, ArithmeticError) as exc:
        msg = f"the model's metadata holds a value that is no usable number ({exc}); get the file again."
        raise DamagedModelError(msg) from exc


def _need(table: Mapping[str, Any], key: str) -> Any:
    try:
        return table[key]
    except KeyError as exc:
        msg = f"the model's metadata has no {key!r}; get the file again from its publisher."
        raise DamagedModelError(msg) from exc


def _family(name: str) -> Family:
    if name not in _FAMILIES:
        known = "qwen2 (Qwen2, Qwen2.5) and qwen3, dense"
        msg = f"architecture {name!r} cannot be built: only {known}; name a model of those families."
        raise UnsupportedModelError(msg)
    return name


def _refuse_scaled_rope(kind: object) -> None:
    if kind not in _PLAIN_ROPE:
        msg = f"rotary scaling {kind!r} cannot be built; remove it from the configuration."
        raise UnsupportedModelError(msg)
