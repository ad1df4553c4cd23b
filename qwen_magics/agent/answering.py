"""One request from start to end: tables, model, loop, answer, trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.calling.metrics import Measured, applicable, measure
from qwen_magics.agent.checks.compared_outside import compared_outside
from qwen_magics.agent.checks.demands import Demand, demand
from qwen_magics.agent.checks.group_counts import things_counted
from qwen_magics.agent.checks.groups_shown import groups_shown
from qwen_magics.agent.checks.window_order import windows_ordered
from qwen_magics.agent.doubts.ambiguity import ambiguity
from qwen_magics.agent.doubts.doubting import Unanswerable
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.evidence import invented
from qwen_magics.agent.examples.sql.recipes import firm_sql
from qwen_magics.agent.examples.whole.again import again
from qwen_magics.agent.examples.whole.chain_figures import chained
from qwen_magics.agent.examples.whole.chosen import chosen
from qwen_magics.agent.examples.whole.over_rows import averaged_over
from qwen_magics.agent.examples.whole.placed import placed
from qwen_magics.agent.examples.whole.twins import twins
from qwen_magics.agent.examples.worked import worked_query
from qwen_magics.agent.links.joined import joined
from qwen_magics.agent.links.linking import hints, labels
from qwen_magics.agent.loop import QueryLoop
from qwen_magics.agent.presenting import present
from qwen_magics.agent.prompts import PYTHON, SQL_STOP, first_messages, sql_of, words_messages
from qwen_magics.agent.recording import model_record
from qwen_magics.agent.request import Request
from qwen_magics.agent.session import Session
from qwen_magics.agent.shaping import shape_demand, shaped_words, with_columns
from qwen_magics.agent.solving import languages, main_table, solve, solve_connected
from qwen_magics.agent.unaided import in_words
from qwen_magics.errors import (
    Cancelled,
    ConfigError,
    DeniedError,
    QwenMagicsError,
    UnsupportedDataError,
)
from qwen_magics.tools.key_directions import directed

if TYPE_CHECKING:
    from qwen_magics.chat.messages import LanguageModel
    from qwen_magics.tools.databases.database import Database
    from qwen_magics.tools.frames import FrameDatabase
    from qwen_magics.tools.schema import Table
    from qwen_magics.trace.recorder import Recorder

__all__ = ["Answering"]

# For what a check looks up beside the answer.
_LOOK_TIMEOUT_S = 10.0


class Answering:
    """One request under way."""

    def __init__(self, request: Request, listener: Listener, session: Session) -> None:
        self._request = request
        self._listener = listener
        self._session = session
        self._recorder: Recorder | None = None
        self._database = ""  # as it may be shown: a URL has a password in it

    def run(self) -> Answer:
        """See `agent.ask.ask`."""
        if self._request.database is not None:
            return self._over_database()
        if self._request.tools:
            return self._recorded(self._model(), self._fingerprints(), self._answer_with_tools)
        if not self._request.frames:
            return self._recorded(self._model(), [], self._answer_without_data)
        from qwen_magics.tools.frames import FrameDatabase

        if self._request.model is None and not self._request.dry_run:
            # Loading the model and profiling the tables take about as long as each other.
            self._session.load_in_background()
        self._status("Reading " + ", ".join(self._request.frames))
        with FrameDatabase(self._request.frames) as database:
            return self._recorded(
                self._model(), database.fingerprints(), lambda m: self._answer_by_query(m, database)
            )

    def _over_database(self) -> Answer:
        from qwen_magics.tools.databases import find

        _refuse_other_data(self._request)
        connection = find(self._request.database)
        self._database = (
            connection.name if connection.name == self._request.database else connection.target.shown
        )
        if self._request.model is None and not self._request.dry_run:
            self._session.load_in_background()
        self._status(f"Reading {connection.name}")
        with connection.open() as database:
            model = self._model()
            budget = self._schema_budget(model)
            database.focus(self._request.question, lambda text: model.count_tokens(text) <= budget)
            return self._recorded(
                model, database.fingerprints(), lambda m: self._answer_by_query(m, database)
            )

    def _model(self) -> LanguageModel:
        return self._session.model(self._request.model, self._listener)

    def _recorded(
        self, model: LanguageModel, data: list[dict[str, Any]], produce: Callable[[LanguageModel], Answer]
    ) -> Answer:
        from qwen_magics.trace.recorder import Recorder

        recorder = self._recorder = Recorder(
            self._request.question, model=model_record(model.card), parameters=self._parameters(), data=data
        )
        recorder.on_change = lambda r: self._listener(Event("status", "", trace=r.snapshot()))
        try:
            with recorder.span("agent", "answer"):
                self._note_origin(data)
                answer = produce(model)
        except KeyboardInterrupt as stop:
            cancelled = stop if isinstance(stop, Cancelled) else Cancelled("Stopped.")
            cancelled.trace = recorder.finish("cancelled", None)
            raise cancelled from None
        except QwenMagicsError as error:
            error.trace = recorder.finish("denied" if isinstance(error, DeniedError) else "error", None)
            raise
        trace = recorder.finish("ok", _record(answer))
        return replace(answer, trace=trace) if self._request.trace else answer

    def _note_origin(self, data: list[dict[str, Any]]) -> None:
        resumed = self._request.resumed
        if resumed is not None:
            with self._open().span("check", "go on from a step", subject="run") as span:
                span.set(result=resumed.told(data))

    def _answer_by_query(self, model: LanguageModel, database: FrameDatabase | Database) -> Answer:
        database.tables = directed(self._request.question, database.tables)
        if self._request.resumed is not None and self._request.resumed.program:
            return self._answer_by_program(model, database)
        return (
            self._answer_by_metric(model, database)
            or self._asked_back(database)
            or self._answer_by_program(model, database)
        )

    def _asked_back(self, database: FrameDatabase | Database) -> Answer | None:
        """The question back to the user, if columns fit it equally well."""
        request = self._request
        if request.dry_run or request.conversation.turns or request.tools:
            return None  # what was said or fetched before may make it clear
        found = ambiguity(request.question, database.tables)
        if found is None:
            return None
        readings = found.readings(request.question, request.frames)
        with self._open().span("check", "is it ambiguous?", subject="question") as span:
            span.set(result=f"{found.what}: {' or '.join(found.columns)}")
        return Answer(found.sentence(readings), None, "text", status="ambiguous", readings=readings)

    def _answer_without_data(self, model: LanguageModel) -> Answer:
        return self._answer_by_metric(model, None) or self._answer_in_words(model)

    def _answer_by_metric(
        self, model: LanguageModel, database: FrameDatabase | Database | None
    ) -> Answer | None:
        """The answer of a named metric, if one fits the question."""
        from qwen_magics.tools.frames import FrameDatabase

        request, tables = self._request, database.tables if database is not None else ()
        frames = database if isinstance(database, FrameDatabase) else None
        named = "" if frames is not None or database is None else database.name  # type: ignore[union-attr]
        metrics = applicable(request, tables, named) if request.metrics else []
        found = measure(metrics, request, model, self._open(), self._listener, frames) if metrics else None
        if found is None:
            return None
        if not found.further:
            return present(found.attempt, request, tables, model, self._open())
        assert found.attempt.result is not None
        rows = FrameDatabase({found.table: found.attempt.result.frame})
        with rows:
            answer = self._answer_by_program(model, rows, filtered=True)
        return replace(answer, code=f"{_commented(found)}{answer.code}")

    def _answer_by_program(
        self, model: LanguageModel, database: FrameDatabase | Database, *, filtered: bool = False
    ) -> Answer:
        """The answer of a query or a pandas program.

        Args:
            filtered: the rows are those that the question is about already.
        """
        from qwen_magics.tools.frames import FrameDatabase
        from qwen_magics.tools.sql.grammar import select_grammar

        turns, results = self._request.conversation.turns, self._result_schema(database)
        schema = self._schema(model, database)
        request, tables = self._request, self._frames_only(database)
        main = main_table(request.question, database.tables)
        first = languages(request.question, request.format, request.route if tables else "sql", main)[0]
        language = PYTHON if first == "python" else sql_of(database.dialect.title)
        question = with_columns(request.question, request.shape)
        ways = hints(request.question, database.tables, database.dialect)
        # One that is nearly the answer needs no other beside it.
        worked = worked_query(request.question, database.tables, database.dialect)
        ways = "\n".join(filter(None, (ways, worked)))
        about = None if worked else joined(request.question, main, database.tables, database.dialect)
        if self._request.dry_run:
            about = main if language is PYTHON else about
            messages = first_messages(language, schema, question, turns, results, about, ways)
            return _dry_run(model, messages)
        loop = QueryLoop(
            model=model,
            tool=database,
            recorder=self._open(),
            listener=self._listener,
            schema=schema,
            grammar=select_grammar(database.tables, dialect=database.dialect, ending=SQL_STOP),
            language=sql_of(database.dialect.title),
            limits=self._request.limits,
            params=self._request.params,
            demand=self._demand(database, filtered, self._example(database, schema, about)),
            evidence=lambda code, language, result: invented(
                code, language, result, request.question, database.tables
            ),
            waived=averaged_over(request.question, database.tables),
            label=self._label(database),
            execute=self._request.format != "sql",
            # A form may have gaps, and a person's own query finds what it finds.
            accepts_nothing=request.shape is not None or request.resumed is not None,
            turns=turns,
            results=results,
            table=about,
            ways=ways,
        )
        try:
            attempt = (
                solve(question, loop, database, request)
                if isinstance(database, FrameDatabase)
                else solve_connected(question, loop, database, request)
            )
        except Unanswerable as missing:
            return Answer(text=str(missing), value=None, kind="text", status="unanswerable")
        return present(attempt, request, database.tables, model, self._open())

    def _example(self, database: FrameDatabase | Database, schema: str, table: Table | None) -> str:
        """A query of the question's kind whose steps are needed; none where what was said before may have
        them, or the query is a person's.
        """
        if self._request.conversation.turns or self._request.resumed is not None:
            return ""
        about = (self._request.question, database.tables, database.dialect)
        if (two := twins(*about)) is not None:
            return two.query
        if table is None:
            # What is told as a whole can be written in other ways.
            one = None if chained(*about) else chosen(*about) or again(*about) or placed(*about)
            return one.query if one is not None else ""
        return firm_sql(self._request.question, schema, database.dialect.title, table)

    def _demand(self, database: FrameDatabase | Database, filtered: bool, example: str) -> Demand:
        request, frames = self._request, self._frames_only(database)
        if request.shape is not None:
            return shape_demand(request.shape)
        return demand(
            request.format,
            request.question,
            # What was said before may stand for a table or a column.
            () if request.conversation.turns else database.tables,
            qualify="qualify" in database.dialect.features,
            listed=database.listed,
            spacing=frames.spacing if frames is not None else frozenset,
            # What a call has shown stands for the question's own words: waiting for pending.
            given=filtered or request.resumed is not None or bool(request.tools),
            example=example,
            dialect=database.dialect,
            run=lambda sql: database.run(sql, timeout_s=_LOOK_TIMEOUT_S),
        )

    def _label(self, database: FrameDatabase | Database) -> Callable[[str], str]:
        # Where the shape of the result is given, nothing is put into it; a number has no names.
        question, tables, dialect = self._request.question, database.tables, database.dialect
        if self._request.shape is not None:
            return str
        # A person's own query counts what it counts.
        own = self._request.resumed is not None
        counted = str if own else things_counted(question, tables, dialect)
        compared = str if own else compared_outside(question, dialect)
        ordered = str if own else windows_ordered(question, database.reordered)
        if self._request.format == "number":
            return lambda sql: counted(ordered(sql))
        named, shown = labels(question, tables, dialect), str if own else groups_shown(question, dialect)
        return lambda sql: named(shown(counted(compared(ordered(sql)))))

    def _frames_only(self, database: FrameDatabase | Database) -> FrameDatabase | None:
        """The frames that pandas may work on as well; None for a connected database.

        Raises:
            ConfigError: a pandas program was asked for over a connected database.
        """
        from qwen_magics.tools.frames import FrameDatabase

        if isinstance(database, FrameDatabase):
            return database
        if "python" in (self._request.format, self._request.route):
            msg = (
                "A pandas program needs the rows in the notebook, and these are in a database. Fetch them "
                "first, %%qwen -o rows --sql … , then ask about @rows."
            )
            raise ConfigError(msg)
        return None

    def _answer_with_tools(self, model: LanguageModel) -> Answer:
        from qwen_magics.agent.calling.tooled import TooledAnswer

        request, query = self._request, self._answer_by_query
        return TooledAnswer(request, model, self._open(), self._listener, self._schema, query).answer()

    def _fingerprints(self) -> list[dict[str, Any]]:
        if not self._request.frames:
            return []
        from qwen_magics.tools.frames import FrameDatabase

        with FrameDatabase(self._request.frames) as database:
            return database.fingerprints()

    def _answer_in_words(self, model: LanguageModel) -> Answer:
        request = self._request
        if request.shape is not None and not request.dry_run:
            return shaped_words(request.shape, request, model, self._open(), self._listener)
        messages = words_messages(self._request.question, self._request.conversation.turns)
        if self._request.dry_run:
            return _dry_run(model, messages)
        params = replace(self._request.params, max_tokens=self._request.limits.tokens)
        return in_words(messages, request.question, model, self._open(), params, self._listener)

    def _schema(self, model: LanguageModel, database: FrameDatabase | Database) -> str:
        """The description of the tables: whole, or the columns near the question that fit the budget."""
        from qwen_magics.tools.schema import describe

        budget = self._schema_budget(model)
        question, dialect = self._request.question, database.dialect
        tables = [table for table in database.tables if not self._is_result(table)]
        widest = max((len(table.columns) for table in tables), default=0)
        text = describe(tables, question=question, dialect=dialect)
        while model.count_tokens(text) > budget and widest > 8:
            widest = widest * 2 // 3
            text = describe(tables, question=question, max_columns=widest, dialect=dialect)
        return text

    def _result_schema(self, database: FrameDatabase | Database) -> str:
        """What earlier answers left, described behind the conversation that led to it."""
        from qwen_magics.tools.schema import describe

        tables = [table for table in database.tables if self._is_result(table)]
        return describe(tables, question=self._request.question)

    def _is_result(self, table: Table) -> bool:
        return table.name in self._request.conversation.results

    def _schema_budget(self, model: LanguageModel) -> int:
        return min(
            self._session.settings.schema_tokens, model.card.context_length - self._request.limits.tokens
        )

    def _open(self) -> Recorder:
        assert self._recorder is not None
        return self._recorder

    def _status(self, text: str) -> None:
        self._listener(Event("status", text))

    def _text(self, text: str) -> None:
        self._listener(Event("text", text))

    def _parameters(self) -> dict[str, Any]:
        return {
            **asdict(self._request.limits),
            "temperature": self._request.params.temperature,
            "seed": self._request.params.seed,
            "format": self._request.format,
            "route": self._request.route,
            **({"database": self._database} if self._database else {}),
            **(self._request.resumed.parameters if self._request.resumed is not None else {}),
        }


def _refuse_other_data(request: Request) -> None:
    """A query runs in one place: frames and what tools return are in the kernel, the database is not."""
    if request.tools:
        msg = (
            "--sql goes together with neither --api nor --tool: one query cannot read both. "
            "Fetch the rows first, %%qwen -o rows --sql … , then ask about @rows with --api or --tool."
        )
        raise UnsupportedDataError(msg)
    if request.frames:
        first = next(iter(request.frames))
        msg = (
            f"@{first} is in the notebook and the other tables are in a database, and one query cannot read "
            f"both. Fetch the rows first, %%qwen -o rows --sql … , then ask about @rows and @{first}."
        )
        raise UnsupportedDataError(msg)


def _dry_run(model: LanguageModel, messages: list[Any]) -> Answer:
    text = "\n\n".join(f"[{m.role}]\n{m.content}" for m in messages)
    tokens = model.count_tokens(text)
    return Answer(
        text=f"{text}\n\n({tokens:,} tokens would be sent to {model.card.id}.)", value=text, kind="text"
    )


def _commented(found: Measured) -> str:
    """The metric's query above one over its rows."""
    lines = found.attempt.code.splitlines()
    return "".join(f"{line if line.startswith('-- ') else f'--   {line}'}\n" for line in lines)


def _record(answer: Answer) -> dict[str, Any]:
    chart = {"chart": answer.chart.choice.to_dict()} if answer.chart is not None else {}
    record = {"kind": answer.kind, "text": answer.text, "code": answer.code, **chart}
    if answer.status != "answered":
        record |= {"status": answer.status, "readings": list(answer.readings)}
    return record
