"""Which columns hold the values that a question speaks of: `customers.segment = 'hotel'` for "hotels".

Small models filter the table that they have in view; where another one has the value, they guess a code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from qwen_magics.agent.links.compared import compared_columns
from qwen_magics.agent.links.key_hints import compared_roles, key_hints
from qwen_magics.agent.links.matched import matched_hint
from qwen_magics.agent.links.worked_ways import worked_ways
from qwen_magics.agent.words.groups_said import groups_said
from qwen_magics.agent.words.naming import tables_named, words_of
from qwen_magics.errors import QueryError
from qwen_magics.tools.join_path import joins_to, long_ways, year_joins
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect
from qwen_magics.tools.sql.labelling import labelled
from qwen_magics.tools.sql.namesakes import told_apart

__all__ = ["Linked", "hints", "labels", "linked_values", "value_hints", "value_unused"]

_ASKS_KEYS = re.compile(r"\b(ids?|keys?|codes?)\b|\w_id\b|编号", re.IGNORECASE)
_SHORTEST = 3
_SAID_OF_ALL = frozenset(["bad", "good", "new", "old", "open", "other"])
_MOST_OWNERS = 2
_MOST_HINTS = 4


@dataclass(frozen=True, slots=True)
class Linked:
    """A value that the question speaks of, and where it stands.

    Attributes:
        literal: as SQL writes it.
        place: of its first word in the question.
        owners: table and column, a table that the question names first.
    """

    literal: str
    place: int
    owners: tuple[tuple[Table, Column], ...]


def linked_values(question: str, tables: Sequence[Table]) -> list[Linked]:
    """The listed values that stand in the question, in its order.

    Of values within each other (`West`, `North West`) the longer one counts; words of the tables' own names
    and single letters are no values.
    """
    asked = words_of(question)
    named = {word for table in tables for word in words_of(table.name)}
    found: dict[tuple[int, int], list[tuple[str, Table, Column]]] = {}
    for literal, table, column in _listed(tables):
        words = words_of(literal)
        if not words or len(literal) < _SHORTEST + 2 or set(words) <= named:
            continue
        for at in range(len(asked) - len(words) + 1):
            after = asked[at + len(words) : at + len(words) + 1]
            if asked[at : at + len(words)] == words and not _is_said_of_another(words, after, table, named):
                found.setdefault((at, at + len(words)), []).append((literal, table, column))
    whole = {
        span for span in found if not any(o != span and o[0] <= span[0] and span[1] <= o[1] for o in found)
    }
    return [_linked(span[0], found[span], asked) for span in sorted(whole)]


def hints(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> str:
    """What stands before a question over several tables, as comments of SQL: conditions, then ways."""
    named = tables_named(question, tables)
    values = linked_values(question, tables)
    along = list(dict.fromkeys((*named, *(linked.owners[0][0].name for linked in values))))
    owned = [(t.name, column.name, linked.literal) for linked in values for t, column in linked.owners]
    keys = key_hints(question, tables, named, owned, dialect)
    # "Whose home branch is North" compares no branches.
    compared = "" if any(key.is_settled for key in keys) else compared_columns(question, tables, dialect)
    worked = compared_roles(question, tables, dialect) or compared or worked_ways(question, tables, dialect)
    if worked:
        keys = []
    named_ways = "\n".join(key.text for key in keys)
    told = {table.name for table in tables if f"JOIN {dialect.quote_name(table.name)} " in named_ways}
    found = (
        value_hints(question, tables, dialect, [literal for key in keys for literal in key.literals]),
        matched_hint(question, tables, dialect),
        # What is written out goes its own way; another beside it leads astray.
        worked or named_ways,
        "" if worked else long_ways([name for name in along if name not in told], tables, dialect),
        year_joins(question, tables, dialect),
    )
    return "\n".join(filter(None, found))


def value_hints(
    question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB, told: Collection[str] = ()
) -> str:
    """The conditions for the values that a question speaks of, as comments; nothing over a single table.

    Args:
        told: literals that another line has.
    """
    if len(tables) < 2:
        return ""
    lines = []
    groups = groups_said(question)
    values = [value for value in linked_values(question, tables) if value.literal not in told]
    # Of what every value is asked for, none is a condition: "Do more leave from JFK? Give them per origin."
    values = [v for v in values if not any(words_of(column.name) in groups for _, column in v.owners)]
    for linked in values[:_MOST_HINTS]:
        name = dialect.quote_name
        conditions = [
            f"{name(table.name)}.{name(column.name)} = {linked.literal}" for table, column in linked.owners
        ]
        lines.append(f"-- {' or '.join(conditions)}")
    return "\n".join(lines)


def labels(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Callable[[str], str]:
    """What puts the names of the things that the question asks for beside their keys, and keys behind names
    that are grouped by; see `tools.sql.labelling` and `tools.sql.namesakes`. Nothing where the question asks
    for keys, or there is one table.
    """
    asked = words_of(question)
    wanted = [table.name for table in tables if (words := words_of(table.name)) and set(words) <= set(asked)]
    if not wanted or len(tables) < 2 or _ASKS_KEYS.search(question):
        return str
    return lambda sql: labelled(told_apart(sql, wanted, tables, dialect), wanted, tables, dialect)


def value_unused(values: Sequence[Linked], tables: Sequence[Table], code: str) -> QueryError | None:
    """A value that the question speaks of, where the program has neither it nor its column."""
    used = code.casefold()
    for linked in values:
        names = [linked.literal.strip("'"), *(column.name for _, column in linked.owners)]
        if len(linked.owners) > 1 or any(name.casefold() in used for name in names):
            continue
        table, column = linked.owners[0]
        read = [t.name for t in tables if re.search(rf"(?<!\w){re.escape(t.name.casefold())}(?!\w)", used)]
        way = "" if table.name in read else joins_to(table.name, read, tables)
        hint = f"Use {table.name}.{column.name} = {linked.literal}{f': {way}' if way else ''}."
        return QueryError(
            "value_unused", f"The question speaks of {linked.literal}, which was left out.", hint
        )
    return None


def _is_said_of_another(words: list[str], after: list[str], table: Table, named: set[str]) -> bool:
    """Whether "new" is no condition of copies, but said of what follows: "new members"."""
    plain = len(words) == 1 and words[0] in _SAID_OF_ALL
    return plain and bool(set(after) & (named - set(words_of(table.name))))


def _listed(tables: Sequence[Table]) -> Iterator[tuple[str, Table, Column]]:
    for table in tables:
        for column in table.columns:
            values = [literal for literal in column.categories or () if literal[:1] == "'"]
            if len(values) > 1:  # one value everywhere is nothing to choose by
                yield from ((literal, table, column) for literal in values)


def _linked(place: int, found: Sequence[tuple[str, Table, Column]], asked: Sequence[str]) -> Linked:
    def unnamed(owner: tuple[Table, Column]) -> bool:
        return not set(words_of(owner[0].name)) & set(asked)

    literal = found[0][0]
    owners = sorted(((table, column) for same, table, column in found if same == literal), key=unnamed)
    if not unnamed(owners[0]):
        owners = [owner for owner in owners if not unnamed(owner)]
    return Linked(literal, place, tuple(owners[:_MOST_OWNERS]))
