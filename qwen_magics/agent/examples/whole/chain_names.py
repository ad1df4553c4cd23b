"""Names, and other words, of things that are chosen first: which books were never lent, the title of the
longest one that a member borrowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qwen_magics.agent.examples.whole.chain_groups import About
from qwen_magics.agent.examples.whole.chain_numbers import both, value_of
from qwen_magics.agent.examples.whole.chain_rows import happened, own_key, source_to
from qwen_magics.agent.examples.whole.chain_things import Things, things_in
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import label_of, spelled, table_of
from qwen_magics.agent.words.naming import alike, words_of

__all__ = ["NAMES", "Kind", "shown"]

Kind = tuple[re.Pattern[str], Callable[[re.Match[str], About, bool, bool], Told | None]]
"""A question's words, and what tells its query from them; whether a mean, or a total, is asked for."""

_COME = re.compile(
    r"(?:which|what) (?P<what>[a-z]+) (?:does|did|is|was) (?P<thing>the [a-z]+) (?:come from"
    r"|come|from|live in"
    r"|located in|belong to|born in) (?P<rest>(?:whose|with|who|that|which) .+)",
    re.IGNORECASE,
)
_AT = re.compile(
    r"(?:at|in|for|of|from|by) (?P<things>the .+?), (?:(?P<noun>[a-z]+) of )?(?:which|what) (?P<what>[a-z]+) "
    r"(?:(?:has|have|had|was|were|is|are|been) ){1,3}(?P<verb>[a-z]+)(?: out)? (?:the )?most(?: often| times"
    r"| frequently)?",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"(?:(?:which|what) (?P<thing>[a-z]\w*)|(?:list|show|give|name|find)(?: me)? (?:(?:the|all"
    r"|every|those) )*"
    r"(?:(?P<label>[a-z]+?)s? of (?:(?:the|all|those) )*)?(?P<listed>[a-z]\w*)) (?P<rest>.+)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:who (?:is|was)|which (?:is|was)|what (?:is|was)|name|find|show|give)(?: me)? (?P<things>the .+)",
    re.IGNORECASE,
)
_DONE_BY = re.compile(
    r"(?P<ahead>(?:what is |which is )?the (?P<label>[a-z]+) of )?(?P<best>the [a-z]+est (?P<thing>[a-z]+)) "
    r"(?:(?:that|which|was|were|has|had|been|ever) ){0,4}(?P<verb>[a-z]+)(?: out)? by (?P<things>the .+)",
    re.IGNORECASE,
)


def shown(what: str, things: Things, about: About) -> Told | None:
    """A column of the one thing, by its name."""
    column = things.table.column(what.strip().replace(" ", "_"))
    return value_of(column, things, about) if column is not None and not column.unique else None


def _listed(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """ "Which books were never lent": their names."""
    things = things_in(f"the {found['thing'] or found['listed']} {found['rest']}", about)
    if things is None or things.single or mean or total:
        return None
    label = things.table.column(found["label"]) if found["label"] else label_of(things.table)
    if label is None:
        return None
    name = about.name
    query = f"SELECT {name(label.name)} FROM {name(things.table.name)} WHERE {things.on(name(things.key))}"
    return Told(f"{label.name} of {things.told()}", query)


def _named(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """ "Who is the member with the largest sum of unpaid fines": the name."""
    things = things_in(found["things"], about)
    label = label_of(things.table) if things is not None and things.single else None
    return value_of(label, things, about) if things is not None and label is not None else None


def _come(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """ "Which country does the author come from whose books …"."""
    things = things_in(f"{found['thing']} {found['rest']}", about)
    return shown(found["what"], things, about) if things is not None and things.single else None


def _at(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """What most rows of the one belong to: "at the branch with …, books of which genre were lent most"."""
    things = things_in(found["things"], about)
    rows = happened(found["verb"], things.table, about.tables, about.said) if things is not None else None
    noun = table_of(found["noun"], about.tables) if found["noun"] else None
    if things is None or rows is None or not things.single or (found["noun"] and noun is None):
        return None
    thing = table_of(found["what"], about.tables)
    owners = [noun] if noun is not None else [thing] if thing is not None else list(about.tables)
    shown = [
        (table, column)
        for table in owners
        for column in ([label_of(table)] if table is thing else table.columns)
        if column is not None and (table is thing or words_of(column.name) == words_of(found["what"]))
    ]
    if len(shown) != 1:
        return None
    table, column = shown[0]
    first = source_to(rows, things.table, about.tables, about.dialect, about.said)
    second = source_to(rows, table, about.tables, about.dialect, about.said)
    if first is None or second is None:
        return None
    (source, key), (other, its) = first, second
    own = own_key(table, about.tables)
    if own is None:
        return None
    met = spelled(table, own, about.dialect)
    source = f"{both(source, other)} JOIN {about.name(table.name)} ON {its} = {met}"
    by = spelled(table, column, about.dialect)
    # Things may share their name.
    group = f"{met}, {by}" if table is thing else by
    query = (
        f"SELECT {by} FROM {source} WHERE {things.on(key)} GROUP BY {group} ORDER BY COUNT(*) DESC LIMIT 1"
    )
    return Told(f"for {things.told()}: the {column.name} with the most {rows.name}?", query)


def _done_by(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """ "The title of the longest book that was borrowed by …"."""
    best = things_in(found["best"], about)
    by = things_in(found["things"], about) if best is not None else None
    if best is None or by is None or not by.single:
        return None
    rows = happened(found["verb"], best.table, about.tables, about.said)
    if rows is None or rows is not happened(found["verb"], by.table, about.tables, about.said):
        return None
    one = source_to(rows, best.table, about.tables, about.dialect, about.said)
    two = source_to(rows, by.table, about.tables, about.dialect, about.said)
    shown = best.table.column(found["label"]) if found["label"] else label_of(best.table)
    if one is None or two is None or shown is None:
        return None
    chosen = f"SELECT {one[1]} FROM {both(one[0], two[0])} WHERE {by.on(two[1])}"
    name = about.name
    order = re.search(r" ORDER BY .*$", best.limits[0].keys)
    if order is None or any(alike(word, "number") for word in words_of(best.limits[0].told)):
        return None
    query = f"SELECT {name(shown.name)} FROM {name(best.table.name)} WHERE {name(best.key)} IN ({chosen})"
    told = f"of {best.table.name} in {rows.name} of {by.told()}: the one with the {best.limits[0].told}"
    return Told(told, f"{query}{order[0]}")


NAMES: tuple[Kind, ...] = (
    (_DONE_BY, _done_by),
    (_COME, _come),
    (_AT, _at),
    (_LISTED, _listed),
    (_NAMED, _named),
)
