"""Questions that go on from earlier ones: what was asked, how it was answered, and the results by name.

Earlier results are tables of the next question. The model sees their columns, never their rows; and as the
turns before stand in the prompt as they were sent, the engine has them in its cache.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qwen_magics.errors import ConfigError

if TYPE_CHECKING:
    from qwen_magics.agent.answer import Answer
    from qwen_magics.agent.request import Request

__all__ = ["PREVIOUS", "Conversation", "Turn", "follow"]

PREVIOUS = "previous"
# More would push the tables out of a small model's sight.
_MOST_TURNS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer.

    Attributes:
        question: as the model got it.
        answered: the program in its fence, or the answer in words.
        frames: the tables that were handed over, by name.
        result: the whole result if it is a table, else None.
        name: the variable that the result went to; empty if to none.
    """

    question: str
    answered: str
    frames: Mapping[str, Any] = field(repr=False)
    result: Any = field(default=None, repr=False)
    name: str = ""

    @classmethod
    def of(cls, request: Request, answer: Answer) -> Turn:
        """What a later question needs of this one."""
        fence = "sql" if answer.code.lstrip("( \n").casefold().startswith(("select", "with")) else "python"
        words = answer.value if isinstance(answer.value, str) else answer.text
        answered = f"```{fence}\n{answer.code}\n```" if answer.code else words
        table = answer.value if hasattr(answer.value, "columns") else None
        return cls(request.question, answered, request.frames, table, request.out)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns before a question, and which of its tables are their results."""

    turns: tuple[Turn, ...] = ()
    results: frozenset[str] = frozenset()


def follow(request: Request, turns: Sequence[Turn]) -> tuple[dict[str, Any], Conversation]:
    """The tables of a question that goes on from `turns`, and the conversation so far.

    Raises:
        ConfigError: nothing was asked before.
    """
    if not turns:
        msg = "There is nothing to continue. Ask a question first, then go on with %qwen -c …"
        raise ConfigError(msg)
    frames: dict[str, Any] = {}
    results: dict[str, Any] = {}
    for turn in turns:
        frames |= turn.frames
        if turn.result is not None:
            results |= {turn.name: turn.result} if turn.name else {}
            results[PREVIOUS] = turn.result
    # A variable of that name in the question itself means that variable.
    results = {name: table for name, table in results.items() if name not in request.frames}
    frames = {name: table for name, table in frames.items() if name not in results}
    shown = tuple(turns)[-_MOST_TURNS:]
    return {**frames, **request.frames, **results}, Conversation(shown, frozenset(results))
