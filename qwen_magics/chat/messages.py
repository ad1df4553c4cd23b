"""What is said to a model and what it answers: plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypedDict

from qwen_magics.engine.generation import FinishReason, SamplingParams, Usage

if TYPE_CHECKING:
    from typing import Unpack  # never imported: Python 3.10 has none

__all__ = ["CallFormat", "Completion", "LanguageModel", "Message", "ModelCard", "Writing"]

CallFormat = Literal["fenced", "hermes"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation.

    Attributes:
        own: how many characters at the content's beginning and at its end were written by this package. Only
            there may `<tool_call>` be the tokenizer's token of that name; in between it is plain text.
    """

    role: Literal["system", "user", "assistant"]
    content: str
    own: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a trace says about the model.

    Attributes:
        id: short name of the catalogue, or the folder's name.
        sha256: digest of the source weights, empty if unknown.
        quantisation: how the weights are stored, such as `int8`.
        provider: `cpu`, `cuda`, or the name of a server.
        call_format: how the family calls a tool.
        context_length: most tokens of prompt and answer together.
    """

    id: str
    sha256: str
    quantisation: str
    provider: str
    call_format: CallFormat
    context_length: int


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote.

    Attributes:
        text: the generated text, without prompt, prefix and stop.
        prompt: the whole text that was sent, prefix included, special tokens visible.
        finish_reason: see `engine.generation.Generation`.
        usage: tokens and seconds.
        mean_logprob, rejected_mass: see `engine.generation.Generation`.
        pieces: the text of each token with its log-probability, None where the grammar dictated it; joined
            they are `text`. Empty where a model tells none.
        tokens_sha256: digest of the token ids as little-endian int64, empty where a model tells none.
    """

    text: str
    prompt: str
    finish_reason: FinishReason
    usage: Usage
    mean_logprob: float = float("nan")
    rejected_mass: float = 0.0
    pieces: tuple[tuple[str, float | None], ...] = ()
    tokens_sha256: str = ""


class Writing(TypedDict, total=False):
    """How a completion is written.

    Attributes:
        prefix: its beginning, in words of this package, never of data: `<tool_call>` in it is the token of
            that name.
        grammar: Lark that the rest obeys; None leaves it free.
        params: greedy if absent.
        stop: texts that end it and are not part of it.
        on_text: told each piece as it is written.
    """

    prefix: str
    grammar: str | None
    params: SamplingParams
    stop: Sequence[str]
    on_text: Callable[[str], None] | None


class LanguageModel(Protocol):
    """All that the agent needs of a model. `LocalModel` is the real one, tests use a scripted one."""

    @property
    def card(self) -> ModelCard: ...

    def count_tokens(self, text: str) -> int: ...

    def complete(self, messages: Sequence[Message], **writing: Unpack[Writing]) -> Completion:
        """Continue the conversation.

        Raises:
            ContextOverflowError: prompt and answer do not fit.
            GrammarError: the grammar does not compile.
            Cancelled: the user stopped it; its `completion` holds what was written.
        """
        ...
