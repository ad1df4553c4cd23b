"""Whether a query takes the step that its kind of question cannot do without.

A small model reads a worked example over its own table and writes a plain ORDER BY … LIMIT 3 all the same,
where the example ranks the rows of each group. Shown its query beside the example, it follows. Only examples
whose patterns leave no doubt ask for it (`SqlRecipe.firm`), and only for steps that have no other way round:
what several rows of a window, a group or an inner query say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.patterns.terms import BEST
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.parsing import parsed

if TYPE_CHECKING:
    from sqlglot import exp

__all__ = ["structure"]

# Step → what it is called when talking to the model.
_NAMES = {
    "previous": "the row before (LAG)",
    "earlier": "all rows before, not only the last one (UNBOUNDED PRECEDING)",
    "parts": "a row before of the same thing (PARTITION BY)",
    "window": "a window (OVER)",
    "groups": "a condition on groups (HAVING)",
    "inner": "an inner query",
}


# What is asked of the best itself, and not only how much it has.
_WHICH = re.compile(r"\b(?:which|who|whose|when|where|names?)\b", re.IGNORECASE)


def structure(example: str, question: str = "") -> Callable[[str], QueryError | None]:
    """A check that a query takes the steps of `example`, another query of its kind; empty for none.

    Args:
        question: where it asks how much the best of each group has, that may be a MAX as well.
    """
    tree = parsed(example) if example else None
    best = _best_of_each(tree, question) if tree is not None else None
    wanted = _steps(tree) if tree is not None else set[str]()
    if "previous" not in wanted:
        # Ranks over all rows are sometimes meant, and cut into their groups afterwards.
        wanted.discard("parts")
    if tree is not None and not _reaches_back(tree):
        # A table that is joined with itself looks at any rows before; LAG may do the same.
        wanted.discard("earlier")
    # How many are above one of them is its place, as its rank is.
    is_place = tree is not None and _counts_above(tree)
    if "window" in wanted:
        # Whether its rows come from an inner query depends on what a row of the table is.
        wanted.discard("inner")

    def check(code: str) -> QueryError | None:
        query = _query(code, wanted)
        missing = wanted - _steps(query) if query is not None else set[str]()
        if query is not None and is_place and _ranks(query):
            missing.discard("inner")
        if query is None or not missing or (best is not None and _extremes(query) == best):
            return None
        step = next(name for step, name in _NAMES.items() if step in missing)
        message = f"This kind of question takes {step}, and the query has none."
        return QueryError("step_missing", message, f"Write it in the way of: {example}")

    return check


def _best_of_each(tree: exp.Expr, question: str) -> tuple[str, str] | None:
    """Group and measure of the example, if the question asks for the measure: "the highest price of each"."""
    from sqlglot import exp

    window = tree.find(exp.Window)
    if window is None or window.args.get("order") is None or _WHICH.search(question):
        return None
    group, measure = window.args.get("partition_by") or [], window.args["order"].expressions[0].this
    if len(group) != 1 or not isinstance(measure, exp.Column):
        return None
    words = words_of(measure.name)
    behind = (words_of(found[1])[:2] for found in re.finditer(rf"(?i){BEST} ((?:\w+ ?){{1,2}})", question))
    named = any(alike(part, word) for said in behind for word in said for part in words)
    return (group[0].name.casefold(), measure.name.casefold()) if named else None


def _extremes(query: exp.Expr) -> tuple[str, str] | None:
    """The group and the column of a query that gives the largest or smallest value of each group."""
    from sqlglot import exp

    group, found = query.args.get("group"), list(query.find_all(exp.Max, exp.Min))
    if group is None or len(group.expressions) != 1 or len(found) != 1 or query.args.get("limit"):
        return None
    return group.expressions[0].name.casefold(), found[0].this.name.casefold()


def _query(code: str, wanted: set[str]) -> exp.Expr | None:
    """The query's tree; None of a pandas program, which takes such steps in words of its own."""
    from sqlglot import exp

    tree = parsed(code) if wanted else None
    return tree if isinstance(tree, exp.Query) else None


