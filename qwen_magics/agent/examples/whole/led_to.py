"""The one at the end of a scale among the things that some row leads to: the northernmost airport flown to.

A small model filters by the rows of one value, or looks for the end of the scale within the inner query.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.measured import Measured, measured
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import label_of, table_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.phrases import EXTREME, LOW
from qwen_magics.tools.key_directions import directed
from qwen_magics.tools.schema import Table
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
# "Of all the ports that some of the ships went to, which lies highest?"
_OF_ALL = re.compile(
    rf"^\W*(?:of|among|out of) (?:all )?(?:(?:of )?the |our )?(?P<thing>\w+),? (?:that|which|to which"
    r"|from which|where) "
    rf"{_SOME}(?P<rows>\w+) (?:(?:were|was|have|has|had|did|ever|are|is) ){{0,2}}(?P<verb>[a-z]+(?:"
    rf" [a-z]+){{0,2}}), "
    rf"which (?:one |of them )?(?:is|was|lies|lay|stands|has|had)(?: the| at the)? {_END}"
    r"(?P<by> [(]\w+[)]| \w+)?(?: of (?:all|them))?\W+(?P<give>(?:give|show|tell me|state"
    r"|name)\b[^.?]{0,40})?\W*$",
    re.IGNORECASE,
)


def led_to(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where it is not certain which key leads there, or what the things are compared by."""
    asked = " ".join(question.split())
    asked, tables = asked.replace("@", ""), directed(asked, tables)
    found = _ASKED.search(asked) or _OF_ALL.search(asked)
    thing = table_of(found["thing"], tables) if found is not None else None
    said = found.groupdict() if found is not None else {}
    rows = table_of(said["rows"] or said["by"] or "", tables) if said else None
    if found is None or thing is None or rows is None or thing is rows:
        return None
    if re.search(r"(?i)\b(?:how many|each|every|per|average|total)\b", asked[: found.start()]):
        return None
    keys = [join for join in rows.joins if join.other == thing.name and not join.more]
    key, label = keys[0] if len(keys) == 1 else None, label_of(thing)
    # "Which lies highest (alt)": what is measured stands behind it.
    behind = measured(said["by"], thing, adjectives=False) if found.re is _OF_ALL and said["by"] else None
    low = re.search(LOW, found["end"], re.IGNORECASE)
    second = Measured(behind.column, "" if low else " DESC") if behind else measured(found["end"], thing)
    own = [
        c
        for c in thing.columns
        if set(words_of(c.name)) <= set(words_of(f"{asked[: found.start()]} {said.get('give') or ''}"))
        and c is not label
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
