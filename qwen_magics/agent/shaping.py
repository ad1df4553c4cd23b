"""Answers of a schema: what the query is asked for, what its result must be, and the JSON out of it.

With data every value is a cell of the executed result. The model only says which column is meant where names
and types leave that open. Without data the values are words and numbers of the question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.checks.demands import Demand
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.prompts import JSON_PREFIX, JSON_STOP, binding_messages, shaped_words_messages
from qwen_magics.agent.recording import record_completion
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import AgentError, ConfigError, QueryError
from qwen_magics.tools.shapes.filling import bind, fill, records, violation
from qwen_magics.tools.shapes.grammar import assignments, binding_grammar, text_grammar
from qwen_magics.tools.shapes.shape import Node, Shape

if TYPE_CHECKING:
    import pandas as pd

    from qwen_magics.agent.request import Request
    from qwen_magics.chat.messages import LanguageModel
    from qwen_magics.trace.recorder import Recorder

__all__ = ["json_answer", "plain_json", "shape_demand", "shaped_frame", "shaped_words", "with_columns"]

_LONGEST_SHOWN = 400
_BINDING_TOKENS = 200


def with_columns(question: str, shape: Shape | None) -> str:
    """The question with the names of the columns that its answer is made of.

    As the outline of a query: told to "return the columns n and mean_mass", the 0.5B selects columns of these
    names, which do not exist, instead of computing them.
    """
    if shape is None:
        return question
    return f"{question} (SELECT {', '.join(f'… AS {leaf.name}' for leaf in shape.leaves)})"


def shape_demand(shape: Shape) -> Demand:
    """A check of a result: whether the shape can be filled from it.

    Raises:
        ConfigError: no result of rows and columns can fill this shape.
    """
    if shape.is_nested:
        msg = (
            "--schema has a list inside a list, and a result has rows and columns. Make the inner list a "
            "property of its own question, or take the outer one away."
        )
        raise ConfigError(msg)

    def check(result: Any, _: str) -> QueryError | None:
        try:
            bound, open_leaves = bind(shape, result.frame)
            if not open_leaves:
                fill(shape, result.frame, bound)
        except QueryError as error:
            return error
        return None

    return check


def shaped_frame(
    shape: Shape, frame: pd.DataFrame, question: str, code: str, model: LanguageModel, recorder: Recorder
) -> Any:
    """The value of the shape from a result.

    Raises:
        AgentError: the result does not fit it.
    """
    try:
        bound, open_leaves = bind(shape, frame)
        if open_leaves:
            chosen = _chosen(shape, open_leaves, frame, question, code, model, recorder)
            bound = {**bound, **chosen}
        return fill(shape, frame, bound)
    except QueryError as error:
        msg = f"The result cannot be brought into the schema: {error} The query was: {code}"
        raise AgentError(msg) from error


def json_answer(value: Any, code: str, note: str = "") -> Answer:
    """The answer for a JSON value."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) > _LONGEST_SHOWN and isinstance(value, list):
        keys = f": {', '.join(value[0])}" if isinstance(value[0], dict) else ""
        text = f"A list of {len(value):,} {'objects' if keys else 'values'}{keys}."
    return Answer(text=text + note, value=value, kind="json", code=code)


def plain_json(frame: pd.DataFrame, code: str, note: str = "") -> Answer:
    """`--format json` without a schema."""
    return json_answer(records(frame), code, note)


def shaped_words(
    shape: Shape, request: Request, model: LanguageModel, recorder: Recorder, listener: Listener
) -> Answer:
    """JSON out of the question itself, which names no data.

    Raises:
        ConfigError: the question has nothing that a required value could be.
        AgentError: the model came to no end, or to what the schema forbids.
    """
    grammar = text_grammar(shape, request.question, JSON_STOP)
    labels = [leaf.label for leaf in shape.leaves]
    params = replace(request.params, max_tokens=request.limits.tokens)
    with recorder.span("llm", "answer as JSON", grammar=grammar) as span:
        completion = record_completion(
            span,
            lambda: model.complete(
                shaped_words_messages(request.question, labels),
                prefix=JSON_PREFIX,
                grammar=grammar,
                params=params,
                stop=(JSON_STOP,),
                on_text=lambda text: listener(Event("text", text)),
            ),
        )
    with recorder.span("check", "check JSON", subject="answer") as span:
        value = _read(completion.text, shape)
        span.set(result="ok")
    return json_answer(value, "")


def _read(text: str, shape: Shape) -> Any:
    try:
        value = json.loads(text.strip().removesuffix("```"))
    except ValueError as error:
        msg = "The JSON came to no end. Raise --max-tokens, or ask for less."
        raise AgentError(msg) from error
    value = _trimmed(value, shape.root)
    problem = violation(shape, value)
    if problem:
        msg = f"The answer breaks the schema: {problem}. Ask more exactly."
        raise AgentError(msg)
    return value


def _trimmed(value: Any, node: Node) -> Any:
    """Texts without the space and the punctuation that a run of words may end with."""
    if isinstance(value, dict):
        return {name: _trimmed(part, node.properties[name]) for name, part in value.items()}
    if isinstance(value, list) and node.items is not None:
        return [_trimmed(part, node.items) for part in value]
    return value.strip().strip('"“”,;:') if isinstance(value, str) and node.choices is None else value


def _chosen(
    shape: Shape,
    open_leaves: Mapping[str, list[int]],
    frame: pd.DataFrame,
    question: str,
    code: str,
    model: LanguageModel,
    recorder: Recorder,
) -> Mapping[str, int]:
    """The columns of leaves that several would fit, by the model's choice under a grammar."""
    ways = assignments(open_leaves)
    columns = [str(name) for name in frame.columns]
    if not ways:
        raise QueryError("shape", "There are fewer columns than properties.", "Select one column for each.")
    if len(ways) == 1:
        return ways[0]
    if len(set(columns)) < len(columns):
        raise QueryError("shape", "Two columns have one name.", "Name each like its property, by AS.")
    labels = [leaf.label for leaf in shape.leaves if leaf.name in open_leaves]
    with recorder.span("llm", "choose columns", grammar=binding_grammar(ways, columns, JSON_STOP)) as span:
        completion = record_completion(
            span,
            lambda: model.complete(
                binding_messages(question, code, columns, labels),
                prefix=JSON_PREFIX,
                grammar=binding_grammar(ways, columns, JSON_STOP),
                params=SamplingParams(max_tokens=_BINDING_TOKENS),
                stop=(JSON_STOP,),
            ),
        )
    try:
        said = json.loads(completion.text.strip())
        return {name: columns.index(said[name]) for name in open_leaves}
    except (ValueError, KeyError, TypeError) as error:  # only where the tokens ran out
        raise QueryError("shape", "No columns were chosen.", "Name them like the properties.") from error
