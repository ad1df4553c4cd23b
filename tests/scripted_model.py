"""A scripted `LanguageModel`: replies come from a queue, and everything that was sent is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qwen_magics.agent.doubts.drafted import DRAFT_RULES
from qwen_magics.chat.messages import Completion, Message, ModelCard, Writing
from qwen_magics.engine.generation import SamplingParams, Usage

if TYPE_CHECKING:
    from typing import Unpack  # never imported: Python 3.10 has none


@dataclass(frozen=True)
class Sent:
    """One call as the model got it."""

    messages: list[Message]
    prefix: str
    grammar: str | None
    params: SamplingParams


@dataclass
class ScriptedModel:
    """Answers with `replies` in order; an exception among them is raised instead.

    A query that is drafted without the tables names nothing, and takes no reply unless `drafts` says so: it
    depends on the words of a question, and few scripts are about that.

    >>> ScriptedModel(["SELECT 1"]).complete([Message("user", "hi")]).text
    'SELECT 1'
    """

    replies: list[str | BaseException]
    context_length: int = 4096
    drafts: bool = False
    sent: list[Sent] = field(default_factory=list)

    @property
    def card(self) -> ModelCard:
        return ModelCard("scripted", "0" * 64, "none", "cpu", "fenced", self.context_length)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def complete(self, messages: Sequence[Message], **writing: Unpack[Writing]) -> Completion:
        prefix, params = writing.get("prefix", ""), writing.get("params", SamplingParams())
        if messages[0].content == DRAFT_RULES and not self.drafts:
            return Completion("SELECT 1", "", "stop", Usage(), mean_logprob=-0.1)
        self.sent.append(Sent(list(messages), prefix, writing.get("grammar"), params))
        reply = self.replies.pop(0)
        if isinstance(reply, BaseException):
            raise reply
        if (on_text := writing.get("on_text")) is not None:
            on_text(reply)
        prompt = "\n".join(m.content for m in messages) + prefix
        usage = Usage(
            prompt_tokens=self.count_tokens(prompt), output_tokens=self.count_tokens(reply), decode_s=0.1
        )
        return Completion(reply, prompt, "grammar", usage, mean_logprob=-0.1)
