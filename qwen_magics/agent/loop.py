"""One question over tables: write a program, check it, run it, repair it.

The program is SQL or pandas; the loop is the same. Each model call is constrained by a grammar of the real
tables and columns, each program is bound before it runs, a program that was already tried is never run again,
and steps, tokens and seconds are bounded. First greedily, then twice with the error in sight; then afresh by
sampling, where two samples have to agree on the result.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from qwen_magics.agent.checks.demands import Demand
from qwen_magics.agent.conversation import Turn
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.nothing import finds_nothing
from qwen_magics.agent.prompts import SQL, Language, first_messages, noted, repair_messages
from qwen_magics.agent.recording import record_completion, record_result
from qwen_magics.agent.request import Limits
from qwen_magics.agent.voting import elect, signature
from qwen_magics.chat.messages import Completion, LanguageModel, Message
from qwen_magics.engine.generation import SamplingParams
from qwen_magics.errors import AgentError, QueryError

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table
    from qwen_magics.trace.recorder import Recorder

__all__ = ["Attempt", "QueryLoop", "QueryTool", "best"]

# Greedy decoding repeats a failed program word for word; each sample is heated a little more.
_TEMPERATURES = (0.4, 0.7, 1.0)
# How often the model sees its own failed program. After that it is in a rut.
_REPAIRS = 2
_AGREEING = 2
# A program that says the same that often goes on to do so until its tokens are spent.
_REPEATS = 4
# Samples that may speak against a result which finds nothing.
_OPINIONS = 3
# A word of the question that a program does without may well be said in another way.
_LIGHT = frozenset({"column_unused", "number_unused", "table_unused", "value_unused"})


class QueryTool(Protocol):
    """What the loop needs of a tool; `FrameDatabase` and `ProgramTool` are such."""

    def check(self, code: str, /) -> str: ...

    def run(self, code: str, /, *, timeout_s: float = ..., max_rows: int | None = ...) -> QueryResult: ...

    def review(self, code: str, result: QueryResult, /) -> Sequence[QueryError]: ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """One program with what became of it. `problems` is empty for a good one."""

    code: str
    result: QueryResult | None = None
    problems: tuple[QueryError, ...] = ()
    language: Language = SQL

    @property
    def query(self) -> str:
        """The query that is asked for, if a check of this attempt knows it; else nothing."""
        return next((problem.query for problem in self.problems if problem.query), "")

    @property
    def complaint(self) -> str:
        return " ".join(str(problem) for problem in self.problems)


@dataclass
class QueryLoop:
    """The loop for one question in one language.

    Attributes:
        grammar: of the program; None leaves it free.
        demand: what the format asks of the result.
        evidence: what of a result its program, in that language, put there itself.
        waived: whether what the tool finds against a program's result is meant, by the question.
        label: what is put beside keys in a program that binds, where it then binds as well.
        execute: False stops at a program that binds.
        turns: what was asked and answered before.
        results: describes the tables that those answers left.
        table: the one that the question is about most, for worked examples.
        ways: joins between tables that the question names and no key of their own leads to.
        hopeless: whether this language is given up after the attempt.
        learnt: what the attempts in another language taught, in view of the first program.
        given: a program that stands where the model's first would; empty for none. A query that a check
            knows stands where the model's next would.
        failed: what was tried before it, in another run.
        accepts_nothing: a result that finds nothing is an answer at once.
        doubt: told the first program and its mean log-probability, in nats; gives the number of programs
            that it asked for, or ends the loop by an exception.
    """

    model: LanguageModel
    tool: QueryTool
    recorder: Recorder
    listener: Listener
    schema: str
    grammar: str | None
    limits: Limits = field(default_factory=Limits)
    params: SamplingParams = field(default_factory=SamplingParams)
    demand: Demand = lambda result, code: None
    evidence: Callable[[str, str, QueryResult], QueryError | None] = lambda code, language, result: None
    waived: Callable[[QueryError, str], bool] = lambda finding, code: False
    label: Callable[[str], str] = str
    execute: bool = True
    language: Language = SQL
    turns: Sequence[Turn] = ()
    results: str = ""
    table: Table | None = None
    ways: str = ""
    hopeless: Callable[[Attempt], bool] = lambda attempt: False
    learnt: str = ""
    doubt: Callable[[float, str, str], int] = lambda confidence, question, code: 0
    given: str = ""
    failed: Sequence[Attempt] = ()
    accepts_nothing: bool = False

    def solve(self, question: str) -> Attempt:
        """The first good attempt, or the last that ran if none is good.

        Raises:
            AgentError: no program ran within the limits.
            ContextOverflowError, Cancelled: from the model.
        """
        return best(self.attempts(question), self.limits, self.language)

    def attempts(self, question: str) -> list[Attempt]:
        """What was tried, the chosen attempt last if there is a good one."""
        deadline = time.monotonic() + self.limits.seconds
        tried = {attempt.code: attempt for attempt in self.failed}
        ballots: list[tuple[Hashable, Attempt]] = []
        for attempt, sampled in self._attempts(question, tried):
            if not attempt.problems:
                vote = None if attempt.result is None else signature(attempt.result.frame)
                ballots.append((vote, attempt))
                settled = vote is None or not (sampled or self._is_doubtful(attempt))
                chosen = elect(ballots, None if settled else _AGREEING)
                if chosen is not None:
                    return [*tried.values(), chosen]
            if time.monotonic() > deadline or self.hopeless(attempt):
                break
        # What the first program failed to find, two others may have found.
        found = [ballot for ballot in ballots if not self._is_doubtful(ballot[1])]
        chosen = elect(found, _AGREEING if len(found) < len(ballots) else None) or elect(ballots)
        return [*tried.values(), *([chosen] if chosen else [])]

    def _attempts(self, question: str, tried: dict[str, Attempt]) -> Iterator[tuple[Attempt, bool]]:
        """Each attempt, and whether it was sampled afresh."""
        first = messages = self.first(noted(question, self.learnt))
        params, samples, doubts, last = self._greedy(), 0, 0, self.limits.steps
        given = self.given
        for number in range(1, self.limits.steps + 1):
            if number + doubts > self.limits.steps or number > last:
                return
            if given:
                code, unending = given, False
            else:
                completion = self.write(messages, params, number)
                code, unending = _bare(completion.text), completion.finish_reason == "repetition"
                doubts = self.doubt(completion.mean_logprob, question, code) if number == 1 else doubts
            known = tried.get(code) or tried.get(_whole(code))
            if known is not None and known.problems and _is_light(known):
                # Told what it does without, the model writes the same again: it has a reason.
                tried[code] = insisted = replace(known, problems=())
                yield insisted, False
                return
            attempt = tried[code] = known or self._try(code, number, unending=unending)
            doubtful = self._is_doubtful(attempt)
            # The same program finds the same; another one that finds nothing either would be a second voice.
            if known is None or not (known.problems or doubtful):
                yield attempt, bool(samples)
            last = min(last, number + _OPINIONS) if doubtful else last
            # A query that is known needs nobody to copy it.
            given = "" if self.language.name != "sql" else attempt.query
            given = "" if given in tried else given
            if samples or known is not None or number > _REPAIRS or unending or not attempt.problems:
                again = "the same again: " if known is not None and known.problems else ""
                again = "it finds nothing: " if doubtful else again
                reason = f"{again}asking afresh, sampling"
                messages = self.first(noted(question, _learnt(tried)))
                params, samples = self._heated(params, samples, number), samples + 1
            else:
                reason = attempt.complaint
                messages = repair_messages(first, code, reason, self.language)
            self._note_retry(reason, number)

    def _greedy(self) -> SamplingParams:
        return replace(self.params, max_tokens=self.limits.tokens, repeats=_REPEATS)

    def _is_doubtful(self, attempt: Attempt) -> bool:
        """Whether it found nothing, which another program has to confirm."""
        if self.accepts_nothing or attempt.problems or attempt.result is None:
            return False
        return finds_nothing(attempt.result.frame)

    def first(self, question: str) -> list[Message]:
        """The first turn: rules, tables, what was said before, question."""
        return first_messages(
            self.language, self.schema, question, self.turns, self.results, self.table, self.ways
        )

    def _heated(self, params: SamplingParams, samples: int, number: int) -> SamplingParams:
        temperature = _TEMPERATURES[min(samples, len(_TEMPERATURES) - 1)]
        # Derived from the user's seed, so that a retry is as reproducible as the first try.
        return replace(params, temperature=temperature, seed=(self.params.seed or 0) + number)

    def write(self, messages: Sequence[Message], params: SamplingParams, number: int) -> Completion:
        """One program of the model's, in the trace."""
        noun, language = self.language.noun, self.language
        self.listener(
            Event("status", f"Writing a {noun}" if number == 1 else f"Writing a {noun} (attempt {number})")
        )
        with self.recorder.span("llm", f"write {noun}", attempt=number, grammar=self.grammar) as span:
            completion = record_completion(
                span,
                lambda: self.model.complete(
                    messages,
                    prefix=language.prefix,
                    grammar=self.grammar,
                    params=params,
                    stop=(language.stop,),
                    on_text=lambda text: self.listener(Event("text", text)),
                ),
            )
        return completion

    def _try(self, code: str, number: int, *, unending: bool) -> Attempt:
        try:
            checked = self._check(code, number, unending=unending)
            if not self.execute:
                return Attempt(checked, language=self.language)
            result = self._run(checked, number)
        except QueryError as error:
            return Attempt(code, None, (error,), self.language)
        return Attempt(checked, result, self._review(checked, result, number), self.language)

    def _check(self, code: str, number: int, *, unending: bool) -> str:
        data = {"subject": self.language.name, **self._program(code)}
        with self.recorder.span("check", f"bind {self.language.noun}", attempt=number, **data) as span:
            if unending:
                msg = f"The {self.language.noun} says the same over and over and does not end."
                raise QueryError("unending", msg, "Write a short one.")
            checked = self.tool.check(code)
            span.set(result="ok" if checked == code else "put right")
            if (named := self.label(checked)) != checked:
                with suppress(QueryError):
                    checked = self.tool.check(named)
                    span.set(result="names put beside keys")
        return checked

    def _run(self, code: str, number: int) -> QueryResult:
        self.listener(Event("status", f"Running the {self.language.noun}"))
        name, program = self.language.tool, self._program(code)
        with self.recorder.span(
            "tool", name, attempt=number, tool=name, arguments=program, **program
        ) as span:
            result = self.tool.run(code, timeout_s=self.limits.query_seconds, max_rows=self.limits.rows)
            record_result(span, result)
        return result

    def _review(self, code: str, result: QueryResult, number: int) -> tuple[QueryError, ...]:
        found = (self.demand(result, code), self.evidence(code, self.language.name, result))
        against = (finding for finding in self.tool.review(code, result) if not self.waived(finding, code))
        problems = (*filter(None, found), *against)
        if problems:
            data = {"subject": "result", **self._program(code)}
            with self.recorder.span("check", "review result", attempt=number, **data) as span:
                span.fail(problems[0].kind, problems[0].message, problems[0].hint)
        return problems

    def _program(self, code: str) -> dict[str, str]:
        """The program as the trace's schema names it."""
        return {"sql": code} if self.language.name == "sql" else {"code": code}

    def _note_retry(self, reason: str, number: int) -> None:
        if number < self.limits.steps:
            with self.recorder.span("retry", "retry", attempt=number, reason=reason):
                self.listener(Event("status", f"Trying again: {reason}"))


