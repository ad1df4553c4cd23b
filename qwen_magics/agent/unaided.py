"""An answer in the model's own words, where no data is at hand: told as such, without names from nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.evidence import strange_names
from qwen_magics.agent.recording import record_completion
from qwen_magics.agent.wording import words_grammar

if TYPE_CHECKING:
    from qwen_magics.chat.messages import LanguageModel, Message
    from qwen_magics.engine.generation import SamplingParams
    from qwen_magics.trace.recorder import Recorder

__all__ = ["in_words"]

_NOTE = "The model's own words: no data was at hand"
_MOST_NAMES = 5


def in_words(
    messages: Sequence[Message],
    question: str,
    model: LanguageModel,
    recorder: Recorder,
    params: SamplingParams,
    listener: Listener,
) -> Answer:
    """The model's words, written once more if they name what nobody mentioned, and told if they still do."""
    said = "\n".join(message.content for message in messages if message.role != "assistant")
    banned: list[str] = []
    for attempt in (1, 2):
        text = _written(messages, words_grammar(question, banned), attempt, model, recorder, params, listener)
        banned = strange_names(text, said)
        if not banned:
            return Answer(text=f"{text} ({_NOTE}.)", value=text, kind="text")
        shown = ", ".join(banned[:_MOST_NAMES])
        with recorder.span("check", "names from somewhere?", attempt=attempt, subject="answer") as span:
            span.fail("invented", f"Neither the question nor any data has {shown}.", "Leave it out.")
    return Answer(text=f"{text} ({_NOTE}, and nothing confirms {shown}.)", value=text, kind="text")


def _written(
    messages: Sequence[Message],
    grammar: str,
    attempt: int,
    model: LanguageModel,
    recorder: Recorder,
    params: SamplingParams,
    listener: Listener,
) -> str:
    with recorder.span("llm", "answer in words", attempt=attempt, grammar=grammar) as span:
        completion = record_completion(
            span,
            lambda: model.complete(
                messages,
                grammar=grammar,
                params=params,
                on_text=lambda text: listener(Event("text", text)),
            ),
        )
    return completion.text.strip()
