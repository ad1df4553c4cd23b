"""The time between one row of a thing and its next: "the longest any member has gone between taking out one
loan and the next one", over the table of the rows, whose key is the thing's.

A small model takes two dates of the same row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import table_of
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Column, Table, has_days
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["row_gaps"]

_FUNCTIONS = {
    "MAX": r"\b(?:longest|largest|biggest|greatest|maximum|most days)\b",
    "MIN": r"\b(?:shortest|smallest|minimum|fewest days)\b",
    "AVG": r"\b(?:averages?|means?|on average)\b",
}
_SAID = {"MAX": "longest", "MIN": "shortest", "AVG": "average"}
_THING = re.compile(
    r"\b(?:any|a|an|each|one|every|the same|the average|any one|any single) (?!day\b|next\b)(?P<thing>[a-z]+)"
    r"(?:['’]s)?(?= (?:has|had|have|went|goes|gone|waited|waits|ever|lets?|left|took|takes|needs?|needed"
    r"|between"
    r"|and|who|in|on|\w+ed|\w+s)\b|[,.?]|['’]s|$)",
    re.IGNORECASE,
)
_TWO = re.compile(
    r"\b(?:between|from)(?P<verb>(?: [a-z]+){0,3}?) (?:one|an?|each|any) (?P<row>[a-z]+)(?: of"
    r" [a-z ]{1,20}?)? "
    r"(?:and|to|until) (?:the |its |their |his |her |the same [a-z]+['’]s )?(?:next|following|one after)"
    r"(?: one| (?P=row))?\b"
    r"|\bbetween (?:two|any two) (?:consecutive |successive )?(?P<rows>[a-z]+)\b",
    re.IGNORECASE,
)
_PLAIN = frozenset(
    words_of(
        "what was is the in days day number of how many long time a an any has have had gone went go for ever"
        " time"
        " gap pause break interval wait stretch at that there single one it took taken does do did between"
        " calendar measured expressed counted by same who waited all among across our members let passed pass"
        " and its their on average member largest most"
    )
)
_LATE = frozenset(
    words_of("due returned paid shipped closed ended delivered required cancelled updated end until")
)


def row_gaps(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query for all things together; None where date, key or words are not certain."""
    asked = " ".join(question.replace("@", "").split())
    two = _TWO.search(asked)
    if two is None or not re.search(r"(?i)\b(?:days?|long)\b", asked):
        return None
    functions = [name for name, said in _FUNCTIONS.items() if re.search(said, asked, re.IGNORECASE)]
    rest = f"{asked[: two.start()]} {asked[two.end() :]}"
    found = _THING.search(rest)
    fact = table_of(two["row"] or two["rows"], tables)
    thing = table_of(found["thing"], tables) if found is not None else None
    if fact is None or thing is None or found is None or len(functions) != 1 or fact is thing:
        return None
    if re.search(r"(?i)\b(?:for|of|by) (?:each|every)\b|\bper\b|\bwhich\b|\bwho (?:has|had|is|was)\b", asked):
        return None
    left = words_of(re.sub("|".join(_FUNCTIONS.values()), " ", rest.replace(found[0], " "), flags=re.I))
    if any(word not in _PLAIN for word in left):
        return None
    keys = [join for join in fact.joins if join.other == thing.name and not join.more]
    date = _date(words_of(two["verb"] or ""), fact)
    if len(keys) != 1 or date is None or (dialect.name != "duckdb" and dialect.title != "SQLite"):
        return None
    name = dialect.quote_name
    key, day = name(keys[0].column), name(date.name)
    before = f"LAG({day}) OVER (PARTITION BY {key} ORDER BY {day}) AS previous"
    known = f" WHERE {day} IS NOT NULL" if date.nulls else ""
    inner = f"SELECT {day}, {before} FROM {name(fact.name)}{known}"
    days = f"DATE_DIFF('day', previous, {day})"
    if dialect.name != "duckdb":
        days = f"JULIANDAY({day}) - JULIANDAY(previous)"
    told = (
        f"{_SAID[functions[0]]} number of days from one {date.name} to the next of the same {keys[0].column}"
    )
    return Told(told, f"SELECT {functions[0]}({days}) FROM ({inner}) AS gaps")


def _date(verb: list[str], fact: Table) -> Column | None:
    """When a row began: the only date, the only one that is no end, or the one named like row or verb."""
    dates = [column for column in fact.columns if has_days(column)]
    said = [*verb, *words_of(fact.name)[-1:]]
    named = [c for c in dates if any(alike(part, word) for part in words_of(c.name) for word in said)]
    begun = [c for c in dates if not _LATE & set(words_of(c.name))]
    found = dates if len(dates) == 1 else begun if len(begun) == 1 else named
    return found[0] if len(found) == 1 else None
