"""The table of a worked SQL example that needs columns of several: one with those that its rows belong to.

A question about the loans of each genre takes a column of books, two keys away from the loans. An example
over toy tables leaves both the columns and the way to a small model; one whose FROM has the joins already
leaves it nothing but the kind of question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from qwen_magics.agent.links.key_ways import ways_along
from qwen_magics.agent.links.linking import linked_values
from qwen_magics.agent.words.naming import name_parts, tables_named, words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.labelling import LABELS
from qwen_magics.tools.sql.names import is_plain

__all__ = ["Joined", "joined"]

_MOST_JOINS = 4


@dataclass(frozen=True, slots=True)
class Joined(Table):
    """A table with columns of others, as an example reads it.

    Attributes:
        source: what stands behind FROM.
        owners: name of each column that several of the tables have → its table.
        own: the columns of the first of the tables, whose rows they all are.
    """

    source: str = ""
    owners: Mapping[str, str] = field(default_factory=dict)
    own: Set[str] = frozenset()


def joined(question: str, main: Table, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Table:
    """`main`, or a more detailed table that the question names, with the columns of others that it speaks of.

    Just `main` where it speaks of no others, or no single way of keys leads to them.
    """
    fact = _fact(question, main, tables)
    ways = ways_along(fact, tables, words_of(question))
    others = [
        (table, column) for table, column in _spoken_of(question, tables) if ways.get(table.name) is not None
    ]
    own = {column.name for column in fact.columns}
    added: dict[str, tuple[Table, Column]] = {}
    for table, column in others:
        if column.name not in own:
            added.setdefault(column.name, (table, column))
    steps = dict.fromkeys(join for table, _ in added.values() for join in ways[table.name] or ())
    names = (fact.name, *(join.other for join in steps), *own, *added)
    if not steps or len(steps) > _MOST_JOINS or not all(map(is_plain, names)):
        return main
    joins = (f"JOIN {join.other} ON {join.spelled(dialect)}" for join in steps)
    reached = [table for table in tables if table.name in {fact.name, *(join.other for join in steps)}]
    owners = dict.fromkeys(own, fact.name) | {name: table.name for name, (table, _) in added.items()}
    return Joined(
        name=fact.name,
        columns=(*fact.columns, *(column for _, column in added.values())),
        rows=fact.rows,
        joins=fact.joins,
        source=" ".join((fact.name, *joins)),
        own=frozenset(column.name for column in fact.columns),
        owners={n: o for n, o in owners.items() if sum(t.column(n) is not None for t in reached) > 1},
    )


def _fact(question: str, main: Table, tables: Sequence[Table]) -> Table:
    """Of the tables that the question names, the one whose rows belong to rows of all the others."""
    asked = set(words_of(question))
    named = [table for table in tables if (own := set(words_of(table.name))) and own <= asked]
    for table in named:
        reached = ways_along(table, tables)
        if table is not main and all(other is table or other.name in reached for other in named):
            return table
    return main


def _spoken_of(question: str, tables: Sequence[Table]) -> Iterator[tuple[Table, Column]]:
    """The columns whose names or values the question has, and the names of the things that it names."""
    asked, named = set(words_of(question)), tables_named(question, tables)
    values = {(t.name, c.name) for linked in linked_values(question, tables) for t, c in linked.owners[:1]}
    for table in tables:
        keys = {join.column for join in table.joins}
        for column in table.columns:
            own = set(name_parts(column))
            if column.name in keys or (column.unique and column.name.endswith("id")):
                continue
            label = column.name.casefold() in LABELS
            said = bool(own) and own <= asked and not label
            of_named = label and table.name in named and set(words_of(table.name)) <= asked
            if said or of_named or (table.name, column.name) in values:
                yield table, column
