"""Whether joins repeat rows that an aggregate then counts more than once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from qwen_magics.tools.schema import Join, Table

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["keeps_meaning", "own_nodes", "owner_of"]

T = TypeVar("T", bound="exp.Expr")

# From the alias of the table that has the key to that of the one that it leads to.
_Edge = tuple[str, str]


def keeps_meaning(select: exp.Expr, read: Mapping[str, Table], original: Collection[str]) -> bool:
    """Whether a SELECT to which tables were joined still says what it said, as far as keys tell.

    It does if a table that it read itself (`original`, aliases) still has each row once. Else its aggregates
    have to be over the table that has, or not mind rows that come twice.
    """
    edges = list(_edges(select, read))
    once = {alias for alias in read if not _is_repeated(alias, edges)}
    if once & set(original):
        return True
    from sqlglot import exp

    figures = list(own_nodes(select, exp.AggFunc))
    totals = [figure for figure in figures if not _minds_nothing(figure)]
    if not totals and (figures or _is_a_set(select)):
        return True
    if not once:
        return False
    if not totals:
        shown = (column for item in select.expressions for column in item.find_all(exp.Column))
        return any(owner_of(column, read) in once for column in shown)
    return all(_is_over(total, read, once) or _counts_each(total, select, read, original) for total in totals)


def own_nodes(select: exp.Expr, *kinds: type[T]) -> Iterator[T]:
    """What stands in a SELECT itself, not in those inside."""
    from sqlglot import exp

    return (node for node in select.find_all(*kinds) if node.find_ancestor(exp.Select) is select)


def owner_of(column: exp.Column, read: Mapping[str, Table]) -> str:
    """The alias that a column stands behind, or that of the one table that has it; else empty."""
    if column.table:
        return column.table.casefold()
    owners = [alias for alias, table in read.items() if table.column(column.name) is not None]
    return owners[0] if len(owners) == 1 else ""


def _edges(select: exp.Expr, read: Mapping[str, Table]) -> Iterator[_Edge]:
    from sqlglot import exp

    for equal in own_nodes(select, exp.EQ):
        sides = (equal.this, equal.expression)
        places = [owner_of(side, read) if isinstance(side, exp.Column) else "" for side in sides]
        if not all(place in read for place in places):
            continue
        for own, far in ((0, 1), (1, 0)):
            keys, other = read[places[own]].joins, read[places[far]].name
            if any(_is_pair(key, sides[own].name, other, sides[far].name) for key in keys):
                yield places[own], places[far]
    for join in select.args.get("joins") or ():
        names = [name.name for name in join.args.get("using") or ()]
        own = join.this.alias_or_name.casefold()
        for alias, table in read.items() if own in read else ():
            for one, two in ((alias, own), (own, alias)):
                leads = (_is_pair(j, n, read[two].name, n) for j in read[one].joins for n in names)
                if table.name != read[own].name and any(leads):
                    yield one, two


def _is_pair(join: Join, column: str, other: str, other_column: str) -> bool:
    pairs = [(join.column, join.other_column), *join.more]
    folded = [(one.casefold(), two.casefold()) for one, two in pairs]
    return join.other == other and (column.casefold(), other_column.casefold()) in folded


def _is_repeated(alias: str, edges: Sequence[_Edge]) -> bool:
    """Whether one of the tables that it belongs to, or itself, has rows of its own here."""
    above, open_ = {alias}, [alias]
    while open_:
        here = open_.pop()
        parents = {parent for child, parent in edges if child == here} - above
        above |= parents
        open_ += parents
    return any(parent in above and child not in above for child, parent in edges)


def _minds_nothing(total: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(total, exp.Max | exp.Min) or isinstance(total.this, exp.Distinct)


def _is_a_set(select: exp.Expr) -> bool:
    from sqlglot import exp

    grouped = select.args.get("distinct") or select.args.get("group")
    return bool(grouped) or isinstance(select.parent, exp.In | exp.Exists) or _is_in(select)


def _is_in(select: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(select.parent, exp.Subquery) and isinstance(select.parent.parent, exp.In)


def _is_over(total: exp.Expr, read: Mapping[str, Table], once: Collection[str]) -> bool:
    from sqlglot import exp

    return any(owner_of(column, read) in once for column in total.find_all(exp.Column))


def _counts_each(
    total: exp.Expr, select: exp.Expr, read: Mapping[str, Table], original: Collection[str]
) -> bool:
    """Whether it is COUNT(*) by what each row of a table has for itself: it can only count others."""
    from sqlglot import exp

    group = select.args.get("group")
    if group is None or not (isinstance(total, exp.Count) and isinstance(total.this, exp.Star)):
        return False
    keys = [key for key in group.expressions if isinstance(key, exp.Column)]
    own = [(read[alias], key.name) for key in keys if (alias := owner_of(key, read)) in original]
    return any((column := table.column(name)) is not None and column.unique for table, name in own)
