"""Things by the group of their own that most of them are in: members whose home branch has the most members,
those who joined in the year when the most joined; and what a limit of things is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qwen_magics.agent.examples.whole.chain_rows import own_key
from qwen_magics.agent.links.way_sources import table_of
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Join, Table, has_days, is_year
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["AUXILIARIES", "About", "Limit", "Step", "of_group", "of_moment"]

AUXILIARIES = r"(?:(?:that|which|who|they|it|have|has|had|were|was|are|is|do|does|did|been|also) ){0,5}"
_KEY = re.compile(
    r"(?:whose|with the) (?P<key>[a-z]+(?: [a-z]+)?) (?:is|are) the (?:one|[a-z]+) (?:with|that"
    r" has|which has|"
    r"having) the (?P<how>most|fewest|(?:largest|highest|greatest|lowest|smallest) number of)"
    r" (?P<rows>[a-z]+)(?P<rest>.*)",
    re.IGNORECASE,
)
_MOMENT = re.compile(
    rf"{AUXILIARIES}(?P<verb>[a-z]+) in the (?P<unit>year) (?:when|that|where|in which|with|which had)"
    r" (?:the )?(?P<how>most|fewest|(?:largest|highest|lowest|smallest) number of) (?P<rows>[a-z]+)"
    r"(?: (?:were |was |had |have )?(?P<again>[a-z]+))?(?P<rest>.*)",
    re.IGNORECASE,
)
_FEW = re.compile(r"fewest|smallest|lowest", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class About:
    """A question: its tables, their dialect, and its words."""

    tables: Sequence[Table]
    dialect: Dialect
    said: Sequence[str]

    def name(self, said: str) -> str:
        """Quoted where that is needed."""
        return self.dialect.quote_name(said)


@dataclass(frozen=True, slots=True)
class Limit:
    """The keys of the things that are meant, or of those that are not; `rows`: which it was told by."""

    keys: str
    denied: bool = False
    told: str = ""
    rows: Table | None = None

    def on(self, key: str) -> str:
        """As a condition on a key."""
        return f"{key} {'NOT IN' if self.denied else 'IN'} ({self.keys})"


Step = tuple[Limit, str]
"""What was said, and the words behind it."""


def of_group(text: str, thing: Table, about: About) -> Step | None:
    """ "Whose home branch is the one with the most members"."""
    found = _KEY.fullmatch(text)
    if found is None or table_of(found["rows"], about.tables) is not thing:
        return None
    words = words_of(found["key"])
    keys: list[Join | Column] = [j for j in thing.joins if words_of(j.column) in (words, [*words, "id"])]
    keys = keys or [c for c in thing.columns if words_of(c.name) == words and not c.unique]
    if len(keys) != 1:
        return None
    column = keys[0].column if isinstance(keys[0], Join) else keys[0].name
    return _most(about.name(column), found, thing, about)


def of_moment(text: str, thing: Table, about: About) -> Step | None:
    """ "Who joined in the year when the most members joined"."""
    found = _MOMENT.fullmatch(text)
    if found is None or table_of(found["rows"], about.tables) is not thing:
        return None
    verb = words_of(found["verb"])[0]
    if found["again"] and words_of(found["again"])[0] != verb:
        return None
    told = [c for c in thing.columns if any(alike(part, verb) for part in words_of(c.name))]
    if len(told) != 1:
        return None
    name = about.name(told[0].name)
    if is_year(told[0]):
        return _most(name, found, thing, about)
    if not has_days(told[0]):
        return None
    year = f"STRFTIME('%Y', {name})" if about.dialect.name == "sqlite" else f"EXTRACT(YEAR FROM {name})"
    return _most(year, found, thing, about)


def _most(expression: str, found: re.Match[str], thing: Table, about: About) -> Step | None:
    key = own_key(thing, about.tables)
    if key is None:
        return None
    down = "" if _FEW.search(found["how"]) else " DESC"
    source = about.name(thing.name)
    best = f"SELECT {expression} FROM {source} GROUP BY {expression} ORDER BY COUNT(*){down} LIMIT 1"
    keys = f"SELECT {about.name(key.name)} FROM {source} WHERE {expression} = ({best})"
    told = f"the {found['how'].casefold()} {thing.name} of one {found.groupdict().get('unit') or 'group'}"
    return Limit(keys, False, told), found["rest"]
