"""Prompts as token ids: the same for every engine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from qwen_magics.chat.messages import Message
from qwen_magics.chat.template import ChatTemplate
from qwen_magics.model.tokenizer import Tokenizer

__all__ = ["chat_prompt", "prose_prompt"]


def prose_prompt(tokenizer: Tokenizer, length: int, start: int) -> list[int]:
    """`length` ids of English prose (the Python reference, as the interpreter carries it) from id `start` on.

    Real text rather than random ids: what is decoded after it is as repetitive as answers are. Different
    starts share no prefix, so each is cold for a prefix cache.
    """
    ids = _prose(tokenizer)
    start %= len(ids) - length
    return ids[start : start + length]


def chat_prompt(
    tokenizer: Tokenizer, template: ChatTemplate, messages: Sequence[Message], prefix: str
) -> list[int]:
    """Ids of a conversation up to where the model writes on, as `LocalModel` makes them."""
    ids: list[int] = []
    for piece in template.render(messages):
        ids += tokenizer.encode(piece.text, special=piece.trusted)
    return ids + tokenizer.encode(prefix, special=False)


@lru_cache(maxsize=1)
def _prose(tokenizer: Tokenizer) -> list[int]:
    from pydoc_data import topics

    text = "\n".join(topics.topics[name] for name in sorted(topics.topics))
    return tokenizer.encode(text, special=False)
