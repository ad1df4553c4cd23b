"""Tables laid out crosswise: a column for each value that a question wants across.

Over a connected database there is no pandas to pivot with, and a small model groups by one of the two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.checks.crossed_wrongly import crossed_wrongly
from qwen_magics.agent.checks.diagonal import diagonal
from qwen_magics.agent.checks.same_twice import same_twice
from qwen_magics.agent.examples.layouts.beside import not_beside
from qwen_magics.agent.examples.layouts.profile import unturned
from qwen_magics.agent.examples.worked import crosswise_query
from qwen_magics.agent.words.naming import alike, words_of
from qwen_magics.agent.words.without import empty_columns
from qwen_magics.errors import QueryError
from qwen_magics.tools.sql.names import quote_name

if TYPE_CHECKING:
    import pandas as pd

    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Column, Table

__all__ = ["crossing"]

_COLUMN_FOR = re.compile(r"\bcolumns? (?:for|per) (?:each |every |the )?(?:of the )?(\w+)", re.IGNORECASE)
# The nearest of the words before it: "the towns with their size as columns".
_AS_COLUMNS = re.compile(r"((?:\w+ ){1,4})(?:as|in the|across the|for) columns\b", re.IGNORECASE)
_ACROSS = re.compile(r"\b(\w+) across\b(?! the\b| all\b)", re.IGNORECASE)
_ROW_FOR = re.compile(r"\brows? (?:for|per|with) (?:each |every |the )?(?:of the )?(\w+)", re.IGNORECASE)
_AS_ROWS = re.compile(r"\b(\w+) (?:as rows|down)\b", re.IGNORECASE)
_SQL = re.compile(r"\s*(SELECT|WITH|FROM|PIVOT)\b", re.IGNORECASE)
_PIVOT = re.compile(r"\bPIVOT\b", re.IGNORECASE)
_COUNTED = "SUM(CASE WHEN {} THEN 1 ELSE 0 END)"
_AGGREGATE = re.compile(r"\b(AVG|SUM|MEDIAN|MIN|MAX)\(((?:\w+\.)?\w+)\)", re.IGNORECASE)
_MOST = 20


def crossing(question: str, tables: Sequence[Table]) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question: are there as many columns as values are wanted across?"""
    wanted = next((column for noun in _nouns(question) for column in _named(noun, tables)), None)
    values = _values(wanted, question) if wanted is not None else ()
    whole_query, across = crosswise_query(question, tables)
    turned = unturned(question, tables[0]) if len(tables) == 1 else None
    together = not_beside(question, tables[0]) if len(tables) == 1 else None
    wrongly = crossed_wrongly(question, tables)

    def check(result: QueryResult, code: str) -> QueryError | None:
        if (twice := same_twice(code)) is not None:
            return twice
        if not whole_query and (error := diagonal(code)) is not None:
            return error
        if turned is not None and (error := turned(result, code)) is not None:
            return error
        if together is not None and (error := together(result, code)) is not None:
            return error
        if (error := wrongly(result, code)) is not None:
            return error
        if whole_query:
            message = _not_laid_out(result, code, across, whole_query.count(" AS total"))
            hint = f"With its own conditions, if it has any: {whole_query}"
            return QueryError("no_columns", message, hint) if message else None
        if wanted is None or result.frame.shape[1] > len(values):
            return None
        name = quote_name(wanted.name)
        cell = _cell(code)
        cases = ", ".join(f"{cell.format(f'{name} = {v}')} AS {_alias(v)}" for v in values)
        message = f"The question wants a column for each of the {len(values)} values of {wanted.name}."
        owner = next(table for table in tables if table.column(wanted.name) is wanted)
        row = next((column for noun in _rows(question) for column in _called(noun, owner)), None)
        if row is None:
            hint = f"Group by the rows alone, not by {wanted.name}, with a column for each value: {cases}."
            return QueryError("no_columns", message, hint)
        key = quote_name(row.name)
        empty = " AND ".join(f"{quote_name(c.name)} IS NULL" for c in empty_columns(question, [owner]))
        source = f"{quote_name(owner.name)}{' WHERE ' if empty else ''}{empty}"
        whole = f"SELECT {key}, {cases} FROM {source} GROUP BY {key}"
        counted = (
            "If each row counts as one" if cell == _COUNTED else "With its own conditions, if it has any"
        )
        return QueryError("no_columns", message, f"{counted}: {whole}")

    return check


