"""One figure over all rows, where the question asks for it per carrier, or by the name of the carrier."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.words.asking_clause import asks_one_number
from qwen_magics.agent.words.naming import words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.editable import editable, written
from qwen_magics.tools.sql.labelling import labels_of

if TYPE_CHECKING:
    from sqlglot import exp

    from qwen_magics.tools.schema import Column, Table

__all__ = ["figure_per_group"]

# At the end of a clause: "per ticket sold" and "by carrier AA" are about other things.
_END = r"(?=\W*$|\s*[,;:.?!()]|\s+(?:for|in|on|at|over|of|with|among|from|during|and|as|using)\b)"
_PER = re.compile(
    rf"\b(?:per|(?:for|of|in|at|on|from|to) (?:each|every)|each|every) (?:of the )?(\w+(?: \w+)?){_END}",
    re.IGNORECASE,
)
# A figure per hour may well be a mean of counts.
_TIMES = [[unit] for unit in ("hour", "day", "week", "month", "quarter", "year", "time")]
# "…, by carrier?": what it is told apart by, at the end; several of them did something: "sent by carriers".
_BY = re.compile(
    r"(?<!divided)(?<!ordered)(?<!ranked)(?<!sorted) by (?:the )?(\w+(?: \w+)?)(?:(?<!s)|(?<=[su]s))[.?!]*$",
    re.IGNORECASE,
)
_BY_NAME = re.compile(
    r"(?:,| per| for each| by) (?:(?:by|per) )?(?:the )?name of the (\w+)"
    r"(?=[.?!,]*$| (?:that|which|who|where)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\W*(?:(?:and|then|now) )?(?:how|what|which|who|where|when)\b", re.IGNORECASE)
# How many of something each one has on average: a single number.
_MEAN_OF_COUNTS = re.compile(
    r"\bon average\b|\b(?:average|mean|median|typical) (?:number|count) of (?:\w+ ){1,2}per\b", re.IGNORECASE
)


def figure_per_group(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of queries for one question; it speaks once."""
    sentences = re.split(r"(?<=[.?!;])\s+", question.strip())
    # What is computed per group on the way to one number stands in a sentence before that.
    last = next((s for s in reversed(sentences) if _PER.search(s) or _BY.search(s) or _ASKS.match(s)), "")
    said = [words_of(found) for found in (*_PER.findall(last), *_BY.findall(last))]
    groups = [words for words in said if words[-1:] not in _TIMES]
    things = [words_of(found) for found in _BY_NAME.findall(last)]
    if not (groups or things) or _MEAN_OF_COUNTS.search(last) or asks_one_number(last):
        return silent

    @once
    def check(code: str) -> QueryError | None:
        from sqlglot import exp

        found = editable(code)
        if found is None or not _is_one_figure(found[0]):
            return None
        tree, dialect = found
        column = _group(tree, tables, groups, things)
        if column is None:
            return None
        tree.set("expressions", [column, *tree.expressions])
        tree.set("group", exp.Group(expressions=[column.copy()]))
        message = f"The question asks for a figure per {column.name}, and this is one for all."
        return QueryError("one_row", message, f"Write: {written(tree, dialect)}")

    return check


def _is_one_figure(tree: exp.Expr) -> bool:
    """Whether the query computes nothing but figures over all the rows that it chooses."""
    from sqlglot import exp

    if not isinstance(tree, exp.Select) or tree.find(exp.Subquery, exp.CTE, exp.Window, exp.Union):
        return False
    if len(list(tree.find_all(exp.Select))) > 1 or any(tree.args.get(k) for k in ("group", "order", "limit")):
        return False
    return all(item.find(exp.AggFunc) for item in tree.expressions)


def _group(
    tree: exp.Expr, tables: Sequence[Table], groups: Sequence[list[str]], things: Sequence[list[str]]
) -> exp.Column | None:
    """The column of texts that is called as the group, if one of the tables that are read has it; or the
    one name of the things.
    """
    from sqlglot import exp

    nodes = {node.name.casefold(): node for node in tree.find_all(exp.Table)}
    found = [
        (nodes[table.name.casefold()], column)
        for table in tables
        if table.name.casefold() in nodes
        for column in table.columns
        if _is_text(column)
        and (any(_is_called(column, words) for words in groups) or _is_name(column, table, things))
    ]
    if len(found) != 1:
        return None
    node, column = found[0]
    if any(_fixes(use) for use in tree.find_all(exp.Column) if use.name.casefold() == column.name.casefold()):
        return None
    owner = node.alias_or_name if len(nodes) > 1 else None
    return exp.column(column.name, owner, quoted=not re.fullmatch(r"\w+", column.name))


def _is_called(column: Column, words: Sequence[str]) -> bool:
    """Whether the words are its name, or end with it: the sales channel is a channel."""
    own = words_of(column.name)
    return bool(own) and list(words[-len(own) :]) == own


def _is_name(column: Column, table: Table, things: Sequence[list[str]]) -> bool:
    """Whether the table's things are called by it: the name of branches, of a carrier."""
    return words_of(table.name) in things and [label.name for label in labels_of(table)] == [column.name]


def _is_text(column: Column) -> bool:
    return column.dtype == "VARCHAR" or column.dtype.startswith(("VARCHAR(", "TEXT", "CHAR"))


def _fixes(use: exp.Column) -> bool:
    """Whether the rows are those of one value, or the value is counted or compared itself."""
    from sqlglot import exp

    return not isinstance(use.parent, exp.Is)
