"""Things without any rows that are to be shown with 0, and a JOIN that has none of them.

The query is written with LEFT JOINs from the things that it groups by, and run: it is told where its rows are
others than the result's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.checks.other_result import gives
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["with_zero"]

_NONE = (
    r"(?:without|with no|with none|having no|that have no|who have no"
    r"|(?:that|who|which) (?:\w+ )?(?:never|did not|didn['\u2019]t))"
)
_SHOWN = (
    r"(?:show\w*|list\w*|appear\w*|count\w*|includ\w+|be there|be in|come|comes|stand|get|gets|belong|part of"
    r"|(?:with|as|is|are) (?:a )?(?:0|zero))"
)
_ZERO = re.compile(
    rf"\b(?:includ\w+|even|also|with|and)(?: also)? (?:the |those |any |all |ones )*(?:\w+ )?{_NONE}\b"
    rf"|\b{_NONE}\b[^.?!;]{{0,60}}\b{_SHOWN}\b"
    r"|\b(?:a )?(?:0|zero) (?:for|if|where) (?:it|they|there|those|the ones|one|that|any|\w+s)\b"
    r"|\beven (?:if|when|where) (?:there (?:are|is|were|was)|it has|they have|it had|they had) "
    r"(?:none|no|zero|not)\b",
    re.IGNORECASE,
)
_NOT_SHOWN = re.compile(
    r"\b(?:not|n['\u2019]t|no need to) (?:be |to )?(?:show\w*|list\w*|appear\w*|count\w*|includ\w*)"
    r"|\b(?:left|leave|leaving) (?:\w+ )?out\b|\b(?:exclud|ignor|omit|skip|dropp?)\w*\b|\bonly\b",
    re.IGNORECASE,
)


def with_zero(
    question: str, tables: Sequence[Table], run: Callable[[str], QueryResult] | None
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question; it speaks once.

    Args:
        run: the rows of a query; None: nothing is said.
    """
    if run is None or not _ZERO.search(question) or _NOT_SHOWN.search(question) is not None:
        return silent

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        whole = _outer(code, tables)
        if not whole:
            return None
        try:
            meant = run(whole).frame
        except QueryError:
            return None
        if len(meant) < len(result.frame) or gives(result.frame, meant):
            return None
        message = "Those without any rows are to be shown with 0, and this leaves them out."
        return QueryError("zero_left_out", message, f"Write: {whole}")

    return check


def _outer(code: str, tables: Sequence[Table]) -> str:
    """The query with LEFT JOINs from what it groups by; empty where that is not all that has to change."""
    from sqlglot import exp

    found = editable(code)
    if found is None or not isinstance(found[0], exp.Select) or found[0].args.get("group") is None:
        return ""
    tree, dialect = found
    if tree.find(exp.Subquery, exp.With, exp.Having, exp.Avg, exp.Window) or tree.args.get("limit"):
        return ""
    chain = _chain(tree, tables)
    if not chain or not _counts(tree, chain):
        return ""
    names = [chain[0][0].alias_or_name.casefold(), *(node.alias_or_name.casefold() for node, _ in chain[1:])]
    own, moved = _parted(tree, names, tables)
    if own is None:
        return ""
    tree.set("where", exp.Where(this=exp.and_(*own, copy=True)) if own else None)
    joins = [
        exp.Join(this=node.copy(), side="LEFT", on=on.copy()) for node, on in chain[1:] if on is not None
    ]
    if moved:
        joins[-1].set("on", exp.and_(joins[-1].args["on"], *moved, copy=True))
    key = "from_" if "from_" in tree.args else "from"
    tree.set(key, exp.From(this=chain[0][0].copy()))
    tree.set("joins", joins)
    return written(tree, dialect)


