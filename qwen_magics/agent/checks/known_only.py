"""Only rows that have a value: "only count flights with a departure delay on record".

A share divided by COUNT(*), or a number of rows, takes the others in as well. Told once, with the query
written out, and only where the question names one column that has missing values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.mentions import FULLY, Asked
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["known_only"]

_KNOWN = r"(?:known|recorded|given|stated|measured|reported|documented)"
_ANY = r"(?:an?|any|the|their|its|all)"
_NAME = r"((?:[\w-]+ ){0,2}[\w-]+?)"
_WITH = r"(?:with|having|(?:that|which|who) ha(?:ve|s)|where there is)"
_ASIDE = (
    r"(?:leav(?:e|ing) (?:out|aside)|ignor(?:e|ing)|exclud(?:e|ing)|skip(?:ping)?|(?:without|not) counting"
    r"|disregard(?:ing)?|drop(?:ping)?|omit(?:ting)?|do(?: not|n['’]t) count)"
)
_ROWS = r"(?:the |all |any |those |rows|ones|(?!with)[\w-]+ ){0,4}?"
_END = r"[,.;:?!)]|$"
_PHRASES = (
    # "with a known price", "with a price on record".
    rf"\b{_WITH} (?:{_ANY} )?{_KNOWN} {_NAME}(?={_END}| (?:is|are|was|were|has|have|did|do|does|only)\b)",
    rf"\b{_WITH} (?:{_ANY} )?{_NAME} (?:on record|on file|{_KNOWN})\b",
    # "leaving out those without a price", "ignore rows where the price is missing".
    rf"\b{_ASIDE} {_ROWS}(?:without|lacking|with no|(?:that|which|who) ha(?:ve|s) no|with missing)"
    rf" (?:{_ANY} )?{_NAME}(?={_END})",
    rf"\b{_ASIDE} {_ROWS}(?:whose|where(?: the)?) {_NAME} (?:is|are|was)"
    rf" (?:missing|empty|null|not {_KNOWN}|unknown)",
)
_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in _PHRASES]


def known_only(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question, which speaks once."""
    wanted = dict(_wanted(" ".join(question.split()), tables))
    if not wanted:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        query = editable(code)
        found = _unfiltered(query[0], wanted) if query is not None else None
        if query is None or found is None:
            return None
        select, column = found
        select.where(f"{column} IS NOT NULL", copy=False, dialect=query[1])
        message = f"Only rows with a {column.name} are asked for, and the query takes all."
        return QueryError("unknown_counted", message, f"Write: {written(*query)}")

    return check


def _wanted(question: str, tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """The columns with missing values that are to be known, and their tables, folded."""
    for name in (found[1] for pattern in _PATTERNS for found in pattern.finditer(question)):
        named = list(_named(name, tables))
        if len(named) == 1:
            yield named[0]


def _named(phrase: str, tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    for table in tables:
        asked = Asked(phrase, table.columns, table.name)
        for column in table.columns:
            if column.nulls and asked.said(column)[0] >= FULLY:
                yield column.name.casefold(), table.name.casefold()


def _unfiltered(tree: exp.Expr, wanted: dict[str, str]) -> tuple[exp.Select, exp.Expr] | None:
    """The one SELECT that reads the table and takes its rows with and without the value, and the column."""
    from sqlglot import exp

    selects = list(tree.find_all(exp.Select))
    if len(selects) != 1 or tree.args.get("having"):
        return None
    (select,) = selects
    where, only = select.args.get("where"), list(select.find_all(exp.Table))
    for name, owner in wanted.items():
        read = [node for node in only if node.name.casefold() == owner]
        seen = where is not None and any(c.name.casefold() == name for c in where.find_all(exp.Column))
        if len(read) == 1 and not seen and _counts_all(select, name):
            prefix = read[0].alias_or_name if len(only) > 1 else None
            return select, exp.column(_spelled(select, name), table=prefix)
    return None


def _spelled(select: exp.Select, name: str) -> exp.Identifier:
    """The column as the query writes it, else plain."""
    from sqlglot import exp

    for column in select.find_all(exp.Column):
        if column.name.casefold() == name:
            identifier: exp.Identifier = column.this.copy()
            return identifier
    return exp.to_identifier(name)


def _counts_all(select: exp.Select, name: str) -> bool:
    """Whether rows without the value matter: all are counted, or other columns are read."""
    from sqlglot import exp

    def is_of_all(found: exp.Expr) -> bool:
        others = any(column.name.casefold() != name for column in found.find_all(exp.Column))
        cases = isinstance(found, exp.Avg) and found.find(exp.Case) is not None
        return others or cases or isinstance(found.this, exp.Star)

    aggregates = list(select.find_all(exp.AggFunc))
    return not aggregates or any(map(is_of_all, aggregates))
