"""A row for each measured column and a column for each group, with the mean in each cell.

A small model that is shown groupby and a transposition leaves out the transposition; pivot_table needs none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.layouts.crosswise import across_phrases
from qwen_magics.agent.examples.layouts.sides import sides_of
from qwen_magics.agent.words.naming import name_parts, words_of
from qwen_magics.errors import QueryError

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["Profile", "profile", "profile_example", "unturned"]

_SQL = re.compile(r"\s*(SELECT|WITH|FROM)\b", re.IGNORECASE)

_MEASURES = (
    r"(?:measure(?:ment|d column|d variable)?|metric|feature|variable|attribute|indicator|quantity|column"
    r"|(?:numeric(?:al)?|measured) (?:column|variable))"
)
_ROWS = re.compile(
    rf"\b(?:rows?|lines?) (?:for|per) (?:each |every |the )?(?:{_MEASURES}s?\b|of (?:the|these|those) "
    rf"(?:two|three|four|five|six|\d+|{_MEASURES}s?)\b)|\b{_MEASURES}s? (?:as|in|for|down)(?: the)? rows\b"
    rf"|\b{_MEASURES}s? down\b",
    re.IGNORECASE,
)
_FUNCTIONS = (
    (r"\b(?:average|mean)s?\b", "mean"),
    (r"\bmedians?\b", "median"),
    (r"\b(?:totals?|sums?)\b", "sum"),
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is to be the rows, and the program that makes them so."""

    told: str
    program: str
    rows: tuple[str, ...]


def profile_example(question: str, table: Table) -> str:
    """How that is written over the table; empty where it is not asked for, or the groups are unclear."""
    found = profile(question, table)
    return "" if found is None else f"Question: {found.told}\n```python\n{found.program}\n```\n"


def unturned(question: str, table: Table) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results: are the columns that are to be rows still columns?"""
    found = profile(question, table)

    def check(result: QueryResult, code: str) -> QueryError | None:
        if found is None or _SQL.match(code) or not set(found.rows) <= set(map(str, result.frame.columns)):
            return None
        message = f"The question wants {', '.join(found.rows[:3])} as rows, and they are columns."
        return QueryError("unturned", message, f"Write: {found.program}")

    return check


def profile(question: str, table: Table) -> Profile | None:
    """The program for the table; None where it is not asked for, or the groups are unclear."""
    functions = [name for pattern, name in _FUNCTIONS if re.search(pattern, question, re.IGNORECASE)]
    if len(functions) != 1 or not _ROWS.search(question):
        return None
    sides = (sides_of(phrase, [table], table, question) for phrase in across_phrases(question))
    group = next((side.column for side in sides if side is not None and not side.unit), None)
    if group is None:
        return None
    numbers = [column for column in table.columns if is_number(column) and column is not group]
    asked = set(words_of(question))
    named = [c.name for c in numbers if set(name_parts(c)) and set(name_parts(c)) <= asked]
    rows = named if len(named) > 1 else [column.name for column in numbers]
    # Without an index, the columns of values are the rows.
    others = len(rows) < len(table.columns) - 1
    kept = f"[{json.dumps([group.name, *rows], ensure_ascii=False)}]" if others else ""
    spread = f'columns={json.dumps(group.name, ensure_ascii=False)}, aggfunc="{functions[0]}"'
    program = f'result = {table.name}{kept}.pivot_table({spread}).reset_index(names="column")'
    what = ", ".join(named) if len(named) > 1 else f"every column but {group.name}"
    told = f"one row for each of {what}, one column per {group.name}, the {functions[0]} in each cell"
    return Profile(told, program, tuple(rows))
