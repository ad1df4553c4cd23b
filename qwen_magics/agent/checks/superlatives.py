"""Which one is asked for: the fifth alone, the one that fell the most, groups by their average.

Queries that bind, run and answer another question than the one that was asked; what is meant can be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["superlatives"]

_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NTH = re.compile(rf"\b(?:(\d+)(?:st|nd|rd|th)|({'|'.join(_ORDINALS)}))\b", re.IGNORECASE)
_FALL = (
    r"(?:fall|fell|fallen|drop\w*|decreas\w+|shr[aiu]nk\w*|declin\w+|plung\w+|s[aiu]nk|slump\w*|collaps\w+"
    r"|plummet\w*|tumbl\w+|los[et]|loss)"
)
_EACH = re.compile(r"\b(?:each|every)\b", re.IGNORECASE)
_MOST = r"(?:most|biggest|largest|greatest|steepest|sharpest|strongest|worst)"
_FELL_MOST = re.compile(rf"\b{_FALL}\b[^.?]*\b{_MOST}\b|\b{_MOST}\b[^.?]*\b{_FALL}\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
# "An average limit above 12,000", not "the average price of books above 10".
_LIMITED_MEAN = re.compile(
    r"\b(?:average|mean) (?:(?!of\b|that\b|who\b|which\b|with\b|for\b|in\b|by\b)[\w']+ ){0,3}?"
    r"(?:(?:is|was|of|that is|which is) )?(?:above|over|below|under|at least|at most|exceed\w*"
    r"|(?:more|less|greater|higher|larger|lower|smaller) than) (\d+(?:[,.]\d+)*)",
    re.IGNORECASE,
)


def superlatives(question: str) -> Callable[[str], QueryError | None]:
    """A check of the queries for `question`."""
    places = {
        int(found[1]) if found[1] else _ORDINALS.index(found[2].casefold()) + 2
        for found in _NTH.finditer(question)
    }
    nth = places if len(places) == 1 else set()  # not "from the third to the fifth"
    of_each = nth if _EACH.search(question) else set[int]()
    fell = bool(_FELL_MOST.search(question))
    limits = {re.sub(r",(?=\d{3}\b)", "", number) for number in _LIMITED_MEAN.findall(question)}

    def check(code: str) -> QueryError | None:
        if not (nth or fell or limits):
            return None
        tree = parsed(code)
        if tree is None:
            return None
        return (
            _first_ones(tree, of_each)
            or _one_of_them(tree, nth)
            or (_least_fall(tree) if fell else None)
            or _rows_for_groups(tree, limits)
        )

    return check


def _one_of_them(tree: exp.Expr, nth: set[int]) -> QueryError | None:
    """LIMIT 5 OFFSET 4 for the fifth."""
    limit, offset = (_count(tree, name) for name in ("limit", "offset"))
    if limit is None or offset is None or limit < 2 or limit != offset + 1 or limit not in nth:
        return None
    message = f"LIMIT {limit} OFFSET {offset} gives {limit} rows, from place {limit} on."
    return QueryError("several_places", message, f"Only place {limit}: LIMIT 1 OFFSET {offset}.")


def _first_ones(tree: exp.Expr, nth: set[int]) -> QueryError | None:
    """Rows of all, cut by LIMIT, where one of each group is meant."""
    from sqlglot import exp

    order = tree.args.get("order")
    if not nth or order is None or tree.args.get("limit") is None or tree.find(exp.Window) is not None:
        return None
    place = min(nth)
    ranked = f"ROW_NUMBER() OVER (PARTITION BY the group {order.sql().strip()}) AS place"
    message = "LIMIT takes rows of all, and one of each group is asked for."
    return QueryError(
        "one_of_all", message, f"Select {ranked} in a subquery, and outside of it WHERE place = {place}."
    )


def _count(tree: exp.Expr, name: str) -> int | None:
    clause = tree.args.get(name)
    text = clause.expression.name if clause is not None and clause.expression is not None else ""
    return int(text) if text.isdigit() else None


def _least_fall(tree: exp.Expr) -> QueryError | None:
    """Ordered from above by a value less the one before, which puts the largest rise first."""
    from sqlglot import exp

    order = tree.args.get("order")
    if order is None or tree.args.get("limit") is None:
        return None
    first = order.expressions[0]
    shown = {
        item.alias.casefold(): item.this
        for select in tree.find_all(exp.Select)
        for item in select.expressions
        if item.alias
    }
    key = first.this
    change = shown.get(key.name.casefold(), key) if isinstance(key, exp.Column) else key
    # In percent: 100.0 * (value - before) / before.
    while isinstance(change, (exp.Mul, exp.Div, exp.Paren)):
        change = change.expression if isinstance(change.this, exp.Literal) else change.this
    if not first.args.get("desc") or not isinstance(change, exp.Sub) or not _is_rise(change):
        return None
    message = f"A fall is below 0, and ORDER BY {first.this.sql()} DESC puts the largest rise first."
    key = f"ORDER BY {first.this.sql()}"
    limit = _count(tree, "limit") or 1
    return QueryError("rises_first", message, f"Write {key} LIMIT {limit} instead, without DESC.")


def _is_rise(change: exp.Sub) -> bool:
    """Whether what came before is taken away: LAG(value), or what an earlier year has."""
    from sqlglot import exp

    lag = change.expression.unnest().find(exp.Lag)
    if lag is not None:
        return bool(change.this.sql() == lag.this.sql())
    last, first = (set(_YEAR.findall(side.sql())) for side in (change.this, change.expression))
    return len(last) == len(first) == 1 and max(last) > max(first)


def _rows_for_groups(tree: exp.Expr, limits: set[str]) -> QueryError | None:
    """Rows above a number, where groups are meant whose average is above it."""
    from sqlglot import exp

    where = tree.args.get("where")
    if where is None or tree.args.get("group") is None or tree.args.get("having") is not None:
        return None
    means = {mean.this.sql(): mean for mean in tree.find_all(exp.Avg)}
    for compared in where.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE):
        mean = means.get(compared.this.sql())
        if mean is not None and compared.expression.name in limits:
            meant = f"{mean.sql()}{compared.sql()[len(compared.this.sql()) :]}"
            message = f"WHERE {compared.sql()} leaves rows out before the average is taken."
            return QueryError("rows_for_groups", message, f"Groups are meant: HAVING {meant} instead of it.")
    return None
