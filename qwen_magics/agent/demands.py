"""What the format and the question's first words ask of a result, as a check that can send the model back."""

from __future__ import annotations

import re
from collections.abc import Callable
from numbers import Real
from typing import TYPE_CHECKING

from qwen_magics.agent.request import Format
from qwen_magics.errors import QueryError

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult

__all__ = ["Demand", "demand"]

Demand = Callable[["QueryResult"], "QueryError | None"]


# "How many", and nothing that wants one number per group.
_HOW_MANY = re.compile(r"^\W*((on|in|for|of|to|at) )?(how many|how much|多少|有几)", re.IGNORECASE)
_GROUPS = re.compile(
    r"\b(each|every|per|by|which|respectively|list|names?|change|compare\w*)\b|, and how|每|各|分别",
    re.IGNORECASE,
)


def demand(format: Format, question: str = "") -> Demand:
    """The check for a format and a question; it returns what is wrong, or None."""
    if format == "auto" and _HOW_MANY.search(question) and not _GROUPS.search(question):
        return _one_row
    return {"number": _one_number, "chart": _drawable}.get(format, lambda _: None)


def _one_row(result: QueryResult) -> QueryError | None:
    rows = len(result.frame)
    if rows <= 1:
        return None
    message = f"The question asks how many, and the result lists {rows} rows."
    return QueryError("not_a_number", message, "Count or add them up in the query.")


def _drawable(result: QueryResult) -> QueryError | None:
    from qwen_magics.tools.charts.choice import column_kinds, default_choice

    try:
        default_choice(column_kinds(result.frame), result.rows)
    except QueryError as error:
        return error
    return None


def _one_number(result: QueryResult) -> QueryError | None:
    frame = result.frame
    if frame.shape == (1, 1) and isinstance(frame.iat[0, 0], Real):
        return None
    rows, columns = frame.shape
    message = f"The result has {rows} rows and {columns} columns, but one number is asked for."
    return QueryError("not_a_number", message, "Select exactly one numeric value.")
