"""How many things have rows of one table but none of another, over keys: members who borrowed but were
never fined.

A small model compares keys of different things, or forgets the one half.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import key_of, table_of, way_between, with_joins
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["but_none"]

_COUNT = r"^\W*(?:how many|(?:what is )?the number of|count) (?:of )?(?:the |our |all )*(?P<thing>\w+) "
_NONE = (
    r"(?:(?:have|has|had|did|do|does|were|was) )?(?:never (?:had|have|got|get|gotten|received?|been"
    r" given|made|made|paid)"
    r" (?:an?|any|a single|one)|(?:have|has|had|got|made) (?:no|not a single)|no|without (?:any|an?|a single)"
    r"|(?:not|did not|didn['’]t|have not|haven['’]t) (?:have|had|got|get|gotten|received?) (?:an?|any|a"
    r" single))"
)
_ASKED = re.compile(
    rf"{_COUNT}(?:(?:who|that|which) )?(?:(?:have|has|had|did) )?(?:(?P<verb>\w+) (?:something|anything"
    r"|at least once)"
    r"|(?:\w+ )?(?:at least one|some|any|an?) (?P<some>\w+)|(?:\w+ )?(?P<plain>\w+s))"
    rf"(?:,)? but {_NONE} (?P<none>\w+)(?: yet| ever| so far| at all)?\W*$",
    re.IGNORECASE,
)


def but_none(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The number of those that are in the one and not in the other; None where a way is not certain."""
    asked = " ".join(question.replace("@", "").split())
    found = _ASKED.search(asked)
    thing, none = (table_of(found[side], tables) if found is not None else None for side in ("thing", "none"))
    if found is None or thing is None or none is None or thing is none:
        return None
    away = way_between(none, thing, tables)
    if away is None:
        return None
    noun = found["some"] or found["plain"]
    some = table_of(noun, tables) if noun else _done(found["verb"], thing, none, tables)
    if noun and some is not None and way_between(some, thing, tables) is None:
        # "Borrowed books": the rows that belong to both.
        between = _done("", thing, none, tables)
        some = between if between is not None and way_between(between, some, tables) else None
    way = way_between(some, thing, tables) if some is not None else None
    if some is None or way is None or some is none or away[-1].other_column != way[-1].other_column:
        return None
    name, key = dialect.quote_name, dialect.quote_name(way[-1].other_column)
    # A NULL in the list would leave nothing.
    without = f"SELECT {key_of(away, dialect)} FROM {with_joins(none, (away[:-1],), dialect)}"
    without += f" WHERE {key_of(away, dialect)} IS NOT NULL"
    having = f"SELECT {key_of(way, dialect)} FROM {with_joins(some, (way[:-1],), dialect)}"
    where = f"{key} IN ({having}) AND {key} NOT IN ({without})"
    told = f"how many {thing.name} have {some.name} but none of {none.name}?"
    return Told(told, f"SELECT COUNT(*) FROM {name(thing.name)} WHERE {where}")


def _done(verb: str, thing: Table, none: Table, tables: Sequence[Table]) -> Table | None:
    """The rows that were made by what was done: called so, or those that the other rows belong to."""
    said = words_of(verb)[:1]
    called = [
        t
        for t in tables
        if said and any(alike(word, said[0]) for word in words_of(t.name)) and way_between(t, thing, tables)
    ]
    if called:
        return called[0] if len(called) == 1 else None
    way = way_between(none, thing, tables)
    steps = [join.table for join in way or () if join.table != none.name]
    return next((table for table in tables if steps and table.name == steps[-1]), None)
