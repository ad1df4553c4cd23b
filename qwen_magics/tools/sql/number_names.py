"""Columns that are called by a number, such as "2011", where a query writes the bare number for one.

`2011 IS NOT NULL` is true of every row: it can only be the column. So are numbers that nothing but other
numbers is computed or compared with, and places of ORDER BY that no list is long enough for. A number beside
a column (`year = 2011`) is a number, and so is the difference of two that something is divided by: years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.tools.schema import Table

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["name_numbers"]

# Shorter ones are counts and places more often than names.
_SHORTEST = 4


def name_numbers(tree: exp.Expr, tables: Sequence[Table]) -> bool:
    """Put columns in the place of the numbers, or texts, that can only be their names; whether there was one.

    >>> name_numbers(tree_of("SELECT COUNT(*) FROM rents WHERE 2011 IS NULL"), [rents])
    True
    """
    from sqlglot import exp

    read = {node.name.casefold() for node in tree.find_all(exp.Table)}
    names = {column.name for table in tables if table.name.casefold() in read for column in table.columns}
    found = list(_tested(tree, names))
    numbers = {name for name in names if name.isdecimal() and len(name) >= _SHORTEST}
    if numbers:
        # One that is read as a column elsewhere shows that the model knows how: the bare one may be a number.
        aware = any(node.name in numbers for node in tree.find_all(exp.Column))
        found += [*_sorted_by(tree, numbers), *_aggregated(tree, numbers), *_compared(tree, numbers)]
        found += [] if aware else [*_computed(tree, numbers), *_listed(tree, numbers)]
        found += _given_names(tree, {node.name for node in found})
    _replace(found)
    beside = list(_beside_a_query(tree, numbers))
    _replace(beside)
    return bool(found or beside)


def _replace(literals: Sequence[exp.Expr]) -> None:
    from sqlglot import exp

    for literal in literals:
        literal.replace(exp.column(literal.name, quoted=True))


def _tested(tree: exp.Expr, names: set[str]) -> Iterator[exp.Expr]:
    """`2011 IS NULL`, `'rent' IS NOT NULL`, `COALESCE(2011, 0)`."""
    from sqlglot import exp

    for node in tree.find_all(exp.Is, exp.Coalesce):
        if _is_name(node.this, names) and (isinstance(node, exp.Is) or node.this.name.isdecimal()):
            yield node.this


def _sorted_by(tree: exp.Expr, numbers: set[str]) -> Iterator[exp.Expr]:
    from sqlglot import exp

    for order in tree.find_all(exp.Ordered):
        select = order.find_ancestor(exp.Query)
        places = len(select.selects) if select is not None else 0
        if _is_name(order.this, numbers) and int(order.this.name) > places:
            yield order.this


def _aggregated(tree: exp.Expr, numbers: set[str]) -> Iterator[exp.Expr]:
    """`AVG(2011)`, `SUM(2011 - 1960)`: of nothing but numbers."""
    from sqlglot import exp

    for node in tree.find_all(exp.AggFunc):
        if not node.find(exp.Column, exp.Query, exp.Star):
            # The last arguments of some are counts and shares.
            yield from _names_in(node.this, numbers)


def _compared(tree: exp.Expr, numbers: set[str]) -> Iterator[exp.Expr]:
    """`2011 > 1960`: of nothing but numbers."""
    from sqlglot import exp

    for node in tree.find_all(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between):
        if not node.find(exp.Column, exp.Query, exp.AggFunc):
            yield from _names_in(node, numbers)


def _computed(tree: exp.Expr, numbers: set[str]) -> Iterator[exp.Expr]:
    """`2011 - 1960`, `(2011 - 1960) / 1960`, but not the years that something is divided by."""
    from sqlglot import exp

    kinds = (exp.Add, exp.Sub, exp.Mul, exp.Div)
    for node in tree.find_all(*kinds):
        inside = isinstance(_above(node), (*kinds, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE))
        if inside or node.find_ancestor(exp.AggFunc) or node.find(exp.Column, exp.Query, exp.AggFunc):
            continue
        for literal in _names_in(node, numbers):
            if not _is_span(literal):
                yield literal


def _is_span(literal: exp.Expr) -> bool:
    """Whether the number stands in a difference that something is divided by."""
    from sqlglot import exp

    node = literal
    while isinstance(node.parent, (exp.Sub, exp.Add, exp.Paren)):
        node = node.parent
    divided = isinstance(node.parent, exp.Div) and node.parent.expression is node
    return divided and node is not literal


def _listed(tree: exp.Expr, numbers: set[str]) -> Iterator[exp.Expr]:
    """`SELECT country, 2011 FROM …`, `ROUND(2011, 1)`: what is not even given a name is no label."""
    from sqlglot import exp

    if not isinstance(tree, exp.Select):
        return
    for item in tree.expressions:
        inner = item.this if isinstance(item, (exp.Round, exp.Abs)) else item
        if _is_name(inner, numbers):
            yield inner


def _given_names(tree: exp.Expr, columns: set[str]) -> Iterator[exp.Expr]:
    """`SELECT country, 2011 AS rent FROM … WHERE 2011 > 6`: what is a column there is no label here.

    A label says what it is: `2011 AS year` stays.
    """
    from sqlglot import exp

    for item in tree.expressions if isinstance(tree, exp.Select) else ():
        label = item.alias.casefold()
        if isinstance(item, exp.Alias) and _is_name(item.this, columns) and "year" not in label:
            yield item.this


def _beside_a_query(tree: exp.Expr, numbers: set[str]) -> Iterator[exp.Expr]:
    """`2011 > (SELECT AVG("2011") …)`, where the inner one is a column."""
    from sqlglot import exp

    for node in list(tree.find_all(exp.LT, exp.LTE, exp.GT, exp.GTE)):
        for literal, other in ((node.this, node.expression), (node.expression, node.this)):
            inner = other.find(exp.AggFunc) if isinstance(other, exp.Subquery) else None
            columns = inner.find_all(exp.Column) if inner is not None else ()
            if _is_name(literal, numbers) and any(column.name in numbers for column in columns):
                yield literal


def _names_in(node: exp.Expr, names: set[str]) -> Iterator[exp.Expr]:
    from sqlglot import exp

    return (literal for literal in node.find_all(exp.Literal) if _is_name(literal, names))


def _is_name(node: object, names: set[str]) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Literal) and node.name in names


def _above(node: exp.Expr) -> exp.Expr | None:
    from sqlglot import exp

    parent = node.parent
    while isinstance(parent, (exp.Paren, exp.Neg)):
        parent = parent.parent
    return parent
