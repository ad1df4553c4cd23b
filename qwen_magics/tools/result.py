"""What a query gave, as a value. Knows no database."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AnswerKind", "QueryResult", "typed_value"]

AnswerKind = Literal["number", "text", "table"]


@dataclass(frozen=True, slots=True, eq=False)
class QueryResult:
    """The rows of one query.

    Attributes:
        frame: the rows, in the query's order, whole numbers as integers.
        rows: how many rows `frame` has.
        truncated: there were more rows than were asked for, or than are ever kept.
        seconds: from handing the query over to having the frame.
        tables: the tables that the query read, as they are named in the database.
        dialect: the connected system that ran it, for people; empty for the notebook's own variables.
        sql: of a template, the query with the values as literals; else empty.
    """

    frame: pd.DataFrame
    rows: int
    truncated: bool
    seconds: float
    tables: tuple[str, ...]
    dialect: str = ""
    sql: str = ""

    def typed(self) -> tuple[AnswerKind, Any]:
        """Kind and value: a plain int, float or str for one cell; else the frame."""
        return typed_value(self.frame)

    def preview(self, rows: int = 20) -> dict[str, Any]:
        """The first rows as JSON values, for a trace: `{"columns", "rows", "total_rows", "truncated"}`."""
        head = self.frame.head(rows)
        cells = [
            [_json_value(cell) for cell in row]
            for row in head.astype(object).itertuples(index=False, name=None)
        ]
        names = [str(column) for column in self.frame.columns]
        return {"columns": names, "rows": cells, "total_rows": self.rows, "truncated": self.truncated}


def typed_value(frame: pd.DataFrame) -> tuple[AnswerKind, Any]:
    """1×1 numeric → number, 1×1 anything else that is one value → text, all else → table.

    A missing value, a list or a map in a single cell stays a table: as a number or a text it would be lost or
    made up.
    """
    import pandas as pd

    if frame.shape != (1, 1):
        return "table", frame
    cell = frame.iat[0, 0]
    if isinstance(cell, (list, dict, tuple, set)) or (
        hasattr(cell, "__array__") and getattr(cell, "ndim", False)
    ):
        return "table", frame
    if cell is None or pd.isna(cell):
        return "table", frame
    return _plain(cell)


def _plain(cell: Any) -> tuple[AnswerKind, Any]:
    if hasattr(cell, "item"):  # a numpy scalar
        cell = cell.item()
    if isinstance(cell, (bool, str)):
        return "text", str(cell)
    if isinstance(cell, (int, float)):
        return "number", cell
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time() and cell.tzinfo is None
        return "text", cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return "text", str(cell)


def _json_value(cell: Any) -> Any:
    """JSON has no NaN, dates or arrays: missing → None, everything else that is no plain value → its text."""
    import pandas as pd

    if hasattr(cell, "item") and not getattr(cell, "ndim", False):
        cell = cell.item()
    if hasattr(cell, "tolist"):
        cell = cell.tolist()
    if isinstance(cell, (list, tuple, dict)):
        return str(cell)
    if cell is None or pd.isna(cell):
        return None
    if isinstance(cell, float) and math.isinf(cell):
        return str(cell)
    return cell if isinstance(cell, (bool, int, float, str)) else str(cell)
