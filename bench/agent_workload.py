"""The agent's real work: analysts' questions over real frames, through the product's own loop.

Only the engine differs between peers: prompts, grammar, checks, repairs and databases are the same objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bench.prompts import chat_prompt
from bench.worker import Worker, WorkerError
from evals.frames import quickstart
from evals.question import Frames, Question
from evals.scoring import matches
from qwen_magics.agent.loop import QueryLoop
from qwen_magics.agent.prompts import SQL_PREFIX, SQL_STOP, sql_messages
from qwen_magics.agent.references import expand
from qwen_magics.chat.messages import Completion, Message, ModelCard, Writing
from qwen_magics.chat.template import ChatTemplate
from qwen_magics.engine.generation import SamplingParams, Usage
from qwen_magics.errors import AgentError, QwenMagicsError
from qwen_magics.model.tokenizer import Tokenizer
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import describe
from qwen_magics.tools.sql.grammar import select_grammar
from qwen_magics.trace.recorder import Recorder

if TYPE_CHECKING:
    from typing import Unpack  # never imported: Python 3.10 has none

__all__ = ["PeerModel", "Task", "ask", "first_prompts", "tasks"]


@dataclass(frozen=True, slots=True)
class Task:
    """One question with everything that is the same for all peers."""

    question: Question
    text: str
    gold: object
    database: FrameDatabase
    schema: str
    grammar: str

    @property
    def messages(self) -> list[Message]:
        """What a model is sent first."""
        return sql_messages(self.schema, self.text)


class PeerModel:
    """A worker as the `LanguageModel` that the loop talks to.

    Attributes:
        calls: the worker's replies since `calls` was last cleared.
    """

    def __init__(
        self, worker: Worker, tokenizer: Tokenizer, template: ChatTemplate, context: int, *, guided: bool
    ) -> None:
        self._worker = worker
        self._tokenizer = tokenizer
        self._template = template
        self._guided = guided
        self.calls: list[dict[str, Any]] = []
        self.card = ModelCard("peer", "", "", "cpu", "fenced", context)

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` as plain content."""
        return len(self._tokenizer.encode(text, special=False))

    def complete(self, messages: Sequence[Message], **writing: Unpack[Writing]) -> Completion:
        """See `LanguageModel.complete`."""
        params, stop = writing.get("params", SamplingParams()), writing.get("stop", ())
        prompt = chat_prompt(self._tokenizer, self._template, messages, writing.get("prefix", ""))
        reply = self._worker.call(
            "generate",
            prompt=prompt,
            max_tokens=params.max_tokens,
            grammar=writing.get("grammar") if self._guided else None,
            stop=list(stop),
            temperature=params.temperature,
            seed=params.seed,
        )
        self.calls.append({**reply, "prompt_tokens": len(prompt)})
        text = _before(reply["text"], stop)
        if (on_text := writing.get("on_text")) is not None:
            on_text(text)
        usage = Usage(prompt_tokens=len(prompt), output_tokens=reply["tokens"])
        return Completion(text=text, prompt="", finish_reason="stop", usage=usage)


@contextmanager
def tasks(sets: Sequence[str], count: int) -> Iterator[list[Task]]:
    """The first `count` questions of each set, their databases open."""
    frames: Frames = quickstart()
    with ExitStack() as stack:
        databases: dict[tuple[str, ...], tuple[FrameDatabase, str, str]] = {}
        made = []
        for name in sets:
            for question in import_module(f"evals.questions.{name}").QUESTIONS[:count]:
                expanded = expand(question.text, frames, paste=False)
                key = tuple(expanded.frames)
                if key not in databases:
                    database = stack.enter_context(FrameDatabase(expanded.frames))
                    grammar = select_grammar(database.tables, ending=SQL_STOP)
                    databases[key] = database, describe(database.tables), grammar
                made.append(Task(question, expanded.text, question.gold(frames), *databases[key]))
        yield made


def ask(model: PeerModel, task: Task) -> dict[str, Any]:
    """One question: what came of it, and what it took, databases included."""
    model.calls.clear()
    recorder = Recorder(task.text, model={}, parameters={}, data=[])
    loop = QueryLoop(model, task.database, recorder, lambda _: None, task.schema, task.grammar)
    started = perf_counter()
    sql, value, error = "", None, ""
    try:
        attempt = loop.solve(task.text)
        sql = attempt.code
        value = attempt.result.typed()[1] if attempt.result is not None else None
    except (AgentError, QwenMagicsError, WorkerError) as exc:
        error = f"{type(exc).__name__}: {exc}"
    return {
        "key": task.question.key,
        "seconds": perf_counter() - started,
        "right": not error and matches(value, task.gold, ordered=task.question.ordered),
        "attempts": len(model.calls),
        "prompt_tokens": sum(call["prompt_tokens"] for call in model.calls),
        "cached_tokens": sum(call["cached_tokens"] or 0 for call in model.calls),
        "output_tokens": sum(call["tokens"] for call in model.calls),
        "ttft_s": [call["ttft_s"] for call in model.calls],
        "engine_s": sum(call["total_s"] for call in model.calls),
        "cpu_s": sum(call["cpu_s"] for call in model.calls),
        "kv_bytes": max((call.get("kv_bytes", 0) for call in model.calls), default=0),
        "sql": sql,
        "error": error,
    }


def first_prompts(
    all_tasks: Sequence[Task], tokenizer: Tokenizer, template: ChatTemplate
) -> tuple[list[int], list[int]]:
    """Prompts of the first question and of the next one about the same frames (itself if there is none)."""
    first = all_tasks[0]
    second = next((task for task in all_tasks[1:] if task.database is first.database), first)
    made = [chat_prompt(tokenizer, template, task.messages, SQL_PREFIX) for task in (first, second)]
    return made[0], made[1]


def _before(text: str, stop: Sequence[str]) -> str:
    return text[: min((at for s in stop if (at := text.find(s)) >= 0), default=len(text))]
