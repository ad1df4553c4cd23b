"""Who has the most rows towards one end: the airline with the most flights to the destination that is
farthest away.

A small model takes the rows at that end for the group, or orders by the number instead of counting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.phrased import group_in, source_of
from qwen_magics.agent.examples.whole.chain_of_few import keys_called, named_in_other
from qwen_magics.agent.examples.whole.measured import measured
from qwen_magics.agent.examples.whole.named_rows import is_text
from qwen_magics.agent.examples.whole.plain_words import says_more
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import table_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["chain_towards"]

_END = r"(?P<how>[a-z]+est|highest|most|least)"
_TO = r"(?:to|into|from|towards|at|in|on|for|of|by|through|with)"
_ASKED = re.compile(
    r"(?:which|what) (?P<who>[a-z]\w*) (?:made|has|had|have|flew|ran|operated|offered|recorded"
    r"|got|sent|took|is"
    r" behind|accounts? for) the (?P<much>most|fewest) (?P<rows>\w+) "
    rf"{_TO} the (?:(?P<before>[a-z]+est) (?P<one>[a-z]\w*)"
    rf"|(?P<thing>[a-z]\w*),? (?:(?:that|which) (?:is|was|lies|has|had)|with|having) (?:the"
    rf" )?{_END}(?P<by> [\w ]+?)?)"
    r"(?: ?[(](?:by |column |the column |its )*(?P<column>\w+)[)])?"
    r"(?P<rest>[?.,;](?: .*)?)?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\b(?:away|off|out|there|column|from here)\b", re.IGNORECASE)
_NAME = re.compile(
    r"\b(?:give|show|return|tell me|state|with|by|and)? ?(?:only )?(?:its|the|their) (?:full )?(?:\w+ )?"
    r"names?(?: (?:from|in|by|according to))?\b",
    re.IGNORECASE,
)


def chain_towards(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where a word of it is not understood."""
    asked = " ".join(question.replace("@", "").split())
    found = _ASKED.fullmatch(asked)
    rows = table_of(found["rows"], tables) if found is not None else None
    if found is None or rows is None or len(tables) > 2:  # the rows, and what has names
        return None
    who, thing = keys_called(found["who"], rows), group_in(found["one"] or found["thing"], rows)
    thing = thing or next(iter(keys_called(found["one"] or found["thing"], rows)), None)
    rest = _NAME.sub(" ", found["rest"] or "")
    other = next((table for table in tables if table is not rows), None)
    if other is not None and not who and table_of(found["who"], [other]):
        keys = [rows.column(join.column) for join in rows.joins if join.other == other.name]
        who = [key for key in keys if key is not None]
    by = _number(found, rows)
    if len(who) != 1 or thing is None or by is None or who[0] is thing or not is_text(thing):
        return None
    if set(words_of(rest)) - {"name", *words_of(other.name if other is not None else "")}:
        return None
    name, source = dialect.quote_name, source_of(rows, dialect)
    column, down = by
    end = (
        f"SELECT {name(thing.name)} FROM {source} WHERE {name(column.name)} IS NOT NULL "
        f"ORDER BY {name(column.name)}{down} LIMIT 1"
    )
    most = "" if found["much"].casefold() == "fewest" else " DESC"
    shown = group = f"{source}.{name(who[0].name)}"
    joined = ""
    if other is not None:
        place = named_in_other(who[0], rows, other, dialect)
        if place is None:
            return None
        joined, shown = place
        group = f"{group}, {shown}"
    query = (
        f"SELECT {shown} FROM {source}{joined} WHERE {name(thing.name)} = ({end}) "
        f"GROUP BY {group} ORDER BY COUNT(*){most} LIMIT 1"
    )
    much = "most" if most else "fewest"
    told = f"the {found['who']} with the {much} {rows.name} of the {thing.name} with the "
    return Told(f"{told}{'highest' if down else 'lowest'} {column.name}", query)


def _number(found: re.Match[str], rows: Table) -> tuple[Column, str] | None:
    """What the one is chosen by, and the order."""
    how = found["before"] or found["how"]
    said = _ASIDE.sub(" ", found["by"] or "")
    if found["column"]:
        column = rows.column(found["column"])
        low = re.fullmatch(
            r"(?i)near\w*|clos\w*|small\w*|low\w*|short\w*|least|few\w*|cheap\w*|light\w*", how
        )
        return None if column is None else (column, "" if low else " DESC")
    by = measured(f"{how} {said}", rows)
    if by is None or says_more(said, rows):
        return None
    return by.column, by.order
