"""What had not ended by a day: rows that ended after it are of them, and `IS NULL` has none of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.on_a_day import begun_and_ended, day_said
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Table

__all__ = ["ended_later"]


def ended_later(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    day = day_said(question)
    pairs = [
        begun_and_ended(question, [c for c in table.columns if c.dtype.startswith(("DATE", "TIMESTAMP"))])
        for table in (tables if day is not None else ())
    ]
    ends = {pair[1].name.casefold() for pair in pairs if pair}
    if len(ends) != 1:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        whole = _or_later(code, next(iter(ends)), f"{day}")
        if not whole:
            return None
        message = f"What ended after {day} had not ended on that day either."
        return QueryError("ended_later", message, f"Write: {whole}")

    return check


def _or_later(code: str, end: str, day: str) -> str:
    """The query with `OR end > day` beside its one `IS NULL`; empty where it says more of the end."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select):
        return ""
    tree, reader = found
    uses = [column for column in tree.find_all(exp.Column) if column.name.casefold() == end]
    missing = [
        node for node in conjuncts(tree) if isinstance(node, exp.Is) and isinstance(node.expression, exp.Null)
    ]
    missing = [node for node in missing if node.this in uses]
    if len(uses) != 1 or len(missing) != 1:
        return ""
    later = exp.GT(this=missing[0].this.copy(), expression=exp.Literal.string(day))
    missing[0].replace(exp.Paren(this=exp.Or(this=later, expression=missing[0].copy())))
    return written(tree, reader)
