"""Code at the cursor: what a Coder model writes between the text before it and the text after it.

The order of the parts and the tokens around them are Qwen2.5-Coder's (arXiv:2409.12186, section 3.1.2). The
texts are encoded as plain content, so that a program that holds such a token as text does not end its part.

Whoever types stops in the middle of words, and there tokens end where they never would in finished text:
`ord` is not how `orders` begins. So the last token before the cursor is left to the model again, which has to
begin with its characters ("token healing").
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwen_magics.engine.generation import SamplingParams

if TYPE_CHECKING:
    from qwen_magics.chat.local import LocalModel
    from qwen_magics.model.tokenizer import Tokenizer

__all__ = ["Infill", "can_infill", "infill"]

_PREFIX, _SUFFIX, _MIDDLE = "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"
# Reading them takes most of the time until a suggestion is there: half a second on two cores.
_BEFORE_TOKENS = 256
_AFTER_TOKENS = 64
_STEP_LINES = 8
_MOST_CHARACTERS = 8  # of a token of code, on the whole
_MOST_TOKENS = 48
_MOST_LINES = 6  # of a block


@dataclass(frozen=True, slots=True)
class Infill:
    """A suggestion.

    Attributes:
        text: what would be inserted; empty without a suggestion.
        seconds: from the call to the end.
        first_s: from the call to the first token.
        cancelled: it was given up.
    """

    text: str
    seconds: float
    first_s: float
    cancelled: bool


def can_infill(tokenizer: Tokenizer) -> bool:
    """Whether the tokenizer has the three tokens."""
    return {_PREFIX, _SUFFIX, _MIDDLE} <= tokenizer.added_texts


def infill(model: LocalModel, before: str, after: str, *, cancel: threading.Event) -> Infill:
    """Continue `before`, knowing what comes `after`: to the end of the line, or on an empty line a block.

    Args:
        before, after: the code around the cursor; the far ends are left out where they are long.
        cancel: when set, it ends before the next token or chunk of the prompt.

    Raises:
        ModelError, EngineError: see `engine.Engine.generate`.
    """
    tokenizer, began = model.tokenizer, time.monotonic()
    if not can_infill(tokenizer):
        return Infill("", 0.0, 0.0, False)
    ends = _Ending(in_line=bool(before.rpartition("\n")[2].strip()))
    text = tokenizer.stream()
    ids, again = _healed(tokenizer, _near(tokenizer, before))
    old = len(again)

    def on_token(token: int) -> None:
        nonlocal old
        piece = text.push(token)
        new, old = piece[old:], max(0, old - len(piece))
        if ends.reached(new):
            cancel.set()

    generation = model.engine.generate(
        [
            tokenizer.token_id(_PREFIX),
            *ids,
            tokenizer.token_id(_SUFFIX),
            *tokenizer.encode(after, special=False)[:_AFTER_TOKENS],
            tokenizer.token_id(_MIDDLE),
        ],
        SamplingParams(max_tokens=_MOST_TOKENS, stop_tokens=tokenizer.special_ids),
        grammar=model.compile(f"start: {json.dumps(again)} /(.|\\n)*/") if again else None,
        on_token=on_token,
        cancel=cancel,
    )
    given_up = generation.finish_reason == "cancelled" and not ends.done
    written = "" if given_up else ends.text
    if generation.finish_reason == "length":
        written = written.rpartition("\n")[0] or written  # half a line is no line of a block
    seconds = time.monotonic() - began
    return Infill(written.rstrip(), seconds, generation.usage.time_to_first_token_s, given_up)


def _near(tokenizer: Tokenizer, before: str) -> list[int]:
    """The last lines of `before`.

    They begin at every eighth line, not at the last so many tokens: whoever goes on typing keeps the
    beginning, and with it what the engine has computed of it already.
    """
    lines, ids = before.split("\n"), []
    for start in range(0, len(lines), _STEP_LINES):
        text = "\n".join(lines[start:])
        if len(text) <= _BEFORE_TOKENS * _MOST_CHARACTERS:
            ids = tokenizer.encode(text, special=False)
            if len(ids) <= _BEFORE_TOKENS:
                return ids
    return ids[-_BEFORE_TOKENS:] or tokenizer.encode(lines[-1], special=False)[-_BEFORE_TOKENS:]


def _healed(tokenizer: Tokenizer, ids: list[int]) -> tuple[list[int], str]:
    """`ids` without the last one, and its text: all of them and "" where there is nothing to heal."""
    last = tokenizer.decode(ids[-1:])
    # What words, dots and blanks begin goes on in the same token; half a character cannot be begun with.
    open_ended = last[-1:].isalnum() or last[-1:] in "_. \t"
    if len(ids) < 2 or not open_ended or "\ufffd" in last:
        return ids, ""
    return ids[:-1], last


class _Ending:
    """Where a suggestion ends: with its line, or with the block that begins on an empty line."""

    def __init__(self, *, in_line: bool) -> None:
        self._in_line = in_line
        self.text = ""
        self.done = False

    def reached(self, piece: str) -> bool:
        if self.done:
            return True
        self.text += piece
        mark = "\n" if self._in_line else "\n\n"
        body = self.text.lstrip("\n")
        if mark in body:
            self.text, self.done = body.partition(mark)[0], True
        elif body.count("\n") >= _MOST_LINES:
            self.text, self.done = "\n".join(body.split("\n")[:_MOST_LINES]), True
        return self.done
