"""Windows over groups of several keys that are in order by some of them only.

Of species and years, `LAG(AVG(x)) OVER (ORDER BY year)` compares any two species of a year: those of one
species follow one another, so the others part the window. Of years and months, the month alone is no order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from qwen_magics.tools.schema import Table, is_year
from qwen_magics.tools.sql.dialects import Dialect

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["order_groups"]

_UNITS = ("decade", "year", "quarter", "month", "week", "day", "hour", "minute")
# Groups for each place in the order from which on it is no order of theirs.
_SHARED = 1.5
_DATED = ("DATE_TRUNC", "STRFTIME", "DATE(", "EXTRACT(", "CAST(")


def order_groups(
    select: exp.Select,
    tables: Sequence[Table],
    dialect: Dialect,
    query: Callable[[str], list[tuple[Any, ...]]],
) -> bool:
    """Put the windows of a SELECT with GROUP BY in an order that tells its groups apart; whether any was.

    Args:
        query: runs SQL of ours on the same tables.
    """
    from sqlglot import exp

    group = select.args.get("group")
    source = select.args.get("from_")
    if group is None or len(group.expressions) < 2 or source is None:
        return False
    if any(
        isinstance(node, exp.Subquery)
        for node in (source.this, *(j.this for j in select.args.get("joins") or ()))
    ):
        return False
    named = {item.alias.casefold(): item.this for item in select.expressions if item.alias}
    places = dict(enumerate((item.unalias() for item in select.expressions), 1))
    keys = [_meant(key, named, places, tables) for key in group.expressions]
    done = False
    for window in [w for w in select.find_all(exp.Window) if w.parent_select is select and _goes_back(w)]:
        order = [_meant(key.this, named, places, tables) for key in window.args["order"].expressions]
        others = [key for key in keys if key not in order]
        parts = window.args.get("partition_by") or []
        if parts or not others or not all(key in keys and _unit(key, tables) for key in order):
            continue
        if not _is_shared(select, keys, order, dialect, query):
            continue
        done = _put(window, others, order, tables) or done
    return done


def _goes_back(window: exp.Expr) -> bool:
    from sqlglot import exp

    return window.args.get("order") is not None and isinstance(window.this.unnest(), (exp.Lag, exp.Lead))


def _meant(
    key: exp.Expr, named: dict[str, exp.Expr], places: dict[int, exp.Expr], tables: Sequence[Table]
) -> exp.Expr:
    """A key as the tables have it: what an alias or a place in the list stands for."""
    from sqlglot import exp

    if isinstance(key, exp.Literal) and key.is_int:
        return places.get(int(key.name), key)
    known = any(table.column(key.name) for table in tables) if isinstance(key, exp.Column) else True
    return key if known else named.get(key.name.casefold(), key)


def _unit(key: exp.Expr, tables: Sequence[Table]) -> str:
    """Which unit of time a key is; a date as such is one as well; empty for anything else."""
    from sqlglot import exp

    if isinstance(key, exp.Column):
        name = key.name.casefold()
        if name in _UNITS:
            return name
        columns = [c for table in tables if (c := table.column(key.name)) is not None]
        if any(c.dtype.startswith(("DATE", "TIMESTAMP")) for c in columns):
            return "date"
        return "year" if any(map(is_year, columns)) else ""
    unit = type(key).__name__.casefold()
    if unit in _UNITS:
        return unit
    return "date" if key.sql().upper().startswith(_DATED) else ""


def _put(window: exp.Expr, others: list[exp.Expr], order: list[exp.Expr], tables: Sequence[Table]) -> bool:
    """Part it by the others, or put the larger units of time before the smaller one."""
    from sqlglot import exp

    units = [_unit(key, tables) for key in others]
    if not any(units):
        if not all(isinstance(key, exp.Column) for key in others):
            return False
        window.set("partition_by", [key.copy() for key in others])
        return True
    own = _unit(order[0], tables)
    rest = [key for key, unit in zip(others, units, strict=True) if not unit]
    times = [(key, unit) for key, unit in zip(others, units, strict=True) if unit]
    if own not in _UNITS or any(unit not in _UNITS for _, unit in times):
        return False
    if any(_UNITS.index(unit) >= _UNITS.index(own) for _, unit in times):
        return False
    if not all(isinstance(key, exp.Column) for key in rest):
        return False
    down = all(key.args.get("desc") for key in window.args["order"].expressions)
    first = sorted(times, key=lambda pair: _UNITS.index(pair[1]))
    larger = [exp.Ordered(this=key.copy(), desc=down or None, nulls_first=False) for key, _ in first]
    window.set("order", exp.Order(expressions=[*larger, *window.args["order"].expressions]))
    if rest:
        window.set("partition_by", [key.copy() for key in rest])
    return True


def _is_shared(
    select: exp.Select,
    keys: list[exp.Expr],
    order: list[exp.Expr],
    dialect: Dialect,
    query: Callable[[str], list[tuple[Any, ...]]],
) -> bool:
    """Whether several groups stand at most places of the order."""
    name = dialect.name or None
    clauses = [select.args.get("from_"), *(select.args.get("joins") or ()), select.args.get("where")]
    source = " ".join(clause.sql(dialect=name).strip() for clause in clauses if clause is not None)

    def different(expressions: list[exp.Expr]) -> int:
        listed = ", ".join(f"{key.sql(dialect=name)} AS k{at}" for at, key in enumerate(expressions))
        return int(query(f"SELECT COUNT(*) FROM (SELECT DISTINCT {listed} {source}) AS keys")[0][0])

    return different(keys) >= _SHARED * different(order)
