"""`ask()` and what the magic calls: a question with its data becomes an answer with its trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.answering import Answering
from qwen_magics.agent.calling.approvals import Approver, ask_person, policy
from qwen_magics.agent.conversation import Turn, follow
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.references import expand
from qwen_magics.agent.request import Format, Limits, Request, Route
from qwen_magics.agent.session import Session, session
from qwen_magics.agent.stopping import remembered_stop
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import ConfigError
from qwen_magics.tools.shapes.shape import shape_of

__all__ = ["answer", "ask", "shaped_format"]


def ask(
    question: str,
    *,
    data: Mapping[str, Any] | None = None,
    sql: Any = None,
    api: str | Sequence[str] = (),
    tools: Sequence[Callable[..., Any] | str] = (),
    approve: str = "ask",
    approver: Approver = ask_person,
    model: str | None = None,
    format: Format = "auto",
    schema: Any = None,
    route: Route = "auto",
    continued: bool = False,
    max_steps: int | None = None,
    max_tokens: int | None = None,
    temperature: float | None = None,
    seed: int | None = None,
    dry_run: bool = False,
    trace: bool = True,
    on_event: Listener | None = None,
) -> Answer:
    """Answer a question about data; the same as a `%%qwen` cell.

    Args:
        question: plain words; `@name` refers to a table of `data`.
        data: tables by name, such as `{"orders": orders}`. Without any `@` in the question all of them
            are handed over.
        sql: a database instead of data: the name of one that `%qwen connect` or JupySQL knows, its URL or
            file, or a SQLAlchemy engine.
        api: names of APIs that were registered with `%qwen api` or `session.toolbox.connect`.
        tools: typed, documented functions, or names of registered tools such as `"crm.list_orders"`.
        approve: who may run what: `ask`, `allow`, `deny`, or rules such as `"create_*=allow,ask"`.
        approver: decides where the rules say `ask`; by default a prompt on standard input.
        model: a catalogue name or a folder; the session's model if None.
        format: what the answer must be; `sql` and `python` write and check the program without running it.
        schema: the answer's JSON schema: a dict, JSON text, a pydantic model, a TypedDict or a dataclass.
        route: answer with SQL or with pandas; `auto` decides by the question and may try both.
        continued: the question goes on from the one before: its tables are there without being named, and its
            result is the table `previous`.
        max_steps, max_tokens, temperature, seed: default to the configuration.
        dry_run: show what would be sent, with its token count, and call no model.
        trace: keep a record in `answer.trace`.
        on_event: called with progress, status lines and text while it runs.

    Raises:
        UnknownReferenceError, UnsupportedDataError: the data cannot be used.
        DatabaseError: there is no such database, or it cannot be opened.
        ConfigError: no such API or tool, a function that cannot be one, or a schema that no answer can be
            brought into.
        DeniedError: a change that nobody approved; nothing was changed.
        ToolError: a call that failed and that no other call cures.
        ModelError, EngineError: no model, or it cannot run this.
        AgentError: no query worked within the limits.
        Cancelled: stopped; its `trace` holds what had happened.

    >>> ask("how many rows have no customer?", data={"orders": orders}).value
    12
    """
    expanded = expand(question, data or {}, paste=False)
    config = session.settings
    request = Request(
        question=expanded.text,
        frames=expanded.frames or dict(data or {}),
        database=sql,
        model=model,
        format=shaped_format(format, schema),
        shape=None if schema is None else shape_of(schema),
        route=route,
        continued=continued,
        limits=Limits.of(config, steps=max_steps, tokens=max_tokens),
        params=SamplingParams(
            temperature=config.temperature if temperature is None else temperature,
            seed=config.seed if seed is None else seed,
        ),
        dry_run=dry_run,
        trace=trace,
        tools=session.toolbox.resolve(api, tools),
        metrics=session.toolbox.metrics,
        approve=policy(approve),
        approver=approver,
    )
    return answer(request, on_event or (lambda _: None))


def shaped_format(format: Format, schema: Any) -> Format:
    """The format of an answer with this schema, None for none.

    Raises:
        ConfigError: another format was asked for.
    """
    if schema is None:
        return format
    if format not in ("auto", "json"):
        msg = f"A schema makes the answer JSON, and --format {format} asks for another. Keep one of them."
        raise ConfigError(msg)
    return "json"


def answer(request: Request, listener: Listener, within: Session = session) -> Answer:
    """Answer a resolved request with the session's model; see `ask` for what it raises."""
    if not request.question.strip():
        msg = "The question is empty. Try: %qwen how many rows are in @orders?"
        raise ConfigError(msg)
    if request.continued:
        frames, conversation = follow(request, within.turns)
        request = replace(request, frames=frames, conversation=conversation)
    with within.runs.recorded(request.trace), remembered_stop() as check:

        def heard(event: Event) -> None:
            check()
            listener(event)

        result = Answering(request, heard, within).run()
    within.history.append(result)
    within.runs.add(result.trace)
    if not request.dry_run:
        within.turns[:] = [*(within.turns if request.continued else ()), Turn.of(request, result)]
    return result
