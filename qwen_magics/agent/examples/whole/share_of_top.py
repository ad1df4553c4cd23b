"""Which share of the rows of each group its most frequent thing has: the loans of each genre that went to the
genre's most lent book.

A small model takes the most frequent thing of all groups.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.rows_between import place_of, rows_between
from qwen_magics.agent.links.way_sources import label_of, table_of
from qwen_magics.agent.words.naming import words_of
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["share_of_top"]

_ASKED = re.compile(
    r"\b(?:what|which) (?P<share>percentage|percent|share|proportion|fraction) of (?:the |all"
    r" )*(?P<rows>\w+) "
    r"(?:of|in|at|from|by) (?:each|every) (?P<group>\w+) (?:(?:went|go|goes|belongs?|came|come|comes)"
    r" (?:to|from)|"
    r"(?:was|were|is|are) (?:of|for|with|by|to|on)|(?:has|had|have)) "
    r"(?:that|the|this|its)(?: (?P<same>\w+?)(?:['’]s|s['’]))? (?:own )?"
    r"(?:most (?:often |frequently )?(?:\w+ )?|top |busiest |most popular |biggest )(?P<thing>\w+)(?:"
    r" [(]\w+[)])?"
    r"(?: (?:of|in) (?:it|that \w+))?\W*$",
    re.IGNORECASE,
)


def share_of_top(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query; None where the way from the rows to their things is not certain."""
    asked = " ".join(question.replace("@", "").split())
    found = _ASKED.search(asked)
    rows = table_of(found["rows"], tables) if found is not None else None
    if (
        found is None
        or rows is None
        or (found["same"] and words_of(found["same"]) != words_of(found["group"]))
    ):
        return None
    group, thing = place_of(found["group"], tables), place_of(found["thing"], tables)
    if group is None or thing is None or group == thing:
        return None
    ways = rows_between([group, thing], tables, asked, [rows])
    if ways is None or ways.table is not rows:
        return None
    label = label_of(group.table) if group.column is None else None
    by = [ways.key(0, group, dialect)]
    shown = by[0]
    if label is not None:
        shown = f"{dialect.quote_name(group.table.name)}.{dialect.quote_name(label.name)}"
        by.append(shown)
    key = ways.key(1, thing, dialect)
    read = [at for at, place in enumerate((group, thing)) if place.column is not None or (at == 0 and label)]
    hundred = "100.0" if found["share"].casefold().startswith("percent") else "1.0"
    inner = f"SELECT {', '.join(by)}, COUNT(*) AS n FROM {ways.source(dialect, *read)}"
    groups = f"({inner} GROUP BY {', '.join((*by, key))}) AS s"
    bare = [dotted.split(".", 1)[-1] for dotted in by]
    told = f"for each {group.called}, which share of its {rows.name} has the most frequent of {thing.called}?"
    return Told(
        told, f"SELECT {bare[-1]}, {hundred} * MAX(n) / SUM(n) FROM {groups} GROUP BY {', '.join(bare)}"
    )
