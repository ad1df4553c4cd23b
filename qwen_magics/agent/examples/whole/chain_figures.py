"""One figure of things that are chosen first, over keys: how many loans the members with an unpaid fine have
on average, how often the book with the most pages was lent, how many books were never lent.

A small model compares keys of different things, joins what multiplies the rows, or counts in the table in
which the things are chosen. What is meant are two steps: the keys of the things, and the figure of what has
one of them. A word that is not understood leaves no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.chain_groups import About
from qwen_magics.agent.examples.whole.chain_limits import limits
from qwen_magics.agent.examples.whole.chain_names import NAMES, Kind, shown
from qwen_magics.agent.examples.whole.chain_numbers import both, figure, own_figure, rows_figure
from qwen_magics.agent.examples.whole.chain_rows import (
    SomeRows,
    amount_of,
    happened,
    own_key,
    rows_named,
    source_to,
)
from qwen_magics.agent.examples.whole.chain_things import Things, things_in
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import spelled, table_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["chained"]

_MEAN = re.compile(r",? ?\b(?:on average|on the average|averagely)\b,?", re.IGNORECASE)
_TOTAL = re.compile(r",? ?\b(?:in total|altogether|in all|all together|overall)\b,?", re.IGNORECASE)
_OF = r"(?:of|for|among|over|across)"
_HAVE = re.compile(
    r"how many (?P<what>[\w -]{2,40}?) (?:do|does|did|have|has|had) (?P<things>.+?)"
    r"(?: (?:have|has|had|make|made|get|got))?",
    re.IGNORECASE,
)
_WERE = re.compile(
    r"how many (?P<what>[\w -]{2,40}?) (?:(?:was|were|are|is|have been|has been|belong|belonged|go|went)"
    r"(?: (?P<verb>[a-z]+))?(?: out)? )?(?:by|of|to|for|from|at|in) (?P<things>.+)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"how (?:many times|often|frequently) (?:was|were|has|have|had|did|is|are) (?P<things>.+?)(?: (?:been|get"
    r"|got))?"
    r" (?P<verb>[a-z]+)(?: out)?",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"(?:how many|(?:what is )?the number of|count) (?:different |distinct )?(?P<things>.+)", re.IGNORECASE
)
_WHAT = re.compile(
    r"(?:(?:what|which|how large|how high) (?:is|was|are) |give |show |find )?(?:me )?the "
    r"(?P<mean>average |mean )?(?P<sum>(?:total|sum|combined|summed) (?:amount |sum |value )?(?:of )?)?"
    rf"(?:the )?(?P<number>number of )?(?P<what>[\w -]{{2,40}}?)(?: per [a-z]+)? {_OF} (?P<things>.+)",
    re.IGNORECASE,
)
_PERCENT = r"(?P<share>percent(?:age)?|per cent|%|share|proportion|fraction)"
_SHARE = (
    re.compile(
        rf"(?:what|which|how many) {_PERCENT} of (?:(?:all|the|our) ){{0,3}}(?P<thing>[a-z]\w*) (?P<rest>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:of|among|out of) (?P<whole>[^,?]+?),? (?:what|which|how many) {_PERCENT} (?P<rest>.+)",
        re.IGNORECASE,
    ),
)
_OWED = re.compile(
    r"how much (?:money )?(?:does|do|did|has|have) (?P<things>.+?) (?:owe|owes|owed|have to pay|to pay|still"
    r" owe)(?: us)?",
    re.IGNORECASE,
)
_NEUTRAL = frozenset(
    ["there", "made", "taken", "placed", "given", "recorded", "registered", "issued", "done", "held", "had"]
)
_THERE = re.compile(r",? \b(?:are|were|is|was) there\b", re.IGNORECASE)
# "How many different members have borrowed the longest book".
_WHO = re.compile(
    r"how many (?:different |distinct )?(?P<noun>[a-z]\w*) (?:(?:have|has|had|ever|that|who)"
    r" ){0,3}(?P<verb>[a-z]+)"
    r"(?: out)? (?P<things>the .+)",
    re.IGNORECASE,
)
_DIFFERENT = re.compile(
    r"how many (?:different|distinct) (?P<noun>[a-z]\w*) (?:(?:has|have|had|was|were|been|did) ){1,3}"
    r"(?:(?P<verb>[a-z]+)(?: out)? by (?P<things>the .+)|(?P<by>the .+) (?P<done>[a-z]+))",
    re.IGNORECASE,
)
# What nobody reads to the end is of no kind; of one table there are no keys.
_READ = 300
_TABLES = 2
_SETTING = re.compile(r"(?:with|without|that|who|which|having)\b", re.IGNORECASE)
_FLAT = re.compile(r"^(?:please |tell me |i want to know |i['’]d like to know )+", re.IGNORECASE)


def chained(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None for questions of another kind, with another condition, or of one table."""
    asked = _FLAT.sub("", " ".join(question.replace("@", "").split())).strip(" ?.!")
    if len(asked) > _READ or len(tables) < _TABLES or any(table.schema for table in tables):
        return None
    mean, total = _MEAN.search(asked) is not None, _TOTAL.search(asked) is not None
    plain = " ".join(_THERE.sub(" ", _TOTAL.sub(" ", _MEAN.sub(" ", asked))).split())
    about = About(tables, dialect, words_of(asked))
    for pattern, kind in _KINDS:
        found = pattern.fullmatch(plain)
        told = kind(found, about, mean, total) if found is not None else None
        if told is not None:
            return told
    return None


