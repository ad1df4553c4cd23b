"""One question over tables: write a query, check it, run it, repair it.

Each model call is constrained by a grammar of the real tables and columns, each query is bound before it
runs, a query that was already tried is never run again, and steps, tokens and seconds are bounded.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from qwen_magics.agent.demands import Demand
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.prompts import SQL_PREFIX, SQL_STOP, fresh_messages, repair_messages, sql_messages
from qwen_magics.agent.recording import record_completion, record_result
from qwen_magics.agent.request import Limits
from qwen_magics.chat.messages import LanguageModel, Message
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import AgentError, QueryError

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.trace.recorder import Recorder

__all__ = ["Attempt", "QueryLoop", "QueryTool"]

# Greedy decoding repeats a failed query word for word; each repetition heats the sampling a little more.
_RETRY_TEMPERATURES = (0.4, 0.7, 1.0)


class QueryTool(Protocol):
    """What the loop needs of a database; `tools.frames.FrameDatabase` is one."""

    def check(self, sql: str) -> str: ...

    def run(self, sql: str, *, timeout_s: float = ..., max_rows: int | None = ...) -> QueryResult: ...

    def review(self, sql: str, result: QueryResult) -> Sequence[QueryError]: ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """One query with what became of it. `problems` is empty for a good one."""

    sql: str
    result: QueryResult | None = None
    problems: tuple[QueryError, ...] = ()

    @property
    def complaint(self) -> str:
        return " ".join(str(problem) for problem in self.problems)


@dataclass
class QueryLoop:
    """The loop for one question.

    Attributes:
        demand: what the format asks of the result.
        execute: False stops at a query that binds.
        dialect: whose SQL is asked for.
    """

    model: LanguageModel
    tool: QueryTool
    recorder: Recorder
    listener: Listener
    schema: str
    grammar: str
    limits: Limits = field(default_factory=Limits)
    params: SamplingParams = field(default_factory=SamplingParams)
    demand: Demand = lambda _: None
    execute: bool = True
    dialect: str = "DuckDB"

    def solve(self, question: str) -> Attempt:
        """The first good attempt, or the last that ran if none is good.

        Raises:
            AgentError: no query ran within the limits.
            ContextOverflowError, Cancelled: from the model.
        """
        deadline = time.monotonic() + self.limits.seconds
        tried: dict[str, Attempt] = {}
        for attempt in self._attempts(question, tried):
            if not attempt.problems:
                return attempt
            if time.monotonic() > deadline:
                break
        return _best(list(tried.values()), self.limits)

    def _attempts(self, question: str, tried: dict[str, Attempt]) -> Iterator[Attempt]:
        first = messages = sql_messages(self.schema, question, self.dialect)
        params, heat = replace(self.params, max_tokens=self.limits.tokens), 0
        for number in range(1, self.limits.steps + 1):
            sql = self._write(messages, params, number)
            if sql in tried:
                reason = "the same query again: asking afresh, sampling"
                messages = fresh_messages(self.schema, question, tried[sql].complaint, self.dialect)
                params, heat = self._heated(params, heat, number), heat + 1
            else:
                attempt = tried[sql] = self._try(sql, number)
                yield attempt
                reason = attempt.complaint
                messages = repair_messages(first, sql, reason)
            self._note_retry(reason, number)

    def _heated(self, params: SamplingParams, heat: int, number: int) -> SamplingParams:
        temperature = _RETRY_TEMPERATURES[min(heat, len(_RETRY_TEMPERATURES) - 1)]
        # Derived from the user's seed, so that a retry is as reproducible as the first try.
        return replace(params, temperature=temperature, seed=(self.params.seed or 0) + number)

    def _write(self, messages: Sequence[Message], params: SamplingParams, number: int) -> str:
        self.listener(
            Event("status", "Writing a query" if number == 1 else f"Writing a query (attempt {number})")
        )
        with self.recorder.span("llm", "write query", attempt=number, grammar=self.grammar) as span:
            completion = record_completion(
                span,
                lambda: self.model.complete(
                    messages,
                    prefix=SQL_PREFIX,
                    grammar=self.grammar,
                    params=params,
                    stop=(SQL_STOP,),
                    on_text=lambda text: self.listener(Event("text", text)),
                ),
            )
        return completion.text.strip().rstrip(";").rstrip()

    def _try(self, sql: str, number: int) -> Attempt:
        try:
            checked = self._check(sql, number)
            if not self.execute:
                return Attempt(checked)
            result = self._run(checked, number)
        except QueryError as error:
            return Attempt(sql, problems=(error,))
        return Attempt(checked, result, self._review(checked, result, number))

    def _check(self, sql: str, number: int) -> str:
        with self.recorder.span("check", "bind query", attempt=number, subject="sql", sql=sql) as span:
            checked = self.tool.check(sql)
            span.set(result="ok")
        return checked

    def _run(self, sql: str, number: int) -> QueryResult:
        self.listener(Event("status", "Running the query"))
        arguments = {"sql": sql}
        with self.recorder.span(
            "tool", "sql", attempt=number, tool="sql", arguments=arguments, sql=sql
        ) as span:
            result = self.tool.run(sql, timeout_s=self.limits.query_seconds, max_rows=self.limits.rows)
            record_result(span, result)
        return result

    def _review(self, sql: str, result: QueryResult, number: int) -> tuple[QueryError, ...]:
        unmet = self.demand(result)
        problems = ((unmet,) if unmet else ()) + tuple(self.tool.review(sql, result))
        if problems:
            with self.recorder.span(
                "check", "review result", attempt=number, subject="result", sql=sql
            ) as span:
                span.fail(problems[0].kind, problems[0].message, problems[0].hint)
        return problems

    def _note_retry(self, reason: str, number: int) -> None:
        if number < self.limits.steps:
            with self.recorder.span("retry", "retry", attempt=number, reason=reason):
                self.listener(Event("status", f"Trying again: {reason}"))


def _best(attempts: list[Attempt], limits: Limits) -> Attempt:
    ran = [a for a in attempts if a.result is not None]
    if ran:
        # The last one had the benefit of every hint, but fewer problems count more.
        return min(reversed(ran), key=lambda a: len(a.problems))
    last = attempts[-1].complaint if attempts else "The model wrote nothing that could be tried."
    msg = (
        f"No query worked within {limits.steps} steps and {limits.seconds:.0f} s. The last problem: {last} "
        f"Name the columns you mean, or choose a larger model with %qwen use."
    )
    raise AgentError(msg)
