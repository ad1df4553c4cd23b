"""A key where the question asks for the name it stands for: "category name and product name"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written
from qwen_magics.tools.sql.labelling import LABELS
from qwen_magics.tools.sql.names import quote_name

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Join, Table

__all__ = ["owner_names"]

_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:names?|titles?) of (?:the |its |their |each |every )?(\w+)",
        r"\b(\w+?)(?:['\u2019]s)? (?:names?|titles?)\b",
    )
)


def owner_names(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question, which speaks once; joins that are there are not looked into."""
    said = [word for pattern in _NAMED for noun in pattern.findall(question) for word in words_of(noun)]
    if not said:
        return silent

    @once
    def check(code: str) -> QueryError | None:
        found = editable(code)
        if found is None:
            return None
        tree, dialect = found
        for place, join, label in _keys(tree, said, tables):
            if join.column.casefold() in question.casefold():
                continue
            whole = tree.copy()
            whole.expressions[place].replace(_name_of(whole, join, label))
            message = f"{join.column} is a key; the question wants the {label} of {join.other}."
            return QueryError("key_shown", message, f"Write: {written(whole, dialect)}")
        return None

    return check


def _keys(tree: exp.Expr, said: Sequence[str], tables: Sequence[Table]) -> Iterator[tuple[int, Join, str]]:
    """The places of keys among the columns shown, each with its join and what the name is called there."""
    from sqlglot import exp

    read = list(tree.find_all(exp.Table))
    table = next((t for t in tables if len(read) == 1 and t.name.casefold() == read[0].name.casefold()), None)
    if table is None or not isinstance(tree, exp.Select):
        return
    owners = {owner.name: owner for owner in tables}
    for place, item in enumerate(tree.expressions):
        for join in table.joins if isinstance(item, exp.Column) else ():
            owner = owners.get(join.other)
            if item.name != join.column or owner is None or join.more or owner is table:
                continue
            label = next((name for name in LABELS if owner.column(name) is not None), "")
            if label and any(alike(word, own) for word in said for own in words_of(owner.name)[-1:]):
                yield place, join, label


def _name_of(tree: exp.Expr, join: Join, label: str) -> exp.Expr:
    """The name as an inner query, which leaves all else in the query as it is."""
    from sqlglot import exp

    table = next(iter(tree.find_all(exp.Table)))
    other, outer = quote_name(join.other), quote_name(table.alias_or_name)
    key, own = quote_name(join.other_column), quote_name(join.column)
    text = f"(SELECT {other}.{quote_name(label)} FROM {other} WHERE {other}.{key} = {outer}.{own})"
    return exp.maybe_parse(f"{text} AS {quote_name(words_of(join.other)[-1] + '_' + label)}")
