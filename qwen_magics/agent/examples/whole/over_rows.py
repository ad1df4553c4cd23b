"""The average over all rows of what each of them belongs to: over all loans, the pages of the book.

A small model takes it over the things, of which those that were lent often then count like all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qwen_magics.agent.examples.whole.measured import named_numbers
from qwen_magics.agent.examples.whole.told import Told
from qwen_magics.agent.links.way_sources import spelled, table_of, way_between, with_joins
from qwen_magics.agent.words.patterns.phrases import MEAN
from qwen_magics.errors import QueryError
from qwen_magics.tools.schema import Table
from qwen_magics.tools.sql.dialects import DUCKDB, Dialect

__all__ = ["averaged_over", "over_rows"]

_OVER = re.compile(
    r"\b(?:(?:averaged )?(?:over|across) (?:all |all the |all of the |every |each |the |our )"
    r"|(?:weighted|counted|counting|taken) (?:once )?(?:by|per|for each|for every) )(?:single"
    r" )?(?P<rows>\w+)\W*",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\b(?:SUM|COUNT)\s*\(", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:each|every|per|by|which|who|more|less|fewer|above|below|median|most|least|only|where|whose|without"
    r"|compare\w*|differ\w*|correlat\w*|total|number of|distinct|different|not|share|percent\w*)\b",
    re.IGNORECASE,
)


def over_rows(question: str, tables: Sequence[Table], dialect: Dialect = DUCKDB) -> Told | None:
    """The query of the average; None where the rows are limited or grouped, or the way is not certain."""
    asked = " ".join(question.split())
    found = _OVER.search(asked)
    rows = table_of(found["rows"], tables) if found is not None else None
    if found is None or rows is None:
        return None
    rest = f"{asked[: found.start()]} {asked[found.end() :]}"
    if not re.search(MEAN, rest, re.IGNORECASE) or _OTHER.search(rest) or re.search(r"\d", rest):
        return None
    places = [
        (table, column) for table in tables for column in named_numbers(rest, table) if not column.unique
    ]
    way = way_between(rows, places[0][0], tables) if len(places) == 1 else None
    if way is None:
        return None
    (table, column), source = places[0], with_joins(rows, (way,), dialect)
    told = f"over all {rows.name}, the average of {column.name} of what each belongs to in {table.name}"
    return Told(told, f"SELECT AVG({spelled(table, column, dialect)}) FROM {source}")


def averaged_over(question: str, tables: Sequence[Table]) -> Callable[[QueryError, str], bool]:
    """Whether what speaks against a result is meant: an average over rows, several of which belong to one
    thing, is asked for, and the program takes it.
    """
    found = _OVER.search(" ".join(question.split()))
    rows = table_of(found["rows"], tables) if found is not None and re.search(MEAN, question, re.I) else None

    def waived(finding: QueryError, code: str) -> bool:
        if rows is None or finding.kind != "fan_out" or _ADDED.search(code):
            return False
        return re.search(rf"(?i)\b(?:FROM|JOIN)\W+{re.escape(rows.name)}\b", code) is not None

    return waived
