"""Conditions that no row can meet together: `returned = '2022-12-31' AND returned IS NULL`.

A small model writes both readings of one condition with AND between them, and a hint that changes a column of
its query may make such a pair of two conditions that went together before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.dialects import DUCKDB
from qwen_magics.tools.sql.editable import editable
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["contradicted", "is_sound"]

_QUERY = re.compile(r"\b(?:SELECT|WITH)\b.*", re.IGNORECASE | re.DOTALL)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")
_AND = re.compile(r"\bAND\b", re.IGNORECASE)


def contradicted(code: str) -> QueryError | None:
    """What is wrong with a query two of whose conditions never hold at once."""
    tree = _tree(code) if _AND.search(code) else None
    pair = next(_pairs(tree), None) if tree is not None else None
    if pair is None:
        return None
    one, other = (node.sql(dialect="duckdb") for node in pair)
    message = f"No row has both {one} and {other}."
    hint = "Keep the one that the question asks for, or write OR."
    if all(type(node).__name__ == "EQ" for node in pair):
        column, values = pair[0].this.sql(dialect="duckdb"), ", ".join(n.expression.sql() for n in pair)
        hint = f"Write {column} IN ({values}), with HAVING COUNT(DISTINCT {column}) = 2 for what has both."
    return QueryError("never_true", message, hint)


def is_sound(error: QueryError) -> bool:
    """Whether the query of a hint could have rows; a hint without a query is no query."""
    found = _QUERY.search(error.hint or "")
    return found is None or contradicted(found[0]) is None


def _tree(code: str) -> exp.Expr | None:
    found = editable(code)
    return found[0] if found is not None else parsed(code, DUCKDB)


def _pairs(tree: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    from sqlglot import exp

    for whole in tree.find_all(exp.And):
        if isinstance(whole.parent, exp.And):
            continue
        parts = [part.unnest() for part in whole.flatten()]
        yield from (pair for pair in combinations(parts, 2) if _excludes(*pair) or _excludes(*pair[::-1]))


def _excludes(one: exp.Expr, other: exp.Expr) -> bool:
    """Whether the second cannot hold where the first does."""
    from sqlglot import exp

    if _about(one) is None or _about(one) != _about(other):
        return False
    if isinstance(other, exp.Is) and isinstance(other.expression, exp.Null):
        return isinstance(
            one, (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.In, exp.Like, exp.Between)
        )
    if isinstance(one, exp.In) and isinstance(other, exp.Not):
        return _covers(other.this.unnest(), one)
    if isinstance(one, exp.EQ) and isinstance(other, exp.NEQ):
        return bool(one.expression == other.expression)
    if isinstance(one, exp.EQ) and isinstance(other, exp.EQ):
        values = [_value(one.expression), _value(other.expression)]
        return None not in values and _folded(values[0]) != _folded(values[1])
    low, high = _value(getattr(one, "expression", None)), _value(getattr(other, "expression", None))
    if not isinstance(one, (exp.GT, exp.GTE)) or not isinstance(other, (exp.LT, exp.LTE)):
        return False
    if low is None or high is None or isinstance(low, str) != isinstance(high, str):
        return False
    if isinstance(low, str) and not (
        _DAY.fullmatch(low) and _DAY.fullmatch(str(high)) and len(low) == len(str(high))
    ):
        return False
    open_ends = isinstance(one, exp.GT) or isinstance(other, exp.LT)
    return bool(low > high or (low == high and open_ends))  # type: ignore[operator]


def _about(condition: exp.Expr) -> str | None:
    """The column that a condition is about, as it is written; None where it is not one column's."""
    from sqlglot import exp

    if isinstance(condition, exp.Not):
        inner = condition.this.unnest()
        return _about(inner) if isinstance(inner, exp.In) else None
    column = condition.this if isinstance(condition, (exp.Predicate, exp.Between)) else None
    return column.sql().casefold() if isinstance(column, exp.Column) else None


def _covers(wide: exp.Expr, narrow: exp.Expr) -> bool:
    """Whether all that is in one list is in the other: the same, or the same rows without a condition."""
    from sqlglot import exp

    if not isinstance(wide, exp.In):
        return False
    lists = [node.expressions for node in (wide, narrow)]
    if all(lists):
        return all(item in lists[0] for item in lists[1])
    queries = [
        q.this if isinstance(q := node.args.get("query"), exp.Subquery) else q for node in (wide, narrow)
    ]
    outer, inner = queries
    if not isinstance(outer, exp.Select) or not isinstance(inner, exp.Select):
        return False
    if outer == inner:
        return outer.args.get("limit") is None
    plain = ("expressions", "from", "from_")
    rest = (key for key, value in outer.args.items() if value and key not in plain)
    if any(rest) or inner.args.get("limit") or inner.args.get("joins"):
        return False
    sources = [query.args.get("from_") or query.args.get("from") for query in (outer, inner)]
    return bool(sources[0] == sources[1]) and outer.expressions == inner.expressions


def _value(node: exp.Expr | None) -> float | str | None:
    from sqlglot import exp

    node = node.unnest() if node is not None else None
    if isinstance(node, exp.Neg):
        value = _value(node.this)
        return -value if isinstance(value, float) else None
    if not isinstance(node, exp.Literal):
        return None
    return str(node.this) if node.is_string else float(node.this)


def _folded(value: float | str | None) -> float | str | None:
    """Some columns compare letters of either case."""
    return value.casefold() if isinstance(value, str) else value
