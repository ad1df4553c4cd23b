"""Conditions on letters of a text that a query has otherwise than the question: a digit anywhere for a digit
at the end, the words of an example for a mark. Certain where the query with the right condition gives another
result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.checks.other_result import gives
from qwen_magics.agent.examples.whole.letter_kinds import letters_asked
from qwen_magics.agent.examples.whole.text_joined import is_all, joined_text
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.agent.examples.whole.letter_conditions import Letters
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["as_one_text", "letters"]


def letters(
    question: str,
    tables: Sequence[Table],
    dialect: Dialect = DUCKDB,
    run: Callable[[str], QueryResult] | None = None,
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question; it speaks once.

    Args:
        run: the rows of a query; None: nothing is said.
    """
    found = letters_asked(question, tables, dialect) if question and run is not None else None
    if found is None or run is None:
        return silent
    asked = found[1]

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        meant = _meant(code, asked, dialect)
        if not meant:
            return None
        try:
            frame = run(meant).frame
        except QueryError:
            return None
        if gives(result.frame, frame):
            return None
        message = f"Asked for are those that {asked.told}."
        return QueryError("other_letters", message, f"Write: {meant}")

    return check


def _meant(code: str, asked: Letters, dialect: Dialect) -> str:
    """The query with the condition that is asked for instead of its own on these texts; empty if it says
    something that is not understood.
    """
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or found[0].find(exp.Subquery, exp.Not, exp.Or):
        return ""
    tree, reader = found
    if any(node.args.get("negate") for node in tree.walk()):
        return ""
    conditions = conjuncts(tree)
    own = [one for one in conditions if _is_of(one, asked)]
    others = [one for one in conditions if one not in own]
    try:
        right = parse_one(asked.condition, dialect="sqlite" if dialect.title == "SQLite" else "duckdb")
    except SqlglotError:
        return ""
    # Joined tables: the name alone would be anybody's.
    owners = {column.table for one in own for column in one.find_all(exp.Column) if column.table}
    if len(owners) > 1 or (tree.args.get("joins") and not owners):
        return ""
    if owners:
        for column in right.find_all(exp.Column):
            column.set("table", exp.to_identifier(next(iter(owners))))
    tree.set("where", exp.Where(this=exp.and_(*others, right, copy=False)))
    return written(tree, reader)


def _is_of(condition: exp.Expr, asked: Letters) -> bool:
    """A condition on the texts alone: whatever it says of them, the right one stands for it."""
    from sqlglot import exp

    names = {column.name.casefold() for column in condition.find_all(exp.Column)}
    own = {name.casefold() for name in asked.columns}
    if not names or not names <= own:
        return False
    # "Carrier = 'AA'" is another condition.
    plain = isinstance(condition, (exp.EQ, exp.In)) and isinstance(condition.this, exp.Column)
    compared = isinstance(condition, exp.EQ) and isinstance(condition.expression, exp.Literal)
    return not (plain and (compared or isinstance(condition, exp.In)))


def _differs(result: QueryResult, query: str, run: Callable[[str], QueryResult] | None) -> bool:
    """Whether the one text is another than that of the query."""
    if run is None or " ORDER BY " not in query or result.frame.size != 1:
        return False
    try:
        return not gives(result.frame, run(query).frame)
    except QueryError:
        return False


def as_one_text(
    question: str,
    tables: Sequence[Table],
    dialect: Dialect = DUCKDB,
    run: Callable[[str], QueryResult] | None = None,
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results: are all values in one text, where that is asked for, and in the order that is?"""
    found = joined_text(question, tables, dialect) if question else None
    if found is None:
        return silent
    alone = is_all(question, tables)

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        if len(result.frame) < 2 and not (alone and _differs(result, found.query, run)):
            return None
        message = f"Asked for is: {found.told}."
        hint = "Write" if alone else "With its own conditions, if it has any"
        return QueryError("not_one_text", message, f"{hint}: {found.query}")

    return check
