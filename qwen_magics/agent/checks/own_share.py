"""A share of rows whose own condition stands in WHERE as well: wherever there are rows, it is all of them.

Of the flights that have a delay, what percentage was over an hour late: a small model writes the hour into
WHERE and into CASE. What WHERE says already, no share can be asked of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["own_share"]


def own_share(code: str) -> QueryError | None:
    """What is wrong with such a query, with the query that is meant; None of any other."""
    found = editable(code) if "case" in code.casefold() else None
    if found is None:
        return None
    from sqlglot import exp

    tree, dialect = found
    for select in tree.find_all(exp.Select):
        limited = {written(c.unnest(), dialect) for c in conjuncts(select)}
        for condition in _counted(select):
            said = {written(c.unnest(), dialect): c for c in _parts(condition)}
            if limited and set(said) <= limited:
                _without(select, set(said), dialect)
                message = f"Every share is 100 %: WHERE has {' AND '.join(said)} already."
                return QueryError("whole_share", message, f"Write: {written(tree, dialect)}")
    return None


def _counted(select: exp.Expr) -> Iterator[exp.Expr]:
    """The conditions of the CASEs that give 1 or 0 and are averaged, or added up or counted over COUNT(*)."""
    from sqlglot import exp

    for item in select.expressions:
        averaged = [call.this for call in item.find_all(exp.Avg)]
        summed = [
            part.this
            for division in item.find_all(exp.Div)
            for part in division.this.find_all(exp.Sum, exp.Count)
            if isinstance(division.expression.unnest(), exp.Count)
            and part.find_ancestor(exp.Select) is select
        ]
        for case in (*averaged, *summed):
            branches = list(case.args.get("ifs") or []) if isinstance(case, exp.Case) else []
            if len(branches) == 1 and case.this is None and _is_flag(case, branches[0]):
                yield branches[0].this


def _is_flag(case: exp.Expr, branch: exp.Expr) -> bool:
    """Whether it is 1 (or 100) where the condition holds, and else 0."""
    from sqlglot import exp

    true, false = branch.args.get("true"), case.args.get("default")
    is_one = isinstance(true, exp.Literal) and true.this in ("1", "1.0", "100", "100.0")
    if isinstance(case.parent, exp.Count):
        return is_one and false is None
    return is_one and isinstance(false, exp.Literal) and false.this in ("0", "0.0")


def _parts(condition: exp.Expr) -> list[exp.Expr]:
    from sqlglot import exp

    whole = condition.unnest()
    return list(whole.flatten()) if isinstance(whole, exp.And) else [whole]


def _without(select: exp.Expr, said: set[str], dialect: str) -> None:
    """Takes these conditions out of WHERE."""
    from sqlglot import exp

    kept = [c.copy() for c in conjuncts(select) if written(c.unnest(), dialect) not in said]
    select.set("where", exp.Where(this=exp.and_(*kept, wrap=False)) if kept else None)
