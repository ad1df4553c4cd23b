"""Columns that a question asks to see and a result does not have: "Year and quarter please."

Only lists are read of which every word counts, in the places where people say what is to come back, and only
columns that are named as they are called. A query that shows something of such a column has it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.words.naming import UNITS, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import conjuncts, editable, written

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Table

__all__ = ["wanted"]

_LIST = r"[\w ,&'\u2019-]{3,120}?"
_WILL_DO = (
    r"(?:,? please|,? thanks|,? thank you|,? (?:will|would|should) (?:do|suffice)(?: nicely)?|,? (?:is|are) "
    r"(?:enough|sufficient|fine|plenty|all (?:I|we) (?:need|want))|,? suffices?|,? only|,? in that order)"
)
_ASK = (
    r"(?:please )?(?:(?:tell|give|show|list|return|report|name|state|output|print|include|send|get) "
    r"(?:me |us )?(?:back )?|(?:I|we)(?:'d| would)? (?:like|want|need)(?: to (?:see|have|know))? )"
    r"(?:just |only |also |both )?"
)
_SENTENCE = re.compile(
    r"(?:^|(?<=[.?!;:])\s+|(?<=\))\s+|\s[\u2013\u2014-]\s+)([^.?!;:\u2013\u2014()]+)[.?!;)]*"
)
_ORDERED = (
    re.compile(rf"(?:just |only )?({_LIST}){_WILL_DO}", re.IGNORECASE),
    re.compile(rf"{_ASK}({_LIST})(?:{_WILL_DO})?", re.IGNORECASE),
)
_WITH = re.compile(
    r"\b(?:together with|along with|and also|as well as|with|and) (?:both )?(?:its|their|his|her) "
    rf"({_LIST})(?=[.?!;:)]|$|, (?:\w+ed|in|for|where|who|which|that|and \w+) )",
    re.IGNORECASE,
)
# What follows says of what, and which: "the name and price of all houses in Ulm".
_OF_WHAT = re.compile(
    r"(?<!number)(?<!count)(?<!sum)(?<!total)(?<!average)(?<!mean)(?<!share)(?<!percentage) "
    r"(?:of|for|in|from|where|with|that|who|which|by|per|on|at|whose)\b.*$",
    re.IGNORECASE,
)
_APART = re.compile(r"\s*(?:,\s*(?:and |plus )?|\band\b|\bplus\b|&|\bas well as\b)\s*", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:(?:the|its|their|his|her|a|an|also|each|both|just|only)\s+)+", re.IGNORECASE)
# What is computed, and so no column.
_FIGURES = frozenset(
    ["amount", "average", "count", "mean", "number", "percentage", "rate", "ratio", "share", "sum", "total"]
)
_PERIODS = frozenset(["day", "decade", "hour", "month", "quarter", "week", "year"])


def wanted(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; each column is told once, a model that insists has a reason."""
    lists = list(_lists(question))
    told = set[str]()

    def check(code: str) -> QueryError | None:
        found = editable(code) if lists else None
        if found is None:
            return None
        tree, dialect = found
        for items, bare in lists:
            missing = _missing(items, bare, tree, tables)
            fresh = [name for name in missing if name not in told]
            if fresh:
                told.update(fresh)
                return _problem(items, fresh, tree, dialect, tables)
        return None

    return check


def _lists(question: str) -> Iterator[tuple[list[list[str]], bool]]:
    """What is asked for, each as its words, and whether a list is nothing but words: it may be none."""
    question = re.sub(r"\([^()]*\)", "", question)
    for place, sentence in enumerate(_SENTENCE.findall(question)):
        text = sentence.strip().rstrip(",")
        if (ordered := next(filter(None, (p.fullmatch(text) for p in _ORDERED)), None)) is not None:
            items, bare = _items(_OF_WHAT.sub("", ordered[1])), False
        else:
            # The first sentence is the question itself.
            items, bare = (_items(text) if place else []), True
        if len(items) > 1:  # one alone may be no column, but a word for something else
            yield items, bare
    for found in _WITH.finditer(question):
        yield _items(found[1]), False


def _items(text: str) -> list[list[str]]:
    parts = (_ARTICLE.sub("", part.strip()) for part in _APART.split(text))
    return [words_of(part) for part in parts if part]


