"""What `--format` asks of a result, as a check that can send the model back."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import TYPE_CHECKING

from qwen_magics.agent.request import Format
from qwen_magics.errors import QueryError

if TYPE_CHECKING:
    from qwen_magics.tools.result import QueryResult

__all__ = ["Demand", "demand"]

Demand = Callable[["QueryResult"], "QueryError | None"]


def demand(format: Format) -> Demand:
    """The check for a format; it returns what is wrong, or None."""
    return {"number": _one_number, "chart": _drawable}.get(format, lambda _: None)


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
