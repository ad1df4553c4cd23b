"""What the loaded graph declares: the names, shapes and types that a run has to bind.

The session is trusted, not the folder: whoever exported the graph, it runs if its inputs are ones we feed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qwen_magics.errors import UnsupportedModelError

__all__ = ["GraphSignature", "KvSlot"]

_PAST = re.compile(r"past_key_values\.(\d+)\.(key|value)")
_DTYPES = {"tensor(float)": "float32", "tensor(float16)": "float16"}
_KEEP, _POSITIONS, _GROUPED = "num_logits_to_keep", "position_ids", "max_grouped_tokens"
_FED = {"input_ids", "attention_mask", _POSITIONS, _KEEP}
_FIX = (
    "Make another from the checkpoint: `qwen-magics build PATH` for a dense Qwen, `qwen-magics export PATH` "
    "for other architectures."
)


@dataclass(frozen=True, slots=True)
class KvSlot:
    """A key or value tensor of the cache, [1, heads, capacity, head_dim]: input `past`, output `present`."""

    past: str
    present: str
    heads: int
    head_dim: int
    dtype: str


@dataclass(frozen=True, slots=True)
class GraphSignature:
    """How to feed a graph.

    Attributes:
        slots: cache tensors, in layer order.
        keeps_logits: the graph takes `num_logits_to_keep`: prefill can skip all output rows but the last.
        logits_dtype: numpy name of the logits' type.
        position_ids: the graph wants the position of each token.
        groups_tokens: the graph takes `max_grouped_tokens` (see `model.few_tokens`).
    """

    slots: tuple[KvSlot, ...]
    keeps_logits: bool
    logits_dtype: str
    position_ids: bool = False
    groups_tokens: bool = False

    @property
    def attentions(self) -> int:
        """Nodes of attention: one per layer, or one for few and one for many tokens."""
        return len(self.slots) // 2 * (2 if self.groups_tokens else 1)

    @classmethod
    def of(cls, session: Any, *, heads: int | None = None, head_dim: int | None = None) -> GraphSignature:
        """Read the signature of an `InferenceSession`.

        Args:
            heads, head_dim: of keys and values, for graphs that leave them open (onnxruntime-genai's builder
                leaves the head size open).

        Raises:
            UnsupportedModelError: the graph wants inputs that this engine cannot feed; it names them.
        """
        inputs = {node.name: node for node in session.get_inputs()}
        outputs = {node.name: node for node in session.get_outputs()}
        slots = tuple(
            _slot(name, inputs, outputs, (heads, head_dim))
            for name in sorted(filter(_PAST.fullmatch, inputs), key=_order)
        )
        _refuse_unknown(inputs, outputs, slots)
        _refuse_shapes(inputs, outputs["logits"])
        # An optional input is an initializer that may be overridden; ONNX Runtime lists those apart.
        optional = {node.name for node in session.get_overridable_initializers()}
        keeps_logits = _KEEP in inputs or _KEEP in optional
        return cls(slots, keeps_logits, _dtype(outputs["logits"]), _POSITIONS in inputs, _GROUPED in optional)


def _order(name: str) -> tuple[int, str]:
    found = _PAST.fullmatch(name)
    assert found is not None
    return int(found[1]), found[2]


def _slot(
    name: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any], known: tuple[int | None, int | None]
) -> KvSlot:
    present = name.replace("past_key_values", "present", 1)
    if present not in outputs:
        msg = f"The graph reads {name} but has no output {present}. Export it again, with past."
        raise UnsupportedModelError(msg)
    shape = inputs[name].shape
    if len(shape) != 4:
        msg = f"This graph cannot be run: {name} is {shape}, not [batch, heads, positions, head size]. {_FIX}"
        raise UnsupportedModelError(msg)
    heads, head_dim = (
        size if isinstance(size, int) else told for size, told in zip(shape[1::2], known, strict=True)
    )
    if heads is None or head_dim is None:
        msg = (
            f"The graph leaves heads or head size of {name} open: {shape}, and the configuration beside it "
            "does not give num_key_value_heads and head_dim. Add them to it, or export them fixed."
        )
        raise UnsupportedModelError(msg)
    return KvSlot(name, present, heads, head_dim, _dtype(inputs[name]))


def _refuse_unknown(inputs: Mapping[str, Any], outputs: Mapping[str, Any], slots: tuple[KvSlot, ...]) -> None:
    known = _FED | {slot.past for slot in slots}
    missing = [name for name in ("input_ids", "attention_mask") if name not in inputs]
    missing += ["logits"] if "logits" not in outputs else []
    missing += ["past_key_values.0.key"] if not slots else []
    surplus = [name for name in inputs if name not in known]
    if missing or surplus:
        parts = [f"it lacks {', '.join(missing)}"] if missing else []
        parts += [f"it wants {', '.join(surplus)}, which this engine does not feed"] if surplus else []
        raise UnsupportedModelError(f"This graph cannot be run: {'; '.join(parts)}. {_FIX}")


def _refuse_shapes(inputs: Mapping[str, Any], logits: Any) -> None:
    for name in sorted(_FED & set(inputs)):
        rank = 0 if name == _KEEP else 2
        if inputs[name].type != "tensor(int64)" or len(inputs[name].shape) != rank:
            msg = (
                f"This graph cannot be run: its {name} is {inputs[name].type} {inputs[name].shape}, "
                f"not int64 of {rank} dimensions. {_FIX}"
            )
            raise UnsupportedModelError(msg)
    if len(logits.shape) == 3 and logits.shape[1] == 1:
        msg = (
            "This graph gives the logits of the last position only, and steps of several tokens need them "
            "all. Export it without pruning (prune_lm_head of onnxruntime-genai's builder)."
        )
        raise UnsupportedModelError(msg)


def _dtype(node: Any) -> str:
    if node.type not in _DTYPES:
        msg = f"{node.name} is {node.type}, but only float and float16 run. {_FIX}"
        raise UnsupportedModelError(msg)
    return _DTYPES[node.type]
