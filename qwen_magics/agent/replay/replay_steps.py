"""Runs single steps of a recorded run: queries, pandas programs, tools that read.

Nothing that writes is run, whatever a recorded step says of itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any

from qwen_magics.agent.calling.calls import Made
from qwen_magics.agent.calling.tooled import tables_of
from qwen_magics.agent.formats.call import Call
from qwen_magics.agent.recording import record_of_output
from qwen_magics.errors import TraceError
from qwen_magics.tools.arguments import checked
from qwen_magics.tools.invoke import invoke
from qwen_magics.tools.registry import Tool, marked

if TYPE_CHECKING:
    from qwen_magics.tools.databases.database import Database
    from qwen_magics.tools.frames import FrameDatabase
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.trace import Span, Trace

__all__ = ["StepReplayer", "recorded_frames"]

_RECORDED_ROWS = 20


class StepReplayer:
    """The data and tools of one replay; a context manager.

    Args:
        namespace: the variables of the notebook.
        tools: what is registered now, by full name.

    Attributes:
        frames: the variables that the run had, as far as they are there.
    """

    def __init__(self, trace: Trace, namespace: Mapping[str, Any], tools: Iterable[Tool] = ()) -> None:
        self._trace = trace
        # Only functions that were made tools: a trace from elsewhere may name any function there is.
        self._tools = {tool.full_name: tool for tool in (*marked(namespace.values()), *tools)}
        self._made: list[Made] = []
        self._metrics: dict[str, Any] = {}
        self._open = ExitStack()
        self._connections: dict[str, Database] = {}
        self._names = _frame_names(trace)
        self.frames = {name: namespace[name] for name in self._names if name in namespace}

    def __enter__(self) -> StepReplayer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.close()

    def data(self) -> Sequence[Mapping[str, Any]]:
        """The variables as they are now, as a trace's envelope lists them.

        Raises:
            UnsupportedDataError: a variable of a recorded name is no table any more.
        """
        if not self.frames:
            return []
        with _frame_database(self.frames) as database:
            return database.fingerprints()

    def run(self, span: Span) -> Mapping[str, Any]:
        """What the span of this step would hold now.

        Raises:
            TraceError: it cannot be run again; the message says why.
            QueryError, ToolError, DatabaseError: it fails now.
        """
        if span.data.get("sql"):
            return self._query(span)
        if span.data.get("code"):
            return self._program(span)
        return self._call(span)

    def _query(self, span: Span) -> dict[str, Any]:
        result = self._result(span)
        if span.data.get("table"):
            self._metrics[str(span.data["table"])] = result.frame
        return _recorded(span, result)

    def _result(self, span: Span) -> QueryResult:
        sql, connection = str(span.data["sql"]), span.data.get("connection")
        name = str(connection or self._trace.parameters.get("database") or "")
        if name and not self._reads_metrics(span):
            return self._database(name).run(sql, max_rows=self._most_rows)
        with _frame_database(self._metrics if self._reads_metrics(span) else self._tables()) as database:
            return database.run(sql, max_rows=self._most_rows)

    def _reads_metrics(self, span: Span) -> bool:
        """A query over what a metric gave: in the notebook, whatever the metric itself ran on."""
        tables = span.data.get("tables")
        names = tables if isinstance(tables, (list, tuple)) else ()
        return bool(names) and not span.data.get("dialect") and set(names) <= set(self._metrics)

    def _program(self, span: Span) -> dict[str, Any]:
        """A pandas program, allowed and confined as if a model had just written it."""
        from qwen_magics.tools.programs.tool import ProgramTool

        if span.data.get("language", "python") != "python":
            msg = f"Programs in {span.data['language']} cannot be run again."
            raise TraceError(msg)
        with (
            _frame_database(self._metrics if self._reads_metrics(span) else self._tables()) as database,
            ProgramTool(database.prepared, database.tables) as tool,
        ):
            return _recorded(span, tool.run(str(span.data["code"]), max_rows=self._most_rows))

    @property
    def _most_rows(self) -> int | None:
        rows = self._trace.parameters.get("rows")
        return rows if isinstance(rows, int) else None

    def _tables(self) -> dict[str, Any]:
        """The variables, and what the calls before this query returned."""
        recorded_frames(self._trace, self.frames)
        tables = {**self.frames, **tables_of(self._made, self.frames)}
        if not tables:
            msg = "The trace does not say which tables the query ran over."
            raise TraceError(msg)
        return tables

    def _database(self, name: str) -> Database:
        from qwen_magics.tools.databases import find

        if name not in self._connections:
            self._connections[name] = self._open.enter_context(find(name).open())
        return self._connections[name]

    def _call(self, span: Span) -> dict[str, Any]:
        name, arguments = str(span.data.get("tool") or span.name), span.data.get("arguments")
        tool = self._tools.get(name)
        if tool is None or not isinstance(arguments, Mapping):
            msg = (
                f"There is no tool {name} here: register its API, or run the cell that defines it with @tool."
            )
            raise TraceError(msg)
        if tool.effect != "read":
            msg = f"The tool {name} writes, and a replay only reads."
            raise TraceError(msg)
        output = invoke(tool, checked(tool, arguments))
        self._made.append(Made(Call(tool.name, dict(arguments)), tool, output))
        return record_of_output(output, _recorded_rows(span))


def recorded_frames(trace: Trace, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """The variables that a run was handed.

    Raises:
        TraceError: one of them is not there.
    """
    names = _frame_names(trace)
    missing = [name for name in names if name not in namespace]
    if missing:
        msg = f"There is no variable {', '.join(missing)} here: run the cells that make it."
        raise TraceError(msg)
    return {name: namespace[name] for name in names}


def _frame_names(trace: Trace) -> list[str]:
    # A name with a dot is a table of a connection.
    return [name for table in trace.data if (name := str(table.get("name"))).isidentifier()]


def _recorded(span: Span, result: QueryResult) -> dict[str, Any]:
    return {
        "rows": result.rows,
        "columns": [str(column) for column in result.frame.columns],
        "user_view": result.preview(_recorded_rows(span)),
    }


def _frame_database(frames: Mapping[str, Any]) -> FrameDatabase:
    from qwen_magics.tools.frames import FrameDatabase

    return FrameDatabase(frames)


def _recorded_rows(span: Span) -> int:
    view = span.data.get("user_view")
    rows = view.get("rows") if isinstance(view, Mapping) else None
    return max(1, len(rows)) if isinstance(rows, (list, tuple)) else _RECORDED_ROWS
