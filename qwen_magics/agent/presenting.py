"""The chosen attempt becomes an answer: a typed value, a chart of it, or a program for the next cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.charting import draw, wants_chart
from qwen_magics.agent.durations import in_units
from qwen_magics.agent.loop import Attempt
from qwen_magics.agent.prompts import PYTHON
from qwen_magics.agent.shaping import json_answer, plain_json, shaped_frame
from qwen_magics.agent.wording import sentence
from qwen_magics.errors import AgentError, QueryError

if TYPE_CHECKING:
    from qwen_magics.agent.request import Request
    from qwen_magics.chat.messages import LanguageModel
    from qwen_magics.tools.schema import Table
    from qwen_magics.trace.recorder import Recorder

__all__ = ["present"]


def present(
    attempt: Attempt, request: Request, tables: Sequence[Table], model: LanguageModel, recorder: Recorder
) -> Answer:
    """The answer that the request's format asks for.

    Raises:
        AgentError: a chart was demanded and the result has nothing to draw.
    """
    if request.format == "sql":
        return Answer(text=attempt.code, value=attempt.code, kind="sql", code=attempt.code)
    if request.format == "python":
        return _cell(attempt, request, tables)
    attempt = _in_units(attempt, request.question)
    plain = _typed(attempt)
    if request.format == "json":
        return _json(attempt, request, model, recorder)
    if request.format == "chart" or (request.format == "auto" and wants_chart(request.question)):
        return _drawn(attempt, plain, request, model, recorder)
    return plain


def _in_units(attempt: Attempt, question: str) -> Attempt:
    assert attempt.result is not None  # only `--format sql` stops before running
    frame = in_units(attempt.result.frame, question)
    return (
        attempt
        if frame is attempt.result.frame
        else replace(attempt, result=replace(attempt.result, frame=frame))
    )


def _typed(attempt: Attempt) -> Answer:
    assert attempt.result is not None  # only `--format sql` stops before running
    kind, value = attempt.result.typed()
    return Answer(
        text=sentence(attempt.result.frame) + _note(attempt), value=value, kind=kind, code=attempt.code
    )


def _json(attempt: Attempt, request: Request, model: LanguageModel, recorder: Recorder) -> Answer:
    assert attempt.result is not None
    frame, code, note = attempt.result.frame, attempt.code, _note(attempt)
    if request.shape is None:
        return plain_json(frame, code, note)
    value = shaped_frame(request.shape, frame, request.question, code, model, recorder)
    return json_answer(value, code, note)


def _note(attempt: Attempt) -> str:
    return f" (Check this: {attempt.complaint})" if attempt.problems else ""


def _cell(attempt: Attempt, request: Request, tables: Sequence[Table]) -> Answer:
    from qwen_magics.tools.programs.cell import program_cell

    plain, link = _typed(attempt), request.link or request.question
    cell = program_cell(attempt.code, request.question, tables, link)
    text = f"The program is in the next cell. Run on copies, it gives: {plain.text}"
    return Answer(text=text, value=attempt.code, kind="python", code=attempt.code, cell=cell)


def _drawn(
    attempt: Attempt, plain: Answer, request: Request, model: LanguageModel, recorder: Recorder
) -> Answer:
    assert attempt.result is not None
    try:
        chart = draw(request.question, attempt.result.frame, model, recorder, request.params)
    except QueryError as error:
        if request.format != "chart":
            return plain  # the question only sounded like one
        noun = PYTHON.noun if attempt.language is PYTHON else "query"
        msg = f"There is nothing to draw: {error} The {noun} was: {attempt.code}"
        raise AgentError(msg) from error
    note = plain.text.partition(" (Check this: ")[1:]
    text = f"{chart.words[:1].upper()}{chart.words[1:]}{''.join(note)}"
    return Answer(text=text, value=attempt.result.frame, kind="chart", code=attempt.code, chart=chart)
