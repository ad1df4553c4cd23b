"""The long form of a table: a row for each thing and column, instead of one with all its columns.

Which columns tell the things apart, and which hold what is measured, is in the table; the example says it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.layouts.cross_extras import years_said
from qwen_magics.agent.examples.layouts.cross_programs import years_program
from qwen_magics.agent.words.naming import name_parts, words_of
from qwen_magics.tools.schema import is_year

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Column, Table

__all__ = ["long_example", "long_parts"]

_ASKED = re.compile(
    r"\b(melt(ed)?|un-?pivot(ed)?|long[- ](form(at)?|table|shape)"
    r"|(make|turn|bring|reshape|put|get)\b[^.;]{0,40}? (into )?(a )?long)\b|长表",
    re.IGNORECASE,
)
# A number of its rows is another question, and has an example of its own.
_OTHER = re.compile(r"\bhow (many|long)\b|\b(average|mean|total|number of rows|count)\b", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|every|per|by)\b((?:\W+\w+){1,3})", re.IGNORECASE)
# "Rows of lake, kind and value": of what else the table has there is nothing.
_ROWS_OF = re.compile(r"\b(?:rows|columns) (?:of|with|for|are|being)?:?\b([^.;]*)", re.IGNORECASE)
_LIMITED = re.compile(
    r"\b(only|where|with|keep\w*|whose|leav\w+ out)\b[^.;]*\b(values?|cells?|numbers?|ones)\b[^.;]*"
    r"\b(above|below|over|under|at least|at most|(more|less|greater|smaller|higher|lower|larger) than) [-\d]",
    re.IGNORECASE,
)
_ONE_YEAR = re.compile(r"\b(?:for|of|in|from) (?:the year )?((?:1[5-9]|20)\d\d)\b", re.IGNORECASE)
_IDS = re.compile(
    r"\blong(?:er)?(?: (?:form\w*|table|shape))? ?"
    r"(?:: ?|\(|, ?with |with )(?:(?:and )?(?:the )?(?:columns?|fields)\b(?: of| for|:)? ?)?"
    # Not "with length and mass as kinds": these are the values.
    r"((?:(?!\bas\b)[^.;?!])*?(?:value|measure|variable|kind|column)\w*\b)"
    r"|\bkeep(?:ing)? (?:the )?(\w+(?:(?:, | and )\w+){0,3})(?=[.,;]| (?:as|beside|with|to)\b|$)"
    r"|\b(?:with|using) (?:the )?(\w+(?:(?:, | and )\w+){0,2}) as (?:the )?"
    r"(?:ids?|keys?|identifiers?|id[_ ]vars)\b",
    re.IGNORECASE,
)
_MOST = 12  # columns; more of them would be a long example


def long_example(question: str, table: Table) -> str:
    """How the table is made long; empty where that is not asked for, or no column tells its rows apart."""
    found = _found(question, table)
    return "" if found is None else f"Question: {found[0]}\n```python\n{found[1]}\n```\n"


def long_parts(question: str, table: Table) -> tuple[list[str], str] | None:
    """The columns that the long form keeps because the question names them, and the program."""
    found = _found(question, table)
    if found is None:
        return None
    said = set(words_of(question))
    return [c.name for c in found[2] if name_parts(c) and set(name_parts(c)) <= said], found[1]


def _found(question: str, table: Table) -> tuple[str, str, list[Column]] | None:
    """In words, the program, and the columns that it keeps."""
    if not _ASKED.search(question) or _OTHER.search(question):
        return None
    keys = _keys(question, table.columns)
    values = [c for c in table.columns if is_number(c) and c not in keys and not (is_year(c) and keys)]
    named = [column for column in values if set(name_parts(column)) <= set(words_of(question))]
    values = named if len(named) > 1 else values
    if not keys or not 1 < len(values) <= _MOST:
        return None
    names, held = _names(keys), _names(values)
    asked = f"long form of {table.name}, with a row for each {keys[0].name} and column"
    source, year = table.name, _ONE_YEAR.findall(question)
    dates = [column for column in keys if column.dtype.startswith(("DATE", "TIMESTAMP"))]
    if len(year) == 1 and len(dates) == 1:
        asked = f"{asked}, of the year {year[0]}"
        source = f'{table.name}[{table.name}["{dates[0].name}"].dt.year == {year[0]}]'
    dated, compared, years = years_said(question, table)
    if not dates and dated is not None and dated not in keys:
        asked = f"{asked}, of {' to '.join(years)}"
        source = f"{table.name}[{years_program(table.name, dated, compared, years)}]"
    kind = "kind" if table.column("kind") not in keys else "column"
    melted = f'{source}.melt(id_vars={names}, value_vars={held}, var_name="{kind}", value_name="value")'
    program = f"result = {melted}"
    if _LIMITED.search(question):
        # Rows of the wide table that are left out beforehand keep their other cells.
        asked, program = (
            f"{asked}, only values above 10",
            f'long = {melted}\nresult = long[long["value"] > 10]',
        )
    return asked, program, keys


def _keys(question: str, columns: Sequence[Column]) -> list[Column]:
    """What each row is of: texts and dates, and what the question says `each` of."""
    each = set(words_of(" ".join(_EACH.findall(question))))
    named = [c for c in columns if set(name_parts(c)) and set(name_parts(c)) <= each]
    # What stands in the list of the columns that the long form is to have.
    ids = set(words_of(" ".join("".join(found) for found in _IDS.findall(question))))
    named += [c for c in columns if c not in named and set(name_parts(c)) and set(name_parts(c)) <= ids]
    keys = [c for c in columns if c in named or not is_number(c)]
    spelled = set(words_of(" ".join(_ROWS_OF.findall(question))))
    listed = [c for c in keys if set(name_parts(c)) and set(name_parts(c)) <= spelled]
    return listed or keys


def _names(columns: Sequence[Column]) -> str:
    return json.dumps([column.name for column in columns], ensure_ascii=False)
