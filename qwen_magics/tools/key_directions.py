"""Keys of two directions to the same table, where a row leads from one thing to another: origin and
destination.

Which of them a question means, its words tell: what was flown to is the destination. A column of the one
direction is a key as well where that of the other is, also where it has a few values that are in no list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qwen_magics.tools.schema import Join, Table

__all__ = ["directed", "is_said", "way_out"]

_PAIRS = (
    (("origin", "orig"), ("dest", "destination")),
    (("from",), ("to",)),
    (("start",), ("end",)),
    (("departure", "dep"), ("arrival", "arr")),
    (("source", "src"), ("target", "dest", "destination")),
    (("sender",), ("receiver", "recipient")),
)
_MOVED = (
    r"(?:went|go|goes|going|gone|flew|fly|flies|flying|flown|sail\w*|dr[oi]ve\w*|ran|run|travel\w*|came|come)"
)
_TO = re.compile(
    rf"\b(?:destinations?|dest|{_MOVED} (?:in)?to|bound for|arriv(?:e|es|ed|ing) (?:at|in)|land(?:s|ed"
    r"|ing)? (?:at|in|on)"
    r"|(?:was|were|is|are|been|got|ever|never) reached|reached by|ended (?:at|in)|to which|(?:flights?"
    r"|trips?|rides?"
    r"|journeys?|transfers?|shipments?) to)\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"\b(?:origins?|{_MOVED} (?:out )?from|depart(?:s|ed|ing)?(?: from)?|took off|take off|takes off|left"
    r"|leaves?|leaving"
    r"|start(?:s|ed|ing)? (?:at|in|from)|set out|from which|(?:flights?|trips?|rides?|journeys?"
    r"|transfers?|shipments?)"
    r" (?:out of|from))\b",
    re.IGNORECASE,
)


def is_said(question: str) -> str:
    """The direction of which the question has words: "to", "from", "both", or nothing."""
    to, out = _TO.search(question) is not None, _FROM.search(question) is not None
    return "both" if to and out else "to" if to else "from" if out else ""


def directed(question: str, tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables with, of the keys of two directions, the one that the question speaks of; both where it
    speaks of both, and as they were where it speaks of none.
    """
    said = is_said(question)
    return tuple(_directed(table, said) for table in tables) if said else tuple(tables)


def _directed(table: Table, said: str) -> Table:
    joins: list[Join] = []
    for join in table.joins:
        other = _other_end(join, table)
        ends = [join] if other is None else [join, other]
        kept = [end for end in ends if said == "both" or len(ends) == 1 or way_out(end.column) == said]
        joins += [end for end in kept if end not in joins]
    return table if tuple(joins) == table.joins else replace(table, joins=tuple(joins))


def _other_end(join: Join, table: Table) -> Join | None:
    """The key of the other direction, by the name of its column and its type."""
    own = table.column(join.column)
    if own is None or join.more:
        return None
    names = {name.casefold() for name in _opposites(join.column)}
    found = [c for c in table.columns if c.name.casefold() in names and c.dtype == own.dtype]
    return replace(join, column=found[0].name) if len(found) == 1 else None


def way_out(column: str) -> str:
    """Whether a column says where its row leads "to", or comes "from"; nothing for any other."""
    words = re.split(r"_|(?<=[a-z])(?=[A-Z])", column)
    folded = {word.casefold() for word in words}
    starts = {word for start, _ in _PAIRS for word in start}
    ends = {word for _, end in _PAIRS for word in end}
    return "to" if folded & ends and not folded & starts else "from" if folded & starts else ""


def _opposites(column: str) -> list[str]:
    found = []
    for pair in _PAIRS:
        for these, those in (pair, pair[::-1]):
            for word in these:
                pattern = rf"(?i)(?<![^\W_]){word}(?![^\W_])"
                if re.search(pattern, column):
                    found += [re.sub(pattern, other, column) for other in those]
    return found
