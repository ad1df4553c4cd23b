"""Chat templates, rendered in jinja2's sandbox.

A template comes from a file that was downloaded, so it runs in the immutable sandbox. What users and tools
wrote is kept apart from what the template wrote: text such as `<|im_start|>` in a question or in a table
must never become a control token. Hence a rendered prompt is a list of pieces, each either trusted (the
template's own) or not.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from qwen_magics.chat.messages import Message
from qwen_magics.errors import DamagedModelError, UnsupportedModelError

__all__ = ["ChatTemplate", "Piece"]
# Templates of other families write these tokens themselves.
_MARKS = ("bos_token", "eos_token")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a prompt; only `trusted` ones may hold control tokens."""

    text: str
    trusted: bool


class ChatTemplate:
    """A model's chat template.

    >>> template = ChatTemplate("{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}")
    >>> template.render([Message("user", "hi")])
    [Piece(text='<|user|>', trusted=True), Piece(text='hi', trusted=False)]
    """

    def __init__(self, source: str, variables: Mapping[str, str] | None = None) -> None:
        self._variables = dict(variables or {})
        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        # Templates print JSON for a model, not for a browser: no HTML escapes, no ASCII escapes.
        environment.filters["tojson"] = lambda value, **kw: json.dumps(value, ensure_ascii=False, **kw)
        environment.globals["raise_exception"] = _refuse
        try:
            self._template = environment.from_string(source)
        except TemplateError as exc:
            msg = f"The model's chat template is not valid jinja2: {exc}. Pull or build the model again."
            raise DamagedModelError(msg) from exc

    @classmethod
    def from_directory(cls, directory: Path) -> ChatTemplate:
        """Read `chat_template.jinja` of a model directory, or the template in `tokenizer_config.json`.

        Raises:
            DamagedModelError: there is none, or it is no template.
        """
        config = _tokenizer_config(directory)
        file = directory / "chat_template.jinja"
        source = file.read_text(encoding="utf-8") if file.is_file() else _default(config.get("chat_template"))
        if source is None:
            msg = (
                f"{directory.name} has no chat_template.jinja, and none in tokenizer_config.json. Pull or "
                "build the model again, or take the instruction-tuned one: a base model has no chat format."
            )
            raise DamagedModelError(msg)
        return cls(source, {name: text for name in _MARKS if (text := _text(config.get(name))) is not None})

    def render(self, messages: Sequence[Message], **variables: Any) -> list[Piece]:
        """Pieces of the prompt up to where the assistant begins to write.

        Contents reach the template as random markers and are put back afterwards, so the template can place
        them but not read them, and they cannot pass for markers.

        Raises:
            UnsupportedModelError: the template refuses these messages.
        """
        mark = f"qm{secrets.token_hex(8)}m"
        marked = [{"role": m.role, "content": f"{mark}{i}e"} for i, m in enumerate(messages)]
        try:
            text = self._template.render(
                messages=marked,
                add_generation_prompt=True,
                enable_thinking=False,
                **{**self._variables, **variables},
            )
        except TemplateError as exc:
            msg = f"The model's chat template refused the messages: {exc}. Choose another with %qwen use."
            raise UnsupportedModelError(msg) from exc
        return _pieces(text, re.compile(f"{mark}(\\d+)e"), messages)


def _tokenizer_config(directory: Path) -> Mapping[str, Any]:
    try:
        value = json.loads((directory / "tokenizer_config.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as exc:
        msg = f"tokenizer_config.json of {directory.name} is no JSON ({exc}). Pull or build the model again."
        raise DamagedModelError(msg) from exc
    return value if isinstance(value, dict) else {}


def _default(template: Any) -> str | None:
    """The template, or of several (`[{"name": …, "template": …}]`) the default one."""
    if isinstance(template, list):
        template = next((item.get("template") for item in template if item.get("name") == "default"), None)
    return template if isinstance(template, str) else None


def _text(token: Any) -> str | None:
    """A token's text, where transformers may have written an object."""
    token = token.get("content") if isinstance(token, dict) else token
    return token if isinstance(token, str) else None


def _pieces(text: str, marker: re.Pattern[str], messages: Sequence[Message]) -> list[Piece]:
    # re.split with one group alternates: template text, index, template text, index, …
    parts = marker.split(text)
    pieces = [
        piece
        for i, part in enumerate(parts)
        for piece in (_content(messages[int(part)]) if i % 2 else [Piece(part, trusted=True)])
        if piece.text
    ]
    # Joined, because words are cut into tokens within a piece.
    runs = ((trusted, [p.text for p in run]) for trusted, run in groupby(pieces, key=lambda p: p.trusted))
    return [Piece("".join(texts), trusted) for trusted, texts in runs]


def _content(message: Message) -> list[Piece]:
    """What this package wrote at both ends of a content, and the text between."""
    begin, end = message.own[0], len(message.content) - message.own[1]
    return [
        Piece(message.content[:begin], trusted=True),
        Piece(message.content[begin:end], trusted=False),
        Piece(message.content[end:], trusted=True),
    ]


def _refuse(message: str) -> None:
    raise TemplateError(message)
