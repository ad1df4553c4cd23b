"""How a family of models writes a tool call. A new family is one file here and one line in `format_for`."""

from __future__ import annotations

from qwen_magics.agent.formats.call import Call, CallFormat, Offer
from qwen_magics.chat.messages import ModelCard

__all__ = ["Call", "CallFormat", "Offer", "format_for"]


def format_for(card: ModelCard) -> CallFormat:
    """The format that the model's family was trained on."""
    if card.call_format == "hermes":
        from qwen_magics.agent.formats.hermes import Hermes

        return Hermes()
    from qwen_magics.agent.formats.fenced import Fenced

    return Fenced()
