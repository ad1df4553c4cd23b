"""What limits things over keys, said behind their noun: "with at least 5 loans", "that were never lent", "who
joined in the year when the most members joined".

Each becomes a list of keys: the words are read from the first to the last, and a word that is not
understood leaves no answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qwen_magics.agent.examples.whole.chain_groups import (
    AUXILIARIES,
    About,
    Limit,
    Step,
    of_group,
    of_moment,
)
from qwen_magics.agent.examples.whole.chain_rows import (
    SomeRows,
    happened,
    noun_first,
    source_to,
    way_to,
)
from qwen_magics.agent.links.way_sources import spelled, table_of
from qwen_magics.agent.words.deadlines import LATE, due_and_done
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.numbers import NUMBERS
from qwen_magics.tools.schema import Table, has_days

__all__ = ["limits"]

_NUMBER = r"(?:\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)"
_NEVER = r"(?:never|not (?:even )?once|not a single time)(?: yet| once| ever)?"
_DENIED = re.compile(
    rf"{AUXILIARIES}{_NEVER} (?:(?:been|being) )?(?P<verb>[a-z]+)(?: (?:out|back)\b)?(?P<rest>.*)",
    re.IGNORECASE,
)
# "Never had a fine", "with no loans at all", "without any fine".
_NONE = re.compile(
    rf"(?:{AUXILIARIES}{_NEVER} (?:had|have|got|gotten|received|made|been given) (?:an?|any|a single|one)"
    rf"|{AUXILIARIES}(?:with |having |got |made |received )?(?:no|not (?:a single|any)|zero)"
    rf"|without(?: an?| any"
    r"| a single)?|that (?:never had|have never had) (?:an?|any)) (?P<rest>.+)",
    re.IGNORECASE,
)
_HAVING = r"(?:with|having|have|has|had|made|make|makes|got|received|hold|own|there are)"
_SOME = re.compile(
    rf"{AUXILIARIES}{_HAVING} (?:(?P<bound>at least|more than|over|exactly|just|only|fewer than"
    rf"|less than|at most"
    rf"|no more than) (?P<n>{_NUMBER})|(?P<from>{_NUMBER}) or more|(?P<several>several|multiple)"
    rf"|(?P<any>an?y?|some)) (?P<rest>.+)",
    re.IGNORECASE,
)
_DONE = re.compile(
    rf"{AUXILIARIES}(?P<ever>ever )?(?P<verb>[a-z]+)(?: out)?(?P<rest>.*)",
    re.IGNORECASE,
)
_OFTEN = re.compile(
    rf" (?:(?P<once>at least once|ever|before)|(?P<bound>at least|more than|exactly|only) (?P<n>{_NUMBER}"
    rf"|once|twice)(?: times?)?|(?P<just>once|twice|{_NUMBER} times) or more(?: often)?)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r" (?:anything|something|at all|by any(?:one|body)|by some(?:one|body)"
    r"|(?:by )?(?:an?|any|some|a single|at least one) (?P<noun>[a-z]+))(?= |$)",
    re.IGNORECASE,
)
_LATER = re.compile(
    rf"^ (?:{LATE})(?: (?:the |its |their )?(?:dates?|days?|deadlines?)\b)?(?P<rest>.*)", re.IGNORECASE
)
_BEHIND = re.compile(
    r"^(?:(?:each|at all|so far|to date|yet|ever|at least once|to (?:their|its|her|his) name)(?= |$) ?)+",
    re.IGNORECASE,
)
_JOINED = re.compile(r"^(?:, ?)?(?:(?:and|but|yet)(?= ) ?)?", re.IGNORECASE)


def limits(text: str, thing: Table, about: About) -> list[Limit] | None:
    """What the words behind a noun say, part by part; None unless all of them are understood."""
    found: list[Limit] = []
    rest = text.strip()
    while rest:
        step = next(filter(None, (kind(rest, thing, about) for kind in _KINDS)), None)
        if step is None:
            return None
        limit, behind = step
        found.append(limit)
        rest = _JOINED.sub("", _BEHIND.sub("", behind.strip())).strip()
    return found


def _never(text: str, thing: Table, about: About) -> Step | None:
    """ "Never lent", "has never borrowed anything", "never returned anything late"."""
    found = _DENIED.fullmatch(text)
    if found is None:
        return None
    verb, rest, objects = found["verb"], found["rest"], []
    while (named := _OBJECT.match(rest)) is not None:
        objects += [named["noun"]] if named["noun"] else []
        rest = rest[named.end() :]
    nouns = [table_of(noun, about.tables) for noun in objects]
    late = _LATER.match(rest)
    if late is not None:
        return _late(verb, late, thing, nouns, about)
    rows = happened(verb, thing, about.tables, about.said)
    if rows is None or not all(n is not None and _reaches(rows, n, about) for n in nouns):
        return None
    return _none_of(SomeRows(rows, "", rows.name), thing, rest, about)


def _late(
    verb: str, found: re.Match[str], thing: Table, nouns: Sequence[Table | None], about: About
) -> Step | None:
    """None of their rows was done after it was due."""
    for rows in about.tables:
        dates = due_and_done(found[0], [c for c in rows.columns if has_days(c)])
        if not dates or source_to(rows, thing, about.tables, about.dialect, about.said) is None:
            continue
        due, done = dates
        if not any(alike(part, words_of(verb)[0]) for part in words_of(done.name)):
            continue
        if not all(n is not None and _reaches(rows, n, about) for n in nouns):
            return None
        one, two = (spelled(rows, column, about.dialect) for column in (done, due))
        return _none_of(SomeRows(rows, f"{one} > {two}", f"late {rows.name}"), thing, found["rest"], about)
    return None


def _reaches(rows: Table, noun: Table, about: About) -> bool:
    return rows is noun or way_to(rows, noun, about.tables, about.said) is not None


def _none(text: str, thing: Table, about: About) -> Step | None:
    found = _NONE.fullmatch(text)
    named = noun_first(found["rest"], about.tables, about.dialect) if found is not None else None
    return None if named is None else _none_of(named[0], thing, named[1], about)


def _none_of(rows: SomeRows, thing: Table, rest: str, about: About) -> Step | None:
    keys = _keys(rows, thing, about, known=True)
    return None if keys is None else (Limit(keys, True, f"no {rows.called}", rows.table), rest)


def _some(text: str, thing: Table, about: About) -> Step | None:
    """ "With at least 5 loans", "who have an unpaid fine"."""
    found = _SOME.fullmatch(text)
    named = noun_first(found["rest"], about.tables, about.dialect) if found is not None else None
    return None if found is None or named is None else _bounded(found, named[0], thing, named[1], about)


def _done(text: str, thing: Table, about: About) -> Step | None:
    """ "Who have ever borrowed something", "that were lent more than 10 times"."""
    found = _DONE.fullmatch(text)
    if found is None:
        return None
    rest, sure = found["rest"], found["ever"] is not None
    named = _OBJECT.match(rest)
    noun = table_of(named["noun"], about.tables) if named is not None and named["noun"] else None
    if named is not None:
        if named["noun"] and noun is None:
            return None
        sure, rest = True, rest[named.end() :]
    often = _OFTEN.match(rest)
    rows = happened(found["verb"], thing, about.tables, about.said)
    if rows is None or (noun is not None and not _reaches(rows, noun, about)):
        return None
    some = SomeRows(rows, "", rows.name)
    if often is None or (named is not None and not often["once"]):
        keys = _keys(some, thing, about) if sure and often is None else None
        return None if keys is None else (Limit(keys, False, f"some {rows.name}", rows), rest)
    return _bounded(often, some, thing, often["rest"], about)


def _bounded(found: re.Match[str], rows: SomeRows, thing: Table, rest: str, about: About) -> Step | None:
    bound, denied = _bound({**{"once": None, "any": None, "from": None}, **found.groupdict()})
    keys = _keys(rows, thing, about, known=denied, having=bound)
    told = f"{'not ' if denied else ''}COUNT {bound or '>= 1'} of {rows.called}"
    return None if keys is None else (Limit(keys, denied, told, rows.table), rest)


def _bound(said: dict[str, str | None]) -> tuple[str, bool]:
    """What stands behind COUNT(*), nothing for one at least; and whether it is of those that are not meant:
    fewer than three may be none.
    """
    if said.get("once") or said.get("any"):
        return "", False
    if said.get("several"):
        return "> 1", False
    number = _number(said.get("n") or said.get("from") or said.get("just") or "1")
    bound = (said.get("bound") or "at least").casefold()
    if bound in ("more than", "over"):
        return f"> {number}", False
    if bound in ("exactly", "just", "only"):
        return f"= {number}", False
    if bound in ("fewer than", "less than"):
        return f">= {number}", True
    if bound in ("at most", "no more than"):
        return f"> {number}", True
    return ("" if number == "1" else f">= {number}"), False


def _number(said: str) -> str:
    word = said.casefold().split()[0]
    return {"once": "1", "twice": "2"}.get(word) or NUMBERS.get(word, word)


def _keys(rows: SomeRows, thing: Table, about: About, *, known: bool = False, having: str = "") -> str | None:
    """The SELECT of the things' keys that rows have."""
    place = source_to(rows.table, thing, about.tables, about.dialect, about.said)
    if place is None or rows.table is thing:
        return None
    source, key = place
    # A NULL in a list that is denied would leave nothing.
    where = [rows.where, f"{key} IS NOT NULL" if known else ""]
    limited = " AND ".join(filter(None, where))
    group = f" GROUP BY {key} HAVING COUNT(*) {having}" if having else ""
    return f"SELECT {key} FROM {source}{f' WHERE {limited}' if limited else ''}{group}"


_KINDS: tuple[Callable[[str, Table, About], Step | None], ...] = (
    of_group,
    of_moment,
    _none,
    _never,
    _some,
    _done,
)
