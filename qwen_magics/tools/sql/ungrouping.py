"""A query of groups as the one figure over all rows: a step that small models do not find alone."""

from __future__ import annotations

from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.parsing import parsed

__all__ = ["ungrouped"]


def ungrouped(sql: str, dialect: Dialect = DUCKDB) -> str:
    """The query without its groups; empty where that leaves no one figure.

    >>> ungrouped("SELECT a, AVG(b) AS mean FROM t WHERE c < 1 GROUP BY a ORDER BY a")
    'SELECT AVG(b) AS mean FROM t WHERE c < 1'
    """
    from sqlglot import exp

    tree = parsed(sql, dialect) if sql[:6].upper() == "SELECT" else None
    if not isinstance(tree, exp.Select) or not tree.args.get("group") or tree.args.get("having"):
        return ""
    figures = [item for item in tree.expressions if item.find(exp.AggFunc) and not item.find(exp.Window)]
    if len(figures) != 1 or any(figures[0].find_all(exp.Subquery)):
        return ""
    tree.set("expressions", figures)
    for clause in ("group", "order", "limit", "offset", "distinct", "qualify"):
        tree.set(clause, None)
    return tree.sql(dialect=dialect.name or None)
