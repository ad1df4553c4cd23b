"""A question with tools becomes an answer: the calls, then if need be a query over what they returned."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.calling.calls import CallLoop, Made
from qwen_magics.agent.calling.gate import Gate
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.formats import format_for
from qwen_magics.agent.request import Request
from qwen_magics.agent.shaping import plain_json, shaped_frame
from qwen_magics.agent.wording import format_value, sentence
from qwen_magics.agent.words.naming import table_name
from qwen_magics.chat.messages import LanguageModel
from qwen_magics.errors import AgentError, ConfigError
from qwen_magics.tools.columns import free_name
from qwen_magics.tools.ranking import asks_for_change, relevant
from qwen_magics.tools.registry import Tool
from qwen_magics.tools.result import typed_value

if TYPE_CHECKING:
    import pandas as pd

    from qwen_magics.tools.frames import FrameDatabase
    from qwen_magics.trace.recorder import Recorder

__all__ = ["TooledAnswer", "offered", "tables_of"]

_MOST_TOOLS = 8
_MOST_CELLS = 6

Query = Callable[[LanguageModel, "FrameDatabase"], Answer]


@dataclass
class TooledAnswer:
    """One request with tools.

    Attributes:
        describe: the DDL of a database's tables within the budget.
        query: answers the question by SQL over a database.
    """

    request: Request
    model: LanguageModel
    recorder: Recorder
    listener: Listener
    describe: Callable[[LanguageModel, FrameDatabase], str]
    query: Query
    _views: dict[tuple[str, ...], str] = field(default_factory=dict, init=False)

    def answer(self) -> Answer:
        """See `agent.ask.ask`.

        Raises:
            ConfigError: a format that tools cannot give.
            AgentError, DeniedError, ToolError: see `CallLoop.solve`.
        """
        if self.request.format in ("sql", "python"):
            # What a call returns is gone after the run; code over it could not be run again.
            msg = (
                f"--format {self.request.format} needs tables alone: "
                "name them with @, without --api or --tool."
            )
            raise ConfigError(msg)
        loop = self._loop(self._schema())
        if self.request.dry_run:
            return self._dry_run(loop)
        made = self._made(loop)
        if made and made[-1].tool.effect == "write":
            return self._as_json(_changed(made), made)
        if made and all(done.output.frame.empty for done in made):
            return self._noted(self._as_json(_nothing(made), made), made)
        if self.request.format == "json":
            return self._noted(self._queried(made), made)
        if len(made) == 1 and made[0].output.is_single and self._is_wanted(made[0]):
            return self._noted(_single(made[0]), made)
        return self._noted(self._queried(made), made)

    def _made(self, loop: CallLoop) -> list[Made]:
        resumed = self.request.resumed
        if resumed is None:
            return loop.solve(self.request.question)
        before, given = resumed.calls(loop.tools)
        if given is None:
            return loop.repeat(before)
        return replace(loop, before=before, given=given).solve(self.request.question)

    def _as_json(self, answer: Answer, made: Sequence[Made]) -> Answer:
        """What a change returned, in the shape that was asked for; it is done, whatever it returned."""
        if self.request.format != "json":
            return answer
        frame, shape = made[-1].output.frame, self.request.shape
        if shape is None:
            return replace(answer, value=plain_json(frame, "").value, kind="json")
        try:
            value = shaped_frame(shape, frame, self.request.question, answer.code, self.model, self.recorder)
        except AgentError as error:
            return replace(answer, text=f"{answer.text} (Not in the schema: {error})")
        return replace(answer, value=value, kind="json")

    def _is_wanted(self, done: Made) -> bool:
        return self.request.format != "number" or typed_value(done.output.frame)[0] == "number"

    def _fitting(self, tools: list[Tool], schema: str) -> list[Tool]:
        """As many of the tools, the nearest first, as leave half of the context for what they return."""
        format, most = format_for(self.model.card), self.model.card.context_length // 2
        while len(tools) > 1:
            messages = format.messages(tools, self.request.question, schema)
            if sum(self.model.count_tokens(message.content) for message in messages) <= most:
                break
            tools = tools[:-1]
        return tools

    def _loop(self, schema: str) -> CallLoop:
        request = self.request
        tools = self._fitting(offered(request.tools, request.question), schema)
        return CallLoop(
            model=self.model,
            format=format_for(self.model.card),
            tools=tools,
            gate=Gate(request.approve, request.approver, self.recorder, self.listener),
            recorder=self.recorder,
            listener=self.listener,
            view=self._view,
            schema=schema,
            limits=request.limits,
            params=request.params,
        )

    def _schema(self) -> str:
        if not self.request.frames:
            return ""
        from qwen_magics.tools.frames import FrameDatabase

        with FrameDatabase(self.request.frames) as database:
            return self.describe(self.model, database)

    def _view(self, made: Sequence[Made]) -> str:
        from qwen_magics.tools.frames import FrameDatabase

        key = tuple(done.call.key for done in made)
        if key not in self._views:
            tables, described = tables_of(made, ()), ""
            if tables:
                with FrameDatabase(tables, about=_about(made, ())) as database:
                    described = self.describe(self.model, database)
            empty = [_found_none(done) for done in made if not len(done.output.frame.columns)]
            self._views[key] = "\n".join(filter(None, (described, *empty)))
        return self._views[key]

    def _queried(self, made: Sequence[Made]) -> Answer:
        from qwen_magics.tools.frames import FrameDatabase

        tables = tables_of(made, self.request.frames)
        self.listener(Event("status", "Reading " + ", ".join(tables)))
        about = _about(made, self.request.frames)
        with FrameDatabase({**self.request.frames, **tables}, about=about) as database:
            try:
                found = self.query(self.model, database)
            except AgentError:
                if not made or self.request.format == "json":
                    raise
                # The data is there, only the query is not: better all of it than nothing.
                note = "Check this: no query over it worked, so this is all that the call returned."
                whole = _whole(made)
                return replace(whole, text=f"{whole.text} ({note})")
        return replace(found, code=f"{_origins(made, self.request.frames, found.code)}{found.code}")

    def _noted(self, answer: Answer, made: Sequence[Made]) -> Answer:
        notes = " ".join(note for done in made for note in done.output.notes)
        return replace(answer, text=f"{answer.text} ({notes})") if notes else answer

    def _dry_run(self, loop: CallLoop) -> Answer:
        messages = loop.first(self.request.question)
        text = "\n\n".join(f"[{m.role}]\n{m.content}" for m in messages)
        note = f"({self.model.count_tokens(text):,} tokens would be sent to {self.model.card.id}.)"
        return Answer(text=f"{text}\n\n{note}", value=text, kind="text")


def offered(tools: Sequence[Tool], question: str) -> list[Tool]:
    """What the model may call: all own functions, and the operations of APIs nearest to the question.

    An operation that changes something is offered only to a question that asks for a change.
    """
    own = [tool for tool in tools if not tool.origin]
    room = max(2, _MOST_TOOLS - len(own))
    writes = [tool for tool in tools if tool.origin and tool.effect == "write" and asks_for_change(question)]
    # Half for each: what is to be changed is often to be looked up first.
    changing = relevant(writes, question, room // 2)
    reading = relevant([tool for tool in tools if tool.origin and tool.effect == "read"], question, room)
    nearest = [*changing, *reading[: room - len(changing)]]
    chosen = [*own, *relevant(nearest, question, len(nearest))]
    if not chosen:
        names = ", ".join(tool.full_name for tool in tools[:6])
        msg = (
            f"The tools at hand only change things ({names}), and the question asks for no change. "
            "Say what to add, update or delete."
        )
        raise ConfigError(msg)
    counts = Counter(tool.name for tool in chosen)
    # Two APIs may have an operation of the same name.
    return [replace(t, name=f"{t.origin}_{t.name}") if counts[t.name] > 1 and t.origin else t for t in chosen]


def tables_of(made: Sequence[Made], taken: Iterable[str]) -> dict[str, pd.DataFrame]:
    """One table per tool; where it was called several times, with the arguments as columns.

    None for a tool that found no records: there is nothing that says which columns they would have.
    """
    calls: dict[str, list[Made]] = {}
    for done, name in zip(made, _names(made, taken), strict=True):
        if len(done.output.frame.columns):
            calls.setdefault(name, []).append(done)
    return {name: _joined(same) for name, same in calls.items()}


def _about(made: Sequence[Made], taken: Iterable[str]) -> dict[str, str]:
    return {name: done.output.about for done, name in zip(made, _names(made, taken), strict=True)}


def _names(made: Sequence[Made], taken: Iterable[str]) -> list[str]:
    """The table of each call."""
    used = {name.casefold() for name in taken}
    names: dict[str, str] = {}
    for done in made:
        if done.tool.name not in names:
            names[done.tool.name] = free_name(table_name(done.tool.name), used)
    return [names[done.tool.name] for done in made]


def _joined(calls: Sequence[Made]) -> pd.DataFrame:
    import pandas as pd

    if len(calls) == 1 and not calls[0].output.is_single:
        return calls[0].output.frame
    frames = []
    for done in calls:
        extra = {
            name: value
            for name, value in done.call.arguments.items()
            if name not in done.output.frame.columns and isinstance(value, (str, int, float, bool))
        }
        frames.append(done.output.frame.assign(**extra))
    return pd.concat(frames, ignore_index=True)


def _single(done: Made) -> Answer:
    kind, value = typed_value(done.output.frame)
    return Answer(text=format_value(done.output.frame.iat[0, 0]), value=value, kind=kind, code=str(done.call))


def _changed(made: Sequence[Made]) -> Answer:
    done = made[-1]
    frame = done.output.frame
    shown = done.output.value is not None and len(frame) == 1 and frame.shape[1] <= _MOST_CELLS
    kind, value = typed_value(frame)
    text = f"Done: {done.tool.name}. {sentence(frame)}" if shown else f"Done: {done.call}"
    return Answer(text=text, value=value, kind=kind, code=_code(made))


def _nothing(made: Sequence[Made]) -> Answer:
    return replace(_whole(made), text=" ".join(map(_found_none, made)))


def _found_none(done: Made) -> str:
    return f"{done.call} found no records."


def _whole(made: Sequence[Made]) -> Answer:
    frame = made[-1].output.frame
    kind, value = typed_value(frame)
    return Answer(text=sentence(frame), value=value, kind=kind, code=_code(made))


def _code(made: Sequence[Made]) -> str:
    return "\n".join(str(done.call) for done in made)


def _origins(made: Sequence[Made], taken: Iterable[str], code: str) -> str:
    """Comment lines that say which call made which table of the query or program below."""
    mark = "#" if _is_python(code) else "--"
    return "".join(
        f"{mark} {name} = {done.call}\n" for done, name in zip(made, _names(made, taken), strict=True)
    )


def _is_python(code: str) -> bool:
    try:
        return bool(ast.parse(code).body)
    except SyntaxError:
        return False
