"""An open database for one question: what the agent's loop needs, over any `Session`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import replace
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from qwen_magics.errors import DatabaseError, QueryError
from qwen_magics.tools.databases.frame import frame_of
from qwen_magics.tools.databases.relevance import about
from qwen_magics.tools.databases.session import MOST_CELLS, Fetched, Session
from qwen_magics.tools.databases.target import Target
from qwen_magics.tools.databases.values import with_values
from qwen_magics.tools.guard import Guard
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Table, describe
from qwen_magics.tools.sql.aggregate_place import placed
from qwen_magics.tools.sql.meaning import bound_as_meant
from qwen_magics.tools.sql.mending import mended
from qwen_magics.tools.sql.messages import explain
from qwen_magics.tools.sql.ordered_groups import aggregated
from qwen_magics.tools.sql.plurals import as_read
from qwen_magics.tools.sql.select_gate import Admitted, admit
from qwen_magics.tools.sql.translate import translations
from qwen_magics.tools.sql.unambiguous import told_whose

if TYPE_CHECKING:
    from qwen_magics.tools.metrics.template import Template
    from qwen_magics.tools.sql.listing import Listed

__all__ = ["Database"]

T = TypeVar("T")

_CHECK_TIMEOUT_S = 15.0
_VALUES_TIMEOUT_S = 5.0
# What a query of another dialect fails with.
_FOREIGN = frozenset({"function_not_allowed", "unknown_function"})
_MENDED = _FOREIGN | {"unknown_column", "unknown_table"}
# A driver that does not answer an interrupt is left behind after this.
_PATIENCE_S = 10.0
# Columns per table while tables are chosen; what is shown of each depends on how many they are in the end.
_COLUMNS_TO_FIT = 8


class Database:
    """All tables of a connection; a context manager that closes the session.

    Attributes:
        tables: those that the question is about, with their values; all of them before `focus`.
        catalogue: all tables, as the session's catalogue has them.

    Args:
        values: tables by name whose values have been looked at; filled, so that the next question finds them.
    """

    def __init__(
        self,
        name: str,
        target: Target,
        session: Session,
        tables: Sequence[Table],
        values: MutableMapping[str, Table],
    ) -> None:
        self.name = name
        self.dialect = session.dialect
        self.tables = self.catalogue = tuple(tables)
        self._target = target
        self._session = session
        self._values = values
        self._question = ""
        self._guard = Guard(session.interrupt, every_s=0.2, patience_s=_PATIENCE_S)

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def focus(self, question: str, fits: Callable[[str], bool]) -> None:
        """Keep only the tables that the question is about, with their values.

        Args:
            fits: whether a description is short enough for the model.

        Raises:
            DatabaseError: there is no table at all.
        """
        if not self.tables:
            msg = f"{self.name} has no table that this user may read. Check database and schema in its URL."
            raise DatabaseError(msg)

        def short(tables: Sequence[Table]) -> bool:
            return fits(
                describe(tables, question=question, max_columns=_COLUMNS_TO_FIT, dialect=self.dialect)
            )

        self._question = question
        chosen = [self._with_values(table) for table in about(question, self.tables, short)]
        # Values make a description longer than the names alone.
        while len(chosen) > 1 and not short(chosen):
            chosen.pop()
        # In the database's own order: what the next question has in common with this one is in the cache.
        place = {(table.schema, table.name): number for number, table in enumerate(self.tables)}
        self.tables = tuple(sorted(chosen, key=lambda table: place[table.schema, table.name]))

    def fingerprints(self) -> list[dict[str, Any]]:
        """Name, rows and columns of each table in reach, for the trace; a database has no fingerprint."""
        return [
            {
                "name": f"{self.name}.{table.name}",
                "rows": table.rows,
                "columns": len(table.columns),
                "fingerprint": None,
            }
            for table in self.tables
        ]

    def check(self, sql: str) -> str:
        """The query without trailing semicolon, if it is one SELECT over these tables and binds.

        One that uses another dialect's functions is put into this dialect, one that says something as another
        system does (`tools.sql.restating`) or names a column where it is not (`tools.sql.mending`) is mended,
        if the query then binds.

        Raises:
            QueryError: with a computed hint.
            DatabaseError: the connection was lost.
        """

        def mends(error: QueryError) -> Iterator[str]:
            if error.kind == "aggregate_place":
                yield placed(sql, self.dialect)
            if error.kind == "group_by":
                yield aggregated(sql, self.dialect)
            if error.kind == "ambiguous_column":
                yield told_whose(sql, self.tables, self.dialect)
            if error.kind == "unknown_table":
                yield as_read(sql, self.tables, self.dialect)
            if error.kind in _MENDED:
                yield mended(sql, self.tables, self.dialect, self._question)
                yield from translations(sql, error, self.dialect)

        return bound_as_meant(sql, self.tables, self.dialect, self._bound, mends)

    def run(self, sql: str, *, timeout_s: float = 60, max_rows: int | None = None) -> QueryResult:
        """The rows of one SELECT; see `FrameDatabase.run`.

        Raises:
            QueryError: refused, failed, `timeout` or `interrupted`.
            DatabaseError: the connection was lost.
            KeyboardInterrupt: the query is stopped first.
        """
        admitted = self._admit(sql)
        limit = MOST_CELLS if max_rows is None else max_rows
        return self._result(admitted, lambda: self._session.fetch(admitted.text, limit, timeout_s), timeout_s)

    def check_template(self, template: Template) -> Admitted:
        """Admit and bind a vetted SELECT, with literals in the place of its parameters.

        Raises:
            QueryError: as for `check`.
        """
        admitted = self._admit(template.sampled(self.dialect.name))
        self._guarded(admitted.text, lambda: self._session.explain(admitted.text), _CHECK_TIMEOUT_S)
        return admitted

    def run_template(
        self,
        template: Template,
        values: Mapping[str, Any],
        *,
        timeout_s: float = 60,
        max_rows: int | None = None,
    ) -> QueryResult:
        """The rows of a vetted SELECT, its values bound by the driver; see `run`."""
        admitted = self.check_template(template)
        limit = MOST_CELLS if max_rows is None else max_rows
        result = self._result(
            admitted,
            lambda: self._session.fetch_template(template, values, limit, timeout_s),
            timeout_s,
        )
        return replace(result, sql=template.written(values, self.dialect))

    def _result(self, admitted: Admitted, fetch: Callable[[], Fetched], timeout_s: float) -> QueryResult:
        started = perf_counter()
        fetched = self._guarded(admitted.text, fetch, timeout_s)
        seconds = perf_counter() - started
        frame = frame_of(fetched.names, fetched.rows)
        read = tuple(table.name for table in admitted.tables)
        return QueryResult(frame, len(frame), fetched.more, seconds, read, self.dialect.title)

    def review(self, sql: str, result: QueryResult) -> list[QueryError]:
        """What the data says against a result that came without an error."""
        from qwen_magics.tools.databases.review import review

        admitted = self._admit(sql)
        return review(admitted, result, self.tables, self._query, self.dialect)

    def listed(self, sql: str) -> Listed | None:
        """The things that a query lists by name; see `tools.sql.listing`. None also where that takes long."""
        from qwen_magics.tools.sql.listing import listed

        try:
            return listed(self._admit(sql).text, self.tables, self.dialect, self._query)
        except QueryError:
            return None

    def reordered(self, sql: str, same: Collection[str] = (), *, rows: bool = True) -> str:
        """The query with its windows in an order that tells rows apart; see `tools.sql.window_order`."""
        from qwen_magics.tools.sql.window_order import reordered

        try:
            return reordered(self._admit(sql).text, self.tables, self.dialect, self._query, same, rows=rows)
        except QueryError:
            return sql

    def interrupt(self) -> None:
        """Stop the query under way, from another thread; its `run` raises QueryError `interrupted`."""
        self._guard.stop()

    def _bound(self, sql: str) -> str:
        admitted = self._admit(sql)
        self._guarded(admitted.text, lambda: self._session.explain(admitted.text), _CHECK_TIMEOUT_S)
        return admitted.text

    def _admit(self, sql: str) -> Admitted:
        return admit(sql, self.tables, self.dialect)

    def _with_values(self, table: Table) -> Table:
        key = f"{table.schema}.{table.name}"
        if key not in self._values:
            self._values[key] = with_values(table, self._query, self.dialect)
        return self._values[key]

    def _query(self, sql: str) -> list[tuple[Any, ...]]:
        return self._guarded(sql, lambda: self._session.rows(sql), _VALUES_TIMEOUT_S)

    def _guarded(self, sql: str, work: Callable[[], T], timeout_s: float) -> T:
        if self._guard.left_behind:
            raise self._lost("it no longer answers")
        try:
            # The server's own limit comes first, as it frees the server too.
            return self._guard.run(work, timeout_s, grace_s=1.0)
        except self._session.errors as error:
            failure = self._translated(sql, error)
        raise failure

    def _translated(self, sql: str, error: Exception) -> Exception:
        text = self._target.scrub(str(error))
        if not self._session.alive():
            return self._lost(text)
        return explain(text, sql, self.tables, self.dialect)

    def _lost(self, reason: str) -> DatabaseError:
        msg = f"The connection to {self.name} was lost ({reason[:200]}). Ask again: it is opened anew."
        return DatabaseError(msg)
