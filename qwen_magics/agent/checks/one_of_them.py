"""All of them, where the question asks which one is the best: "which variety had the best yield there?"

Told once, and only where the query chooses among its rows in no way at all and the measure is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.words.mentions import FULLY, Asked
from qwen_magics.agent.words.patterns.terms import BEST
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["one_of_them"]

# A singular thing and its verb, then what it is the best in.
_ASKED = re.compile(
    rf"\b(?:which|what) (?:one|(?!\w+s\b)[\w-]+)(?: (?!\w+s\b)[\w-]+)? (?:had|has|got|made|reached|saw|gave)"
    rf" (?:the |its )?({BEST}) ([^,;:?.]+)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:each|every|per|all|top|respectively|two|three|four|five|six|seven|eight|nine|ten|\d{1,2})\b", re.I
)
_LOW = re.compile(r"\b(?:least|lowest|fewest|smallest|worst|shortest|lightest|cheapest|min(?:imum)?)\b", re.I)


def one_of_them(question: str, tables: Sequence[Table]) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question, which speaks once."""
    found = _ASKED.search(question)
    if found is None or _SEVERAL.search(question) is not None:
        return silent

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        query = editable(code) if len(result.frame) > 1 else None
        if query is None or not _takes_all(query[0]):
            return None
        measure = _measure(found[2], query[0], tables)
        if not measure:
            return None
        order = measure if _LOW.search(found[1]) else f"{measure} DESC"
        message = f"The question asks for one of them, and the result has {len(result.frame)}."
        return QueryError("several", message, f"Write: {written(_cut(*query, order), query[1])}")

    return check


def _cut(tree: exp.Expr, dialect: str, order: str) -> exp.Expr:
    from sqlglot import exp

    return tree.copy().order_by(order, dialect=dialect).limit(1) if isinstance(tree, exp.Select) else tree


def _takes_all(tree: exp.Expr) -> bool:
    """Whether a plain query neither orders, cuts, groups nor compares with an extreme."""
    from sqlglot import exp

    if not isinstance(tree, exp.Select) or any(tree.args.get(name) for name in ("order", "limit", "group")):
        return False
    if tree.args.get("distinct") or tree.find(exp.Window) is not None:
        return False
    where = tree.args.get("where")
    inner = where.find_all(exp.Select) if where is not None else ()
    shown = any(item.find(exp.AggFunc) for item in tree.expressions)
    return not shown and not any(select.find(exp.Max, exp.Min) for select in inner)


def _measure(phrase: str, tree: exp.Expr, tables: Sequence[Table]) -> str:
    """The one number of the tables that are read which the phrase names; empty for none or several."""
    from sqlglot import exp

    source, joins = tree.args.get("from_"), tree.args.get("joins") or []
    nodes = [node.this for node in (source, *joins) if node is not None and isinstance(node.this, exp.Table)]
    found: list[exp.Column] = []
    for node in nodes:
        for table in tables:
            if table.name.casefold() == node.name.casefold():
                asked = Asked(phrase, table.columns, table.name)
                named = [c for c in table.columns if is_number(c) and asked.said(c)[0] >= FULLY]
                alias = node.alias_or_name if len(nodes) > 1 else None
                found += [exp.column(exp.to_identifier(c.name), table=alias) for c in named]
    return str(found[0].sql()) if len(found) == 1 else ""
