"""The things that a phrase means, over keys: "the member with the largest sum of unpaid fines", "the book
with the most pages", "the books that were never lent".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qwen_magics.agent.examples.whole.chain_groups import About, Limit
from qwen_magics.agent.examples.whole.chain_limits import limits
from qwen_magics.agent.examples.whole.chain_rows import amount_of, happened, own_key, rows_named, source_to
from qwen_magics.agent.examples.whole.measured import measured, named_numbers
from qwen_magics.agent.links.way_sources import spelled, table_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table

__all__ = ["Things", "things_in"]

_HOW = r"(?P<how>most|fewest|highest|lowest|largest|smallest|greatest|biggest|longest|shortest)"
_ALL = r"(?:(?:the|those|these|all|our|of) ){0,3}"
_PLAIN = re.compile(rf"{_ALL}(?P<thing>[a-z]\w*)(?P<rest> .+)?", re.IGNORECASE)
_BEST = re.compile(
    r"the (?:one |single |very )?(?P<how>[a-z]+est|(?:most|least) [a-z]+) (?P<thing>[a-z]\w*)"
    r"(?: of (?:all|them all|our \w+)| ever)?",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"the (?:one |single )?(?P<thing>[a-z]\w*),? (?:with|having|owning|holding|(?:that|which|who) (?:has|had"
    r"|have|made|got|owns?|owned|holds?|held|keeps?|kept|received|carries)) "
    rf"(?:the )?{_HOW} (?P<what>[\w -]+)",
    re.IGNORECASE,
)
_OFTEN = r"(?:the )?(?P<how>most|least)(?: often| times| frequently)"
_DONE = (
    re.compile(
        r"the (?:one |single )?(?P<thing>[a-z]\w*) (?:that|which|who) (?:(?:was|were|is|has|have"
        r"|had|been|got)"
        rf" ){{1,3}}(?P<verb>[a-z]+)(?: out)? {_OFTEN}",
        re.IGNORECASE,
    ),
    re.compile(
        r"the (?:one |single )?(?P<how>most|least)(?: often| frequently)?[ -](?P<verb>[a-z]+) "
        r"(?P<thing>[a-z]\w*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"the (?:one |single )?(?P<thing>[a-z]\w*) whose (?P<owned>[a-z]+) (?:(?:was|were|are|have|has|had"
        rf"|been) ){{1,3}}(?P<verb>[a-z]+)(?: out)? {_OFTEN}",
        re.IGNORECASE,
    ),
)
_SUM = re.compile(
    r"(?:(?:sum|total|combined|overall|summed)(?: (?:amount|sum|value))?|amount|sum total)(?:"
    r" of)?(?: the| all"
    r"| all the| its| her| their)? (?P<rows>.+)",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?:(?:total )?(?:number|count) of )?(?:the |its |their )?(?P<rows>.+)", re.IGNORECASE)
# "The copies of the branch that …": things of another one.
_HUNG = re.compile(
    rf"{_ALL}(?P<things>[a-z]\w*) (?:of|in|at|from|(?:that )?(?:belong|belongs|belonging) to"
    rf"|(?:owned|held) by"
    r"|which belong to) (?P<one>the .+)",
    re.IGNORECASE,
)
_LOW = re.compile(r"(?i)fewest|lowest|smallest|shortest|least")
_FEW_THINGS, _MANY_EACH = 40, 10


@dataclass(frozen=True, slots=True)
class Things:
    """The things of a table, what they are limited by, and whether it is one.

    Attributes:
        most: of one that is chosen by its rows: the query with its key and the figure, in which the figure
            is called `most`.
    """

    table: Table
    key: str
    limits: tuple[Limit, ...]
    single: bool = False
    most: str = ""

    def on(self, key: str) -> str:
        """The condition on a key of them, as some table has it."""
        if self.single:
            return f"{key} = ({self.limits[0].keys})"
        return " AND ".join(limit.on(key) for limit in self.limits)

    def told(self) -> str:
        """In words."""
        if self.single:
            return f"the one of {self.table.name} with the {self.limits[0].told}"
        return f"those of {self.table.name} with {' and '.join(limit.told for limit in self.limits)}"


def things_in(phrase: str, about: About) -> Things | None:
    """What is meant; None where a word is not understood, or nothing limits them."""
    text = phrase.strip(" ,.?!")
    for kind in (_with, _done, _best, _several, _hung):
        if (found := kind(text, about)) is not None:
            return found
    return None


def _several(text: str, about: About) -> Things | None:
    found = _PLAIN.fullmatch(text)
    thing = table_of(found["thing"], about.tables) if found is not None and found["rest"] else None
    key = own_key(thing, about.tables) if thing is not None else None
    told = limits(found["rest"], thing, about) if found is not None and thing is not None else None
    return Things(thing, key.name, tuple(told)) if thing is not None and key is not None and told else None


def _hung(text: str, about: About) -> Things | None:
    """Those that belong to the one of another table."""
    found = _HUNG.fullmatch(text)
    thing = table_of(found["things"], about.tables) if found is not None else None
    key = own_key(thing, about.tables) if thing is not None else None
    if (
        found is None
        or thing is None
        or key is None
        or words_of(found["things"]) == [found["things"].casefold()]
    ):
        return None
    one = things_in(found["one"], about)
    place = source_to(thing, one.table, about.tables, about.dialect, about.said) if one is not None else None
    if one is None or place is None or not one.single or one.table is thing:
        return None
    source, its = place
    keys = f"SELECT {spelled(thing, key, about.dialect)} FROM {source} WHERE {one.on(its)}"
    return Things(thing, key.name, (Limit(keys, told=f"one of {one.told()}"),))


def _with(text: str, about: About) -> Things | None:
    """By its own number, by the number of its rows or by their sum."""
    found = _WITH.fullmatch(text)
    thing = _one(found["thing"], about) if found is not None else None
    if found is None or thing is None:
        return None
    low, what = bool(_LOW.match(found["how"])), found["what"]
    own = [c for c in named_numbers(what, thing) if set(words_of(what)) == set(words_of(c.name))]
    if len(own) == 1:
        return _of_own(thing, own[0].name, low, about)
    if (added := _SUM.fullmatch(what)) is not None:
        rows = rows_named(added["rows"], about.tables, about.dialect)
        amount = amount_of(rows.table) if rows is not None else None
        if rows is None or amount is None or rows.table is thing:
            return None
        figure = f"SUM({spelled(rows.table, amount, about.dialect)})"
        return _by_rows(thing, rows.table, rows.where, figure, f"sum of {rows.called}", low, about)
    counted = _COUNT.fullmatch(what)
    if counted is None or (found["how"].casefold() not in ("most", "fewest") and " of " not in what):
        return None
    rows = rows_named(counted["rows"], about.tables, about.dialect)
    if rows is None or rows.table is thing:
        return None
    return _by_rows(thing, rows.table, rows.where, "COUNT(*)", f"number of {rows.called}", low, about)


def _done(text: str, about: About) -> Things | None:
    """ "The book that was lent most often", "the author whose books have been lent the most"."""
    found = next(filter(None, (pattern.fullmatch(text) for pattern in _DONE)), None)
    thing = _one(found["thing"], about) if found is not None else None
    if found is None or thing is None:
        return None
    owned = found.groupdict().get("owned")
    done_to = table_of(owned, about.tables) if owned else thing
    rows = happened(found["verb"], done_to, about.tables, about.said) if done_to is not None else None
    if rows is None:
        return None
    low = bool(_LOW.match(found["how"]))
    return _by_rows(thing, rows, "", "COUNT(*)", f"number of {rows.name}", low, about)


def _best(text: str, about: About) -> Things | None:
    """ "The longest book"."""
    found = _BEST.fullmatch(text)
    thing = _one(found["thing"], about) if found is not None else None
    by = measured(found["how"], thing) if found is not None and thing is not None else None
    return None if thing is None or by is None else _of_own(thing, by.column.name, not by.order, about)


def _one(noun: str, about: About) -> Table | None:
    """Its table; none for several: of "the books with the most copies" nobody knows how many there are."""
    return table_of(noun, about.tables) if words_of(noun) == [noun.casefold()] else None


def _of_own(thing: Table, column: str, low: bool, about: About) -> Things | None:
    key = own_key(thing, about.tables)
    if key is None:
        return None
    name = about.name
    # Elsewhere NULL comes first among the highest.
    sure = not low and about.dialect.name in ("duckdb", "sqlite")
    known = "" if sure else f" WHERE {name(column)} IS NOT NULL"
    order = "" if low else " DESC"
    keys = f"SELECT {name(key.name)} FROM {name(thing.name)}{known} ORDER BY {name(column)}{order} LIMIT 1"
    return Things(
        thing, key.name, (Limit(keys, told=f"{'lowest' if low else 'highest'} {column}"),), single=True
    )


def _have_all(rows: Table, thing: Table) -> bool:
    """Whether there are so many rows of so few things that surely none is without any."""
    return 0 < thing.rows <= _FEW_THINGS and rows.rows >= _MANY_EACH * thing.rows


def _by_rows(
    thing: Table, rows: Table, where: str, figure: str, told: str, low: bool, about: About
) -> Things | None:
    place = source_to(rows, thing, about.tables, about.dialect, about.said)
    key = own_key(thing, about.tables)
    # Of the fewest, those without any row would be meant.
    if place is None or key is None or (low and figure == "COUNT(*)" and not _have_all(rows, thing)):
        return None
    source, its = place
    limited = f" WHERE {where}" if where else ""
    ends = f"FROM {source}{limited} GROUP BY {its} ORDER BY {figure}{'' if low else ' DESC'} LIMIT 1"
    limit = Limit(f"SELECT {its} {ends}", told=f"{'lowest' if low else 'highest'} {told}", rows=rows)
    return Things(thing, key.name, (limit,), single=True, most=f"SELECT {figure} {ends}")
