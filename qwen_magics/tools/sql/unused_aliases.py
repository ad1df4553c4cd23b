"""`MAX(rain) FROM (SELECT SUM(rain) OVER (…) AS total …)`: the aggregate that is computed inside under a name
which nobody uses is what is meant outside, and not the column that it is made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["by_alias"]


def by_alias(sql: str, tree: exp.Expr) -> str:
    """The query with the alias for the column, where the inner SELECT passes on nothing else of it."""
    from sqlglot import exp

    source = tree.args.get("from_")
    subquery = source.this if source is not None and isinstance(source.this, exp.Subquery) else None
    inner = subquery.this if subquery is not None else None
    if subquery is None or not isinstance(inner, exp.Select) or tree.args.get("joins"):
        return sql
    passed = {name.casefold() for name in inner.named_selects}
    own = [c for c in tree.find_all(exp.Column) if c.find_ancestor(exp.Select) is tree]
    named = {item.alias.casefold() for item in tree.expressions if isinstance(item, exp.Alias)}
    lacking = {c.name.casefold() for c in own} - passed - named
    used = {c.name.casefold() for c in own}
    made = _made(inner)
    unused = [alias for alias in made if alias.casefold() not in used]
    if "*" in passed or len(lacking) != 1 or len(unused) != 1 or made[unused[0]] != lacking:
        return sql
    for column in sorted(own, key=lambda c: c.this.meta.get("start", 0), reverse=True):
        start, end = column.this.meta.get("start"), column.this.meta.get("end")
        if column.name.casefold() in lacking and column.table.casefold() in ("", subquery.alias.casefold()):
            if start is None or end is None:
                return sql
            sql = f"{sql[:start]}{unused[0]}{sql[end + 1 :]}"
    return sql


def _made(inner: exp.Expr) -> dict[str, set[str]]:
    """Aliases of aggregates, plain or over a window, and the columns that these are of."""
    from sqlglot import exp

    found = {}
    for item in inner.expressions:
        value = item.unalias()
        figure = value.this if isinstance(value, exp.Window) else value
        kinds = (exp.Sum, exp.Avg, exp.Max, exp.Min)
        # Of an inner query's own names no column is meant; a quoted alias would need its quotes.
        plain = isinstance(item, exp.Alias) and item.alias.isidentifier() and not item.args["alias"].quoted
        if plain and isinstance(figure, kinds) and isinstance(figure.this, exp.Column):
            found[item.alias] = {figure.this.name.casefold()}
    return found
