"""One sum as a part or as a multiple of another, over the same rows: the query that is nearly the answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qwen_magics.agent.examples.phrased import number_in, numbers_in, source_of, year_condition
from qwen_magics.agent.words.patterns.phrases import EXTREME
from qwen_magics.tools.schema import Column, Table
from qwen_magics.tools.sql.dialects import Dialect

__all__ = ["Staged", "multiple", "percent"]

_PRODUCT = re.compile(
    r"(?P<one>\w+) ?(?:\btimes\b|\bmultiplied (?:by|with)\b|[*×·])(?: the)? ?(?P<two>\w+)"
    r"|\bproduct of (?:the )?(?P<first>\w+) and (?:the )?(?P<second>\w+)",
    re.IGNORECASE,
)
_FACTOR = re.compile(
    r"\b(?:(?:by )?(?:what|which) (?:factor|multiple)|how many times|ratio (?:of|between))\b", re.IGNORECASE
)
_PERCENT_OF = re.compile(
    r"\b(?P<share>per ?cent(?:age)?|%|share|fraction|proportion|part) of (?P<whole>[^,.?;:]*?) "
    r"(?:was|were|is|are|did|does|do|came from|comes from|went (?:in)?to|goes (?:in)?to|consist\w+ of"
    r"|made up)\b",
    re.IGNORECASE,
)
_SUMMED = re.compile(
    r"\b(?:sums?|summed|totals?|added up|altogether|whole|over (?:all|the))\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Staged:
    """The query, and what it says in words."""

    told: str
    query: str


def multiple(asked: str, table: Table, dialect: Dialect) -> Staged | None:
    """How many times a sum of products of one value is that of another."""
    product = _PRODUCT.search(asked)
    if (
        not _FACTOR.search(asked)
        or product is None
        or re.search(r"(?i)\b(?:less|lower|fewer|smaller|below)\b", asked)
    ):
        return None
    one, two = (number_in(w, table) for w in (product[1] or product[3], product[2] or product[4]))
    sides = [(c, said) for c in table.columns if len(said := _said(c, asked)) == 2]
    if one is None or two is None or len(sides) != 1:
        return None
    (column, values), name = sides[0], dialect.quote_name
    part = f"{name(one.name)} * {name(two.name)}"
    cells = [f"SUM(CASE WHEN {name(column.name)} = {v} THEN {part} ELSE 0 END)" for v in values]
    where = year_condition(asked, table, dialect)
    told = f"how many times the total of {one.name} times {two.name} of {values[0]} is that of {values[1]}"
    query = f"SELECT 1.0 * {cells[0]} / {cells[1]} FROM {source_of(table, dialect)}"
    return Staged(told, f"{query} WHERE {where}" if where else query)


def _said(column: Column, asked: str) -> list[str]:
    """The values of the column that the question has, as literals and in its order."""
    places = {
        v: found.start()
        for v in column.categories or ()
        if v.startswith("'") and (found := re.search(rf"(?i)(?<!\w){re.escape(v[1:-1])}(?!\w)", asked))
    }
    return sorted(places, key=places.__getitem__)


def percent(asked: str, table: Table, dialect: Dialect) -> Staged | None:
    """The sum of one column as a part of the sum of another."""
    found = _PERCENT_OF.search(asked)
    # "The three with the highest": an extreme chooses rows first, and is not told here.
    if found is None or not _SUMMED.search(asked) or re.search(EXTREME, asked, re.IGNORECASE):
        return None
    both, whole = numbers_in(asked, table), number_in(found["whole"], table)
    parts = [column for column in both if column is not whole]
    if whole is None or len(parts) != 1:
        return None
    where, name = year_condition(asked, table, dialect), dialect.quote_name
    factor = "100.0" if re.match(r"(?i)per|%", found["share"]) else "1.0"
    ratio = f"{factor} * SUM({name(parts[0].name)}) / SUM({name(whole.name)})"
    query = f"SELECT {ratio} FROM {source_of(table, dialect)}"
    told = f"the sum of {parts[0].name} as a {found['share']} of the sum of {whole.name}"
    return Staged(told, f"{query} WHERE {where}" if where else query)
