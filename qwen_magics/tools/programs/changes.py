"""What a program made of its tables: shape, columns, types and missing values, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["changes", "frame_shape"]

_MOST_FRAMES = 12
_MOST_COLUMNS = 200
_RESULT = "result"


def changes(
    before: Mapping[str, pd.DataFrame], after: Mapping[str, Any], result: pd.DataFrame
) -> list[dict[str, Any]]:
    """One entry `{"name", "before", "after"}` per table that was changed or made; the result comes last."""
    import pandas as pd

    found = []
    for name, value in after.items():
        if name == _RESULT or not isinstance(value, pd.DataFrame):
            continue
        now = frame_shape(value)
        then = frame_shape(before[name]) if name in before else None
        if now != then:
            found.append({"name": name, "before": then, "after": now})
    return [*found[:_MOST_FRAMES], {"name": _RESULT, "before": None, "after": frame_shape(result)}]


def frame_shape(frame: pd.DataFrame) -> dict[str, Any]:
    """One side of a change, as the trace's schema has it."""
    columns = [
        {
            "name": str(name),
            "dtype": str(frame.iloc[:, place].dtype),
            "nulls": int(frame.iloc[:, place].isna().sum()),
        }
        for place, name in enumerate(frame.columns[:_MOST_COLUMNS])
    ]
    return {"rows": len(frame), "columns": columns, "total_columns": frame.shape[1]}
