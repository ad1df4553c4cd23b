"""What a program that lays a table out leaves of the question: the rows that are meant, that they are
counted, that shares are asked for. A small model copies the two sides of the example and forgets the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.once import once, silent
from qwen_magics.agent.examples.layouts.cross_programs import cross_program
from qwen_magics.agent.examples.layouts.crosswise import Crosswise, crosswise
from qwen_magics.agent.examples.layouts.long_form import long_parts
from qwen_magics.errors import QueryError

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["laid_parts", "long_keys"]

_PROGRAM = re.compile(r"(?m)^result = ")
_LAYS_OUT = re.compile(r"\bpivot(?:_table)?\(|\bcrosstab\(|\bunstack\(")
# An aggregate of a column, where nothing counts rows.
_OF_VALUES = re.compile(r"aggfunc=[\"'](?:sum|mean|median|max|min)[\"']")
_COUNTS = re.compile(
    r"\bcrosstab\(|\bcount|\bsize\b|\blen\b|nunique|\bassign\(|\bnotna\b|\bisna\b|\[\"\w+\"\] = "
)
_DIVIDES = re.compile(r"normalize=|/|\.div\(|\bmean\b|lambda")

# "Leave it empty where there are none": not 0.
_EMPTY = re.compile(
    r"\b(?:leav\w+|left|stays?|keep|kept|remains?|be|is|are|with|as)\b[^.;]{0,20}\b(?:empty|blank|missing|nan|null)\b",
    re.IGNORECASE,
)
_ZERO = re.compile(r"(?<![\w.])0(?![\w.])|\bzeros?\b", re.IGNORECASE)
_FILLED = re.compile(r", fill_value=0(?:\.0)?(?=[,)])|\.fillna\(0(?:\.0)?\)")


def laid_parts(question: str, tables: Sequence[Table]) -> Callable[[str], QueryError | None]:
    """A check of programs for one question, over one table; it speaks once."""
    found = crosswise(question, tables) if question and len(tables) == 1 else None
    if found is None:
        return silent

    empty = _EMPTY.search(question) is not None and _ZERO.search(question) is None

    @once
    def check(code: str) -> QueryError | None:
        if not _PROGRAM.search(code) or not _LAYS_OUT.search(code):
            return None
        if empty and _FILLED.search(code):
            message = "Cells without a value are to stay empty, and here they are 0."
            return QueryError("filled_with_zero", message, f"Write: {_FILLED.sub('', code)}")
        message = _lacks(found, code)
        return QueryError("laid_out_without", message, f"Write: {cross_program(found)}") if message else None

    return check


def _lacks(found: Crosswise, code: str) -> str:
    for limit in found.limits:
        absent = [value for value in limit.literals if value[1:-1].casefold() not in code.casefold()]
        if absent:
            return f"The question is about {' and '.join(absent)} only, which was left out."
    # "After 2004" is from 2005 on as well; years that go across may be all that there are.
    near = {str(int(year) + by) for year in found.years for by in (-1, 0, 1)}
    if near and found.dated is not found.across.column and not any(year in code for year in near):
        return f"The question is about {' to '.join(found.years)} only, which was left out."
    of_rows = found.function == "COUNT" and not found.share
    if of_rows and _OF_VALUES.search(code) and not _COUNTS.search(code):
        return f"The question asks how many {found.fact.name} there are, and values of a column are taken."
    if found.share and not _DIVIDES.search(code):
        return "The question asks for shares, and the cells are no shares."
    return ""


def long_keys(question: str, tables: Sequence[Table]) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results: does the long form have the named columns that tell its rows apart?"""
    parts = long_parts(question, tables[0]) if question and len(tables) == 1 else None

    @once
    def check(result: QueryResult, code: str) -> QueryError | None:
        if parts is None or ".melt(" not in code:
            return None
        names, program = parts
        there = {str(name).casefold() for name in result.frame.columns}
        absent = [name for name in names if name.casefold() not in there]
        if not absent:
            return None
        message = f"The long form has no {' and no '.join(absent)}, which tells its rows apart."
        return QueryError("long_without_keys", message, f"Write: {program}")

    return check
