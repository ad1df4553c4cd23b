"""A table that is laid out the other way round than the question says, or by dates where years are meant, or
with nothing in its cells. A small model that is shown the right program turns its two sides round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qwen_magics.agent.examples.layouts.sides import Side
from qwen_magics.agent.examples.worked import crosswise_sides
from qwen_magics.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd

    from qwen_magics.tools.result import QueryResult
    from qwen_magics.tools.schema import Table

__all__ = ["crossed_wrongly"]

_PROGRAM = re.compile(r"(?m)^result = ")
# One table of two sides, which can be turned as it stands.
_TURNED = re.compile(r"result = (?:pd\.crosstab|\w+\.pivot_table)\([^\n]*\)(?! \*)")
_DAY = re.compile(r"(\d{4})-\d\d-\d\d(?:[ T]\d\d:\d\d.*)?")
_FEWEST = 3  # columns of a table with two sides


def crossed_wrongly(
    question: str, tables: Sequence[Table]
) -> Callable[[QueryResult, str], QueryError | None]:
    """A check of results for one question; it says nothing where the sides are not certain."""
    found = crosswise_sides(question, tables)
    if found is None:
        return lambda result, code: None
    row, across, query, program = found

    def check(result: QueryResult, code: str) -> QueryError | None:
        message = _wrong(result.frame, row, across)
        written = program if _PROGRAM.search(code) else query
        if (
            message == _turned_message(row, across)
            and (turned := _TURNED.fullmatch(code.strip())) is not None
        ):
            # Told the other order it writes its own again; what it has can be turned.
            written = f"{turned[0]}.T"
        return QueryError("crossed_wrongly", message, f"Write: {written}") if message and written else None

    return check


def _wrong(frame: pd.DataFrame, row: Side, across: Side) -> str:
    names = [str(name) for name in frame.columns]
    if len(names) < _FEWEST or not len(frame):
        return ""
    down, top = _called(row), _called(across)
    first = names[0].casefold()
    if first == top.casefold() != down.casefold() and down.casefold() not in map(str.casefold, names):
        return _turned_message(row, across)
    if _is_long(names, down, across):
        return f"The question wants a column for each {top}, and {top} is a column itself."
    days = frame.iloc[:, 0].astype(str) if row.unit == "year" else None
    if days is not None and _are_days(list(days)):
        return "The question wants a row for each year, and the rows are dates."
    if across.unit == "year" and _are_days(names[1:]):
        return "The question wants a column for each year, and the columns are dates."
    if frame.iloc[:, 1:].isna().all(axis=None):
        return "All cells of the table are empty."
    return ""


def _turned_message(row: Side, across: Side) -> str:
    down, top = _called(row), _called(across)
    return f"The question wants {down} down and {top} across, and the result has them the other way round."


def _is_long(names: Sequence[str], down: str, across: Side) -> bool:
    """Whether what is to go across is still a column, and no column is called by a value of it; told of
    results that have columns enough, those with too few are `crossing`'s.
    """
    top, known = _called(across).casefold(), {_plain(value) for value in across.values}
    said = [name.casefold() for name in names]
    if not known or len(names) <= len(known):
        return False
    return top in said and top != down.casefold() and not known & set(map(_plain, names))


def _plain(text: str) -> str:
    return text.strip("'").casefold().removesuffix(".0")


def _called(side: Side) -> str:
    return side.unit or side.column.name


def _are_days(texts: Sequence[str]) -> bool:
    """Whether all are dates, several of one year."""
    found = [_DAY.fullmatch(text) for text in texts]
    return len(texts) > 1 and all(found) and len({day[1] for day in found if day}) < len(texts)
