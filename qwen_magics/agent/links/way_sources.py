"""How the ways along keys are spelled behind FROM, and which table a noun of a question names."""

from __future__ import annotations

from collections.abc import Sequence

from qwen_magics.agent.links.key_ways import KeyWay, ways_along
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Join, Table
from qwen_magics.tools.sql.dialects import Dialect
from qwen_magics.tools.sql.labelling import LABELS

__all__ = ["column_of", "key_of", "label_of", "spelled", "table_of", "way_between", "with_joins"]


def table_of(noun: str, tables: Sequence[Table]) -> Table | None:
    """The one table that is called so, also in the plural: "branch" of `branches`."""
    said = words_of(noun)
    named = [
        table for table in tables if said and words_of(table.name) in (said, [*said[:-1], f"{said[-1]}e"])
    ]
    return named[0] if len(named) == 1 and not named[0].schema else None


def column_of(noun: str, tables: Sequence[Table]) -> tuple[Table, Column] | None:
    """The one column of all tables that is called so and is no key: "genre" of books."""
    said = words_of(noun)
    found = [(t, c) for t in tables for c in t.columns if said and words_of(c.name) == said and not c.unique]
    return found[0] if len(found) == 1 and not found[0][0].schema else None


def way_between(
    start: Table, end: Table, tables: Sequence[Table], around: Table | None = None
) -> KeyWay | None:
    """The one way from each row of `start` to what it belongs to in `end`; None where none is certain.

    Args:
        around: a table that it must not lead through.
    """
    others = [table for table in tables if table is start or table is not around]
    way = ways_along(start, others).get(end.name)
    return way if way and not any(join.more for join in way) else None


def with_joins(start: Table, ways: Sequence[Sequence[Join]], dialect: Dialect) -> str:
    """What stands behind FROM: a table and those that the ways lead to, each once."""
    steps = dict.fromkeys(join for way in ways for join in way)
    name = dialect.quote_name
    return " ".join((name(start.name), *(f"JOIN {name(j.other)} ON {j.spelled(dialect)}" for j in steps)))


def key_of(way: KeyWay, dialect: Dialect) -> str:
    """The key of the thing that a way leads to, as the table before it has it."""
    return f"{dialect.quote_name(way[-1].table)}.{dialect.quote_name(way[-1].column)}"


def spelled(table: Table, column: Column, dialect: Dialect) -> str:
    """The column behind the name of its table."""
    return f"{dialect.quote_name(table.name)}.{dialect.quote_name(column.name)}"


def label_of(table: Table) -> Column | None:
    """What its things are called by."""
    return next((c for name in LABELS for c in table.columns if c.name.casefold() == name), None)
