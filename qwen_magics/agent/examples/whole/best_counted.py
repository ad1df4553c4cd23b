"""The one, or the few, with the most rows in each group: the carrier with the most flights from each origin.

What is counted is the table itself. A small model takes the number of a flight for a number of flights, or
orders the pairs of all groups together.
"""

from __future__ import annotations

import re

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.figures import SMALL_NUMBERS
from qwen_magics.agent.examples.phrased import source_of
from qwen_magics.agent.examples.whole.each_group import EachGroup, each_group
from qwen_magics.agent.examples.whole.limits_reached import MONEY
from qwen_magics.agent.examples.whole.named_rows import named_rows
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.spelled_out import SpelledOut
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["are_rows", "best_counted"]

_N = rf"(?P<n>[2-9]|10|{'|'.join(SMALL_NUMBERS)})"
_MOST = r"(?P<end>most|fewest|least|(?:highest|largest|greatest|biggest|lowest|smallest) (?:number|count) of)"
_HAS = (
    r"(?:(?:is|are|was|were|has|had|have|makes?|made|operates?|operated|runs?|ran|sees?|saw|gets?|got|flies"
    r"|fly"
    r"|flew|takes?|took|with|having|that (?:has|had|have)|responsible for|accounts? for)(?: each)?)"
)
_BEST = re.compile(
    rf"\b(?:which|what|the|who)(?: are the| is the)?(?: top)? (?:{_N} )?(?P<thing>[a-z_]+) {_HAS} (?:the"
    rf" )?{_MOST}"
    r" @?(?P<rows>[a-z_]+)\b|\b(?:the |top |the top )"
    rf"(?:{_N.replace('<n>[2-9]', '<m>[1-9]')} )?(?P<what>[a-z_]+) by (?:their )?(?P<by>number|count) of"
    rf" @?(?P<of>[a-z_]+)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"\b(?:(?:and|with|plus|its|their|the|that|number|count|along|together|including)\s+)*(?:how many|(?:the"
    r" |its |their |that )?"
    r"(?:number|count)s?)(?: of (?:the |its |their )?(?P<of>\w+))?(?: (?:it|they|each|there) (?:has|have|had"
    r"|are|were|is"
    r"|made|operated|flew))?\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:averages?|means?|medians?|totals?|sums?|share|percent\w*|per ?cent|ratio|different|distinct"
    r"|differen\w+"
    r"|change\w*|than|previous|before|after|second|third|fourth|fifth|last|latest|earliest|first|rank\w*"
    r"|running"
    r"|both|except|exclud\w+|without|no|not|never|most|least|fewest|highest|lowest|largest|smallest|or)\b|%",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"\b(?:respectively|along|together|there|its|their|please|together|three columns|two columns|columns?"
    r"|list"
    r"|return|show|give|name)\b",
    re.IGNORECASE,
)


def best_counted(question: str, table: Table, dialect: Dialect = DUCKDB) -> SpelledOut | None:
    """The query, if the thing is a column and nothing else is said than groups and values."""
    group = each_group(question, table, dialect)
    if group is None:
        return None
    rest = " ".join(question.replace(group.said, " ", 1).split())
    best = _BEST.search(rest)
    if best is None or not are_rows(best["rows"] or best["of"], table):
        return None
    # "The most sales" may be those of the most money.
    if MONEY & {*words_of(best["rows"] or "")} and not re.search(r"(?i)number|count", best["end"]):
        return None
    thing = _thing(best["thing"] or best["what"], table, group)
    if thing is None:
        return None
    around = f"{rest[: best.start()]} ; {rest[best.end() :]}"
    counted = _COUNT.search(around)
    if counted is not None and counted["of"] and not are_rows(counted["of"], table):
        return None
    plain = _COUNT.sub(" ", around, count=1)
    if _OTHER.search(plain):
        return None
    rows = named_rows(_LITTLE.sub(" ", plain), table, dialect)
    # One of the groups: what is said of it is no condition on all of them.
    if rows is None or says_more(_LITTLE.sub(" ", plain), table) or group.expression in rows.conditions:
        return None
    number = _number(best["n"] or best["m"])
    if number == 1 and re.fullmatch(r"(?!\w*(?:ss|us|is)$)\w+s", best["thing"] or best["what"]):
        return None  # "the carriers with the most flights" from each: how many?
    low = re.match(r"(?i)fewest|least|lowest|smallest", best["end"] or "") is not None
    return _told(
        table, dialect, group, thing, rows.written(_known(thing, dialect)), number, low, counted is not None
    )


def _told(
    table: Table,
    dialect: Dialect,
    group: EachGroup,
    thing: Column,
    where: str,
    number: int,
    low: bool,
    is_shown: bool,
) -> SpelledOut:
    key, one, source = group.expression, dialect.quote_name(thing.name), source_of(table, dialect)
    place = f"ROW_NUMBER() OVER (PARTITION BY {key} ORDER BY COUNT(*){'' if low else ' DESC'})"
    compared = "= 1" if number == 1 else f"<= {number}"
    shown = f"{key} AS {group.unit}" if group.unit else key
    columns = f"{shown}, {one}, COUNT(*) AS n" if is_shown else f"{shown}, {one}"
    counts = f"FROM {source}{where} GROUP BY {key}, {one}"
    if "qualify" in dialect.features:
        query = f"SELECT {columns} {counts} QUALIFY {place} {compared}"
    else:
        outer = ", ".join((group.unit or key, one, *(["n"] if is_shown else [])))
        ranked = f"SELECT {columns}, {place} AS place {counts}"
        query = f"SELECT {outer} FROM ({ranked}) AS ranked WHERE place {compared}"
    few = "the" if number == 1 else f"the {number}"
    told = f"{few} {thing.name} with the {'fewest' if low else 'most'} {table.name} of each"
    return SpelledOut(
        f"{told} {group.unit or group.column.name}", query, (r"\bOVER\b|ARG_|MAX_BY|MIN_BY|SELECT.*SELECT",)
    )


def are_rows(noun: str, table: Table) -> bool:
    """Whether they are the rows of the table, and no column is called so: goals may be a number of goals."""
    if words_of(noun) != words_of(table.name)[-1:]:
        return False
    own = [c for c in table.columns if is_number(c) and words_of(c.name) == words_of(noun)]
    return all(c.name.casefold() != noun.casefold() for c in own)


def _thing(word: str, table: Table, group: EachGroup) -> Column | None:
    said = words_of(word)
    columns = [c for c in table.columns if c.name != group.column.name and not c.unique]
    named = [c for c in columns if words_of(c.name) == said] or [c for c in columns if _is_short(c, said)]
    return (
        named[0] if len(named) == 1 and not named[0].dtype.startswith(("DOUBLE", "FLOAT", "REAL")) else None
    )


def _is_short(column: Column, said: list[str]) -> bool:
    """`dest` by destination; no number, whose short name may be anything's."""
    own = words_of(column.name)
    return (
        len(own) == len(said) == 1
        and len(own[0]) > 3
        and said[0].startswith(own[0])
        and not is_number(column)
    )


def _known(thing: Column, dialect: Dialect) -> str:
    return f"{dialect.quote_name(thing.name)} IS NOT NULL" if thing.nulls else ""


def _number(said: str | None) -> int:
    if said is None:
        return 1
    return int(said) if said.isdigit() else SMALL_NUMBERS[said.casefold()]