def _missing(items: list[list[str]], bare: bool, tree: exp.Expr, tables: Sequence[Table]) -> list[str]:
    """The columns of the one table that the query reads which a list names and the query does not show."""
    from sqlglot import exp

    select = tree if isinstance(tree, exp.Select) else None
    if select is None or any(item.is_star for item in select.expressions):
        return []
    read = _read(select, tables)
    names = {tuple(_plain(c.name)): c.name for table in read for c in table.columns}
    counts = [tuple(_plain(c.name)) for table in read for c in table.columns]
    shown = {column.name.casefold() for item in select.expressions for column in item.find_all(exp.Column)}
    said = {word for item in select.expressions for word in words_of(item.alias_or_name)}
    fixed = _fixed(select)
    if bare and not all(tuple(item) in names or _FIGURES & set(item) for item in items):
        return []
    found = [names[tuple(item)] for item in items if tuple(item) in names and counts.count(tuple(item)) == 1]
    return [name for name in found if name.casefold() not in shown | fixed and not set(_plain(name)) & said]


def _plain(name: str) -> list[str]:
    words = words_of(name)
    return [word for word in words if word not in UNITS] or words


def _read(select: exp.Expr, tables: Sequence[Table]) -> list[Table]:
    """The tables that a SELECT itself reads; none where it reads what another one makes."""
    from sqlglot import exp

    known = {table.name.casefold(): table for table in tables}
    sources = [select.args.get("from_"), *(select.args.get("joins") or ())]
    nodes = [source.this for source in sources if source is not None]
    if not all(isinstance(node, exp.Table) and node.name.casefold() in known for node in nodes):
        return []
    return [known[node.name.casefold()] for node in nodes]


def _fixed(select: exp.Expr) -> set[str]:
    """Columns that a condition gives one value: there is nothing to see in them."""
    from sqlglot import exp

    equal = [c.unnest() for c in conjuncts(select) if isinstance(c.unnest(), exp.EQ)]
    return {c.this.name.casefold() for c in equal if isinstance(c.this, exp.Column)}


def _problem(
    items: list[list[str]], missing: list[str], tree: exp.Expr, dialect: str, tables: Sequence[Table]
) -> QueryError:
    whole = _with(tree.copy(), missing, items, tables)
    named = " and ".join(missing)
    hint = f"Write: {written(whole, dialect)}" if whole is not None else f"Select {named} as well."
    return QueryError("column_not_shown", f"The result has no {named}.", hint)


def _with(
    tree: exp.Expr, missing: list[str], items: list[list[str]], tables: Sequence[Table]
) -> exp.Expr | None:
    """The query with these columns, at the places where the list has them; None where that needs more."""
    from sqlglot import exp

    group = tree.args.get("group")
    figures = any(item.find(exp.AggFunc) and not item.find(exp.Window) for item in tree.expressions)
    if (group is None and figures) or (group is not None and not _may_group(tree, missing, tables)):
        return None
    shown = list(tree.expressions)
    order = [tuple(item) for item in items]
    for name in missing:
        column = exp.column(exp.to_identifier(name, quoted=not re.fullmatch(r"[A-Za-z_]\w*", name)))
        owner = _alias(tree, name, tables)
        if owner:
            column.set("table", exp.to_identifier(owner))
        after = order[order.index(tuple(_plain(name))) + 1 :] if tuple(_plain(name)) in order else []
        later = [place for place, item in enumerate(shown) if tuple(_plain(item.alias_or_name)) in after]
        figure = [place for place, item in enumerate(shown) if group is not None and item.find(exp.AggFunc)]
        shown.insert(min([*later, *figure, len(shown)]), column)
        if group is not None:
            group.append("expressions", column.copy())
    tree.set("expressions", shown)
    return tree


def _may_group(tree: exp.Expr, missing: list[str], tables: Sequence[Table]) -> bool:
    """Whether what is missing may become a part of the groups: a period, or what goes with their key."""
    from sqlglot import exp

    if all(set(words_of(name)) & _PERIODS for name in missing):
        return True
    keys = {column.name.casefold() for column in tree.args["group"].find_all(exp.Column)}
    unique = {
        table.name
        for table in _read(tree, tables)
        if any(c.unique and c.name.casefold() in keys for c in table.columns)
    }
    owners = {name: [t.name for t in _read(tree, tables) if t.column(name)] for name in missing}
    return all(set(owned) <= unique for owned in owners.values())


def _alias(tree: exp.Expr, name: str, tables: Sequence[Table]) -> str:
    """What the query calls the column's table, where it reads several."""
    from sqlglot import exp

    sources = [tree.args.get("from_"), *(tree.args.get("joins") or ())]
    nodes = [source.this for source in sources if source is not None]
    known = {table.name.casefold(): table for table in tables}
    owners = [
        node for node in nodes if isinstance(node, exp.Table) and known[node.name.casefold()].column(name)
    ]
    return owners[0].alias_or_name if len(nodes) > 1 and owners else ""