def _chain(tree: exp.Expr, tables: Sequence[Table]) -> list[tuple[exp.Table, exp.Expr | None]]:
    """The tables of the query from the one that it groups by to the last, each with its condition;
    empty where they make no chain.
    """
    from sqlglot import exp

    nodes = {node.alias_or_name.casefold(): node for node in tree.find_all(exp.Table)}
    edges = []
    for join in tree.args.get("joins") or ():
        on, side = join.args.get("on"), str(join.args.get("side") or "").upper()
        if (
            not isinstance(on, exp.EQ)
            or side not in ("", "LEFT")
            or str(join.args.get("kind") or "") == "CROSS"
        ):
            return []
        edges.append((on, {c.table.casefold() for c in on.find_all(exp.Column)}))
    owners = {_owner(c, nodes, tables) for c in tree.args["group"].find_all(exp.Column)}
    if len(owners) != 1 or len(edges) != len(nodes) - 1 or not edges:
        return []
    here = next(iter(owners))
    if here is None or here not in nodes:
        return []
    chain: list[tuple[exp.Table, exp.Expr | None]] = [(nodes[here], None)]
    while edges:
        next_ones = [edge for edge in edges if here in edge[1]]
        if len(next_ones) != 1 or len(next_ones[0][1]) != 2 or not next_ones[0][1] <= set(nodes):
            return []
        edges.remove(next_ones[0])
        other = next(iter(next_ones[0][1] - {here}))
        if not _is_below(nodes[other].name, nodes[here].name, tables):
            return []
        here = other
        chain.append((nodes[here], next_ones[0][0]))
    return chain


def _is_below(rows: str, thing: str, tables: Sequence[Table]) -> bool:
    """Whether the rows have a key of the thing."""
    found = (join for table in tables if table.name.casefold() == rows.casefold() for join in table.joins)
    return any(join.other.casefold() == thing.casefold() for join in found)


def _owner(column: exp.Column, nodes: Mapping[str, exp.Table], tables: Sequence[Table]) -> str | None:
    """What the query calls the table that a column is of; None where that is not certain."""
    if column.table:
        return str(column.table.casefold())
    having = {t.name.casefold() for t in tables if t.column(column.name) is not None}
    own = [name for name, node in nodes.items() if node.name.casefold() in having]
    return own[0] if len(own) == 1 else None


def _counts(tree: exp.Expr, chain: Sequence[tuple[exp.Table, exp.Expr | None]]) -> bool:
    """Whether the query counts and adds up alone; what it counts is then of the last table."""
    from sqlglot import exp

    last, on = chain[-1]
    name, first = last.alias_or_name.casefold(), chain[0][0].alias_or_name.casefold()
    key = next(c for c in on.find_all(exp.Column) if c.table.casefold() == name) if on is not None else None
    found = list(tree.find_all(exp.AggFunc))
    if key is None or not found or any(not isinstance(node, (exp.Count, exp.Sum)) for node in found):
        return False
    for node in found:
        if isinstance(node, exp.Count):
            columns = list(node.find_all(exp.Column))
            if not columns or (columns[0].table.casefold() == first and not isinstance(node.this, exp.Case)):
                node.set("this", key.copy())
        elif not isinstance(node.parent, exp.Coalesce):
            zero = exp.Coalesce(this=node.copy(), expressions=[exp.Literal.number(0)])
            node.replace(zero)
    return True


def _parted(
    tree: exp.Expr, names: Sequence[str], tables: Sequence[Table]
) -> tuple[list[exp.Expr] | None, list[exp.Expr]]:
    """The conditions on the things, and those on the last rows; None for the first where there are others."""
    from sqlglot import exp

    nodes = {node.alias_or_name.casefold(): node for node in tree.find_all(exp.Table)}
    own, moved = [], []
    for condition in conjuncts(tree):
        owners = {_owner(column, nodes, tables) for column in condition.find_all(exp.Column)}
        if owners == {names[0]}:
            own.append(condition)
        elif owners == {names[-1]} and not condition.find(exp.Null):
            moved.append(condition)
        else:
            return None, []
    return own, moved