def _steps(tree: exp.Expr) -> set[str]:
    """The steps that a query takes; those that stand for one another count as both."""
    from sqlglot import exp

    found = set[str]()
    selects = list(tree.find_all(exp.Select))
    nested = len(selects) > 1
    if nested:
        found.add("inner")
    if tree.find(exp.Window, exp.ArgMax, exp.ArgMin) is not None or _compares_extremes(tree):
        found.add("window")
    if tree.find(exp.Lag, exp.Lead) is not None or _joins_itself(selects) or _looks_back(selects):
        found |= {"previous", "window"}
    if _reaches_back(tree) or ({"previous"} <= found and tree.find(exp.Lag, exp.Lead) is None):
        found.add("earlier")
    if _keeps_apart(tree):
        found.add("parts")
    if tree.find(exp.Having) is not None or any(_filters_groups(select) for select in selects):
        found.add("groups")
    if _leaves_out(tree):
        found |= {"groups", "inner"}
    return found


def _leaves_out(tree: exp.Expr) -> bool:
    """The things that none of some rows belong to: another way to a group without any such row."""
    from sqlglot import exp

    if tree.find(exp.Except) is not None:
        return True
    if any(node.find(exp.In, exp.Exists) for node in tree.find_all(exp.Not)):
        return any(node.find(exp.Select) for node in tree.find_all(exp.Not))
    outer = any(join.args.get("side") == "LEFT" for join in tree.find_all(exp.Join))
    return outer and any(isinstance(node.expression, exp.Null) for node in tree.find_all(exp.Is))


def _compares_extremes(tree: exp.Expr) -> bool:
    """Rows that equal the largest of their group: another way to the first of each."""
    from sqlglot import exp

    inner = (query for query in tree.find_all(exp.Subquery, exp.In) if query.find_ancestor(exp.Where))
    return any(query.find(exp.Max, exp.Min) is not None for query in inner)


def _counts_above(tree: exp.Expr) -> bool:
    """The number of rows above one of them and one more: its place."""
    from sqlglot import exp

    shown = [item.unalias() for item in tree.args.get("expressions") or ()]
    return len(shown) == 1 and isinstance(shown[0], exp.Add) and isinstance(shown[0].this, exp.Count)


def _ranks(query: exp.Expr) -> bool:
    from sqlglot import exp

    ranks = ("RANK(", "DENSE_RANK(", "ROW_NUMBER(")
    return any(window.this.sql().upper().startswith(ranks) for window in query.find_all(exp.Window))


def _keeps_apart(tree: exp.Expr) -> bool:
    """Rows follow one another within each thing; what has no windows says so in conditions."""
    from sqlglot import exp

    windows = list(tree.find_all(exp.Window))
    return not windows or any(window.args.get("partition_by") for window in windows)


def _reaches_back(tree: exp.Expr) -> bool:
    """The highest or lowest of the rows up to each row."""
    from sqlglot import exp

    windows = (window for window in tree.find_all(exp.Window) if window.args.get("order"))
    return any(isinstance(window.this, (exp.Max, exp.Min)) for window in windows)


def _looks_back(selects: list[exp.Select]) -> bool:
    """An inner query about the same table and the row outside: another way to the one before."""
    from sqlglot import exp

    for inner in selects:
        outer = inner.find_ancestor(exp.Select)
        here, there = inner.args.get("from_"), outer.args.get("from_") if outer is not None else None
        if here is None or there is None or here.this.name != there.this.name:
            continue
        if any(column.table == there.this.alias_or_name for column in inner.find_all(exp.Column)):
            return bool(here.this.alias_or_name != there.this.alias_or_name)
    return False


def _joins_itself(selects: list[exp.Select]) -> bool:
    """One table twice in a FROM, as each row and the one before."""
    from sqlglot import exp

    for select in selects:
        sources = [select.args.get("from_"), *(select.args.get("joins") or [])]
        names = [source.this.name for source in sources if source and isinstance(source.this, exp.Table)]
        if len(set(names)) < len(names):
            return True
    return False


def _filters_groups(select: exp.Select) -> bool:
    """WHERE over an inner query with GROUP BY does what HAVING does."""
    from sqlglot import exp

    source = select.args.get("from_")
    if source is None or select.args.get("where") is None:
        return False
    named = {query.alias: query for query in select.root().find_all(exp.CTE)}
    inner = named.get(source.this.name, source.this)
    return inner.find(exp.Group) is not None