def _have(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """ "How many loans do … have", "how many pages have … on average"."""
    things = things_in(found["things"], about)
    if things is None:
        return None
    return rows_figure(found["what"], things, about, mean) or own_figure(
        found["what"], things, about, mean, total
    )


def _were(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """ "How many loans were made by …": what was done says nothing more of the rows."""
    rows = rows_named(found["what"], about.tables, about.dialect)
    things = things_in(found["things"], about) if rows is not None else None
    if rows is None or things is None:
        return None
    verb = (found["verb"] or "there").casefold()
    if verb not in _NEUTRAL and happened(verb, things.table, about.tables, about.said) is not rows.table:
        return None
    return figure(rows, things, about, mean)


def _times(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    things = things_in(found["things"], about)
    rows = happened(found["verb"], things.table, about.tables, about.said) if things is not None else None
    return None if things is None or rows is None else figure(SomeRows(rows), things, about, mean)


def _many(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """ "How many books were never lent": the things themselves."""
    things = things_in(found["things"], about) if not mean else None
    if things is None or things.single:
        return None
    name = about.name
    where = things.on(name(things.key))
    return Told(
        f"how many of {things.told()}?", f"SELECT COUNT(*) FROM {name(things.table.name)} WHERE {where}"
    )


def _what(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """ "What is the average number of loans of …", "what is the title of …"."""
    things = things_in(found["things"], about)
    if things is None:
        return None
    mean, what = mean or found["mean"] is not None, found["what"]
    if found["number"] and not (found["sum"] and mean):
        return rows_figure(what, things, about, mean) or (
            own_figure(what, things, about, True, False) if mean else None
        )
    if found["number"]:
        return None
    if found["sum"]:
        rows = rows_named(what, about.tables, about.dialect) if not mean else None
        amount = amount_of(rows.table) if rows is not None else None
        if rows is not None and amount is not None:
            added = f"SUM({spelled(rows.table, amount, about.dialect)})"
            return figure(rows, things, about, False, added)
        return own_figure(what, things, about, mean, True)
    if mean:
        return own_figure(what, things, about, True, False)
    return shown(what, things, about) if things.single else None


def _share(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """ "What percentage of the members has ever borrowed something": of the table of the things."""
    named = found.groupdict()
    whole = things_in(named["whole"], about) if named.get("whole") else None
    noun = named.get("thing") or re.sub(r"(?i)^(?:(?:all|the|our|of) )+", "", named.get("whole") or "")
    thing = whole.table if whole is not None and not whole.single else table_of(noun, about.tables)
    key = own_key(thing, about.tables) if thing is not None else None
    part = limits(found["rest"], thing, about) if thing is not None else None
    if thing is None or key is None or not part:
        return None
    if whole is None and len(part) > 1 and _SETTING.match(found["rest"]):
        # "Of the books with two copies were never lent": the first says which.
        whole, part = Things(thing, key.name, tuple(part[:1])), part[1:]
    name = about.name
    one = f"{name(thing.name)}.{name(key.name)}"
    meant = " AND ".join(limit.on(one) for limit in part)
    hundred = "100.0" if re.match(r"(?i)per|%", found["share"]) else "1.0"
    where = f" WHERE {whole.on(one)}" if whole is not None else ""
    ratio = f"{hundred} * SUM(CASE WHEN {meant} THEN 1 ELSE 0 END) / COUNT(*)"
    told = " and ".join(limit.told for limit in part)
    of = f"of all {thing.name}" if whole is None else f"of {whole.told()}"
    return Told(f"{of}, what share has {told}?", f"SELECT {ratio} FROM {name(thing.name)}{where}")


def _owed(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """The sum that the one is chosen by."""
    things = things_in(found["things"], about)
    if things is None or not things.most.startswith("SELECT SUM("):
        return None
    return Told(f"the {things.limits[0].told} of one of {things.table.name}", things.most)


def _who(found: re.Match[str], about: About, mean: bool, total: bool) -> Told | None:
    """Different things that had to do with those that are meant."""
    named = found.groupdict()
    verb = named.get("verb") or named.get("done") or ""
    things = things_in(named.get("things") or named.get("by") or "", about) if not mean else None
    noun = table_of(found["noun"], about.tables)
    if things is None or noun is None or noun is things.table:
        return None
    rows = happened(verb, things.table, about.tables, about.said)
    first = (
        source_to(rows, things.table, about.tables, about.dialect, about.said) if rows is not None else None
    )
    second = source_to(rows, noun, about.tables, about.dialect, about.said) if rows is not None else None
    if rows is None or first is None or second is None:
        return None
    query = f"SELECT COUNT(DISTINCT {second[1]}) FROM {both(first[0], second[0])} WHERE {things.on(first[1])}"
    return Told(f"for {things.told()}: how many different {noun.name} in their {rows.name}?", query)


_KINDS: tuple[Kind, ...] = (
    (_OWED, _owed),
    (_TIMES, _times),
    (_DIFFERENT, _who),
    (_WHO, _who),
    (_HAVE, _have),
    (_WERE, _were),
    (_MANY, _many),
    *((pattern, _share) for pattern in _SHARE),
    *NAMES,
    (_WHAT, _what),
)
