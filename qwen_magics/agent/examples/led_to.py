"""The one at the end of a scale among the things that some row leads to: the northernmost airport flown to.

A small model filters by the rows of one value, or looks for the end of the scale within the inner query.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.measured import measured
from qwen_magics.agent.examples.told import Told
from qwen_magics.agent.links.way_sources import label_of, table_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME
from qwen_magics.tools.schema import Join, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["led_to"]

_END = rf"(?P<end>(?:north|south|east|west)ern ?most|{EXTREME}|oldest|newest|youngest)"
_SOME = r"(?:(?:any|some|at least one|one|a single one|ever)(?: of)? )?(?:the |our |these |a )?"
_ASKED = re.compile(
    rf"\b{_END} (?:(?:one )?(?:of|among) (?:all )?(?:the |our )?)?(?P<thing>\w+),? "
    rf"(?:(?:that|which|to which|from which|where|in which|at which|by which|with which) {_SOME}(?P<rows>\w+)"
    r"(?: (?:were|was|have|has|had|did|ever|are|is)){0,2} (?P<verb>[a-z]+(?: [a-z]+){0,2})"
    r"|(?:that|which) (?:(?:is|are|was|were|has|have|had|been|ever) ){0,3}(?P<done>[a-z]+(?: [a-z]+)?)"
    r" (?:by|in|on|for|with) (?:any|some|at least one)(?: of)? (?:the |our |these )?(?P<by>\w+))\W*$",
    re.IGNORECASE,
)
_LEADS = (
    (
        r"\b(?:went|go|goes|flew|fly|flies|led|came|come|sailed|drove|ran|travel\w*|bound) (?:in)?(?:to"
        r"|for)\b"
        r"|\b(?:to which|arriv\w*|land(?:s|ed)?|reach\w*|ended)\b",
        frozenset(["dest", "destination", "to", "end", "arrival", "arr", "target"]),
    ),
    (
        r"\b(?:went|flew|came|come|comes|sailed|started|set out|took off) from\b"
        r"|\b(?:from which|left|depart\w*|took off|started)\b",
        frozenset(["origin", "from", "start", "departure", "dep", "source", "src"]),
    ),
)


def led_to(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where it is not certain which key leads there, or what the things are compared by."""
    asked = " ".join(question.split())
    found = _ASKED.search(asked)
    thing = table_of(found["thing"], tables) if found is not None else None
    rows = table_of(found["rows"] or found["by"], tables) if found is not None else None
    if found is None or thing is None or rows is None or thing is rows:
        return None
    if re.search(r"(?i)\b(?:how many|each|every|per|average|total)\b", asked[: found.start()]):
        return None
    second, key, label = measured(found["end"], thing), _key(rows, thing, found[0]), label_of(thing)
    own = [
        c
        for c in thing.columns
        if set(words_of(c.name)) <= set(words_of(asked[: found.start()])) and c is not label
    ]
    if second is None or key is None or (label is None and not own) or len(own) > 1:
        return None
    name, value = dialect.quote_name, dialect.quote_name(second.column.name)
    shown = name(own[0].name if own else label.name if label is not None else "")
    inner = f"SELECT {name(key.column)} FROM {name(rows.name)}"
    query = (
        f"SELECT {shown} FROM {name(thing.name)} WHERE {name(key.other_column)} IN ({inner}) "
        f"AND {value} IS NOT NULL ORDER BY {value}{second.order} LIMIT 1"
    )
    told = f"of the {thing.name} that are {key.column} of any of {rows.name}, the one with the {second.end} "
    return Told(f"{told}{second.column.name}", query)


def _key(rows: Table, thing: Table, said: str) -> Join | None:
    """The key that leads there; of several, the one that the verb speaks of."""
    keys = [join for join in rows.joins if join.other == thing.name and not join.more]
    if len(keys) > 1:
        meant = [names for pattern, names in _LEADS if re.search(pattern, said, re.IGNORECASE)]
        keys = [join for join in keys if len(meant) == 1 and set(words_of(join.column)) & meant[0]]
    return keys[0] if len(keys) == 1 else None
