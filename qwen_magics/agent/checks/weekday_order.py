"""The days of the week from Monday to Sunday, where a query has them in no order, or filters by them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["weekday_order"]

_MONDAY = (
    r"\bmondays? (?:to|through|thru|till|until|up to|[-\u2013\u2014]) sundays?\b"
    r"|\b(?:start\w*|begin\w*) (?:with|on|from) mondays?\b|\bmondays? (?:comes )?first\b"
)
_SUNDAY = (
    r"\bsundays? (?:to|through|thru|till|until|up to|[-\u2013\u2014]) saturdays?\b"
    r"|\b(?:start\w*|begin\w*) (?:with|on|from) sundays?\b|\bsundays? (?:comes )?first\b"
)
_DAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
_NUMBER = re.compile(r"STRFTIME\(\s*'%w'", re.IGNORECASE)


def weekday_order(question: str, dialect: Dialect = DUCKDB) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    first = [day for day, said in ((1, _MONDAY), (0, _SUNDAY)) if re.search(said, question, re.IGNORECASE)]
    if len(first) != 1 or dialect.title not in ("DuckDB", "SQLite"):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _in_order(code, first[0], dialect)
        if not whole:
            return None
        message = "The days of the week are asked for in their order, all seven of them."
        return QueryError("weekday_order", message, f"Write: {whole}")

    return check


def _in_order(code: str, first: int, dialect: Dialect) -> str:
    """The query with all days in order; empty where it has them so, or is about something else."""
    from sqlglot import exp

    found = editable(code)
    if (
        found is None
        or not isinstance(found[0], exp.Select)
        or found[0].find(exp.Subquery, exp.With, exp.Window)
    ):
        return ""
    tree, reader = found
    ordered = tree.args.get("order")
    if tree.args.get("group") is None or tree.args.get("limit") or (ordered and not _by_name(ordered)):
        return ""
    date = _date(tree, dialect)
    if not date or len({node.sql() for node in tree.args["group"].expressions}) != 1:
        return ""
    kept = [c for c in conjuncts(tree) if not _takes_all(c)]
    tree.set("where", exp.Where(this=exp.and_(*kept, copy=True)) if kept else None)
    tree.set("order", None)
    return f"{written(tree, reader)} ORDER BY {_place(date, first, dialect)}"


def _place(date: str, first: int, dialect: Dialect) -> str:
    if dialect.title == "SQLite":
        number = f"CAST(STRFTIME('%w', {date}) AS INTEGER)"
        return f"MIN(({number} + 6) % 7)" if first else f"MIN({number})"
    return f"MIN({'ISODOW' if first else 'DAYOFWEEK'}({date}))"


def _date(tree: exp.Expr, dialect: Dialect) -> str:
    """What the query takes the day of the week of; empty where that is not one thing."""
    from sqlglot import exp

    # As it is written: sqlglot has names of its own for these functions.
    text = written(tree, "sqlite" if dialect.title == "SQLite" else "duckdb")
    argument = r"((?:[^()']|'[^']*'|\((?:[^()]|\([^()]*\))*\))+)\)"
    if dialect.title == "SQLite":
        found = re.findall(rf"STRFTIME\(\s*'%w'\s*,\s*{argument}", text, re.IGNORECASE)
    else:
        found = re.findall(rf"\bDAYNAME\({argument}", text, re.IGNORECASE)
    return found[0].strip() if len(set(found)) == 1 and tree.find(exp.Group) else ""


def _by_name(order: exp.Expr) -> bool:
    """Whether the order is that of the names: Friday first."""
    return bool(
        re.fullmatch(
            r"(?i)\s*ORDER BY (?:DAYNAME\(.*\)|\"?\w*(?:day|name)\w*\"?)(?: ASC)?", order.sql("duckdb")
        )
    )


def _takes_all(condition: exp.Expr) -> bool:
    """A condition on the day of the week that lets in all seven."""
    from sqlglot import exp

    values = condition.expressions if isinstance(condition, exp.In) else []
    return {value.name.casefold() for value in values} >= _DAYS
