"""The first or last of the things of each group by a date, over two tables: the first member who joined
each branch.

A small model puts all of them in order, or keeps the first of all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import label_of, table_of
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Join, Table, has_days
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["first_of_each"]

_ASKED = (
    re.compile(
        r"^\W*(?:for|of|in|at) (?:each|every) (?P<group>\w+(?: \w+)?),? (?:who|which|what) (?:was|is"
        r"|were) the "
        r"(?P<end>first|last|latest|earliest|most recent) (?P<thing>\w+)(?: (?:to|that|who|which)"
        r" (?P<verb>\w+))?"
        r"(?: (?:it|there))?\W*(?P<give>(?:give|show|list)\b[^.?]{0,60})?\W*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^\W*(?:who|which|what) (?:was|is|were) the (?P<end>first|last|latest|earliest|most recent)"
        r" (?P<thing>\w+)"
        r"(?: (?:to|that|who|which) (?P<verb>\w+))? (?:at|of|in|for) (?:each|every) (?P<group>\w+(?: \w+)?)"
        r"\W*(?P<give>(?:give|show|list)\b[^.?]{0,60})?\W*$",
        re.IGNORECASE,
    ),
    # "Who joined first among the members of each home branch?"
    re.compile(
        r"^\W*(?:who|which of them) (?P<verb>\w+) (?P<end>first|last|latest|earliest|most recently)"
        r" (?:among|of|out of) the (?P<thing>\w+) (?:at|of|in|for|from) (?:each|every)"
        r" (?P<group>\w+(?: \w+)?)"
        r"\W*(?P<give>(?:give|show|list|i (?:want|need|would like))\b[^.?]{0,90})?\W*$",
        re.IGNORECASE,
    ),
)


def first_of_each(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The names of the group and of its first; None where key, date or names are not certain."""
    asked = " ".join(question.replace("@", "").split())
    found = next(filter(None, (pattern.search(asked) for pattern in _ASKED)), None)
    thing = table_of(found["thing"], tables) if found is not None else None
    if found is None or thing is None:
        return None
    key, date = _key(found["group"], thing, tables), _date(found["verb"], thing)
    group = next((table for table in tables if key is not None and table.name == key.other), None)
    if key is None or date is None or group is None:
        return None
    if not _asks_for_names(found["give"], (group, thing), date):
        return None
    label, called = label_of(group), label_of(thing)
    if label is None or called is None:
        return None
    name = dialect.quote_name
    own, when = name(thing.name), name(date.name)
    down = " DESC" if re.match(r"(?i)last|latest|most", found["end"]) else ""
    place = f"ROW_NUMBER() OVER (PARTITION BY {name(key.column)} ORDER BY {when}{down}) AS rn"
    dated = re.search(r"(?i)\b(?:dates?|days?|when)\b", found["give"] or "") is not None
    also, shown = (f", {when}", f", s.{when}") if dated else ("", "")
    inner = (
        f"SELECT {name(called.name)}, {name(key.column)}{also}, {place} FROM {own} WHERE {when} IS NOT NULL"
    )
    query = (
        f"SELECT {name(group.name)}.{name(label.name)}, s.{name(called.name)}{shown} FROM ({inner}) AS s JOIN"
        f" {name(group.name)} "
        f"ON s.{name(key.column)} = {name(group.name)}.{name(key.other_column)} WHERE s.rn = 1"
    )
    return Told(
        f"for each of {group.name}, the {'last' if down else 'first'} of its {thing.name} by {date.name}",
        query,
    )


def _key(said: str, thing: Table, tables: Sequence[Table]) -> Join | None:
    """The key to the group: "branch", or "home branch" where its column says so."""
    words = words_of(said)
    found = []
    for join in thing.joins:
        other = words_of(join.other)
        own = [
            word for word in words_of(join.column) if word not in words_of(join.other_column) or word in other
        ]
        if not join.more and words in (other, own, [*(set(own) - set(other)), *other]):
            found.append(join)
    return found[0] if len(found) == 1 and any(t.name == found[0].other for t in tables) else None


def _date(verb: str | None, thing: Table) -> Column | None:
    dates = [column for column in thing.columns if has_days(column)]
    said = words_of(verb or "")
    named = [c for c in dates if said and any(alike(part, said[0]) for part in words_of(c.name))]
    found = named or ([] if said else dates)
    return found[0] if len(found) == 1 else None


def _asks_for_names(give: str | None, tables: Sequence[Table], date: Column) -> bool:
    """Whether what is to be shown are names, and the date: "give the names of branch and member"."""
    known = {word for table in tables for word in words_of(table.name)} | {"date", "day", "when", "s", "i"}
    known |= {word for word in words_of(give or "") if alike(word[:4], words_of(date.name)[0])}
    plain = set(
        words_of(
            "give show list want need would like me both the name names title titles of and a an its"
            " their his"
            " her with two"
        )
    )
    return set(words_of(give or "")) <= plain | known
