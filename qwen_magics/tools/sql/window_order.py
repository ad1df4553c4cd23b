"""Rows that a window puts in an order which many of them share: what comes before one is left to chance.

Of countries and years, `LAG(x) OVER (ORDER BY country)` compares any two years of a country, and `OVER (ORDER
BY year)` any two countries of a year. Which columns tell the rows apart is looked up in the data; where it is
one thing and the time, or the time alone, the windows are ordered by it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qwen_magics.tools.schema import Column, Table, is_year
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.grouped_order import order_groups
from qwen_magics.tools.sql.parsing import parsed
from qwen_magics.tools.sql.scopes import scope_of

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["reordered"]

Query = Callable[[str], list[tuple[Any, ...]]]

# The parts of a time, the longest first; in one table they follow one another.
_UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute")
# Orders that two rows share on average are none; those that hardly any share tell the rows apart.
_SHARED, _APART = 2, 0.98
_MOST_ROWS = 5_000_000
_MEASURES = ("DOUBLE", "FLOAT", "REAL", "DECIMAL", "NUMERIC")


def reordered(
    sql: str,
    tables: Sequence[Table],
    dialect: Dialect,
    query: Query,
    same: Collection[str] = (),
    *,
    rows: bool = True,
) -> str:
    """The query whose windows are in an order that tells rows apart; as it was where there is no one such.

    Args:
        query: runs SQL of ours on the same tables.
        same: parts of the year that are compared with themselves: `quarter`, "the same quarter of the year
            before".
        rows: windows over rows too, not only those over groups.

    >>> reordered("SELECT x - LAG(x) OVER (ORDER BY country) FROM t", tables, DUCKDB, rows)
    'SELECT x - LAG(x) OVER (PARTITION BY country ORDER BY year) FROM t'
    """
    from sqlglot import exp

    tree = parsed(sql, dialect)
    if tree is None or tree.find(exp.Window) is None:
        return sql
    changed = [
        (rows and _mend(select, tree, tables, dialect, query, same))
        or (not same and order_groups(select, tables, dialect, query))
        for select in tree.find_all(exp.Select)
    ]
    return tree.sql(dialect=dialect.name or None) if any(changed) else sql


def _mend(
    select: exp.Select,
    tree: exp.Expr,
    tables: Sequence[Table],
    dialect: Dialect,
    query: Query,
    same: Collection[str],
) -> bool:
    from sqlglot import exp

    scope = scope_of(select, tree, tables)
    if scope is None or scope.joins or any(map(select.args.get, ("group", "distinct", "having"))):
        return False
    (table,) = scope.read.values()
    if table.rows > _MOST_ROWS:
        return False
    where = select.args.get("where")
    source = f"{scope.source.sql(dialect=dialect.name or None)}{_written(where, dialect)}"
    rows = _Rows(table, dialect, query, source)
    done = False
    for window in [w for w in select.find_all(exp.Window) if w.parent_select is select]:
        keys = _keys(window, table)
        # So many rows back is told apart from one.
        alike = () if window.this.args.get("offset") is not None else same
        meant = rows.order(*keys, _shown(select, table), alike) if keys else None
        if meant is not None:
            _order_by(window, *meant, dialect)
            done = True
    return done


class _Rows:
    """The rows that a SELECT reads, and what tells them apart."""

    def __init__(self, table: Table, dialect: Dialect, query: Query, source: str) -> None:
        self._table, self._dialect, self._query, self._source = table, dialect, query, source

    def order(
        self, parts: list[str], keys: list[str], shown: list[str], same: Collection[str]
    ) -> tuple[list[str], list[str]] | None:
        """By what the windows are parted and ordered; None where they are right, or no one way is."""
        times = self._times(keys)
        if not all(self._may_order(name) for name in keys) or not times:
            return None
        things = [*parts, *(key for key in keys if key not in times and key not in parts)]
        kept = [key for key in keys if key.casefold() in same and times.index(key) > 0]
        if kept:
            # "The same quarter of the year before": each quarter for itself, year by year.
            years = times[: times.index(kept[0])]
            return ([*things, *kept], years) if self._differ([*things, *kept, *years]) >= _APART else None
        if self._differ([*parts, *keys]) * _SHARED > 1:
            return None
        for taken in _first_parts(times):
            if set(taken) >= set(keys) & set(times) and self._differ([*things, *taken]) >= _APART:
                return things, taken
        return None if things else self._by_one_thing(times, keys, shown)

    def _by_one_thing(
        self, times: list[str], keys: list[str], shown: list[str]
    ) -> tuple[list[str], list[str]] | None:
        """Parted by the one text that tells the rows of each time apart."""
        texts = [c.name for c in self._table.columns if c.dtype.startswith(("VARCHAR", "TEXT", "CHAR"))]
        for taken in _first_parts(times):
            if not set(taken) >= set(keys):
                continue
            found = [name for name in texts if self._differ([name, *taken]) >= _APART]
            found = [name for name in found if self._is_panel(name, taken)]
            named = [name for name in found if name in shown]
            if len(named or found) == 1:
                return (named or found), taken
            if found:
                return None
        return None

    def _is_panel(self, name: str, times: list[str]) -> bool:
        """Whether most of the things have a row at most of the times: tail numbers of planes have not."""
        things, moments, pairs = (self._differ(names) for names in ([name], times, [name, *times]))
        return things * _SHARED <= 1 and things * moments * self._count <= pairs * _SHARED

    def _times(self, keys: list[str]) -> list[str]:
        """The columns of time: the one date, or the parts of it, the longest first."""
        columns = self._table.columns
        dates = [c.name for c in columns if c.dtype.startswith(("DATE", "TIMESTAMP"))]
        asked = [name for name in dates if name in keys]
        if asked or len(dates) == 1:
            return asked or dates
        named = {c.name.casefold(): c.name for c in columns}
        parts = [named[unit] for unit in _UNITS if unit in named]
        years = [c.name for c in columns if is_year(c)]
        return parts if parts and not dates else (years if len(years) == 1 and not dates else [])

    def _may_order(self, name: str) -> bool:
        column = self._table.column(name)
        return column is not None and (_is_time(column) or not column.dtype.startswith(_MEASURES))

    def _differ(self, names: Sequence[str]) -> float:
        """How many different values of the columns there are for each row; 1 where every row has its own."""
        quoted = ", ".join(self._dialect.quote_name(name) for name in dict.fromkeys(names))
        counts = f"SELECT COUNT(*) AS n FROM {self._source} GROUP BY {quoted}"
        ((groups,),) = self._query(f"SELECT COUNT(*) FROM ({counts}) AS counts")
        return groups / self._count if self._count else 1.0

    @cached_property
    def _count(self) -> int:
        return int(self._query(f"SELECT COUNT(*) FROM {self._source}")[0][0])


def _is_time(column: Column) -> bool:
    return (
        column.dtype.startswith(("DATE", "TIMESTAMP")) or column.name.casefold() in _UNITS or is_year(column)
    )


def _first_parts(times: Sequence[str]) -> Iterator[list[str]]:
    """The year, the year and the quarter, and so on."""
    return (list(times[:count]) for count in range(1, len(times) + 1))


def _keys(window: exp.Expr, table: Table) -> tuple[list[str], list[str]] | None:
    """What a window is parted and ordered by, as the table spells it, where the order of its rows matters."""
    from sqlglot import exp

    order = window.args.get("order")
    by = [key.this for key in order.expressions] if order is not None else []
    parts = list(window.args.get("partition_by") or ())
    columns = [table.column(node.name) if isinstance(node, exp.Column) else None for node in (*parts, *by)]
    if not by or not all(columns) or not _follows(window):
        return None
    names = [column.name for column in columns if column is not None]
    read = {column.name.casefold() for column in window.this.find_all(exp.Column)}
    if read <= {name.casefold() for name in names}:
        return None  # rows that share their place have the same value
    return names[: len(parts)], names[len(parts) :]


def _follows(window: exp.Expr) -> bool:
    """Whether it reads other rows by their place: the one before, or so many of them."""
    from sqlglot import exp

    places = (exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue)
    spec = window.args.get("spec")
    framed = isinstance(window.this, exp.AggFunc) and spec is not None and spec.args.get("kind") == "ROWS"
    return framed or isinstance(window.this.unnest(), places) or window.this.find(*places) is not None


def _shown(select: exp.Select, table: Table) -> list[str]:
    from sqlglot import exp

    names = (item.unalias() for item in select.expressions)
    found = (table.column(item.name) for item in names if isinstance(item, exp.Column))
    return [column.name for column in found if column is not None]


def _written(where: exp.Expr | None, dialect: Dialect) -> str:
    return f" {where.sql(dialect=dialect.name or None).strip()}" if where is not None else ""


def _order_by(window: exp.Expr, parts: list[str], times: list[str], dialect: Dialect) -> None:
    from sqlglot import exp

    def column(name: str) -> exp.Expr:
        return exp.column(exp.to_identifier(name, quoted=dialect.quote_name(name) != name))

    down = all(key.args.get("desc") for key in window.args["order"].expressions)
    window.set("partition_by", [column(name) for name in parts])
    keys = [exp.Ordered(this=column(name), desc=down or None, nulls_first=False) for name in times]
    window.set("order", exp.Order(expressions=keys))
