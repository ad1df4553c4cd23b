"""Of what a share is taken: "of the loans that have been returned, what percentage was late" leaves out those
that are still out, and a share of all rows does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.words.deadlines import DONE
from qwen_magics.agent.words.naming import name_parts, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["based"]

_SHARE = re.compile(r"\b(?:percent\w*|per cent|share|proportion|fraction)\b|%", re.IGNORECASE)
_BASE = re.compile(
    r"\b(?:of|among|amongst|out of|considering|only) (?:all |only |just |the |those |our ){0,3}(?:\w+ )?"
    r"(?:(?:that|which|who) (?:have |has |had |were |are |was )?(?:already |actually |been ){0,3})?"
    rf"({DONE})\b(?! (?:too )?(?:late|after|past|on time|in time|before|within|more|less|only|by|in|at|to"
    r"|on|with|from)\b)",
    re.IGNORECASE,
)


def based(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check that a share of what is done is not one of all rows: dates of what is not done are missing."""
    found = _BASE.search(question) if _SHARE.search(question) else None
    # "What percentage of loans were returned": there it is asked for, and no condition.
    base = found if found is not None and _is_condition(found[0]) else None
    said = set(words_of(base[1])) if base is not None else set[str]()
    columns = {
        column.name.casefold(): column.name
        for table in tables
        for column in table.columns
        if column.nulls and said and set(name_parts(column)) & said
    }

    def check(code: str) -> QueryError | None:
        tree = parsed(code) if columns else None
        for select in _shares_of_all(tree) if tree is not None else ():
            missed = _only_compared(select, columns)
            if missed:
                message = f"The share is to be one of the rows with a {missed}, and it is one of all rows."
                return QueryError("other_base", message, f"Add {missed} IS NOT NULL to WHERE.")
        return None

    return check


def _is_condition(said: str) -> bool:
    relative = re.search(r"\b(?:that|which|who)\b", said, re.IGNORECASE) is not None
    return relative or re.search(rf"\b(?:all|only|the|of|among|amongst) {DONE}$", said, re.I) is not None


def _shares_of_all(tree: exp.Expr) -> Iterator[exp.Select]:
    """The SELECTs that divide by the number of all their rows."""
    from sqlglot import exp

    for select in tree.find_all(exp.Select):
        if any(count.find_ancestor(exp.Div) for count in select.find_all(exp.Count) if _is_all(count)):
            yield select


def _is_all(count: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(count.this, exp.Star)


def _only_compared(select: exp.Select, columns: dict[str, str]) -> str:
    """The column that is compared in a CASE, and by which no rows are left out; empty if there is none."""
    from sqlglot import exp

    where = select.args.get("where")
    if select.find(exp.Subquery) or (where is not None and _names(where) & set(columns)):
        return ""
    # IS NOT NULL in the CASE or FILTER may say what is counted below as well.
    if any(_names(test) & set(columns) for test in select.find_all(exp.Is)):
        return ""
    used = set().union(*(_names(case) for case in select.find_all(exp.Case, exp.Filter)))
    return next((name for key, name in columns.items() if key in used), "")


def _names(node: exp.Expr) -> set[str]:
    from sqlglot import exp

    return {column.name.casefold() for column in node.find_all(exp.Column)}
