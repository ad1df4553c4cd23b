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
_KEEP = "num_logits_to_keep"
_FED = {"input_ids", "attention_mask", _KEEP}


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
    """

    slots: tuple[KvSlot, ...]
    keeps_logits: bool
    logits_dtype: str

    @classmethod
    def of(cls, session: Any) -> GraphSignature:
        """Read the signature of an `InferenceSession`.

        Raises:
            UnsupportedModelError: the graph wants inputs that this engine cannot feed; it names them.
        """
        inputs = {node.name: node for node in session.get_inputs()}
        outputs = {node.name: node for node in session.get_outputs()}
        slots = tuple(
            _slot(name, inputs, outputs) for name in sorted(filter(_PAST.fullmatch, inputs), key=_order)
        )
        _refuse_unknown(inputs, outputs, slots)
        # An optional input is an initializer that may be overridden; ONNX Runtime lists those apart.
        optional = {node.name for node in session.get_overridable_initializers()}
        return cls(slots, _KEEP in inputs or _KEEP in optional, _dtype(outputs["logits"]))


def _order(name: str) -> tuple[int, str]:
    found = _PAST.fullmatch(name)
    assert found is not None
    return int(found[1]), found[2]


def _slot(name: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> KvSlot:
    present = name.replace("past_key_values", "present", 1)
    if present not in outputs:
        msg = f"The graph reads {name} but has no output {present}. Export it again, with past."
        raise UnsupportedModelError(msg)
    _, heads, _, head_dim = inputs[name].shape
    if not isinstance(heads, int) or not isinstance(head_dim, int):
        msg = f"The graph leaves heads or head size of {name} open: {inputs[name].shape}. Export them fixed."
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
        parts += [f"it wants {', '.join(surplus)}, which this engine does not feed yet"] if surplus else []
        msg = f"This graph cannot be run: {'; '.join(parts)}. Build it with `qwen-magics build PATH`."
        raise UnsupportedModelError(msg)


def _dtype(node: Any) -> str:
    if node.type not in _DTYPES:
        msg = f"{node.name} is {node.type}, but only float and float16 run. Use `qwen-magics build PATH`."
        raise UnsupportedModelError(msg)
    return _DTYPES[node.type]
