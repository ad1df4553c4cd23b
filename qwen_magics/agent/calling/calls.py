"""One question over functions: choose one, check the call, have it approved, run it, look at what came back.

Each reply is constrained to a call of an offered tool with arguments of its schema. What a call returns is a
table; the loop ends when the model says that the tables at hand hold the answer, when a call repeats, or
after a change. Nothing that came back from a tool can run anything: the model reads it as a table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qwen_magics.agent.calling.gate import Gate
from qwen_magics.agent.calling.unmatched import conditions, respelled, unmatched
from qwen_magics.agent.checks.grounding import (
    as_spelled,
    complaint,
    for_sibling,
    grounded_tool,
    made_up,
    siblings,
    ungrounded,
)
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.formats import Call, CallFormat, Offer
from qwen_magics.agent.recording import record_completion, record_of_output
from qwen_magics.agent.request import Limits
from qwen_magics.agent.words.naming import table_name
from qwen_magics.chat.messages import Completion, LanguageModel, Message
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import AgentError, GrammarError, ToolError
from qwen_magics.tools.arguments import checked
from qwen_magics.tools.invoke import invoke
from qwen_magics.tools.news import listening
from qwen_magics.tools.output import ToolOutput
from qwen_magics.tools.registry import Tool

if TYPE_CHECKING:
    from qwen_magics.trace.recorder import OpenSpan, Recorder

__all__ = ["CallLoop", "Made"]

# Greedy decoding repeats a failed call word for word; each repetition heats the sampling a little more.
_RETRY_TEMPERATURES = (0.4, 0.7, 1.0)
# Another wording of the call cures none of these.
_FATAL = {"connection", "timeout", "address", "redirect", "too_large", "broken_reply"}
_FATAL_STATUS = {"http_401", "http_403", "http_429", "http_500", "http_502", "http_503", "http_504"}


@dataclass(frozen=True, slots=True)
class Made:
    """A call that ran, with the arguments it ran with."""

    call: Call
    tool: Tool
    output: ToolOutput


@dataclass
class _Progress:
    """Where a run stands: what ran, what failed and why, and what the model is told next.

    Attributes:
        doubted: calls that were sent back once because an argument came from nowhere, or is in no record.
        tools: offered next, narrower than the loop's after such a call.
        seen: everything that an argument may come from.
        unfinished: something that the question names was not looked at yet, so a call must follow.
    """

    history: list[Message]
    messages: list[Message]
    made: list[Made] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    doubted: set[str] = field(default_factory=set)
    tools: Sequence[Tool] = ()
    seen: str = ""
    unfinished: bool = False
    problem: str = ""
    heat: int = 0


@dataclass
class CallLoop:
    """The loop for one question.

    Attributes:
        tools: what may be called, the nearest to the question first.
        view: the model's view of what calls have returned: the tables as DDL.
        schema: the tables that were there before any call, as DDL; empty for none.
        once: the first call that works is all that is wanted.
        before: calls of another run that this one goes on from; made again first, if they only read.
        given: a call that stands where the model's first would; None for none.
    """

    model: LanguageModel
    format: CallFormat
    tools: Sequence[Tool]
    gate: Gate
    recorder: Recorder
    listener: Listener
    view: Callable[[Sequence[Made]], str]
    schema: str = ""
    once: bool = False
    before: Sequence[Call] = ()
    given: Call | None = None
    limits: Limits = field(default_factory=Limits)
    params: SamplingParams = field(default_factory=SamplingParams)

    def first(self, question: str) -> list[Message]:
        """What the model gets first."""
        return self.format.messages(self.tools, question, self.schema)

    def solve(self, question: str) -> list[Made]:
        """The calls that ran; none if the tables that were there hold the answer.

        Raises:
            AgentError: no call worked within the limits.
            DeniedError: a call that nobody approved.
            ToolError: a failure that no other call cures, or one of a change.
        """
        deadline = time.monotonic() + self.limits.seconds
        first = self.first(question)
        progress = _Progress(first, first, tools=self.tools, seen=f"{question}\n{self.schema}")
        for done in self.repeat(self.before):
            self._take(progress, done, question)
        given, begin = self.given, len(self.before) + 1
        for number in range(begin, begin + self.limits.steps):
            if time.monotonic() > deadline:
                break
            if given is not None and number == begin:
                call: Call | None = given
            else:
                call = self._spelled(self._next(progress, number), progress, question)
            if call is None or any(call.key == done.call.key for done in progress.made):
                return progress.made
            if call.key in progress.failed:
                progress.heat += 1
                self._note_retry(f"the same call again: {progress.failed[call.key]}", number)
            elif self._try(progress, call, question, number):
                return progress.made
        return self._exhausted(progress)

    def repeat(self, calls: Sequence[Call]) -> list[Made]:
        """Make calls of another run again, without a model.

        Raises:
            ToolError: one of them fails now, or changes something.
        """
        for call in calls:
            if self._writes(call):
                msg = f"{call.tool} changes something, and is not called a second time."
                raise ToolError("effect", msg, "Ask the question again instead.")
        return [self._perform(call, number) for number, call in enumerate(calls, 1)]

    def _next(self, progress: _Progress, number: int) -> Call | None:
        """The model's call, which may be no call at all: then its text stands for it."""
        self.listener(Event("status", "Choosing a call" if number == 1 else f"Choosing a call ({number})"))
        may_query = bool(progress.made or self.schema) and not progress.unfinished
        offer = Offer(progress.tools, may_query=may_query)
        completion = self._complete(progress, offer, number)
        try:
            return self.format.parse(completion.text, offer)
        except ToolError:
            # Only where the tokens ran out inside a call: the grammar allows nothing else.
            return Call(completion.text.strip(), {})

    def _spelled(self, call: Call | None, progress: _Progress, question: str) -> Call | None:
        tool = next((tool for tool in progress.tools if call is not None and tool.name == call.tool), None)
        if call is None or tool is None:
            return call
        return replace(call, arguments=as_spelled(call.arguments, tool.schema, question, progress.seen))

    def _complete(self, progress: _Progress, offer: Offer, number: int) -> Completion:
        try:
            return self._complete_in(progress, offer, number)
        except GrammarError:
            # A schema that llguidance cannot compile: its types alone, and the check does the rest.
            return self._complete_in(progress, replace(offer, loose=True), number)

    def _complete_in(self, progress: _Progress, offer: Offer, number: int) -> Completion:
        grammar = self.format.grammar(offer)
        params = replace(self.params, max_tokens=self.limits.tokens)
        if progress.heat:
            heat = _RETRY_TEMPERATURES[min(progress.heat, len(_RETRY_TEMPERATURES)) - 1]
            params = replace(params, temperature=heat, seed=(self.params.seed or 0) + number)
        with self.recorder.span("llm", "choose call", attempt=number, grammar=grammar) as span:
            return record_completion(
                span,
                lambda: self.model.complete(
                    progress.messages,
                    prefix=self.format.prefix(offer),
                    grammar=grammar,
                    params=params,
                    stop=(self.format.stop,),
                    on_text=lambda text: self.listener(Event("text", text)),
                ),
            )

    def _try(self, progress: _Progress, call: Call, question: str, number: int) -> bool:
        """Run a call; whether that ends the loop."""
        try:
            self._check(progress, call, question, number)
            done = self._matched(progress, self._perform(call, number), number)
        except ToolError as error:
            if error.kind in ("not_in_question", "no_such_value"):
                self._send_back(progress, call, error, number)
                return False
            if error.kind in _FATAL | _FATAL_STATUS or (
                error.kind.startswith("http_") and self._writes(call)
            ):
                raise
            progress.failed[call.key] = str(error)
            if error.kind == "failed" or error.kind.startswith("http_"):
                # Its text is foreign and goes to the model as a complaint, which small models obey: what
                # failed to read is corrected by reading.
                reading = [tool for tool in progress.tools if tool.effect == "read"]
                listing = [tool for tool in reading if not tool.schema.get("required")]
                # An id that is not there was guessed: what there is can be listed.
                reading = listing if listing and error.kind == "http_404" else reading
                progress.tools = reading if reading and not self._writes(call) else progress.tools
            self._send_back(progress, call, error, number)
            return False
        if any(done.call.key == made.call.key for made in progress.made):
            return True  # all records, once more
        if self.once or done.tool.effect == "write" or self._nothing_else(done):
            progress.made.append(done)
            return True
        self._take(progress, done, question)
        return False

    def _take(self, progress: _Progress, done: Made, question: str) -> None:
        """What a call returned becomes part of what the model knows."""
        progress.made.append(done)
        view = self.view(progress.made)
        reply = f"{view}\n\n{self.format.next_step}"
        progress.tools, progress.seen = self.tools, f"{progress.seen}\n{view}"
        self._look_for_more(progress, done, question)
        progress.history = [*progress.history, *self.format.turn(done.call, reply)]
        progress.messages, progress.heat = progress.history, 0

    def _look_for_more(self, progress: _Progress, done: Made, question: str) -> None:
        used = "\n".join(str(made.call) for made in progress.made)
        name, values = siblings(done.tool, done.call.arguments, question, used)
        progress.unfinished = bool(values)
        if values:
            progress.tools = [for_sibling(done.tool, name, values)]

    def _send_back(self, progress: _Progress, call: Call, error: ToolError, number: int) -> None:
        progress.problem = str(error)
        progress.messages = [*progress.history, *self.format.turn(call, self._complaint(error))]
        self._note_retry(str(error), number)

    def _check(self, progress: _Progress, call: Call, question: str, number: int) -> None:
        with self.recorder.span(
            "check", "check call", attempt=number, subject="call", code=str(call)
        ) as span:
            tool = self._tool(call)
            arguments = checked(tool, call.arguments)
            others = [other for other in progress.tools if other.name != tool.name]
            if tool.effect == "write" and others and made_up(arguments, progress.seen):
                progress.tools = others
                message = f"Nothing that {tool.name} would write is in the question."
                raise ToolError("not_in_question", message, "Another function is meant.")
            doubtful = [] if call.key in progress.doubted else ungrounded(tool, arguments, progress.seen)
            if doubtful:
                progress.doubted.add(call.key)
                narrow = grounded_tool(tool, arguments, doubtful, question)
                progress.tools = [narrow if other is tool else other for other in progress.tools]
                raise complaint(tool, arguments, doubtful)
            span.set(result="ok")

    def _perform(self, call: Call, number: int) -> Made:
        tool = self._tool(call)
        arguments = checked(tool, call.arguments)
        arguments, approval = self.gate.approved(f"call-{number}", tool, arguments)
        call = Call(tool.name, arguments)
        self.listener(Event("status", f"Running {tool.name}"))
        with self.recorder.span(
            "tool",
            tool.name,
            attempt=number,
            tool=tool.full_name,
            arguments=arguments,
            effect=tool.effect,
            approval=approval,
            call_id=f"call-{number}",
        ) as span:
            try:
                with listening(lambda text: self.listener(Event("status", text))):
                    output = invoke(tool, arguments)
            except ToolError as error:
                span.set(http=[exchange.to_dict() for exchange in error.exchanges])
                raise
            done = Made(call, tool, output)
            span.set(**record_of_output(output), model_view=self.view([done]))
        return done

    def _matched(self, progress: _Progress, done: Made, number: int) -> Made:
        """What a call made; where it lists nothing because no record has what it asks for, all the records.

        Raises:
            ToolError: `no_such_value`, once for each call; the records have another spelling of it.
        """
        chosen = conditions(done.tool, done.call.arguments) if done.output.frame.empty else {}
        if not chosen or done.tool.first_pages is None or self.gate.asks(done.tool):
            return done
        data = {"subject": "result", "code": str(done.call)}
        with self.recorder.span("check", "why is it empty?", attempt=number, **data) as span:
            whole = self._without(done, chosen, span)
            findings = unmatched(table_name(done.tool.name), chosen, whole.output)
            near = [finding for finding in findings if finding.near]
            if near and done.call.key not in progress.doubted:
                progress.doubted.add(done.call.key)
                narrow = respelled(done.tool, near)
                progress.tools = [narrow if t.name == narrow.name else t for t in progress.tools]
                progress.seen = f"{progress.seen}\n{near[0].error}"  # that spelling is known now
                raise near[0].error
            span.set(result=" ".join(f.message for f in findings) or "nothing speaks against it")
        if findings and not near:
            return whole
        # No record of its own says which columns there are.
        frame = done.output.frame if len(done.output.frame.columns) else whole.output.frame.iloc[:0]
        return replace(done, output=replace(done.output, frame=frame))

    @staticmethod
    def _without(done: Made, chosen: Mapping[str, str], span: OpenSpan) -> Made:
        """The beginning of what the call lists without these arguments; what it made itself if that fails."""
        rest = {name: value for name, value in done.call.arguments.items() if name not in chosen}
        try:
            assert done.tool.first_pages is not None
            found = done.tool.first_pages(**rest)
        except ToolError as error:
            span.set(http=[exchange.to_dict() for exchange in error.exchanges])
            return done
        span.set(http=[exchange.to_dict() for exchange in found.exchanges])
        return Made(Call(done.call.tool, rest), done.tool, found)

    def _tool(self, call: Call) -> Tool:
        found = next((tool for tool in self.tools if tool.name == call.tool), None)
        if found is None:
            known = ", ".join(tool.name for tool in self.tools[:12])
            msg = f"There is no function {call.tool[:60]!r}."
            raise ToolError("unknown_tool", msg, f"Call one of {known}.")
        return found

    def _writes(self, call: Call) -> bool:
        return any(tool.name == call.tool and tool.effect == "write" for tool in self.tools)

    def _nothing_else(self, done: Made) -> bool:
        """One tool without a needed argument, and no other tables: a second call would be the same."""
        return len(self.tools) == 1 and not done.tool.schema.get("required")

    @staticmethod
    def _complaint(error: ToolError) -> str:
        return f"That call is wrong. {error}\nWrite the corrected call."

    def _note_retry(self, reason: str, number: int) -> None:
        if number < self.limits.steps:
            with self.recorder.span("retry", "retry", attempt=number, reason=reason):
                self.listener(Event("status", f"Trying again: {reason}"))

    def _exhausted(self, progress: _Progress) -> list[Made]:
        if progress.made:
            return progress.made
        msg = (
            f"No call worked within {self.limits.steps} steps and {self.limits.seconds:.0f} s. "
            f"The last problem: {progress.problem or 'none was written.'} Name one function with -t, "
            "or choose a larger model with %qwen use."
        )
        raise AgentError(msg)