def _cell(code: str) -> str:
    """What a query has in its cells under a condition, `{}`: its one aggregate of a column, or rows."""
    found = _AGGREGATE.findall(code)
    if len(found) != 1 or not _SQL.match(code):
        return _COUNTED
    return f"{found[0][0].upper()}(CASE WHEN {{}} THEN {found[0][1]} END)"


def _not_laid_out(result: QueryResult, code: str, across: Sequence[str], totals: int = 0) -> str:
    """What a result has otherwise than one with a column for each of these values; empty if nothing.

    Args:
        totals: columns of totals beside them.
    """
    frame = result.frame
    if frame.shape[1] < len(across) + (frame.index.name is None):
        return f"The question wants a column for each of {', '.join(across)}, beside the one of the rows."
    if totals and frame.shape[1] == len(across) + (frame.index.name is None):
        return "The question wants a column with the total, too."
    if not _SQL.match(code):
        return ""
    absent = [literal for literal in across if _plain(literal).casefold() not in code.casefold()]
    if absent and not _PIVOT.search(code):
        return f"There is no column for {', '.join(absent)}."
    if _is_across_twice(frame, across):
        return "What goes across is a column of the rows as well."
    if frame.shape[1] == len(across) + 1 + totals and frame.iloc[:, 0].duplicated().any():
        return "The question wants one row for each, and the rows are divided further."
    return ""


def _is_across_twice(frame: pd.DataFrame, across: Sequence[str]) -> bool:
    """Whether the rows are told by the values that go across, beside what goes down."""
    wide, known = frame.shape[1] - len(across), {_plain(literal) for literal in across}
    if wide < 2 or len(known) < 2:
        return False
    keys = frame.iloc[:, :wide].astype(str)
    told_by = [at for at in range(wide) if set(keys.iloc[:, at]) <= known]
    return len(told_by) == 1 and bool(keys.drop(columns=keys.columns[told_by[0]]).duplicated().any())


def _nouns(question: str) -> Iterator[str]:
    yield from _COLUMN_FOR.findall(question)
    for before in _AS_COLUMNS.findall(question):
        yield from reversed(before.split())
    yield from _ACROSS.findall(question)


def _rows(question: str) -> list[str]:
    return [*_ROW_FOR.findall(question), *_AS_ROWS.findall(question)]


def _called(noun: str, table: Table) -> list[Column]:
    word = words_of(noun)[:1]
    return [column for column in table.columns if word and _is_called(column, word[0], first=True)]


def _values(column: Column, question: str) -> Sequence[str]:
    """Those that the question names, if it names several; else all, as SQL literals."""
    every = column.categories or ()
    named = [v for v in every if re.search(rf"(?<!\w){re.escape(_plain(v))}(?!\w)", question, re.I)]
    return named if len(named) > 1 else every


def _named(noun: str, tables: Sequence[Table]) -> list[Column]:
    """Columns of that name with values to lay out."""
    word = words_of(noun)[:1]
    return [
        column
        for table in tables
        for column in table.columns
        if 1 < len(column.categories or ()) <= _MOST and word and _is_called(column, word[0])
    ]


def _is_called(column: Column, word: str, *, first: bool = False) -> bool:
    """By the last word of its name, or its first: the branch of branch_id."""
    parts = words_of(column.name)
    return bool(parts) and alike(parts[0 if first else -1], word)


def _plain(literal: str) -> str:
    return literal.strip("'")


def _alias(literal: str) -> str:
    return quote_name(_plain(literal))
