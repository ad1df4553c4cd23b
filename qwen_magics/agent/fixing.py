"""A cell that failed → the cell repaired, with one sentence about what was wrong.

The repaired cell is only proposed: it goes into a new cell, and the user runs it. Where it is a program that
the guard lets through, it has been tried on copies of the tables before it is shown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qwen_magics.agent.answer import Answer
from qwen_magics.agent.answering import Answering
from qwen_magics.agent.events import Event, Listener
from qwen_magics.agent.prompts import PYTHON, explain_messages, fix_messages, repair_messages
from qwen_magics.agent.recording import record_completion
from qwen_magics.agent.request import Request
from qwen_magics.agent.session import Session
from qwen_magics.agent.wording import words_grammar
from qwen_magics.errors import AgentError, QueryError
from qwen_magics.tools.schema import closest

if TYPE_CHECKING:
    from qwen_magics.chat.messages import LanguageModel, Message
    from qwen_magics.tools.frames import FrameDatabase
    from qwen_magics.tools.programs.tool import ProgramTool

__all__ = ["FIX", "FailedCell", "fix"]

FIX = "fix"  # what the record of a repair has as its route

_TEMPERATURES = (0.0, 0.0, 0.5, 0.8)
_EXPLANATION_TOKENS = 80
# What is always there for a program, and so need not keep the guard from trying it.
_HARMLESS = re.compile(r"^\s*import (pandas as pd|numpy as np)\s*$", re.MULTILINE)
_MAGIC = re.compile(r"^\s*[%!?]|\?\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FailedCell:
    """A cell with what it ended in.

    Attributes:
        source: as typed.
        error, message: the exception's class and text, on one line.
        line: the line of the cell in which it happened; empty if that was elsewhere.
    """

    source: str
    error: str
    message: str
    line: str = ""

    @property
    def complaint(self) -> str:
        where = f" in the line: {self.line}" if self.line else ""
        return f"{self.error}: {self.message[:400]}{where}"


def fix(
    failed: FailedCell,
    namespace: Mapping[str, Any],
    request: Request,
    listener: Listener,
    within: Session,
) -> Answer:
    """The repaired cell, as `answer.cell`.

    Args:
        namespace: the notebook's variables; of tables that the cell names, the schema reaches the model.
        request: limits and sampling; its question and frames are made here.

    Raises:
        AgentError: no repair that is any different, or that works, within the limits.
    """
    frames = {name: namespace[name] for name in _tables(failed.source, namespace)}
    question = f"Fix the cell that failed with {failed.error}: {failed.message[:200]}"
    names = [name for name in namespace if not name.startswith("_")]
    asked = replace(request, question=question, frames=frames)
    with within.runs.recorded(request.trace):
        answer = _Fixing(asked, listener, within, failed, names).run()
    within.history.append(answer)
    within.runs.add(answer.trace)
    return answer


class _Fixing(Answering):
    def __init__(
        self, request: Request, listener: Listener, session: Session, failed: FailedCell, names: Sequence[str]
    ) -> None:
        super().__init__(request, listener, session)
        self._failed = failed
        self._names = names
        self._frames: FrameDatabase | None = None
        self._tool: ProgramTool | None = None

    def run(self) -> Answer:
        if not self._request.frames:
            return self._recorded(self._model(), [], self._repair)
        from qwen_magics.tools.frames import FrameDatabase
        from qwen_magics.tools.programs.tool import ProgramTool

        self._status("Reading " + ", ".join(self._request.frames))
        with (
            FrameDatabase(self._request.frames) as database,
            ProgramTool(database.prepared, database.tables) as tool,
        ):
            self._frames, self._tool = database, tool
            return self._recorded(self._model(), database.fingerprints(), self._repair)

    def _repair(self, model: LanguageModel) -> Answer:
        schema = self._schema(model, self._frames) if self._frames is not None else ""
        first = messages = fix_messages(schema, self._failed.source, self._complaint())
        problem = ""
        for number in range(1, min(self._request.limits.steps, len(_TEMPERATURES)) + 1):
            code = self._write(model, messages, number)
            try:
                tried = self._check(code, number)
            except QueryError as error:
                problem = str(error)
                messages = repair_messages(first, code, problem, PYTHON) if number < 2 else first
                continue
            return self._answer(model, code, tried)
        msg = f"No repair was found ({problem}). The cell failed with {self._failed.complaint}"
        raise AgentError(msg)

    def _parameters(self) -> dict[str, Any]:
        return {**super()._parameters(), "format": "python", "route": FIX}

    def _complaint(self) -> str:
        hint = _hint(self._failed, self._columns(), self._names)
        return f"{self._failed.complaint}{f' {hint}' if hint else ''}"

    def _columns(self) -> list[str]:
        tables = self._frames.tables if self._frames is not None else ()
        return [column.name for table in tables for column in table.columns]

    def _write(self, model: LanguageModel, messages: Sequence[Message], number: int) -> str:
        self._status("Repairing the cell" if number == 1 else f"Repairing the cell (attempt {number})")
        temperature = max(_TEMPERATURES[number - 1], self._request.params.temperature)
        seed = (self._request.params.seed or 0) + number
        params = replace(
            self._request.params,
            temperature=temperature,
            seed=seed,
            max_tokens=self._request.limits.tokens,
        )
        with self._open().span("llm", "repair cell", attempt=number) as span:
            completion = record_completion(
                span,
                lambda: model.complete(
                    messages,
                    prefix=PYTHON.prefix,
                    params=params,
                    stop=(PYTHON.stop,),
                    on_text=self._text,
                ),
            )
        return completion.text.strip("\n").rstrip()

    def _check(self, code: str, number: int) -> bool:
        """Whether the repair was tried and worked; False where it cannot be tried here.

        Raises:
            QueryError: it is no repair.
        """
        with self._open().span("check", "check repair", attempt=number, subject="cell", code=code) as span:
            if _same(code, self._failed.source):
                raise QueryError("unchanged", "That is the cell as it was.", "Change the line that fails.")
            if not _MAGIC.search(self._failed.source):
                _parse(code)
            tried = self._try(code)
            span.set(result="ran on copies without an error" if tried else "not tried: needs the notebook")
        return tried

    def _try(self, code: str) -> bool:
        if self._tool is None:
            return False
        try:
            program = self._tool.check(_HARMLESS.sub("", code))
        except QueryError as refused:
            if refused.kind == "unknown_column":
                raise
            return False  # more than a program may do here; the user decides
        try:
            self._tool.run(program, timeout_s=min(20.0, self._request.limits.query_seconds))
        except QueryError as error:
            if error.kind != "no_result":
                raise
        return True

    def _answer(self, model: LanguageModel, code: str, tried: bool) -> Answer:
        from qwen_magics.tools.programs.cell import notebook_cell

        said = self._explain(model, code)
        text = f"{said} The repaired cell ran on copies without an error." if tried else said
        link = self._request.link or self._failed.source
        cell = notebook_cell(code, f"fix for {self._failed.error}", link)
        return Answer(text=text.strip(), value=code, kind="python", code=code, cell=cell)

    def _explain(self, model: LanguageModel, code: str) -> str:
        """One sentence; its figures can only be those of the cell and its error."""
        messages = explain_messages(self._failed.source, self._complaint(), code)
        grammar = words_grammar(f"{self._failed.source} {self._failed.message} {code}")
        params = replace(self._request.params, max_tokens=_EXPLANATION_TOKENS)
        self._listener(Event("status", "Explaining"))
        with self._open().span("llm", "explain repair", grammar=grammar) as span:
            completion = record_completion(
                span,
                lambda: model.complete(
                    messages, grammar=grammar, params=params, stop=("\n",), on_text=self._text
                ),
            )
        text = completion.text.strip()
        # Cut off by the limit: back to the end of the last sentence.
        ended = text if text.endswith((".", "。")) else text.rpartition(". ")[0]
        return f"{ended.rstrip('.')}." if ended else f"{text}."


def _tables(source: str, namespace: Mapping[str, Any]) -> list[str]:
    """Names in the cell that are tables of the notebook."""
    words = dict.fromkeys(re.findall(r"[^\W\d]\w*", source))
    return [name for name in words if name in namespace and _is_table(namespace[name])]


def _is_table(value: object) -> bool:
    # By name: asking must not import pandas into a notebook that has none.
    kinds = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(value).__mro__}
    return bool(kinds & {("pandas", "DataFrame"), ("polars", "DataFrame"), ("pyarrow", "Table")})


def _hint(failed: FailedCell, columns: Sequence[str], names: Sequence[str]) -> str:
    """The closest column or variable to what was not found."""
    missing = re.findall(r"'([^']+)'", failed.message)
    if failed.error == "NameError" and missing:
        near = closest(missing[0], [name for name in names if name != missing[0]], cutoff=0.7)
        return f"There is a variable {near[0]}." if near else ""
    if failed.error in ("KeyError", "AttributeError", "ValueError") and missing and columns:
        near = closest(missing[-1], columns, count=2)
        return f"There is a column {' or '.join(map(repr, near))}." if near else ""
    return ""


def _same(code: str, source: str) -> bool:
    try:
        return ast.dump(ast.parse(code)) == ast.dump(ast.parse(source))
    except (SyntaxError, ValueError):
        return code.split() == source.split()


def _parse(code: str) -> None:
    if not code.strip():
        raise QueryError("empty", "There is no cell.", "Write the whole cell.")
    try:
        ast.parse(code)
    except (SyntaxError, ValueError) as exc:
        raise QueryError("syntax", f"{exc}.", "Write plain Python.") from exc
