"""The baseline: the same weights through llama.cpp, prompted once, without the loop.

It gets the same GGUF that our model directories are built from, and in the model's chat template the agent's
own rules, worked examples and schema text; it may say that the data has no answer. It decodes greedily, in
no grammar; the query in its fence runs as it is on DuckDB or SQLite, read-only, without our checks. Over the
API it writes one Python program (`evals.oneshot_api`).
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any

import pandas as pd

from bench.peers import PEERS
from bench.worker import Worker
from evals import office, oneshot_api
from evals.outcome import Outcome
from evals.question import Category, Question
from evals.scoring import is_right
from evals.sources import Sources
from qwen_magics.agent.prompts import first_messages, sql_of
from qwen_magics.agent.references import expand, find_references
from qwen_magics.chat.messages import Message
from qwen_magics.chat.template import ChatTemplate
from qwen_magics.config import Settings
from qwen_magics.model.store import Store
from qwen_magics.model.tokenizer import Tokenizer
from qwen_magics.tools.databases import aggregates, scalars
from qwen_magics.tools.frames import FrameDatabase
from qwen_magics.tools.result import typed_value
from qwen_magics.tools.schema import describe

__all__ = ["QUANTISATION", "OneShot", "read_reply", "rescored"]

QUANTISATION = "q4_k_m"
_CONTEXT, _MOST_TOKENS, _THREADS = 8192, 512, 1
_DECLINE = "CANNOT ANSWER"
_RULE = f"\n\nIf the tables do not hold what the question asks for, answer only: {_DECLINE}"
_FENCE = re.compile(r"```(?:\w+)?[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL)
_SHOWN = 400
_QUERY_S = 60.0  # as `Limits.query_seconds`


class OneShot:
    """One llama.cpp worker; a context manager.

    Args:
        model: a catalogue name whose GGUF is on this machine.
        log: where the worker's messages go.
    """

    def __init__(self, model: str, log: Path, may_decline: bool = True) -> None:
        store = Store()
        directory = store.find(model)
        gguf = min((store.root / "sources" / model).glob("*.gguf"), default=None)
        if directory is None or gguf is None:
            msg = f"{model} is not here with its GGUF. Run: qwen-magics pull {model}"
            raise SystemExit(msg)
        self._rule = _RULE if may_decline else ""
        self._tokenizer, self._template = (
            Tokenizer.from_directory(directory),
            ChatTemplate.from_directory(directory),
        )
        peer = next(peer for peer in PEERS if peer.key == "llamacpp")
        self._worker = Worker(peer.command(), log, {})
        self._worker.call("load", model=str(gguf), context=_CONTEXT, threads=_THREADS)

    def __enter__(self) -> OneShot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._worker.close()

    def answer(self, category: Category, question: Question, sources: Sources) -> Outcome:
        """Ask once and score."""
        if question.source == "office":
            return self._by_program(category, question, sources)
        gold = question.gold(sources.tables(question.source))
        started = time.perf_counter()
        if question.source == "library":
            messages = self._over_database(question, sources.library)
        elif question.source == "wholesale":
            messages = self._over_database(question, sources.wholesale)
        else:
            messages = self._over_frames(question, sources)
        reply = self._complete(messages)
        sql, declined = read_reply(reply)
        value, error = _executed(sql, question, sources)
        seconds = time.perf_counter() - started
        right = not error and is_right(value, gold, declined, None, ordered=question.ordered)
        shown = error or (reply if declined else _line(value))
        return _outcome(category, question, right, declined, error, sql, seconds, shown)

    def _by_program(self, category: Category, question: Question, sources: Sources) -> Outcome:
        assert sources.office is not None
        document = office.document(sources.office.url)
        gold = question.gold(sources.tables("office"))
        started = time.perf_counter()
        asked = f"{oneshot_api.operations(document)}\n\nQuestion: {question.text}"
        reply = self._complete([Message("system", oneshot_api.RULES), Message("user", asked)])
        fence = _FENCE.search(reply)
        code = (fence[1] if fence else reply).strip()
        value, error = None, ""
        try:
            value = oneshot_api.run(code, document["servers"][0]["url"])
        except RuntimeError as failure:
            error = str(failure)
        seconds = time.perf_counter() - started
        # What it changed stays changed, also if it failed afterwards.
        changes = category == "api-write"
        right = (changes or not error) and is_right(value, gold, False, sources.tables("office"))
        if changes:
            sources.office.reset()
        return _outcome(category, question, right, False, error, code, seconds, error or _line(value))

    def _over_frames(self, question: Question, sources: Sources) -> list[Message]:
        tables = sources.tables(question.source)
        names = find_references(question.text)
        asked = expand(question.text, {name: tables[name] for name in names}, paste=False).text
        with FrameDatabase({name: tables[name] for name in names}) as database:
            return self._messages("DuckDB", describe(database.tables, question=asked), asked)

    def _over_database(self, question: Question, path: Path) -> list[Message]:
        from qwen_magics.tools.databases import find

        budget = Settings().schema_tokens
        with find(str(path)).open() as database:
            database.focus(question.text, lambda text: self._tokens(text) <= budget)
            schema = describe(database.tables, question=question.text, dialect=database.dialect)
            return self._messages(database.dialect.title, schema, question.text)

    def _messages(self, dialect: str, schema: str, question: str) -> list[Message]:
        system, *others = first_messages(sql_of(dialect), schema, question)
        return [Message("system", system.content + self._rule), *others]

    def _tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, special=False))

    def _complete(self, messages: list[Message]) -> str:
        prompt = [
            token
            for piece in self._template.render(messages)
            for token in self._tokenizer.encode(piece.text, special=piece.trusted)
        ]
        reply: dict[str, Any] = self._worker.call(
            "generate",
            prompt=prompt,
            max_tokens=_MOST_TOKENS,
            temperature=0,
            grammar=None,
            stop=[],
            seed=0,
        )
        return str(reply["text"])


def rescored(outcome: Outcome, question: Question, sources: Sources) -> Outcome:
    """What was kept of a query over data, run again and scored by the rules of today.

    What the API was asked stays as it is: its server is another one by now.
    """
    if question.source == "office" or not outcome.code:
        return outcome
    gold = question.gold(sources.tables(question.source))
    value, error = _executed(outcome.code, question, sources)
    right = not error and is_right(value, gold, outcome.declined, None, ordered=question.ordered)
    return replace(outcome, right=right, first_try=right, runnable=not error, failed=int(bool(error)))


def _executed(sql: str, question: Question, sources: Sources) -> tuple[object, str]:
    """The value of a query, and the error of one that does not run."""
    if not sql:
        return None, ""
    try:
        return typed_value(_run(sql, question, sources))[1], ""
    except Exception as failure:
        # Whatever DuckDB, SQLite or pandas say about a query that they cannot run.
        return None, f"{type(failure).__name__}: {failure}"


def _outcome(
    category: Category,
    question: Question,
    right: bool,
    declined: bool,
    error: str,
    code: str,
    seconds: float,
    shown: str,
) -> Outcome:
    return Outcome(
        key=question.key,
        category=category,
        right=right,
        first_try=right,
        declined=declined,
        runnable=not error,
        written=int(bool(code)),
        failed=int(bool(error)),
        invented=(),
        seconds=round(seconds, 2),
        code=code,
        shown=shown[:_SHOWN],
    )


def read_reply(reply: str) -> tuple[str, bool]:
    """The query of a reply, empty if there is none, and whether it declines.

    A reply in plain words without a query declines as well.

    >>> read_reply("Sure:\\n```sql\\nSELECT 1;\\n```\\nDone.")
    ('SELECT 1', False)
    """
    fence = _FENCE.search(reply)
    text = (fence.group(1) if fence else reply).strip().rstrip(";").strip()
    if text.lower().startswith(("select", "with", "from", "pivot", "(", "--")):
        return text, False
    # A fence that holds no query is an answer that does not run, unless it says so itself.
    return ("", True) if not fence or _DECLINE in reply else (text, False)


def _run(sql: str, question: Question, sources: Sources) -> pd.DataFrame:
    if question.source == "library":
        with closing(sqlite3.connect(f"file:{sources.library}?mode=ro", uri=True)) as connection:
            # The schema's notes promise them.
            aggregates.register(connection)
            scalars.register(connection)
            with _limited(connection.interrupt):
                return pd.read_sql_query(sql, connection)
    import duckdb

    if question.source == "wholesale":
        locked = {"enable_external_access": "false"}
        with (
            duckdb.connect(str(sources.wholesale), read_only=True, config=locked) as connection,
            _limited(connection.interrupt),
        ):
            return connection.execute(sql).df()
    tables = sources.tables(question.source)
    with (
        FrameDatabase({name: tables[name] for name in find_references(question.text)}) as database,
        duckdb.connect() as connection,
    ):
        for name, frame in database.prepared.items():
            connection.register(name, frame)
        connection.execute("SET enable_external_access = false")
        with _limited(connection.interrupt):
            return connection.execute(sql).df()


@contextmanager
def _limited(interrupt: Callable[[], None]) -> Iterator[None]:
    """Ends a query that takes longer than the agent's may: a join of everything with everything."""
    timer = Timer(_QUERY_S, interrupt)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _line(value: object) -> str:
    return " ".join(str(value).split())
