"""Which rows a phrase means, over keys: those that a noun names ("unpaid fines") or that a verb tells of
("was never lent"), and the way from each of them to a thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.links.key_ways import KeyWay, ways_along
from qwen_magics.agent.links.way_sources import key_of, spelled, table_of, with_joins
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["SomeRows", "amount_of", "happened", "noun_first", "own_key", "rows_named", "source_to", "way_to"]

# What is done in the rows of a table that is called otherwise.
_DONE = {
    "loan": "borrowed lent loaned",
    "lending": "borrowed lent loaned",
    "checkout": "borrowed lent loaned",
    "borrowing": "lent loaned",
    "rental": "rented hired",
    "order": "bought purchased",
    "purchase": "bought ordered",
    "sale": "bought sold purchased",
    "booking": "booked reserved",
    "trip": "driven drove",
    "flight": "flown flew",
    "ride": "ridden rode",
    "treatment": "treated",
}
_ARTICLES = frozenset(
    [
        "the",
        "a",
        "an",
        "any",
        "some",
        "all",
        "of",
        "our",
        "their",
        "its",
        "his",
        "her",
        "single",
        "other",
        "one",
    ]
)
_MARKS = ({"0", "1"}, {"false", "true"})
_AROUND = frozenset({"at", "date", "day", "flag", "has", "is", "on", "was"})
_MOST_WORDS = 3
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class SomeRows:
    """Rows of a table, and what they are limited by; `where`: empty for all of them."""

    table: Table
    where: str = ""
    called: str = ""


def rows_named(phrase: str, tables: Sequence[Table], dialect: Dialect) -> SomeRows | None:
    """The rows that a noun means with the adjectives before it; None where one of these is not understood."""
    words = [word for word in re.findall(r"[\w'’-]+", phrase) if word.casefold() not in _ARTICLES]
    for many in (2, 1):
        table = table_of(" ".join(words[-many:]), tables) if len(words) >= many else None
        if table is None:
            continue
        conditions = [_condition(word, table, dialect) for word in words[:-many]]
        if not all(conditions):
            return None
        return SomeRows(table, " AND ".join(filter(None, conditions)), " ".join(words).casefold())
    return None


def noun_first(text: str, tables: Sequence[Table], dialect: Dialect) -> tuple[SomeRows, str] | None:
    """The rows that the first words of a text name, and what is behind these."""
    words = text.split()
    for many in range(1, min(len(words), _MOST_WORDS) + 1):
        longer = table_of(" ".join(words[many - 1 : many + 1]), tables) if len(words) > many else None
        rows = rows_named(" ".join(words[:many]), tables, dialect) if longer is None else None
        if rows is not None:
            return rows, " ".join(words[many:])
    return None


def happened(verb: str, thing: Table, tables: Sequence[Table], said: Sequence[str]) -> Table | None:
    """The table of what was done to a thing, or by it; None for a verb that says more than that."""
    word = next(iter(words_of(verb)), "")
    stem = re.sub(r"(?<=\w{4})(?:ed|ing)$", "", word)
    ways = {t.name: way for t in tables if t is not thing and (way := way_to(t, thing, tables, said))}
    led = [table for table in tables if table.name in ways]
    named = [t for t in led if any(_tells(part, word, stem) for part in words_of(t.name))]
    nearest = min((len(ways[table.name]) for table in named), default=0)
    near = [table for table in named if len(ways[table.name]) == nearest]
    return near[0] if len(near) == 1 else None


def _tells(part: str, word: str, stem: str) -> bool:
    # "Ran" is no ranch.
    begun = min(len(part), len(word), len(stem)) >= _SHORTEST and (alike(part, word) or alike(part, stem))
    return begun or part == word or word in _DONE.get(part, "").split()


def way_to(start: Table, end: Table, tables: Sequence[Table], said: Sequence[str] = ()) -> KeyWay | None:
    """The one way along keys; of two, that through tables which the question names, unless its key says more
    than the question: a branch is no home branch.
    """
    way = ways_along(start, tables).get(end.name)
    if way is None and (way := ways_along(start, tables, said).get(end.name)):
        more = set(words_of(way[-1].column)) - {*words_of(way[-1].other_column), *words_of(way[-1].other)}
        way = way if more <= set(said) else None
    return way if way and not any(join.more for join in way) else None


def source_to(
    rows: Table, thing: Table, tables: Sequence[Table], dialect: Dialect, said: Sequence[str]
) -> tuple[str, str] | None:
    """What stands behind FROM for the rows, and how the thing's key is spelled there; also over a table that
    holds nothing but pairs of keys.
    """
    if (way := way_to(rows, thing, tables, said)) is not None:
        return with_joins(rows, (way[:-1],), dialect), key_of(way, dialect)
    name = dialect.quote_name
    found = []
    for pairs in tables:
        keys = {join.column for join in pairs.joins}
        ends = [join for join in pairs.joins if join.other == thing.name]
        others = [join for join in pairs.joins if join.other != thing.name]
        if len(ends) != 1 or len(others) != 1 or keys != {column.name for column in pairs.columns}:
            continue
        middle = next((table for table in tables if table.name == others[0].other), None)
        there = f"{name(pairs.name)}.{name(others[0].column)}"
        if middle is rows:
            met, source = f"{name(rows.name)}.{name(others[0].other_column)}", name(rows.name)
        elif middle is not None and (way := way_to(rows, middle, tables, said)) is not None:
            met, source = key_of(way, dialect), with_joins(rows, (way[:-1],), dialect)
        else:
            continue
        joined = f"{source} JOIN {name(pairs.name)} ON {there} = {met}"
        found.append((joined, f"{name(pairs.name)}.{name(ends[0].column)}"))
    return found[0] if len(found) == 1 else None


def own_key(thing: Table, tables: Sequence[Table]) -> Column | None:
    """What other tables know the thing by."""
    names = {join.other_column for table in tables for join in table.joins if join.other == thing.name}
    return thing.column(names.pop()) if len(names) == 1 else None


def amount_of(rows: Table) -> Column | None:
    """The one column that can be added up; a mark, a year and a key cannot."""
    keys = {join.column for join in rows.joins}
    numbers = [
        c
        for c in rows.columns
        if is_number(c) and not is_year(c) and c.name not in keys and not c.unique and not _is_mark(c)
    ]
    plain = [c for c in numbers if words_of(c.name)[-1:] != ["id"]]
    return plain[0] if len(plain) == 1 else None


def _condition(word: str, table: Table, dialect: Dialect) -> str:
    """What an adjective says of the rows: a value, a mark or its opposite, a date that is missing."""
    said = words_of(word)
    values = [
        f"{spelled(table, column, dialect)} = {value}"
        for column in table.columns
        for value in column.categories or ()
        if value.startswith("'") and said and words_of(value) == said
    ]
    if values:
        return values[0] if len(values) == 1 else ""
    denied = re.fullmatch(r"(?:un|non-?)(\w{3,})", word, re.IGNORECASE)
    for is_so, stem in ((True, word.casefold()), (False, denied[1].casefold() if denied else "")):
        marks = [c for c in table.columns if stem and _bare(c) == words_of(stem) and _may_be_missing(c)]
        if len(marks) == 1:
            return _marked(spelled(table, marks[0], dialect), marks[0], is_so)
    return ""


def _bare(column: Column) -> list[str]:
    return [part for part in words_of(column.name) if part not in _AROUND]


def _may_be_missing(column: Column) -> bool:
    return _is_mark(column) or column.dtype.upper().startswith("BOOL") or has_days(column)


def _marked(name: str, column: Column, is_so: bool) -> str:
    if column.dtype.upper().startswith("BOOL"):
        return name if is_so else f"NOT {name}"
    if _is_mark(column):
        return f"{name} = {int(is_so)}"
    return f"{name} IS {'NOT ' if is_so else ''}NULL"


def _is_mark(column: Column) -> bool:
    known = {value.strip("'").casefold() for value in (*column.samples, *(column.categories or ()))}
    return bool(known) and any(known <= marks for marks in _MARKS)
