"""What is asked of a table in its long form: which column has the largest value, a mean of each column in
each group, or how many rows it has. Told over columns that the table has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from qwen_magics.agent.examples.casting import is_number
from qwen_magics.agent.examples.layouts.sides import sides_of
from qwen_magics.agent.examples.phrased import numbers_in
from qwen_magics.agent.words.patterns.programs import LONG
from qwen_magics.tools.schema import Column, Table

__all__ = ["melted_columns", "melted_example"]

_LONG = re.compile(LONG, re.IGNORECASE)
_COLUMN = (
    r"(?:columns?|variables?|measures?|measurements?|metrics?|features?|fields?|attributes?"
    r"|of (?:the|these|those) \w+)"
)
_WHICH = re.compile(rf"\b(?:which|what|whose) (?:\w+ ){{0,2}}?{_COLUMN}\b", re.IGNORECASE)
_HIGH = re.compile(r"\b(?:largest|highest|biggest|greatest|max\w*|most)\b", re.IGNORECASE)
_LOW = re.compile(r"\b(?:smallest|lowest|least|min\w*)\b", re.IGNORECASE)
_FUNCTIONS = (
    ("mean", re.compile(r"\b(?:averag\w+|means?|avg)\b", re.IGNORECASE)),
    ("median", re.compile(r"\bmedians?\b", re.IGNORECASE)),
    ("sum", re.compile(r"\b(?:totals?|sums?|summed)\b", re.IGNORECASE)),
    ("max", _HIGH),
    ("min", _LOW),
)
_ROWS = re.compile(r"\bhow many rows\b|\bnumber of rows\b|\bhow long\b", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?:how (?:many|often)|number of|counts?)\b", re.IGNORECASE)
_LIMITED = re.compile(
    r"\b(?:above|below|over|under|more than|less than|at least|at most|without|only|where|drop)\b", re.I
)
_EACH = re.compile(r"\b(?:each|every|per|by)\b((?: [\w@]+){1,3})", re.IGNORECASE)
_MOST = 16


def melted_example(question: str, table: Table) -> str:
    """Question and program in its fence; empty where it is not asked for, or a part is unclear."""
    question = " ".join(question.split())
    if not _LONG.search(question):
        return ""
    columns = melted_columns(question, table)
    group = _group(question, table)
    columns = [column for column in columns if column is not group]
    if not 1 < len(columns) <= _MOST:
        return ""
    told, program = _asked(question, table, columns, group)
    return f"Question: {told}\n```python\n{program}\n```\n" if program else ""


def melted_columns(question: str, table: Table) -> list[Column]:
    """The columns of numbers that the question names, one by one or from the one to the other."""
    numbers = [column for column in table.columns if is_number(column)]
    places = {column.name.casefold(): place for place, column in enumerate(table.columns)}
    for first, last in re.findall(
        r"(?<!\w)([\w.]+) ?(?:to|through|until|up to|[-–—]|\.{2,3}|…) ?([\w.]+)", question
    ):
        start, end = places.get(first.casefold(), -1), places.get(last.casefold().rstrip("."), -1)
        if 0 <= start < end:
            within = table.columns[start : end + 1]
            return list(within) if all(map(is_number, within)) else []
    return [column for column in numbers if column in numbers_in(question, table)]


def _asked(question: str, table: Table, columns: Sequence[Column], group: Column | None) -> tuple[str, str]:
    kind = "measure" if table.column("measure") is None else "variable"
    names = ", ".join(column.name for column in columns)
    functions = [name for name, said in _FUNCTIONS if said.search(question)]
    melted = _melted(table, columns, kind, group)
    if _WHICH.search(question) and len(functions) in (1, 2) and functions[-1] in ("max", "min") and not group:
        of_each = next((name for name in functions if name not in ("max", "min")), "")
        last = f"idx{functions[-1]}()"
        end = "highest" if functions[-1] == "max" else "lowest"
        if of_each:
            told = f"{names} in long form: which of them has the {end} {of_each}?"
            return told, f'long = {melted}\nresult = long.groupby("{kind}")["value"].{of_each}().{last}'
        told = f"{names} in long form: which of them has the {end} value of all?"
        return told, f'long = {melted}\nresult = long.loc[long["value"].{last}, "{kind}"]'
    if group and len(functions) == 1 and not _COUNTED.search(question) and not _WHICH.search(question):
        by = json.dumps([group.name, kind], ensure_ascii=False)
        told = f"{functions[0]} of {names} of each {group.name}, in long form"
        end = f'long.groupby({by})["value"].{functions[0]}().reset_index(name="{functions[0]}")'
        return told, f"long = {melted}\nresult = {end}"
    if _ROWS.search(question) and not functions and not _LIMITED.search(question):
        return f"{names} in long form: how many rows?", f"long = {melted}\nresult = len(long)"
    return "", ""


def _melted(table: Table, columns: Sequence[Column], kind: str, group: Column | None) -> str:
    held = json.dumps([column.name for column in columns], ensure_ascii=False)
    kept = f"id_vars={json.dumps([group.name], ensure_ascii=False)}, " if group is not None else ""
    return f'{table.name}.melt({kept}value_vars={held}, var_name="{kind}", value_name="value")'


def _group(question: str, table: Table) -> Column | None:
    """The one column that the question tells groups by; its numbers may be marks of them."""
    found = []
    for phrase in _EACH.findall(question):
        side = sides_of(phrase.strip(), [table], table, question)
        if side is None and (word := phrase.split()[0]):
            side = sides_of(word, [table], table, question)
        if side is not None and not side.unit:
            found.append(side.column)
    return found[0] if found and all(column is found[0] for column in found) else None
