"""A question with everything it needs, resolved: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from qwen_magics.agent.calling.approvals import Approver, Policy, ask_person
from qwen_magics.agent.conversation import Conversation
from qwen_magics.config import Settings
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.tools.metrics.metric import Metric
from qwen_magics.tools.registry import Tool
from qwen_magics.tools.shapes.shape import Shape

if TYPE_CHECKING:
    from qwen_magics.agent.replay.resuming import Resumed

__all__ = ["Format", "Limits", "Request", "Route"]

Format = Literal["auto", "text", "table", "number", "chart", "json", "sql", "python"]
Route = Literal["auto", "sql", "python"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may cost.

    Attributes:
        steps: model calls.
        tokens: tokens of one completion.
        seconds: for everything.
        query_seconds: for one query.
        rows: most rows of a result; None for all.
    """

    steps: int = 7
    tokens: int = 512
    seconds: float = 300.0
    query_seconds: float = 60.0
    rows: int | None = None

    @classmethod
    def of(cls, settings: Settings, *, steps: int | None = None, tokens: int | None = None) -> Limits:
        """The configured limits, with those of one question in their place."""
        return cls(
            steps=settings.max_steps if steps is None else steps,
            tokens=settings.max_tokens if tokens is None else tokens,
            seconds=settings.timeout_s,
            query_seconds=settings.query_timeout_s,
            rows=settings.max_rows,
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One question: the text as the model gets it and the tables that it may query.

    Attributes:
        question: plain words, references already expanded.
        frames: tables by the name that the question uses.
        database: the name or URL of a database, or a SQLAlchemy engine; instead of frames.
        model: a catalogue name or a folder; the session's model if None.
        format: what the answer must be; `sql` and `python` write and check the program without running it.
        shape: the schema that the answer is brought into; its format is then `json`.
        route: which language is tried; `auto` decides by the question.
        dry_run: show what would be sent and call no model.
        trace: keep a record.
        tools: what may be called: own functions and operations of APIs.
        metrics: vetted queries that are preferred where they answer the question.
        approve: rules about who may run what.
        approver: decides where the rules say `ask`.
        out: the variable that the value goes to; a later question may call the result so.
        continued: the question goes on from the ones before.
        conversation: those, once they have been looked up.
        resumed: where it begins, if it goes on from a step of another run.
        link: names the cell that asks, so that a program put below it can be told from those of others.
    """

    question: str
    frames: Mapping[str, Any] = field(default_factory=dict)
    database: Any = None
    model: str | None = None
    format: Format = "auto"
    shape: Shape | None = None
    route: Route = "auto"
    limits: Limits = field(default_factory=Limits)
    params: SamplingParams = field(default_factory=SamplingParams)
    dry_run: bool = False
    trace: bool = True
    tools: tuple[Tool, ...] = ()
    metrics: tuple[Metric, ...] = ()
    approve: Policy = field(default_factory=Policy)
    approver: Approver = ask_person
    out: str = ""
    continued: bool = False
    conversation: Conversation = field(default_factory=Conversation)
    resumed: Resumed | None = None
    link: str = ""
