"""One date of some year, where the question says a day and a month of no year: "on a December 25"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.month_days import month_day_said
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["any_year"]

_DATE = re.compile(r"(?:1[5-9]|20)\d\d-(\d\d)-(\d\d)(?:[ T][\d:.]+)?")


def any_year(question: str, dialect: Dialect = DUCKDB) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    said = month_day_said(question)
    if said is None:
        return silent
    month, day = said

    @once
    def check(code: str) -> QueryError | None:
        whole = _of_all_years(code, month, day, dialect) if re.search(r"\d{4}", code) else ""
        if not whole:
            return None
        message = f"The question says the day {day} of month {month} and no year."
        return QueryError("any_year", message, f"Write: {whole}")

    return check


def _of_all_years(code: str, month: int, day: int, dialect: Dialect) -> str:
    """The query with month and day for the date, or without the year beside them; empty for any other."""
    from sqlglot import exp, parse_one

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return ""
    tree, reader = found
    parts = [part.unnest() for part in _flat(conjuncts(tree))]
    dated = [part for part in parts if _date(part) is not None]
    years = [part for part in parts if _is_year(part)]
    others = [part for part in parts if part not in dated and part not in years]
    if dated and not years:
        columns = {part.this.sql(dialect=reader) for part in dated}
        first = _date(dated[0])
        # A range of one day goes on to the next, which is not compared with.
        ends = [part for part in dated[1:] if not isinstance(part, exp.LT)]
        if len(columns) != 1 or first != (month, day) or ends or len(dated) > 2:
            return ""
        others.append(parse_one(_condition(columns.pop(), month, day, dialect), dialect=reader))
    elif len(years) != 1 or dated or not {f"= {month}", f"= {day}"} <= {_number(part) for part in others}:
        return ""
    tree.set("where", exp.Where(this=exp.and_(*others, copy=False)))
    return written(tree, reader)


def _flat(parts: list[exp.Expr]) -> list[exp.Expr]:
    """A pair in brackets as two."""
    from sqlglot import exp

    return [
        one
        for part in parts
        for one in (part.unnest().flatten() if isinstance(part.unnest(), exp.And) else [part])
    ]


def _date(part: exp.Expr) -> tuple[int, int] | None:
    """Month and day of the date that a column is compared with."""
    from sqlglot import exp

    if not isinstance(part, (exp.EQ, exp.GTE, exp.LT)) or not isinstance(part.this, exp.Column):
        return None
    value = part.expression
    while isinstance(value, (exp.Cast, exp.Paren)):
        value = value.this
    found = _DATE.fullmatch(value.name) if isinstance(value, exp.Literal) and value.is_string else None
    return (int(found[1]), int(found[2])) if found is not None else None


def _is_year(part: exp.Expr) -> bool:
    from sqlglot import exp

    if not isinstance(part, exp.EQ) or not re.fullmatch(r"(?:1[5-9]|20)\d\d", part.expression.name):
        return False
    return re.search(r"\byear\b|%Y", part.this.sql(dialect="duckdb"), re.IGNORECASE) is not None


def _number(part: exp.Expr) -> str:
    from sqlglot import exp

    plain = isinstance(part, exp.EQ) and part.expression.name.isdecimal()
    return f"= {int(part.expression.name)}" if plain else ""


def _condition(column: str, month: int, day: int, dialect: Dialect) -> str:
    if dialect.title == "SQLite":
        return f"STRFTIME('%m-%d', {column}) = '{month:02}-{day:02}'"
    return f"EXTRACT(MONTH FROM {column}) = {month} AND EXTRACT(DAY FROM {column}) = {day}"
