"""The figures of things that are chosen first: how many rows they have, each of them on average, a column."""

from __future__ import annotations

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.whole.chain_groups import About
from qwen_magics.agent.examples.whole.chain_rows import SomeRows, rows_named, source_to, way_to
from qwen_magics.agent.examples.whole.chain_things import Things
from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column

__all__ = ["both", "figure", "own_figure", "rows_figure", "value_of"]


def rows_figure(what: str, things: Things, about: About, mean: bool) -> Told | None:
    """The number of rows that a noun means."""
    rows = rows_named(what, about.tables, about.dialect)
    return None if rows is None else figure(rows, things, about, mean)


def figure(rows: SomeRows, things: Things, about: About, mean: bool, value: str = "COUNT(*)") -> Told | None:
    """A number of rows, or a sum over them, of the things that are meant."""
    place = source_to(rows.table, things.table, about.tables, about.dialect, about.said)
    if place is None or rows.table is things.table:
        return None
    source, key = place
    where = " AND ".join(filter(None, (things.on(key), rows.where)))
    query = f"SELECT {value} FROM {source} WHERE {where}"
    called = rows.called or rows.table.name
    if not mean:
        return Told(f"for {things.told()}: {_said(value)} {called}?", query)
    told = f"for {things.told()}: how many {called} per one of {things.table.name}, on average?"
    return Told(told, f"SELECT AVG(n) FROM ({_numbers(rows, things, about)}) AS s")


def _numbers(rows: SomeRows, things: Things, about: About) -> str:
    """How many rows each of the things has, 0 as well."""
    name, thing = about.name, things.table
    own = f"{name(thing.name)}.{name(things.key)}"
    way = way_to(rows.table, thing, about.tables, about.said)
    if way is None:
        source, key = source_to(rows.table, thing, about.tables, about.dialect, about.said) or ("", "")
        where = " AND ".join(filter(None, (f"{key} = {own}", rows.where)))
        each = f"(SELECT COUNT(*) FROM {source} WHERE {where})"
        return f"SELECT {each} AS n FROM {name(thing.name)} WHERE {things.on(own)}"
    steps = " ".join(f"LEFT JOIN {name(j.table)} ON {j.spelled(about.dialect)}" for j in reversed(way))
    steps += f" AND {rows.where}" if rows.where else ""
    counted = f"COUNT({name(rows.table.name)}.{name(way[0].column)}) AS n"
    return f"SELECT {counted} FROM {name(thing.name)} {steps} WHERE {things.on(own)} GROUP BY {own}"


def _said(value: str) -> str:
    return "how many" if value.startswith("COUNT") else "which sum over"


def own_figure(what: str, things: Things, about: About, mean: bool, total: bool) -> Told | None:
    """A column of the things themselves."""
    said = words_of(what)
    found = [c for c in named_numbers(what, things.table) if set(words_of(c.name)) >= set(said)]
    found = found or [c for c in things.table.columns if is_number(c) and words_of(c.name) == said]
    if len(found) != 1 or mean == total:
        return value_of(found[0], things, about) if len(found) == 1 and things.single else None
    function = "AVG" if mean else "SUM"
    name = about.name
    where = things.on(name(things.key))
    query = f"SELECT {function}({name(found[0].name)}) FROM {name(things.table.name)} WHERE {where}"
    return Told(f"for {things.told()}: {'average' if mean else 'sum of'} {found[0].name}?", query)


def value_of(column: Column, things: Things, about: About) -> Told:
    """A column of the one thing."""
    name = about.name
    query = f"SELECT {name(column.name)} FROM {name(things.table.name)} WHERE {things.on(name(things.key))}"
    return Told(f"for {things.told()}: {column.name}?", query)


def both(one: str, two: str) -> str:
    """The joins of both, each once."""
    first, *steps = one.split(" JOIN ")
    return " JOIN ".join((first, *dict.fromkeys((*steps, *two.split(" JOIN ")[1:]))))
