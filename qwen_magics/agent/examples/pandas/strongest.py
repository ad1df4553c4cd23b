"""Which of several columns goes most closely with another one: the columns as the question lists them, from
the one to the other too, and the one that they are held against. Told whole, since a small model takes the
first column that is named for that one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.layouts.melted import melted_columns
from qwen_magics.agent.words.naming import words_of
from qwen_magics.agent.words.patterns.programs import CORRELATION

if TYPE_CHECKING:
    from qwen_magics.tools.schema import Column, Table

__all__ = ["strongest_example"]

_MOST = r"(?:most|best|strongest|strongly|highest|largest|closest|closely|biggest|greatest|top)"
_LEAST = r"(?:least|weakest|weakly|lowest|smallest)"
_WHICH = re.compile(r"\b(?:which|what|whose)\b", re.IGNORECASE)
_ASKED = re.compile(
    rf"\b(?:{_MOST}|{_LEAST})\b[^.;?]{{0,30}}{CORRELATION}|{CORRELATION}[^.;?]{{0,60}}\b(?:{_MOST}|{_LEAST})\b",
    re.IGNORECASE,
)
_LEAST_ASKED = re.compile(rf"\b{_LEAST}\b", re.IGNORECASE)
_SIGNED = re.compile(r"\b(?:positive\w*|negative\w*)\b", re.IGNORECASE)
# Other ranks, the figure itself, groups, parts of the rows.
_OTHER = re.compile(
    r"\b(?:spearman|kendall|rank\w*|second|third|how (?:strong|much|high|closely)|each|every|per"
    r"|within|pairs?|two|three|matrix|lag\w*|r[- ]?squared|and (?:its|the) (?:value|coefficient|correlation)"
    r"|only|where|among (?:the )?rows|groups?)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:with|to|and|against) (?:the )?@?([\w.]+)(?: (?:column|values?))?"
    r"(?=\W*$|[,.;?)]| in @?\w+| of @?\w+)",
    re.I,
)
_FEWEST, _MOST_COLUMNS = 2, 16


def strongest_example(question: str, table: Table) -> str:
    """Question and program in its fence; empty where it is not asked for, or a part is unclear."""
    question = " ".join(question.split())
    if not (_WHICH.search(question) and _ASKED.search(question)) or _OTHER.search(question):
        return ""
    columns = melted_columns(question, table)
    target = _target(question, table)
    columns = [column for column in columns if column is not target]
    if target is None or not _FEWEST <= len(columns) <= _MOST_COLUMNS:
        return ""
    least, signed = _LEAST_ASKED.search(question) is not None, _SIGNED.search(question)
    end = "idxmin" if least else "idxmax"
    if signed is not None and signed[0].casefold().startswith("negative"):
        end = "idxmax" if least else "idxmin"
    named = json.dumps([column.name for column in columns], ensure_ascii=False)
    against = f"{table.name}[{json.dumps(target.name, ensure_ascii=False)}]"
    program = f"result = {table.name}[{named}].corrwith({against}){'' if signed else '.abs()'}.{end}()"
    how = f"{signed[0].casefold().removesuffix('ly')}ly" if signed else "strongly"
    names, most = ", ".join(column.name for column in columns), "least" if least else "most"
    told = f"which of {names} correlates {most} {how} with {target.name}?"
    return f"Question: {told}\n```python\n{program}\n```\n"


def _target(question: str, table: Table) -> Column | None:
    """The column of numbers that stands behind "with" or "to", the last one of these."""
    numbers = [column for column in table.columns if is_number(column)]
    found = []
    for said in _AGAINST.findall(question):
        exact = [column for column in numbers if column.name.casefold() == said.casefold().rstrip(".")]
        found += exact or [column for column in numbers if words_of(column.name) == words_of(said) != []]
    # "From s1 to s6": the end of a span is none.
    spans = re.findall(r"(?<!\w)[\w.]+ to ([\w.]+) (?!in\b|of\b)", question)
    found = [column for column in found if column.name not in spans] or found
    return found[-1] if found else None
