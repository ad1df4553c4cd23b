"""Token sequences as the agent sends them: rules, a schema, questions and the queries that answered them.

The questions and queries are those of `evals/` (right answers of the 1.5B model, as saved in
`evals/results`), the schemas are made by the agent's own code from the same frames. Each conversation asks
several questions about the same tables, so that most tokens differ from each other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from evals.frames import quickstart
from evals.question import Question
from qwen_magics.agent.prompts import SQL_PREFIX, SQL_STOP, sql_messages
from qwen_magics.agent.references import find_references
from qwen_magics.chat.messages import Message
from qwen_magics.chat.template import ChatTemplate
from qwen_magics.model.tokenizer import Tokenizer
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.schema import describe

__all__ = ["agent_conversations"]

_RESULTS = Path(__file__).parents[1] / "evals" / "results"
_MOST_TURNS = 9


def agent_conversations(model: Path) -> list[list[int]]:
    """Token ids of every conversation, in the chat template of the model directory `model`."""
    tokenizer, template = Tokenizer.from_directory(model), ChatTemplate.from_directory(model)
    return [
        [
            token
            for piece in template.render(messages)
            for token in tokenizer.encode(piece.text, special=piece.trusted)
        ]
        for messages in _conversations()
    ]


def _conversations() -> Iterator[list[Message]]:
    by_tables: dict[tuple[str, ...], list[tuple[Question, str]]] = defaultdict(list)
    for name in ("quickstart", "further"):
        right = _right_queries(name)
        for question in import_module(f"evals.questions.{name}").QUESTIONS:
            if question.key in right:
                by_tables[tuple(find_references(question.text))].append((question, right[question.key]))
    for tables, turns in by_tables.items():
        schema = _schema(tables)
        for start in range(0, len(turns), _MOST_TURNS):
            yield _messages(schema, turns[start : start + _MOST_TURNS])


def _right_queries(name: str) -> dict[str, str]:
    saved = json.loads((_RESULTS / f"{name}-qwen2.5-coder-1.5b.json").read_text(encoding="utf-8"))
    return {outcome["key"]: outcome["code"] for outcome in saved["outcomes"] if outcome["right"]}


def _schema(tables: Sequence[str]) -> str:
    frames = quickstart()
    with FrameDatabase({name: frames[name] for name in tables}) as database:
        return describe(database.tables)


def _messages(schema: str, turns: Sequence[tuple[Question, str]]) -> list[Message]:
    messages: list[Message] = []
    for question, query in turns:
        asked = question.text.replace("@", "")
        turn = [Message("user", f"Question: {asked}")] if messages else sql_messages(schema, asked)
        messages += [*turn, Message("assistant", f"{SQL_PREFIX}{query}{SQL_STOP}")]
    return messages
