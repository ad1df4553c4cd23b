"""The year that the question says, where the query leaves it out and one column alone can have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import has_days
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import editable, written
from qwen_magics.tools.sql.names import quote_name

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Column, Table

__all__ = ["year_left_out"]

_YEAR = r"(?:19|20)\d\d"
# Of one whole year: neither a span nor a limit, nor a month of it.
_SAID = re.compile(
    rf"\b(?:in|during|of|for|throughout|within|through|over) (?:the )?(?:whole |entire |full |calendar )?"
    rf"(?:year |course of |whole of )?({_YEAR})\b"
    r"(?!\s*(?:[-–—/]|to\b|until\b|through\b|onwards?\b|(?:and|or) \w))"
    rf"|\b(?:the|our|all|my|these) ({_YEAR}) (?=[a-z])",
    re.IGNORECASE,
)
_ANY_YEAR = re.compile(rf"\b{_YEAR}\b")
_PART_OR_SPAN = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|spring"
    r"|summer|autumn|winter|quarter|week|half|since|before|after|until|till|by|end|start|beginning|born"
    r"|previous|compared|change|growth|rise|earlier|later|christmas)\b",
    re.IGNORECASE,
)


def year_left_out(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB
) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    found = [first or second for first, second in _SAID.findall(question)]
    years = set(_ANY_YEAR.findall(question))
    rest = re.sub(r"\bby (?!(?:the end|then)\b)", "", question, flags=re.IGNORECASE)
    if len(found) != 1 or len(years) != 1 or _PART_OR_SPAN.search(rest):
        return silent
    year = found[0]

    @once
    def check(code: str) -> QueryError | None:
        whole = "" if year in code else _of_year(code, year, tables, dialect)
        if not whole:
            return None
        message = f"The question says {year}, which was left out."
        return QueryError("number_unused", message, f"Write: {whole}")

    return check


def _of_year(code: str, year: str, tables: Sequence[Table], dialect: Dialect) -> str:
    """The query for the rows of that year; empty where several columns could have it."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or len(list(found[0].find_all(exp.Select))) > 1:
        return ""
    tree, reader = found[0], found[1]
    nodes = {node.name.casefold(): node for node in tree.find_all(exp.Table)}
    columns = [
        (nodes[table.name.casefold()], column)
        for table in tables
        if table.name.casefold() in nodes
        for column in table.columns
        if _tells_year(column)
    ]
    if len(columns) != 1 or any(join.side for join in tree.find_all(exp.Join)):
        return ""
    node, column = columns[0]
    own = {use.name.casefold() for use in tree.find_all(exp.Column)}
    if column.name.casefold() in own:
        return ""  # it is compared, counted or shown in another way
    owner = f"{quote_name(node.alias_or_name)}." if len(nodes) > 1 else ""
    tree.where(
        _condition(f"{owner}{quote_name(column.name)}", column, year, dialect), copy=False, dialect=reader
    )
    return written(tree, reader)


def _tells_year(column: Column) -> bool:
    return (
        column.dtype.startswith(("DATE", "TIMESTAMP")) or has_days(column) or column.name.casefold() == "year"
    )


def _condition(name: str, column: Column, year: str, dialect: Dialect) -> str:
    if column.name.casefold() == "year" and not column.dtype.startswith(("DATE", "TIMESTAMP")):
        return f"{name} = {year}"
    if dialect.title == "SQLite":
        return f"STRFTIME('%Y', {name}) = '{year}'"
    return f"YEAR({name}) = {year}"
