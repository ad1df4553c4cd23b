"""The user's frames as tables of a locked in-memory DuckDB: the only database that generated SQL ever sees.

The frames are scanned where they are, through views over frames of our own, so that nothing is copied and
nothing can be written. After registration the configuration is locked: no files, no network, no extensions,
no Python variables. The gate (`tools.sql.gate`) lets one SELECT through. This is no boundary against code
that already runs in the kernel.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from qwen_magics.errors import QueryError
from qwen_magics.tools.columns import free_name, is_typed_by_value, prepare
from qwen_magics.tools.fingerprint import fingerprint
from qwen_magics.tools.guard import Guard
from qwen_magics.tools.profile import profile, with_joins
from qwen_magics.tools.result import QueryResult
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql import gate
from qwen_magics.tools.sql.aggregate_place import placed
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.hints import explain
from qwen_magics.tools.sql.meaning import bound_as_meant
from qwen_magics.tools.sql.mending import mended
from qwen_magics.tools.sql.names import quote_text
from qwen_magics.tools.sql.ordered_groups import aggregated
from qwen_magics.tools.sql.plurals import as_read
from qwen_magics.tools.sql.unambiguous import told_whose

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from qwen_magics.tools.metrics.template import Template
    from qwen_magics.tools.sql.listing import Listed

__all__ = ["FrameDatabase"]

T = TypeVar("T")

# Set after the frames are registered; lock_configuration comes last.
_LOCK = {
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "max_temp_directory_size": "'0GB'",
    "preserve_insertion_order": "true",
    "lock_configuration": "true",
}
# Rows spread over a frame, registered for as long as it is profiled.
_SAMPLE, _SAMPLE_ROWS = "qwen_magics sample", 200
# Instead of a sample: a wider value later on would end a query half-way.
_ANALYSE_ALL = 2**40
# Beyond this a result is cut, whatever was asked for: DuckDB's memory limit does not cover the frame it
# fills.
_MOST_CELLS = 50_000_000
_CHECK_TIMEOUT_S = 10.0
# Exact as a float, so that a whole number came through DuckDB's conversion unharmed.
_EXACT_FLOAT = 2**53


class FrameDatabase:
    """Tables `frames` by name, for one question; a context manager.

    Args:
        frames: variable name → pandas, polars or pyarrow table.
        memory_limit: what one query may use besides the frames, in DuckDB's spelling.
        threads: cores a query may use; None leaves DuckDB's choice.
        about: what each row of a frame is, by the frame's name, where its columns do not say it.

    Raises:
        UnsupportedDataError: one of the frames is no table.
    """

    dialect = DUCKDB

    def __init__(
        self,
        frames: Mapping[str, object],
        *,
        memory_limit: str = "4GB",
        threads: int | None = None,
        about: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._frames = dict(frames)
        self._settings = {"memory_limit": quote_text(memory_limit)} | (
            {"threads": str(threads)} if threads else {}
        )
        taken: set[str] = set()
        prepared = {free_name(name, taken): (name, prepare(name, data)) for name, data in frames.items()}
        self._sources = {table: frame.frame for table, (_, frame) in prepared.items()}
        self._guard = Guard(lambda: self._connection.interrupt())
        self._connection = self._connect()
        tables = []
        for table, (name, frame) in prepared.items():
            notes = (*frame.notes, f"the variable {name}") if table != name else frame.notes
            notes = (*notes, about[name]) if about.get(name) else notes
            self._connection.register(_SAMPLE, _spaced(frame.frame))
            tables.append(profile(table, self._rows, frame.column_notes, notes, sample=_SAMPLE))
            self._connection.unregister(_SAMPLE)
        self.tables: tuple[Table, ...] = with_joins(tables, self._rows)

    def __enter__(self) -> FrameDatabase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the connection and the references to the frames. Further calls fail."""
        self._connection.close()
        self._sources.clear()
        self._frames.clear()

    @property
    def names(self) -> tuple[str, ...]:
        """The frames' names as they were handed over."""
        return tuple(self._frames)

    @property
    def prepared(self) -> Mapping[str, pd.DataFrame]:
        """The frames as SQL sees them, by table name: plain types, same columns as `tables`. Read only."""
        return self._sources

    def spacing(self) -> set[str]:
        """The units by which the frames' dates go; see `tools.spacing`."""
        from qwen_magics.tools.spacing import spacings

        return spacings(self._sources)

    def fingerprints(self) -> list[dict[str, Any]]:
        """Name, rows, columns and fingerprint of each frame as the user has it, for the trace."""
        return [
            {
                "name": name,
                "rows": table.rows,
                "columns": len(table.columns),
                "fingerprint": fingerprint(data),
            }
            for (name, data), table in zip(self._frames.items(), self.tables, strict=True)
        ]

    def check(self, sql: str) -> str:
        """The query without trailing semicolon, if it is one SELECT over these tables and binds; nothing is
        run.

        One that says something as another system does (`tools.sql.restating`), or names a column where it is
        not (`tools.sql.mending`), is mended if it can only mean one thing.

        Raises:
            QueryError: with a computed hint.
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
            if error.kind in ("unknown_column", "unknown_table"):
                yield mended(sql, self.tables, self.dialect)

        return bound_as_meant(sql, self.tables, self.dialect, self._bound, mends)

    def _bound(self, sql: str) -> str:
        text, _ = self._admit(sql)
        self._guarded(text, lambda: self._execute(f"EXPLAIN {text}").fetchall(), _CHECK_TIMEOUT_S)
        return text

    def run(self, sql: str, *, timeout_s: float = 60, max_rows: int | None = None) -> QueryResult:
        """The rows of one SELECT.

        Args:
            timeout_s: seconds after which the query is stopped.
            max_rows: rows after which the result is cut (and `truncated`); None keeps all that fit into
                memory.

        Raises:
            QueryError: refused, failed, `timeout`, `memory` or `interrupted`.
            KeyboardInterrupt: the query is stopped first, the database stays usable.
        """
        text, tree = self._admit(sql)
        return self._result(text, tree, timeout_s, max_rows)

    def run_template(
        self,
        template: Template,
        values: Mapping[str, Any],
        *,
        timeout_s: float = 60,
        max_rows: int | None = None,
    ) -> QueryResult:
        """The rows of a vetted SELECT, its values bound by DuckDB; see `run`."""
        # The gate looks at the same text with literals of its own: values cannot change what it is.
        _, tree = self._admit(template.sampled("duckdb"))
        text, parameters = template.bound("dollar", values)
        result = self._result(text, tree, timeout_s, max_rows, parameters)
        return replace(result, sql=template.written(values, self.dialect))

    def _result(
        self, text: str, tree: gate.Tree, timeout_s: float, max_rows: int | None, parameters: Any = None
    ) -> QueryResult:
        started = perf_counter()
        frame, truncated = self._guarded(text, lambda: self._fetch(text, max_rows, parameters), timeout_s)
        seconds = perf_counter() - started
        spelled = {table.name.casefold(): table.name for table in self.tables}
        read = tuple(spelled[name.casefold()] for name in gate.tables_read(tree))
        return QueryResult(frame, len(frame), truncated, seconds, read)

    def review(self, sql: str, result: QueryResult) -> list[QueryError]:
        """What the data says against a result that came without an error; see `tools.sql.review`."""
        from qwen_magics.tools.sql.brackets import met_by_all
        from qwen_magics.tools.sql.review import review
        from qwen_magics.tools.sql.things import mixed_keys

        text, tree = self._admit(sql)

        def look() -> list[QueryError]:
            patterns = met_by_all(text, self.tables, self.dialect, self._rows)
            found = (mixed_keys(text, self.tables, self.dialect), patterns)
            return [*filter(None, found), *review(tree, result, self.tables, self._rows)]

        return self._guarded(text, look, _CHECK_TIMEOUT_S)

    def listed(self, code: str) -> Listed | None:
        """The things that a query lists by name; see `tools.sql.listing`. None for a program."""
        from qwen_magics.tools.sql.listing import listed

        def look() -> Listed | None:
            return listed(code, self.tables, self.dialect, self._rows)

        try:
            self._admit(code)
            return self._guarded(code, look, _CHECK_TIMEOUT_S)
        except QueryError:
            return None

    def reordered(self, sql: str, same: Collection[str] = (), *, rows: bool = True) -> str:
        """The query with its windows in an order that tells rows apart; see `tools.sql.window_order`."""
        from qwen_magics.tools.sql.window_order import reordered

        def look() -> str:
            return reordered(sql, self.tables, self.dialect, self._rows, same, rows=rows)

        try:
            self._admit(sql)
            return self._guarded(sql, look, _CHECK_TIMEOUT_S)
        except QueryError:
            return sql

    def interrupt(self) -> None:
        """Stop the query under way, from another thread; its `run` raises QueryError `interrupted`."""
        self._guard.stop()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        # The option is read when a connection opens; set later it would leave this one with the caller's
        # variables.
        connection = duckdb.connect(":memory:", config={"python_enable_replacements": "false"})
        if any(is_typed_by_value(frame) for frame in self._sources.values()):
            connection.execute(f"SET pandas_analyze_sample = {_ANALYSE_ALL}")
        for setting in ("autoload_known_extensions", "autoinstall_known_extensions"):
            connection.execute(f"SET {setting} = false")
        for name, frame in self._sources.items():
            connection.register(name, frame)
        for setting, value in (self._settings | _LOCK).items():
            connection.execute(f"SET {setting} = {value}")
        return connection

    def _rows(self, sql: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._execute(sql, parameters).fetchall()
        return rows

    def _execute(self, sql: str, parameters: Any = None) -> duckdb.DuckDBPyConnection:
        return self._connection.execute(sql, parameters or None)

    def _admit(self, sql: str) -> tuple[str, gate.Tree]:
        text = gate.normalise(sql)

        def parse() -> gate.Tree:
            gate.one_select(self._connection.extract_statements(text))
            return gate.parse(self._rows(f"SELECT json_serialize_sql({quote_text(text)})")[0][0])

        tree = self._guarded(text, parse, _CHECK_TIMEOUT_S)
        gate.refuse_other_sources(tree, [table.name for table in self.tables])
        return text, tree

    def _fetch(self, sql: str, max_rows: int | None, parameters: Any = None) -> tuple[pd.DataFrame, bool]:
        described = self._rows(f"DESCRIBE {sql}", parameters)
        limit = max(1, _MOST_CELLS // max(1, len(described)))
        limit = limit if max_rows is None else min(limit, max_rows)
        types = [str(row[1]) for row in described]
        unreadable = [
            position for position, dtype in enumerate(types) if dtype in {"UHUGEINT", "BIGNUM", "BIT"}
        ]
        frame = self._frame(sql, limit + 1, len(types), unreadable, parameters)
        whole = [
            position for position, dtype in enumerate(types) if dtype == "HUGEINT" or _is_whole_decimal(dtype)
        ]
        inexact = [p for p in whole if frame.iloc[:, p].abs().max() >= _EXACT_FLOAT]
        if inexact:
            frame = self._frame(sql, limit + 1, len(types), unreadable + inexact, parameters)
        frame = _with_integers(frame, whole, unreadable + inexact)
        # DuckDB renames a repeated label by itself; the query's own labels are what the user wrote.
        frame.columns = [str(row[0]) for row in described]
        return frame.iloc[:limit], len(frame) > limit

    def _frame(
        self, sql: str, limit: int, width: int, as_text: Sequence[int], parameters: Any = None
    ) -> pd.DataFrame:
        if as_text:
            casts = (f"#{p + 1}::VARCHAR" if p in as_text else f"#{p + 1}" for p in range(width))
            shown = ", ".join(f"{cast} AS c{p}" for p, cast in enumerate(casts))
            sql = f"SELECT {shown} FROM ({sql})"
        with warnings.catch_warnings():
            # DuckDB's own use of pandas; nothing the user could change.
            warnings.simplefilter("ignore")
            frame: pd.DataFrame = self._execute(f"SELECT * FROM ({sql}) LIMIT {limit}", parameters).df()
        return frame

    def _guarded(self, sql: str, work: Callable[[], T], timeout_s: float) -> T:
        try:
            return self._guard.run(work, timeout_s)
        except Exception as error:  # whatever the work raised; only the database's words are translated
            failure = self._translated(sql, error)
        raise failure  # out here, so that it keeps the cause it has

    def _translated(self, sql: str, error: Exception) -> Exception:
        import duckdb

        if isinstance(error, duckdb.FatalException) or isinstance(error.__cause__, duckdb.FatalException):
            self._connection = self._connect()
        if isinstance(error, (duckdb.Error, RuntimeError, MemoryError)):
            functions = self._function_names() if "Function with name" in str(error) else ()
            return explain(error, sql, self.tables, functions)
        return error

    def _function_names(self) -> Sequence[str]:
        kinds = "('scalar', 'aggregate', 'macro')"
        return [
            row[0]
            for row in self._rows(
                f"SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN {kinds}"
            )
        ]


def _spaced(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:: max(1, len(frame) // _SAMPLE_ROWS)]


def _is_whole_decimal(dtype: str) -> bool:
    return dtype.startswith("DECIMAL(") and dtype.endswith(",0)")


def _with_integers(frame: pd.DataFrame, whole: Sequence[int], as_text: Sequence[int]) -> pd.DataFrame:
    """Whole numbers that came as floats or text → int64 (Int64 with gaps), Python integers beyond 64 bits."""
    import pandas as pd

    columns = [frame.iloc[:, position] for position in range(frame.shape[1])]
    for position in whole:
        columns[position] = _integers(columns[position], from_text=position in as_text)
    return pd.concat(columns, axis=1) if columns else frame


def _integers(column: pd.Series[Any], *, from_text: bool) -> pd.Series[Any]:
    import pandas as pd

    if from_text:
        numbers = [
            None if value is None or value != value else int(str(value).partition(".")[0]) for value in column
        ]
        fit = all(number is None or -(2**63) <= number < 2**63 for number in numbers)
        column = pd.Series(numbers, dtype="Int64" if fit else "object", name=column.name)
        return column.astype("int64") if fit and not column.hasnans else column
    return column.astype("Int64" if column.hasnans else "int64")
