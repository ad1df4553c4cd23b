"""A question that a named metric answers: the model fills in the parameters, the vetted SQL does the rest.

Which metrics fit is decided by words (`tools.metrics.fitting`). A call whose values are not the question's,
or that leaves out a number of it, is given up, and the question is answered as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qwen_magics.agent.calling.calls import CallLoop, Made
from qwen_magics.agent.calling.gate import Gate
from qwen_magics.agent.checks.grounding import ungrounded
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.formats import format_for
from qwen_magics.agent.loop import Attempt
from qwen_magics.agent.request import Request
from qwen_magics.errors import AgentError, QueryError, ToolError
from qwen_magics.tools.columns import free_name
from qwen_magics.tools.metrics.fitting import asks_more, fitting, unused_numbers
from qwen_magics.tools.metrics.metric import Metric

if TYPE_CHECKING:
    from qwen_magics.chat.messages import LanguageModel
    from qwen_magics.tools.frames import FrameDatabase
    from qwen_magics.tools.metrics.template import Template
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table
    from qwen_magics.trace.recorder import Recorder

__all__ = ["Measured", "applicable", "measure"]

# The question itself asks for something else than a metric gives.
_OTHER_FORMATS = ("sql", "python")
_STEPS = 3


@dataclass(frozen=True)
class Measured:
    """What a metric gave.

    Attributes:
        further: the question asks something of the rows, so they are to be queried.
        table: what they are called then.
    """

    metric: Metric
    attempt: Attempt
    further: bool
    table: str


def applicable(request: Request, tables: Sequence[Table], connection: str = "") -> list[Metric]:
    """The metrics that answer the question: of the frames in reach, or of the database.

    Args:
        connection: the database that was named; metrics of any database for a question without data.
    """
    if request.format in _OTHER_FORMATS or request.route == "python" or request.dry_run:
        return []
    here = {table.name.casefold() for table in tables}
    without_data = not request.frames and request.database is None
    near = [
        metric
        for metric in request.metrics
        if (metric.connection and (without_data or metric.connection == connection))
        or (
            not metric.connection
            and request.frames
            and all(table.casefold() in here for table in metric.tables)
        )
    ]
    read = [name for metric in near for name in metric.tables]
    return fitting(near, request.question, tables, read)


def measure(
    metrics: Sequence[Metric],
    request: Request,
    model: LanguageModel,
    recorder: Recorder,
    listener: Listener,
    frames: FrameDatabase | None,
) -> Measured | None:
    """The result of one of the metrics; None if no call of them suits the question.

    Raises:
        DeniedError: a rule forbids metrics.
    """
    further = all(asks_more(metric, request.question) for metric in metrics)
    tools = [metric.tool(_runner(metric, request, frames), _table(metric, request)) for metric in metrics]
    loop = CallLoop(
        model=model,
        format=format_for(model.card),
        tools=tools,
        gate=Gate(request.approve, request.approver, recorder, listener),
        recorder=recorder,
        listener=listener,
        view=lambda made: "",
        limits=replace(request.limits, steps=min(request.limits.steps, _STEPS)),
        params=request.params,
        once=True,
    )
    listener(Event("status", "Choosing a metric"))
    try:
        made = loop.solve(request.question)
    except (AgentError, ToolError, QueryError):
        return None
    done = made[0]
    metric = next(metric for metric in metrics if metric.name == done.tool.name)
    with recorder.span("check", "does the metric fit?", subject="metric", code=str(done.call)) as span:
        problem = _unfit(done, request.question, further)
        if problem:
            span.fail("metric", problem, "Answered by a query instead.")
            return None
        span.set(result="ok")
    return Measured(metric, _attempt(metric, done), further, _table(metric, request))


def _table(metric: Metric, request: Request) -> str:
    """The metric's name, or one apart from a frame of that name."""
    return free_name(metric.name, {name.casefold() for name in request.frames})


def _unfit(done: Made, question: str, further: bool) -> str:
    arguments = done.call.arguments
    if strange := ungrounded(done.tool, arguments, question):
        return f"{', '.join(strange)} of {done.call} is not in the question."
    if not further and (left := unused_numbers(question, arguments)):
        return f"{done.call} leaves out {', '.join(left)}."
    return ""


def _attempt(metric: Metric, done: Made) -> Attempt:
    from qwen_magics.tools.result import QueryResult

    frame = done.output.frame
    values = {**metric.defaults, **done.call.arguments}
    given = f" with {', '.join(f':{k} = {v!r}' for k, v in values.items())}" if values else ""
    code = f"-- metric {metric.name}{given}\n{done.output.query['sql']}"
    return Attempt(code, QueryResult(frame, len(frame), False, 0.0, ()))


def _runner(
    metric: Metric, request: Request, frames: FrameDatabase | None
) -> Callable[[Template, Mapping[str, Any]], QueryResult]:
    limits = request.limits

    def run(template: Template, values: Mapping[str, Any]) -> QueryResult:
        if not metric.connection:
            assert frames is not None  # `applicable` saw its tables among the frames
            return frames.run_template(template, values, timeout_s=limits.query_seconds, max_rows=limits.rows)
        from qwen_magics.tools.databases import find

        with find(metric.connection).open() as database:
            return database.run_template(
                template, values, timeout_s=limits.query_seconds, max_rows=limits.rows
            )

    return run
