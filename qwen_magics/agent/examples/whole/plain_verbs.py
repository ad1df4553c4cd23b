"""Verbs that say which rows are meant, and nothing more of them: "borrowed" of loans, "ordered" of orders."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qwen_magics.agent.links.rows_between import Place, Rows, rows_between
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.tools.schema import Table

__all__ = ["says_rows"]

_PLAIN = re.compile(
    r"(?:borrowed|lent|loaned|took out|taken out|checked out|bought|ordered|purchased|gotten|got|had|received"
    r"|visited|rented|rated|reviewed|watched|played|attended|took|taken|used|met|hired|booked|read|joined"
    r"|driven|drove|flew|flown|rode|ridden|run|ran|served|seen|saw)",
    re.IGNORECASE,
)


def says_rows(verb: str, places: Sequence[Place], rows: Rows, tables: Sequence[Table], asked: str) -> bool:
    """Whether the rows are what the verb says: called so or the only ones; no condition on them."""
    said = words_of(verb)
    dated = [words_of(column.name)[:1] for column in rows.table.columns if column.nulls]
    if not said or said[:1] in dated:
        return False
    if any(alike(word, said[0]) for word in words_of(rows.table.name)):
        return True
    rest = [table for table in tables if table is not rows.table]
    return _PLAIN.fullmatch(verb) is not None and rows_between(places, rest, asked) is None