def best(attempts: Sequence[Attempt], limits: Limits, language: Language = SQL) -> Attempt:
    """The attempt with the fewest problems, the latest of several.

    Raises:
        AgentError: none of them ran.
    """
    ran = [a for a in attempts if a.result is not None or not a.problems]
    if ran:
        # The last one had the benefit of every hint, but fewer and lighter problems count more.
        return min(reversed(ran), key=lambda a: sum(1 if p.kind in _LIGHT else 2 for p in a.problems))
    last = attempts[-1].complaint if attempts else "The model wrote nothing that could be tried."
    msg = (
        f"No {language.noun} worked within {limits.steps} steps and {limits.seconds:.0f} s. "
        f"The last problem: {last} Name the columns you mean, or choose a larger model with %qwen use."
    )
    raise AgentError(msg)


def _bare(text: str) -> str:
    return text.strip().rstrip(";").rstrip()


def _is_light(attempt: Attempt) -> bool:
    return attempt.result is not None and all(problem.kind in _LIGHT for problem in attempt.problems)


def _whole(code: str) -> str:
    """The query without the LIMIT that only hides what was wrong with it: the rows that it keeps are any."""
    cut = re.sub(r"\s+LIMIT \d+$", "", code, flags=re.IGNORECASE)
    return code if re.search(r"\border by\b", cut, re.IGNORECASE) else cut


def _learnt(tried: dict[str, Attempt]) -> str:
    """What the last failure taught; nothing where the last ones were good."""
    failed = [attempt.complaint for attempt in tried.values() if attempt.problems]
    return failed[-1] if failed else ""
